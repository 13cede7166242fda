"""Two images beside each other: their layers, and their final filesystems path by path."""

from __future__ import annotations

import time
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.big_layers import debian_like
from tests.model.stacks import STACKS, State, bodies, in_order, is_below, layer, states
from tests.model.test_file_view import rows
from tui.model.file_stack import StackedFiles, Status
from tui.model.file_view import ALL_STATUSES, FileOrder, FileView, Matching
from tui.model.image_comparison import Comparison, Difference, compare, compare_layers
from tui.model.layer import Layer, chain_ids
from tui.model.layer_files import Entry, Kind, LayerFiles

U, A, M, R = Status


def named(*diff_ids: str) -> tuple[Layer, ...]:
    chains = chain_ids(diff_ids)
    return tuple(Layer(index, diff, chains[index], 1, None, f"RUN {diff}") for index, diff in enumerate(diff_ids))


def compared(left: Sequence[LayerFiles], right: Sequence[LayerFiles], shared: int = 0) -> Comparison:
    """The two compared, with the first ``shared`` layers known as the same."""
    names = [f"same-{number}" for number in range(shared)]
    left_names = names + [f"left-{number}" for number in range(shared, len(left))]
    right_names = names + [f"right-{number}" for number in range(shared, len(right))]
    return compare(StackedFiles.of(left), StackedFiles.of(right), named(*left_names), named(*right_names))


def test_layers_are_shared_from_the_lowest_on_elsewhere_or_not_at_all() -> None:
    found = compare_layers(named("a", "b", "c", "d", "e", "e"), named("a", "b", "x", "e", "c"))
    assert [pair.left.diff_id for pair in found.prefix] == ["a", "b"]
    assert all(pair.left.chain_id == pair.right.chain_id for pair in found.prefix)
    assert [(pair.left.index, pair.right.index) for pair in found.elsewhere] == [(2, 4), (4, 3)]
    assert all(pair.left.chain_id != pair.right.chain_id for pair in found.elsewhere)
    assert [one.index for one in found.left_only] == [3, 5]
    assert [one.index for one in found.right_only] == [2]


def test_an_image_and_the_one_it_was_built_on() -> None:
    found = compare_layers(named("a"), named("a", "b"))
    assert (len(found.prefix), found.elsewhere, found.left_only) == (1, (), ())
    assert [one.diff_id for one in found.right_only] == ["b"]
    assert compare_layers((), ()) == ((), (), (), ())


LEFT = [layer("etc/", "etc/a 5", "etc/b 7", "usr/", "usr/sh 100", "same 1", "old/", "old/x 40")]
RIGHT = [layer("etc/", "etc/a 9", "etc/b 7 :600", "usr/", "usr/sh 100", "usr/new 3", "same 1")]


def test_paths_are_added_removed_and_changed() -> None:
    found = compared(LEFT, RIGHT)
    assert rows(found) == [
        ("etc", M, 16), ("etc/a", M, 9), ("etc/b", M, 7), ("old", R, 40), ("old/x", R, 40), ("same", U, 1),
        ("usr", M, 103), ("usr/new", A, 3), ("usr/sh", U, 100),
    ]  # fmt: skip
    assert found.changes() == {U: (4, 101), A: (1, 3), M: (2, 16), R: (2, 40)}
    assert [(found.left_bytes(node), found.right_bytes(node)) for node in (0, found.node("etc") or 0)] == [
        (153, 120), (12, 16),
    ]  # fmt: skip
    assert [path for path, *_ in rows(found, statuses={A}, matching=Matching.of(found, "usr"))] == ["usr", "usr/new"]


def test_it_tells_in_what_two_entries_differ() -> None:
    def differences(left: LayerFiles, right: LayerFiles) -> set[Difference]:
        return set(compared([left], [right]).differences(1))

    assert differences(layer("f 1"), layer("f 2 :600")) == {Difference.SIZE, Difference.MODE}
    assert differences(layer("f 1"), layer("f 1", modified=3)) == {Difference.MODIFIED}
    assert differences(layer("f/"), layer("f/", modified=3)) == set()
    assert differences(layer("l -> a"), layer("l -> b")) == {Difference.LINK}
    assert Difference.KIND in differences(layer("f 1"), layer("f/"))
    assert differences(layer("f 1"), layer("f 1")) == set()
    assert compared([layer("f 1")], [layer()]).differences(1) == set()


def test_times_can_be_looked_past() -> None:
    stacks = [StackedFiles.of([layer("f 1", modified=seconds)]) for seconds in (1, 2)]
    assert compare(stacks[0], stacks[1], named("a"), named("b")).status(1) is M
    assert compare(stacks[0], stacks[1], named("a"), named("b"), times=False).status(1) is U


def test_entries_and_layers_of_both_sides() -> None:
    found = compared([*LEFT, layer("etc/", "etc/b 8")], RIGHT)
    node, gone = found.node("etc/b") or 0, found.node("old/x") or 0
    both = found.entries(node)
    assert [entry.size_bytes for entry in both if entry] == [8, 7]
    assert (found.layer_of(node), found.layer_of(gone), found.layer_of(0)) == (0, 0, -1)
    removed = found.entry(gone)
    assert removed is not None
    assert (removed.path, found.entries(gone)[1], found.entry(0)) == ("old/x", None, None)
    implied = compared([layer("a/b 1")], [layer("a/b 1")])
    assert (implied.entry(1), implied.status(1)) == (None, U)
    assert compared([layer("a/b 1")], [layer("a/", "a/b 1")]).status(1) is U


def test_which_name_of_a_file_is_called_the_file_makes_no_difference() -> None:
    found = compared([layer("a 10", "b => a", "c => a")], [layer("b 10", "c => b")])
    assert rows(found) == [("a", R, 0), ("b", U, 10), ("c", U, 0)]
    gone = compared([layer("a 10", "b => a", "c 1")], [layer("c 1")])
    assert rows(gone) == [("a", R, 10), ("b", R, 0), ("c", U, 1)]


def row(body_of: dict[tuple[int, str], int], number: int, entry: Entry) -> tuple[object, ...]:
    """What counts of an entry when two are compared."""
    kind, size = entry.kind, entry.size_bytes
    if (number, entry.path) in body_of:
        kind, size = Kind.FILE, body_of[number, entry.path]
    modified = 0 if kind is Kind.FOLDER else entry.modified
    link = entry.link if kind is Kind.SYMLINK else ""
    return (kind, size, entry.mode, entry.uid, entry.gid, modified, link)


def final(layers: Sequence[LayerFiles]) -> tuple[State, dict[str, tuple[object, ...]], dict[str, int]]:
    """What is seen in the end, what counts of it, and where bodies are counted."""
    seen = states(layers)[len(layers) - 1]
    files = {
        (number, one.path): next(
            (other.size_bytes or 0 for other in layer_files if other.path == one.link and other.kind is Kind.FILE), None
        )
        for number, layer_files in enumerate(layers)
        for one in layer_files
        if one.kind is Kind.HARD_LINK
    }
    linked = {key: size for key, size in files.items() if size is not None}
    sizes = {names[0]: body.size_bytes for body in bodies(layers) if (names := body.shown_at(seen))}
    return seen, {path: row({} if one.implied else linked, one.layer, one.entry) for path, one in seen.items()}, sizes


@settings(max_examples=examples(300), deadline=None)
@given(STACKS, STACKS, st.integers(0, 5))
def test_it_is_what_comparing_the_two_merged_trees_gives(
    left: list[LayerFiles], right: list[LayerFiles], shared: int
) -> None:
    shared = min(shared, len(left))
    right = [*left[:shared], *right]
    found = compared(left, right, shared)
    (_, left_rows, left_sizes), (_, right_rows, right_sizes) = final(left), final(right)
    own = {
        path: A if path not in left_rows else R if path not in right_rows
        else U if left_rows[path] == right_rows[path] else M
        for path in {**left_rows, **right_rows}
    }  # fmt: skip
    shown = rows(found)
    assert [path for path, *_ in shown] == sorted(own, key=in_order)
    for path, became, size in shown:
        assert became == (own[path] or (M if any(own[one] for one in own if is_below(one, path)) else U))
        if became is not R:
            assert size == sum(size for one, size in right_sizes.items() if one == path or is_below(one, path))
        assert bool(found.differences(found.node(path) or 0)) == (own[path] is M)
    assert found.right_bytes(0) == sum(right_sizes.values())
    assert found.left_bytes(0) == sum(left_sizes.values())
    removed = sum(
        body.size_bytes
        for body in bodies(left)
        if (names := body.shown_at(states(left)[len(left) - 1])) and all(own[name] is R for name in names)
    )
    assert found.changes()[R][1] == removed


@settings(max_examples=examples(100), deadline=None)
@given(STACKS)
def test_an_image_does_not_differ_from_itself(layers: list[LayerFiles]) -> None:
    for shared in (0, len(layers)):
        found = compared(layers, layers, shared)
        assert not any(found.own[node] for node in range(len(found.tree)))
        view = FileView.of(StackedFiles.of(layers), len(layers) - 1)
        assert found.size_bytes(0) == view.size_bytes(0)


def test_fifty_thousand_against_fifty_thousand() -> None:
    left, right = StackedFiles.of(debian_like(50_000, 4)), StackedFiles.of(debian_like(50_000, 4, seed=2))
    spent = []
    for _ in range(3):
        begun = time.process_time()
        found = compare(left, right, named("a", "b", "c", "d"), named("e", "f", "g", "h"))
        spent.append(time.process_time() - begun)
    assert len(found.tree) > 90_000
    assert min(spent) < 1, "0.25 s where it was measured"


def test_where_most_bytes_differ_comes_first_whichever_way_they_went() -> None:
    found = compared(
        [layer("big/", "big/same 500", "swap/", "swap/out 90", "edit/", "edit/file 70", "tiny 1")],
        [layer("big/", "big/same 500", "swap/", "swap/in 80", "edit/", "edit/file 60", "tiny 2")],
    )
    nodes = found.children(0, FileOrder.CHANGE, ALL_STATUSES)
    assert [(found.paths[node], found.differing_bytes(node)) for node in nodes] == [
        ("swap", 170), ("edit", 70), ("tiny", 2), ("big", 0),
    ]  # fmt: skip
    assert found.differing_bytes(0) == 242
    assert found.paths[found.children(0, FileOrder.SIZE, ALL_STATUSES)[0]] == "big"
