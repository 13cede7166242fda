"""Commands that mark what is to be cleaned up. Marking changes nothing on the engine."""

from __future__ import annotations

from tui.commands.command import Command
from tui.commands.desk import Desk, Situation

MARKING = "Marking"


class MarkHere(Command):
    """Mark, or take the mark away."""

    keys, shown, title, group, footer = ("space",), "Space", "mark", MARKING, True
    help = "Mark the object, or all members of the group, for a cleanup, or unmark them, and move on."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """In the trees."""
        return not situation.in_details

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.toggle_mark()


class MarkAllShown(MarkHere):
    """Mark whatever the filter shows."""

    keys, shown, title, footer = ("asterisk",), "*", "mark all shown", False
    help = "Mark everything that the filter shows in the pane."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.mark_all_shown()


class Unmark(MarkHere):
    """Take the mark away."""

    keys, shown, title, footer = ("u",), "u", "unmark", False
    help = "Unmark the object, or all members of the group, and move on."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """Once something is marked."""
        return bool(situation.marked) and super().applies(situation)

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.unmark()


class UnmarkAll(Command):
    """Take all marks away."""

    keys, shown, title, group = ("U",), "U", "unmark all", MARKING
    help = "Unmark everything, in all panes."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """Once something is marked."""
        return bool(situation.marked)

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.unmark_all()


class WhyKept(Command):
    """What keeps its bytes."""

    keys, shown, title, group = ("w",), "w", "why 0 B?", MARKING
    help = "Say what keeps the bytes of the object: images, containers, tags; Enter goes there."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """Wherever something is highlighted: on a group it says where to ask."""
        return situation.place is not None

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_why()


class LiftProtection(Command):
    """Let a protected object be marked."""

    keys, shown, title, group, footer = ("P",), "P", "lift protection", MARKING, True
    comes_and_goes = True
    help = "Lift the protection that a rule of the preferences gives the object, for this session, or restore it."

    @classmethod
    def label(cls, situation: Situation) -> str:
        """What it would do here."""
        return "protect again" if situation.lifted else cls.title

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """On an object that a rule keeps."""
        return situation.protected or situation.lifted

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.toggle_protection()
