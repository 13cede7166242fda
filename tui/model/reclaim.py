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

A record of the build cache that the engine calls *shared* stands for a layer that an image has. BuildKit
holds that layer, too, so it comes back only when both are gone. The engine does not say which record stands
for which layer. But only shared ones stand for an image's: once every shared record goes as well, no layer
is left behind, and each is counted already where its image is. (moby ``imagerefchecker``: a record is shared
when its layer chain is one of an image's; moby/buildkit ``markShared``: and so are all records below it.
Held against the disk of 20.10 and 28.) A record's own size is no help there: of layers that BuildKit took from
a local image the engine says 0.

Pure functions over an :class:`~tui.model.inventory.Inventory` and the layers read so far.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from tui.model.build_cache import BuildCacheRecord
from tui.model.cache_sizes import understated_records
from tui.model.container import Container
from tui.model.estimate import Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE, DOCKER, Host
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.layer_ledger import LayerLedger, Released
from tui.model.removable import removable_cache_records
from tui.model.volume import Volume

Thing = TypeVar("Thing", Container, Image, Volume, BuildCacheRecord)


@dataclass(slots=True)
class _Sum:
    """Bytes so far, and in which direction the truth may differ from them."""

    bytes: int = 0
    may_be_more: bool = False
    may_be_less: bool = False
    rough: bool = False
    """The engine's own figures are no better than an estimate."""
    doubts: set[Doubt] = field(default_factory=set)

    def more(self, doubt: Doubt) -> None:
        self.may_be_more = True
        self.doubts.add(doubt)

    def less(self, doubt: Doubt) -> None:
        self.may_be_less = True
        self.doubts.add(doubt)

    def add(self, other: _Sum) -> None:
        self.bytes += other.bytes
        self.may_be_more |= other.may_be_more
        self.may_be_less |= other.may_be_less
        self.doubts.update(other.doubts)

    def estimate(self) -> Estimate:
        doubts = tuple(doubt for doubt in Doubt if doubt in self.doubts) if self.doubts else ()
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
    cache_records: Collection[str] = (),
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
        cache_records: IDs of records of the build cache that go. Those in use stay, and so do those
            that a record which stays was made from.
    """
    reckoning = Reckoning(inventory, holdings)
    reckoning.add_containers(containers)
    reckoning.add_images(images)
    reckoning.add_volumes(volumes)
    reckoning.add_cache_records(removable_cache_records(inventory, cache_records))
    return reckoning.total()


class Reckoning:
    """Goes through removals in order: what each frees at that point, and what all do together.

    A layer counts at the step that its last image or container goes with. Where the build cache holds it as well,
    that step says "up to", and the records that may let it go later say that theirs is not known; only the total knows
    whether all of them went. What is added twice, or isn't there, frees nothing.
    """

    def __init__(self, inventory: Inventory, holdings: Holdings) -> None:
        self._inventory = inventory
        self._holdings = holdings
        self._ledger = LayerLedger(inventory, holdings)
        self._total = _Sum()
        self._layer_bytes = 0
        self._of_store = False
        """True when something went that lies in the store of images."""
        self._added: dict[str, set[str]] = {}
        usage = inventory.usage
        self._shared_left = sum(record.shared for record in usage.build_cache) if usage else 0
        """How many shared records of the build cache stay."""

    def add_containers(self, container_ids: Iterable[str]) -> Estimate:
        """Containers go at once, with their writable layers."""
        going = self._new("containers", container_ids, self._inventory.containers_by_id)
        step = _Sum()
        layer_bytes = self._release(step, self._ledger.remove_containers([container.id for container in going]))
        for container in going:
            if container.size_rw_bytes is None:
                step.more(Doubt.WRITABLE_SIZE)
            else:
                step.bytes += container.size_rw_bytes
        return self._done(step, layer_bytes, of_store=bool(going))

    def add_images(self, image_ids: Iterable[str]) -> Estimate:
        """Images go at once, whole."""
        going = self._new("images", image_ids, self._inventory.images_by_id)
        step = _Sum()
        released = self._ledger.remove_images([image.id for image in going])
        return self._done(step, self._release(step, released), of_store=bool(going))

    def add_volumes(self, names: Iterable[str]) -> Estimate:
        """Volumes go."""
        step = _Sum()
        for volume in self._new("volumes", names, self._inventory.volumes_by_name):
            if volume.options and device_of(volume):
                continue
            if volume.size_bytes is None:
                step.more(Doubt.VOLUME_SIZE)
            else:
                step.bytes += volume.size_bytes
        return self._done(step)

    def add_cache_records(self, record_ids: Iterable[str]) -> Estimate:
        """Records of the build cache go. The caller sees to it that they can: see :mod:`tui.model.removable`."""
        step = _Sum()
        lets_layers_go = False
        for record in self._new("cache records", record_ids, self._inventory.cache_records_by_id):
            self._shared_left -= record.shared
            lets_layers_go |= record.shared and self._layer_bytes > 0
            step.bytes += 0 if record.shared else record.size_bytes
            if record.id in self._understated:
                step.more(Doubt.CACHE_SIZE)
        if step.bytes and self._unlisted_under_containers:
            step.less(Doubt.BUILD_CACHE)
        return self._done(step, of_store=bool(step.bytes), lets_layers_go=lets_layers_go)

    def add_container(self, container_id: str) -> Estimate:
        """One of :meth:`add_containers`."""
        return self.add_containers((container_id,))

    def add_image(self, image_id: str) -> Estimate:
        """One of :meth:`add_images`."""
        return self.add_images((image_id,))

    def add_volume(self, name: str) -> Estimate:
        """One of :meth:`add_volumes`."""
        return self.add_volumes((name,))

    def add_cache_record(self, record_id: str) -> Estimate:
        """One of :meth:`add_cache_records`."""
        return self.add_cache_records((record_id,))

    def total(self) -> Estimate:
        """What all that was added frees together."""
        total = _Sum()
        total.add(self._total)
        if self._layer_bytes:
            self._doubt_layers(total)
        if self._of_store:
            _doubt_engine(total, self._inventory.host)
        return total.estimate()

    def _new(self, what: str, identities: Iterable[str], known: Mapping[str, Thing]) -> list[Thing]:
        """Those that are there and have not been added before."""
        before = self._added.setdefault(what, set())
        new = [identity for identity in dict.fromkeys(identities) if identity in known and identity not in before]
        before.update(new)
        return [known[identity] for identity in new]

    def _release(self, step: _Sum, released: Released) -> int:
        """Add what a removal released to ``step``; the bytes of it that others may hold."""
        if not released.sizes_known:
            step.more(Doubt.LAYER_SIZE)
        layer_bytes = released.bytes
        for image_id in released.unread:
            image = self._inventory.images_by_id.get(image_id)
            users = self._inventory.containers_by_image.get(image_id, ())
            whole = image.size_bytes if image else _image_part(users)
            doubt = Doubt.IMAGE_GONE if image_id in self._holdings.gone else Doubt.LAYERS_UNREAD
            if whole is None:
                step.more(doubt)
            else:
                layer_bytes += whole
                step.less(doubt)
        step.bytes += layer_bytes
        return layer_bytes

    def _done(
        self, step: _Sum, layer_bytes: int = 0, *, of_store: bool = False, lets_layers_go: bool = False
    ) -> Estimate:
        """Add ``step`` to the total; what it comes to by itself, now.

        ``lets_layers_go``: it may free layers that the total counts already, with the images that had them.
        """
        self._total.add(step)
        self._layer_bytes += layer_bytes
        self._of_store |= of_store
        if layer_bytes:
            self._doubt_layers(step)
        if lets_layers_go:
            step.more(Doubt.BUILD_CACHE)
        if of_store:
            _doubt_engine(step, self._inventory.host)
        return step.estimate()

    def _doubt_layers(self, of: _Sum) -> None:
        """What stays may hold the layers that seem to be free."""
        if self._ledger.holders_unread or not self._inventory.listed.issuperset({"images", "containers"}):
            of.less(Doubt.HOLDERS_UNREAD)
        if self._ledger.holders_gone:
            of.less(Doubt.IMAGE_GONE)
        if self._inventory.usage is None:
            of.less(Doubt.BUILD_CACHE_UNREAD)
        elif self._shared_left or (self._inventory.usage.build_cache and self._unlisted_under_containers):
            of.less(Doubt.BUILD_CACHE)

    @cached_property
    def _unlisted_under_containers(self) -> bool:
        """True when there is a container whose image is not listed: the engine calls no record shared with that one."""
        images = self._inventory.images_by_id
        return any(image_id and image_id not in images for image_id in self._inventory.containers_by_image)

    @cached_property
    def _understated(self) -> frozenset[str]:
        return understated_records(self._inventory)


def device_of(volume: Volume) -> str:
    """The folder or share a local volume only points to; empty when its files are its own."""
    return device_in(volume.driver, volume.options)


def device_in(driver: str, options: Mapping[str, str]) -> str:
    """The same of a volume's driver and options.

    ``docker volume create -o type=none -o o=bind -o device=/srv`` shows ``/srv``: removing such a
    volume leaves the files where they are (seen on 20.10 and 28), and ``df`` leaves it out. A tmpfs is
    nowhere else.
    """
    if driver != "local" or options.get("type") == "tmpfs":
        return ""
    return options.get("device", "")


def _image_part(containers: Iterable[Container]) -> int | None:
    """Bytes of the image under containers, as the disk usage tells them of one."""
    for container in containers:
        if container.size_root_fs_bytes is not None and container.size_rw_bytes is not None:
            return max(0, container.size_root_fs_bytes - container.size_rw_bytes)
    return None


def _doubt_engine(total: _Sum, host: Host | None) -> None:
    """Only the classic store of Docker's own engine gives figures that are true to the byte."""
    if host is not None and host.product == DOCKER and host.image_store != CONTAINERD_STORE:
        return
    total.rough = True
    total.doubts.add(Doubt.CONTAINERD_STORE if host and host.product == DOCKER else Doubt.OTHER_ENGINE)
