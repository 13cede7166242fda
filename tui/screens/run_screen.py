"""The part of the plan's screen that follows a cleanup: how far it has come, how it is steered, and what is copied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer
from textual.widget import Widget

from tui import messages
from tui.commands.plan_desk import PlanSituation, Stage
from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.cleanup_progress import CleanupProgress, StepProgress, StepState
from tui.model.docker_commands import shell_words
from tui.model.mark import Kind
from tui.present import cleanup_progress as run_words
from tui.present.cleanup_plan import StepSpot, step_key
from tui.present.figures import count
from tui.screens.dialog import Words
from tui.screens.two_sided_screen import TwoSidedScreen
from widgets.cell import Role
from widgets.text_line import TextLine

if TYPE_CHECKING:
    # For annotations only: see TwoSidedScreen.
    from tui.screens.main_screen import MainScreen

SOON = 0.1
"""Seconds after which a change is drawn, with those that have followed it."""


class RunScreen(TwoSidedScreen):
    """Follows the main screen's cleanup, while there is one.

    Args:
        main: the screen it is laid over, which knows the cleanup under way.
        journal_path: where the journal lies, for the receipt; empty when that is not known.
    """

    def __init__(self, main: MainScreen, journal_path: str = "") -> None:
        super().__init__(main)
        self.plan = CleanupPlan()
        """What would be carried out."""
        self.journal_path = journal_path
        self.bar = TextLine(id="bar")
        self.sum = Words()
        self.sum.id = "sum"
        self.shown: Stage | None = None
        """What was drawn last."""
        self._drawing: Timer | None = None
        self._stopping = False
        """The footer says that it is being stopped."""
        self._led_to = ""
        """The row that the cursor was put on last, to go along with the run."""

    @property
    def situation(self) -> PlanSituation:
        """Everything that which commands apply hangs on."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show what is known now."""
        raise NotImplementedError

    def above(self) -> Iterable[Widget]:
        """How much is done, while something is."""
        return (self.bar,)

    def below(self) -> Iterable[Widget]:
        """What it comes to."""
        return (self.sum,)

    # -- where we are -----------------------------------------------------------------------------

    @property
    def progress(self) -> CleanupProgress | None:
        """The cleanup that is shown; ``None`` while the plan is."""
        return self.main.cleanup

    @property
    def stage(self) -> Stage:
        """Which of the three is shown."""
        if self.progress is None:
            return Stage.PLAN
        return Stage.OVER if self.progress.over else Stage.UNDER_WAY

    @property
    def spot(self) -> object:
        """What is highlighted."""
        return self.outline.node.data if self.outline.node is not None else None

    @property
    def step(self) -> Step | None:
        """The step that is highlighted."""
        match self.spot:
            case StepSpot(step=step):
                return step
            case run_words.RunSpot(one=one):
                return one.step
            case _:
                return None

    @property
    def failed(self) -> tuple[StepProgress, ...]:
        """What may be tried again now."""
        progress = self.progress
        if progress is None or not progress.over or progress.measuring:
            return ()
        return progress.in_state(StepState.FAILED)

    # -- the cleanup ------------------------------------------------------------------------------

    def cleanup_changed(self) -> None:
        """It has come a bit further: drawn soon, together with what follows at once."""
        if self.stage is not self.shown:
            self.world_changed()
        elif self._drawing is None:
            self._drawing = self.set_timer(SOON, self.draw_now)

    def stage_changed(self) -> None:
        """What was said of stopping is over with the run."""
        if self._stopping and self.stage is not Stage.UNDER_WAY:
            self._stopping = False
            self.listen_again()

    def draw_now(self) -> None:
        """Show what is known now, and nothing later that is waiting to be shown."""
        if self._drawing is not None:
            self._drawing.stop()
            self._drawing = None
        if self.is_attached:
            self.draw()

    def on_resize(self, _event: events.Resize) -> None:
        """The bar is as long as there is room."""
        self.draw_bar()

    def lead_cursor(self, progress: CleanupProgress, *, begins: bool) -> None:
        """Put the cursor on the step under way, unless the user has moved it away from there."""
        node = self.outline.node
        if not begins and (node is None or node.key != self._led_to):
            return
        now = run_words.current_step(progress)
        if now is not None:
            self.outline.reveal((step_key(now.step),))
        elif begins:
            self.outline.move_to(0)
        self._led_to = self.outline.node.key if self.outline.node is not None else ""

    def draw_bar(self) -> None:
        """How much is done."""
        self.bar.display = self.progress is not None
        if self.progress is not None:
            self.bar.show(run_words.bar_line(self.progress, max(20, self.outline.size.width - 2)))

    # -- steering ---------------------------------------------------------------------------------

    def pause_or_resume(self) -> None:
        """Wait after the current step, or go on."""
        self._steer("resume" if self.situation.pausing else "pause")

    def stop_cleanup(self) -> None:
        """Stop after the current step."""
        self._steer("stop")
        if self.stage is Stage.UNDER_WAY:
            self._stopping = True
            self.say("Stopping once the current step is finished; what has not been begun stays.", Role.WARNING)

    def retry_here(self) -> None:
        """Try the failed step again."""
        if self.step is not None:
            self._steer("retry", self.step.key)

    def retry_all(self) -> None:
        """Try everything that failed again."""
        self._steer("retry_all")

    def drop_here(self) -> None:
        """Let the failed step be."""
        if self.step is not None:
            self._steer("drop", self.step.key)

    def plan_anew(self) -> None:
        """Put the receipt away."""
        self._steer("forget")

    def _steer(self, verb: str, key: tuple[Kind, str] | None = None) -> None:
        # By way of the main screen: this one may be closing.
        self.main.post_message(messages.CleanupSteered(verb, key))

    # -- copying, leaving -------------------------------------------------------------------------

    def copy_commands(self) -> None:
        """The docker commands of the row."""
        self._copy((self.step,) if self.step is not None else ())

    def copy_all_commands(self) -> None:
        """The docker commands of everything."""
        self._copy((self.progress.plan if self.progress is not None else self.plan).steps)

    def _copy(self, steps: Iterable[Step]) -> None:
        commands = [shell_words(command) for step in steps for command in step.commands]
        self.copy("\n".join(commands))
        if len(commands) > 1:
            self.say(f"Copied {count(len(commands), 'docker command')}, a line each", Role.GOOD)

    def show_history(self) -> None:
        """What was removed, this time and before."""
        self.leave_for(self.main.show_history)

    def go_back(self) -> None:
        """To the main screen; a receipt with nothing left to decide is put away with that."""
        if not self._gone and self.situation.settled and not self.failed:
            self._steer("forget")
        super().go_back()
