"""Stacking: the rules of whiteouts and replacement one by one, and all together against a plain replay."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings

from tests.examples import examples
from tests.model.big_layers import debian_like, many_layers
from tests.model.stacks import STACKS, in_order, layer, states, status
from tui.model.file_stack import StackedFiles, Status, Touch
from tui.model.layer_files import Entry, Kind, LayerFiles
from tui.model.path_tree import PathTree


def seen(*layers: LayerFiles) -> dict[str, int]:
    """Path -> the layer it comes from, after all of them."""
    return {entry.path: number for number, entry in StackedFiles.of(layers).merged()}


def touched(stack: StackedFiles, path: str) -> list[tuple[int, Status, str]]:
    node = stack.node(path)
    assert node is not None
    return [(touch.layer, touch.status, touch.by) for touch in stack.touches(node)]


def test_a_whiteout_hides_a_file_and_a_folder_with_all_below_it() -> None:
    base = layer("a/", "a/b/", "a/b/c 1", "d 1", "a-b 1")
    assert seen(base, layer(hide=["d"])) == {"a": 0, "a/b": 0, "a/b/c": 0, "a-b": 0}
    assert seen(base, layer(hide=["a"])) == {"d": 0, "a-b": 0}
    assert seen(base, layer(hide=["a/b"])) == {"a": 0, "d": 0, "a-b": 0}


def test_a_whiteout_leaves_what_its_own_layer_holds_at_or_below_its_path() -> None:
    base = layer("a/", "a/old 1", "f 1")
    assert seen(base, layer("a/", "a/new 1", "f 2", hide=["a", "f"])) == {"a": 1, "a/new": 1, "f": 1}
    assert seen(base, layer("a/new 1", hide=["a"])) == {"a": 1, "a/new": 1, "f": 0}


def test_a_whiteout_hides_nothing_of_the_layers_above_it() -> None:
    assert seen(layer("a 1"), layer(hide=["a"]), layer("a 2")) == {"a": 2}
    assert seen(layer(hide=["a"]), layer("a 1")) == {"a": 1}


def test_an_opaque_folder_hides_what_is_below_it_and_stays() -> None:
    base = layer("a/", "a/b/", "a/b/c 1", "d 1")
    assert seen(base, layer("a/", opaque=["a"])) == {"a": 1, "d": 0}
    assert seen(base, layer("a/", "a/b/", "a/b/new 1", opaque=["a"])) == {"a": 1, "a/b": 1, "a/b/new": 1, "d": 0}
    assert seen(base, layer("x 1", opaque=[""])) == {"x": 1}


def test_marks_for_what_was_never_there_do_nothing() -> None:
    assert seen(layer("a 1"), layer(hide=["b", "a/b", "x/y/z"], opaque=["q", "q/r"])) == {"a": 0}


def test_anything_but_a_folder_hides_what_the_folder_it_replaces_held() -> None:
    base = layer("a/", "a/b/", "a/b/c 1")
    assert seen(base, layer("a 1")) == {"a": 1}
    assert seen(base, layer("a -> elsewhere")) == {"a": 1}
    stack = StackedFiles.of([base, layer("a 1")])
    assert touched(stack, "a/b/c") == [(0, Status.ADDED, ""), (1, Status.REMOVED, "a")]
    assert touched(stack, "a") == [(0, Status.ADDED, ""), (1, Status.MODIFIED, "")]


def test_a_folder_takes_a_files_place_and_merges_with_a_folder() -> None:
    assert seen(layer("a 1"), layer("a/", "a/b 1")) == {"a": 1, "a/b": 1}
    assert seen(layer("a 1"), layer("a/b 1")) == {"a": 1, "a/b": 1}
    assert seen(layer("a -> x", "x/"), layer("a/b 1")) == {"a": 1, "a/b": 1, "x": 0}
    assert seen(layer("a/", "a/b 1"), layer("a/", "a/c 1")) == {"a": 1, "a/b": 0, "a/c": 1}


def test_a_change_nobody_has_looked_at_hides_nothing_below_it() -> None:
    stack = StackedFiles.of([layer("etc/", "etc/passwd 5"), layer("etc ?", "etc/shadow ?")])
    assert {entry.path: number for number, entry in stack.merged()} == {"etc": 1, "etc/passwd": 0, "etc/shadow": 1}
    assert touched(stack, "etc") == [(0, Status.ADDED, ""), (1, Status.MODIFIED, "")]


def test_folders_that_no_layer_names_are_there_all_the_same() -> None:
    stack = StackedFiles.of([layer("a/b/c 1"), layer("a/"), layer("a/ :700"), layer("a/x 1")])
    node = stack.node("a")
    assert node is not None
    assert stack.entry_at(node, 0) == (0, Entry("a", Kind.FOLDER, 0, 0o755))
    assert stack.entry_at(node, 3) == (2, Entry("a", Kind.FOLDER, 0, 0o700)), "an implied folder stays as it was"
    assert touched(stack, "a") == [(0, Status.ADDED, ""), (2, Status.MODIFIED, "")]
    assert touched(stack, "a/b") == [(0, Status.ADDED, "")]


def test_an_implied_folder_outlives_what_was_in_it() -> None:
    assert seen(layer("a/b 1"), layer(hide=["a/b"])) == {"a": 0}


def test_a_folder_named_again_has_changed_only_with_its_mode_or_owner() -> None:
    stack = StackedFiles.of([layer("a/"), layer("a/", modified=9), layer("a/ :700")])
    assert touched(stack, "a") == [(0, Status.ADDED, ""), (2, Status.MODIFIED, "")]
    node = stack.node("a")
    assert node is not None
    number, entry = stack.entry_at(node, 1) or (None, None)
    assert number == 1
    assert entry is not None
    assert entry.modified == 9


def test_a_file_stored_again_is_modified_even_if_it_is_the_same() -> None:
    assert touched(StackedFiles.of([layer("a 1"), layer("a 1")]), "a") == [
        (0, Status.ADDED, ""),
        (1, Status.MODIFIED, ""),
    ]


def test_touches_tell_additions_deletions_and_returns() -> None:
    stack = StackedFiles.of([layer("d/", "d/f 1"), layer("x 1"), layer(hide=["d"]), layer("d/", "d/f 2")])
    node = stack.node("d/f")
    assert node is not None
    assert stack.touches(node) == (
        Touch(0, Status.ADDED, Entry("d/f", Kind.FILE, 1), ""),
        Touch(2, Status.REMOVED, None, "d"),
        Touch(3, Status.ADDED, Entry("d/f", Kind.FILE, 2), ""),
    )
    assert [stack.entry_at(node, number) is not None for number in range(4)] == [True, True, False, True]


def test_deleted_and_put_there_again_by_one_layer_is_one_change() -> None:
    stack = StackedFiles.of([layer("f 1", "d/", "d/x 1"), layer("f 2", "d/", hide=["f", "d"])])
    assert touched(stack, "f") == [(0, Status.ADDED, ""), (1, Status.MODIFIED, "")]
    assert touched(stack, "d") == [(0, Status.ADDED, "")]
    assert touched(stack, "d/x") == [(0, Status.ADDED, ""), (1, Status.REMOVED, "d")]


def test_a_path_that_every_layer_touches() -> None:
    layers = [layer("log/", f"log/f {number + 1}", f"only-{number} 1") for number in range(100)]
    stack = StackedFiles.of(layers)
    node = stack.node("log/f")
    assert node is not None
    assert [touch.layer for touch in stack.touches(node)] == list(range(100))
    assert stack.entry_at(node, 41) == (41, Entry("log/f", Kind.FILE, 42))
    assert len(list(stack.merged(9))) == 12


def test_nodes_lie_folder_by_folder_in_the_order_of_names() -> None:
    stack = StackedFiles.of([layer("a/b 1", "a-b 1", "a.b/c 1", "é\udcff/x 1", "new\nline 1")])
    assert stack.paths == ["", "a", "a/b", "a-b", "a.b", "a.b/c", "new\nline", "é\udcff", "é\udcff/x"]
    assert list(stack.parents) == [-1, 0, 1, 0, 0, 4, 0, 0, 7]
    assert stack.children(0) == [1, 3, 4, 6, 7]
    assert (stack.node("nowhere"), stack.node("")) == (None, 0)
    assert list(stack.tree.above(5)) == [4, 0]


def test_a_name_with_a_nul_in_it_does_not_confuse_the_order() -> None:
    tree = PathTree(["a/b", "a\0b", "a\0b/c", "a/b/c"])
    assert [tree.paths[node] for node in tree.children(0)] == ["a", "a\0b"]
    assert [tree.paths[tree.parents[node]] for node in range(1, len(tree))] == ["", "a", "a/b", "", "a\0b"]


def test_no_layers_and_empty_layers() -> None:
    assert list(StackedFiles.of([]).merged()) == []
    empty = StackedFiles.of([layer(), layer()])
    assert (list(empty.merged()), empty.paths, empty.children(0), empty.touches(0)) == ([], [""], [], ())


@settings(max_examples=examples(400), deadline=None)
@given(STACKS)
def test_it_is_what_a_plain_replay_shows(layers: list[LayerFiles]) -> None:
    stack, truth = StackedFiles.of(layers), states(layers)
    for number in range(len(layers)):
        merged = list(stack.merged(number))
        assert {entry.path: (at, entry) for at, entry in merged} == {
            path: (one.layer, one.entry) for path, one in truth[number].items()
        }
        assert [entry.path for _, entry in merged] == sorted(truth[number], key=in_order)
        for node, path in enumerate(stack.paths[1:], 1):
            one = truth[number].get(path)
            assert stack.entry_at(node, number) == ((one.layer, one.entry) if one else None)


@settings(max_examples=examples(400), deadline=None)
@given(STACKS)
def test_touches_are_the_differences_from_layer_to_layer(layers: list[LayerFiles]) -> None:
    stack, truth = StackedFiles.of(layers), states(layers)
    for node, path in enumerate(stack.paths[1:], 1):
        expected = [(number, status(truth[number - 1], truth[number], path, number)) for number in range(len(layers))]
        touches = stack.touches(node)
        assert [(touch.layer, touch.status) for touch in touches] == [pair for pair in expected if pair[1]]
        for touch in touches:
            removed = touch.status is Status.REMOVED
            assert (touch.entry is None) == removed
            assert not removed or path == touch.by or not touch.by or path.startswith(f"{touch.by}/")
            assert removed or not touch.by


@pytest.mark.parametrize("layers", [debian_like(50_000, 6), many_layers(50_000, 100)], ids=["6 layers", "100 layers"])
def test_fifty_thousand_entries_are_stacked_at_once(layers: list[LayerFiles]) -> None:
    spent = []
    for _ in range(3):
        begun = time.process_time()
        stack = StackedFiles.of(layers)
        spent.append(time.process_time() - begun)
    assert len(stack) > 50_000
    assert min(spent) < 0.6, "0.1 s where it was measured"


def test_a_stack_takes_little_beside_its_layers() -> None:
    layers = debian_like(50_000, 6)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        stack = StackedFiles.of(layers)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(stack) > 50_000
    assert held < 12_000_000
