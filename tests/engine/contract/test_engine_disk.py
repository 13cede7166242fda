"""How full the engine's disk is, and what single containers have logged, seen without walking any folder."""

from __future__ import annotations

from tests.engine.contract.test_layer_contents import ignore
from tests.engine.lab import Lab
from tui.engine.port import Engine


async def test_room_is_that_of_a_disk(lab: Lab, engine: Engine) -> None:
    await lab.create_image("contract/stored:1")
    room = (await engine.engine_disk()).room
    assert room is not None
    assert 0 <= room.free_bytes + room.reserved_bytes <= room.total_bytes
    assert room.total_bytes > 0


async def test_logs_are_those_that_were_asked_for_and_as_the_whole_walk_says(lab: Lab, engine: Engine) -> None:
    image = await lab.create_image("contract/logging:1")
    container_id = await lab.create_container(image, state="running")
    other = await lab.create_container(image)
    await lab.stop_container(container_id)
    disk = await engine.engine_disk((container_id, "0" * 64))
    assert disk.logs is not None
    assert disk.logs.keys() == {container_id}
    assert disk.reason == ""
    walked = {log.container_id: log.size_bytes for log in (await engine.storage_report(ignore)).logs}
    assert disk.logs[container_id] == walked.get(container_id, 0)
    assert (await engine.engine_disk((other,))).logs == {other: 0}
    assert (await engine.engine_disk()).logs == {}


async def test_ids_that_are_none_lead_nowhere(lab: Lab, engine: Engine) -> None:
    await lab.create_container(await lab.create_image("contract/logging:1"))
    assert (await engine.engine_disk(("..", "../containers", "*", "", "/etc"))).logs == {}
