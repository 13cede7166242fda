"""What keeps the bytes of something: a list, from which one goes to what keeps them, or marks that as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.model.engine_disk import LogSum
from tui.model.inventory import Inventory
from tui.model.mark import Mark
from tui.model.why_kept import Kept
from tui.present.why_kept import Keeper, keeper_nodes, why_lines, why_title
from tui.screens.dialog import Dialog, Words
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline

HIGHEST = 14
"""Rows the list may take; it scrolls then."""


class WhyDialog(Dialog):
    """Why something frees nothing, or less than it takes.

    Args:
        name: what the thing is called.
        kept: what keeps its bytes.
        inventory: the world in which it does.
        marks: what is marked.
        logs: what its logs take; ``None`` when it has none, or nobody has looked.
        on_visit: called with what was chosen, to go there.
        on_mark: called with what is to be marked as well (or unmarked, if all of it is); it answers with
            :meth:`renew`.
    """

    DEFAULT_CSS = """
    WhyDialog > Vertical { width: 90; }
    WhyDialog Outline { height: auto; background: $panel; margin-top: 1; }
    WhyDialog .gap { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", show=False),
        Binding("w,q", "close", "Close", show=False),
    ]

    def __init__(
        self,
        name: str,
        kept: Kept,
        inventory: Inventory,
        marks: frozenset[Mark],
        logs: LogSum | None = None,
        *,
        on_visit: Callable[[Mark], None],
        on_mark: Callable[[tuple[Mark, ...]], None],
    ) -> None:
        super().__init__()
        self._called = name
        self.kept = kept
        self._inventory = inventory
        self._marks = marks
        self._logs = logs
        self._on_visit = on_visit
        self._on_mark = on_mark
        self._words = Words()
        self._hint = Words()
        self.outline = Outline(self._describe)

    def title_line(self) -> Line:
        """Whose bytes."""
        return why_title(self._called)

    def body(self) -> Iterable[Widget]:
        """What it frees, and who keeps the rest."""
        yield self._words
        yield self.outline

    def below(self) -> Iterable[Widget]:
        """What can be done with that list."""
        self._hint.add_class("gap")
        yield self._hint

    def on_mount(self) -> None:
        """Show what is known now; the keys go to the list, if there is one."""
        self._lay_out()
        if self.outline.rows:
            self.set_focus(self.outline)
            self.outline.move_to(next((n for n, row in enumerate(self.outline.rows) if row.node.selectable), 0))

    def renew(self, kept: Kept, inventory: Inventory, marks: frozenset[Mark], logs: LogSum | None) -> None:
        """More is known, or marked, now."""
        self.kept, self._inventory, self._marks, self._logs = kept, inventory, marks, logs
        self._lay_out()

    def _lay_out(self) -> None:
        self._words.show(why_lines(self.kept, self._logs, marked=self.kept.mark in self._marks))
        self.outline.replace(keeper_nodes(self.kept, self._inventory, self._marks))
        rows = len(self.outline.rows)
        self.outline.display = bool(rows)
        self._fit_body()
        keys = (("Enter", " goes there   "), ("Space", " marks it as well")) if rows else ()
        self._hint.show(
            (tuple(cell for key, says in keys for cell in (Cell(key, Role.ACCENT), Cell(says, Role.MUTED))),)
        )
        self._hint.display = bool(rows)

    def _fit_body(self) -> None:
        """The list scrolls before all of the body does: its rows are what there is to go through."""
        super()._fit_body()
        if not self.is_attached:
            return
        highest = self.query_one("#body").styles.max_height
        room = int(highest.value) if highest is not None else HIGHEST
        around = self._words.outer_size.height + self.outline.styles.margin.height
        self.outline.styles.height = max(1, min(HIGHEST, len(self.outline.rows), room - around))

    def _describe(self, node: Node) -> RowText:
        return node.data.row if isinstance(node.data, Keeper) else RowText(())

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Go there."""
        event.stop()
        if isinstance(event.node.data, Keeper) and event.node.data.mark is not None and self.leave():
            self._on_visit(event.node.data.mark)

    def on_outline_edge_reached(self, event: Outline.EdgeReached) -> None:
        """Below the list is the button."""
        event.stop()
        if event.direction == 1:
            self.query_one("#buttons PushButton").focus()

    def action_mark(self) -> None:
        """Mark what keeps the bytes as well."""
        node = self.outline.node
        if self.outline.has_focus and node is not None and isinstance(node.data, Keeper) and node.data.helps:
            self._on_mark(node.data.helps)

    def chosen(self, button_id: str) -> None:
        """There is no other button than the one that closes."""
