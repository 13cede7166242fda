"""The demo's contents: coherent to the byte, the same on every run, and whole even when hostile or large."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tui.engine import decode_detail
from tui.engine.demo.clock import human_duration, rfc3339
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.hostile import ODD_TEXTS, SURROGATES, hostile_world
from tui.engine.demo.large import large_world
from tui.engine.demo.stock import stock_world
from tui.engine.demo.world import World
from tui.model.image import ImageDetail
from tui.model.inventory import Inventory
from tui.model.layer import chain_ids

NOW = 1_737_500_000.0


async def photograph(engine: DemoEngine) -> Inventory:
    return Inventory(
        await engine.host(), await engine.images(), await engine.containers(), await engine.volumes()
    ).with_usage(await engine.disk_usage())


async def details(engine: DemoEngine) -> list[ImageDetail]:
    return [await engine.image_detail(image.id) for image in await engine.images()]


async def test_stock_sizes_sum() -> None:
    engine = DemoEngine(now=NOW)
    inventory = await photograph(engine)
    union: dict[str, int] = {}
    for detail in await details(engine):
        sizes = [layer.size_bytes or 0 for layer in detail.layers]
        assert detail.size_bytes == sum(sizes) == sum(entry.size_bytes for entry in detail.history)
        assert inventory.images_by_id[detail.id].size_bytes == detail.size_bytes == detail.raw["Size"]
        assert tuple(layer.diff_id for layer in detail.layers) == detail.diff_ids
        assert tuple(layer.chain_id for layer in detail.layers) == chain_ids(detail.diff_ids)
        union |= {layer.chain_id: layer.size_bytes or 0 for layer in detail.layers}
    assert inventory.usage is not None
    assert inventory.usage.layers_size_bytes == sum(union.values())
    assert sum(image.size_bytes or 0 for image in inventory.images) > 1.8 * sum(union.values()), "bases are shared"


async def test_stock_references_resolve() -> None:
    inventory = await photograph(DemoEngine(now=NOW))
    assert all(inventory.image_of(container) for container in inventory.containers)
    for container in inventory.containers:
        assert set(container.volume_names) <= inventory.volumes_by_name.keys()
        image = inventory.image_of(container)
        assert image is not None
        assert container.image in (*image.tags, image.id)
    assert inventory.usage is not None
    assert inventory.usage.volumes.keys() == inventory.volumes_by_name.keys()
    for name, usage in inventory.usage.volumes.items():
        assert usage.reference_count == len(inventory.containers_by_volume.get(name, ()))
    parents = {image.parent_id for image in inventory.images if image.parent_id}
    world = stock_world(NOW)
    assert parents <= world.images.keys()


async def test_stock_shows_every_kind_of_thing() -> None:
    inventory = await photograph(DemoEngine(now=NOW))
    states = {container.state for container in inventory.containers}
    assert states == {"running", "paused", "restarting", "exited", "created"}
    shop = [c for c in inventory.containers if c.compose_project == "shop"]
    assert {c.compose_service for c in shop} == {"web", "api", "worker", "db", "cache", "migrate"}
    assert any(not c.compose_project for c in inventory.containers)
    assert {m.type for c in inventory.containers for m in c.mounts} == {"volume", "bind", "tmpfs"}
    assert "localhost:5000/team/app:1.4" in inventory.images_by_tag
    assert max(len(image.tags) for image in inventory.images) >= 3
    dangling = [image for image in inventory.images if image.dangling]
    used = [image for image in dangling if image.id in inventory.containers_by_image]
    assert used
    assert len(used) < len(dangling)
    assert "hello-world:latest" in inventory.images_by_tag
    assert any(v.anonymous and v.name in inventory.containers_by_volume for v in inventory.volumes)
    assert any(v.anonymous and v.name not in inventory.containers_by_volume for v in inventory.volumes)
    assert inventory.volumes_by_name["shop_db-data"].size_bytes == 1_912_604_672
    assert inventory.volumes_by_name["media"].size_bytes is None
    assert inventory.usage is not None
    assert {record.shared for record in inventory.usage.build_cache} == {True, False}


async def test_stock_chronology() -> None:
    """Nothing is older than what it is made from."""
    world = stock_world(NOW)
    for container in world.containers.values():
        assert container.image.created is not None
        assert container.image.created <= container.created <= (container.started or NOW) <= NOW
        for mount in container.mounts:
            if mount.type == "volume":
                assert world.volumes[mount.name].created <= container.created
    for image in world.images.values():
        moments = [step.created for step in image.steps]
        assert moments == sorted(moments), image.tags


async def test_every_run_is_the_same() -> None:
    one, other = DemoEngine(now=NOW), DemoEngine(now=NOW)
    assert await photograph(one) == await photograph(other)
    assert await details(one) == await details(other)
    later = await DemoEngine(now=NOW + 500).containers()
    assert [c.id for c in later] == [c.id for c in await one.containers()]
    assert [c.status for c in later] == [c.status for c in await one.containers()], "ages are relative to now"


async def test_raw_answers_agree_with_the_records() -> None:
    engine = DemoEngine(now=NOW)
    for container in await engine.containers():
        detail = await engine.container_detail(container.id)
        raw = detail.raw
        assert raw["Id"] == container.id
        assert raw["Name"] == f"/{container.name}"
        assert raw["State"]["Status"] == container.state
        assert raw["State"]["Running"] == container.alive
        assert raw["Image"] == container.image_id
        destinations = sorted(mount["Destination"] for mount in raw["Mounts"])
        assert destinations == [mount.destination for mount in container.mounts]
        assert tuple(raw["NetworkSettings"]["Networks"]) == container.networks
        assert dict(detail.networks) == {
            name: network["IPAddress"] for name, network in raw["NetworkSettings"]["Networks"].items()
        }
        assert all(bool(address) == container.alive for address in detail.networks.values())
        assert raw["RestartCount"] == detail.restart_count
    for detail_of_image in await details(engine):
        history = detail_of_image.raw_history
        assert [entry["CreatedBy"] for entry in reversed(history)] == [e.created_by for e in detail_of_image.history]
        assert detail_of_image.raw["RootFS"]["Layers"] == list(detail_of_image.diff_ids)


async def test_raw_answers_read_as_an_engines_give_the_same_records() -> None:
    """The demo's raw text is an engine's: what decodes a real one's answers makes the demo's own records of them."""
    engine = DemoEngine(now=NOW)
    for detail in await details(engine):
        assert decode_detail.image_detail(detail.raw, list(detail.raw_history)) == detail
    for container in await engine.containers():
        inspected = await engine.container_detail(container.id)
        assert decode_detail.container_detail(inspected.raw) == inspected
    for volume in await engine.volumes():
        told = await engine.volume_detail(volume.name)
        assert decode_detail.volume_detail(told.raw) == told


async def test_layers_are_what_their_files_are() -> None:
    for image in stock_world(NOW).images.values():
        for layer in image.layers:
            assert layer.size_bytes == sum(file.size_bytes for file in layer.files.values())
            assert all(path.startswith("/") for path in layer.files)


async def test_hostile_world_builds_and_can_be_read() -> None:
    engine = DemoEngine(world=hostile_world(NOW))
    inventory = await photograph(engine)
    assert len(inventory.images) >= len(ODD_TEXTS)
    assert any(not c.names for c in inventory.containers)
    assert any(not image.tags for image in inventory.images)
    assert any(max(map(len, c.labels.values()), default=0) > 10_000 for c in inventory.containers)
    assert SURROGATES in {c.name for c in inventory.containers}
    assert any(inventory.image_of(c) is None for c in inventory.containers)
    for image in inventory.images:
        await engine.image_detail(image.id)
    for container in inventory.containers:
        await engine.container_detail(container.id)
        await engine.find_shell(container.id)
    for volume in inventory.volumes:
        await engine.volume_detail(volume.name)


async def test_hostile_things_can_be_removed() -> None:
    engine = DemoEngine(world=hostile_world(NOW))
    for container in await engine.containers():
        await engine.remove_container(container.id, force=True)
    for image in await engine.images():
        await engine.remove_image(image.id, force=True)
    for volume in await engine.volumes():
        await engine.remove_volume(volume.name)
    assert (await photograph(engine)).usage is not None
    assert (await engine.images(), await engine.containers(), await engine.volumes()) == ((), (), ())


@pytest.mark.parametrize(("images", "containers", "volumes"), [(500, 1000, 500), (0, 3, 0), (1, 0, 0), (0, 0, 0)])
async def test_large_world_has_just_so_many(images: int, containers: int, volumes: int) -> None:
    engine = DemoEngine(world=large_world(images, containers, volumes, NOW))
    inventory = await photograph(engine)
    assert (len(inventory.images), len(inventory.containers), len(inventory.volumes)) == (images, containers, volumes)
    assert all(inventory.image_of(container) for container in inventory.containers) or not images
    assert inventory.usage is not None
    assert (inventory.usage.layers_size_bytes or 0) <= sum(i.size_bytes or 0 for i in inventory.images) or not images


async def test_empty_world() -> None:
    inventory = await photograph(DemoEngine(world=World(NOW)))
    assert inventory.usage is not None
    assert inventory.usage.layers_size_bytes == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "Less than a second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (61, "About a minute"),
        (1500, "25 minutes"),
        (3700, "About an hour"),
        (47 * 3600, "47 hours"),
        (13 * 86400, "13 days"),
        (30 * 86400, "4 weeks"),
        (100 * 86400, "3 months"),
        (800 * 86400, "2 years"),
    ],
)
def test_durations_in_the_engines_words(seconds: float, words: str) -> None:
    assert human_duration(seconds) == words


def test_moments_in_the_engines_form() -> None:
    assert rfc3339(1_700_000_000.25) == "2023-11-14T22:13:20.250000000Z"
    assert rfc3339(None) == "0001-01-01T00:00:00Z"


def test_import_brings_neither_docker_nor_textual() -> None:
    code = (
        "import sys, tui.engine.demo.engine, tui.engine.demo.stock, tui.engine.demo.exec_session;"
        "print([m for m in ('docker', 'requests', 'textual', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
