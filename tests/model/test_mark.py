"""Marks as values: what they come to, which survive a new photograph, and what toggling a group does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.marked_worlds import Case, cases, every_mark
from tests.model.worlds import container, image, image_id, usage, world
from tui.model.inventory import Inventory
from tui.model.mark import NO_MARKS, Going, Kind, Mark, going, marks_of_image, surviving, toggled
from tui.model.volume import Volume

A, B = image_id("a"), image_id("b")
ONE, TWO = Mark(Kind.IMAGE, A, "a:1"), Mark(Kind.IMAGE, A, "a:2")
DANGLING = Mark(Kind.IMAGE, B)
USER, DATA, RECORD = Mark(Kind.CONTAINER, "1" * 64), Mark(Kind.VOLUME, "data"), Mark(Kind.CACHE_RECORD, "c")
WORLD = world(
    [image("a", "a:1", "a:2"), image("b")], [container("1", "a")], [Volume("data")], disk=usage(shared_cache=True)
)
ALL = frozenset({ONE, TWO, DANGLING, USER, DATA, RECORD})


def test_an_image_goes_whole_with_all_its_tags_or_without_any() -> None:
    assert marks_of_image(WORLD, A) == (ONE, TWO)
    assert marks_of_image(WORLD, B) == (DANGLING,)
    assert marks_of_image(WORLD, image_id("c")) == ()
    assert going({ONE}, WORLD) == Going(untagged=frozenset({ONE}))
    assert going({ONE, TWO, DANGLING}, WORLD) == Going(images=frozenset({A, B}))
    assert going({USER, DATA, RECORD}, WORLD) == Going(
        containers=frozenset({USER.id}), volumes=frozenset({"data"}), cache_records=frozenset({"c"})
    )
    assert going(NO_MARKS, WORLD) == Going()


def test_an_image_that_got_a_tag_since_does_not_go_by_the_mark_without_one() -> None:
    tagged = world([image("b", "b:new")])
    assert surviving(frozenset({DANGLING}), tagged) == NO_MARKS
    assert going({DANGLING}, tagged) == Going()


def test_marks_survive_as_long_as_what_they_mean() -> None:
    assert surviving(ALL, WORLD) is ALL
    without = world([image("a", "a:2")], disk=usage())
    assert surviving(ALL, without) == {TWO}


def test_a_tag_that_has_moved_on_is_not_marked_any_more() -> None:
    moved = world([image("a", "a:2"), image("b", "a:1")])
    assert surviving(frozenset({ONE, TWO}), moved) == {TWO}


def test_what_has_not_been_listed_keeps_its_marks() -> None:
    assert surviving(ALL, Inventory()) is ALL
    unread = replace(WORLD, usage=None)
    assert surviving(ALL, unread) is ALL


def test_toggling_a_group_marks_all_or_none() -> None:
    assert toggled(NO_MARKS, [ONE, TWO]) == {ONE, TWO}
    assert toggled(frozenset({ONE, USER}), [ONE, TWO]) == {ONE, TWO, USER}
    assert toggled(frozenset({ONE, TWO, USER}), [ONE, TWO]) == {USER}
    assert toggled(frozenset({USER}), []) == {USER}


@settings(max_examples=examples(100), deadline=None)
@given(cases(), st.data())
def test_toggling_twice_is_none_at_all_unless_some_were_marked(case: Case, data: st.DataObject) -> None:
    group = frozenset(data.draw(st.lists(st.sampled_from(every_mark(case.inventory)))))
    once = toggled(case.marks, group)
    assert toggled(once, group) == (case.marks - group if group - case.marks else case.marks | group)
    assert surviving(once, case.inventory) is once, "everything that can be marked is there"


@settings(max_examples=examples(100), deadline=None)
@given(cases())
def test_everything_marked_is_somewhere_in_what_goes(case: Case) -> None:
    goes = going(case.marks, case.inventory)
    by_tag = {mark for mark in case.marks if mark.kind is Kind.IMAGE and mark.id not in goes.images}
    assert goes.untagged == by_tag
    assert goes.containers == {mark.id for mark in case.marks if mark.kind is Kind.CONTAINER}
    assert goes.volumes == {mark.id for mark in case.marks if mark.kind is Kind.VOLUME}
    assert goes.cache_records == {mark.id for mark in case.marks if mark.kind is Kind.CACHE_RECORD}
    for image_id_ in goes.images:
        assert set(marks_of_image(case.inventory, image_id_)) <= case.marks
