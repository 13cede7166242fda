"""What can be done with a cleanup: while it is under way, and once it is over."""

from __future__ import annotations

from tui.commands.plan_desk import PlanCommand, PlanDesk, PlanSituation, Stage, cannot_remove

RUN_GROUP = "While it is carried out, and after"


class PauseOrResume(PlanCommand):
    """Pause."""

    keys, shown, title, group, footer = ("p",), "p", "pause", RUN_GROUP, True
    changes = True
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
    changes = True
    help = "Stop for good once the current step is finished; what has not been begun stays. After it, stop measuring."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """While it runs, or what came back is measured."""
        measuring = situation.stage is Stage.OVER and not situation.settled
        return measuring or situation.stage is Stage.UNDER_WAY

    @classmethod
    def label(cls, situation: PlanSituation) -> str:
        """The one or the other."""
        return "stop" if situation.stage is Stage.UNDER_WAY else "stop measuring"

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.stop_cleanup()


class RetryHere(PlanCommand):
    """Try again."""

    keys, shown, title, group, footer = ("r",), "r", "retry", RUN_GROUP, True
    changes = True
    comes_and_goes = True
    help = "Try the failed step again."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """On a failed step, once it is over."""
        return situation.failed and not cannot_remove(situation)

    @classmethod
    def elsewhere(cls, situation: PlanSituation) -> str:
        """Why not."""
        return cannot_remove(situation) if situation.failed else ""

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.retry_here()


class RetryAll(PlanCommand):
    """Try all again."""

    keys, shown, title, group, footer = ("R",), "R", "retry all", RUN_GROUP, True
    changes = True
    help = "Try all failed steps again."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """When any failed, once it is over."""
        return situation.any_failed and not cannot_remove(situation)

    @classmethod
    def elsewhere(cls, situation: PlanSituation) -> str:
        """Why not."""
        return cannot_remove(situation) if situation.any_failed else ""

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.retry_all()


class DropHere(PlanCommand):
    """Let it be."""

    keys, shown, title, group, footer = ("d",), "d", "let be", RUN_GROUP, True
    changes = True
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
    changes = True
    help = "Put the receipt away (J keeps it) and show the plan of what is marked now."

    @classmethod
    def applies(cls, situation: PlanSituation) -> bool:
        """Once it is over."""
        return situation.stage is Stage.OVER and situation.settled

    @classmethod
    def run(cls, desk: PlanDesk, situation: PlanSituation) -> None:
        """Do it."""
        desk.plan_anew()
