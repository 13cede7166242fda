"""The commands of the plan, and all that its screen has."""

from __future__ import annotations

from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import COMMON, SCREEN, SHOWING
from tui.commands.plan_desk import PlanCommand, PlanDesk, PlanSituation, Stage, cannot_remove
from tui.commands.run_commands import DropHere, PauseOrResume, PlanAnew, RetryAll, RetryHere, StopCleanup

PLAN_GROUP = "The plan"


class CarryOut(PlanCommand):
    """Carry it out."""

    keys, shown, title, group, footer = ("c",), "c", "carry out", PLAN_GROUP, True
    changes = True
    help = "Carry the plan out, after asking (Cancel is preselected); Enter on a step asks the same."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """When there is something to carry out, and we may and can."""
        return situation.stage is Stage.PLAN and situation.ready and not cannot_remove(situation)

    @classmethod
    def elsewhere(cls, situation: PlanSituation) -> str:
        """Why not."""
        if situation.stage is not Stage.PLAN:
            return ""
        return cannot_remove(situation) or "There is nothing in the plan that can be carried out."

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.ask_to_go()


class AddHere(PlanCommand):
    """Add what is offered."""

    keys, shown, title, group, footer = ("a",), "a", "add", PLAN_GROUP, True
    comes_and_goes = True
    help = "Add to the plan what would let a blocked step go, or what the row offers."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """Where something would help."""
        return situation.stage is Stage.PLAN and situation.addable

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.add_here()


class BackUp(PlanCommand):
    """Back up first."""

    keys, shown, title, group, footer = ("b",), "b", "back up", PLAN_GROUP, True
    changes = True
    comes_and_goes = True
    help = "Back the volume up to this machine before it goes, or don't; if that fails, the volume stays."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """On a volume that goes."""
        return situation.stage is Stage.PLAN and situation.volume

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.back_up_here()


class TakeOff(PlanCommand):
    """Take a step off."""

    keys, shown, title, group, footer = ("u",), "u", "take off", PLAN_GROUP, True
    comes_and_goes = True
    help = "Take the step off the plan: it is no longer marked."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """On a step."""
        return situation.stage is Stage.PLAN and situation.step

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.take_off()


class BackUpAll(PlanCommand):
    """Back all of them up."""

    keys, shown, title, group, footer = ("B",), "B", "back up all", PLAN_GROUP, True
    changes = True
    help = "Back all volumes up whose files go with the plan, or none."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """When volumes go."""
        return situation.stage is Stage.PLAN and situation.volumes

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.back_up_all()


class CopyCommands(PlanCommand):
    """Copy the commands."""

    keys, shown, title, group, footer = ("y",), "y", "copy", SHOWING, True
    comes_and_goes = True
    help = "Copy the docker commands that do the same as the step (OSC 52: works over SSH)."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """Where there are some."""
        return situation.commands

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.copy_commands()


class CopyAllCommands(PlanCommand):
    """Copy all commands."""

    keys, shown, title, group = ("Y",), "Y", "copy all commands", SHOWING
    help = "Copy the docker commands that do the same as the whole plan, a line each."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """When there are some."""
        return situation.all_commands

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.copy_all_commands()


class History(PlanCommand):
    """What the journal has of it."""

    keys, shown, title, group = ("J",), "J", "history", SHOWING
    help = "Go to the history: what orlop has removed, this time and before, and how to get it back."

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.show_history()


class OpenAll(PlanCommand):
    """Open everything."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open every heading."

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(PlanCommand):
    """Close everything."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close every heading."

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class BackWithItsOwnKey(PlanCommand):
    """The key that opened it closes it."""

    keys, shown, title, group = ("D",), "D", "back", SCREEN
    help = "Go back to the main screen; a cleanup runs on meanwhile, and D shows it again."

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close a heading; out of it, to the explanation and back."),
    ("Enter", "On a step, ask whether to carry the plan out; on what could go as well, add it."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
)

PLAN: KeyCatalogue[PlanDesk, PlanSituation] = KeyCatalogue(
    "The plan",
    (
        CarryOut,
        AddHere,
        BackUp,
        TakeOff,
        BackUpAll,
        PauseOrResume,
        StopCleanup,
        RetryHere,
        RetryAll,
        DropHere,
        PlanAnew,
        CopyCommands,
        CopyAllCommands,
        History,
        OpenAll,
        CloseAll,
        *COMMON,
        BackWithItsOwnKey,
    ),
    "In the plan",
    CURSOR_KEYS,
)
