"""Why bytes stay: who holds them, by ID."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.examples import examples
from tests.model.marked_worlds import Case, cases, every_mark
from tests.model.worlds import container, holdings, host, image, image_id, usage, volume_mount, world
from tui.model.build_cache import BuildCacheRecord
from tui.model.estimate import NOTHING, Certainty, Doubt, Estimate
from tui.model.holdings import Holdings
from tui.model.mark import Kind, Mark, going
from tui.model.marked_sum import marked_sum
from tui.model.removable import removable
from tui.model.volume import Volume
from tui.model.why_kept import LayersShared, why_kept

A, B, C = (image_id(letter) for letter in "abc")
MARK_A = Mark(Kind.IMAGE, A, "a:1")
LAYERS = holdings({"a": {"base": 1000, "mid": 50, "a-top": 10}, "b": {"base": 1000, "mid": 50}, "c": {"base": 1000}})


def test_images_that_share_layers_those_that_share_most_first() -> None:
    inventory = world([image("a", "a:1"), image("b", "b:1"), image("c", "c:1")])
    kept = why_kept(inventory, LAYERS, MARK_A)
    assert kept.images == (LayersShared(B, 2, 1050), LayersShared(C, 1, 1000))
    assert (kept.freed, kept.goes, kept.whole_bytes, kept.tags, kept.reasons) == (Estimate(10), True, 100, (), True)
    with_b = why_kept(inventory, LAYERS, MARK_A, {Mark(Kind.IMAGE, B, "b:1")})
    assert with_b.images == (LayersShared(C, 1, 1000),)
    assert with_b.freed == Estimate(60)
    alone = why_kept(inventory, LAYERS, MARK_A, {Mark(Kind.IMAGE, B, "b:1"), Mark(Kind.IMAGE, C, "c:1")})
    assert (alone.images, alone.reasons, alone.freed) == ((), False, Estimate(1060))


def test_other_tags_and_containers() -> None:
    running, stopped = container("1", "a", "running"), container("2", "a")
    inventory = world([image("a", "a:1", "a:2")], [running, stopped])
    kept = why_kept(inventory, LAYERS, MARK_A)
    assert (kept.tags, kept.containers, kept.freed, kept.goes) == (("a:2",), (running, stopped), NOTHING, True)
    whole = why_kept(inventory, LAYERS, MARK_A, {Mark(Kind.IMAGE, A, "a:2"), Mark(Kind.CONTAINER, running.id)})
    assert (whole.tags, whole.containers, whole.goes) == ((), (stopped,), False)


def test_images_built_on_it_and_containers_on_images_that_are_no_longer_listed() -> None:
    known = holdings({"a": {"base": 1}, "b": {"base": 1, "x": 2}, "c": {"base": 1, "y": 3}})
    held = container("1", "c")
    kept = why_kept(world([image("a", "a:1"), image("b", "b:1", parent="a")], [held]), known, MARK_A)
    assert (kept.children, kept.goes) == ((B,), False)
    assert kept.images == (LayersShared(B, 1, 1), LayersShared(C, 1, 1, (held.id,)))
    on_containerd = world([image("b", "b:1", parent="a")], engine=host("containerd"))
    step = why_kept(on_containerd, known, Mark(Kind.IMAGE, B, "b:1"))
    assert (step.children, step.images) == ((), (LayersShared(A, 1, 1),))


def test_what_is_not_read_is_a_doubt() -> None:
    kept = why_kept(world([image("a", "a:1")], [container("1", "a")]), Holdings(), MARK_A)
    assert kept.doubts == (Doubt.LAYERS_UNREAD,)
    cached = why_kept(world([image("a", "a:1")], disk=usage(shared_cache=True)), LAYERS, MARK_A)
    assert cached.freed == Estimate(1060, Certainty.UP_TO, (Doubt.BUILD_CACHE,))
    assert cached.doubts == (Doubt.BUILD_CACHE,)


def test_containers() -> None:
    leaving = container("1", "a", "removing", size=3)
    mark = Mark(Kind.CONTAINER, leaving.id)
    kept = why_kept(world([image("a", "a:1")], [leaving]), LAYERS, mark)
    assert (kept.being_removed, kept.goes, kept.whole_bytes, kept.freed) == (True, False, 3, NOTHING)
    last = why_kept(
        world([image("a", "a:1")], [container("1", "a", size=3)]), LAYERS, mark, {MARK_A}
    )  # the image goes, too, and would stay without this
    assert (last.freed, last.goes, last.reasons) == (Estimate(1063), True, False)


def test_volumes() -> None:
    user = container("1", "a", mounts=[volume_mount("data")])
    bind = Volume("srv", options={"device": "/srv"}, size_bytes=9)
    inventory = world(containers=[user], volumes=[Volume("data", size_bytes=7), bind, Volume("new")])
    data = why_kept(inventory, LAYERS, Mark(Kind.VOLUME, "data"))
    assert (data.containers, data.goes, data.freed, data.whole_bytes) == ((user,), False, NOTHING, 7)
    with_user = why_kept(inventory, LAYERS, Mark(Kind.VOLUME, "data"), {Mark(Kind.CONTAINER, user.id)})
    assert (with_user.containers, with_user.freed) == ((), Estimate(7))
    srv = why_kept(inventory, LAYERS, Mark(Kind.VOLUME, "srv"))
    assert (srv.device, srv.freed, srv.goes) == ("/srv", NOTHING, True)
    new = why_kept(inventory, LAYERS, Mark(Kind.VOLUME, "new"))
    assert (new.doubts, new.whole_bytes) == ((Doubt.VOLUME_SIZE,), None)


def test_cache_records() -> None:
    disk = usage()._replace(
        build_cache=(
            BuildCacheRecord("base", "regular", "", 100, shared=True),
            BuildCacheRecord("top", "regular", "", 10, in_use=True, parents=("base",)),
        )
    )
    base = why_kept(world(disk=disk), LAYERS, Mark(Kind.CACHE_RECORD, "base"))
    assert (base.children, base.parents, base.shared, base.in_use, base.goes) == (("top",), (), True, False, False)
    top = why_kept(world(disk=disk), LAYERS, Mark(Kind.CACHE_RECORD, "top"))
    assert (top.children, top.parents, top.shared, top.in_use, top.goes) == ((), ("base",), False, True, False)


@pytest.mark.parametrize(
    "mark",
    [
        Mark(Kind.IMAGE, C), Mark(Kind.IMAGE, A, "a:9"), Mark(Kind.CONTAINER, "x"), Mark(Kind.VOLUME, "x"),
        Mark(Kind.CACHE_RECORD, "x"),
    ],
)  # fmt: skip
def test_what_is_not_there_has_no_reasons(mark: Mark) -> None:
    with pytest.raises(LookupError):
        why_kept(world([image("a", "a:1")]), LAYERS, mark)


@settings(max_examples=examples(200), deadline=None)
@given(cases())
def test_bytes_that_stay_have_a_reason_and_the_figure_is_what_the_mark_adds(case: Case) -> None:
    goes = removable(case.inventory, case.holdings, going(case.marks, case.inventory))
    for mark in every_mark(case.inventory):
        alone = why_kept(case.inventory, case.holdings, mark)
        assert alone.freed == marked_sum(case.inventory, case.holdings, {mark}).freed
        if (alone.freed.bytes or 0) < (alone.whole_bytes or 0):
            assert alone.reasons
        if mark in case.marks:
            kept = why_kept(case.inventory, case.holdings, mark, case.marks)
            assert kept.goes == (
                mark.id in {*goes.images, *goes.containers, *goes.volumes, *goes.cache_records} or mark in goes.untagged
            )
