"""Asks under which name a volume is to be put back from its backup."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from tui.model.journal_record import Lost
from tui.model.reclaim import device_in
from tui.present.figures import exact_bytes
from tui.present.history import lost_name
from tui.screens.dialog import Dialog, Field, Words
from widgets.cell import Cell, Line, Role
from widgets.literal import literal
from widgets.push_button import PushButton


class RestoreDialog(Dialog):
    """Asks for the name. Cancel is preselected.

    Args:
        lost: the volume as it was.
        name: a name that is free now.
        on_name: called with the name that was chosen.
    """

    DEFAULT_CSS = """
    RestoreDialog Input { height: 1; border: none; padding: 0 1; background: $background; margin-top: 1; }
    """

    def __init__(self, lost: Lost, name: str, on_name: Callable[[str], None]) -> None:
        super().__init__()
        self._lost = lost
        self._free = name
        self._on_name = on_name
        self._field = Field(literal(name), id="name", on_enter=self._entered)
        self._problem = Words()

    def title_line(self) -> Line:
        """Which volume."""
        return (Cell("Restore volume ", Role.STRONG), Cell(lost_name(self._lost), Role.ACCENT), Cell("?"))

    def body(self) -> Iterable[Widget]:
        """From where, and the name."""
        lines: list[Line] = [
            (Cell(f"{exact_bytes(self._lost.backup_bytes)} from {self._lost.backup_path}"),),
            (Cell("Its checksum is looked at first. No volume that is there now is touched."),),
        ]
        device = device_in(self._lost.driver or "local", dict(self._lost.options))
        if device:
            lines.append((Cell(f"The files in {device} stay as they are: these go into a volume of their own."),))
        if self._free != self._lost.name:
            lines.append((Cell(f"There is a volume {lost_name(self._lost)} again, so another name:", Role.WARNING),))
        else:
            lines.append((Cell("Under the name:"),))
        yield Words(lines)
        yield self._field
        yield self._problem

    def buttons(self) -> Iterable[PushButton]:
        """Cancel, or restore."""
        yield PushButton("Cancel", id="cancel")
        yield PushButton("Restore", id="go")

    def _entered(self, _field: Field) -> None:
        """Enter after the name goes on to the button."""
        self.set_focus(self.query_one("#go"))

    def chosen(self, button_id: str) -> None:
        """Pass the name on."""
        # What the field can't show harmlessly was replaced in it: untouched, it stands for the name itself.
        typed = self._field.value.strip()
        name = self._free if typed == literal(self._free) else typed
        if not name:
            self._problem.show(((Cell("Type a name for the volume.", Role.BAD),),))
        elif self.leave():
            self._on_name(name)
