"""Two images side by side: the layers they share, and the paths in which they differ. Its commands work at it."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from tui.commands.compare_commands import COMPARE
from tui.commands.compare_desk import CompareSituation
from tui.commands.key_catalogue import KeyCatalogue
from tui.contents.source import FileSource, FileStack
from tui.model.file_stack import StackedFiles
from tui.model.image_comparison import Comparison, compare
from tui.model.layer_files import WITH_BODY, Kind
from tui.panes.compared_layers import ComparedLayers
from tui.panes.comparison_tree import ComparisonTree
from tui.present.comparison import ComparedLayer, Sides, brief_titles, names_line, path_facts, path_words, summary
from tui.present.files import KIND_WORDS, path_text
from tui.screens.keyed_screen import key_bindings
from tui.screens.paths_screen import PathsScreen
from widgets.cell import Cell
from widgets.fact_sheet import FactSheet
from widgets.outline import Outline
from widgets.text_line import TextLine


class CompareScreen(PathsScreen):
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

    tree_pane: ComparisonTree

    def __init__(self, left: FileSource, right: FileSource) -> None:
        self.layer_pane = ComparedLayers()
        tree = ComparisonTree()
        self.path_rule = TextLine(fill="─", id="path-rule")
        self.path_facts = FactSheet(id="path-facts")
        self.right_side = Vertical(tree, self.path_rule, self.path_facts, id="right")
        super().__init__(left, self.layer_pane, tree, self.right_side, side="files")
        self.left, self.right = left, right
        self.header = TextLine(id="header")
        self.sides: Sides | None = None
        self.stacked: tuple[StackedFiles, StackedFiles] | None = None
        self.times = True

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
        comparison = self.tree_pane.comparison
        words = summary(comparison) if comparison is not None else ()
        titles = self.left.title, self.right.title
        brief = brief_titles(*titles)
        lines = [(names_line(*names), told) for told in (words, ()) for names in (titles, brief)]
        # The fullest that fits; of names that are cut nobody could tell which of two tags is meant.
        fits = (line for line in lines if sum(cell_len(cell.text) for cell in (*line[0], *line[1])) < self.size.width)
        self.header.show(*next(fits, lines[-1]))

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
            opened=self.has_opened,
            in_files=self.in_files,
            anything=self.tree_pane.node is not None,
            filtered=bool(self.tree_pane.query_text),
            times=self.times,
        )

    @property
    def has_opened(self) -> bool:
        """True once both images are there, and not being read again."""
        return self.tree_pane.comparison is not None and not self.has_class("-opening")

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

    # -- the desk ---------------------------------------------------------------------------------

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
        elif entry.kind not in WITH_BODY:
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
