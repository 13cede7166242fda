"""What every screen that is laid over the main one can be asked, and the commands they have in common."""

from __future__ import annotations

from typing import Protocol

from tui.commands.command import KeyCommand

SCREEN, SHOWING = "This screen", "Showing"


class OverDesk(Protocol):
    """What a screen over the main one can do."""

    def clear(self) -> None:
        """Escape: drop the filter, stop what is under way, or go back: whatever it means here."""

    def go_back(self) -> None:
        """Return to the main screen."""

    def toggle_exact(self) -> None:
        """Show exact figures, or readable ones."""

    def step_focus(self, by: int) -> None:
        """Give the keys to the next part of the screen or the one before."""

    def next_theme(self) -> None:
        """Turn to the next theme."""

    def refresh_world(self) -> None:
        """Read everything again."""

    def show_help(self) -> None:
        """Show all keys."""

    def show_palette(self) -> None:
        """Show the palette of commands."""

    def redraw(self) -> None:
        """Draw the whole screen again."""

    def leave(self) -> None:
        """Quit."""


class OverCommand(KeyCommand[OverDesk, object]):
    """A command that all of them have, wherever the cursor is."""


class Clear(OverCommand):
    """Escape."""

    keys, shown, title, group = ("escape",), "Esc", "back", SCREEN
    footer = True
    help = "Clear the filter, stop what is being read, or go back to the main screen."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.clear()


class GoBack(OverCommand):
    """Back at once."""

    keys, shown, title, group = ("q", "backspace"), "q", "back", SCREEN
    help = "Go back to the main screen."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.go_back()


class NextPart(OverCommand):
    """Keys to the next part."""

    keys, shown, title, group, footer_if_room = ("tab",), "Tab", "other side", SCREEN, True
    help = "Go to the other side of the screen."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.step_focus(1)


class PreviousPart(OverCommand):
    """Keys to the part before."""

    keys, shown, title, group = ("shift+tab",), "Shift+Tab", "other side", SCREEN
    help = "Go to the other side of the screen, the other way round."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.step_focus(-1)


class Exact(OverCommand):
    """Exact figures."""

    keys, shown, title, group = ("x",), "x", "exact figures", SHOWING
    help = "Show exact bytes in place of the readable ones, and back."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.toggle_exact()


class NextTheme(OverCommand):
    """Another theme."""

    keys, shown, title, group = ("t",), "t", "theme", SHOWING
    help = "Turn to the next theme."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.next_theme()


class Refresh(OverCommand):
    """Read again."""

    keys, shown, title, group = ("r",), "r", "refresh", SCREEN
    help = "Read everything again, sizes included; when the connection is lost, try it now."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.refresh_world()


class Help(OverCommand):
    """All keys."""

    keys, shown, title, group = ("question_mark", "f1"), "?", "help", SCREEN
    footer = True
    help = "Show every key of this screen."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.show_help()


class Palette(OverCommand):
    """Commands by name."""

    keys, shown, title, group = ("colon", "ctrl+p"), ":", "palette", SCREEN
    help = "Find a command of this screen by name and run it."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.show_palette()


class Redraw(OverCommand):
    """Draw again."""

    keys, shown, title, group = ("ctrl+l",), "Ctrl+L", "redraw", SCREEN
    help = "Draw the whole screen again."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.redraw()


class Quit(OverCommand):
    """Leave orlop."""

    keys, shown, title, group = ("ctrl+q",), "Ctrl+Q", "quit", SCREEN
    help = "Leave orlop."

    @classmethod
    def run(cls, desk: OverDesk, situation: object) -> None:
        """Do it."""
        desk.leave()


COMMON: tuple[type[OverCommand], ...] = (
    NextPart,
    PreviousPart,
    Clear,
    GoBack,
    Exact,
    NextTheme,
    Refresh,
    Help,
    Palette,
    Redraw,
    Quit,
)
"""At the end of every such screen's own commands."""
