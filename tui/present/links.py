"""Where Enter leads from a place: the row of another object."""

from __future__ import annotations

from tui.model.inventory import Inventory
from tui.model.place import ContainerImagePlace, MountPlace, Place, UserPlace
from tui.present.container_tree import container_path
from tui.present.image_tree import image_path
from tui.present.volume_tree import volume_path

Link = tuple[str, tuple[str, ...]]
"""The pane (``images``, ``containers`` or ``volumes``) and the keys from its root to the row."""


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
