"""What could go, by rules: ticked here, marked on the main screen, and removed nowhere but in the plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui import messages
from tui.commands.candidates_commands import CANDIDATES, CandidatesSituation
from tui.engine.helper_makers import is_gone
from tui.keeper import LinkState
from tui.model.candidate_choice import Choice
from tui.model.candidates import CandidateSet, CandidateSettings, Rule, candidates
from tui.model.mark import Mark
from tui.model.marked_sum import marked_sum
from tui.model.storage import StorageReport
from tui.present import figures
from tui.present.candidate_facts import candidate_sections
from tui.present.candidates import LogSpot, ObjectSpot, RuleSpot, candidate_nodes, candidate_row, chosen_lines
from tui.present.container_tree import container_path
from tui.present.figures import count
from tui.present.marks import left_out
from tui.screens.dialog import Words
from tui.screens.keyed_screen import key_bindings
from tui.screens.two_sided_screen import TwoSidedScreen
from widgets.cell import Cell, Role, RowText
from widgets.node import Node
from widgets.outline import Outline

if TYPE_CHECKING:
    # For annotations only: see TwoSidedScreen.
    from tui.screens.main_screen import MainScreen


class CandidatesScreen(TwoSidedScreen):
    """The candidates. It is the desk of its commands.

    Args:
        main: the screen it is laid over, which knows the world, and takes the marks.
        storage: what was measured of the engine's folders and logs; ``None`` when nothing was.
    """

    CATALOGUE = CANDIDATES
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(CANDIDATES)
    DEFAULT_CSS = """
    CandidatesScreen {
        &.-narrow #facts { width: 1fr; }
        #sum { background: $panel; padding: 0 1; max-height: 5; }
    }
    """

    def __init__(self, main: MainScreen, storage: StorageReport | None = None) -> None:
        super().__init__(main)
        self.storage = storage
        self.settings = CandidateSettings()
        self.sets: tuple[CandidateSet, ...] = ()
        self.choice = Choice()
        self.outline.empty = "nothing has been listed yet…"
        self.sum = Words()
        self.sum.id = "sum"
        self._unread: tuple[str, ...] = ()
        """The images whose layers were asked for last."""
        self._reading = False

    def below(self) -> Iterable[Widget]:
        """What the ticks come to."""
        return (self.sum,)

    def on_mount(self) -> None:
        """Follow marks, protection and figures, too."""
        self.watch(self.main, "marks", self._draw_sum, init=False)
        self.watch(self.main, "lifted", self.world_changed, init=False)
        self.watch(self.main, "holdings_known", self._holdings_known, init=False)

    @property
    def situation(self) -> CandidatesSituation:
        """Everything that which commands apply hangs on."""
        found = self.found
        return CandidatesSituation(
            numbered=found is not None and found.number is not None,
            chosen=bool(self.choice.marks),
            marked=bool(self.choice.marks or self.main.marks) or self.main.cleanup is not None,
        )

    @property
    def spot(self) -> object:
        """What is highlighted."""
        return self.outline.node.data if self.outline.node is not None else None

    @property
    def found(self) -> CandidateSet | None:
        """The set that the row is, or is in."""
        match self.spot:
            case RuleSpot(found=found):
                return found
            case ObjectSpot(rule=rule):
                return self._set_of(rule)
            case LogSpot():
                return self._set_of(Rule.LOGS)
            case _:
                return None

    def _set_of(self, rule: Rule) -> CandidateSet | None:
        return next((one for one in self.sets if one.rule is rule), None)

    # -- what is shown ----------------------------------------------------------------------------

    def world_changed(self) -> None:
        """Find everything anew. What no rule finds any longer is not ticked any longer."""
        if not self.is_attached:
            return
        self._ask_for_layers()
        self._find()
        self.choice = self.choice.following(self.sets)
        self._draw()

    def _find(self) -> None:
        main, storage = self.main, self.storage
        self.sets = candidates(
            self.inventory,
            main.holdings,
            now=figures.now(),
            protection=main.protection,
            lifted=main.lifted,
            settings=self.settings,
            logs=storage.logs if storage is not None and not storage.reason else None,
            gone=is_gone,
        )

    def _ask_for_layers(self) -> None:
        unread = self.main.holdings.unread(self.inventory)
        if unread and unread != self._unread and self.main.link.state is not LinkState.LOST:
            # Once for the same ones: what can't be read is not asked for again and again.
            self._unread = unread
            self._reading = True
            self.post_message(messages.NeighboursRequested())

    def _holdings_known(self) -> None:
        self._reading = False
        self.world_changed()

    def _draw(self) -> None:
        self.outline.replace(candidate_nodes(self.sets, self.inventory))
        self.show_title((Cell("─ ", Role.MUTED), Cell("Candidates ", Role.STRONG)), ())
        self._draw_choice()

    def _draw_choice(self) -> None:
        self.outline.refresh()
        self._draw_sum()
        self.row_changed()
        self.show_keys()

    def _draw_sum(self) -> None:
        main = self.main
        total = marked_sum(self.inventory, main.holdings, self.choice.marks)
        reading = self._reading and bool(main.holdings.unread(self.inventory))
        self.sum.show(chosen_lines(total, self.choice, self.inventory, marked=len(main.marks), reading=reading))

    def describe(self, node: Node) -> RowText:
        """A row of the candidates."""
        return candidate_row(node.data, self.choice, exact=self.exact)

    def row_changed(self) -> None:
        """The explanation follows the cursor."""
        node = self.outline.node
        reason = self.storage.reason if self.storage is not None else ""
        sections = candidate_sections(self.spot, self.inventory, self.sets, reason)
        self.facts.show(node.key if node is not None else "", sections)

    # -- ticking ----------------------------------------------------------------------------------

    def toggle_tick(self) -> None:
        """Tick the row, or take the tick away, and move on to the next that is not a part of it."""
        match self.spot:
            case RuleSpot(found=found) if found.marks:
                self.choice = self.choice.toggled_set(found).following(self.sets)
            case ObjectSpot(marks=marks):
                self.choice = self.choice.toggled_marks(marks).following(self.sets)
            case LogSpot() | RuleSpot(found=CandidateSet(rule=Rule.LOGS)):
                self.say("Logs can't be ticked: the engine has no call that empties one.", Role.WARNING)
            case RuleSpot(unknown=unknown) if unknown:
                self.say(f"What this finds is {unknown}.")
            case _:
                self.say("There is nothing here to tick.")
        outline = self.outline
        if outline.node is not None:
            following = outline.end_of(outline.cursor)
            while following < len(outline.rows) and not outline.rows[following].node.selectable:
                following += 1
            if following < len(outline.rows):
                outline.move_to(following)
        self._draw_choice()

    def tick_all(self) -> None:
        """Tick everything but named volumes."""
        before = self.choice.marks
        self.choice = self.choice.with_all(self.sets)
        if not self.choice.marks:
            self.say("There is nothing to tick.")
        elif self.choice.marks == before:
            self.say("All is ticked but named volumes; U takes the ticks away.")
        self._draw_choice()

    def untick_all(self) -> None:
        """Take all ticks away."""
        self.choice = Choice()
        self._draw_choice()

    def change_number(self, by: int) -> None:
        """Another number in the row's rule; what was ticked whole stays ticked whole."""
        found = self.found
        if found is None or found.number is None:
            return
        self.settings = self.settings.stepped(found.rule, by)
        self._find()
        self.choice = self.choice.renumbered(found, self.sets)
        self._draw()

    # -- leaving ----------------------------------------------------------------------------------

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: as the command, which the list has kept from hearing it."""
        event.stop()
        self.mark_chosen()

    def mark_chosen(self) -> None:
        """Mark what is ticked and go back; on a log, go to its container."""
        spot = self.spot
        container = self.inventory.containers_by_id.get(spot.log.container_id) if isinstance(spot, LogSpot) else None
        if container is not None:
            self.jump(("containers", container_path(container)))
        elif not self.choice.marks:
            self.say("Nothing is ticked: Space ticks the row, * all but named volumes.")
        elif not self._gone:
            said, role = self._mark()
            self.go_back()
            self.main.say(said, role)

    def plan_chosen(self) -> None:
        """Mark what is ticked and open the plan in place of this."""
        if self._gone:
            return
        if self.choice.marks:
            said, role = self._mark()
            self.main.say(said, role)
            self.choice = Choice()
        self.post_message(messages.PlanRequested())

    def _mark(self) -> tuple[str, Role]:
        """Mark what is ticked; how that went, in a sentence."""
        main, before = self.main, self.main.marks
        kept = main.add_marks(self.choice.marks)
        things = _things(main.marks - before)
        already = len(_things(self.choice.marks & before))
        said = f"{count(len(things), 'thing')} marked"
        if already:
            said += f", {already:,} had been before"
        said += "; D shows the plan."
        return (f"{said} {left_out(kept)}", Role.WARNING) if kept else (said, Role.GOOD)


def _things(marks: Iterable[Mark]) -> set[tuple[str, str]]:
    return {(mark.kind, mark.id) for mark in marks}
