"""The volumes as a tree: in use, unused or anonymous, then the volume, then the containers that mount it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tui.model.container import Container
from tui.model.inventory import Inventory
from tui.model.place import Place, UserPlace, VolumeGroupPlace, VolumePlace
from tui.model.selection import Selection, Sort, volume_traits
from tui.model.volume import Volume
from tui.present.container import user_row
from tui.present.volume import group_row, volume_row
from widgets.cell import RowText
from widgets.node import Node

GROUPS = ("in use", "unused", "anonymous")
_NOWHERE: Mapping[str, str] = MappingProxyType({})


def volume_nodes(
    inventory: Inventory, selection: Selection, kept_below: Mapping[str, str] = _NOWHERE
) -> tuple[Node, ...]:
    """The tree's roots: the groups that hold anything.

    ``kept_below`` are groups' keys by the keys of volumes that stay there for now, though their use may have changed.
    """
    groups: dict[str, list[Volume]] = {group: [] for group in GROUPS}
    used = inventory.containers_by_volume
    for volume in selection.apply(inventory.volumes, lambda volume: volume_traits(volume, in_use=volume.name in used)):
        group = kept_below.get(f"volume {volume.name}", "").removeprefix("group ")
        groups[group or _group(volume, inventory)].append(volume)
    return tuple(_group_node(group, found, inventory) for group, found in groups.items() if found)


def volume_path(volume: Volume, inventory: Inventory) -> tuple[str, ...]:
    """Keys from the root to the volume's row."""
    return (f"group {_group(volume, inventory)}", f"volume {volume.name}")


def describe_volume_place(place: Place, selection: Selection) -> RowText:
    """The row of a place in this tree."""
    match place:
        case VolumeGroupPlace():
            return group_row(place)
        case VolumePlace():
            return volume_row(place, by_age=selection.sort is Sort.AGE)
        case UserPlace():
            return user_row(place)
        case _:
            return RowText(())


def _group(volume: Volume, inventory: Inventory) -> str:
    if volume.anonymous:
        return "anonymous"
    return "in use" if volume.name in inventory.containers_by_volume else "unused"


def _group_node(group: str, found: list[Volume], inventory: Inventory) -> Node:
    children = tuple(_volume(volume, inventory) for volume in found)
    return Node(f"group {group}", VolumeGroupPlace(group, tuple(found)), children, open=True)


def _volume(volume: Volume, inventory: Inventory) -> Node:
    key = f"volume {volume.name}"
    users = inventory.containers_by_volume.get(volume.name, ())
    children = tuple(Node(f"{key} user {user.id}", _user(user, volume)) for user in users)
    return Node(key, VolumePlace(volume, users), children)


def _user(container: Container, volume: Volume) -> UserPlace:
    mounts = (mount for mount in container.mounts if mount.type == "volume" and mount.name == volume.name)
    return UserPlace(container, tuple(mounts))
