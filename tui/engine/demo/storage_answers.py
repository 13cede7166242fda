"""The folders of the demo engine's disk, measured: what they hold follows from what the world holds at that moment.

What lies where was read off an engine 28 with overlay2 (and 20.10, which agrees but for ``engine-id``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from posixpath import dirname
from typing import NamedTuple

from tui.engine.demo.change_answers import written
from tui.engine.demo.files import File
from tui.engine.demo.image_answers import ROOT_DIR
from tui.engine.demo.objects import CacheEntry, DemoContainer, DemoLayer
from tui.engine.demo.world import World
from tui.model.engine_disk import DiskRoom, EngineDisk
from tui.model.storage import ContainerLog, StorageFolder

BLOCK_BYTES = 4096
"""What a disk gives to a file at least, and to a folder."""

_DISK_BYTES, _OTHERS_BYTES = 63_000_000_000, 41_000_000_000
"""The made-up disk, and what lies on it besides: together with the demo's world it is rather full."""
_RESERVED_BYTES = _DISK_BYTES // 20
"""What ext4 keeps for root unless it is told otherwise."""

_LOG_FILE_BYTES = 64_000_000
"""From this size on the demo's logs are rotated: it counts as one file for so many bytes."""


class Measured(NamedTuple):
    """What some files take."""

    disk_bytes: int = 0
    file_bytes: int = 0
    files: int = 0

    def __add__(self, other: object) -> Measured:
        if not isinstance(other, Measured):
            return NotImplemented
        return Measured(*(one + two for one, two in zip(self, other, strict=True)))


class Place(NamedTuple):
    """One folder or file of the engine's disk, and what lies in it."""

    path: str
    layers: tuple[DemoLayer, ...] = ()
    trees: tuple[Mapping[str, File], ...] = ()
    sizes: tuple[int, ...] = ()
    """Bytes of single files."""
    folders: int = 1
    """How many folders there are besides those in ``layers`` and ``trees``; 0 when the place is a file itself."""

    def measure(self) -> StorageFolder:
        """Count it. Layers that nobody has looked at yet are made up for that: it takes a while."""
        total = Measured(self.folders * BLOCK_BYTES) + _of_sizes(self.sizes)
        for tree in (*(layer.files for layer in self.layers), *self.trees):
            total += _of_tree(tree)
        return StorageFolder(self.path, *total)


def places(world: World) -> tuple[Place, ...]:
    """What lies in Docker Root Dir, by name. Nothing is measured yet."""
    layers = _held_layers(world)
    cached = [entry for entry in world.build_cache if entry.layer is None or entry.chain_id not in layers]
    containers = tuple(world.containers.values())
    own = tuple(dict(written(container)) for container in containers)
    cache_sizes = tuple(size for entry in cached for size in _cached_files(entry))
    volumes = tuple(dict(volume.files) for volume in world.volumes.values() if volume.size_known)
    in_root = {
        "buildkit": Place("", sizes=(32_768, 65_536, 32_768, 131_072 + 2_048 * len(world.build_cache)), folders=3),
        "containers": Place("", sizes=_container_files(containers), folders=1 + 3 * len(containers)),
        "engine-id": Place("", sizes=(36,), folders=0),
        "image": Place("", sizes=_image_files(world, layers), folders=16 + len(layers) + len(containers)),
        "network": Place("", sizes=(65_536,), folders=2),
        "overlay2": Place(
            "",
            layers=tuple(layers.values()),
            trees=own,
            sizes=(*cache_sizes, *_link_files(len(layers) + 2 * len(containers) + len(cached))),
            # Each has its folder and its `diff`, all but the lowest a `work`; a container's has its -init beside it.
            folders=2 + 3 * (len(layers) + len(cached)) + 6 * len(containers),
        ),
        "plugins": Place("", folders=3),
        "runtimes": Place("", folders=1),
        "swarm": Place("", folders=1),
        "tmp": Place("", folders=1),
        "volumes": Place("", trees=volumes, sizes=(32_768,), folders=1 + 2 * len(world.volumes)),
    }
    return tuple(place._replace(path=f"{ROOT_DIR}/{name}") for name, place in in_root.items())


def whole_root(folders: Iterable[StorageFolder]) -> StorageFolder:
    """Docker Root Dir itself, from what lies directly in it."""
    total = Measured(BLOCK_BYTES)
    for one in folders:
        total += Measured(one.disk_bytes or 0, one.file_bytes or 0, one.files)
    return StorageFolder(ROOT_DIR, *total)


def logs(world: World) -> tuple[ContainerLog, ...]:
    """The log of every container that was ever started, the largest first."""
    started = [c for c in world.containers.values() if c.started is not None]
    return tuple(sorted((ContainerLog(c.id, c.log_bytes) for c in started), key=lambda log: -log.size_bytes))


def disk_now(world: World, container_ids: Iterable[str]) -> EngineDisk:
    """How full the disk is with all the world holds beside what else lies on it, and what these have logged."""
    held = sum(layer.size_bytes for layer in _held_layers(world).values())
    held += sum(entry.own_bytes for entry in world.build_cache if entry.layer is None)
    held += sum(one.size_rw_bytes + one.log_bytes for one in world.containers.values())
    held += sum(volume.size_bytes for volume in world.volumes.values() if volume.size_known)
    room = DiskRoom(_DISK_BYTES, max(0, _DISK_BYTES - _RESERVED_BYTES - _OTHERS_BYTES - held), _RESERVED_BYTES)
    wanted = (world.containers[one] for one in container_ids if one in world.containers)
    return EngineDisk(room, logs={one.id: one.log_bytes for one in wanted})


def _held_layers(world: World) -> dict[str, DemoLayer]:
    """Chain ID -> every layer that an image or a container holds, each once."""
    holders = [*world.images.values(), *(container.image for container in world.containers.values())]
    return {chain: layer for image in holders for chain, layer in zip(image.chain_ids, image.layers, strict=True)}


def _of_sizes(sizes: Iterable[int]) -> Measured:
    listed = tuple(sizes)
    return Measured(sum(-(-size // BLOCK_BYTES) * BLOCK_BYTES for size in listed), sum(listed), len(listed))


def _of_tree(tree: Mapping[str, File]) -> Measured:
    """A layer's folder: what it holds in folders is in blocks too, and a link's target fits beside its name."""
    folders = {path for path, entry in tree.items() if entry.kind == "dir"}
    for path in tree:
        parent = dirname(path)
        while parent not in {"/", ""} and parent not in folders:
            folders.add(parent)
            parent = dirname(parent)
    links = sum(entry.kind in {"link", "whiteout"} for entry in tree.values())
    files = _of_sizes(entry.size_bytes for entry in tree.values() if entry.kind == "file")
    return Measured(len(folders) * BLOCK_BYTES, 0, links) + files


def _cached_files(entry: CacheEntry) -> tuple[int, ...]:
    """A record of the build cache that is no image's layer, as files of some size."""
    size = entry.layer.size_bytes if entry.layer else entry.own_bytes
    number = max(1, size // 200_000)
    return (*([size // number] * (number - 1)), size - size // number * (number - 1))


def _link_files(number: int) -> tuple[int, ...]:
    """What lies beside each layer: its short name in ``link``, and ``lower``."""
    return (26, 28) * number


def _container_files(containers: Iterable[DemoContainer]) -> tuple[int, ...]:
    """Of each container: its two JSON files, those that are mounted over its own, and its log."""
    sizes: list[int] = []
    for container in containers:
        sizes += [3_200 + 120 * len(container.labels), 1_600 + 80 * len(container.mounts)]
        if container.started is not None:
            sizes += [len(container.hostname) + 1, 174, 108, 64]
            whole, rest = divmod(container.log_bytes, _LOG_FILE_BYTES)
            sizes += [_LOG_FILE_BYTES] * whole + [rest]
    return tuple(sizes)


def _image_files(world: World, layers: Mapping[str, DemoLayer]) -> tuple[int, ...]:
    """The images' configurations, and for each layer what the engine notes to pack it again as it came."""
    configurations = tuple(1_400 + 260 * len(image.steps) for image in world.images.values())
    notes = tuple(size for layer in layers.values() for size in (64, 71, 71, 9, 120 + layer.size_bytes // 2_000))
    return (*configurations, 2_000 + 300 * len(world.images), *notes, *((64,) * 3 * len(world.containers)))
