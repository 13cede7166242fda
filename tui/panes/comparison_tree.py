"""The paths in which two images differ, as a tree with both sides' figures."""

from __future__ import annotations

from itertools import cycle, dropwhile, islice

from tui.model.file_stack import Status
from tui.model.file_view import ALL_STATUSES, FileOrder
from tui.model.image_comparison import Comparison
from tui.panes.file_tree import FileTree
from tui.present.comparison import path_heads, path_row
from widgets.cell import Cell, Role, RowText
from widgets.node import Node

_ORDERS = (FileOrder.CHANGE, FileOrder.SIZE, FileOrder.NAME)


class ComparisonTree(FileTree):
    """A file tree of a comparison: at first only what differs, where most bytes do first."""

    DEFAULT_CSS = """
    ComparisonTree > #files-title { color: $rule; }
    ComparisonTree:focus-within > #files-title { color: $rule-focused; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.order = FileOrder.CHANGE
        self.statuses = ALL_STATUSES - {Status.UNCHANGED}

    @property
    def comparison(self) -> Comparison | None:
        """What it shows."""
        return self.files if isinstance(self.files, Comparison) else None

    def rebuild(self) -> None:
        """Make the tree again."""
        super().rebuild()
        if not self.query_text and self.comparison is not None:
            changes = self.comparison.changes()
            if not any(entries for status, (entries, _) in changes.items() if status is not Status.UNCHANGED):
                self.outline.empty = "no path differs; U shows them all"

    def cycle_order(self) -> FileOrder:
        """By what differs, by size, by name."""
        self.order = next(islice(dropwhile(lambda order: order is not self.order, cycle(_ORDERS)), 1, None))
        self.rebuild()
        return self.order

    def _describe(self, node: Node) -> RowText:
        if self.comparison is None or not isinstance(node.data, int):
            return RowText(())
        width = self.outline.scrollable_content_region.width
        return path_row(self.comparison, node.data, width=width, exact=self.exact)

    def _show_words(self) -> None:
        super()._show_words()
        width = self.outline.scrollable_content_region.width
        self.heads.show((Cell("    name", Role.MUTED),), path_heads(width=width, exact=self.exact))
