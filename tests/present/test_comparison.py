"""Two images in words: groups of layers, both sizes of a path, and both sides of it."""

from __future__ import annotations

import pytest

from tests.model.stacks import layer
from tests.model.test_image_comparison import named
from tui.contents.source import FileStack
from tui.model.file_stack import StackedFiles
from tui.model.image_comparison import Comparison, compare
from tui.model.layer_files import LayerFiles
from tui.present.comparison import (
    HOW_COMPARED,
    WITHOUT_TIMES,
    ComparedLayer,
    LayerGroup,
    Sides,
    brief_titles,
    layer_facts,
    layer_groups,
    layer_nodes,
    layer_row,
    path_facts,
    path_heads,
    path_row,
    path_words,
    summary,
    total_facts,
)
from widgets.cell import Line, Role, Section

BASE = layer("etc/", "etc/a 500", "l -> a", "big 4000")
LEFT = (BASE, layer("same 9"), layer("etc/a 700", "gone 40", "u ?"))
RIGHT = (BASE, layer("new 60000"), layer("same 9"), layer("etc/a 900 :600", "l -> b", hide=["big"]))


def sides() -> Sides:
    return Sides("old", "new", _stack(LEFT, "base", "same", "left"), _stack(RIGHT, "base", "n", "same", "right"))


def _stack(files: tuple[LayerFiles, ...], *names: str) -> FileStack:
    return FileStack(named(*names), files)


@pytest.fixture
def compared() -> Comparison:
    both = sides()
    return compare(StackedFiles.of(LEFT), StackedFiles.of(RIGHT), both.left.layers, both.right.layers)


def read(line: Line) -> str:
    return "".join(cell.text for cell in line)


def words(sections: tuple[Section, ...]) -> dict[str, str]:
    return {fact.label: read(fact.value) for section in sections for fact in section.facts}


def node_of(compared: Comparison, path: str) -> int:
    node = compared.node(path)
    assert node is not None
    return node


def test_layers_are_in_groups_with_their_bytes(compared: Comparison) -> None:
    groups = layer_groups(sides(), compared.layers)
    assert [(group.key, len(group.layers), group.stored) for group in groups] == [
        ("trunk", 1, 4500), ("elsewhere", 1, 9), ("left", 1, 740), ("right", 2, 60900),
    ]  # fmt: skip
    nodes = layer_nodes(sides(), compared.layers)
    assert [[child.key for child in node.offspring()] for node in nodes] == [
        ["trunk 0"], ["elsewhere 1"], ["left 2"], ["right 3", "right 1"],
    ]  # fmt: skip
    assert all(node.open for node in nodes)


def test_rows_and_facts_of_layers(compared: Comparison) -> None:
    both = sides()
    trunk, elsewhere, left, right = layer_nodes(both, compared.layers)
    titles = [
        read(layer_row(node.data, both, exact=False).left)
        for node in (trunk, elsewhere, left, right)
        if isinstance(node.data, LayerGroup)
    ]
    assert titles == ["Shared, from the lowest on 1", "Shared, on other layers 1", "− Only in old 1", "+ Only in new 2"]
    for node in (trunk, elsewhere, left, right):
        assert isinstance(node.data, LayerGroup)
        assert words(layer_facts(node.data, both))[""].endswith(".")
    twin = elsewhere.offspring()[0].data
    assert isinstance(twin, ComparedLayer)
    assert read(layer_row(twin, both, exact=True).right) == "9"
    known = words(layer_facts(twin, both))
    assert known["Layer"] == "2 on the left, 3 on the right"
    assert known["Diff ID"] == "same"
    assert layer_facts(None, both) == ()


def test_totals_say_what_was_compared(compared: Comparison) -> None:
    known = words(total_facts(compared, sides(), times=True))
    assert known["− Left"] == "old  3 layers, 5.2 kB; 4.7 kB seen"
    assert known["+ Right"].startswith("new  4 layers, 65.4 kB")
    assert known["Shared"] == "4.5 kB  1 layer, kept once"
    assert known["Only left"] == "− 3 paths  4.0 kB"
    assert known["Only right"] == "+ 1 path  60.0 kB"
    assert known["Modified"] == "~ 2 paths  900 B"
    assert known["Compared"] == HOW_COMPARED
    assert words(total_facts(compared, sides(), times=False))["Compared"] == WITHOUT_TIMES
    assert read(summary(compared)).split() == ["+1", "60.0", "kB", "~2", "900", "B", "−3", "4.0", "kB"]


@pytest.mark.parametrize(
    ("path", "left", "right"),
    [
        ("etc/a", "~ a", "700 B → 900 B +200 B"),
        ("gone", "− gone", "40 B → −40 B"),
        ("new", "+ new", "→ 60.0 kB +60.0 kB"),
        ("same", "  same", "9 B = 9 B"),
        ("l", "~ l → b", "→"),
        ("etc", "~ etc/", "700 B → 900 B +200 B"),
    ],
)
def test_rows_have_both_sizes_and_the_change(compared: Comparison, path: str, left: str, right: str) -> None:
    row = path_row(compared, node_of(compared, path), width=80, exact=False)
    assert read((*row.gutter, *row.left)) == left
    assert " ".join(read(row.right).split()) == right


def test_narrow_rows_leave_the_change_out_and_heads_stand_above(compared: Comparison) -> None:
    for width in (40, 60, 80, 120):
        for exact in (False, True):
            row = path_row(compared, node_of(compared, "etc/a"), width=width, exact=exact)
            assert len(read(path_heads(width=width, exact=exact))) == len(read(row.right)) + 1
            assert ("+200" in read(row.right)) == ("change" in read(path_heads(width=width, exact=exact)))
    assert "change" not in read(path_heads(width=50, exact=False))


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("etc/a", " differs in size, mode "),
        ("l", " differs in link "),
        ("etc", " holds what differs "),
        ("same", " the same "),
        ("new", " only on the right "),
        ("gone", " only on the left "),
    ],
)
def test_in_what_a_path_differs(compared: Comparison, path: str, what: str) -> None:
    left, right = path_words(compared, node_of(compared, path))
    assert read(left) == f"─ /{path} "
    assert right[0].text == what


def test_both_sides_with_what_differs_marked(compared: Comparison) -> None:
    (section,) = path_facts(compared, node_of(compared, "etc/a"))
    left, right = section.facts
    assert read(left.value) == "-rw-r--r--  0:0  -  700 B  layer 3"
    assert read(right.value) == "-rw-------  0:0  -  900 B  layer 4"
    assert {cell.text.strip() for cell in right.value if cell.role is Role.WARNING} == {"-rw-------", "900 B"}
    known = words(path_facts(compared, node_of(compared, "gone")))
    assert known["+ Right"] == "not there"
    assert words(path_facts(compared, node_of(compared, "l")))["− Left"].endswith("  layer 1  → a")
    assert "900 B" in words(path_facts(compared, node_of(compared, "etc")))["+ Right"]


def test_another_type_is_said_in_words() -> None:
    left, right = StackedFiles.of([layer("x 5")]), StackedFiles.of([layer("x/", "x/y 7")])
    found = compare(left, right, named("a"), named("b"))
    known = words(path_facts(found, node_of(found, "x")))
    assert "5 B  file" in known["− Left"]
    assert "7 B  folder" in known["+ Right"]
    assert path_words(found, node_of(found, "x"))[1][0].text.startswith(" differs in type")


@pytest.mark.parametrize(
    ("left", "right", "brief"),
    [
        ("localhost:5000/team/app:1.3", "localhost:5000/team/app:1.4", ("app:1.3", "app:1.4")),
        ("shop/api:2.3.1", "debian:12-slim", ("api:2.3.1", "debian:12-slim")),
        ("one/app:1", "other/app:1", ("one/app:1", "other/app:1")),
    ],
)
def test_brief_names_tell_the_images_apart(left: str, right: str, brief: tuple[str, str]) -> None:
    assert brief_titles(left, right) == brief
