"""Why bytes stay although their owner is marked: what else holds them, each by its ID, so that one can go there.

All of it is about one mark, asked as "if this went, together with what is marked besides": whatever is marked and can
go is no reason any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from tui.model.container import Container
from tui.model.estimate import Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE
from tui.model.inventory import Inventory
from tui.model.layer_ledger import LayerCounts
from tui.model.mark import NO_MARKS, Going, Kind, Mark, going
from tui.model.reclaim import Reckoning, device_of
from tui.model.removable import BEING_REMOVED, removable

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class LayersShared:
    """An image that stays and has layers of the marked one."""

    image_id: str
    """It is listed, unless only containers are left of it."""
    layers: int
    """How many they share."""
    bytes: int | None
    """Of those; ``None`` when the size of one isn't known."""
    containers: tuple[str, ...] = ()
    """IDs of containers that stay on it, if it is not listed itself."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeps the bytes of one mark. Everything is empty where there is no such reason."""

    mark: Mark
    freed: Estimate
    """What the mark adds to what the others free."""
    whole_bytes: int | None
    """What the thing takes as its pane shows it: an image with shared layers, a container's writable layer."""
    goes: bool
    """True when it can go. A tag always can."""
    tags: tuple[str, ...] = ()
    """Tags under which the image stays."""
    images: tuple[LayersShared, ...] = ()
    """Images that have its layers, those that share most first."""
    children: tuple[str, ...] = ()
    """IDs of images that were built on it by the classic builder; of records made from a cache record."""
    parents: tuple[str, ...] = ()
    """IDs of the cache records that a cache record was made from, and keeps. No reason, but worth a look."""
    containers: tuple[Container, ...] = ()
    """Containers on the image, or that mount the volume; whether each runs, it says itself."""
    device: str = ""
    """The folder or share that a volume only points to: its files are not the engine's to free."""
    in_use: bool = False
    """A build uses the cache record."""
    shared: bool = False
    """A cache record's layer is in an image, too; the engine does not say in which."""
    being_removed: bool = False
    """The engine is removing the container already."""
    doubts: tuple[Doubt, ...] = ()
    """What is not known, or can't be."""

    @property
    def reasons(self) -> bool:
        """True when there is a reason for bytes to stay. Without one it has none, or frees all it has."""
        return bool(
            self.tags or self.images or self.children or self.containers or self.device
            or self.in_use or self.shared or self.being_removed or self.doubts
        )  # fmt: skip


def why_kept(inventory: Inventory, holdings: Holdings, mark: Mark, marks: Iterable[Mark] = NO_MARKS) -> Kept:
    """What keeps the bytes of ``mark`` if it goes with ``marks``.

    Raises ``LookupError`` when what is marked is not there.
    """
    everything = frozenset(marks) | {mark}
    goes = removable(inventory, holdings, going(everything, inventory))
    if mark.kind is Kind.IMAGE:
        return _image(inventory, holdings, mark, everything, goes)
    freed = _adds(inventory, holdings, mark, goes)
    match mark.kind:
        case Kind.CONTAINER:
            container = _there(inventory.containers_by_id.get(mark.id), mark)
            return Kept(
                mark,
                freed,
                container.size_rw_bytes,
                goes=mark.id in goes.containers,
                being_removed=container.state == BEING_REMOVED,
                doubts=freed.doubts,
            )
        case Kind.VOLUME:
            volume = _there(inventory.volumes_by_name.get(mark.id), mark)
            users = inventory.containers_by_volume.get(mark.id, ())
            return Kept(
                mark,
                freed,
                volume.size_bytes,
                goes=mark.id in goes.volumes,
                containers=tuple(user for user in users if user.id not in goes.containers),
                device=device_of(volume),
                doubts=freed.doubts,
            )
        case Kind.CACHE_RECORD:
            record = _there(inventory.cache_records_by_id.get(mark.id), mark)
            children = inventory.cache_children_by_id.get(mark.id, ())
            return Kept(
                mark,
                freed,
                record.size_bytes,
                goes=mark.id in goes.cache_records,
                children=tuple(child.id for child in children if child.id not in goes.cache_records),
                parents=record.parents,
                in_use=record.in_use,
                shared=record.shared,
                doubts=freed.doubts,
            )


def _there(thing: Thing | None, mark: Mark) -> Thing:
    if thing is None:
        raise LookupError(f"There is no {mark.kind} {mark.id}.")
    return thing


def _adds(inventory: Inventory, holdings: Holdings, mark: Mark, goes: Going) -> Estimate:
    """What the marked thing frees as the last of all that goes; nothing when it stays."""
    reckoning = Reckoning(inventory, holdings)
    adding: dict[Kind, tuple[frozenset[str], Callable[[Iterable[str]], Estimate]]] = {
        Kind.CONTAINER: (goes.containers, reckoning.add_containers),
        Kind.IMAGE: (goes.images, reckoning.add_images),
        Kind.VOLUME: (goes.volumes, reckoning.add_volumes),
        Kind.CACHE_RECORD: (goes.cache_records, reckoning.add_cache_records),
    }
    for kind, (identities, add) in adding.items():
        add(identities - {mark.id} if kind is mark.kind else identities)
    identities, add = adding[mark.kind]
    return add(identities & {mark.id})


def _image(inventory: Inventory, holdings: Holdings, mark: Mark, marks: Collection[Mark], goes: Going) -> Kept:
    image = _there(inventory.images_by_id.get(mark.id), mark)
    if mark.tag and mark.tag not in image.tags:
        raise LookupError(f"The tag {mark.tag} does not point to image {mark.id}.")
    marked_tags = {one.tag for one in marks if one.kind is Kind.IMAGE and one.id == mark.id}
    freed = _adds(inventory, holdings, mark, goes)
    unread = () if mark.id in holdings.layers else (Doubt.LAYERS_UNREAD,)
    users = inventory.containers_by_image.get(mark.id, ())
    return Kept(
        mark,
        freed,
        image.size_bytes,
        goes=mark.id in goes.images or bool(mark.tag and marked_tags != set(image.tags)),
        tags=tuple(tag for tag in image.tags if tag not in marked_tags),
        images=_holders(inventory, holdings, mark.id, goes),
        children=_built_on(inventory, holdings, mark.id, goes),
        containers=tuple(user for user in users if user.id not in goes.containers),
        doubts=tuple(dict.fromkeys((*unread, *freed.doubts))),
    )


def _built_on(inventory: Inventory, holdings: Holdings, image_id: str, goes: Going) -> tuple[str, ...]:
    """IDs of images that stay and stand on an image; containerd's store does not mind."""
    if inventory.host is not None and inventory.host.image_store == CONTAINERD_STORE:
        return ()
    return tuple(
        child
        for child in inventory.parents_by_image
        if child not in goes.images and image_id in holdings.ancestors(child, inventory)
    )


def _holders(inventory: Inventory, holdings: Holdings, image_id: str, goes: Going) -> tuple[LayersShared, ...]:
    """What stays and has layers of an image, besides itself and the containers on it."""
    own = dict(holdings.layers.get(image_id, ()))
    under: dict[str, list[str]] = {}
    for container in inventory.containers:
        if container.id not in goes.containers and container.image_id not in inventory.images_by_id:
            under.setdefault(container.image_id, []).append(container.id)
    staying = dict.fromkeys(other for other in inventory.images_by_id if other not in goes.images)
    staying.update(dict.fromkeys(under))
    if inventory.host is not None and inventory.host.image_store == CONTAINERD_STORE:
        # The classic builder's steps are not pruned there with what was built on them.
        staying.update(dict.fromkeys(LayerCounts.of(inventory, holdings).steps))
    found = []
    for other in staying:
        sizes = [own[chain_id] for chain_id, _size in holdings.layers.get(other, ()) if chain_id in own]
        if sizes and other != image_id:
            shared = None if None in sizes else sum(size or 0 for size in sizes)
            found.append(LayersShared(other, len(sizes), shared, tuple(under.get(other, ()))))
    return tuple(sorted(found, key=lambda one: (-(one.bytes or 0), -one.layers, one.image_id)))
