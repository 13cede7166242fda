"""What ``docker system df`` says of an engine's disk, and what pruning would really free.

The docker CLI's figures are worked out as it does (docker/cli, ``cli/command/formatter/disk_usage.go``), so that they
can be held against its output:

- Images: SIZE is LayersSize, every layer once. RECLAIMABLE takes from it only what each image with containers shares
  with no other image: a layer that two images in use share counts as reclaimable, though it can't go. The engine
  counts steps of its classic builder as other images, too. So the figure is mostly too high; what
  ``docker image prune -a`` frees comes from :func:`tui.model.reclaim.freed_bytes`.
- Containers: their writable layers; RECLAIMABLE those of containers that don't run. Their logs are left out.
- Local Volumes: RECLAIMABLE those that no container mounts.
- Build Cache: records that no image shares; RECLAIMABLE those not in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from tui.model.estimate import NOTHING, Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.host import DOCKER
from tui.model.inventory import Inventory
from tui.model.reclaim import freed_bytes


class Kept(StrEnum):
    """What an engine keeps, as ``docker system df`` names it."""

    IMAGES = "Images"
    CONTAINERS = "Containers"
    VOLUMES = "Local Volumes"
    BUILD_CACHE = "Build Cache"


class Prune(NamedTuple):
    """One way to make room."""

    command: str
    takes: str
    """What it removes, in words."""
    objects: int
    """How many that are now."""
    freed: Estimate


class AccountLine(NamedTuple):
    """One line of ``docker system df``, and what stands behind it."""

    kept: Kept
    total: int
    active: int
    """How many are in use: images with containers, containers that run, mounted volumes."""
    size_bytes: int | None
    """``None`` while it is not known, or when the engine does not say."""
    reclaimable_bytes: int | None
    """As ``docker system df`` prints it."""
    exact_bytes: int | None
    """The same as SIZE, added up from the parts: layers by chain ID, writable layers, volumes, cache records.
    ``None`` while some part is not known."""
    prunes: tuple[Prune, ...]
    """The ways to make room, the most thorough last."""

    @property
    def freed(self) -> Estimate:
        """What the most thorough way really frees."""
        return self.prunes[-1].freed if self.prunes else NOTHING

    @property
    def overstated_bytes(self) -> int | None:
        """By how much RECLAIMABLE is higher than what comes back; ``None`` when either is not known."""
        if self.reclaimable_bytes is None or self.freed.bytes is None:
            return None
        return self.reclaimable_bytes - self.freed.bytes


def account(inventory: Inventory, holdings: Holdings) -> tuple[AccountLine, ...]:
    """The lines of ``docker system df``, for the state of ``inventory`` and the layers read so far."""
    lines = (_images(inventory, holdings), _containers(inventory, holdings), _volumes(inventory, holdings))
    return lines if _podman(inventory) else (*lines, _build_cache(inventory))


def command_name(inventory: Inventory) -> str:
    """The engine's own command: ``docker`` or ``podman``."""
    return "podman" if _podman(inventory) else "docker"


def _podman(inventory: Inventory) -> bool:
    return inventory.host is not None and inventory.host.product not in {"", DOCKER}


def _images(inventory: Inventory, holdings: Holdings) -> AccountLine:
    cli = command_name(inventory)
    unused = [image for image in inventory.images if image.id not in inventory.containers_by_image]
    dangling = [image.id for image in unused if image.dangling]
    usage = inventory.usage
    return AccountLine(
        Kept.IMAGES,
        len(inventory.images),
        len(inventory.images) - len(unused),
        usage.layers_size_bytes if usage else None,
        usage.images_reclaimable_bytes if usage else None,
        _layers_bytes(inventory, holdings),
        (
            Prune(
                f"{cli} image prune",
                "dangling images without containers",
                len(dangling),
                freed_bytes(inventory, holdings, images=dangling),
            ),
            Prune(
                f"{cli} image prune -a",
                "all images without containers, tagged ones too",
                len(unused),
                freed_bytes(inventory, holdings, images=[image.id for image in unused]),
            ),
        ),
    )


def _layers_bytes(inventory: Inventory, holdings: Holdings) -> int | None:
    """All layers of listed images, each chain ID once; ``None`` while one of them or its size is not known."""
    sizes: dict[str, int | None] = {}
    for image_id in inventory.images_by_id:
        layers = holdings.layers.get(image_id)
        if layers is None:
            return None
        for chain_id, size_bytes in layers:
            if sizes.get(chain_id) is None:
                sizes[chain_id] = size_bytes
    return _whole(sizes.values())


def _whole(sizes: Iterable[int | None]) -> int | None:
    """The sum; ``None`` when a part is not known."""
    total = 0
    for size_bytes in sizes:
        if size_bytes is None:
            return None
        total += size_bytes
    return total


def _containers(inventory: Inventory, holdings: Holdings) -> AccountLine:
    stopped = [container for container in inventory.containers if not container.alive]
    known = inventory.usage is not None
    return AccountLine(
        Kept.CONTAINERS,
        len(inventory.containers),
        len(inventory.containers) - len(stopped),
        sum(one.size_rw_bytes or 0 for one in inventory.containers) if known else None,
        sum(one.size_rw_bytes or 0 for one in stopped) if known else None,
        _whole(one.size_rw_bytes for one in inventory.containers),
        (
            Prune(
                f"{command_name(inventory)} container prune",
                "all containers that do not run, with what they wrote; their logs go too, and are not counted",
                len(stopped),
                freed_bytes(inventory, holdings, containers=[one.id for one in stopped]),
            ),
        ),
    )


def _volumes(inventory: Inventory, holdings: Holdings) -> AccountLine:
    unused = [one for one in inventory.volumes if one.name not in inventory.containers_by_volume]
    anonymous = [one.name for one in unused if one.anonymous]
    all_unused = freed_bytes(inventory, holdings, volumes=[one.name for one in unused])
    usage = inventory.usage
    counted = {name: of for name, of in usage.volumes.items() if of.size_bytes is not None} if usage else {}
    prunes: tuple[Prune, ...] = (
        Prune(
            "docker volume prune",
            "anonymous volumes that nothing mounts (before 23.0: all that nothing mounts)",
            len(anonymous),
            freed_bytes(inventory, holdings, volumes=anonymous),
        ),
        Prune("docker volume prune -a", "all volumes that nothing mounts, data and all", len(unused), all_unused),
    )
    if _podman(inventory):
        words = "all volumes that nothing mounts, data and all"
        prunes = (Prune("podman volume prune", words, len(unused), all_unused),)
    return AccountLine(
        Kept.VOLUMES,
        len(inventory.volumes),
        len(inventory.volumes) - len(unused),
        sum(of.size_bytes or 0 for of in counted.values()) if usage else None,
        sum(of.size_bytes or 0 for of in counted.values() if of.reference_count == 0) if usage else None,
        _whole(one.size_bytes for one in inventory.volumes),
        prunes,
    )


def _build_cache(inventory: Inventory) -> AccountLine:
    records = inventory.usage.build_cache if inventory.usage else ()
    known = inventory.usage is not None
    own = [record for record in records if not record.shared]
    free = [record for record in own if not record.in_use]
    freed = sum(record.size_bytes for record in free)
    estimate = NOTHING if known and not freed else Estimate(freed, Certainty.ABOUT, (Doubt.BUILD_CACHE,))
    return AccountLine(
        Kept.BUILD_CACHE,
        len(records),
        sum(record.in_use for record in records),
        sum(record.size_bytes for record in own) if known else None,
        freed if known else None,
        sum(record.size_bytes for record in records) if known else None,
        (
            Prune(
                "docker builder prune -a",
                "all cache that no build uses now; the next build starts from nothing",
                sum(not record.in_use for record in records),
                estimate if known else Estimate(None, Certainty.UNKNOWN, (Doubt.BUILD_CACHE_UNREAD,)),
            ),
        ),
    )
