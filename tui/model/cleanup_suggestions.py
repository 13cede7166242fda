"""What could go along with a plan: what it leaves behind without a user, and what would let its blocked steps go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tui.model.cleanup_needs import Needs, Thing
from tui.model.cleanup_plan import CleanupPlan, Standing
from tui.model.cleanup_planning import NONE_LIFTED, Lifted, plan_cleanup
from tui.model.estimate import NOTHING, Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.protection import NO_PROTECTION, Protection

MOST_UNBLOCKED = 6
"""When blocked steps wait for more different things than this, one suggestion is made for all of them."""


class Reason(StrEnum):
    """Why something is suggested."""

    UNBLOCKS = "unblocks"
    """Blocked steps wait for it: see ``steps``."""
    LEFT_VOLUMES = "left volumes"
    """Anonymous volumes that only containers mount which go."""
    LEFT_DANGLING = "left dangling"
    """Images without a tag, whose last container goes."""
    LEFT_UNUSED = "left unused"
    """Images with a tag, whose last container goes."""
    LEFT_PARENTS = "left parents"
    """Images without a container, on which the classic builder built only what goes."""
    LEFT_CACHE = "left cache"
    """Records of the build cache, from which only records were made that go."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Marks to add."""

    reason: Reason
    marks: tuple[Mark, ...]
    freed: Estimate
    """What would come back on top of what the plan frees."""
    steps: tuple[Thing, ...] = ()
    """Keys of the blocked steps that would go; empty for what is left behind."""


def suggestions(
    plan: CleanupPlan,
    inventory: Inventory,
    holdings: Holdings,
    protection: Protection = NO_PROTECTION,
    lifted: Lifted = NONE_LIFTED,
) -> tuple[Suggestion, ...]:
    """What could be added to ``plan``: what unblocks its steps first, then what it leaves behind.

    ``protection`` and ``lifted`` are those that the plan was made with: nothing protected is suggested. Each figure is
    for that suggestion alone; two that share layers free more together.
    """
    return _Asking(plan, inventory, holdings, protection, lifted).suggestions()


def gain(
    plan: CleanupPlan,
    inventory: Inventory,
    holdings: Holdings,
    added: Collection[Mark],
    *,
    protection: Protection = NO_PROTECTION,
    lifted: Lifted = NONE_LIFTED,
) -> Estimate:
    """What would come back on top of what ``plan`` frees if ``added`` were marked too."""
    # What a rule keeps stays out: whoever lifts it makes another plan.
    marks = [mark for step in plan.steps if step.standing is not Standing.PROTECTED for mark in step.marks]
    more = plan_cleanup(inventory, holdings, (*marks, *added), protection, lifted).freed
    found = _difference(more, plan.freed)
    cache_goes = any(mark.kind is Kind.CACHE_RECORD for mark in added)
    if cache_goes or found.certainty is not Certainty.ABOUT or not _CACHE_ALONE.issuperset(found.doubts):
        return found
    # What the build cache keeps of the plan's layers, it keeps whatever else goes.
    return Estimate(found.bytes, Certainty.UP_TO, found.doubts) if found.bytes else NOTHING


def _difference(more: Estimate, less: Estimate) -> Estimate:
    """``more`` without ``less``: what lies below one and above the other makes the difference larger, or smaller."""
    doubts = tuple(dict.fromkeys((*more.doubts, *less.doubts)))
    if more.bytes is None:
        return more
    return Estimate(max(0, more.bytes - (less.bytes or 0)), _CERTAINTY.get(_sides(more, less), Certainty.ABOUT), doubts)


def _sides(more: Estimate, less: Estimate) -> tuple[Certainty, Certainty]:
    # Nothing known of the smaller set is at least nothing.
    return more.certainty, Certainty.AT_LEAST if less.certainty is Certainty.UNKNOWN else less.certainty


_CACHE_ALONE = frozenset({Doubt.BUILD_CACHE, Doubt.BUILD_CACHE_UNREAD})

_CERTAINTY = {
    (Certainty.EXACT, Certainty.EXACT): Certainty.EXACT,
    (Certainty.EXACT, Certainty.UP_TO): Certainty.AT_LEAST,
    (Certainty.EXACT, Certainty.AT_LEAST): Certainty.UP_TO,
    (Certainty.UP_TO, Certainty.EXACT): Certainty.UP_TO,
    (Certainty.AT_LEAST, Certainty.EXACT): Certainty.AT_LEAST,
    # What is not known of the smaller set is not known of the larger one either, and is in both.
    (Certainty.AT_LEAST, Certainty.AT_LEAST): Certainty.AT_LEAST,
    (Certainty.AT_LEAST, Certainty.UP_TO): Certainty.AT_LEAST,
    (Certainty.UP_TO, Certainty.AT_LEAST): Certainty.UP_TO,
}
"""Of the larger and the smaller set -> of the difference; everything else may lie on either side."""


class _Asking:
    """One plan being asked what could go along."""

    def __init__(
        self, plan: CleanupPlan, inventory: Inventory, holdings: Holdings, protection: Protection, lifted: Lifted
    ) -> None:
        self._plan = plan
        self._inventory = inventory
        self._holdings = holdings
        self._protection = protection
        self._lifted = lifted
        self._needs = Needs(inventory, holdings)
        self._in_plan = {step.key for step in plan.steps}
        self._goes = {step.key for step in plan.ready if step.removes_object}

    def suggestions(self) -> tuple[Suggestion, ...]:
        left = (
            (Reason.LEFT_VOLUMES, self._volumes()),
            (Reason.LEFT_DANGLING, self._images(tagged=False)),
            (Reason.LEFT_UNUSED, self._images(tagged=True)),
            (Reason.LEFT_PARENTS, self._parents()),
            (Reason.LEFT_CACHE, self._records()),
        )
        found = list(self._unblocking())
        for reason, things in left:
            marks = tuple(mark for thing in things if self._may_go(thing) for mark in self._needs.marks_of(thing))
            if marks:
                found.append(Suggestion(reason, marks, self._gain(marks)))
        return tuple(found)

    def _unblocking(self) -> Iterator[Suggestion]:
        """One suggestion for every set of marks that steps wait for; or one for all, when there are many sets."""
        by_marks: dict[frozenset[Mark], tuple[tuple[Mark, ...], list[Thing]]] = {}
        for step in self._plan.steps:
            if step.standing is Standing.BLOCKED and step.helped_by:
                by_marks.setdefault(frozenset(step.helped_by), (step.helped_by, []))[1].append(step.key)
        if len(by_marks) > MOST_UNBLOCKED:
            marks = tuple(dict.fromkeys(mark for wanted, _steps in by_marks.values() for mark in wanted))
            steps = tuple(key for _wanted, keys in by_marks.values() for key in keys)
            yield Suggestion(Reason.UNBLOCKS, marks, self._gain(marks), steps)
            return
        for marks, keys in by_marks.values():
            yield Suggestion(Reason.UNBLOCKS, marks, self._gain(marks), tuple(keys))

    def _gain(self, marks: tuple[Mark, ...]) -> Estimate:
        return gain(
            self._plan, self._inventory, self._holdings, marks, protection=self._protection, lifted=self._lifted
        )

    def _may_go(self, thing: Thing) -> bool:
        """True when it is not in the plan, and the engine and the rules would let it go after the plan's steps."""
        if thing in self._in_plan or self._needs.never(thing):
            return False
        if thing not in self._lifted and any(
            self._protection.rule_for(self._inventory, mark) for mark in self._needs.marks_of(thing)
        ):
            return False
        return all(needed in self._goes for needed in self._needs.before(thing))

    def _volumes(self) -> Iterator[Thing]:
        for name, users in self._inventory.containers_by_volume.items():
            volume = self._inventory.volumes_by_name.get(name)
            if volume is not None and volume.anonymous and users:
                yield Kind.VOLUME, name

    def _images(self, *, tagged: bool) -> Iterator[Thing]:
        for image_id in self._inventory.containers_by_image:
            image = self._inventory.images_by_id.get(image_id)
            if image is not None and bool(image.tags) is tagged:
                yield Kind.IMAGE, image_id

    def _parents(self) -> Iterator[Thing]:
        """Images that something was built on; that all of it goes, whoever asks looks at."""
        for image in self._inventory.images:
            thing = (Kind.IMAGE, image.id)
            kinds = {kind for kind, _identity in self._needs.before(thing)}
            if kinds == {Kind.IMAGE}:
                yield thing

    def _records(self) -> Iterator[Thing]:
        for record_id in self._inventory.cache_children_by_id:
            if record_id in self._inventory.cache_records_by_id:
                yield Kind.CACHE_RECORD, record_id
