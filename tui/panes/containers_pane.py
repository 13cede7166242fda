"""The containers pane."""

from __future__ import annotations

from tui.model.inventory import Inventory
from tui.model.place import Place
from tui.panes.tree_pane import TreePane
from tui.present.container_tree import container_nodes, describe_container_place
from widgets.cell import RowText
from widgets.node import Node


class ContainersPane(TreePane):
    """Project, container, what it is made of."""

    TITLE = "Containers"
    NUMBER = 2
    KIND = "containers"

    def nodes(self) -> tuple[Node, ...]:
        """The projects and the standalone containers."""
        return container_nodes(self.inventory, self.selection)

    def describe_place(self, place: Place) -> RowText:
        """A project, a container, or a part of one."""
        return describe_container_place(place, self.selection)

    def _relevant(self, inventory: Inventory) -> tuple[object, ...]:
        return (inventory.containers, inventory.images, inventory.listed)
