"""Whatever is marked in whatever world: order, readiness, what each step frees, and what helps the others."""

from __future__ import annotations

from hypothesis import given, settings

from tests.examples import examples
from tests.model.cleanup_worlds import CleanupWorld, worlds
from tests.model.worlds import host
from tui.model.cleanup_plan import CleanupPlan, Standing, Step
from tui.model.cleanup_planning import plan_cleanup
from tui.model.container import Container
from tui.model.image import Image
from tui.model.mark import Kind, going
from tui.model.reclaim import freed_bytes
from tui.model.removable import removable
from tui.model.removal_plan import goes_by_one_name


def _by_key(made: CleanupPlan) -> dict[tuple[Kind, str], Step]:
    found = {step.key: step for step in made.steps}
    assert len(found) == len(made.steps)
    return found


@settings(max_examples=examples(300), deadline=None)
@given(worlds())
def test_the_steps_free_together_what_the_whole_set_frees(case: CleanupWorld) -> None:
    made = plan_cleanup(case.inventory, case.holdings, case.marks)
    gone = {kind: [step.id for step in made.ready if step.kind is kind and step.removes_object] for kind in Kind}
    whole = freed_bytes(
        case.inventory,
        case.holdings,
        images=gone[Kind.IMAGE],
        containers=gone[Kind.CONTAINER],
        volumes=gone[Kind.VOLUME],
        cache_records=gone[Kind.CACHE_RECORD],
    )
    assert (whole.bytes, whole.certainty, set(whole.doubts)) == (
        made.freed.bytes,
        made.freed.certainty,
        set(made.freed.doubts),
    )
    assert sum(step.freed.bytes or 0 for step in made.steps) == (whole.bytes or 0)


@settings(max_examples=examples(200), deadline=None)
@given(worlds(all_known=True))
def test_every_step_frees_the_difference_that_it_makes(case: CleanupWorld) -> None:
    made = plan_cleanup(case.inventory, case.holdings, case.marks)
    before = 0
    gone: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for step in made.ready:
        if step.removes_object:
            gone[step.kind].append(step.id)
        after = freed_bytes(
            case.inventory,
            case.holdings,
            images=gone[Kind.IMAGE],
            containers=gone[Kind.CONTAINER],
            volumes=gone[Kind.VOLUME],
            cache_records=gone[Kind.CACHE_RECORD],
        )
        assert (step.freed.bytes or 0) == (after.bytes or 0) - before
        before = after.bytes or 0


@settings(max_examples=examples(300), deadline=None)
@given(worlds())
def test_nothing_goes_that_is_not_marked_and_nothing_before_what_it_waits_for(case: CleanupWorld) -> None:
    made = plan_cleanup(case.inventory, case.holdings, case.marks)
    assert {mark for step in made.steps for mark in step.marks} == case.marks
    gone: set[tuple[Kind, str]] = set()
    for step in made.ready:
        users: tuple[Container, ...] = ()
        if step.kind is Kind.IMAGE and step.removes_object:
            users = case.inventory.containers_by_image.get(step.id, ())
        elif step.kind is Kind.VOLUME:
            users = case.inventory.containers_by_volume.get(step.id, ())
        assert all((Kind.CONTAINER, user.id) in gone for user in users)
        if step.kind is Kind.IMAGE and step.removes_object and case.inventory.host == host():
            for other in case.inventory.images:
                if step.id in case.holdings.ancestors(other.id, case.inventory) and other.parent_id:
                    assert (Kind.IMAGE, other.id) in gone
        if step.kind is Kind.CACHE_RECORD:
            children = case.inventory.cache_children_by_id.get(step.id, ())
            assert all((Kind.CACHE_RECORD, child.id) in gone for child in children)
        assert step.force == (step.kind is Kind.CONTAINER and step.reviewed.alive)
        if step.removes_object:
            gone.add(step.key)
    for step in made.steps:
        assert (step.standing is Standing.BLOCKED) == any(obstacle.certain for obstacle in step.obstacles)


@settings(max_examples=examples(200), deadline=None)
@given(worlds())
def test_what_is_ready_is_what_the_marked_line_counts(case: CleanupWorld) -> None:
    made = plan_cleanup(case.inventory, case.holdings, case.marks)
    counted = removable(case.inventory, case.holdings, going(case.marks, case.inventory))
    ready = {kind: {step.id for step in made.ready if step.kind is kind and step.removes_object} for kind in Kind}
    assert ready == {
        Kind.CONTAINER: counted.containers,
        Kind.IMAGE: counted.images,
        Kind.VOLUME: counted.volumes,
        Kind.CACHE_RECORD: counted.cache_records,
    }


@settings(max_examples=examples(200), deadline=None)
@given(worlds())
def test_what_helps_does_help_and_takes_nothing_superfluous(case: CleanupWorld) -> None:
    made = plan_cleanup(case.inventory, case.holdings, case.marks)
    for step in made.steps:
        if not step.helped_by:
            continue
        assert case.marks.isdisjoint(step.helped_by)
        more = plan_cleanup(case.inventory, case.holdings, case.marks.union(step.helped_by))
        assert _by_key(more)[step.key].standing is Standing.READY
        for left_out in step.helped_by:
            less = case.marks.union(step.helped_by) - {left_out}
            assert _by_key(plan_cleanup(case.inventory, case.holdings, less))[step.key].standing is Standing.BLOCKED


@settings(max_examples=examples(200), deadline=None)
@given(worlds())
def test_no_image_ever_needs_force(case: CleanupWorld) -> None:
    for step in plan_cleanup(case.inventory, case.holdings, case.marks).ready:
        if step.kind is Kind.IMAGE and step.removes_object:
            left, kept = _after_untagging(case.inventory.images_by_id[step.id], step.untags)
            assert goes_by_one_name(Image(step.id, left, kept))


def _after_untagging(image_: Image, untags: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tags and digests that are left when the engine has taken the names away, one after the other."""
    tags, digests = list(image_.tags), list(image_.digests)
    for name in untags:
        assert len(tags) + len(digests) > 1, "the last name takes the image along"
        if name in digests:
            digests.remove(name)
            continue
        tags.remove(name)
        repository = name.rpartition(":")[0]
        if not any(tag.rpartition(":")[0] == repository for tag in tags):
            digests = [digest for digest in digests if digest.partition("@")[0] != repository]
    return tuple(tags), tuple(digests)
