"""The part of the main screen that marks: which objects are picked to be cleaned up, and which may not be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui import messages
from tui.keeper import Link, LinkState
from tui.keeper.contents import Contents
from tui.keeper.details import Details
from tui.model import late_records
from tui.model.holdings import Holdings
from tui.model.mark import NO_MARKS, Kind, Mark, surviving, toggled
from tui.model.selection import Sort
from tui.present import marks as words
from tui.present.marks import mark_of_place
from tui.present.naming import name_of
from tui.screens.browsing_screen import BrowsingScreen
from tui.screens.marked_line import MarkedLine
from widgets.cell import Role

if TYPE_CHECKING:
    # For annotations only: see MarkingScreen.show_why.
    from tui.screens.explanations import Explanations


class MarkingScreen(BrowsingScreen):
    """Knows what is marked, and keeps it true as the world changes.

    Args:
        details: what has been read of images.
        sorts: pane kind -> the order it starts with.
        contents: what is known of the contents of layers.
        read_only: whether changing is out of the question. Marking is not changing.
        protect: the user's rules of what may not be marked.
    """

    marks: reactive[frozenset[Mark]] = reactive(NO_MARKS, init=False)
    """What is marked. Change it with :meth:`set_marks` and :meth:`add_marks`."""
    lifted: reactive[frozenset[tuple[Kind, str]]] = reactive(frozenset, init=False)
    """Objects (kind and ID) whose protection was lifted on purpose, for this session."""
    cleanup: reactive[late_records.CleanupProgress | None] = reactive(None, init=False)
    """How far the cleanup has come that is under way, or what came of the last one; ``None``: there is none."""
    sight: reactive[late_records.DiskSight | None] = reactive(None, init=False)
    """What was last seen of the disks, when somebody wished for it."""
    link: reactive[Link] = reactive(Link, init=False)
    holdings_known: reactive[int] = reactive(0, init=False)
    """How often the layers of all images have been read, as far as they can be."""

    def __init__(
        self,
        details: Details,
        sorts: Mapping[str, Sort],
        contents: Contents,
        *,
        read_only: bool,
        protect: Iterable[str] = (),
    ) -> None:
        super().__init__(details, sorts, contents, read_only=read_only)
        self._protect = tuple(protect)
        self.back_up: frozenset[str] = frozenset()
        """Names of volumes that are to be backed up before they go, if they go."""
        self.marked_line = MarkedLine()
        self._asked_for: tuple[str, ...] = ()
        """The images whose layers were asked for last."""
        self._reading = False
        self._explanations: Explanations | None = None

    @cached_property
    def protection(self) -> late_records.Protection:
        """What may not be marked, by the user's own rules."""
        from tui.model.protection import Protection  # noqa: PLC0415 - not needed before something is marked

        # What is wrong with a rule has been said when the preferences were read.
        return Protection.as_far_as_understood(self._protect)[0]

    @property
    def holdings(self) -> Holdings:
        """Who holds which layers, as far as that has been read."""
        return self.image_details.holdings

    # -- for other screens ------------------------------------------------------------------------

    def set_marks(self, marks: Iterable[Mark]) -> int:
        """Mark these, and nothing else; what is protected is left out. How many were."""
        allowed, rules = self._split(frozenset(marks))
        self.marks = surviving(frozenset(allowed), self.inventory)
        return len(rules)

    def add_marks(self, marks: Iterable[Mark]) -> int:
        """Mark these too; what is protected is left out. How many were."""
        allowed, rules = self._split(frozenset(marks))
        self.marks = surviving(self.marks.union(allowed), self.inventory)
        return len(rules)

    def rule_for(self, mark: Mark) -> str:
        """The rule that keeps ``mark``'s object, as the user wrote it; empty when none does, or it was lifted."""
        if not self._protect or (mark.kind, mark.id) in self.lifted:
            return ""
        return self.protection.rule_for(self.inventory, mark)

    def _split(self, chosen: Iterable[Mark]) -> tuple[list[Mark], list[str]]:
        """Those of ``chosen`` that may be marked, and the rules that keep the others."""
        allowed, rules = [], []
        for mark in chosen:
            rule = self.rule_for(mark)
            if rule:
                rules.append(rule)
            else:
                allowed.append(mark)
        return allowed, rules

    # -- marking ----------------------------------------------------------------------------------

    def toggle_mark(self) -> None:
        """Mark the row, or unmark it, and move on."""
        chosen, before = self.current.marks_here, self.marks
        if not chosen:
            self.say(words.unmarkable(self.place))
            return
        self.toggle_marks(chosen)
        if self.marks != before:
            self._move_on()

    def toggle_marks(self, chosen: tuple[Mark, ...]) -> None:
        """Mark all of ``chosen`` that may be, or unmark them when they all are marked."""
        allowed, rules = self._split(chosen)
        self.marks = toggled(self.marks, allowed)
        if rules:
            self.say(words.left_out(len(rules)) if allowed else words.all_protected(rules), Role.WARNING)

    def mark_all_shown(self) -> None:
        """Mark all that the filter shows in the pane."""
        shown = self.current.marks_shown
        allowed, rules = self._split(shown)
        if allowed:
            self.marks |= frozenset(allowed)
        if not shown:
            self.say("There is nothing to mark here.")
        elif rules:
            self.say(words.left_out(len(rules)) if allowed else words.all_protected(rules), Role.WARNING)

    def unmark(self) -> None:
        """Unmark the row and move on."""
        chosen = self.current.marks_here
        if chosen:
            self.marks -= frozenset(chosen)
            self._move_on()
        else:
            self.say(words.unmarkable(self.place))

    def unmark_all(self) -> None:
        """Unmark everything."""
        if self.marks:
            self.marks = NO_MARKS
            self.say("Nothing is marked any longer.")

    def _move_on(self) -> None:
        """To the next row that can be marked, past the members of a group; from the last one, nowhere."""
        outline = self.current.outline
        first = outline.cursor + 1 if self.mark_here is not None else outline.end_of(outline.cursor)
        following = next((n for n in range(first, len(outline.rows)) if self.current.marks_of(outline.rows[n].node)), 0)
        if following:
            outline.move_to(following)

    def cycle_sort(self) -> None:
        """Order the pane by the next thing, unless rows are to stay where they are."""
        if self.marks:
            self.say("Rows keep their places while something is marked; U unmarks everything.")
        else:
            super().cycle_sort()

    # -- protection -------------------------------------------------------------------------------

    @property
    def mark_here(self) -> Mark | None:
        """The mark of the highlighted object; ``None`` on groups and inside objects."""
        return mark_of_place(self.place)

    def toggle_protection(self) -> None:
        """Lift the highlighted object's protection, for this session, or restore it."""
        mark = self.mark_here
        if mark is None:
            return
        name = name_of(self.place)
        key = (mark.kind, mark.id)
        if key in self.lifted:
            self.lifted -= {key}
            self.marks = frozenset(one for one in self.marks if (one.kind, one.id) != key or not self.rule_for(one))
            self.say(f"{name} is protected again.")
        elif rule := self.rule_for(mark):
            self.lifted |= {key}
            self.say(f"{name} may be marked in this session, though {rule} protects it; P restores that.", Role.WARNING)
        self.show_keys()

    def ask_to_remove(self) -> None:
        """Say what removing the highlighted object would do, and ask, unless a rule keeps it."""
        mark = self.mark_here
        rule = self.rule_for(mark) if mark is not None else ""
        if rule:
            self.say(words.all_protected([rule]), Role.WARNING)
        elif mark is not None and mark.kind is Kind.CACHE_RECORD:
            # What else has to go with it, and what it really frees, takes a plan to say.
            self.add_marks((mark,))
            self.show_plan()
        else:
            super().ask_to_remove()

    def follow_marks(self) -> None:
        """The world has changed: marks go with their objects, and what is left may free something else."""
        left = surviving(self.marks, self.inventory)
        if left is self.marks:
            self.sum_up()
            self._renew_why()
        else:
            self.marks = left

    # -- what it comes to -------------------------------------------------------------------------

    def watch_marks(self) -> None:
        """Sum up anew."""
        self.sum_up()
        self.show_keys()
        self._renew_why()

    def watch_sight(self) -> None:
        """More is known of the disks."""
        self._renew_why()

    def watch_cleanup(self) -> None:
        """Say how it goes."""
        self.sum_up()
        self.show_keys()

    def sum_up(self) -> None:
        """Say how the cleanup goes, or what is marked and what that frees; nothing while there is neither."""
        progress = self.cleanup
        if progress is not None and (not self.marks or not progress.over):
            from tui.present.marked_line import cleaning_line  # noqa: PLC0415 - most starts clean nothing up

            self.marked_line.show_fitting(lambda _width: cleaning_line(progress))
        elif self.marks:
            self._sum_up_marks()
        else:
            self.marked_line.show_fitting(None)
            if self.marked_line.has_focus:
                self.focus_pane(self.current.KIND)

    def _sum_up_marks(self) -> None:
        from tui.model.marked_sum import marked_sum  # noqa: PLC0415 - most starts mark nothing
        from tui.present.marked_line import marked_line  # noqa: PLC0415 - as above

        unread = self.holdings.unread(self.inventory)
        if unread and unread != self._asked_for and self.link.state is not LinkState.LOST:
            # Once for the same ones: what can't be read is not asked for again and again.
            self._asked_for = unread
            self.post_message(messages.NeighboursRequested())
            self._reading = True
        total = marked_sum(self.inventory, self.holdings, self.marks)
        reading = bool(unread) and self._reading
        self.marked_line.show_fitting(lambda width: marked_line(total, width, reading=reading))

    def neighbours_known(self) -> None:
        """The details of all images have been read, or as many as can be."""
        self._reading = False
        self.holdings_known += 1
        self.sum_up()
        self._renew_why()

    def show_why(self) -> None:
        """Say what keeps the bytes of the highlighted object."""
        mark = self.mark_here
        if mark is None:
            self.say("Go to an image, a container, a volume or a cache record: w says there what keeps its bytes.")
            return
        if self._explanations is None:
            from tui.screens.explanations import Explanations  # noqa: PLC0415 - as for questions

            self._explanations = Explanations(self)
        self._explanations.show(mark)

    def _renew_why(self) -> None:
        if self._explanations is not None:
            self._explanations.renew()

    # -- the marked line --------------------------------------------------------------------------

    def step_focus(self, by: int) -> None:
        """Give the keys to the next part, the marked line among them."""
        order = [*self.panes, "details", *(["marked"] if self.marked_line.any else [])]
        here = self.current.KIND
        if self.details.holds_focus:
            here = "details"
        elif self.marked_line.has_focus:
            here = "marked"
        self.focus_pane(order[(order.index(here) + by) % len(order)])

    def focus_pane(self, kind: str) -> None:
        """Give the keys to a pane, or to the marked line."""
        if kind == "marked":
            self.set_focus(self.marked_line)
        else:
            super().focus_pane(kind)

    def on_marked_line_left(self) -> None:
        """Back to the trees."""
        self.focus_pane(self.current.KIND)

    def clear(self) -> None:
        """Escape: from the marked line, back to the trees."""
        if self.marked_line.has_focus:
            self.focus_pane(self.current.KIND)
        else:
            super().clear()

    # -- screens over this one --------------------------------------------------------------------

    def show_plan(self) -> None:
        """What is marked, as a plan; or the cleanup under way."""
        self.post_message(messages.PlanRequested())

    def show_candidates(self) -> None:
        """What could be marked, by rules."""
        self.post_message(messages.CandidatesRequested())

    def show_usage(self) -> None:
        """What takes up the disk."""
        self.post_message(messages.UsageRequested())

    def show_history(self) -> None:
        """What was removed before."""
        self.post_message(messages.HistoryRequested())
