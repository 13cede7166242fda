"""The Inspect tab: the engine's raw answer as a foldable tree, searchable, with the whole value below."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical

from widgets.cell import Cell, Fact, Role, Section
from widgets.fact_sheet import FactSheet
from widgets.json_tree import JsonSpot, JsonTree
from widgets.literal import literal_lines
from widgets.outline import Outline
from widgets.query_line import QueryLine
from widgets.text_line import TextLine

_LONGEST_VALUE = 100_000


class InspectView(Vertical):
    """A JSON tree; below it the path and the whole value under the cursor."""

    DEFAULT_CSS = """
    InspectView > JsonTree { height: 3fr; }
    InspectView > FactSheet { height: 1fr; min-height: 4; }
    InspectView > TextLine { color: $rule; }
    """

    def __init__(self) -> None:
        super().__init__(id="inspect-view")
        self._sought = ""
        self.tree_view = JsonTree()
        self.title = TextLine(fill="─")
        self.value = FactSheet()
        self._found = ""
        self._subject: object = None

    def compose(self) -> ComposeResult:
        """Tree and value; the search line comes when it is wanted."""
        yield self.tree_view
        yield self.title
        yield self.value

    def show(self, subject: object, raw: Any) -> None:
        """Show the answer of ``subject`` (``None`` while it is being read)."""
        if subject != self._subject:
            self._subject, self._found = subject, ""
        self.tree_view.empty = "reading…" if raw is None else "nothing here"
        self.tree_view.show({} if raw is None else raw)
        self._show_value()

    @property
    def spot(self) -> JsonSpot | None:
        """The value under the cursor."""
        return self.tree_view.spot

    def begin_search(self) -> None:
        """Show the search line."""
        found = self.query(QueryLine)
        line = found.first() if found else self._search_line()
        line.value = ""
        if not found:
            self.mount(line, before=self.tree_view)
        line.ask()

    def search_again(self, *, backwards: bool) -> bool:
        """Go to the next or previous match; False when nothing has been searched for."""
        if not self._sought:
            return False
        self._search(backwards=backwards)
        return True

    def _search(self, *, backwards: bool = False) -> None:
        if self._sought:
            number, count = self.tree_view.find(self._sought, backwards=backwards)
            self._found = f"match {number} of {count}" if count else "no match"
        else:
            self._found = ""
        self._show_value()

    def _search_line(self) -> QueryLine:
        return QueryLine("type to search keys and values; n and N go on", self._search_for, self._search_ended)

    def _search_for(self, text: str) -> None:
        """Search from the top at every key."""
        self._sought = text
        self.tree_view.action_move_to_end(-1)
        self._search()

    def _search_ended(self, kept: bool) -> None:
        """Back to the tree."""
        self._found = self._found if kept else ""
        self.screen.set_focus(self.tree_view)
        self._show_value()

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """Show the whole value."""
        event.stop()
        self._show_value()

    def _show_value(self) -> None:
        spot = self.spot
        path = spot.path_text if spot else ""
        found = (Cell(f" {self._found} ", Role.WARNING),) if self._found else ()
        self.title.show((Cell(f"─ {path} ", Role.MUTED),), (*found, Cell("─")))
        if spot is None:
            self.value.show("", ())
            return
        text = spot.value_text
        shown = text[:_LONGEST_VALUE]
        facts = [Fact("", (Cell(line),)) for line in literal_lines(shown)]
        if len(text) > len(shown):
            left = f"… and {len(text) - len(shown):,} characters more; y copies all of them"
            facts.append(Fact("", (Cell(left, Role.MUTED),)))
        self.value.show(path, (Section("", tuple(facts)),))
