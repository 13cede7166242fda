"""What the screen of the plan can be asked, and what its commands may know."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Protocol

from tui.commands.command import KeyCommand
from tui.commands.over_main import OverDesk


class Stage(StrEnum):
    """What the screen shows."""

    PLAN = "plan"
    UNDER_WAY = "under way"
    OVER = "over"


class PlanSituation(NamedTuple):
    """Where the user is on the screen of the plan."""

    stage: Stage
    read_only: bool = False
    reachable: bool = True
    """False while the engine can't be reached: then nothing can be removed."""
    ready: bool = False
    """True when the plan has steps that would be carried out."""
    step: bool = False
    """True when the row is a step."""
    addable: bool = False
    """True when there is something to add on this row."""
    volume: bool = False
    """True when the row is a volume that goes."""
    volumes: bool = False
    """True when volumes go."""
    commands: bool = False
    """True when the row has docker commands."""
    all_commands: bool = False
    """True when anything has."""
    pausing: bool = False
    """True when no further step is begun for now."""
    failed: bool = False
    """True when the row is a step that failed, and may be tried again."""
    any_failed: bool = False
    """True when any has."""
    settled: bool = False
    """True when the receipt is whole: nothing is being measured any longer."""


def cannot_remove(situation: PlanSituation) -> str:
    """Why nothing at all can be removed now, in a sentence; empty when something can."""
    if situation.read_only:
        return "orlop was started read-only: it removes nothing."
    if not situation.reachable:
        return "The engine can't be reached, so nothing can be removed now."
    return ""


class PlanDesk(OverDesk, Protocol):
    """What the screen of the plan can be asked."""

    def ask_to_go(self) -> None:
        """Ask whether to carry the plan out."""

    def add_here(self) -> None:
        """Add to the plan what the row offers, or what would let it go."""

    def take_off(self) -> None:
        """Take the row off the plan."""

    def back_up_here(self) -> None:
        """Back the row's volume up first, or don't."""

    def back_up_all(self) -> None:
        """Back all volumes up first, or none."""

    def copy_commands(self) -> None:
        """Copy the docker commands of the row."""

    def copy_all_commands(self) -> None:
        """Copy the docker commands of all of it."""

    def pause_or_resume(self) -> None:
        """Wait after the current step, or go on."""

    def stop_cleanup(self) -> None:
        """Stop after the current step."""

    def retry_here(self) -> None:
        """Try the failed step of the row again."""

    def retry_all(self) -> None:
        """Try all failed steps again."""

    def drop_here(self) -> None:
        """Let the failed step of the row be."""

    def plan_anew(self) -> None:
        """Put the receipt away and show the plan of what is marked now."""

    def show_history(self) -> None:
        """Go to what was removed, this time and before."""

    def fold_all(self, *, opened: bool) -> None:
        """Open or close every heading."""


class PlanCommand(KeyCommand[PlanDesk, PlanSituation]):
    """A command of this screen."""
