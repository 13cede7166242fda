"""The plan of what is marked; once it is carried out, how far that has come; and at the end its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.timer import Timer

from tui import messages
from tui.commands.plan_commands import PLAN, CarryOut
from tui.commands.plan_desk import PlanSituation, Stage
from tui.keeper import LinkState
from tui.model.cleanup_plan import Standing
from tui.model.cleanup_planning import plan_cleanup
from tui.model.cleanup_progress import RunState
from tui.model.cleanup_suggestions import suggestions
from tui.model.engine_disk import removed_containers
from tui.model.mark import Kind, Mark
from tui.present import cleanup_progress as run_words
from tui.present.cleanup_changes import change_words, deeds_of
from tui.present.cleanup_facts import plan_sections
from tui.present.cleanup_plan import (
    Heading,
    StepSpot,
    SuggestionSpot,
    names_of,
    plan_nodes,
    plan_row,
    sum_lines,
)
from tui.present.figures import count
from tui.present.unmeasured import unmeasured_words
from tui.screens.keyed_screen import key_bindings
from tui.screens.plan_dialogs import GoDialog
from tui.screens.run_screen import SOON, RunScreen
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline

if TYPE_CHECKING:
    # For annotations only: see TwoSidedScreen.
    from tui.screens.main_screen import MainScreen


class PlanScreen(RunScreen):
    """The plan, the run and the receipt. It is the desk of its commands.

    Args:
        main: the screen it is laid over, which knows the marks and the cleanup under way.
        journal_path: where the journal lies, for the receipt; empty when that is not known.
    """

    CATALOGUE = PLAN
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(PLAN)
    DEFAULT_CSS = """
    PlanScreen {
        &.-narrow #facts { width: 1fr; }
        #sum { background: $panel; padding: 0 1; max-height: 5; }
        #bar { padding: 0 1; }
    }
    """

    def __init__(self, main: MainScreen, journal_path: str = "") -> None:
        super().__init__(main, journal_path)
        self.offered: tuple[SuggestionSpot, ...] = ()
        self._suggesting: Timer | None = None
        self._own_change = False
        """True while the user changes the marks from here: that need not be said."""
        self._unread: tuple[str, ...] = ()
        """The images whose layers were asked for last."""
        self._looked_for: tuple[str, ...] | None = None
        """The containers whose logs were asked for last."""
        self._reading = False
        self._dialog: GoDialog | None = None

    def on_mount(self) -> None:
        """Follow marks, figures and the cleanup, too."""
        self.watch(self.main, "marks", self.world_changed, init=False)
        self.watch(self.main, "lifted", self.world_changed, init=False)
        self.watch(self.main, "holdings_known", self._holdings_known, init=False)
        self.watch(self.main, "cleanup", self.cleanup_changed, init=False)
        self.watch(self.main, "sight", self._disks_seen, init=False)

    # -- where we are -----------------------------------------------------------------------------

    @property
    def situation(self) -> PlanSituation:
        """Everything that which commands apply hangs on."""
        step, progress, spot = self.step, self.progress, self.spot
        ready = step is not None and step.standing is Standing.READY
        failed = self.failed
        shown = progress.plan if progress is not None else self.plan
        return PlanSituation(
            stage=self.stage,
            read_only=self.main.read_only,
            reachable=self.main.link.state is not LinkState.LOST,
            ready=bool(self.plan.ready),
            step=step is not None,
            addable=isinstance(spot, SuggestionSpot) or (step is not None and bool(step.helped_by)),
            volume=ready and step is not None and step.kind is Kind.VOLUME,
            volumes=bool(self.plan.emptied),
            commands=step is not None and bool(step.commands),
            all_commands=any(one.commands for one in shown.steps),
            pausing=progress is not None and progress.state in {RunState.PAUSING, RunState.PAUSED},
            failed=any(step is not None and one.step.key == step.key for one in failed),
            any_failed=bool(failed),
            settled=progress is not None and progress.over and not progress.measuring,
        )

    # -- the plan ---------------------------------------------------------------------------------

    def world_changed(self) -> None:
        """Plan anew, and say what is different now."""
        if not self.is_attached:
            return
        if self.stage is not Stage.PLAN:
            # What is carried out was agreed to: the world no longer changes it. Only what comes next is planned anew.
            if self.stage is not self.shown:
                self.draw_now()
            return
        main, before = self.main, self.plan
        self._ask_for_layers()
        self.plan = plan_cleanup(self.inventory, main.holdings, main.marks, main.protection, main.lifted)
        self.offered = tuple(one for one in self.offered if not main.marks.issuperset(one.suggestion.marks))
        # What was agreed to is what stands in the dialog: with another plan the question is another one.
        if self._dialog is not None and self._dialog.left:
            self._dialog = None
        if self._dialog is not None and deeds_of(self._dialog.plan) != deeds_of(self.plan):
            self._dialog.leave()
            self._dialog = None
            self.say("The plan has changed while you were asked. Look at it again.", Role.WARNING)
        elif self.shown is Stage.PLAN and not self._own_change and (said := change_words(before, self.plan)):
            self.say(said, Role.WARNING)
        self._suggest_soon()
        self._look_at_disks()
        self.draw_now()

    def _look_at_disks(self) -> None:
        """Have looked how full they are, and what the logs of the containers take that go: when that set changes."""
        containers = removed_containers(self.plan)
        if containers != self._looked_for:
            self._looked_for = containers
            self.post_message(messages.DiskSightRequested(containers))

    def _disks_seen(self) -> None:
        if self._dialog is not None and self._dialog.is_attached:
            self._dialog.renew(self.main.sight)
        self.draw_now()

    def _ask_for_layers(self) -> None:
        unread = self.main.holdings.unread(self.inventory) if self.main.marks else ()
        if unread and unread != self._unread and self.main.link.state is not LinkState.LOST:
            # Once for the same ones: what can't be read is not asked for again and again.
            self._unread = unread
            self._reading = True
            self.post_message(messages.NeighboursRequested())

    def _holdings_known(self) -> None:
        self._reading = False
        self.world_changed()

    def _suggest_soon(self) -> None:
        """Suggestions take several plans to work out: that is done once nothing has changed for a moment."""
        if self._suggesting is not None:
            self._suggesting.stop()
        self._suggesting = self.set_timer(SOON, self._suggest)

    def _suggest(self) -> None:
        self._suggesting = None
        if self.stage is not Stage.PLAN:
            return
        main = self.main
        found = suggestions(self.plan, self.inventory, main.holdings, main.protection, main.lifted)
        self.offered = tuple(SuggestionSpot(one, names_of(one.marks, self.inventory)) for one in found)
        self.draw_now()

    # -- drawing ----------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the plan, or how far the cleanup has come."""
        stage, before, progress = self.stage, self.shown, self.progress
        self.shown = stage
        if stage is not before:
            self.stage_changed()
        if progress is None:
            self.outline.empty = "nothing is marked: Space marks on the main screen, X shows what could go"
            self.outline.replace(plan_nodes(self.plan, self.offered))
        else:
            self.outline.replace(run_words.progress_nodes(progress))
            if stage is not before and stage is Stage.OVER:
                self.outline.move_to(0)
            elif stage is Stage.UNDER_WAY:
                self.lead_cursor(progress, begins=stage is not before)
        if stage is not before and progress is None:
            self.outline.move_to(0)
        self.draw_bar()
        self.sum.show(self._sum_lines())
        title = {Stage.PLAN: "Plan", Stage.UNDER_WAY: "Cleanup under way", Stage.OVER: "Cleanup over"}[stage]
        self.show_title((Cell("─ ", Role.MUTED), Cell(f"{title} ", Role.STRONG)), ())
        self.row_changed()
        self.show_keys()

    def _sum_lines(self) -> tuple[Line, ...]:
        if self.progress is not None:
            lines = [run_words.state_line(self.progress)]
            if self.progress.sentence:
                lines.append((Cell(self.progress.sentence, Role.WARNING),))
            return tuple(lines)
        reading = self._reading and bool(self._unread)
        lines = list(sum_lines(self.plan, self.main.back_up, self.main.sight, reading=reading))
        if unmeasured := unmeasured_words(self.plan, self.inventory.usage):
            lines.append((Cell(unmeasured, Role.WARNING),))
        if self.main.read_only:
            lines.append((Cell("orlop was started read-only: this can be looked at, not carried out."),))
        return tuple(lines)

    def describe(self, node: Node) -> RowText:
        """A row of the plan or of the run."""
        if isinstance(node.data, Heading | StepSpot | SuggestionSpot):
            return plan_row(node.data, self.main.back_up, exact=self.exact)
        return run_words.progress_row(node.data, exact=self.exact)

    def row_changed(self) -> None:
        """The explanation follows the cursor."""
        node, progress = self.outline.node, self.progress
        if node is None:
            self.facts.show("", ())
        elif progress is None:
            offered = tuple(one.suggestion for one in self.offered)
            self.facts.show(node.key, plan_sections(node.data, self.main.back_up, offered, self.main.sight))
        else:
            self.facts.show(node.key, run_words.progress_sections(node.data, progress, self.journal_path))

    # -- changing the plan ------------------------------------------------------------------------

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: open or close a heading, add what is offered, or ask whether to carry it out."""
        event.stop()
        if not event.node.leaf:
            self.outline.set_open(event.node, not self.outline.is_open(event.node))
        elif self.stage is not Stage.PLAN:
            self.set_focus(self.facts)
        elif self.situation.addable:
            self.add_here()
        else:
            self.ask_to_go()

    def add_here(self) -> None:
        """Add what the row offers, or what would let it go."""
        step = self.step
        if isinstance(self.spot, SuggestionSpot):
            self._add(self.spot.suggestion.marks)
        elif step is not None:
            self._add(step.helped_by)

    def _add(self, marks: tuple[Mark, ...]) -> None:
        self._own_change = True
        try:
            kept = self.main.add_marks(marks)
        finally:
            self._own_change = False
        added = len({(mark.kind, mark.id) for mark in marks if mark in self.main.marks})
        if kept:
            self.say(f"{count(kept, 'protected one')} left out: P on the main screen lifts that.", Role.WARNING)
        else:
            self.say(f"{count(added, 'thing')} added to the plan.", Role.GOOD)

    def take_off(self) -> None:
        """Unmark the step of the row."""
        step = self.step
        if step is None:
            return
        self._own_change = True
        try:
            self.main.marks -= frozenset(step.marks)
        finally:
            self._own_change = False

    def back_up_here(self) -> None:
        """Back this volume up first, or don't."""
        if self.step is not None:
            self._choose_backups(self.main.back_up ^ {self.step.id})

    def back_up_all(self) -> None:
        """Back all volumes up whose files go, or none when all are."""
        volumes = frozenset(step.id for step in self.plan.emptied)
        back_up = self.main.back_up
        self._choose_backups(back_up - volumes if volumes <= back_up else back_up | volumes)

    def _choose_backups(self, back_up: frozenset[str]) -> None:
        self.main.back_up = back_up
        self.draw_now()
        self.outline.refresh()

    # -- carrying it out --------------------------------------------------------------------------

    def ask_to_go(self) -> None:
        """Ask whether to carry the plan out."""
        situation = self.situation
        if not CarryOut.applies(situation):
            self.say(CarryOut.elsewhere(situation), Role.WARNING)
        elif self.app.screen is self:
            chosen = self.main.back_up & {step.id for step in self.plan.ready if step.kind is Kind.VOLUME}
            self._dialog = GoDialog(self.plan, chosen, self._go, self.main.sight)
            self.app.push_screen(self._dialog)

    def _go(self, dialog: GoDialog) -> None:
        """Carry out what stood in the dialog, if that is still the plan."""
        self._dialog = None
        if deeds_of(dialog.plan) != deeds_of(self.plan):
            self.say("The plan has changed while you were asked. Look at it again.", Role.WARNING)
            return
        self.post_message(messages.CleanupRequested(dialog.plan, dialog.back_up))
