"""The parts of the disk: they do not overlap, add up to everything, and come back as a removal would have it."""

from __future__ import annotations

from hypothesis import given

from tests.model.cleanup_worlds import CleanupWorld, worlds
from tests.model.worlds import container, holdings, host, image, image_id, usage, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.estimate import Certainty
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage
from tui.model.inventory import Inventory
from tui.model.layer_ledger import LayerCounts
from tui.model.reclaim import freed_bytes
from tui.model.storage import ContainerLog, StorageReport
from tui.model.usage_parts import DiskParts, Group, Part, UsagePart, disk_parts
from tui.model.volume import Volume

REMOVABLE_LAYERS = {Part.LAYERS_SHARED, Part.LAYERS_ALONE, Part.LAYERS_DANGLING}


def part(parts: DiskParts, name: Part) -> UsagePart:
    return next(one for group in parts.groups for one in group.parts if one.part is name)


def names(parts: DiskParts) -> set[Part]:
    return {one.part for group in parts.groups for one in group.parts}


@given(worlds(all_known=True))
def test_parts_add_up_to_everything(made: CleanupWorld) -> None:
    inventory, known, _marks = made
    parts = disk_parts(inventory, known)
    counts = LayerCounts.of(inventory, known)
    layers = {chain_id for chain_ids in counts.chain_ids.values() for chain_id in chain_ids}
    cache = inventory.usage.build_cache if inventory.usage else ()
    everything = (
        sum(counts.sizes[chain_id] or 0 for chain_id in layers)
        + sum(one.size_rw_bytes or 0 for one in inventory.containers)
        + sum(one.size_bytes or 0 for one in inventory.volumes)
        + sum(record.size_bytes for record in cache if not record.shared)
    )
    assert parts.complete
    assert parts.total_bytes == everything
    assert sum(one.bytes or 0 for group in parts.groups for one in group.parts) == everything
    by_group = {group.group: sum(one.things for one in group.parts) for group in parts.groups}
    assert by_group == {
        Group.IMAGES: len(layers),
        Group.CONTAINERS: len(inventory.containers),
        Group.VOLUMES: len(inventory.volumes),
        Group.CACHE: len(cache),
    }


@given(worlds(all_known=True))
def test_what_is_not_under_containers_is_what_all_unused_images_free(made: CleanupWorld) -> None:
    inventory, known, _marks = made
    unused = [one.id for one in inventory.images if one.id not in inventory.containers_by_image]
    parts = disk_parts(inventory, known)
    came_back = sum(one.comes_back.bytes or 0 for one in parts.groups[0].parts)
    assert came_back == freed_bytes(inventory, known, images=unused).bytes
    assert came_back == sum(one.bytes or 0 for one in parts.groups[0].parts if one.part in REMOVABLE_LAYERS)


@given(worlds(all_known=True))
def test_dangling_layers_are_what_dangling_images_free(made: CleanupWorld) -> None:
    inventory, known, _marks = made
    dangling = [one.id for one in inventory.images if one.dangling and one.id not in inventory.containers_by_image]
    freed = freed_bytes(inventory, known, images=dangling)
    assert part(disk_parts(inventory, known), Part.LAYERS_DANGLING).bytes == freed.bytes


@given(worlds())
def test_any_world_has_parts_and_its_total_is_their_sum(made: CleanupWorld) -> None:
    inventory, known, _marks = made
    parts = disk_parts(inventory, known)
    assert parts.total_bytes == sum(one.bytes or 0 for group in parts.groups for one in group.parts)
    for group in parts.groups:
        for one in group.parts:
            assert one.bytes is None or one.bytes >= 0
            assert 0 <= one.unsized <= max(one.things, 1)
            assert (one.comes_back.bytes is None) == (one.comes_back.certainty is Certainty.UNKNOWN)


def small() -> tuple[Inventory, Holdings]:
    """An image under a stopped container, two that share a base, an older one without a tag."""
    inventory = world(
        [image("a", "web:1"), image("b", "db:1"), image("c", "db:2"), image("d")],
        [container("1", "a", size=7), container("2", "a", "running", size=11, mounts=[volume_mount("data")])],
        [Volume("data", size_bytes=100), Volume("left", size_bytes=200), Volume("e" * 64, size_bytes=300)],
        disk=usage(),
    )
    return inventory, holdings(
        {
            "a": {"base": 1000, "web": 10},
            "b": {"base": 1000, "common": 50, "one": 3},
            "c": {"base": 1000, "common": 50, "two": 5},
            "d": {"base": 1000, "old": 2},
        }
    )


def test_each_layer_is_in_one_part() -> None:
    parts = disk_parts(*small())
    assert part(parts, Part.LAYERS_USED).bytes == 1010
    assert part(parts, Part.LAYERS_SHARED).bytes == 50
    assert part(parts, Part.LAYERS_ALONE).bytes == 8
    assert part(parts, Part.LAYERS_ALONE).things == 2
    assert part(parts, Part.LAYERS_DANGLING).bytes == 2
    assert part(parts, Part.WRITTEN_RUNNING).bytes == 11
    assert part(parts, Part.WRITTEN_STOPPED).comes_back.bytes == 7
    assert part(parts, Part.VOLUMES_USED).comes_back.bytes == 0
    assert part(parts, Part.VOLUMES_UNUSED).comes_back.bytes == 200
    assert part(parts, Part.VOLUMES_ANONYMOUS).bytes == 300


def test_unread_images_are_told_by_the_engines_total_alone() -> None:
    inventory, known = small()
    inventory = inventory.with_usage(DiskUsage(5000, {}, {}, ()))
    unread = Holdings({image_id("a"): known.layers[image_id("a")]})
    parts = disk_parts(inventory, unread)
    assert parts.groups[0].parts == (UsagePart(Part.LAYERS_UNREAD, 5000, 4),)


def test_what_the_engine_counts_besides_is_a_part_of_its_own() -> None:
    inventory, known = small()
    parts = disk_parts(inventory.with_usage(DiskUsage(1500, {}, {}, ())), known)
    assert part(parts, Part.LAYERS_OTHER).bytes == 1500 - 1070
    assert parts.groups[0].bytes == 1500
    assert parts.groups[0].line is not None
    assert parts.groups[0].line.size_bytes == 1500


def test_shared_cache_is_counted_with_the_images() -> None:
    records = (
        BuildCacheRecord("s", "regular", "", 40, shared=True),
        BuildCacheRecord("u", "regular", "", 20, in_use=True),
        BuildCacheRecord("p", "regular", "", 5),
    )
    inventory, known = small()
    parts = disk_parts(inventory.with_usage(DiskUsage(None, {}, {}, records)), known)
    assert part(parts, Part.CACHE_SHARED).bytes == 0
    assert part(parts, Part.CACHE_SHARED).elsewhere_bytes == 40
    assert part(parts, Part.CACHE_IN_USE).bytes == 20
    assert part(parts, Part.CACHE_PRIVATE).comes_back.bytes == 5
    assert part(parts, Part.LAYERS_ALONE).comes_back.certainty is Certainty.UP_TO


def test_unknown_sizes_are_left_out_and_said() -> None:
    inventory = world([image("a")], [container("1", "a", size=None), container("2", "a", size=4)])
    parts = disk_parts(inventory, holdings({"a": {"x": None}}))
    assert not parts.complete
    assert part(parts, Part.LAYERS_USED).bytes is None
    stopped = part(parts, Part.WRITTEN_STOPPED)
    assert (stopped.bytes, stopped.unsized, stopped.comes_back.certainty) == (4, 1, Certainty.AT_LEAST)


def test_logs_are_a_part_once_they_are_measured() -> None:
    inventory, known = small()
    measured = StorageReport(logs=(ContainerLog("1" * 64, 30), ContainerLog("2" * 64, 12)))
    parts = disk_parts(inventory, known, measured)
    assert part(parts, Part.LOGS).bytes == 42
    assert parts.total_bytes == disk_parts(inventory, known).total_bytes + 42
    assert Part.LOGS not in names(disk_parts(inventory, known, StorageReport(reason="Not from here.")))


def test_podman_has_no_build_cache() -> None:
    parts = disk_parts(world(engine=host(product="Podman")), Holdings())
    assert Group.CACHE not in {group.group for group in parts.groups}
