"""The commands of the candidates screen."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.command import KeyCommand
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import COMMON, SCREEN, OverDesk

CHOOSING = "Choosing"


class CandidatesSituation(NamedTuple):
    """Where the user is among the candidates."""

    numbered: bool
    """True when the row's rule has a number."""
    chosen: bool
    """True when something is ticked."""
    marked: bool
    """True when there is something for a plan: ticked here, or marked before."""


class CandidatesDesk(OverDesk, Protocol):
    """What the candidates screen can be asked."""

    def toggle_tick(self) -> None:
        """Tick the row, or take the tick away, and move on."""

    def tick_all(self) -> None:
        """Tick everything but named volumes."""

    def untick_all(self) -> None:
        """Take all ticks away."""

    def change_number(self, by: int) -> None:
        """Make the number of the row's rule larger (1) or smaller (-1)."""

    def mark_chosen(self) -> None:
        """Mark what is ticked and go back."""

    def plan_chosen(self) -> None:
        """Mark what is ticked and open the plan."""


class CandidatesCommand(KeyCommand[CandidatesDesk, CandidatesSituation]):
    """A command of this screen."""


class Tick(CandidatesCommand):
    """Tick."""

    keys, shown, title, group, footer = ("space",), "Space", "tick", CHOOSING, True
    help = "Tick what the row's rule finds, or one object of it, or take the tick away; and move on."

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.toggle_tick()


class TickAll(CandidatesCommand):
    """Tick everything."""

    keys, shown, title, group, footer = ("asterisk",), "*", "all", CHOOSING, True
    help = "Tick everything but named volumes: those are ticked one row at a time."

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.tick_all()


class UntickAll(CandidatesCommand):
    """Tick nothing."""

    keys, shown, title, group = ("U",), "U", "untick all", CHOOSING
    help = "Take all ticks away."

    @classmethod
    def applies(cls, situation: CandidatesSituation) -> bool:
        """Once something is ticked."""
        return situation.chosen

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.untick_all()


class MoreOfIt(CandidatesCommand):
    """A larger number."""

    keys, shown, title, group, footer = ("plus",), "+", "more", CHOOSING, True
    comes_and_goes = True
    help = "Make the number in the row's rule larger: days, tags to keep, megabytes of logs."

    @classmethod
    def applies(cls, situation: CandidatesSituation) -> bool:
        """Where there is one."""
        return situation.numbered

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.change_number(1)


class LessOfIt(MoreOfIt):
    """A smaller number."""

    keys, shown, title = ("minus",), "-", "less"
    help = "Make that number smaller; at 0 days the age does not count."

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.change_number(-1)


class Plan(CandidatesCommand):
    """To the plan."""

    keys, shown, title, group, footer = ("D",), "D", "plan", SCREEN, True
    help = "Mark what is ticked and open the plan of everything that is marked."

    @classmethod
    def applies(cls, situation: CandidatesSituation) -> bool:
        """When there is something for it."""
        return situation.marked

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.plan_chosen()


class MarkChosen(CandidatesCommand):
    """Mark and go back. While the list has the keys, it says itself that Enter was pressed."""

    keys, shown, title, group, footer = ("enter",), "Enter", "mark", SCREEN, True
    help = "Mark what is ticked and go back to the main screen; on a log, go to its container there."

    @classmethod
    def applies(cls, situation: CandidatesSituation) -> bool:
        """Once something is ticked."""
        return situation.chosen

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.mark_chosen()


class BackWithItsOwnKey(CandidatesCommand):
    """The key that opened it closes it."""

    keys, shown, title, group = ("X",), "X", "back", SCREEN
    help = "Go back to the main screen and mark nothing: the key that opened this closes it."

    @classmethod
    def run(cls, desk: CandidatesDesk, situation: CandidatesSituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close what a rule finds; out of it, to the explanation and back."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
)

CANDIDATES: KeyCatalogue[CandidatesDesk, CandidatesSituation] = KeyCatalogue(
    "The candidates",
    (Tick, TickAll, UntickAll, MoreOfIt, LessOfIt, MarkChosen, Plan, *COMMON, BackWithItsOwnKey),
    "Among the candidates",
    CURSOR_KEYS,
)
