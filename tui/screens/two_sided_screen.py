"""What the layer tree and the storage map have in common: an outline, and beside it what its row is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget

from tui.keeper import LinkState
from tui.model.inventory import Inventory
from tui.present.links import Link
from tui.screens.header import EngineHeader
from tui.screens.keyed_screen import KeyedScreen
from widgets.cell import Line, RowText
from widgets.fact_sheet import FactSheet
from widgets.line_view import LineView
from widgets.node import Node
from widgets.outline import Outline
from widgets.text_line import TextLine

if TYPE_CHECKING:
    # For annotations only: the main screen is there before anything can be laid over it.
    from tui.screens.main_screen import MainScreen

NARROW = 100
"""Columns below which the other side lies below the outline."""


class TwoSidedScreen(KeyedScreen):
    """An outline on one side, facts on the other; it follows what the main screen knows.

    Args:
        main: the screen it is laid over, which knows the inventory and the link.
    """

    DEFAULT_CSS = """
    TwoSidedScreen {
        #header, #footer { background: $panel; }
        .rule { color: $rule; }
        #sides { layout: horizontal; }
        #near { width: 3fr; }
        #near:focus-within > #title { color: $rule-focused; }
        #far { width: 2fr; border-left: solid $rule; padding-left: 1; }
        #far:focus-within { border-left: solid $rule-focused; }
        &.-narrow #sides { layout: vertical; }
        &.-narrow #near { width: 100%; height: 3fr; }
        &.-narrow #far {
            width: 100%; height: 2fr; border-left: none; border-top: solid $rule; padding-left: 0;
            layout: horizontal;
        }
        &.-narrow #far:focus-within { border-top: solid $rule-focused; }
        &.-stale #sides { opacity: 60%; }
    }
    """

    def __init__(self, main: MainScreen) -> None:
        super().__init__()
        self.main = main
        self.header = EngineHeader(main.header.endpoint, read_only=main.read_only)
        self.title_line = TextLine(fill="─", id="title", classes="rule")
        self.outline = Outline(self.describe, id="outline")
        self.facts = FactSheet(id="facts")
        self.exact = False

    # -- for subclasses ---------------------------------------------------------------------------

    def describe(self, node: Node) -> RowText:
        """How a row of the outline reads."""
        raise NotImplementedError

    def above(self) -> Iterable[Widget]:
        """What stands between the title and the outline."""
        return ()

    def beside(self) -> Iterable[Widget]:
        """What stands on the other side, the facts among it."""
        return (self.facts,)

    def below(self) -> Iterable[Widget]:
        """What stands above the footer."""
        return ()

    def stops(self) -> tuple[Widget, ...]:
        """What Tab goes to, in turn."""
        return (self.outline, self.facts)

    def world_changed(self) -> None:
        """The inventory is another one, or the link has changed."""
        raise NotImplementedError

    def row_changed(self) -> None:
        """The cursor is on another row, or the same one has other facts."""
        raise NotImplementedError

    # -- layout -----------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Header, the two sides, footer."""
        yield self.header
        with Container(id="sides"):
            with Vertical(id="near"):
                yield self.title_line
                yield from self.above()
                yield self.outline
            with Vertical(id="far"):
                yield from self.beside()
        yield from self.below()
        yield self.footer

    def on_mount(self) -> None:
        """Follow the main screen, and give the keys to the outline."""
        self.watch(self.main, "inventory", self._follow, init=False)
        self.watch(self.main, "link", self._follow, init=False)
        self.set_focus(self.outline)
        self._follow()

    def _follow(self) -> None:
        self.set_class(self.main.link.state is LinkState.LOST, "-stale")
        self.header.show_engine(self.inventory, self.main.link)
        self.world_changed()
        self.show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Narrow terminals have the other side below."""
        self.set_class(event.size.width < NARROW, "-narrow")
        self.header.show_engine(self.inventory, self.main.link)

    @property
    def read_only(self) -> bool:
        """As the main screen is."""
        return self.main.read_only

    @property
    def inventory(self) -> Inventory:
        """The world as the main screen has it."""
        return self.main.inventory

    def show_title(self, left: Line, right: Line = ()) -> None:
        """Show what this is."""
        self.title_line.show(left, right)

    # -- moving about -----------------------------------------------------------------------------

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """The other side follows the cursor."""
        event.stop()
        if event.outline is self.outline:
            self.row_changed()
            self.show_keys()

    def on_outline_edge_reached(self, event: Outline.EdgeReached) -> None:
        """Out of the outline to the right: to the other side; out of the other side to the left: back."""
        event.stop()
        if event.outline is self.outline and event.direction == 2:
            self.set_focus(self.facts)
        elif event.outline is not self.outline and event.direction == -2:
            self.set_focus(self.outline)

    def on_line_view_left(self, event: LineView.Left) -> None:
        """Out of the facts to the left: back."""
        event.stop()
        self.set_focus(self.outline)

    def step_focus(self, by: int) -> None:
        """Keys to the next part, or the one before."""
        stops = self.stops()
        here = stops.index(self.focused) if self.focused in stops else 0
        self.set_focus(stops[(here + by) % len(stops)])

    def fold_all(self, *, opened: bool) -> None:
        """Open or close everything."""
        if opened:
            self.outline.open_more(OPENED)
        else:
            self.outline.close_all()

    def toggle_exact(self) -> None:
        """Exact figures, or readable ones."""
        self.exact = not self.exact
        self.facts.set_exact(self.exact)
        self.outline.refresh()
        self.say("Exact figures; x shows readable ones again." if self.exact else "Readable figures.")

    def clear(self) -> None:
        """Escape: back to the outline, or to the main screen."""
        if self.focused is not self.outline:
            self.set_focus(self.outline)
        else:
            self.go_back()

    def jump(self, link: Link) -> None:
        """Go back to the main screen, to the row of an object."""
        self.leave_for(lambda: self.main.visit(link))

    def leave_for(self, other: Callable[[], None]) -> None:
        """Go back to the main screen, and on from there."""
        if not self._gone:
            self.go_back()
            other()


OPENED = 100_000
"""So many rows "open all" may open: more than any engine has layers."""
