"""Two images side by side: the layers they share, and the paths in which they differ. Its commands work at it."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from tui.commands.compare_commands import COMPARE
from tui.commands.compare_desk import CompareSituation
from tui.commands.key_catalogue import KeyCatalogue
from tui.contents.source import FileSource, FileStack
from tui.model.file_stack import StackedFiles, Status
from tui.model.image_comparison import Comparison, compare
from tui.model.layer_files import Kind
from tui.panes.compared_layers import ComparedLayers
from tui.panes.comparison_tree import ComparisonTree
from tui.present.comparison import ComparedLayer, Sides, path_facts, path_words, summary
from tui.present.files import KIND_WORDS, path_text
from tui.screens.keyed_screen import key_bindings
from tui.screens.opening_screen import OpeningScreen
from widgets.cell import Cell, Role
from widgets.fact_sheet import FactSheet
from widgets.line_view import LineView
from widgets.outline import Outline
from widgets.text_line import TextLine

NARROW = 100
"""Columns below which layers and paths take turns."""
_WITH_BODY = frozenset({Kind.FILE, Kind.HARD_LINK, Kind.UNKNOWN})


class CompareScreen(OpeningScreen):
    """Reads two images, and shows in what they differ. It is the desk of its commands.

    Args:
        left: where the files on the left come from.
        right: where those on the right come from.
    """

    CATALOGUE: ClassVar[KeyCatalogue[Any, Any]] = COMPARE
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(COMPARE)
    AUTO_FOCUS = ""  # None would leave it to the app, which takes the first there is
    DEFAULT_CSS = """
    CompareScreen {
        #header, #footer { background: $panel; }
        #layers { width: 2fr; min-width: 40; max-width: 64; }
        #right { width: 3fr; border-left: solid $rule; padding-left: 1; }
        #path-rule { color: $rule; }
        #path-facts { height: 4; }
        &.-opening #sides { display: none; }
        &.-one #layers { max-width: 100%; }
        &.-one #right { border-left: none; padding-left: 0; }
    }
    """

    def __init__(self, left: FileSource, right: FileSource) -> None:
        super().__init__(left)
        self.left, self.right = left, right
        self.header = TextLine(id="header")
        self.layer_pane = ComparedLayers()
        self.tree_pane = ComparisonTree()
        self.path_rule = TextLine(fill="─", id="path-rule")
        self.path_facts = FactSheet(id="path-facts")
        self.right_side = Vertical(self.tree_pane, self.path_rule, self.path_facts, id="right")
        self.sides: Sides | None = None
        self.stacked: tuple[StackedFiles, StackedFiles] | None = None
        self.times = True
        self._zoomed = False
        self._side = "files"
        """Which side has, or last had, the keys: ``layers`` or ``files``."""

    def compose(self) -> ComposeResult:
        """Header, layers beside paths, footer; in their place, while there is nothing yet, how far the reading is."""
        yield self.header
        yield self.opening
        with Horizontal(id="sides"):
            yield self.layer_pane
            yield self.right_side
        yield self.footer

    def on_mount(self) -> None:
        """Begin to read."""
        self.path_facts.can_focus = False
        self._show_header()
        self.show_keys()
        self.open_source()

    def on_resize(self, event: events.Resize) -> None:
        """Narrow terminals give the room to one side."""
        self._share_room(event.size.width)

    def _share_room(self, width: int) -> None:
        self.set_class(self._zoomed or width < NARROW, "-one")
        self._show_side()
        self._show_header()

    def _show_side(self) -> None:
        one = self.has_class("-one")
        self.layer_pane.display = not (one and self._side == "files")
        self.right_side.display = not (one and self._side == "layers")

    # -- reading and comparing --------------------------------------------------------------------

    def open_source(self) -> None:
        """Read both, the left one first."""
        self.source = self.left
        super().open_source()

    async def take_stack(self, stack: FileStack) -> None:
        """The left one has been read: read the right one, and compare."""
        self.source, self._reading = self.right, None  # what is said of progress and of problems is said of it
        other = await self.right.open(self._note)
        self.sides = Sides(self.left.title, self.right.title, stack, other)
        self.stacked = (await _stacked(stack), await _stacked(other))
        await self._compare()
        self.remove_class("-opening")
        if self.focused is None:
            self.focus_part(self._side)
        self.show_keys()

    async def _compare(self) -> None:
        """Compare what was read; the user stays where they are."""
        sides, stacked = self.sides, self.stacked
        if sides is None or stacked is None:
            return
        made = await asyncio.to_thread(_made, sides, stacked, self.times)
        if sides is not self.sides:
            return  # swapped meanwhile
        self.layer_pane.show(sides, made, times=self.times)
        self.tree_pane.show(made, (Cell("Left → right"),), lead_to_changes=True)
        self._show_header()
        self._show_path()

    def _show_header(self) -> None:
        name = (
            Cell(" orlop ", Role.STRONG),
            Cell(" compare "),
            Cell("− ", Role.BAD),
            Cell(self.left.title, Role.ACCENT),
            Cell(" with "),
            Cell("+ ", Role.GOOD),
            Cell(self.right.title, Role.ACCENT),
        )
        comparison = self.tree_pane.comparison
        words = summary(comparison) if comparison is not None else ()
        room = self.size.width - sum(cell_len(cell.text) for cell in (*name, *words))
        self.header.show(name, words if room > 0 else ())

    def _show_path(self) -> None:
        comparison, node = self.tree_pane.comparison, self.tree_pane.node
        if comparison is None or node is None:
            self.path_rule.show(())
            self.path_facts.show("", ())
        else:
            self.path_rule.show(*path_words(comparison, node))
            self.path_facts.show(self.tree_pane.path, path_facts(comparison, node))

    # -- keys and focus ---------------------------------------------------------------------------

    @property
    def situation(self) -> CompareSituation:
        """Everything that which commands apply hangs on."""
        return CompareSituation(
            opened=self.tree_pane.comparison is not None and not self.has_class("-opening"),
            in_files=self.in_files,
            anything=self.tree_pane.node is not None,
            filtered=bool(self.tree_pane.query_text),
            times=self.times,
        )

    @property
    def in_files(self) -> bool:
        """True when the keys go to the paths."""
        return self.focused is not None and self.right_side in self.focused.ancestors

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where there is room for one side only, it is the one that has the keys."""
        self._take_side("files" if self.in_files else "layers")
        super().on_descendant_focus(event)

    def focus_part(self, part: str) -> None:
        """Give the keys to ``layers``, ``files`` or ``facts``."""
        targets = {"layers": self.layer_pane.outline, "files": self.tree_pane.outline, "facts": self.layer_pane.facts}
        # What can't be seen can't have the focus: the sides change first.
        self._take_side("files" if part == "files" else "layers")
        self.set_focus(targets[part])

    def _take_side(self, side: str) -> None:
        if side != self._side:
            self._side = side
            self._show_side()

    def step_focus(self, by: int) -> None:
        """The other side; there are two."""
        if self.situation.opened:
            self.focus_part("layers" if self.in_files else "files")

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """The facts follow the cursor of the tree."""
        event.stop()
        if event.outline is self.tree_pane.outline:
            self._show_path()
            self.show_keys()

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: from the layers to the paths; a folder opens, a file is shown."""
        event.stop()
        if event.outline is not self.tree_pane.outline:
            self.focus_part("files")
        elif not self.tree_pane.toggle_fold():
            self.view_side(left=False)

    def on_outline_edge_reached(self, event: Outline.EdgeReached) -> None:
        """Right leads from the layers to the paths, left back."""
        event.stop()
        if event.outline is self.layer_pane.outline and event.direction == 2:
            self.focus_part("files")
        elif event.outline is self.tree_pane.outline and event.direction == -2:
            self.focus_part("layers")

    def on_line_view_left(self, event: LineView.Left) -> None:
        """From the facts to the layers."""
        event.stop()
        self.focus_part("layers")

    # -- the desk ---------------------------------------------------------------------------------

    def clear(self) -> None:
        """Escape: the nearest thing that can be left."""
        if self._zoomed:
            self.toggle_zoom()
        elif not self.tree_pane.clear_filter():
            self.go_back()

    def go_back(self) -> None:
        """Stop what is being read and leave."""
        self.stop_opening()
        super().go_back()

    def refresh_world(self) -> None:
        """Read again."""
        if not self.is_opening:
            self.open_source()

    def swap_sides(self) -> None:
        """Left becomes right."""
        if self.sides is None or self.stacked is None:
            return
        self.left, self.right = self.right, self.left
        self.sides = Sides(self.sides.right_title, self.sides.left_title, self.sides.right, self.sides.left)
        self.stacked = (self.stacked[1], self.stacked[0])
        self.run_worker(self._compare(), group="compare", exclusive=True)

    def toggle_times(self) -> None:
        """Count another time of change as a difference, or not."""
        self.times = not self.times
        self.run_worker(self._compare(), group="compare", exclusive=True)
        self.show_keys()

    def toggle_status(self, status: Status) -> None:
        """Paths with this status, or not."""
        self.tree_pane.toggle_status(status)

    def cycle_sort(self) -> None:
        """By what differs, by size or by name."""
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

    def toggle_zoom(self) -> None:
        """The whole screen for the side that has the keys, or not."""
        self._zoomed = not self._zoomed
        self._share_room(self.size.width)

    def toggle_exact(self) -> None:
        """Exact figures, or readable ones."""
        exact = not self.tree_pane.exact
        self.tree_pane.set_exact(exact=exact)
        self.layer_pane.set_exact(exact=exact)
        self.say("Exact figures; x shows readable ones again." if exact else "Readable figures.")

    def copy_path(self) -> None:
        """The path, or the layer's diff ID."""
        if self.in_files:
            self.copy(path_text(self.tree_pane.path) if self.tree_pane.node is not None else "")
        else:
            spot = self.layer_pane.spot
            self.copy(spot.layer.diff_id if isinstance(spot, ComparedLayer) else "")

    def view_side(self, *, left: bool) -> None:
        """Show what is in the file of one side; on the right, of one that is only on the left, that."""
        comparison, node = self.tree_pane.comparison, self.tree_pane.node
        if comparison is None or node is None:
            return
        here, there = comparison.entries(node)
        left = left or there is None
        entry = here if left else there
        if entry is None:
            self.say("It is not on the left.")
        elif entry.kind not in _WITH_BODY:
            self.say(f"This is a {KIND_WORDS[entry.kind]}: there is nothing in it to look at.")
        else:
            from tui.screens.file_dialog import FileDialog  # noqa: PLC0415 - most never look into one

            stack = comparison.left if left else comparison.right
            own = stack.node(entry.path)
            seen = stack.entry_at(own, stack.top) if own is not None else None
            if seen is not None:
                size = entry.size_bytes if entry.kind is Kind.FILE else None
                self.app.push_screen(FileDialog(self.left if left else self.right, seen[0], entry, size))


async def _stacked(stack: FileStack) -> StackedFiles:
    return stack.stacked if stack.stacked is not None else await asyncio.to_thread(StackedFiles.of, stack.files)


def _made(sides: Sides, stacked: tuple[StackedFiles, StackedFiles], times: bool) -> Comparison:
    made = compare(*stacked, sides.left.layers, sides.right.layers, times=times)
    made.changes()  # counted here, in the thread: it is remembered
    return made
