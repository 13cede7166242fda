"""Views of a stack: statuses, sizes and what is shown, one by one and against plain sums."""

from __future__ import annotations

import time
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.model.big_layers import debian_like
from tests.model.stacks import STACKS, Body, State, bodies, in_order, is_below, layer, states, status
from tui.model.file_stack import StackedFiles, Status
from tui.model.file_view import ALL_STATUSES, FileOrder, FileView, Matching, ShownFiles
from tui.model.layer_files import Kind, LayerFiles

U, A, M, R = Status


def view_of(*layers: LayerFiles, at: int = -1, alone: bool = False) -> FileView:
    return FileView.of(StackedFiles.of(layers), at % len(layers), alone=alone)


def rows(
    files: ShownFiles,
    *,
    order: FileOrder = FileOrder.NAME,
    statuses: Collection[Status] = ALL_STATUSES,
    matching: Matching | None = None,
) -> list[tuple[str, Status, int]]:
    """Everything shown, as a tree that is all unfolded shows it."""
    found: list[tuple[str, Status, int]] = []
    waiting = [0]
    while waiting:
        node = waiting.pop()
        if node:
            found.append((files.paths[node], files.status(node), files.size_bytes(node)))
        waiting += reversed(files.children(node, order, statuses, matching))
    return found


BASE = layer("etc/", "etc/a 5", "etc/b 7", "usr/", "usr/bin/", "usr/bin/sh 100")
UPPER = layer("etc/", "etc/a 6", "usr/", "usr/lib/", "usr/lib/so 30", hide=["etc/b"])


def test_the_lowest_layer_adds_everything() -> None:
    assert rows(view_of(BASE, UPPER, at=0)) == [
        ("etc", A, 12), ("etc/a", A, 5), ("etc/b", A, 7), ("usr", A, 100), ("usr/bin", A, 100), ("usr/bin/sh", A, 100),
    ]  # fmt: skip


def test_a_view_shows_all_that_is_there_and_what_its_layer_removed() -> None:
    view = view_of(BASE, UPPER)
    assert rows(view) == [
        ("etc", M, 6), ("etc/a", M, 6), ("etc/b", R, 7), ("usr", M, 130), ("usr/bin", U, 100), ("usr/bin/sh", U, 100),
        ("usr/lib", A, 30), ("usr/lib/so", A, 30),
    ]  # fmt: skip
    assert (view.size_bytes(0), view.status(0), view.shows(0)) == (136, M, True)
    assert view.changes() == {U: (4, 100), A: (2, 30), M: (1, 6), R: (1, 7)}


def test_alone_it_shows_only_what_its_layer_did() -> None:
    view = view_of(BASE, UPPER, alone=True)
    assert rows(view) == [
        ("etc", M, 6), ("etc/a", M, 6), ("etc/b", R, 7), ("usr", M, 30), ("usr/lib", A, 30), ("usr/lib/so", A, 30),
    ]  # fmt: skip
    assert view.changes() == {U: (0, 0), A: (2, 30), M: (1, 6), R: (1, 7)}
    nothing = view_of(BASE, layer("etc/", "usr/", "usr/bin/"), alone=True)
    assert (rows(nothing), nothing.shows(1)) == ([], False)


def test_a_later_view_forgets_what_an_earlier_layer_removed() -> None:
    view = view_of(BASE, UPPER, layer("new 1"))
    assert [path for path, _status, _size in rows(view)] == [
        "etc", "etc/a", "new", "usr", "usr/bin", "usr/bin/sh", "usr/lib", "usr/lib/so",
    ]  # fmt: skip
    assert {path: became for path, became, _size in rows(view) if became} == {"new": A}


def test_it_tells_what_is_there_and_from_which_layer_and_of_the_removed_what_was() -> None:
    view = view_of(BASE, UPPER, layer("x/y 1"))
    told = {path: (view.layer_of(node), view.entry(node)) for node, path in enumerate(view.paths) if view.shows(node)}
    assert told["etc/a"][0] == 1
    assert told["usr/bin/sh"][0] == 0
    assert told["x"] == (2, None), "no layer names it"
    assert told[""] == (-1, None)
    before = view_of(BASE, UPPER)
    node = before.node("etc/b")
    assert node is not None
    removed = before.entry(node)
    assert removed is not None
    assert (removed.path, removed.size_bytes, before.layer_of(node)) == ("etc/b", 7, 0)


def test_a_removed_folder_shows_what_was_in_it() -> None:
    view = view_of(layer("a/", "a/b 5", "a/c/", "a/c/d 6"), layer(hide=["a"]))
    assert rows(view) == [("a", R, 11), ("a/b", R, 5), ("a/c", R, 6), ("a/c/d", R, 6)]
    assert view.size_bytes(0) == 0


def test_a_file_in_a_folders_place_shows_what_it_replaced() -> None:
    assert rows(view_of(layer("a/", "a/b 5"), layer("a 9"))) == [("a", M, 9), ("a/b", R, 5)]


def test_order_by_size_and_by_name() -> None:
    view = view_of(layer("a 5", "b/", "b/x 9", "c 5", "d 0"))
    assert [path for path, *_ in rows(view, order=FileOrder.SIZE)] == ["b", "b/x", "a", "c", "d"]
    assert [path for path, *_ in rows(view, order=FileOrder.NAME)] == ["a", "b", "b/x", "c", "d"]


def test_statuses_choose_and_folders_above_come_along() -> None:
    view = view_of(BASE, UPPER)
    assert [path for path, *_ in rows(view, statuses={A})] == ["usr", "usr/lib", "usr/lib/so"]
    assert [path for path, *_ in rows(view, statuses={R})] == ["etc", "etc/b"]
    assert [path for path, *_ in rows(view, statuses={M})] == ["etc", "etc/a"]
    assert rows(view, statuses=()) == []


def test_matching_lets_through_what_matches_what_is_above_and_what_is_below() -> None:
    view = view_of(BASE, UPPER)
    part, glob = Matching.of(view, "LIB"), Matching.of(view, "*/bin")
    assert [path for path, *_ in rows(view, matching=part)] == ["usr", "usr/lib", "usr/lib/so"]
    assert [path for path, *_ in rows(view, matching=glob)] == ["usr", "usr/bin", "usr/bin/sh"]
    assert (part.count, glob.count) == (2, 1)
    assert [view.paths[node] for node in range(len(view.paths)) if glob.lets_through(node)] == [
        "", "usr", "usr/bin", "usr/bin/sh",
    ]  # fmt: skip
    assert rows(view, matching=part, statuses={R}) == []
    assert [path for path, *_ in rows(view, matching=Matching.of(view, "etc"), statuses={R})] == ["etc", "etc/b"]
    assert Matching.of(view, "nowhere").count == 0


def test_a_view_finds_only_what_it_shows_and_a_stack_everything() -> None:
    stack = StackedFiles.of([BASE, UPPER, layer("x 1")])
    assert Matching.of(FileView.of(stack, 2), "etc/b").count == 0
    assert Matching.of(FileView.of(stack, 1), "etc/b").count == 1
    assert Matching.of(stack, "etc/b").count == 1


def test_what_is_not_known_counts_as_nothing_and_is_said() -> None:
    view = view_of(layer("etc/", "etc/a 5"), layer("etc/", "etc/b ?", "var/", "var/x 1"))
    assert [path for node, path in enumerate(view.paths) if view.unknown(node)] == ["", "etc", "etc/b"]
    assert view.size_bytes(0) == 6
    gone = view_of(layer("a ?"), layer(hide=["a"]))
    assert (gone.size_bytes(1), gone.unknown(1)) == (0, True)


LINKED = layer("a/", "a/file 10", "b/", "b/name => a/file", "c/", "c/name => a/file")


def test_a_file_with_several_names_counts_once_at_the_first_that_is_seen() -> None:
    assert {path: size for path, _status, size in rows(view_of(LINKED)) if size} == {"a": 10, "a/file": 10}
    without_first = view_of(LINKED, layer(hide=["a/file"]))
    assert {path: size for path, _status, size in rows(without_first) if size} == {"b": 10, "b/name": 10}
    assert without_first.changes()[R] == (1, 0), "nothing is gone: the file has other names"
    replaced = view_of(LINKED, layer("a/file 3"))
    assert (replaced.size_bytes(0), {p: s for p, _, s in rows(replaced) if s}["b/name"]) == (13, 10)


def test_a_file_goes_with_the_last_of_its_names() -> None:
    at_once = view_of(LINKED, layer(hide=["a", "b", "c"]))
    assert {path: size for path, _status, size in rows(at_once) if size} == {"a": 10, "a/file": 10}
    step_by_step = view_of(LINKED, layer(hide=["a"]), layer(hide=["c"]), layer(hide=["b"]))
    assert rows(step_by_step) == [("b", R, 10), ("b/name", R, 10)]


def test_a_link_that_points_nowhere_has_no_size() -> None:
    view = view_of(layer("a => b", "c => c", "d -> a", "e => d"))
    assert view.size_bytes(0) == 0
    entry = view.entry(view.node("a") or -1)
    assert entry is not None
    assert entry.kind is Kind.HARD_LINK


def shown_sizes(after: State, before: State, stored: list[Body], number: int) -> tuple[dict[str, int], dict[str, int]]:
    """Where each body is counted: seen ones, and those that layer ``number`` removed."""
    seen: dict[str, int] = {}
    removed: dict[str, int] = {}
    for body in stored:
        names = body.shown_at(after)
        if names:
            seen[names[0]] = body.size_bytes
        elif body.layer < number:
            gone = [name for name in body.shown_at(before) if name not in after]
            if gone:
                removed[gone[0]] = body.size_bytes
    return seen, removed


def below_or_at(sizes: dict[str, int], path: str) -> int:
    return sum(size for one, size in sizes.items() if one == path or is_below(one, path))


@settings(max_examples=examples(400), deadline=None)
@given(STACKS, st.integers(0, 4))
def test_statuses_and_sizes_are_those_of_a_plain_comparison(layers: list[LayerFiles], number: int) -> None:
    number %= len(layers)
    truth = states(layers)
    before, after = truth[number - 1], truth[number]
    seen, removed = shown_sizes(after, before, bodies(layers), number)
    view = view_of(*layers, at=number)
    own = {path: status(before, after, path, number) for path in {**before, **after}}
    for node, path in enumerate(view.paths[1:], 1):
        if own.get(path) is None:
            assert not view.shows(node)
            continue
        holds_changes = any(own[other] for other in own if is_below(other, path))
        assert view.status(node) == (own[path] or (M if holds_changes else U))
        sizes = removed if own[path] is R else seen
        assert view.size_bytes(node) == below_or_at(sizes, path)
        there = (before if own[path] is R else after)[path]
        assert view.layer_of(node) == there.layer
        assert view.entry(node) == (None if there.implied else there.entry)
    assert view.size_bytes(0) == sum(seen.values())
    changes = view.changes()
    for one in Status:
        mine = [path for path, became in own.items() if became is one]
        total = sum((removed if one is R else seen).get(path, 0) for path in mine)
        assert changes[one] == (len(mine), total)


@settings(max_examples=examples(300), deadline=None)
@given(STACKS, st.integers(0, 4))
def test_alone_it_shows_what_its_layer_changed_and_sums_what_it_stores(layers: list[LayerFiles], number: int) -> None:
    number %= len(layers)
    truth = states(layers)
    before, after = truth[number - 1], truth[number]
    own = {path: status(before, after, path, number) for path in {**before, **after}}
    seen, _removed = shown_sizes(after, before, bodies(layers), number)
    seen = {path: size for path, size in seen.items() if own[path] in (A, M)}
    view = view_of(*layers, at=number, alone=True)
    changed = {path for path, became in own.items() if became}
    expected = {path for path in own if path in changed or any(is_below(one, path) for one in changed)}
    assert {view.paths[node] for node in range(1, len(view.paths)) if view.shows(node)} == expected
    assert {path for path, *_ in rows(view)} == expected
    for path, became, size in rows(view):
        assert became == (own[path] or M)
        assert became is R or size == below_or_at(seen, path)


@settings(max_examples=examples(200), deadline=None)
@given(STACKS)
def test_all_layers_alone_together_are_the_image(layers: list[LayerFiles]) -> None:
    stack, there = StackedFiles.of(layers), set[str]()
    for number in range(len(layers)):
        view = FileView.of(stack, number, alone=True)
        for path, became, _size in rows(view):
            node = view.node(path)
            assert node is not None
            if became is A:
                there.add(path)
            elif became is R:
                there.discard(path)
            assert path in there or became is R
        assert there == {entry.path for _layer, entry in stack.merged(number)}


QUERIES = st.sampled_from(["a", "b", "/a", "a/b", "*", "b*", "a/*", "**/c", "/a/**", "[ab]", "b-", "A", "?", "a/?/c"])


@settings(max_examples=examples(300), deadline=None)
@given(STACKS, st.sets(st.sampled_from(list(Status))), QUERIES)
def test_what_is_shown_leads_to_every_match_and_to_nothing_else(
    layers: list[LayerFiles], statuses: set[Status], query: str
) -> None:
    number = len(layers) - 1
    truth = states(layers)
    before, after = truth[number - 1], truth[number]
    own = {path: status(before, after, path, number) for path in {**before, **after}}
    view = view_of(*layers)
    matching = Matching.of(view, query)
    themselves = {path for path in own if Matching.of(StackedFiles.of([layer(f"{path} 1")]), query).flags[-1]}
    matches = {path for path in own if path in themselves or any(is_below(path, one) for one in themselves)}
    wanted = {path for path in matches if own[path] in statuses}
    expected = {path for path in own if path in wanted or any(is_below(one, path) for one in wanted)}
    shown = [path for path, *_ in rows(view, statuses=statuses, matching=matching)]
    assert shown == sorted(expected, key=in_order)
    let_through = {path for path in own if path in matches or any(is_below(one, path) for one in matches)}
    assert {path for path in own if matching.lets_through(view.node(path) or 0)} == let_through


@pytest.mark.parametrize("alone", [False, True])
def test_a_view_of_fifty_thousand_is_made_at_once(alone: bool) -> None:
    stack = StackedFiles.of(debian_like(50_000, 6))
    spent = []
    for number in (5, 0, 3):
        begun = time.process_time()
        view = FileView.of(stack, number, alone=alone)
        assert view.children(0, FileOrder.SIZE, ALL_STATUSES)
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.15, "0.02 s where it was measured"
