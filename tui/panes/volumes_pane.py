"""The volumes pane."""

from __future__ import annotations

from tui.model.inventory import Inventory
from tui.model.place import Place
from tui.panes.tree_pane import TreePane
from tui.present.volume_tree import describe_volume_place, volume_nodes
from widgets.cell import RowText
from widgets.node import Node


class VolumesPane(TreePane):
    """Use, volume, who mounts it."""

    TITLE = "Volumes"
    NUMBER = 3
    KIND = "volumes"

    def nodes(self) -> tuple[Node, ...]:
        """The groups of volumes."""
        return volume_nodes(self.inventory, self.selection, self.order.groups)

    def describe_place(self, place: Place) -> RowText:
        """A group, a volume, or a container that mounts it."""
        return describe_volume_place(place, self.selection)

    def _relevant(self, inventory: Inventory) -> tuple[object, ...]:
        return (inventory.volumes, inventory.containers, inventory.listed)
