"""What the folders of an engine take."""

from __future__ import annotations

import asyncio

from tests.engine.contract.conftest import PATIENCE
from tests.engine.contract.test_layer_contents import ignore
from tests.engine.lab import Lab, file
from tui.engine.port import Engine
from tui.model.storage import Phase, Reading, StorageFolder, StorageReport


async def report(engine: Engine) -> StorageReport:
    async with asyncio.timeout(PATIENCE):
        return await engine.storage_report(ignore)


async def test_the_root_dir_comes_first_and_is_the_sum_of_what_is_in_it(lab: Lab, engine: Engine) -> None:
    await lab.create_image("contract/stored:1")
    found = await report(engine)
    root = (await engine.host()).root_dir
    assert found.reason == ""
    first, *others = found.folders
    assert first.path == root
    inside = [folder for folder in others if folder.path.startswith(f"{root}/")]
    assert len(inside) >= 3
    assert all(folder.path.count("/") == root.count("/") + 1 for folder in inside)
    assert all(folder.disk_bytes is not None and not folder.reason for folder in inside)
    assert first.file_bytes == sum(folder.file_bytes or 0 for folder in inside)
    assert first.files == sum(folder.files for folder in inside)
    assert first.disk_bytes is not None
    assert first.disk_bytes >= sum(folder.disk_bytes or 0 for folder in inside)


def volumes_of(found: StorageReport) -> StorageFolder:
    [volumes] = [folder for folder in found.folders[1:] if folder.path.endswith("/volumes")]
    return volumes


async def test_what_is_stored_shows(lab: Lab, engine: Engine) -> None:
    before = volumes_of(await report(engine))
    volume = await lab.create_volume("contract-measured")
    await lab.write_volume_file(volume, "big", 5_000_000)
    found = await report(engine)
    after = volumes_of(found)
    assert before.file_bytes is not None
    assert after.file_bytes is not None
    assert after.file_bytes - before.file_bytes == 5_000_000
    assert after.files == before.files + 1
    assert (found.folders[0].file_bytes or 0) > 5_000_000


async def test_a_running_container_is_not_counted_twice(lab: Lab, engine: Engine) -> None:
    image_id, _ = await lab.create_layered_image("contract/stored:1", [{"/big": file(bytes(8_000_000))}], shell=True)
    created = await lab.create_container(image_id)
    before = (await report(engine)).folders[0].file_bytes
    await engine.start(created)
    after = (await report(engine)).folders[0].file_bytes
    assert before is not None
    assert after is not None
    # An engine with the containerd store takes away what earlier tests left when it finds the time.
    assert after - before < 4_000_000


async def test_how_far_it_has_come_is_told(lab: Lab, engine: Engine) -> None:
    await lab.create_image("contract/stored:1")
    told: list[Reading] = []
    await engine.storage_report(told.append)
    assert told[0].phase is Phase.WAITING
    assert all(reading.phase is Phase.READING for reading in told[1:])
    assert [reading.done_bytes for reading in told] == sorted(reading.done_bytes for reading in told)


async def test_the_logs_are_those_of_containers_that_are_there(lab: Lab, engine: Engine) -> None:
    container_id = await lab.create_container(await lab.create_image("contract/logging:1"), state="running")
    await lab.stop_container(container_id)
    logs = (await report(engine)).logs
    assert {log.container_id for log in logs} <= {container.id for container in await engine.containers()}
    assert all(log.size_bytes >= 0 for log in logs)
    assert len({log.container_id for log in logs}) == len(logs)


async def test_cancelling_ends_it(lab: Lab, engine: Engine) -> None:
    told: list[Reading] = []
    task = asyncio.create_task(engine.storage_report(told.append))
    await asyncio.sleep(0)
    task.cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(task, return_exceptions=True)
    heard = len(told)
    await asyncio.sleep(0.05)
    assert len(told) == heard
    assert (await report(engine)).folders
