"""Which tabs a place has, and what stands in the tabs that are made of facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tui.model import late_records
from tui.model.container import Container, ContainerDetail
from tui.model.image import Image, ImageDetail
from tui.model.inventory import Inventory
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
    VolumeGroupPlace,
    VolumePlace,
)
from tui.model.volume import VolumeDetail
from tui.present import container as containers
from tui.present import image as images
from tui.present import volume as volumes
from tui.present.layer import layer_sections
from widgets.cell import Cell, Fact, Role, Section

OVERVIEW, LAYERS, CHANGES, STORAGE = "Overview", "Layers", "Changes", "Storage"
ENVIRONMENT, LABELS, MOUNTS, INSPECT = "Env", "Labels", "Mounts", "Inspect"

LAYERS_UNREAD = "f reads what lies in its layers, and what of it is waste."
"""What stands in the place of an image's waste while nobody has read its layers."""

Detail = ImageDetail | ContainerDetail | VolumeDetail
"""What an inspect tells, of whichever kind."""


class Subject(NamedTuple):
    """The object whose details are shown for a place: an image, a container or a volume."""

    kind: str
    """``image``, ``container``, ``volume``, or empty for groups and other places without an inspect."""
    id: str


def subject_of(place: Place | None, inventory: Inventory) -> Subject:
    """The object that a place's details are about."""
    match place:
        case ImagePlace() | LayerPlace():
            return Subject("image", place.image.id)
        case ContainerPlace() | NetworkPlace():
            return Subject("container", place.container.id)
        case UserPlace():
            return Subject("container", place.container.id)
        case ContainerImagePlace() if place.image is not None:
            return Subject("image", place.image.id)
        case MountPlace() if place.mount.name in inventory.volumes_by_name:
            return Subject("volume", place.mount.name)
        case VolumePlace():
            return Subject("volume", place.volume.name)
        case _:
            return Subject("", "")


def tabs_of(place: Place | None, inventory: Inventory) -> tuple[str, ...]:
    """The tabs that apply to a place."""
    match subject_of(place, inventory).kind:
        case "image":
            return (OVERVIEW, LAYERS, STORAGE, ENVIRONMENT, LABELS, INSPECT)
        case "container":
            return (OVERVIEW, CHANGES, STORAGE, ENVIRONMENT, LABELS, MOUNTS, INSPECT)
        case "volume":
            return (OVERVIEW, LABELS, INSPECT)
        case _:
            return (OVERVIEW,)


def raw_of(detail: Detail | None) -> Any:
    """The engine's inspect answer behind a detail; ``None`` while there is none."""
    return None if detail is None else detail.raw


def overview(
    place: Place | None,
    inventory: Inventory,
    detail: Detail | None,
    sharers: Sequence[Image] | None,
    waste: late_records.Waste | None = None,
) -> tuple[Section, ...]:
    """A place in plain words.

    Args:
        sharers: the other images that hold the layer, if it is a layer.
        waste: what of the image is waste, if it is an image and its layers have been read.
    """
    match place:
        case None:
            return images.nothing("Nothing is highlighted.")
        case RepositoryPlace():
            return images.repository_sections(place)
        case ImagePlace():
            return _image(place.image, place.tag, inventory, detail, waste)
        case LayerPlace():
            count = len(detail.layers) if isinstance(detail, ImageDetail) else 0
            return layer_sections(place.layer, place.image.size_bytes, sharers, count=count)
        case ProjectPlace():
            return containers.project_sections(place)
        case ContainerPlace() | UserPlace() | NetworkPlace():
            return _container(place.container, inventory, detail)
        case ContainerImagePlace():
            return _image_of_container(place, inventory, detail, waste)
        case MountPlace():
            return _mount(place, inventory, detail)
        case VolumeGroupPlace():
            return volumes.group_sections(place)
        case VolumePlace():
            return volumes.volume_sections(place, detail if isinstance(detail, VolumeDetail) else None)
        case CachePlace():
            from tui.present.cache import cache_sections  # noqa: PLC0415 - most starts go to no record

            return cache_sections(place.record, inventory)
        case _:
            return ()


def _image(
    image: Image, tag: str, inventory: Inventory, detail: Detail | None, waste: late_records.Waste | None
) -> tuple[Section, ...]:
    users = inventory.containers_by_image.get(image.id, ())
    known = detail if isinstance(detail, ImageDetail) else None
    identity, used_by, *others = images.image_sections(ImagePlace(image, tag, users), inventory, known)
    return (identity, used_by, *_waste(waste, known), *others)


def _waste(waste: late_records.Waste | None, detail: ImageDetail | None) -> tuple[Section, ...]:
    """What of an image is waste, or how to find out."""
    if waste is None:
        return (_hint(LAYERS_UNREAD),)
    from tui.present.waste_words import waste_sections  # noqa: PLC0415 - the first screen knows of no waste yet

    return waste_sections(waste, detail.layers if detail else ())


def _container(container: Container, inventory: Inventory, detail: Detail | None) -> tuple[Section, ...]:
    known = detail if isinstance(detail, ContainerDetail) else None
    return containers.container_sections(container, inventory, known)


def _image_of_container(
    place: ContainerImagePlace, inventory: Inventory, detail: Detail | None, waste: late_records.Waste | None
) -> tuple[Section, ...]:
    if place.image is None:
        return images.nothing(
            f"The image {place.container.image_id or place.container.image} is no longer listed, "
            "but the container still holds its layers."
        )
    return (*_image(place.image, place.container.image, inventory, detail, waste), _hint("Enter goes to the image."))


def _mount(place: MountPlace, inventory: Inventory, detail: Detail | None) -> tuple[Section, ...]:
    sections = containers.mount_sections((place.mount,))
    volume = inventory.volumes_by_name.get(place.mount.name)
    if volume is None:
        return sections
    users = inventory.containers_by_volume.get(volume.name, ())
    known = detail if isinstance(detail, VolumeDetail) else None
    facts = volumes.volume_sections(VolumePlace(volume, users), known)
    return (*sections, *facts, _hint("Enter goes to the volume."))


def _hint(sentence: str) -> Section:
    return Section("", (Fact("", (Cell(sentence, Role.MUTED),)),))


def fact_tab(tab: str, place: Place | None, inventory: Inventory, detail: Detail | None) -> tuple[Section, ...]:
    """The sections of the Env, Labels or Mounts tab; a word of patience while the inspect is under way."""
    match tab, detail:
        case "Labels", ImageDetail() | ContainerDetail():
            return images.label_sections(detail.labels)
        case "Labels", VolumeDetail():
            return images.label_sections(detail.volume.labels)
        case "Env", ImageDetail() | ContainerDetail():
            return images.environment_sections(detail.environment)
        case "Mounts", ContainerDetail():
            return containers.mount_sections(detail.mounts)
        case _:
            return images.nothing("reading…")
