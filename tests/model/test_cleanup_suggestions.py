"""What could go along with a plan, and what that would bring."""

from __future__ import annotations

from hypothesis import given, settings

from tests.examples import examples
from tests.model.cleanup_worlds import CleanupWorld, worlds
from tests.model.worlds import container, holdings, image, image_id, usage, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.cleanup_planning import plan_cleanup
from tui.model.cleanup_suggestions import MOST_UNBLOCKED, Reason, Suggestion, gain, suggestions
from tui.model.estimate import NOTHING, Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.protection import Protection
from tui.model.volume import Volume

A, B = image_id("a"), image_id("b")
ANONYMOUS = "f" * 64
NONE = Holdings()


def asked(inventory: Inventory, *marks: Mark, known: Holdings = NONE, rules: tuple[str, ...] = ()) -> list[Suggestion]:
    protection = Protection.of(rules)
    made = plan_cleanup(inventory, known, marks, protection)
    return list(suggestions(made, inventory, known, protection))


def con(letter: str) -> Mark:
    return Mark(Kind.CONTAINER, letter * 64)


def test_what_a_container_leaves_behind() -> None:
    mounts = [volume_mount(ANONYMOUS), volume_mount("db", "/db")]
    inventory = world(
        [image("a", "a:1", "a:2"), image("b")],
        [container("1", "a", mounts=mounts), container("2", "b")],
        [Volume(ANONYMOUS, size_bytes=40), Volume("db", size_bytes=50)],
    )
    known = holdings({"a": {"base": 5, "a": 7}, "b": {"base": 5}})
    assert asked(inventory, con("1"), con("2"), known=known) == [
        Suggestion(Reason.LEFT_VOLUMES, (Mark(Kind.VOLUME, ANONYMOUS),), Estimate(40)),
        Suggestion(Reason.LEFT_DANGLING, (Mark(Kind.IMAGE, B),), NOTHING),
        Suggestion(Reason.LEFT_UNUSED, (Mark(Kind.IMAGE, A, "a:1"), Mark(Kind.IMAGE, A, "a:2")), Estimate(7)),
    ]


def test_what_others_still_use_is_not_left_behind() -> None:
    users = [container(letter, "a", mounts=[volume_mount(ANONYMOUS)]) for letter in "12"]
    assert asked(world([image("a", "a:1")], users, [Volume(ANONYMOUS)]), con("1")) == []


def test_parents_whose_children_go() -> None:
    inventory = world([image("a", "a:1"), image("b", "b:1", parent="a")])
    known = holdings({"a": {"x": 5}, "b": {"x": 5, "y": 7}})
    assert asked(inventory, Mark(Kind.IMAGE, B, "b:1"), known=known) == [
        Suggestion(Reason.LEFT_PARENTS, (Mark(Kind.IMAGE, A, "a:1"),), Estimate(5))
    ]


def test_cache_records_whose_children_go() -> None:
    records = (
        BuildCacheRecord("low", "regular", "", 3),
        BuildCacheRecord("top", "regular", "", 4, parents=("low",)),
    )
    inventory = world(disk=DiskUsage(None, {}, {}, records))
    assert asked(inventory, Mark(Kind.CACHE_RECORD, "top")) == [
        Suggestion(Reason.LEFT_CACHE, (Mark(Kind.CACHE_RECORD, "low"),), Estimate(3))
    ]


def test_what_blocked_steps_wait_for() -> None:
    inventory = world(
        [image("a", "a:1")], [container("1", "a", size=2, mounts=[volume_mount("db")])], [Volume("db", size_bytes=9)]
    )
    marks = (Mark(Kind.IMAGE, A, "a:1"), Mark(Kind.VOLUME, "db"))
    assert asked(inventory, *marks, known=holdings({"a": {"x": 5}})) == [
        Suggestion(Reason.UNBLOCKS, (con("1"),), Estimate(16), steps=((Kind.IMAGE, A), (Kind.VOLUME, "db")))
    ]


def test_many_different_needs_are_one_suggestion() -> None:
    letters = "12345678"[: MOST_UNBLOCKED + 1]
    users = [container(letter, "a", mounts=[volume_mount(f"v{letter}")]) for letter in letters]
    volumes = [Volume(f"v{letter}", size_bytes=1) for letter in letters]
    marks = [Mark(Kind.VOLUME, volume.name) for volume in volumes]
    [found] = asked(world([], users, volumes), *marks, known=holdings({"a": {}}))
    assert found.marks == tuple(map(con, letters))
    assert (len(found.steps), found.freed) == (len(letters), Estimate(len(letters)))


def test_nothing_protected_is_suggested() -> None:
    inventory = world([image("a", "postgres:16")], [container("1", "a")])
    assert asked(inventory, con("1"), rules=("postgres",)) == []
    assert [found.reason for found in asked(inventory, con("1"))] == [Reason.LEFT_UNUSED]


def test_what_is_protected_brings_nothing_in_the_figures_either() -> None:
    inventory = world(volumes=[Volume("keep", size_bytes=9), Volume("db", size_bytes=4)])
    made = plan_cleanup(inventory, NONE, [Mark(Kind.VOLUME, "keep")], Protection.of(["keep"]))
    assert gain(made, inventory, NONE, (Mark(Kind.VOLUME, "db"),)) == Estimate(4)


def test_a_gain_is_no_surer_than_its_two_figures() -> None:
    known = holdings({"a": {"x": 5}, "b": {"y": 7}})
    images = [image("a", "a:1"), image("b", "b:1")]
    one, other = Mark(Kind.IMAGE, A, "a:1"), Mark(Kind.IMAGE, B, "b:1")
    shared = world(images, disk=usage(shared_cache=True))
    made = plan_cleanup(shared, known, [one])
    assert gain(made, shared, known, (other,)) == Estimate(7, Certainty.UP_TO, (Doubt.BUILD_CACHE,))
    cached = gain(made, shared, known, (Mark(Kind.CACHE_RECORD, "c"),))
    assert (cached.bytes, cached.certainty) == (0, Certainty.AT_LEAST)
    unsized = world(volumes=[Volume("a"), Volume("b", size_bytes=3), Volume("c")])
    nothing_known = plan_cleanup(unsized, NONE, [Mark(Kind.VOLUME, "a")])
    assert gain(nothing_known, unsized, NONE, (Mark(Kind.VOLUME, "b"),)) == Estimate(
        3, Certainty.AT_LEAST, (Doubt.VOLUME_SIZE,)
    )
    unknown = gain(plan_cleanup(unsized, NONE, []), unsized, NONE, (Mark(Kind.VOLUME, "c"),))
    assert unknown == Estimate(None, Certainty.UNKNOWN, (Doubt.VOLUME_SIZE,))


@settings(max_examples=examples(100), deadline=None)
@given(worlds(all_known=True))
def test_every_suggestion_brings_what_it_says(case: CleanupWorld) -> None:
    made = plan_cleanup(case.inventory, case.holdings, case.marks)
    for found in suggestions(made, case.inventory, case.holdings):
        more = plan_cleanup(case.inventory, case.holdings, case.marks.union(found.marks))
        ready = {step.key for step in more.ready}
        assert ready.issuperset(found.steps)
        assert ready.issuperset((mark.kind, mark.id) for mark in found.marks)
        assert (more.freed.bytes or 0) - (made.freed.bytes or 0) == (found.freed.bytes or 0)
