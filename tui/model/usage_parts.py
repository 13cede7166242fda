"""What takes up an engine's disk, in parts that do not overlap: added up they are everything.

Layers are told apart by chain ID, each counted once. One that any container stands on is *under containers*, whoever
has it besides; of the others, one that only dangling images have is *dangling*, one that a single image has is *in one
image*, and the rest are *shared*. So whatever is not under containers comes back when all images without containers
go, as :func:`tui.model.reclaim.freed_bytes` says of them.

Records of the build cache that an image shares are counted where the image is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from tui.model.container import Container
from tui.model.disk_account import AccountLine, account
from tui.model.estimate import NOTHING, Certainty, Estimate
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.layer_ledger import LayerCounts
from tui.model.reclaim import freed_bytes
from tui.model.storage import StorageReport
from tui.model.volume import Volume


class Part(StrEnum):
    """What a part is made of."""

    LAYERS_UNREAD = "not told apart yet"
    """All layers, while it is not known which image has which."""
    LAYERS_USED = "under containers"
    LAYERS_SHARED = "shared between images"
    LAYERS_ALONE = "in one image only"
    LAYERS_DANGLING = "dangling"
    LAYERS_OTHER = "of no image"
    """What the engine counts besides: layers of images that are neither listed nor under a container."""
    WRITTEN_RUNNING = "by running containers"
    WRITTEN_STOPPED = "by stopped containers"
    VOLUMES_USED = "mounted"
    VOLUMES_UNUSED = "named, not mounted"
    VOLUMES_ANONYMOUS = "anonymous, not mounted"
    CACHE_IN_USE = "in use by a build"
    CACHE_PRIVATE = "its own"
    CACHE_SHARED = "also in images"
    LOGS = "written by containers"


class Group(StrEnum):
    """What the parts belong to."""

    IMAGES = "Image layers"
    CONTAINERS = "Containers' own files"
    VOLUMES = "Volumes"
    CACHE = "Build cache"
    LOGS = "Container logs"


class UsagePart(NamedTuple):
    """One part."""

    part: Part
    bytes: int | None
    """What it adds to the total; ``None`` when nothing of it is known."""
    things: int
    """How many things it is made of: layers, containers, volumes, records or logs."""
    comes_back: Estimate = NOTHING
    """What of it comes back when all that it is made of goes and nothing else does; of shared layers, when all images
    without containers go."""
    unsized: int = 0
    """How many of those have a size that is not known, and are left out."""
    elsewhere_bytes: int = 0
    """What it takes that is counted with another part already."""


class UsageGroup(NamedTuple):
    """The parts of one kind."""

    group: Group
    parts: tuple[UsagePart, ...]
    line: AccountLine | None = None
    """What ``docker system df`` says of it; ``None`` when it says nothing."""

    @property
    def bytes(self) -> int | None:
        """All its parts; ``None`` when nothing is known of any."""
        known = [part.bytes for part in self.parts if part.bytes is not None]
        return sum(known) if known or not self.parts else None


class DiskParts(NamedTuple):
    """Everything."""

    groups: tuple[UsageGroup, ...]

    @property
    def total_bytes(self) -> int:
        """All parts, as far as they are known."""
        return sum(group.bytes or 0 for group in self.groups)

    @property
    def complete(self) -> bool:
        """True when no part, and nothing in one, is left out."""
        return all(part.bytes is not None and not part.unsized for group in self.groups for part in group.parts)


def disk_parts(inventory: Inventory, holdings: Holdings, report: StorageReport | None = None) -> DiskParts:
    """The parts of the engine's disk.

    Args:
        inventory: the engine.
        holdings: who holds which layers, as far as that has been read.
        report: the last measurement of its folders and logs; ``None`` when there is none.
    """
    lines = dict(enumerate(account(inventory, holdings)))
    groups = [
        UsageGroup(Group.IMAGES, _images(inventory, holdings), lines.get(0)),
        UsageGroup(Group.CONTAINERS, _containers(inventory, holdings), lines.get(1)),
        UsageGroup(Group.VOLUMES, _volumes(inventory, holdings), lines.get(2)),
    ]
    if 3 in lines:  # engines without a build cache say nothing of one
        groups.append(UsageGroup(Group.CACHE, _cache(inventory, holdings), lines[3]))
    if report is not None and not report.reason:
        logs = sum(log.size_bytes for log in report.logs)
        groups.append(UsageGroup(Group.LOGS, (UsagePart(Part.LOGS, logs, len(report.logs)),)))
    return DiskParts(tuple(groups))


# -- layers ---------------------------------------------------------------------------------------


def _images(inventory: Inventory, holdings: Holdings) -> tuple[UsagePart, ...]:
    counts = LayerCounts.of(inventory, holdings)
    said = inventory.usage.layers_size_bytes if inventory.usage else None
    if counts.unread - holdings.gone or not inventory.listed.issuperset({"images", "containers"}):
        return (UsagePart(Part.LAYERS_UNREAD, said, len(inventory.images)),)
    unused = [image.id for image in inventory.images if image.id not in inventory.containers_by_image]
    freed = freed_bytes(inventory, holdings, images=unused)
    found: dict[Part, list[str]] = {
        Part.LAYERS_USED: [],
        Part.LAYERS_SHARED: [],
        Part.LAYERS_ALONE: [],
        Part.LAYERS_DANGLING: [],
    }
    for chain_id, part in _parts_of_layers(inventory, counts).items():
        found[part].append(chain_id)
    parts = [
        _sized(part, [counts.sizes.get(one) for one in chain_ids], NOTHING if part is Part.LAYERS_USED else freed)
        for part, chain_ids in found.items()
    ]
    known = sum(part.bytes or 0 for part in parts)
    if said is not None and said > known and not any(part.unsized for part in parts):
        parts.append(UsagePart(Part.LAYERS_OTHER, said - known, 0))
    return tuple(parts)


def _parts_of_layers(inventory: Inventory, counts: LayerCounts) -> Mapping[str, Part]:
    """Chain ID -> the part it belongs to, of every layer that is held."""
    images, users = inventory.images_by_id, inventory.containers_by_image
    known = images.keys() | counts.steps
    used: set[str] = set()
    dangling: Counter[str] = Counter()
    for image_id, chain_ids in counts.chain_ids.items():
        if image_id in users or image_id not in known:  # held, not listed: it is under a container
            used.update(chain_ids)
        elif image_id in images and images[image_id].dangling:
            dangling.update(chain_ids)
    return {chain_id: _part_of(chain_id, number, used, dangling) for chain_id, number in counts.holders.items()}


def _part_of(chain_id: str, holders: int, used: set[str], dangling: Mapping[str, int]) -> Part:
    if chain_id in used:
        return Part.LAYERS_USED
    if dangling.get(chain_id) == holders:
        return Part.LAYERS_DANGLING
    return Part.LAYERS_ALONE if holders == 1 else Part.LAYERS_SHARED


# -- the others -----------------------------------------------------------------------------------


def _containers(inventory: Inventory, holdings: Holdings) -> tuple[UsagePart, ...]:
    def part(name: Part, found: list[Container], freed: Estimate) -> UsagePart:
        return _sized(name, [container.size_rw_bytes for container in found], freed)

    running = [container for container in inventory.containers if container.alive]
    stopped = [container for container in inventory.containers if not container.alive]
    freed = freed_bytes(inventory, holdings, containers=[container.id for container in stopped])
    return part(Part.WRITTEN_RUNNING, running, NOTHING), part(Part.WRITTEN_STOPPED, stopped, freed)


def _volumes(inventory: Inventory, holdings: Holdings) -> tuple[UsagePart, ...]:
    def part(name: Part, found: list[Volume]) -> UsagePart:
        freed = freed_bytes(inventory, holdings, volumes=[volume.name for volume in found])
        whole = _sized(name, [volume.size_bytes for volume in found])
        return whole if name is Part.VOLUMES_USED else whole._replace(comes_back=freed)

    used = inventory.containers_by_volume
    unused = [volume for volume in inventory.volumes if volume.name not in used]
    return (
        part(Part.VOLUMES_USED, [volume for volume in inventory.volumes if volume.name in used]),
        part(Part.VOLUMES_UNUSED, [volume for volume in unused if not volume.anonymous]),
        part(Part.VOLUMES_ANONYMOUS, [volume for volume in unused if volume.anonymous]),
    )


def _cache(inventory: Inventory, holdings: Holdings) -> tuple[UsagePart, ...]:
    if inventory.usage is None:
        return (UsagePart(Part.CACHE_PRIVATE, None, 0),)
    own = [record for record in inventory.usage.build_cache if not record.shared]
    shared = [record.size_bytes for record in inventory.usage.build_cache if record.shared]
    busy = [record.size_bytes for record in own if record.in_use]
    idle = [record for record in own if not record.in_use]
    freed = freed_bytes(inventory, holdings, cache_records=[record.id for record in idle])
    return (
        UsagePart(Part.CACHE_IN_USE, sum(busy), len(busy)),
        UsagePart(Part.CACHE_PRIVATE, sum(record.size_bytes for record in idle), len(idle), freed),
        UsagePart(Part.CACHE_SHARED, 0, len(shared), elsewhere_bytes=sum(shared)),
    )


def _sized(part: Part, sizes: Iterable[int | None], freed: Estimate = NOTHING) -> UsagePart:
    """A part from the sizes of what it is made of. ``freed`` tells how sure it is that it comes back."""
    sizes = list(sizes)
    known = [size for size in sizes if size is not None]
    total = sum(known) if known or not sizes else None
    back = NOTHING
    if freed is not NOTHING and total is None:
        back = Estimate(None, Certainty.UNKNOWN, freed.doubts)
    elif freed is not NOTHING and total:
        certainty = Certainty.AT_LEAST if freed.certainty is Certainty.UNKNOWN else freed.certainty
        back = Estimate(total, certainty, freed.doubts)
    return UsagePart(part, total, len(sizes), back, len(sizes) - len(known))
