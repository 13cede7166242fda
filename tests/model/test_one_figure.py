"""The marked line, the plan, the why-dialog and the dialog about a single removal say the same of the same marks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.examples import examples
from tests.model.cleanup_worlds import CleanupWorld, all_marks, worlds
from tests.model.worlds import container, holdings, host, image, image_id, world
from tui.model.cleanup_plan import CleanupPlan, Standing
from tui.model.cleanup_planning import plan_cleanup
from tui.model.estimate import NOTHING, Certainty, Estimate
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, going, marks_of_image
from tui.model.marked_sum import marked_sum
from tui.model.removal import Hindrance, Removal
from tui.model.removal_plan import plan_container_removal, plan_image_removal, plan_volume_removal
from tui.model.why_kept import why_kept

Figure = tuple[int | None, Certainty, frozenset[object]]


def figure(estimate: Estimate) -> Figure:
    return estimate.bytes, estimate.certainty, frozenset(estimate.doubts)


@settings(max_examples=examples(500), deadline=None)
@given(worlds())
def test_the_marked_line_is_the_plans_sum(case: CleanupWorld) -> None:
    said = marked_sum(case.inventory, case.holdings, case.marks)
    plan = plan_cleanup(case.inventory, case.holdings, case.marks)
    assert figure(said.freed) == figure(plan.freed)
    assert sum(step.freed.bytes or 0 for step in plan.ready) == (plan.freed.bytes or 0)
    assert dict(said.kept) == _blocked(plan)
    assert said.total == len(plan.steps)
    assert said.untagged_only == sum(len(step.untags) for step in plan.steps if not step.removes_object)


def _blocked(plan: CleanupPlan) -> dict[Kind, int]:
    found = {kind: sum(s.kind is kind and s.standing is Standing.BLOCKED for s in plan.steps) for kind in Kind}
    return {kind: number for kind, number in found.items() if number}


def test_an_image_whose_way_down_is_lost_still_goes_after_what_was_built_on_it() -> None:
    """It has the layers of its own child, so it might have been built on that, if one did not know."""
    child, parent = image("c", parent="b"), image("b", parent="a")
    inventory = world(images=[parent, child])
    known = holdings({"b": {"chain": 1}, "c": {"chain": 1}})
    marks = frozenset(Mark(Kind.IMAGE, one.id) for one in (child, parent))
    plan = plan_cleanup(inventory, known, marks)
    assert [step.id for step in plan.ready] == [child.id, parent.id]
    assert figure(plan.freed) == figure(marked_sum(inventory, known, marks).freed)


@settings(max_examples=examples(300), deadline=None)
@given(worlds())
def test_one_mark_alone_is_told_alike_everywhere(case: CleanupWorld) -> None:
    for mark in all_marks(case.inventory):
        alone = frozenset({mark})
        said = marked_sum(case.inventory, case.holdings, alone)
        (step,) = plan_cleanup(case.inventory, case.holdings, alone).steps
        kept = why_kept(case.inventory, case.holdings, mark)
        assert figure(kept.freed) == figure(said.freed) == figure(step.freed)
        assert kept.goes is (step.standing is Standing.READY) is (not said.kept)
        if not kept.goes:
            assert kept.reasons or not case.inventory.listed
        removal = _removal(case.inventory, case.holdings, mark)
        if removal is None:
            continue
        # By its ID an image of several names takes force; a plan takes the names away one by one.
        in_the_way = {obstacle.hindrance for obstacle in removal.obstacles if obstacle.certain}
        assert (in_the_way <= {Hindrance.SEVERAL_NAMES, Hindrance.ALIVE}) is kept.goes
        assert (Hindrance.ALIVE in in_the_way) is (step.force and kept.goes)
        if kept.goes:
            assert figure(removal.freed) == figure(said.freed)
        with_volumes = alone | {Mark(Kind.VOLUME, name) for name in removal.anonymous_volumes}
        if removal.anonymous_volumes and kept.goes:
            together = marked_sum(case.inventory, case.holdings, with_volumes).freed
            assert figure(removal.freed_with_volumes) == figure(together)


@settings(max_examples=examples(200), deadline=None)
@given(worlds())
def test_a_whole_image_is_told_alike_everywhere(case: CleanupWorld) -> None:
    for image_ in case.inventory.images:
        marks = frozenset(marks_of_image(case.inventory, image_.id))
        said = marked_sum(case.inventory, case.holdings, marks)
        removal = plan_image_removal(case.inventory, image_.id, None, case.holdings)
        (step,) = plan_cleanup(case.inventory, case.holdings, marks).steps
        assert figure(said.freed) == figure(step.freed)
        if step.standing is Standing.READY:
            assert removal.possible or removal.forcible, "several names take force by ID, and none tag by tag"
            assert figure(removal.freed) == figure(said.freed)
        for mark in marks:
            assert figure(why_kept(case.inventory, case.holdings, mark, marks).freed) == figure(said.freed)


def _removal(inventory: Inventory, known: Holdings, mark: Mark) -> Removal | None:
    match mark.kind:
        case Kind.IMAGE:
            return plan_image_removal(inventory, mark.id, mark.tag or None, known)
        case Kind.CONTAINER:
            return plan_container_removal(inventory, mark.id, known)
        case Kind.VOLUME:
            return plan_volume_removal(inventory, mark.id)
        case Kind.CACHE_RECORD:
            return None


A, C, D = image_id("a"), image_id("c"), image_id("d")
LAYERS = holdings(
    {"a": {"base": 100}, "b": {"base": 100, "step": 20}, "d": {"base": 100, "step": 20, "top": 3}},
    parents={"b": "a", "a": ""},
)
ON_STEP = container("1", "b", "exited", size=7)


def on_a_step(store: str = "classic") -> Inventory:
    """An image ``d``, built on ``a`` by way of the unlisted ``b``, that a container is on."""
    return world([image("a", "a:1"), image("d", "d:1", parent="b")], [ON_STEP], engine=host(store))


def every(inventory: Inventory, *, container_too: bool) -> frozenset[Mark]:
    return frozenset(mark for mark in all_marks(inventory) if container_too or mark.kind is not Kind.CONTAINER)


def test_a_container_on_an_unlisted_step_keeps_the_image_below() -> None:
    inventory = on_a_step()
    marks = every(inventory, container_too=False)
    said = marked_sum(inventory, LAYERS, marks)
    assert (said.freed, said.kept) == (Estimate(3), {Kind.IMAGE: 1})
    assert plan_cleanup(inventory, LAYERS, marks).freed == Estimate(3)
    kept = why_kept(inventory, LAYERS, Mark(Kind.IMAGE, A, "a:1"), marks)
    assert (kept.goes, kept.freed, [one.containers for one in kept.images]) == (False, NOTHING, [(ON_STEP.id,)])
    removal = plan_image_removal(inventory, A, "a:1", LAYERS)
    assert not removal.possible
    assert not removal.forcible
    whole = marked_sum(inventory, LAYERS, every(inventory, container_too=True))
    assert (whole.freed, whole.kept) == (Estimate(130), {})


@pytest.mark.parametrize("first", [Kind.CONTAINER, Kind.IMAGE])
def test_containerds_store_keeps_the_step_whoever_goes_first(first: Kind) -> None:
    inventory = on_a_step("containerd")
    marks = every(inventory, container_too=True)
    assert going(marks, inventory).images == {A, D}
    assert marked_sum(inventory, LAYERS, marks).freed.bytes == 10
    last = Mark(Kind.IMAGE, D, "d:1") if first is Kind.CONTAINER else Mark(Kind.CONTAINER, ON_STEP.id)
    freed = why_kept(inventory, LAYERS, last, marks).freed.bytes
    assert freed == (3 if first is Kind.CONTAINER else 7)
