"""Commands that open the screens of a cleanup."""

from __future__ import annotations

from tui.commands.command import Command
from tui.commands.desk import Desk, Situation

CLEANING = "Cleaning up"


class Plan(Command):
    """What will go."""

    keys, shown, title, group, footer = ("D",), "D", "plan", CLEANING, True
    help = "Show what is marked as a plan, step by step, and carry it out from there; or the cleanup under way."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """Once something is marked, or is being removed, or has just been."""
        return bool(situation.marked) or situation.cleaning

    @classmethod
    def elsewhere(cls, situation: Situation) -> str:
        """There is nothing to plan with."""
        return "Nothing is marked: Space marks what is highlighted, X shows what could go."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_plan()


class Candidates(Command):
    """What could go."""

    keys, shown, title, group, footer_if_room = ("X",), "X", "candidates", CLEANING, True
    help = "Show what could be cleaned up, by rules, and mark some or all of it."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_candidates()


class Usage(Command):
    """What takes up the disk."""

    keys, shown, title, group, footer_if_room = ("b",), "b", "disk usage", CLEANING, True
    help = "Show what takes up the engine's disk as one bar; each part leads to its pane."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_usage()


class History(Command):
    """What has gone."""

    keys, shown, title, group = ("J",), "J", "history", CLEANING
    help = "Show what orlop has removed before, and how to get it back."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_history()
