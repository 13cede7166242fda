"""The images pane."""

from __future__ import annotations

from collections.abc import Callable

from tui.model.image import ImageDetail
from tui.model.inventory import Inventory
from tui.model.place import Place
from tui.model.selection import Sort
from tui.panes.tree_pane import TreePane
from tui.present.image_tree import describe_image_place, image_nodes
from widgets.cell import RowText
from widgets.node import Node


class ImagesPane(TreePane):
    """Repository, tag, layers.

    Args:
        detail_of: image ID -> its detail, if it has been read.
    """

    TITLE = "Images"
    NUMBER = 1
    KIND = "images"

    def __init__(self, detail_of: Callable[[str], ImageDetail | None], sort: Sort = Sort.NAME) -> None:
        super().__init__(sort)
        self.detail_of = detail_of

    def nodes(self) -> tuple[Node, ...]:
        """The repositories and the dangling images."""
        return image_nodes(self.inventory, self.selection, self.detail_of)

    def describe_place(self, place: Place) -> RowText:
        """A repository, an image, a user or a layer."""
        return describe_image_place(place, self.selection)

    def _relevant(self, inventory: Inventory) -> tuple[object, ...]:
        return (inventory.images, inventory.containers, inventory.listed)
