"""What marks come to: case by case, and against an engine in miniature that knows what really holds what."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.marked_worlds import Case, MiniatureEngine, cases, every_mark
from tests.model.worlds import container, holdings, host, image, image_id, usage, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.estimate import NOTHING, Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, going
from tui.model.marked_sum import NOTHING_MARKED, marked_sum
from tui.model.reclaim import Reckoning
from tui.model.removable import removable
from tui.model.volume import Volume

A, B, C = (image_id(letter) for letter in "abc")
LAYERS = holdings({"a": {"base": 1000, "a-top": 10}, "b": {"base": 1000, "b-top": 7}})


def marks(*wanted: tuple[Kind, str] | tuple[Kind, str, str]) -> frozenset[Mark]:
    return frozenset(Mark(*one) for one in wanted)


def of(inventory: Inventory, *wanted: tuple[Kind, str] | tuple[Kind, str, str], known: Holdings = LAYERS) -> Estimate:
    return marked_sum(inventory, known, marks(*wanted)).freed


def record(name: str, size: int, *parents: str, shared: bool = False, in_use: bool = False) -> BuildCacheRecord:
    return BuildCacheRecord(name, "regular", f"RUN {name}", size, in_use, shared, parents)


def test_nothing_marked_is_nothing() -> None:
    assert marked_sum(world([image("a", "a:1")]), LAYERS, ()) == NOTHING_MARKED
    assert (NOTHING_MARKED.total, NOTHING_MARKED.kept_total, NOTHING_MARKED.freed) == (0, 0, NOTHING)


def test_an_image_counts_once_and_goes_with_its_last_tag() -> None:
    inventory = world([image("a", "a:1", "a:2"), image("b", "b:1")])
    one = marked_sum(inventory, LAYERS, marks((Kind.IMAGE, A, "a:1")))
    assert (one.counts, one.total, one.freed, one.untagged_only) == ({Kind.IMAGE: 1}, 1, NOTHING, 1)
    both = marked_sum(inventory, LAYERS, marks((Kind.IMAGE, A, "a:1"), (Kind.IMAGE, A, "a:2")))
    assert (both.counts, both.freed, both.untagged_only) == ({Kind.IMAGE: 1}, Estimate(10), 0)
    mixed = marked_sum(inventory, LAYERS, marks((Kind.IMAGE, A, "a:1"), (Kind.IMAGE, A, "a:2"), (Kind.IMAGE, B, "b:1")))
    assert (mixed.total, mixed.freed) == (2, Estimate(1017))


def test_a_container_that_is_marked_lets_its_image_and_its_volume_go() -> None:
    user = container("1", "a", size=3, mounts=[volume_mount("data")])
    inventory = world([image("a", "a:1")], [user], [Volume("data", size_bytes=500)])
    held = marked_sum(inventory, LAYERS, marks((Kind.IMAGE, A, "a:1"), (Kind.VOLUME, "data")))
    assert (held.freed, held.kept) == (NOTHING, {Kind.IMAGE: 1, Kind.VOLUME: 1})
    everything = marked_sum(
        inventory, LAYERS, marks((Kind.IMAGE, A, "a:1"), (Kind.VOLUME, "data"), (Kind.CONTAINER, user.id))
    )
    assert (everything.freed, everything.kept) == (Estimate(1513), {})
    assert everything.counts == {Kind.IMAGE: 1, Kind.CONTAINER: 1, Kind.VOLUME: 1}


def test_a_container_that_the_engine_removes_already_still_holds_everything() -> None:
    user = container("1", "a", "removing", size=3)
    inventory = world([image("a", "a:1")], [user])
    found = marked_sum(inventory, LAYERS, marks((Kind.IMAGE, A, "a:1"), (Kind.CONTAINER, user.id)))
    assert (found.freed, found.kept_total) == (NOTHING, 2)


def test_an_image_below_one_that_stays_frees_nothing_even_unread() -> None:
    inventory = world([image("a", "a:1"), image("b", "b:1", parent="a")])
    found = marked_sum(inventory, Holdings(), marks((Kind.IMAGE, A, "a:1")))
    assert (found.freed, found.kept) == (NOTHING, {Kind.IMAGE: 1})
    on_containerd = replace(inventory, host=host("containerd"))
    assert marked_sum(on_containerd, LAYERS, marks((Kind.IMAGE, A, "a:1"))).kept == {}


def test_what_is_not_listed_yet_keeps_images_and_volumes() -> None:
    inventory = replace(world([image("a", "a:1")], volumes=[Volume("v", size_bytes=5)]), listed=frozenset({"images"}))
    found = marked_sum(inventory, LAYERS, marks((Kind.IMAGE, A, "a:1"), (Kind.VOLUME, "v")))
    assert (found.freed, found.kept_total) == (NOTHING, 2)


def test_an_unknown_volume_makes_it_at_least() -> None:
    inventory = world([image("a", "a:1")], volumes=[Volume("v")])
    found = of(inventory, (Kind.IMAGE, A, "a:1"), (Kind.VOLUME, "v"))
    assert found == Estimate(1010, Certainty.AT_LEAST, (Doubt.VOLUME_SIZE,))


def test_marks_of_what_is_gone_count_for_nothing() -> None:
    inventory = world([image("a", "a:1")])
    gone = ((Kind.IMAGE, B, "b:1"), (Kind.IMAGE, A, "old:1"), (Kind.CONTAINER, "x"), (Kind.VOLUME, "x"))
    assert marked_sum(inventory, LAYERS, marks(*gone, (Kind.CACHE_RECORD, "x"))) == NOTHING_MARKED


def test_cache_records_go_children_first_and_not_while_in_use() -> None:
    disk = usage()._replace(
        build_cache=(record("base", 100), record("top", 10, "base"), record("used", 5, in_use=True), record("x", 1))
    )
    inventory = world(disk=disk)
    assert of(inventory, (Kind.CACHE_RECORD, "base")) == NOTHING
    assert of(inventory, (Kind.CACHE_RECORD, "top")) == Estimate(10)
    assert of(inventory, (Kind.CACHE_RECORD, "base"), (Kind.CACHE_RECORD, "top")) == Estimate(110)
    found = marked_sum(inventory, LAYERS, marks(*((Kind.CACHE_RECORD, one.id) for one in disk.build_cache)))
    assert (found.freed, found.kept) == (Estimate(111), {Kind.CACHE_RECORD: 1})


def test_a_shared_record_frees_nothing_and_all_of_them_lift_the_doubt() -> None:
    disk = usage()._replace(
        build_cache=(record("r1", 1000, shared=True), record("r2", 10, "r1", shared=True), record("own", 5))
    )
    inventory = world([image("a", "a:1")], disk=disk)
    shared = ((Kind.CACHE_RECORD, "r1"), (Kind.CACHE_RECORD, "r2"))
    found = marked_sum(inventory, LAYERS, marks(*shared))
    assert (found.freed, found.shared_records, found.kept_total) == (NOTHING, 2, 0)
    up_to = Estimate(1010, Certainty.UP_TO, (Doubt.BUILD_CACHE,))
    assert of(inventory, (Kind.IMAGE, A, "a:1")) == up_to
    assert of(inventory, (Kind.IMAGE, A, "a:1"), shared[1]) == up_to
    assert of(inventory, (Kind.IMAGE, A, "a:1"), *shared) == Estimate(1010)
    assert of(inventory, (Kind.IMAGE, A, "a:1"), *shared, (Kind.CACHE_RECORD, "own")) == Estimate(1015)


def test_records_that_were_merged_and_layers_of_unlisted_images_leave_a_doubt() -> None:
    merged = usage()._replace(
        build_cache=(
            record("left", 5, shared=True),
            record("right", 6, shared=True),
            record("both", 0, "left", "right", shared=True),
        )
    )
    every = tuple((Kind.CACHE_RECORD, one.id) for one in merged.build_cache)
    found = of(world([image("a", "a:1")], disk=merged), *every)
    assert found == Estimate(None, Certainty.UNKNOWN, (Doubt.CACHE_SIZE,))
    unlisted = world([], [container("1", "a", size=0)], disk=usage()._replace(build_cache=(record("r", 10),)))
    assert of(unlisted, (Kind.CACHE_RECORD, "r")) == Estimate(10, Certainty.UP_TO, (Doubt.BUILD_CACHE,))
    assert of(unlisted, (Kind.CONTAINER, "1" * 64)) == Estimate(1010, Certainty.UP_TO, (Doubt.BUILD_CACHE,))


def test_a_record_of_a_local_image_that_is_gone_holds_more_than_its_size_of_nothing() -> None:
    local = BuildCacheRecord("local", "regular", "from local base:1", 0)
    empty = BuildCacheRecord("empty", "regular", "RUN true", 0, parents=("copy",))
    source = BuildCacheRecord("source", "source.local", "local source for context", 0)
    disk = usage()._replace(build_cache=(local, record("copy", 7, "local"), empty, source))
    inventory = world([image("a", "a:1")], disk=disk)
    every = tuple((Kind.CACHE_RECORD, one.id) for one in disk.build_cache)
    assert of(inventory, *every) == Estimate(7, Certainty.AT_LEAST, (Doubt.CACHE_SIZE,))
    assert of(inventory, every[0]) == NOTHING, "the others keep it"
    assert of(inventory, *every[1:]) == Estimate(7)
    alone = world(disk=disk._replace(build_cache=(local,)))
    assert of(alone, every[0]) == Estimate(None, Certainty.UNKNOWN, (Doubt.CACHE_SIZE,))


def test_the_containerd_store_is_about() -> None:
    inventory = world([image("a", "a:1")], engine=host("containerd"))
    assert of(inventory, (Kind.IMAGE, A, "a:1")) == Estimate(1010, Certainty.ABOUT, (Doubt.CONTAINERD_STORE,))


def truth(case: Case, wanted: frozenset[Mark]) -> tuple[int, MiniatureEngine]:
    engine = MiniatureEngine(case)
    before = engine.disk_bytes()
    engine.remove(wanted)
    return before - engine.disk_bytes(), engine


def holds(estimate: Estimate, freed: int) -> None:
    """What was said of it is true."""
    said = estimate.bytes
    match estimate.certainty:
        case Certainty.EXACT:
            assert said == freed
        case Certainty.UP_TO:
            assert said is not None
            assert said >= freed
        case Certainty.AT_LEAST:
            assert said is not None
            assert said <= freed
        case Certainty.UNKNOWN | Certainty.ABOUT:
            assert Doubt.CACHE_SIZE in estimate.doubts, "nothing else is that uncertain here"


@settings(max_examples=examples(400), deadline=None)
@given(cases(cache=False))
def test_without_a_cache_the_figure_is_exactly_what_the_engine_frees(case: Case) -> None:
    freed, engine = truth(case, case.marks)
    found = marked_sum(case.inventory, case.holdings, case.marks)
    assert found.freed == Estimate(freed)
    wanted = going(case.marks, case.inventory)
    goes = removable(case.inventory, case.holdings, wanted)
    assert wanted.images - goes.images == wanted.images & engine.images.keys()
    assert wanted.containers - goes.containers == wanted.containers & engine.containers.keys()
    assert wanted.volumes - goes.volumes == wanted.volumes & engine.volumes.keys()
    assert found.kept_total == sum(
        map(len, (wanted.images & engine.images.keys(), wanted.containers & engine.containers.keys(),
                  wanted.volumes & engine.volumes.keys()))
    )  # fmt: skip


@settings(max_examples=examples(400), deadline=None)
@given(cases())
def test_with_a_cache_the_figure_is_exact_or_an_honest_bound(case: Case) -> None:
    freed, engine = truth(case, case.marks)
    found = marked_sum(case.inventory, case.holdings, case.marks)
    holds(found.freed, freed)
    wanted = going(case.marks, case.inventory)
    goes = removable(case.inventory, case.holdings, wanted)
    assert wanted.cache_records - goes.cache_records == wanted.cache_records & engine.records.keys()
    shared_stay = any(one.shared for one in engine.records.values())
    unlisted = any(one.image_id not in case.inventory.images_by_id for one in case.inventory.containers)
    if not shared_stay and not unlisted and Doubt.CACHE_SIZE not in found.freed.doubts:
        assert found.freed == Estimate(freed)


@settings(max_examples=examples(200), deadline=None)
@given(cases(), st.data())
def test_one_mark_more_never_brings_back_less(case: Case, data: st.DataObject) -> None:
    before = marked_sum(case.inventory, case.holdings, case.marks)
    more = case.marks | {data.draw(st.sampled_from(every_mark(case.inventory)))}
    after = marked_sum(case.inventory, case.holdings, more)
    assert (after.freed.bytes or 0) >= (before.freed.bytes or 0)
    assert after.total >= before.total


@settings(max_examples=examples(200), deadline=None)
@given(cases(), st.randoms())
def test_the_steps_come_to_the_total_whatever_their_order(case: Case, random: Random) -> None:
    goes = removable(case.inventory, case.holdings, going(case.marks, case.inventory))
    reckoning = Reckoning(case.inventory, case.holdings)
    steps = [
        *((reckoning.add_containers, one) for one in sorted(goes.containers)),
        *((reckoning.add_images, one) for one in sorted(goes.images)),
        *((reckoning.add_volumes, one) for one in sorted(goes.volumes)),
        *((reckoning.add_cache_records, one) for one in sorted(goes.cache_records)),
    ]
    random.shuffle(steps)
    freed = sum(add([one]).bytes or 0 for add, one in steps)
    total = marked_sum(case.inventory, case.holdings, case.marks).freed
    assert freed == (total.bytes or 0)
    assert reckoning.total() == total
    assert [add([one]) for add, one in steps] == [NOTHING] * len(steps), "nothing goes twice"
