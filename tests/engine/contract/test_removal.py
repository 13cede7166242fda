from __future__ import annotations

import pytest

from tests.engine.lab import Lab, VolumeMount
from tui.engine.errors import ConflictError, NotFoundError
from tui.engine.port import Engine


async def image_ids(engine: Engine) -> set[str]:
    return {image.id for image in await engine.images()}


async def container_ids(engine: Engine) -> set[str]:
    return {container.id for container in await engine.containers()}


async def volume_names(engine: Engine) -> set[str]:
    return {volume.name for volume in await engine.volumes()}


async def test_removing_the_last_tag_removes_the_image(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/last:1")
    done = await engine.remove_image("contract/last:1")
    assert "contract/last:1" in done.untagged
    assert image_id in done.deleted
    assert image_id not in await image_ids(engine)


async def test_removing_one_of_two_tags_only_untags(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/one:1")
    await lab.tag_image(image_id, "contract/two:2")
    done = await engine.remove_image("contract/one:1")
    assert done.untagged == ("contract/one:1",)
    assert done.deleted == ()
    image = next(image for image in await engine.images() if image.id == image_id)
    assert image.tags == ("contract/two:2",)


async def test_a_dangling_image_goes_by_id(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image()
    done = await engine.remove_image(image_id)
    assert image_id in done.deleted
    assert image_id not in await image_ids(engine)


async def test_an_image_of_two_repositories_goes_by_id_only_with_force(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/one:1")
    await lab.tag_image(image_id, "contract/two:2")
    with pytest.raises(ConflictError):
        await engine.remove_image(image_id)
    assert image_id in await image_ids(engine)
    done = await engine.remove_image(image_id, force=True)
    assert set(done.untagged) >= {"contract/one:1", "contract/two:2"}
    assert image_id not in await image_ids(engine)


async def test_an_image_of_a_stopped_container_needs_force(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/stopped:1")
    container_id = await lab.create_container(image_id)
    with pytest.raises(ConflictError):
        await engine.remove_image(image_id)
    assert image_id in await image_ids(engine)
    await engine.remove_image(image_id, force=True)
    assert image_id not in await image_ids(engine)
    assert container_id in await container_ids(engine)


async def test_the_last_tag_of_a_used_image_stays(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/used:1")
    await lab.create_container("contract/used:1")
    with pytest.raises(ConflictError):
        await engine.remove_image("contract/used:1")
    assert image_id in await image_ids(engine)


async def test_an_image_of_a_running_container_can_not_be_forced_by_id(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/running:1")
    await lab.create_container(image_id, state="running")
    for force in (False, True):
        with pytest.raises(ConflictError):
            await engine.remove_image(image_id, force=force)
    assert image_id in await image_ids(engine)


async def test_removing_a_child_leaves_its_tagged_parent(lab: Lab, engine: Engine) -> None:
    parent = await lab.create_image("contract/parent:1")
    child = await lab.create_image("contract/child:1", parent=parent)
    await engine.remove_image("contract/child:1")
    listed = await image_ids(engine)
    assert parent in listed
    assert child not in listed


async def test_a_stopped_container_goes_without_force(lab: Lab, engine: Engine) -> None:
    container_id = await lab.create_container(await lab.create_image("contract/c:1"), state="exited")
    await engine.remove_container(container_id)
    assert container_id not in await container_ids(engine)
    with pytest.raises(NotFoundError):
        await engine.remove_container(container_id)


@pytest.mark.parametrize("state", ["running", "paused"])
async def test_a_living_container_needs_force(lab: Lab, engine: Engine, state: str) -> None:
    image_id = await lab.create_image("contract/c:1")
    container_id = await lab.create_container(image_id, name="contract-alive", state=state)
    with pytest.raises(ConflictError) as caught:
        await engine.remove_container(container_id)
    assert container_id[:12] in caught.value.message or "contract-alive" in caught.value.message
    assert container_id in await container_ids(engine)
    await engine.remove_container(container_id, force=True)
    assert container_id not in await container_ids(engine)


async def test_anonymous_volumes_go_along_only_when_asked_to(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/c:1")
    named = await lab.create_volume("contract-kept")
    mounts = [VolumeMount("", "/scratch"), VolumeMount(named, "/data")]
    kept, taken = [await lab.create_container(image_id, mounts=mounts) for _ in range(2)]
    anonymous = {
        container.id: next(name for name in container.volume_names if name != named)
        for container in await engine.containers()
        if container.id in {kept, taken}
    }
    await engine.remove_container(kept)
    await engine.remove_container(taken, anonymous_volumes=True)
    left = await volume_names(engine)
    assert named in left
    assert anonymous[kept] in left
    assert anonymous[taken] not in left


@pytest.mark.parametrize("force", [False, True])
async def test_a_volume_in_use_stays(lab: Lab, engine: Engine, force: bool) -> None:
    name = await lab.create_volume("contract-used")
    container_id = await lab.create_container(
        await lab.create_image("contract/c:1"), mounts=[VolumeMount(name, "/data")]
    )
    with pytest.raises(ConflictError):
        await engine.remove_volume(name, force=force)
    assert name in await volume_names(engine)
    await engine.remove_container(container_id)
    await engine.remove_volume(name, force=force)
    assert name not in await volume_names(engine)
