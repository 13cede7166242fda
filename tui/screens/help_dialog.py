"""Every key, made from the commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui import messages
from tui.commands.catalogue import MAIN
from tui.commands.command import KeyCommand
from tui.commands.key_catalogue import KeyCatalogue
from tui.screens.dialog import Dialog
from widgets.cell import Cell, Fact, Line, Role, Section
from widgets.fact_sheet import FactSheet


class HelpDialog(Dialog):
    """All keys under their headings.

    Args:
        catalogue: the commands of the screen it is opened from.
    """

    DEFAULT_CSS = """
    HelpDialog > Vertical { width: 96; height: 94%; }
    HelpDialog #body { height: 1fr; }
    HelpDialog FactSheet { height: 100%; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,q,f1", "close", show=False),
        Binding("ctrl+q", "leave_orlop", show=False, system=True),
    ]
    AUTO_FOCUS = "FactSheet"

    def __init__(self, catalogue: KeyCatalogue[Any, Any] = MAIN, *, read_only: bool = False) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.read_only = read_only

    def action_leave_orlop(self) -> None:
        """Quit."""
        self.post_message(messages.QuitRequested())

    def title_line(self) -> Line:
        """A heading."""
        return (Cell("Keys", Role.STRONG), Cell("   ↑ ↓ scroll, Esc closes", Role.MUTED))

    def body(self) -> Iterable[Widget]:
        """The sheet."""
        sheet = FactSheet()
        sheet.show("help", help_sections(self.catalogue, read_only=self.read_only))
        yield sheet


def help_sections(catalogue: KeyCatalogue[Any, Any] = MAIN, *, read_only: bool) -> tuple[Section, ...]:
    """The keys as facts; read-only orlop has no changing ones."""
    cursor = tuple(Fact(keys, (Cell(words),)) for keys, words in catalogue.cursor_keys)
    sections = [Section(catalogue.cursor_heading, cursor)]
    for group, commands in catalogue.grouped().items():
        if group == "Changing" and read_only:
            sections.append(
                Section("Changing", (Fact("", (Cell("Nothing: orlop was started read-only.", Role.WARNING),)),))
            )
        else:
            sections.append(Section(group, tuple(_fact(one) for one in commands if not (one.changes and read_only))))
    return tuple(section for section in sections if section.facts)


def _fact(command: type[KeyCommand[Any, Any]]) -> Fact:
    return Fact(command.shown, (Cell(f"{command.title}  ", Role.STRONG), Cell(command.help)))
