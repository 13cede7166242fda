"""What ``y`` and ``Y`` copy: the whole ID of a place, and its name."""

from __future__ import annotations

from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.place import (
    CachePlace,
    ContainerImagePlace,
    ContainerPlace,
    ImagePlace,
    LayerPlace,
    MountPlace,
    NetworkPlace,
    Place,
    ProjectPlace,
    RepositoryPlace,
    UserPlace,
    VolumePlace,
)
from tui.present.container import port_text
from tui.present.figures import short_id


def identity_of(place: Place | None) -> str:
    """The whole ID (a volume's is its name); a group's name, which is all it has."""
    match place:
        case ImagePlace():
            return place.image.id
        case LayerPlace():
            return place.layer.diff_id
        case ContainerPlace() | UserPlace():
            return place.container.id
        case ContainerImagePlace():
            return place.container.image_id
        case CachePlace():
            return place.record.id
        case _:
            return name_of(place)


def name_of_image(image: Image) -> str:
    """Its first tag; the first digits of its ID where there is none."""
    return next(iter(image.tags), "") or short_id(image.id)


def name_of(place: Place | None) -> str:
    """The name people use; the ID where there is none."""
    match place:
        case RepositoryPlace():
            return place.repository
        case ImagePlace():
            return place.tag or place.image.id
        case LayerPlace():
            return place.layer.chain_id
        case ProjectPlace():
            return place.project
        case ContainerPlace() | UserPlace():
            return place.container.name or place.container.id
        case ContainerImagePlace():
            return place.container.image
        case MountPlace():
            return place.mount.name or place.mount.source or place.mount.destination
        case NetworkPlace():
            return place.network or (port_text(place.port) if place.port else "")
        case VolumePlace():
            return place.volume.name
        case CachePlace():
            return place.record.description or place.record.id
        case _:
            return ""


def name_of_mark(mark: Mark, inventory: Inventory) -> str:
    """What people call the thing that is marked; the first digits of its ID where it has no name."""
    match mark.kind:
        case Kind.IMAGE:
            return mark.tag or short_id(mark.id)
        case Kind.CONTAINER:
            container = inventory.containers_by_id.get(mark.id)
            return (container.name if container else "") or short_id(mark.id)
        case Kind.VOLUME:
            return short_id(mark.id) if len(mark.id) == 64 else mark.id
        case Kind.CACHE_RECORD:
            return short_id(mark.id)
