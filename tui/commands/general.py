"""Commands about orlop itself."""

from __future__ import annotations

from tui.commands.command import Command
from tui.commands.desk import Desk, Situation

GENERAL = "orlop"


class Refresh(Command):
    """Read again."""

    keys, shown, title, group, footer = ("r",), "r", "refresh", GENERAL, False
    help = "Read everything again, sizes included; when the connection is lost, try it now."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.refresh_world()


class Help(Command):
    """All keys."""

    keys, shown, title, group, footer = ("question_mark", "f1"), "?", "help", GENERAL, True
    help = "Show every key."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_help()


class Palette(Command):
    """Commands by name."""

    keys, shown, title, group = ("colon", "ctrl+p"), ":", "palette", GENERAL
    help = "Find a command by name and run it."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_palette()


class Redraw(Command):
    """Draw again."""

    keys, shown, title, group = ("ctrl+l",), "Ctrl+L", "redraw", GENERAL
    help = "Draw the whole screen again, should another program have scribbled on it."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.redraw()


class Quit(Command):
    """Leave."""

    keys, shown, title, group, footer = ("q", "ctrl+q"), "q", "quit", GENERAL, True
    help = "Leave orlop."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.leave()
