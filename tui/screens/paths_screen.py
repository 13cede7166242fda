"""Layers on one side, a tree of paths on the other: which side has the room and the keys, what the tree is asked."""

from __future__ import annotations

from typing import Protocol

from textual import events
from textual.widget import Widget

from tui.contents.source import FileSource
from tui.model.file_stack import Status
from tui.panes.file_tree import FileTree
from tui.screens.opening_screen import OpeningScreen
from widgets.fact_sheet import FactSheet
from widgets.line_view import LineView
from widgets.outline import Outline

NARROW = 100
"""Columns below which layers and paths take turns."""


class LayersSide(Protocol):
    """The layers, and below them the facts about the one under the cursor."""

    display: bool
    outline: Outline
    facts: FactSheet

    def set_exact(self, *, exact: bool) -> None:
        """Exact figures, or readable ones."""


class PathsScreen(OpeningScreen):
    """What the Files and the Compare screen have in common. Subclasses lay it out and fill it.

    Args:
        source: what is read.
        layers: the side with the layers.
        tree: the tree of paths.
        paths_side: the side with the tree; the tree itself by default.
        side: which side has the keys first, ``layers`` or ``files``.
    """

    def __init__(
        self, source: FileSource, layers: LayersSide, tree: FileTree, paths_side: Widget | None = None, *, side: str
    ) -> None:
        super().__init__(source)
        self.tree_pane = tree
        self._layers_side = layers
        self._paths_side: Widget = paths_side or tree
        self._zoomed = False
        self._side = side
        """Which side has, or last had, the keys."""

    # -- for subclasses ---------------------------------------------------------------------------

    @property
    def has_opened(self) -> bool:
        """True once there is something to go to on both sides."""
        raise NotImplementedError

    def settle(self) -> None:
        """The next keys are meant for the tree: show what belongs there, if that is still to come."""

    def _show_header(self) -> None:
        raise NotImplementedError

    # -- which side is shown ----------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Narrow terminals give the room to one side."""
        self._share_room(event.size.width)

    def _share_room(self, width: int) -> None:
        self.set_class(self._zoomed or width < NARROW, "-one")
        self._show_side()
        self._show_header()

    def _show_side(self) -> None:
        """Where there is room for one side only, show the one that has, or is to have, the keys."""
        # Not by another class: that would have every widget styled anew at every change of sides.
        one = self.has_class("-one")
        self._layers_side.display = not (one and self._side == "files")
        self._paths_side.display = not (one and self._side == "layers")

    def toggle_zoom(self) -> None:
        """The whole screen for the side that has the keys, or not."""
        self._zoomed = not self._zoomed
        self._share_room(self.size.width)

    # -- which side has the keys ------------------------------------------------------------------

    @property
    def in_files(self) -> bool:
        """True when the keys go to the tree."""
        focused = self.focused
        return focused is not None and (focused is self._paths_side or self._paths_side in focused.ancestors)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where there is room for one side only, it is the one that has the keys."""
        self._take_side("files" if self.in_files else "layers")
        super().on_descendant_focus(event)

    def focus_part(self, part: str) -> None:
        """Give the keys to ``layers``, ``files`` or ``facts``."""
        layers = self._layers_side
        targets = {"layers": layers.outline, "files": self.tree_pane.outline, "facts": layers.facts}
        if part == "files":
            self.settle()
        # What can't be seen can't have the focus: the sides change first.
        self._take_side("files" if part == "files" else "layers")
        self.set_focus(targets[part])

    def _take_side(self, side: str) -> None:
        if side != self._side:
            self._side = side
            self._show_side()

    def step_focus(self, by: int) -> None:
        """The other side; there are two."""
        if self.has_opened:
            self.focus_part("layers" if self.in_files else "files")

    def on_outline_edge_reached(self, event: Outline.EdgeReached) -> None:
        """Right leads from the layers to the paths, left back."""
        event.stop()
        if event.outline is self._layers_side.outline and event.direction == 2:
            self.focus_part("files")
        elif event.outline is self.tree_pane.outline and event.direction == -2:
            self.focus_part("layers")

    def on_line_view_left(self, event: LineView.Left) -> None:
        """From the facts to the layers."""
        event.stop()
        self.focus_part("layers")

    # -- what the tree is asked -------------------------------------------------------------------

    def clear(self) -> None:
        """Escape: the nearest thing that can be left."""
        if not self.has_opened:  # nothing else is in sight
            self.go_back()
        elif self._zoomed:
            self.toggle_zoom()
        elif not self.tree_pane.clear_filter():
            self.go_back()

    def toggle_status(self, status: Status) -> None:
        """Paths with this status, or not."""
        self.tree_pane.toggle_status(status)

    def cycle_sort(self) -> None:
        """The next order."""
        self.tree_pane.cycle_order()

    def begin_filter(self) -> None:
        """Type what paths have to match."""
        self.focus_part("files")
        self.tree_pane.begin_filter()

    def search_again(self, by: int) -> None:
        """Another match."""
        if not self.tree_pane.step_match(by):
            self.say("No path matches the filter.")

    def fold_all(self, *, opened: bool) -> None:
        """More open folders, or none."""
        if not opened:
            self.tree_pane.outline.close_all()
        elif not self.tree_pane.open_more():
            self.say(f"{len(self.tree_pane.outline.rows):,} rows are open; + opens more.")

    def toggle_exact(self) -> None:
        """Exact figures, or readable ones."""
        exact = not self.tree_pane.exact
        self.tree_pane.set_exact(exact=exact)
        self._layers_side.set_exact(exact=exact)
        self.say("Exact figures; x shows readable ones again." if exact else "Readable figures.")
