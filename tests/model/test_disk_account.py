"""What ``docker system df`` says, and what pruning would really free."""

from __future__ import annotations

from typing import Any

from tests.model.worlds import container, holdings, host, image, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.disk_account import AccountLine, Kept, account
from tui.model.estimate import Certainty
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage, VolumeUsage
from tui.model.inventory import Inventory
from tui.model.volume import Volume

SHARED = {"a": {"base": 100, "a": 10}, "b": {"base": 100, "b": 20}, "c": {"other": 40}, "d": {"base": 100, "d": 3}}


def disk(**fields: Any) -> DiskUsage:
    return DiskUsage(173, {}, {}, ())._replace(**fields)


def line(kept: Kept, inventory: Inventory, known: Holdings | None = None) -> AccountLine:
    return next(one for one in account(inventory, known or Holdings()) if one.kept is kept)


def test_images_as_the_command_counts_them_and_as_they_are() -> None:
    # a and b are in use and share their base; c is not, and d has no tag.
    inventory = world(
        [image("a", "a:1"), image("b", "b:1"), image("c", "c:1"), image("d")],
        [container("x", "a"), container("y", "b")],
        disk=disk(images_reclaimable_bytes=173 - 10 - 20),
    )
    images = line(Kept.IMAGES, inventory, holdings(SHARED))
    assert (images.total, images.active, images.size_bytes, images.exact_bytes) == (4, 2, 173, 173)
    assert images.reclaimable_bytes == 143
    dangling, everything = images.prunes
    assert (dangling.command, dangling.objects, dangling.freed.bytes) == ("docker image prune", 1, 3)
    assert (everything.command, everything.objects, everything.freed.bytes) == ("docker image prune -a", 2, 43)
    assert everything.freed.certainty is Certainty.EXACT
    assert images.overstated_bytes == 100, "the base that both images in use share can't go"


def test_images_that_are_not_read_are_not_added_up() -> None:
    inventory = world([image("a", "a:1"), image("b", "b:1")], disk=disk())
    images = line(Kept.IMAGES, inventory, holdings({"a": {"base": 1}}))
    assert images.exact_bytes is None
    assert images.size_bytes == 173
    assert images.reclaimable_bytes is None
    assert images.overstated_bytes is None


def test_before_the_usage_is_read_sizes_are_not_known() -> None:
    inventory = Inventory(host=host(), images=(image("a"),), volumes=(Volume("v"),), containers=(container("x", "a"),))
    for one in account(inventory, Holdings()):
        assert one.size_bytes is None
        assert one.reclaimable_bytes is None


def test_containers_that_do_not_run_are_reclaimable() -> None:
    running, paused = container("r", "a", "running", size=7), container("p", "a", "paused", size=5)
    stopped, created = container("s", "a", size=100), container("n", "a", "created", size=1)
    found = line(Kept.CONTAINERS, world([image("a", "a:1")], [running, paused, stopped, created], disk=disk()))
    assert (found.total, found.active, found.size_bytes, found.reclaimable_bytes) == (4, 2, 113, 101)
    assert (found.prunes[0].objects, found.freed.bytes) == (2, 101)


def test_volumes_that_nothing_mounts_are_reclaimable_and_named_ones_need_a_flag() -> None:
    anonymous = "f" * 64
    volumes = [Volume(name, size_bytes=size) for name, size in (("used", 9), ("unused", 50), (anonymous, 6))]
    told = {"used": VolumeUsage(9, 1), "unused": VolumeUsage(50, 0), anonymous: VolumeUsage(6, 0)}
    inventory = world((), [container("x", "a", mounts=[volume_mount("used")])], volumes, disk=disk(volumes=told))
    found = line(Kept.VOLUMES, inventory)
    assert (found.total, found.active, found.size_bytes, found.reclaimable_bytes) == (3, 1, 65, 56)
    plain, everything = found.prunes
    assert (plain.objects, plain.freed.bytes) == (1, 6)
    assert (everything.objects, everything.freed.bytes) == (2, 56)


def test_a_volume_that_only_points_elsewhere_frees_nothing() -> None:
    share = Volume("share", options={"type": "nfs", "device": ":/srv"}, size_bytes=70)
    inventory = world((), (), [share], disk=disk(volumes={"share": VolumeUsage(70, 0)}))
    found = line(Kept.VOLUMES, inventory)
    assert (found.reclaimable_bytes, found.freed.bytes, found.overstated_bytes) == (70, 0, 70)


def test_build_cache_leaves_out_what_images_share() -> None:
    records = (
        BuildCacheRecord("shared", "regular", "", 1000, shared=True),
        BuildCacheRecord("busy", "regular", "", 30, in_use=True),
        BuildCacheRecord("idle", "regular", "", 4),
    )
    found = line(Kept.BUILD_CACHE, world(disk=disk(build_cache=records)))
    assert (found.total, found.active, found.size_bytes, found.reclaimable_bytes) == (3, 1, 34, 4)
    assert (found.exact_bytes, found.freed.bytes, found.freed.certainty) == (1034, 4, Certainty.ABOUT)


def test_podman_has_its_own_commands_and_no_build_cache() -> None:
    lines = account(world([image("a", "a:1")], engine=host(product="Podman")), Holdings())
    assert [one.kept for one in lines] == [Kept.IMAGES, Kept.CONTAINERS, Kept.VOLUMES]
    assert all(prune.command.startswith("podman ") for one in lines for prune in one.prunes)
