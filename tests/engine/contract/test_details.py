from __future__ import annotations

import pytest

from tests.engine.lab import Lab, VolumeMount
from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.model.layer import chain_ids

NO_SUCH_IMAGE = "sha256:" + "0" * 64
NO_SUCH_CONTAINER = "0" * 64


async def test_image_detail_tells_what_the_list_does_not(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image(
        "contract/detail:1", layers=2, environment=["GREETING=hello"], labels={"who": "contract"}
    )
    detail = await engine.image_detail(image_id)
    assert detail.id == image_id
    assert detail.tags == ("contract/detail:1",)
    assert "GREETING=hello" in detail.environment
    assert detail.labels["who"] == "contract"
    assert detail.os == "linux"
    assert detail.architecture
    assert detail.created[:2] == "20"
    assert detail.raw["Id"]
    assert len(detail.raw_history) == len(detail.history)


async def test_every_layer_has_its_size_command_and_chain(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/layers:1", layers=3, environment=["A=b"], labels={"x": "y"})
    detail = await engine.image_detail(image_id)
    assert len(detail.layers) == len(detail.diff_ids) == 3
    assert [layer.index for layer in detail.layers] == [0, 1, 2]
    assert tuple(layer.diff_id for layer in detail.layers) == detail.diff_ids
    assert tuple(layer.chain_id for layer in detail.layers) == chain_ids(detail.diff_ids)
    assert all(layer.size_bytes for layer in detail.layers)
    assert len({layer.diff_id for layer in detail.layers}) == 3
    # Metadata makes no layer, and stands in the history all the same.
    assert len(detail.history) > 3
    assert [entry.size_bytes for entry in detail.history if "LABEL" in entry.created_by] == [0]


async def test_history_is_oldest_first_and_raw_history_newest_first(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/order:1", layers=2, labels={"x": "y"})
    detail = await engine.image_detail(image_id)
    assert "LABEL" in detail.history[-1].created_by
    assert detail.raw_history[0]["CreatedBy"] == detail.history[-1].created_by
    assert detail.history[-1].tags == ("contract/order:1",)


async def test_a_child_shares_its_parents_chains(lab: Lab, engine: Engine) -> None:
    parent = await lab.create_image("contract/parent:1", layers=2)
    child = await lab.create_image("contract/child:1", parent=parent, layers=2)
    below, above = await engine.image_detail(parent), await engine.image_detail(child)
    assert above.diff_ids[:2] == below.diff_ids
    assert [layer.chain_id for layer in above.layers[:2]] == [layer.chain_id for layer in below.layers]
    assert len(above.layers) == 4


@pytest.mark.parametrize(
    ("state", "exit_code"), [("created", None), ("running", None), ("paused", None), ("exited", 3)]
)
async def test_container_detail_tells_its_state(lab: Lab, engine: Engine, state: str, exit_code: int | None) -> None:
    image_id = await lab.create_image("contract/state:1")
    container_id = await lab.create_container(image_id, name="contract-state", state=state, exit_code=3)
    detail = await engine.container_detail(container_id)
    assert detail.id == container_id
    assert detail.name == "contract-state"
    assert detail.image_id == image_id
    assert detail.state == state
    assert bool(detail.started) == (state != "created")
    assert bool(detail.finished) == (state == "exited")
    assert detail.exit_code == exit_code
    assert detail.raw["Id"] == container_id


async def test_container_detail_tells_how_it_was_made(lab: Lab, engine: Engine) -> None:
    volume = await lab.create_volume("contract-made")
    container_id = await lab.create_container(
        await lab.create_image("contract/made:1"),
        environment=["GREETING=hello"],
        labels={"who": "contract"},
        mounts=[VolumeMount(volume, "/data")],
    )
    detail = await engine.container_detail(container_id)
    assert "GREETING=hello" in detail.environment
    assert detail.labels["who"] == "contract"
    assert [(mount.name, mount.destination) for mount in detail.mounts] == [(volume, "/data")]
    assert detail.entrypoint or detail.command
    assert detail.storage_driver


async def test_volume_detail(lab: Lab, engine: Engine) -> None:
    name = await lab.create_volume("contract-detail", labels={"who": "contract"})
    detail = await engine.volume_detail(name)
    assert detail.volume.name == name
    assert detail.volume.labels["who"] == "contract"
    assert detail.volume.mountpoint == detail.raw["Mountpoint"]


async def test_what_is_not_there_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFoundError) as caught:
        await engine.image_detail(NO_SUCH_IMAGE)
    assert caught.value.message
    for call in (
        engine.container_detail(NO_SUCH_CONTAINER),
        engine.volume_detail("contract-no-such-volume"),
        engine.find_shell(NO_SUCH_CONTAINER),
        engine.remove_image(NO_SUCH_IMAGE),
        engine.remove_image("contract/no-such:1"),
        engine.remove_container(NO_SUCH_CONTAINER),
        engine.remove_volume("contract-no-such-volume"),
        engine.start(NO_SUCH_CONTAINER),
        engine.stop(NO_SUCH_CONTAINER),
        engine.restart(NO_SUCH_CONTAINER),
        engine.pause(NO_SUCH_CONTAINER),
        engine.unpause(NO_SUCH_CONTAINER),
        engine.kill(NO_SUCH_CONTAINER),
        engine.rename(NO_SUCH_CONTAINER, "contract-new-name"),
    ):
        with pytest.raises(NotFoundError):
            await call


async def test_disk_usage_counts_every_layer_once(lab: Lab, engine: Engine) -> None:
    before = await engine.disk_usage()
    parent = await lab.create_image("contract/df:1", layers=2)
    between = await engine.disk_usage()
    await lab.create_image("contract/df:2", parent=parent, layers=1)
    after = await engine.disk_usage()
    if (await engine.host()).image_store == "containerd":
        return  # its figures hold compressed content too, which no API tells per layer
    assert before.layers_size_bytes is not None
    assert between.layers_size_bytes is not None
    assert after.layers_size_bytes is not None
    layers = (await engine.image_detail(parent)).layers
    assert between.layers_size_bytes - before.layers_size_bytes == sum(layer.size_bytes or 0 for layer in layers)
    assert (
        0 < after.layers_size_bytes - between.layers_size_bytes < between.layers_size_bytes - before.layers_size_bytes
    )


async def test_disk_usage_tells_volumes_and_containers(lab: Lab, engine: Engine) -> None:
    used = await lab.create_volume("contract-used")
    unused = await lab.create_volume("contract-unused")
    container_id = await lab.create_container(
        await lab.create_image("contract/df:1"), mounts=[VolumeMount(used, "/data")]
    )
    await lab.write_volume_file(used, "/big", 100_000)
    usage = await engine.disk_usage()
    assert usage.volumes[used].reference_count == 1
    assert usage.volumes[unused].reference_count == 0
    size = usage.volumes[used].size_bytes
    assert size is not None
    assert 100_000 <= size < 120_000
    writable, whole = usage.containers[container_id]
    assert writable is not None
    assert whole is not None
    assert 0 <= writable <= whole
