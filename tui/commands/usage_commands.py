"""The commands of the disk usage."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.command import KeyCommand
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import COMMON, SCREEN, SHOWING, OverDesk

CLEANING = "Cleaning up"


class UsageSituation(NamedTuple):
    """Where the user is in the disk usage."""

    marked: int
    """How much is marked on the main screen."""
    cleaning: bool
    """True while a cleanup is under way, or its receipt has not been seen."""


class UsageDesk(OverDesk, Protocol):
    """What the disk usage can be asked."""

    def show_candidates(self) -> None:
        """Show what could be marked, by rules."""

    def show_plan(self) -> None:
        """Show what is marked as a plan."""

    def show_storage_map(self) -> None:
        """Show where the engine keeps everything."""

    def fold_all(self, *, opened: bool) -> None:
        """Open or close every group."""


class UsageCommand(KeyCommand[UsageDesk, UsageSituation]):
    """A command of this screen."""


class Candidates(UsageCommand):
    """What could go."""

    keys, shown, title, group, footer = ("X",), "X", "candidates", CLEANING, True
    help = "Show what could be cleaned up, by rules."

    @classmethod
    def run(cls, desk: UsageDesk, situation: UsageSituation) -> None:
        """Do it."""
        desk.show_candidates()


class Plan(UsageCommand):
    """What will go."""

    keys, shown, title, group, footer = ("D",), "D", "plan", CLEANING, True
    help = "Show what is marked as a plan; or the cleanup under way."

    @classmethod
    def applies(cls, situation: UsageSituation) -> bool:
        """Once something is marked, or is being removed, or has just been."""
        return bool(situation.marked) or situation.cleaning

    @classmethod
    def run(cls, desk: UsageDesk, situation: UsageSituation) -> None:
        """Do it."""
        desk.show_plan()


class StorageMap(UsageCommand):
    """Where it all lies."""

    keys, shown, title, group, footer = ("m",), "m", "storage map", SCREEN, True
    help = "Go to the storage map: folder by folder and log by log."

    @classmethod
    def run(cls, desk: UsageDesk, situation: UsageSituation) -> None:
        """Do it."""
        desk.show_storage_map()


class OpenAll(UsageCommand):
    """Open everything."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open every group."

    @classmethod
    def run(cls, desk: UsageDesk, situation: UsageSituation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(UsageCommand):
    """Close everything."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close every group."

    @classmethod
    def run(cls, desk: UsageDesk, situation: UsageSituation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class BackWithItsOwnKey(UsageCommand):
    """The key that opened it closes it."""

    keys, shown, title, group = ("b",), "b", "back", SCREEN
    help = "Go back to the main screen: the key that opened this closes it."

    @classmethod
    def run(cls, desk: UsageDesk, situation: UsageSituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close a group; out of it, to the explanation and back."),
    ("Enter", "Go to the pane of what the row is about, the largest first; on logs, to the storage map."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
)

USAGE: KeyCatalogue[UsageDesk, UsageSituation] = KeyCatalogue(
    "The disk usage",
    (Candidates, Plan, StorageMap, OpenAll, CloseAll, *COMMON, BackWithItsOwnKey),
    "In the disk usage",
    CURSOR_KEYS,
)
