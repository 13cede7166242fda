"""Every key, made from the commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.commands.catalogue import CURSOR_KEYS, grouped
from tui.commands.command import Command
from tui.screens.dialog import Dialog
from widgets.cell import Cell, Fact, Line, Role, Section
from widgets.fact_sheet import FactSheet


class HelpDialog(Dialog):
    """All keys under their headings."""

    DEFAULT_CSS = """
    HelpDialog > Vertical { width: 96; height: 94%; }
    HelpDialog #body { height: 1fr; }
    HelpDialog FactSheet { height: 100%; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,q,f1", "close", show=False)]
    AUTO_FOCUS = "FactSheet"

    def __init__(self, *, read_only: bool) -> None:
        super().__init__()
        self.read_only = read_only

    def title_line(self) -> Line:
        """A heading."""
        return (Cell("Keys", Role.STRONG), Cell("   ↑ ↓ scroll, Esc closes", Role.MUTED))

    def body(self) -> Iterable[Widget]:
        """The sheet."""
        sheet = FactSheet()
        sheet.show("help", help_sections(read_only=self.read_only))
        yield sheet


def help_sections(*, read_only: bool) -> tuple[Section, ...]:
    """The keys as facts; read-only orlop has no changing ones."""
    sections = [Section("In the trees", tuple(Fact(keys, (Cell(words),)) for keys, words in CURSOR_KEYS))]
    for group, commands in grouped().items():
        if group == "Changing" and read_only:
            sections.append(
                Section("Changing", (Fact("", (Cell("Nothing: orlop was started read-only.", Role.WARNING),)),))
            )
        else:
            sections.append(Section(group, tuple(_fact(command) for command in commands)))
    return tuple(sections)


def _fact(command: type[Command]) -> Fact:
    return Fact(command.shown, (Cell(f"{command.title}  ", Role.STRONG), Cell(command.help)))
