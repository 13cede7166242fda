"""The commands of the history."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.command import KeyCommand
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import COMMON, SCREEN, SHOWING, OverDesk


class HistorySituation(NamedTuple):
    """Where the user is in the history."""

    ways_back: bool
    """True when there are commands that bring back what the row is about."""
    backup: bool
    """True when it was backed up."""
    may_restore: bool
    """True when a backup could be put back now."""


class HistoryDesk(OverDesk, Protocol):
    """What the history can be asked."""

    def restore_here(self) -> None:
        """Ask under which name to put the volume of the row back."""

    def copy_ways_back(self) -> None:
        """Copy the commands that bring it back."""

    def copy_backup_path(self) -> None:
        """Copy the path of its backup."""

    def fold_all(self, *, opened: bool) -> None:
        """Open or close every session."""


class HistoryCommand(KeyCommand[HistoryDesk, HistorySituation]):
    """A command of this screen."""


class Restore(HistoryCommand):
    """Put it back."""

    keys, shown, title, group, footer = ("w",), "w", "restore", SCREEN, True
    changes = True
    comes_and_goes = True
    help = "Make the volume again and fill it from its backup, after asking for its name."

    @classmethod
    def applies(cls, situation: HistorySituation) -> bool:
        """On a volume that was backed up."""
        return situation.backup and situation.may_restore

    @classmethod
    def run(cls, desk: HistoryDesk, situation: HistorySituation) -> None:
        """Do it."""
        desk.restore_here()


class CopyWaysBack(HistoryCommand):
    """Copy the ways back."""

    keys, shown, title, group, footer = ("y",), "y", "copy way back", SHOWING, True
    comes_and_goes = True
    help = "Copy the docker commands that bring it, or one like it, back (OSC 52: works over SSH)."

    @classmethod
    def applies(cls, situation: HistorySituation) -> bool:
        """Where there are some."""
        return situation.ways_back

    @classmethod
    def run(cls, desk: HistoryDesk, situation: HistorySituation) -> None:
        """Do it."""
        desk.copy_ways_back()


class CopyBackupPath(HistoryCommand):
    """Copy the path."""

    keys, shown, title, group, footer = ("Y",), "Y", "copy path", SHOWING, True
    comes_and_goes = True
    help = "Copy the path of the backup."

    @classmethod
    def applies(cls, situation: HistorySituation) -> bool:
        """Where there is one."""
        return situation.backup

    @classmethod
    def run(cls, desk: HistoryDesk, situation: HistorySituation) -> None:
        """Do it."""
        desk.copy_backup_path()


class OpenAll(HistoryCommand):
    """Open everything."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open every session."

    @classmethod
    def run(cls, desk: HistoryDesk, situation: HistorySituation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(HistoryCommand):
    """Close everything."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close every session."

    @classmethod
    def run(cls, desk: HistoryDesk, situation: HistorySituation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class BackWithItsOwnKey(HistoryCommand):
    """The key that opened it closes it."""

    keys, shown, title, group = ("J",), "J", "back", SCREEN
    help = "Go back to the main screen: the key that opened this closes it."

    @classmethod
    def run(cls, desk: HistoryDesk, situation: HistorySituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close a session; out of it, to the explanation and back."),
    ("Enter", "Open and close a session, or go to the explanation."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
)

HISTORY: KeyCatalogue[HistoryDesk, HistorySituation] = KeyCatalogue(
    "The history",
    (Restore, CopyWaysBack, CopyBackupPath, OpenAll, CloseAll, *COMMON, BackWithItsOwnKey),
    "In the history",
    CURSOR_KEYS,
)
