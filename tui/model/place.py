"""What a row of the four trees stands for: a record in its surroundings, or a group of them."""

from __future__ import annotations

from typing import NamedTuple

from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container, Mount, Port
from tui.model.image import Image
from tui.model.layer import Layer
from tui.model.volume import Volume


class RepositoryPlace(NamedTuple):
    """A repository and the tagged images in it; ``dangling`` groups the untagged ones."""

    repository: str
    images: tuple[Image, ...]
    dangling: bool = False


class ImagePlace(NamedTuple):
    """One tag of an image, or an untagged image (``tag`` empty)."""

    image: Image
    tag: str
    users: tuple[Container, ...] = ()
    alone: bool = False
    """True when it stands for its whole repository, which has no other tag that is shown."""


class LayerPlace(NamedTuple):
    """One layer as part of one image."""

    image: Image
    layer: Layer


class ProjectPlace(NamedTuple):
    """A Compose project, or all standalone containers (``project`` empty)."""

    project: str
    containers: tuple[Container, ...]


class ContainerPlace(NamedTuple):
    """One container."""

    container: Container


class UserPlace(NamedTuple):
    """A container seen from the image or volume it uses: leads to the container."""

    container: Container
    mounts: tuple[Mount, ...] = ()
    """Where it mounts the volume it is seen from; empty when seen from an image."""


class ContainerImagePlace(NamedTuple):
    """The image of a container: leads to the image."""

    container: Container
    image: Image | None


class MountPlace(NamedTuple):
    """A mount of a container: leads to its volume, if it is one."""

    container: Container
    mount: Mount


class NetworkPlace(NamedTuple):
    """The networks and ports of a container."""

    container: Container
    network: str = ""
    port: Port | None = None


class VolumeGroupPlace(NamedTuple):
    """A group of volumes: ``in use``, ``unused`` or ``anonymous``."""

    group: str
    volumes: tuple[Volume, ...]


class VolumePlace(NamedTuple):
    """One volume and the containers that mount it."""

    volume: Volume
    users: tuple[Container, ...] = ()


class CachePlace(NamedTuple):
    """One record of the build cache."""

    record: BuildCacheRecord
    chained: bool = False
    """True when it was made from the record in the row above it."""


class NotePlace(NamedTuple):
    """A row that only says something."""

    text: str


Place = (
    RepositoryPlace
    | ImagePlace
    | LayerPlace
    | ProjectPlace
    | ContainerPlace
    | UserPlace
    | ContainerImagePlace
    | MountPlace
    | NetworkPlace
    | VolumeGroupPlace
    | VolumePlace
    | CachePlace
    | NotePlace
)
