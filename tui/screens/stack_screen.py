"""Layers on the left, the files they make on the right: which are shown, and how to get from place to place."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.contents.source import FileSource, FileStack
from tui.model.file_stack import StackedFiles
from tui.model.file_view import FileView
from tui.model.waste import waste_of
from tui.panes.file_tree import FileTree
from tui.panes.file_views import FileViews
from tui.panes.stack_table import StackTable
from tui.present.files import mount_words
from tui.present.layer_stack import files_words, summary_line
from tui.screens.paths_screen import PathsScreen
from widgets.cell import Cell, Line, Role
from widgets.text_line import TextLine


class Spot(NamedTuple):
    """Where the user was."""

    layer: int
    alone: bool
    path: str


class StackScreen(PathsScreen):
    """Shows what was read: a table of layers, and the files of the one that is highlighted.

    Args:
        source: where the files come from.
        layer: number of the layer to begin with, 0 being the lowest; the topmost by default.
        path: the file to begin with, if any.
    """

    DEFAULT_CSS = """
    StackScreen {
        #header, #footer { background: $panel; }
        #layers { width: 3fr; min-width: 36; max-width: 64; }
        #files { width: 5fr; border-left: solid $rule; padding-left: 1; }
        &.-opening #sides { display: none; }
        &.-one #layers { max-width: 100%; }
        &.-one #files { border-left: none; padding-left: 0; }
    }
    """

    def __init__(self, source: FileSource, *, layer: int | None = None, path: str = "") -> None:
        self.table = StackTable()
        super().__init__(source, self.table, FileTree(), side="layers")
        self.header = TextLine(id="header")
        self.stack: FileStack | None = None
        self.views: FileViews | None = None
        self.alone = False
        self._first_layer = layer
        self._first_path = path
        self.jumped_here = bool(path)
        """Whether it was opened at a file that was found in another image's screen."""
        self._came_from: list[Spot] = []

    def compose(self) -> ComposeResult:
        """Header, layers beside files, footer; in their place, while there is nothing yet, how far the reading is."""
        yield self.header
        yield self.opening
        with Horizontal(id="sides"):
            yield self.table
            yield self.tree_pane
        yield self.footer

    def on_mount(self) -> None:
        """Begin to read."""
        self._show_header()
        self.show_keys()
        self.open_source()

    # -- what was read ----------------------------------------------------------------------------

    async def take_stack(self, stack: FileStack) -> None:
        """Lay the layers on each other and show them; what is wasted is counted when they are on the screen."""
        stacked = stack.stacked if stack.stacked is not None else await asyncio.to_thread(StackedFiles.of, stack.files)
        views = FileViews(stacked)
        self.table.show(stack)
        self.tree_pane.mounts = mount_words(stack.mounts)
        if self._first_layer is not None:
            self.table.choose(self._first_layer)
            self._first_layer = None
        if stack.layers:
            view = await views.fetch(self.table.chosen, alone=self.alone)
            self.stack, self.views = stack, views
            self._show_view(view)
        self.remove_class("-opening")
        self._show_header()
        if self._begin_at_path():
            self.focus_part("files")
        elif self.focused is None:
            self.focus_part(self._side)
        self.show_keys()
        # Not while they are being drawn: two threads would share one interpreter, and nobody waits for this one.
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()
        waste = await asyncio.to_thread(waste_of, stacked)
        self.table.show_waste(waste)
        self._show_header()

    def _begin_at_path(self) -> bool:
        """Once, put the cursor on the file that is to be begun with."""
        path, self._first_path = self._first_path, ""
        return bool(path) and self._show_spot(Spot(self.table.chosen, self.alone, path))

    def _show_header(self) -> None:
        name: Line = (
            Cell(" orlop ", Role.ACCENT),
            Cell(f" files of {self.source.kind} "),
            Cell(self.source.title, Role.STRONG),
        )
        if self.stack is None:
            self.header.show(name)
            return
        if self.stack.platform:
            name = (*name, Cell(f" {self.stack.platform}", Role.MUTED))
        paths = len(self.views.stack.paths) - 1 if self.views is not None else None
        full = summary_line(self.stack, self.table.waste, paths)
        room = self.size.width - sum(cell_len(cell.text) for cell in (*name, *full))
        self.header.show(name, full if room > 0 else summary_line(self.stack, self.table.waste, paths, brief=True))

    # -- which layer's files are shown ------------------------------------------------------------

    @property
    def view(self) -> FileView | None:
        """What the tree shows."""
        files = self.tree_pane.files
        return files if isinstance(files, FileView) else None

    def on_stack_table_layer_rested(self) -> None:
        """The tree follows the table."""
        self._follow()

    def _follow(self) -> None:
        """Show the files of the highlighted layer, at once or when they have been put together."""
        if self.views is None or self._is_current():
            return
        view = self.views.at_once(self.table.chosen, alone=self.alone)
        if view is not None:
            self._show_view(view)
        else:
            self.run_worker(self._fetch(self.views), group="view", exclusive=True)

    async def _fetch(self, views: FileViews) -> None:
        view = await views.fetch(self.table.chosen, alone=self.alone)
        if views is self.views and (view.layer, view.alone) == (self.table.chosen, self.alone):
            self._show_view(view)

    def _is_current(self) -> bool:
        view = self.view
        return (
            view is not None
            and self.views is not None
            and view.stack is self.views.stack
            and (view.layer, view.alone) == (self.table.chosen, self.alone)
        )

    def settle(self) -> None:
        """Show the highlighted layer's files now: the next keys are meant for them."""
        if self.views is not None and not self._is_current():
            self._show_view(self.views.now(self.table.chosen, alone=self.alone))

    def _show_view(self, view: FileView) -> None:
        assert self.stack is not None  # there are no views without
        self.table.show_changes(view.changes())
        self.tree_pane.elsewhere = " here; a looks up to this layer" if view.alone else ""
        self.tree_pane.show(view, files_words(self.stack, view.layer, alone=view.alone), lead_to_changes=view.alone)

    def step_layer(self, by: int) -> None:
        """The layer above or below."""
        if self.stack is not None and 0 <= self.table.chosen + by < len(self.stack.layers):
            self.table.choose(self.table.chosen + by)
            self._follow()

    def toggle_alone(self) -> None:
        """The layer alone, or all up to it."""
        self.alone = not self.alone
        self._follow()
        self.show_keys()

    # -- going from place to place ----------------------------------------------------------------

    def go_to(self, layer: int, path: str) -> bool:
        """Show a path as a layer leaves it, and remember where that was asked for; False when it isn't there."""
        if self.views is None or self.view is None:
            return False
        here = Spot(self.view.layer, self.view.alone, self.tree_pane.path)
        if self._show_spot(Spot(layer, self.alone, path)) or self._show_spot(Spot(layer, False, path)):
            self._came_from.append(here)
            self.focus_part("files")
            self.show_keys()
            return True
        self._show_spot(here)
        return False

    def _show_spot(self, spot: Spot) -> bool:
        if self.views is None:
            return False
        self.table.choose(spot.layer)
        self.alone = spot.alone
        self.settle()
        node = self.views.stack.node(spot.path)
        return node is not None and self.tree_pane.reveal(node)

    def jump_back(self) -> None:
        """To where the last jump came from; that may be the screen below."""
        if self._came_from:
            self._show_spot(self._came_from.pop())
            self.focus_part("files")
            self.show_keys()
        elif self.jumped_here:
            self.go_back()
