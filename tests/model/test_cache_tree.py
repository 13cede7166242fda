"""Records of the build cache below those they were made from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.model.build_cache import BuildCacheRecord
from tui.model.cache_tree import Branch, cache_tree


def record(record_id: str, *parents: str) -> BuildCacheRecord:
    return BuildCacheRecord(record_id, "regular", record_id, 1, parents=parents)


def shape(branches: tuple[Branch, ...]) -> list[object]:
    """``a>b[c, d]`` as ``["a>b", [["c"], ["d"]]]``."""
    return [
        [">".join(one.id for one in branch.members), *([shape(branch.branches)] if branch.branches else [])]
        for branch in branches
    ]


def tree(*records: BuildCacheRecord, shown: str = "", by_best: bool = False) -> list[object]:
    every = {one.id: one for one in records}
    wanted = [every[one] for one in shown] if shown else list(records)
    return shape(cache_tree(wanted, every, by_best=by_best))


def test_a_chain_is_one_branch_and_stays_flat() -> None:
    assert tree(record("a"), record("b", "a"), record("c", "b")) == [["a>b>c"]]


def test_where_several_were_made_from_one_each_begins_a_branch() -> None:
    assert tree(record("a"), record("b", "a"), record("c", "b"), record("d", "b")) == [["a>b", [["c"], ["d"]]]]


def test_a_record_whose_parent_is_not_there_is_a_root() -> None:
    assert tree(record("b", "gone"), record("c", "b")) == [["b>c"]]


def test_a_record_of_several_parents_stands_below_the_first_that_is_there() -> None:
    assert tree(record("a"), record("b"), record("m", "gone", "b", "a")) == [["a"], ["b>m"]]


def test_with_a_filter_a_record_stands_below_the_nearest_that_is_shown() -> None:
    chain = (record("a"), record("b", "a"), record("c", "b"))
    assert tree(*chain, shown="ac") == [["a>c"]]
    assert tree(*chain, shown="c") == [["c"]]


def test_order_is_kept_and_a_branch_may_stand_where_its_best_record_does() -> None:
    records = (record("a"), record("b"), record("z", "b"))
    assert tree(*records, shown="zab") == [["a"], ["b>z"]]
    assert tree(*records, shown="zab", by_best=True) == [["b>z"], ["a"]]


def test_records_that_were_made_from_each_other_are_shown_all_the_same() -> None:
    assert tree(record("a", "b"), record("b", "a"), record("s", "s")) == [["b>a"], ["s"]]


@given(st.data())
def test_every_shown_record_is_there_once(data: st.DataObject) -> None:
    ids = "abcdefgh"
    every = {one: record(one, *data.draw(st.lists(st.sampled_from(ids + "?"), max_size=2))) for one in ids}
    shown = data.draw(st.lists(st.sampled_from(ids), unique=True))
    found: list[str] = []

    def walk(branches: tuple[Branch, ...]) -> None:
        for branch in branches:
            found.extend(one.id for one in branch.members)
            assert len(branch.branches) != 1
            walk(branch.branches)

    walk(cache_tree([every[one] for one in shown], every, by_best=data.draw(st.booleans())))
    assert sorted(found) == sorted(shown)
