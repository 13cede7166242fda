from __future__ import annotations

import re
import time

from tests.engine.lab import Lab, VolumeMount
from tui.engine.port import Engine
from tui.model.inventory import Inventory

DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")


async def read(engine: Engine) -> Inventory:
    return Inventory(await engine.host(), await engine.images(), await engine.containers(), await engine.volumes())


async def test_the_host_says_what_it_is(engine: Engine) -> None:
    host = await engine.host()
    assert host.endpoint == engine.endpoint
    assert host.product in {"Docker", "Podman"}
    assert host.image_store in {"classic", "containerd"}
    assert re.match(r"^\d+\.\d+", host.server_version)
    assert re.match(r"^\d+\.\d+$", host.api_version)
    assert host.storage_driver
    assert host.root_dir.startswith("/")
    assert host.cpus > 0
    assert host.memory_bytes > 0


async def test_an_image_is_one_record_with_all_its_tags(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("localhost:5000/contract/a:1", labels={"who": "contract"})
    await lab.tag_image(image_id, "contract/b:2")
    image = (await read(engine)).images_by_id[image_id]
    assert DIGEST.match(image.id)
    assert sorted(image.tags) == ["contract/b:2", "localhost:5000/contract/a:1"]
    assert not image.dangling
    assert image.labels["who"] == "contract"
    assert image.size_bytes is not None
    assert image.size_bytes > 0
    assert image.created is not None
    assert {(r.repository, r.tag) for r in image.references} == {
        ("contract/b", "2"),
        ("localhost:5000/contract/a", "1"),
    }


async def test_an_image_without_a_tag_is_dangling(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image()
    image = (await read(engine)).images_by_id[image_id]
    assert image.dangling
    assert image.tags == ()


async def test_a_moved_tag_leaves_the_old_image_dangling(lab: Lab, engine: Engine) -> None:
    old = await lab.create_image("contract/moved:1")
    new = await lab.create_image("contract/other:1")
    await lab.tag_image(new, "contract/moved:1")
    inventory = await read(engine)
    assert inventory.images_by_id[old].dangling
    assert inventory.images_by_tag["contract/moved:1"].id == new


async def test_images_come_newest_first_without_intermediates(lab: Lab, engine: Engine) -> None:
    child = await lab.create_image("contract/deep:1", layers=3)
    listed = await engine.images()
    dates = [image.created or 0 for image in listed]
    assert dates == sorted(dates, reverse=True)
    assert len([image for image in listed if image.id == child]) == 1
    parent = next(image for image in listed if image.id == child).parent_id
    assert parent not in {image.id for image in listed} or parent == ""


async def test_containers_are_listed_in_every_state_newest_first(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/states:1")
    made = {state: await lab.create_container(image_id, state=state) for state in ("created", "running", "exited")}
    listed = await engine.containers()
    states = {container.id: container.state for container in listed}
    assert {state: states[made[state]] for state in made} == {state: state for state in made}
    dates = [container.created or 0 for container in listed]
    assert dates == sorted(dates, reverse=True)
    assert all(re.match(r"^[0-9a-f]{64}$", container_id) for container_id in made.values())
    assert [container.alive for container in listed if container.id == made["running"]] == [True]
    assert [container.alive for container in listed if container.id == made["exited"]] == [False]


async def test_a_container_knows_its_name_image_labels_and_mounts(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/facts:1")
    volume = await lab.create_volume("contract-facts")
    container_id = await lab.create_container(
        "contract/facts:1",
        name="contract-facts-1",
        labels={"com.docker.compose.project": "shop", "com.docker.compose.service": "web"},
        mounts=[VolumeMount(volume, "/data", read_only=True), VolumeMount("", "/scratch")],
    )
    container = (await read(engine)).containers_by_id[container_id]
    assert container.name == "contract-facts-1"
    assert container.image == "contract/facts:1"
    assert container.image_id == image_id
    assert container.compose_project == "shop"
    assert container.compose_service == "web"
    assert container.command
    assert container.status
    assert abs((container.created or 0) - time.time()) < 3600 or lab.kind == "demo"
    mounts = {mount.destination: mount for mount in container.mounts}
    assert mounts["/data"].name == volume
    assert mounts["/data"].type == "volume"
    assert mounts["/data"].read_only
    assert not mounts["/scratch"].read_only
    assert re.match(r"^[0-9a-f]{64}$", mounts["/scratch"].name)


async def test_sizes_are_unknown_in_lists(lab: Lab, engine: Engine) -> None:
    volume = await lab.create_volume()
    container_id = await lab.create_container(await lab.create_image("contract/sizes:1"))
    inventory = await read(engine)
    assert inventory.volumes_by_name[volume].size_bytes is None
    assert inventory.containers_by_id[container_id].size_rw_bytes is None


async def test_volumes_are_listed_by_name(lab: Lab, engine: Engine) -> None:
    named = await lab.create_volume("contract-z", labels={"keep": "yes"})
    other = await lab.create_volume("contract-a")
    listed = await engine.volumes()
    names = [volume.name for volume in listed]
    assert names == sorted(names)
    assert {named, other} <= set(names)
    volume = next(volume for volume in listed if volume.name == named)
    assert volume.labels["keep"] == "yes"
    assert volume.driver == "local"
    assert volume.mountpoint.startswith("/")
    assert volume.created is not None
    assert not volume.anonymous


async def test_a_volume_the_engine_named_is_anonymous(lab: Lab, engine: Engine) -> None:
    by_hand = await lab.create_volume()
    container_id = await lab.create_container(
        await lab.create_image("contract/anon:1"), mounts=[VolumeMount("", "/scratch")]
    )
    inventory = await read(engine)
    by_container = inventory.containers_by_id[container_id].volume_names[0]
    assert inventory.volumes_by_name[by_hand].anonymous
    assert inventory.volumes_by_name[by_container].anonymous


async def test_who_uses_what_is_known_both_ways(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/users:1")
    volume = await lab.create_volume("contract-shared")
    users = {
        await lab.create_container(image_id, state=state, mounts=[VolumeMount(volume, "/data")])
        for state in ("created", "running")
    }
    inventory = await read(engine)
    assert {container.id for container in inventory.containers_by_image[image_id]} == users
    assert {container.id for container in inventory.containers_by_volume[volume]} == users
    for container_id in users:
        image = inventory.image_of(inventory.containers_by_id[container_id])
        assert image is not None
        assert image.id == image_id


async def test_a_change_from_outside_shows_in_the_next_list(lab: Lab, engine: Engine) -> None:
    container_id = await lab.create_container(await lab.create_image("contract/gone:1"), state="running")
    assert container_id in (await read(engine)).containers_by_id
    await lab.remove_container(container_id)
    assert container_id not in (await read(engine)).containers_by_id


async def test_reading_everything_takes_a_handful_of_requests(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/few:1")
    for _ in range(5):
        await lab.create_container(image_id)
    await read(engine)
    assert engine.requests_sent <= 5
