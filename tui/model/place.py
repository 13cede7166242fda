"""What a row of the three trees stands for: a record in its surroundings, or a group of them."""

from __future__ import annotations

from dataclasses import dataclass

from tui.model.container import Container, Mount, Port
from tui.model.image import Image
from tui.model.layer import Layer
from tui.model.volume import Volume


@dataclass(frozen=True, slots=True)
class RepositoryPlace:
    """A repository and the tagged images in it; ``dangling`` groups the untagged ones."""

    repository: str
    images: tuple[Image, ...]
    dangling: bool = False


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """One tag of an image, or an untagged image (``tag`` empty)."""

    image: Image
    tag: str
    users: tuple[Container, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerPlace:
    """One layer as part of one image."""

    image: Image
    layer: Layer


@dataclass(frozen=True, slots=True)
class ProjectPlace:
    """A Compose project, or all standalone containers (``project`` empty)."""

    project: str
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class ContainerPlace:
    """One container."""

    container: Container


@dataclass(frozen=True, slots=True)
class UserPlace:
    """A container seen from the image or volume it uses: leads to the container."""

    container: Container
    mounts: tuple[Mount, ...] = ()
    """Where it mounts the volume it is seen from; empty when seen from an image."""


@dataclass(frozen=True, slots=True)
class ContainerImagePlace:
    """The image of a container: leads to the image."""

    container: Container
    image: Image | None


@dataclass(frozen=True, slots=True)
class MountPlace:
    """A mount of a container: leads to its volume, if it is one."""

    container: Container
    mount: Mount


@dataclass(frozen=True, slots=True)
class NetworkPlace:
    """The networks and ports of a container."""

    container: Container
    network: str = ""
    port: Port | None = None


@dataclass(frozen=True, slots=True)
class VolumeGroupPlace:
    """A group of volumes: ``in use``, ``unused`` or ``anonymous``."""

    group: str
    volumes: tuple[Volume, ...]


@dataclass(frozen=True, slots=True)
class VolumePlace:
    """One volume and the containers that mount it."""

    volume: Volume
    users: tuple[Container, ...] = ()


@dataclass(frozen=True, slots=True)
class NotePlace:
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
    | NotePlace
)
