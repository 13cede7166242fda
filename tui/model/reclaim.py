"""Which bytes come back when things go: who holds which layer, and what that leaves.

The classic store keeps a layer once per *chain ID*, whoever uses it. So removing a set frees the
layers that only the set holds: those of its images, minus those of every image that stays and of
the image under every container that stays; plus the writable layers of the containers that go.
Checked against engines 20.10 and 28: the figure equals the drop of ``LayersSize`` to the byte. One
exception is the engine's: when an image is forced away from under a stopped container, 28 takes its
layers off ``LayersSize`` at once, though the container keeps them on the disk.

Untagged parents of the classic builder are pruned with their last child, and their layers are a
prefix of the child's; as long as a child stays it holds all of them. So they need no place of their
own in this sum: only listed images and the images under containers do.

Pure functions over an :class:`~tui.model.inventory.Inventory` and the layers read so far.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.host import Host
from tui.model.inventory import Inventory
from tui.model.volume import Volume

CONTAINERD_STORE = "containerd"
"""What ``Host.image_store`` says of an engine whose images lie in containerd's store."""
DOCKER = "Docker"
"""What ``Host.product`` says of Docker's own engine."""


class Certainty(StrEnum):
    """How far an :class:`Estimate` can be trusted."""

    EXACT = "exact"
    AT_LEAST = "at least"
    UP_TO = "up to"
    ABOUT = "about"
    """It may be more, and it may be less."""
    UNKNOWN = "unknown"


class Doubt(StrEnum):
    """Why an estimate is not exact."""

    LAYERS_UNREAD = "layers unread"
    """The layers of something that goes have not been read."""
    HOLDERS_UNREAD = "holders unread"
    """The layers of something that stays have not been read: it may hold the same ones."""
    IMAGE_GONE = "image gone"
    """An image under a container was removed by force: which layers it has can't be read any more."""
    LAYER_SIZE = "layer size"
    """The size of a layer is not known."""
    WRITABLE_SIZE = "writable size"
    """The size of a container's writable layer is not known."""
    VOLUME_SIZE = "volume size"
    """The size of a volume is not known."""
    BUILD_CACHE = "build cache"
    """The build cache shares layers with images and may keep them until it is pruned."""
    BUILD_CACHE_UNREAD = "build cache unread"
    """The build cache has not been read: it may keep layers."""
    CONTAINERD_STORE = "containerd store"
    """The engine does not say what its compressed copies take."""
    OTHER_ENGINE = "other engine"
    """Not Docker's own engine: its figures have not been held against its disk."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many bytes come back."""

    bytes: int | None
    """``None`` only when ``certainty`` is unknown."""
    certainty: Certainty = Certainty.EXACT
    doubts: tuple[Doubt, ...] = ()
    """Why it is not exact; empty when it is."""


NOTHING = Estimate(0)
"""Not a byte, and surely so."""


@dataclass(slots=True)
class _Sum:
    """Bytes so far, and in which direction the truth may differ from them."""

    bytes: int = 0
    may_be_more: bool = False
    may_be_less: bool = False
    rough: bool = False
    """The engine's own figures are no better than an estimate."""
    doubts: dict[Doubt, None] = field(default_factory=dict)

    def more(self, doubt: Doubt) -> None:
        self.may_be_more = True
        self.doubts[doubt] = None

    def less(self, doubt: Doubt) -> None:
        self.may_be_less = True
        self.doubts[doubt] = None

    def estimate(self) -> Estimate:
        doubts = tuple(self.doubts)
        if self.may_be_more and not self.bytes:
            return Estimate(None, Certainty.UNKNOWN, doubts)
        if self.rough or (self.may_be_more and self.may_be_less):
            return Estimate(self.bytes, Certainty.ABOUT, doubts)
        if self.may_be_more:
            return Estimate(self.bytes, Certainty.AT_LEAST, doubts)
        if self.may_be_less and self.bytes:
            return Estimate(self.bytes, Certainty.UP_TO, doubts)
        return Estimate(self.bytes)


def freed_bytes(
    inventory: Inventory,
    holdings: Holdings,
    *,
    images: Collection[str] = (),
    containers: Collection[str] = (),
    volumes: Collection[str] = (),
) -> Estimate:
    """What comes back when all of these go together, and nothing else does.

    Args:
        inventory: the world before.
        holdings: the layers read so far.
        images: IDs of images that go whole (all their tags). One that is under a container which
            stays frees nothing: the container keeps its layers.
        containers: IDs of containers that go, with their writable layers. The last one on an image
            that is no longer listed takes that image's layers with it.
        volumes: names of volumes that go.
    """
    total = _Sum()
    going_containers = [c for c in inventory.containers if c.id in containers]
    _add_layers(total, inventory, holdings, frozenset(images), going_containers)
    for container in going_containers:
        if container.size_rw_bytes is None:
            total.more(Doubt.WRITABLE_SIZE)
        else:
            total.bytes += container.size_rw_bytes
    if images or going_containers:
        _doubt_engine(total, inventory.host)
    for name in dict.fromkeys(volumes):
        volume = inventory.volumes_by_name.get(name)
        if volume is not None:
            _add_volume(total, volume)
    return total.estimate()


def device_of(volume: Volume) -> str:
    """The folder or share a local volume only points to; empty when its files are its own.

    ``docker volume create -o type=none -o o=bind -o device=/srv`` shows ``/srv``: removing such a
    volume leaves the files where they are.
    """
    if volume.driver != "local" or volume.options.get("type") == "tmpfs":
        return ""
    return volume.options.get("device", "")


def _add_volume(total: _Sum, volume: Volume) -> None:
    if device_of(volume):
        return
    if volume.size_bytes is None:
        total.more(Doubt.VOLUME_SIZE)
    else:
        total.bytes += volume.size_bytes


def _add_layers(
    total: _Sum,
    inventory: Inventory,
    holdings: Holdings,
    images: frozenset[str],
    going_containers: Collection[Container],
) -> None:
    """Add the layers that nothing holds once ``images`` and ``going_containers`` are gone."""
    gone = {c.id for c in going_containers}
    staying = {image_id for image_id in inventory.images_by_id if image_id not in images}
    staying.update(c.image_id for c in inventory.containers if c.id not in gone)
    if inventory.host is not None and inventory.host.image_store == CONTAINERD_STORE:
        # Here the classic builder's steps are not pruned with what was built on them: they turn up as dangling.
        steps = (step for image_id in images for step in holdings.ancestors(image_id, inventory))
        staying.update(step for step in steps if step not in images and step not in holdings.gone)
    under = {c.image_id: c for c in going_containers if c.image_id}
    going = [i for i in dict.fromkeys((*sorted(images), *under)) if i not in staying]
    if not going:
        return
    freed, ceiling = _layers_of(total, inventory, holdings, going, under)
    unread = [] if inventory.listed.issuperset({"images", "containers"}) else [Doubt.HOLDERS_UNREAD]
    for image_id in staying:
        known = holdings.layers.get(image_id)
        if known is None and image_id:
            unread.append(Doubt.IMAGE_GONE if image_id in holdings.gone else Doubt.HOLDERS_UNREAD)
        for chain_id, _size in known or ():
            freed.pop(chain_id, None)
    if None in freed.values():
        total.more(Doubt.LAYER_SIZE)
    layer_bytes = ceiling + sum(size or 0 for size in freed.values())
    if layer_bytes:
        for doubt in sorted(set(unread)):
            total.less(doubt)
        _doubt_build_cache(total, inventory)
    total.bytes += layer_bytes


def _layers_of(
    total: _Sum, inventory: Inventory, holdings: Holdings, going: Iterable[str], under: Mapping[str, Container]
) -> tuple[dict[str, int | None], int]:
    """The layers of ``going`` by chain ID, and the most that those of them may take whose layers are unread."""
    layers: dict[str, int | None] = {}
    ceiling = 0
    for image_id in going:
        known = holdings.layers.get(image_id)
        if known is not None:
            for chain_id, size in known:
                if layers.get(chain_id) is None:
                    layers[chain_id] = size
            continue
        image = inventory.images_by_id.get(image_id)
        whole = image.size_bytes if image else _image_part(under.get(image_id))
        doubt = Doubt.IMAGE_GONE if image_id in holdings.gone else Doubt.LAYERS_UNREAD
        if whole is None:
            total.more(doubt)
        else:
            ceiling += whole
            total.less(doubt)
    return layers, ceiling


def _image_part(container: Container | None) -> int | None:
    """Bytes of the image under a container, as the disk usage tells them."""
    if container is None or container.size_root_fs_bytes is None or container.size_rw_bytes is None:
        return None
    return max(0, container.size_root_fs_bytes - container.size_rw_bytes)


def _doubt_build_cache(total: _Sum, inventory: Inventory) -> None:
    """The build cache may keep layers that no image and no container holds."""
    if inventory.usage is None:
        total.less(Doubt.BUILD_CACHE_UNREAD)
    elif any(record.shared for record in inventory.usage.build_cache):
        total.less(Doubt.BUILD_CACHE)


def _doubt_engine(total: _Sum, host: Host | None) -> None:
    """Only the classic store of Docker's own engine gives figures that are true to the byte."""
    if host is not None and host.product == DOCKER and host.image_store != CONTAINERD_STORE:
        return
    total.rough = True
    total.doubts[Doubt.CONTAINERD_STORE if host and host.product == DOCKER else Doubt.OTHER_ENGINE] = None
