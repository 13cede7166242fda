"""Big files, the same file twice, setuid files, and a path wherever it is."""

from __future__ import annotations

from hypothesis import given, settings

from tests.examples import examples
from tests.model.stacks import STACKS, bodies, layer, states
from tui.model.file_search import (
    Compared,
    FoundPath,
    StoredFile,
    biggest,
    find_paths,
    same_size_groups,
    setuid_files,
    stored_files,
)
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import LayerFiles

STACK = StackedFiles.of(
    [
        layer("a 50", "b 90", "c 50", "d/", "d/e 50", "d/f => c", "su 7 :4755", "wall 7 :2755", "g/ :2755"),
        layer("b 20", "a 10 :4755", "x -> su", hide=["su"]),
    ]
)


def test_the_biggest_are_told_with_whether_they_are_seen() -> None:
    assert biggest(STACK, 3) == (
        StoredFile("b", 0, 90, wasted=True),
        StoredFile("a", 0, 50, wasted=True),
        StoredFile("c", 0, 50, wasted=False),
    )
    assert len(biggest(STACK, 100)) == 8
    assert biggest(StackedFiles.of([]), 5) == ()


def test_a_body_goes_by_a_name_that_is_seen() -> None:
    stack = StackedFiles.of([layer("a 5", "b => a"), layer(hide=["a"])])
    assert list(stored_files(stack)) == [StoredFile("b", 0, 5, wasted=False)]


def test_setuid_and_setgid_files_that_are_seen() -> None:
    found = setuid_files(STACK)
    assert [(one.entry.path, one.layer, one.setuid, one.setgid) for one in found] == [
        ("a", 1, True, False), ("wall", 0, False, True),
    ]  # fmt: skip
    linked = setuid_files(StackedFiles.of([layer("a 5 :4755", "b => a")]))
    assert [one.entry.path for one in linked] == ["a", "b"]


def test_files_of_one_size_are_only_that_until_digests_are_there() -> None:
    search = same_size_groups(STACK, 10)
    (group,) = search.groups
    assert [(file.path, file.layer) for file in group.files] == [("c", 0), ("d/e", 0)]
    assert (group.compared, group.digest, group.spare_bytes) == (Compared.SIZE, "", 50)
    assert (search.files, search.with_digest, search.without_digest, search.least_bytes) == (4, 0, 2, 10)


def test_digests_tell_files_of_one_size_apart() -> None:
    stack = StackedFiles.of([layer("a 9", "b 9", "c 9", "d 9", "e 9", "f 9", "g 8")])
    digests = {(0, "a"): "x", (0, "b"): "y", (0, "c"): "x", (0, "d"): "z"}
    search = same_size_groups(stack, 1, digests)
    assert [(group.compared, group.digest, [file.path for file in group.files]) for group in search.groups] == [
        (Compared.DIGEST, "x", ["a", "c"]),
        (Compared.SIZE, "", ["e", "f"]),
    ]
    assert (search.files, search.with_digest, search.without_digest) == (7, 4, 2)


def test_a_path_is_found_in_every_layer_with_its_deletions() -> None:
    base, upper = layer("etc/", "etc/shadow 5", "usr/"), layer("etc/", hide=["etc/shadow", "usr"])
    layers = [("one", "sha256:a", base), ("two", "sha256:a", base), ("two", "sha256:b", upper)]
    entry = base.entry(1)
    assert list(find_paths(layers, "SHADOW")) == [
        FoundPath("one", "sha256:a", "etc/shadow", entry),
        FoundPath("two", "sha256:a", "etc/shadow", entry),
        FoundPath("two", "sha256:b", "etc/shadow", None),
    ]
    assert [found.path for found in find_paths(layers, "/us?")] == ["usr", "usr", "usr"]
    assert list(find_paths(layers, "nowhere")) == []
    assert list(find_paths([], "x")) == []


@settings(max_examples=examples(300), deadline=None)
@given(STACKS)
def test_stored_files_are_all_bodies(layers: list[LayerFiles]) -> None:
    final = states(layers)[len(layers) - 1]
    expected = {
        StoredFile((body.shown_at(final) or body.names)[0], body.layer, body.size_bytes, not body.shown_at(final))
        for body in bodies(layers)
    }
    stack = StackedFiles.of(layers)
    assert set(stored_files(stack)) == expected
    search = same_size_groups(stack)
    assert search.files == sum(not file.wasted for file in expected)
    assert sum(len(group.files) for group in search.groups) == search.without_digest
