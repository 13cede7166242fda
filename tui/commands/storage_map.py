"""The commands of the storage map."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.command import KeyCommand
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import COMMON, SCREEN, SHOWING, OverDesk


class StorageMapSituation(NamedTuple):
    """Where the user is on the storage map."""

    has_command: bool
    """True when there is a command to check the row with."""
    has_path: bool
    """True when the row is about a path."""
    measuring: bool
    """True while folders are being measured."""
    live: bool
    """True while the engine is connected."""


class StorageMapDesk(OverDesk, Protocol):
    """What the storage map can be asked."""

    def measure(self) -> None:
        """Measure the folders and logs."""

    def copy_command(self) -> None:
        """Copy the command that checks the row."""

    def copy_path(self) -> None:
        """Copy the path of the row."""

    def fold_all(self, *, opened: bool) -> None:
        """Open or close every section."""


class StorageMapCommand(KeyCommand[StorageMapDesk, StorageMapSituation]):
    """A command of this screen."""


class Measure(StorageMapCommand):
    """Measure."""

    keys, shown, title, group, footer = ("u",), "u", "measure", SCREEN, True
    help = "Measure the engine's folders and its containers' logs, as du would: may take minutes; Esc stops it."

    @classmethod
    def applies(cls, situation: StorageMapSituation) -> bool:
        """Not twice at a time."""
        return situation.live and not situation.measuring

    @classmethod
    def run(cls, desk: StorageMapDesk, situation: StorageMapSituation) -> None:
        """Do it."""
        desk.measure()


class CopyCommand(StorageMapCommand):
    """Copy the command."""

    keys, shown, title, group, footer = ("y",), "y", "copy command", SHOWING, True
    comes_and_goes = True
    help = "Copy the command that shows the same figure (OSC 52: works over SSH)."

    @classmethod
    def applies(cls, situation: StorageMapSituation) -> bool:
        """Where there is one."""
        return situation.has_command

    @classmethod
    def run(cls, desk: StorageMapDesk, situation: StorageMapSituation) -> None:
        """Do it."""
        desk.copy_command()


class CopyPath(StorageMapCommand):
    """Copy the path."""

    keys, shown, title, group, footer = ("Y",), "Y", "copy path", SHOWING, True
    comes_and_goes = True
    help = "Copy the path."

    @classmethod
    def applies(cls, situation: StorageMapSituation) -> bool:
        """Where there is one."""
        return situation.has_path

    @classmethod
    def run(cls, desk: StorageMapDesk, situation: StorageMapSituation) -> None:
        """Do it."""
        desk.copy_path()


class OpenAll(StorageMapCommand):
    """Open everything."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open every section."

    @classmethod
    def run(cls, desk: StorageMapDesk, situation: StorageMapSituation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(StorageMapCommand):
    """Close everything."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close every section."

    @classmethod
    def run(cls, desk: StorageMapDesk, situation: StorageMapSituation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class BackWithItsOwnKey(StorageMapCommand):
    """The key that opened it closes it."""

    keys, shown, title, group = ("m",), "m", "back", SCREEN
    help = "Go back to the main screen: the key that opened this closes it."

    @classmethod
    def run(cls, desk: StorageMapDesk, situation: StorageMapSituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close a section; out of it, to the explanation and back."),
    ("Enter", "Open and close a section, or go to the explanation; on a log, to its container on the main screen."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
)

STORAGE_MAP: KeyCatalogue[StorageMapDesk, StorageMapSituation] = KeyCatalogue(
    "The storage map",
    (Measure, CopyCommand, CopyPath, OpenAll, CloseAll, *COMMON, BackWithItsOwnKey),
    "In the storage map",
    CURSOR_KEYS,
)
