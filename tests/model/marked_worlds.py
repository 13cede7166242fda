"""Random worlds with marks, and an engine in miniature that removes what it would remove, one thing at a time.

The engine knows what really holds what (which record of the build cache stands for which layer, too), so that its
disk before and after is the truth that the model's figures are held against.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import strategies as st

from tests.model.worlds import host, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.volume import Volume

STATES = ("running", "paused", "exited", "created", "removing")


class Case(NamedTuple):
    """A world, and the truth behind it."""

    inventory: Inventory
    holdings: Holdings
    layer_of_record: dict[str, str]
    """Cache record -> the chain ID of the layer it stands for."""
    sizes: dict[str, int]
    """Chain ID -> bytes."""
    marks: frozenset[Mark]


def every_mark(inventory: Inventory) -> list[Mark]:
    """Everything that can be marked."""
    return [
        *(Mark(Kind.IMAGE, image.id, tag) for image in inventory.images for tag in image.tags or ("",)),
        *(Mark(Kind.CONTAINER, container.id) for container in inventory.containers),
        *(Mark(Kind.VOLUME, volume.name) for volume in inventory.volumes),
        *(Mark(Kind.CACHE_RECORD, record_id) for record_id in inventory.cache_records_by_id),
    ]


@st.composite
def cases(draw: st.DrawFn, *, cache: bool = True) -> Case:
    """Images in a tree of layers: several tags, dangling, built on each other; containers, volumes, cache on them."""
    sizes: dict[str, int] = {}
    chains: list[tuple[str, ...]] = [()]
    for number in range(draw(st.integers(1, 10))):
        below = draw(st.sampled_from(chains))
        sizes[f"chain-{number}"] = draw(st.integers(0, 999))
        chains.append((*below, f"chain-{number}"))
    images, layers, parents = _images(draw, chains, sizes)
    listed = [image for image in images if draw(st.integers(0, 5))]
    parents.update((image.id, image.parent_id) for image in images if image not in listed)
    containers = _containers(draw, images, tuple(step for step in layers if step in parents))
    volumes = tuple(
        Volume(f"v{n}", options={"device": "/srv"} if draw(st.integers(0, 5)) == 5 else {}, size_bytes=10**4 + n)
        for n in range(3)
    )
    records, layer_of = _records(draw, chains, sizes, listed, layers) if cache else ((), {})
    usage = DiskUsage(layers_size_bytes=None, volumes={}, containers={}, build_cache=records)
    inventory = world(listed, containers, volumes, engine=host(), disk=usage)
    marks = frozenset(mark for mark in every_mark(inventory) if draw(st.booleans()))
    holdings = Holdings({image_id: tuple((c, sizes[c]) for c in chain) for image_id, chain in layers.items()}, parents)
    return Case(inventory, holdings, layer_of, sizes, marks)


def _images(
    draw: st.DrawFn, chains: list[tuple[str, ...]], sizes: dict[str, int]
) -> tuple[list[Image], dict[str, tuple[str, ...]], dict[str, str]]:
    images: list[Image] = []
    layers: dict[str, tuple[str, ...]] = {}
    parents: dict[str, str] = {}
    for number in range(draw(st.integers(1, 7))):
        image_id = f"sha256:{number:064}"
        chain = draw(st.sampled_from(chains))
        below = [one for one in images if chain[: len(layers[one.id])] == layers[one.id] and one.tags]
        built = bool(below) and draw(st.booleans())
        parent = draw(st.sampled_from(below)).id if built else ""
        if parent and draw(st.booleans()):  # a step of the builder lies between, and isn't listed
            step = f"sha256:f{number:063}"
            layers[step], parents[step] = chain, parent
            parent = step
        tags = tuple(f"image-{number}:{tag}" for tag in range(draw(st.integers(0, 3))))
        images.append(Image(image_id, tags, parent_id=parent, size_bytes=sum(sizes[c] for c in chain)))
        layers[image_id] = chain
    return images, layers, parents


def _containers(draw: st.DrawFn, images: list[Image], steps: tuple[str, ...]) -> tuple[Container, ...]:
    under = [image.id for image in images]
    return tuple(
        Container(
            id=f"{number:064}",
            names=(f"c{number}",),
            image_id=draw(st.sampled_from(steps if steps and not draw(st.integers(0, 2)) else under)),
            state=draw(st.sampled_from(STATES)),
            mounts=tuple(volume_mount(f"v{n}") for n in range(3) if draw(st.integers(0, 3)) == 0),
            size_rw_bytes=draw(st.integers(0, 99)),
        )
        for number in range(draw(st.integers(0, 5)))
    )


def _records(
    draw: st.DrawFn,
    chains: list[tuple[str, ...]],
    sizes: dict[str, int],
    listed: list[Image],
    layers: dict[str, tuple[str, ...]],
) -> tuple[tuple[BuildCacheRecord, ...], dict[str, str]]:
    """A record for some layers and all below them, some on top that no image has; shared as BuildKit works it out."""
    layer_of: dict[str, str] = {}
    below: dict[str, tuple[str, ...]] = {}
    for chain in draw(st.lists(st.sampled_from(chains), max_size=3)):
        for at, layer in enumerate(chain):
            layer_of[f"r-{layer}"] = layer
            below[f"r-{layer}"] = (f"r-{chain[at - 1]}",) if at else ()
    for number in range(draw(st.integers(0, 3))):
        sizes[f"cache-{number}"] = draw(st.integers(0, 999))
        layer_of[f"r-cache-{number}"] = f"cache-{number}"
        stacked = bool(below) and draw(st.booleans())
        below[f"r-cache-{number}"] = (draw(st.sampled_from(sorted(below))),) if stacked else ()
    # The engine says 0 of layers that a build took from an image which was there.
    local = {record for record, parents in below.items() if not parents and draw(st.booleans())}
    in_images = {layer for image in listed for layer in layers[image.id]}
    shared = {record for record, layer in layer_of.items() if layer in in_images}
    records = tuple(
        BuildCacheRecord(
            id=record,
            type="regular",
            description="",
            size_bytes=0 if record in local else sizes[layer],
            in_use=draw(st.integers(0, 7)) == 0,
            shared=record in shared,
            parents=below[record],
        )
        for record, layer in layer_of.items()
    )
    return records, layer_of


@dataclass
class MiniatureEngine:
    """Removes as the engine does: refuses what it refuses, whatever it is asked."""

    case: Case
    images: dict[str, set[str]] = field(init=False)
    """Image ID -> tags."""
    steps: set[str] = field(init=False)
    """IDs of images that are not listed, because others were built on them."""
    containers: dict[str, Container] = field(init=False)
    volumes: dict[str, Volume] = field(init=False)
    records: dict[str, BuildCacheRecord] = field(init=False)

    def __post_init__(self) -> None:
        inventory = self.case.inventory
        self.images = {image.id: set(image.tags) for image in inventory.images}
        self.steps = {below for image_id in self.images for below in self._below(image_id)} - self.images.keys()
        self.containers = dict(inventory.containers_by_id)
        self.volumes = dict(inventory.volumes_by_name)
        self.records = dict(inventory.cache_records_by_id)

    def disk_bytes(self) -> int:
        """What everything takes: each layer once, whoever holds it."""
        holders = [*self.images, *self.steps, *(one.image_id for one in self.containers.values())]
        held = {layer for image_id in holders for layer, _size in self.case.holdings.layers[image_id]}
        held.update(self.case.layer_of_record[record] for record in self.records)
        own = sum(one.size_bytes or 0 for one in self.volumes.values() if not one.options)
        written = sum(one.size_rw_bytes or 0 for one in self.containers.values())
        return sum(self.case.sizes[layer] for layer in held) + own + written

    def remove(self, marks: frozenset[Mark]) -> None:
        """Try each mark until nothing more goes."""
        removers = {
            Kind.CONTAINER: self._container,
            Kind.IMAGE: self._image,
            Kind.VOLUME: self._volume,
            Kind.CACHE_RECORD: self._record,
        }
        for kind, remover in removers.items():
            # The order of trying must not matter: as many rounds as anything goes in.
            waiting = sorted(mark for mark in marks if mark.kind is kind)
            while gone := [mark for mark in waiting if remover(mark)]:
                waiting = [mark for mark in waiting if mark not in gone]

    def _container(self, mark: Mark) -> bool:
        return self.containers[mark.id].state != "removing" and bool(self.containers.pop(mark.id))

    def _image(self, mark: Mark) -> bool:
        tags = self.images[mark.id]
        if len(tags) > 1:
            tags.remove(mark.tag)
            return True
        users = any(one.image_id == mark.id for one in self.containers.values())
        if users or self._has_children(mark.id):
            return False
        del self.images[mark.id]
        for step in sorted(self._below(mark.id) & self.steps, key=lambda one: -len(self._below(one))):
            if not self._has_children(step) and not any(one.image_id == step for one in self.containers.values()):
                self.steps.remove(step)
        return True

    def _has_children(self, image_id: str) -> bool:
        return any(image_id in self._below(other) for other in (*self.images, *self.steps) if other != image_id)

    def _below(self, image_id: str) -> set[str]:
        """The images it was built on."""
        found: set[str] = set()
        image = self.case.inventory.images_by_id.get(image_id)
        parent = image.parent_id if image else self.case.holdings.parents.get(image_id, "")
        while parent:
            found.add(parent)
            known = self.case.inventory.images_by_id.get(parent)
            parent = known.parent_id if known else self.case.holdings.parents.get(parent, "")
        return found

    def _volume(self, mark: Mark) -> bool:
        used = any(mark.id in one.volume_names for one in self.containers.values())
        return not used and bool(self.volumes.pop(mark.id))

    def _record(self, mark: Mark) -> bool:
        kept = self.records[mark.id].in_use or any(mark.id in other.parents for other in self.records.values())
        return not kept and bool(self.records.pop(mark.id))
