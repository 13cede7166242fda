"""Where Enter leads from a place: the row of another object."""

from __future__ import annotations

from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.place import ContainerImagePlace, MountPlace, Place, UserPlace
from tui.present.cache_tree import cache_path
from tui.present.container_tree import container_path
from tui.present.image_tree import image_path
from tui.present.volume_tree import volume_path

Link = tuple[str, tuple[str, ...]]
"""The pane (``images``, ``containers``, ``volumes`` or ``cache``) and the keys from its root to the row."""


def link_of(place: Place | None, inventory: Inventory) -> Link | None:
    """The object that a place leads to; ``None`` when it leads nowhere."""
    match place:
        case ContainerImagePlace() if place.image is not None:
            return "images", image_path(place.image, place.container.image)
        case MountPlace() if place.mount.name in inventory.volumes_by_name:
            return "volumes", volume_path(inventory.volumes_by_name[place.mount.name], inventory)
        case UserPlace():
            return "containers", container_path(place.container)
        case _:
            return None


def link_of_mark(mark: Mark, inventory: Inventory) -> Link | None:
    """The row of what is marked; ``None`` when it is no longer there."""
    match mark.kind:
        case Kind.IMAGE if mark.id in inventory.images_by_id:
            return "images", image_path(inventory.images_by_id[mark.id], mark.tag)
        case Kind.CONTAINER if mark.id in inventory.containers_by_id:
            return "containers", container_path(inventory.containers_by_id[mark.id])
        case Kind.VOLUME if mark.id in inventory.volumes_by_name:
            return "volumes", volume_path(inventory.volumes_by_name[mark.id], inventory)
        case Kind.CACHE_RECORD if mark.id in inventory.cache_records_by_id:
            return "cache", cache_path(mark.id, inventory)
        case _:
            return None
