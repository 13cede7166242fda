"""One immutable photograph of everything an engine stores, with the cross-references between its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container
from tui.model.host import DiskUsage, Host
from tui.model.image import Image
from tui.model.volume import Volume


@dataclass(frozen=True)
class Inventory:
    """All images, containers and volumes at one moment.

    Built anew on every change and never mutated; the indexes below are worked out on first use.
    Fast facts come first: a part that has not been listed yet is empty and not among ``listed``;
    ``usage`` is ``None`` until the engine has walked its disks, and sizes that hang on it are then
    ``None`` too.
    """

    host: Host | None = None
    images: tuple[Image, ...] = ()
    containers: tuple[Container, ...] = ()
    volumes: tuple[Volume, ...] = ()
    listed: frozenset[str] = frozenset()
    """Which of ``images``, ``containers`` and ``volumes`` have been listed."""
    usage: DiskUsage | None = None

    @cached_property
    def images_by_id(self) -> Mapping[str, Image]:
        """Image ID -> image."""
        return {image.id: image for image in self.images}

    @cached_property
    def images_by_tag(self) -> Mapping[str, Image]:
        """``repository:tag`` -> image."""
        return {tag: image for image in self.images for tag in image.tags}

    @cached_property
    def containers_by_id(self) -> Mapping[str, Container]:
        """Container ID -> container."""
        return {container.id: container for container in self.containers}

    @cached_property
    def volumes_by_name(self) -> Mapping[str, Volume]:
        """Volume name -> volume."""
        return {volume.name: volume for volume in self.volumes}

    @cached_property
    def cache_records_by_id(self) -> Mapping[str, BuildCacheRecord]:
        """Record ID -> record of the build cache; empty while the disk usage has not been read."""
        return {record.id: record for record in self.usage.build_cache} if self.usage else {}

    @cached_property
    def containers_by_image(self) -> Mapping[str, tuple[Container, ...]]:
        """Image ID -> the containers made from it, in listing order."""
        users: defaultdict[str, list[Container]] = defaultdict(list)
        for container in self.containers:
            users[container.image_id].append(container)
        return {image_id: tuple(found) for image_id, found in users.items()}

    @cached_property
    def containers_by_volume(self) -> Mapping[str, tuple[Container, ...]]:
        """Volume name -> the containers that mount it, in listing order."""
        users: defaultdict[str, list[Container]] = defaultdict(list)
        for container in self.containers:
            for name in dict.fromkeys(container.volume_names):
                users[name].append(container)
        return {name: tuple(found) for name, found in users.items()}

    @cached_property
    def children_by_image(self) -> Mapping[str, tuple[Image, ...]]:
        """Image ID -> images whose ParentId it is (classic builder only)."""
        children: defaultdict[str, list[Image]] = defaultdict(list)
        for image in self.images:
            if image.parent_id:
                children[image.parent_id].append(image)
        return {image_id: tuple(found) for image_id, found in children.items()}

    @cached_property
    def parents_by_image(self) -> Mapping[str, str]:
        """Image ID -> its ParentId, for those that have one (classic builder only)."""
        return {image.id: image.parent_id for image in self.images if image.parent_id}

    @cached_property
    def cache_children_by_id(self) -> Mapping[str, tuple[BuildCacheRecord, ...]]:
        """ID of a build cache record -> the records made from it, which keep it; those with none are left out."""
        children: defaultdict[str, list[BuildCacheRecord]] = defaultdict(list)
        for record in self.cache_records_by_id.values():
            for parent in dict.fromkeys(record.parents):
                children[parent].append(record)
        return {record_id: tuple(found) for record_id, found in children.items()}

    def image_of(self, container: Container) -> Image | None:
        """The image a container was made from; ``None`` when it is no longer listed."""
        return self.images_by_id.get(container.image_id)

    def with_usage(self, usage: DiskUsage | None) -> Inventory:
        """The same photograph with sizes filled in from ``usage`` (or left as they are for ``None``)."""
        if usage is None:
            return self
        containers = tuple(_sized_container(container, usage) for container in self.containers)
        volumes = tuple(_sized_volume(volume, usage) for volume in self.volumes)
        return replace(self, containers=containers, volumes=volumes, usage=usage)


def _sized_container(container: Container, usage: DiskUsage) -> Container:
    """The container with its sizes; the very same record when they are there already."""
    own, whole = usage.containers.get(container.id, (container.size_rw_bytes, container.size_root_fs_bytes))
    if (own, whole) == (container.size_rw_bytes, container.size_root_fs_bytes):
        return container
    return container._replace(size_rw_bytes=own, size_root_fs_bytes=whole)


def _sized_volume(volume: Volume, usage: DiskUsage) -> Volume:
    """The volume with its size; the very same record when it is there already."""
    known = usage.volumes.get(volume.name)
    if known is None or known.size_bytes == volume.size_bytes:
        return volume
    return volume._replace(size_bytes=known.size_bytes)
