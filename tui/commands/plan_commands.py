"""The commands of the plan: of what is marked, of the cleanup under way, and of its receipt."""

from __future__ import annotations

from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import COMMON, SCREEN, SHOWING
from tui.commands.plan_desk import PlanCommand, PlanDesk, PlanSituation, Stage

PLAN_GROUP, RUN_GROUP = "The plan", "While it is carried out, and after"


class CarryOut(PlanCommand):
    """Carry it out."""

    keys, shown, title, group, footer = ("c",), "c", "carry out", PLAN_GROUP, True
    help = "Carry the plan out, after asking (Cancel is preselected); Enter on a step asks the same."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """When there is something to carry out, and we may."""
        return situation.stage is Stage.PLAN and situation.ready and not situation.read_only

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


class BackUp(PlanCommand):
    """Back up first."""

    keys, shown, title, group, footer = ("b",), "b", "back up first", PLAN_GROUP, True
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


class BackUpAll(PlanCommand):
    """Back all of them up."""

    keys, shown, title, group, footer = ("B",), "B", "back up all", PLAN_GROUP, True
    help = "Back all volumes of the plan up before they go, or none."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """When volumes go."""
        return situation.stage is Stage.PLAN and situation.volumes

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.back_up_all()


class PauseOrResume(PlanCommand):
    """Pause."""

    keys, shown, title, group, footer = ("p",), "p", "pause", RUN_GROUP, True
    help = "Pause once the current step is finished; again, go on."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """While it runs."""
        return situation.stage is Stage.UNDER_WAY

    @classmethod
    def label(cls, situation: PlanSituation) -> str:
        """The one or the other."""
        return "go on" if situation.pausing else "pause"

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.pause_or_resume()


class StopCleanup(PlanCommand):
    """Stop."""

    keys, shown, title, group, footer = ("s",), "s", "stop", RUN_GROUP, True
    help = "Stop for good once the current step is finished; what has not been begun stays."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """While it runs."""
        return situation.stage is Stage.UNDER_WAY

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.stop_cleanup()


class RetryHere(PlanCommand):
    """Try again."""

    keys, shown, title, group, footer = ("r",), "r", "retry", RUN_GROUP, True
    comes_and_goes = True
    help = "Try the failed step again."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """On a failed step, once it is over."""
        return situation.failed and not situation.read_only

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.retry_here()


class RetryAll(PlanCommand):
    """Try all again."""

    keys, shown, title, group, footer = ("R",), "R", "retry all", RUN_GROUP, True
    help = "Try all failed steps again."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """When any failed, once it is over."""
        return situation.any_failed and not situation.read_only

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.retry_all()


class DropHere(PlanCommand):
    """Let it be."""

    keys, shown, title, group, footer = ("d",), "d", "let be", RUN_GROUP, True
    comes_and_goes = True
    help = "Let the failed step be: it is not tried again."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """On a failed step, once it is over."""
        return situation.failed

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.drop_here()


class PlanAnew(PlanCommand):
    """The next plan."""

    keys, shown, title, group, footer = ("n",), "n", "new plan", RUN_GROUP, True
    help = "Put the receipt away (J keeps it) and show the plan of what is marked now."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """Once it is over."""
        return situation.stage is Stage.OVER and situation.settled

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.plan_anew()


class CopyCommands(PlanCommand):
    """Copy the commands."""

    keys, shown, title, group, footer = ("y",), "y", "copy command", SHOWING, True
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
        TakeOff,
        BackUp,
        BackUpAll,
        PauseOrResume,
        StopCleanup,
        RetryHere,
        RetryAll,
        DropHere,
        PlanAnew,
        CopyCommands,
        CopyAllCommands,
        OpenAll,
        CloseAll,
        *COMMON,
        BackWithItsOwnKey,
    ),
    "In the plan",
    CURSOR_KEYS,
)
