"""What a container changed, in words."""

from __future__ import annotations

import pytest

from tests.model.stacks import layer
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Kind, LayerBuilder
from tui.model.storage import Change, ChangeKind, PathStat
from tui.present.changes import (
    NONE_WRITTEN,
    READ_LAYERS,
    ChangedPath,
    ChangeTree,
    change_row,
    change_sections,
    counts_line,
    empty_words,
    origin_in,
)
from widgets.cell import Line, Role, RowText, Section
from widgets.node import Node

ADDED, MODIFIED, DELETED = ChangeKind.ADDED, ChangeKind.MODIFIED, ChangeKind.DELETED

CHANGES = (
    Change("n", ADDED),
    Change("etc", MODIFIED),
    Change("etc/hosts", MODIFIED),
    Change("bin", MODIFIED),
    Change("bin/echo", DELETED),
    Change("var/log/app/a.log", ADDED),
    Change("var/log/app/b.log", ADDED),
)


def read(line: Line) -> str:
    return "".join(cell.text for cell in line)


def row(text: RowText) -> str:
    return f"{read(text.left)} | {read(text.right).strip()}"


def sheet(sections: tuple[Section, ...]) -> list[str]:
    return [f"{fact.label}: {read(fact.value)}" for section in sections for fact in section.facts]


def paths(nodes: tuple[Node, ...]) -> list[str]:
    """Every path of a tree, in order, indented by depth."""
    found = []
    for node in nodes:
        assert isinstance(node.data, ChangedPath)
        found += [node.data.path, *(f"  {path}" for path in paths(node.offspring()))]
    return found


def test_folders_that_the_engine_does_not_name_are_there_all_the_same() -> None:
    tree = ChangeTree(CHANGES, open_all=True)
    assert paths(tree.nodes()) == [
        "bin",
        "  bin/echo",
        "etc",
        "  etc/hosts",
        "n",
        "var",
        "  var/log",
        "    var/log/app",
        "      var/log/app/a.log",
        "      var/log/app/b.log",
    ]
    var = tree.nodes()[3].data
    assert isinstance(var, ChangedPath)
    assert (var.kind, var.below) == (None, 2)


def test_a_folder_modified_only_by_what_is_in_it_is_not_counted() -> None:
    tree = ChangeTree(CHANGES, open_all=True)
    assert read(counts_line(tree.counts)) == "+ 3 added  ~ 1 modified  − 1 deleted"
    assert read(counts_line(tree.counts, brief=True)) == "+ 3  ~ 1  − 1"


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_engine_does_not_matter(order: int) -> None:
    assert paths(ChangeTree(CHANGES[::order], open_all=True).nodes()) == paths(
        ChangeTree(CHANGES, open_all=True).nodes()
    )


def opened(nodes: tuple[Node, ...]) -> dict[str, bool]:
    return {node.key: node.open for node in nodes if not node.leaf}


def test_of_many_changes_a_folder_starts_open_where_there_is_nothing_to_choose() -> None:
    tree = ChangeTree((*CHANGES, Change("var/log/other/c.log", ADDED)), open_all=False)
    assert opened(tree.nodes()) == {"bin": True, "etc": True, "var": True}
    assert opened(tree.nodes("var")) == {"var/log": True}
    assert opened(tree.nodes("var/log")) == {"var/log/app": False, "var/log/other": True}


def test_no_change_is_lost_however_they_hang_together() -> None:
    names = [Change("/".join(parts), ADDED) for parts in (("a",), ("a", "b", "c"), ("a", "b"), ("x", "y", "z", "w"))]
    found = [path.strip() for path in paths(ChangeTree(names, open_all=True).nodes())]
    assert found == ["a", "a/b", "a/b/c", "x", "x/y", "x/y/z", "x/y/z/w"]


FILE = PathStat(Kind.FILE, 12_400, 0o4755, 0.0)


@pytest.mark.parametrize(
    ("changed", "stat", "origin", "known", "text"),
    [
        (ChangedPath("a/b", ADDED), None, None, False, "+ b | …"),
        (ChangedPath("a/b", ADDED), FILE, None, True, "+ b | 12.4 kB"),
        (ChangedPath("a/b", ADDED), None, None, True, "+ b | gone"),
        (ChangedPath("a/b", MODIFIED), FILE, "layer 2", True, "~ b | from layer 2   12.4 kB"),
        (ChangedPath("a/b", MODIFIED), FILE, None, True, "~ b | 12.4 kB"),
        (ChangedPath("a/b", DELETED), None, "layer 2", False, "− b | in layer 2"),
        (ChangedPath("a/b", DELETED), None, None, False, "− b | "),
        (ChangedPath("a", MODIFIED, 3), None, "layer 1", False, "~ a/ | 3 changes"),
        (ChangedPath("a", None, 1), None, None, False, "  a/ | 1 change"),
        (ChangedPath("a", ADDED), PathStat(Kind.FOLDER, 0, 0o755, 0.0), None, True, "+ a/ | "),
        (ChangedPath("a", ADDED), PathStat(Kind.SYMLINK, 0, 0o777, 0.0, "/x"), None, True, "+ a → /x | "),
        (ChangedPath("a", ADDED), PathStat(Kind.FILE, 0, 0o644, 0.0), None, True, "+ a | 0 B"),
    ],
)
def test_rows(changed: ChangedPath, stat: PathStat | None, origin: str | None, known: bool, text: str) -> None:
    assert row(change_row(changed, stat, origin, known=known, mount=False)) == text


def test_a_kind_is_told_by_sign_and_by_colour() -> None:
    seen = {
        (cell.text, cell.role)
        for kind in ChangeKind
        for cell in change_row(ChangedPath("a", kind), None, None, known=False, mount=False).left[:1]
    }
    assert seen == {("+ ", Role.GOOD), ("~ ", Role.WARNING), ("− ", Role.BAD)}


def test_a_mount_point_has_no_size_of_this_layer() -> None:
    assert row(change_row(ChangedPath("v", ADDED), FILE, None, known=True, mount=True)) == "+ v  mount point | "
    words = sheet(change_sections(ChangedPath("v", ADDED), None, None, known=False, mount=True))
    assert words[-1] == ": Something is mounted there: what lies behind is none of this layer."


def test_mount_points_read_alike_whether_they_were_looked_at_or_not() -> None:
    folder = PathStat(Kind.FOLDER, 0, 0o755, 5.0)
    looked_at = change_row(ChangedPath("b", ADDED), folder, None, known=True, mount=True)
    assert row(looked_at) == row(change_row(ChangedPath("b", ADDED), None, None, known=False, mount=True))


def test_everything_about_a_modified_file() -> None:
    words = sheet(change_sections(ChangedPath("a/b", MODIFIED), FILE, "layer 2", known=True, mount=False))
    assert words == [
        "Path: /a/b",
        "Change: ~ modified",
        "Kind: file",
        "Size: 12.4 kB",
        "Mode: -rwsr-xr-x  4755  setuid",
        "Copied up from: layer 2",
    ]


@pytest.mark.parametrize(
    ("kind", "origin", "words"),
    [
        (MODIFIED, None, f"Copied up from: {READ_LAYERS}"),
        (MODIFIED, "", "Copied up from: no layer of its image holds it"),
        (DELETED, None, f"Hides: {READ_LAYERS}"),
        (DELETED, "layer 3", "Hides: layer 3"),
    ],
)
def test_where_it_came_from(kind: ChangeKind, origin: str | None, words: str) -> None:
    assert sheet(change_sections(ChangedPath("a", kind), None, origin, known=False, mount=False))[-1] == words


def test_an_added_file_comes_from_nowhere() -> None:
    words = sheet(change_sections(ChangedPath("a", ADDED), FILE, None, known=True, mount=False))
    assert not any("Copied" in line for line in words)


def test_the_origin_is_the_layer_that_holds_the_path_in_the_end() -> None:
    layers = []
    for names in (("a", "b"), ("b",), ("c",)):
        builder = LayerBuilder()
        for name in names:
            builder.add(name, Kind.FILE, 1, 0o644, 0, 0, 0)
        layers.append(builder)
    layers[2].hide("a")
    stack = StackedFiles.of([builder.build() for builder in layers])
    assert [origin_in(stack, name) for name in ("a", "b", "c", "d")] == ["", "layer 2", "layer 3", ""]


def test_the_origin_of_a_name_that_the_engine_can_not_spell() -> None:
    stack = StackedFiles.of([layer("a"), layer("app/bad\udcffname 7")])
    assert origin_in(stack, "app/bad\ufffdname") == "layer 2"
    assert origin_in(stack, "app/other\ufffd") == ""
    assert origin_in(StackedFiles.of([]), "a\ufffd") == ""


def test_an_empty_tree_says_why() -> None:
    assert empty_words(None, "") == "reading what it changed…"
    assert empty_words((), "") == NONE_WRITTEN
    assert empty_words(None, "The engine refused.") == "The engine refused."
