"""The outline keeps the user's place by key, whatever happens to the tree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.stage import Stage
from widgets.cell import Cell, Role, RowText
from widgets.folding_rows import Row, nearest_place
from widgets.node import Node
from widgets.outline import Outline


def leaves(*keys: str) -> tuple[Node, ...]:
    return tuple(Node(key, key) for key in keys)


def numbered(count: int) -> tuple[Node, ...]:
    return leaves(*(f"row {number:03}" for number in range(count)))


async def test_shows_rows_and_says_when_there_are_none() -> None:
    outline = Outline(empty="nothing here")
    async with Stage(outline).run_test(size=(30, 6)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        assert "nothing here" in stage.text
        outline.replace(leaves("a", "b"))
        await pilot.pause()
        assert [line.strip() for line in stage.text.splitlines()[:2]] == ["a", "b"]


async def test_a_figure_is_whole_or_not_there_and_words_give_way_to_it() -> None:
    rows = {
        "short": RowText((Cell("short"),), (Cell("from layer 2"), Cell("      8 B", Role.NUMBER))),
        "long": RowText((Cell("a name that is very long"),), (Cell("from layer 2"), Cell("   1.2 GB", Role.NUMBER))),
        "words": RowText((Cell("a name that is very long"),), (Cell("words that are long, too"),)),
    }
    outline = Outline(lambda node: rows[node.key])
    async with Stage(outline).run_test(size=(32, 6)) as pilot:
        outline.replace(leaves(*rows))
        await pilot.pause()
        stage = pilot.app
        assert isinstance(stage, Stage)
        assert stage.text.splitlines()[:3] == [
            "  short   from layer 2      8 B",
            "  a name that is ver…    1.2 GB",
            "  a name that … words that are…",
        ]


async def test_cursor_stays_on_its_key_when_rows_come_and_go_above() -> None:
    outline = Outline()
    async with Stage(outline).run_test(size=(30, 10)) as pilot:
        outline.replace(leaves("b", "c", "d"))
        await pilot.press("down")
        outline.replace(leaves("a", "aa", "b", "c", "d"))
        assert outline.node is not None
        assert outline.node.key == "c"
        outline.replace(leaves("c", "d"))
        assert outline.node.key == "c"


async def test_cursor_goes_to_the_next_row_then_to_the_one_before() -> None:
    outline = Outline()
    async with Stage(outline).run_test(size=(30, 10)) as pilot:
        outline.replace(leaves("a", "b", "c"))
        await pilot.press("down")
        outline.replace(leaves("a", "c"))
        assert outline.node is not None
        assert outline.node.key == "c"
        outline.replace(leaves("a"))
        assert outline.node.key == "a"
        outline.replace(())
        assert outline.node is None


@given(st.lists(st.integers(0, 30), unique=True, min_size=1), st.lists(st.integers(0, 30), unique=True), st.data())
def test_nearest_place_is_the_same_key_or_its_nearest_neighbour(
    before: list[int], after: list[int], data: st.DataObject
) -> None:
    old = [Row(Node(str(item), item), 0) for item in before]
    new = [Row(Node(str(item), item), 0) for item in after]
    cursor = data.draw(st.integers(0, len(old) - 1))
    place = nearest_place(old, cursor, new)
    left = [item for item in before if item in after]
    if not after:
        assert place == 0
    elif not left:
        assert 0 <= place < len(after)
    else:
        below = [item for item in before[cursor:] if item in after]
        above = [item for item in before[:cursor] if item in after]
        assert after[place] == (below[0] if below else above[-1])


async def test_opened_nodes_stay_open_by_key() -> None:
    outline = Outline()
    tree = (Node("g", "g", leaves("g1", "g2")), Node("h", "h", leaves("h1")))
    async with Stage(outline).run_test(size=(30, 10)) as pilot:
        outline.replace(tree)
        assert [row.node.key for row in outline.rows] == ["g", "h"]
        await pilot.press("right")
        assert [row.node.key for row in outline.rows] == ["g", "g1", "g2", "h"]
        outline.replace((Node("f", "f"), Node("g", "g", leaves("g1", "g3")), tree[1]))
        assert [row.node.key for row in outline.rows] == ["f", "g", "g1", "g3", "h"]
        await pilot.press("right", "right", "left", "left")
        assert [row.node.key for row in outline.rows] == ["f", "g", "h"]


async def test_children_grow_only_when_opened() -> None:
    grown: list[str] = []

    def grow() -> tuple[Node, ...]:
        grown.append("once")
        return leaves("x")

    outline = Outline()
    async with Stage(outline).run_test(size=(30, 10)) as pilot:
        outline.replace((Node("lazy", "lazy", grow=grow),))
        await pilot.pause()
        assert not grown
        await pilot.press("right")
        assert grown
        assert [row.node.key for row in outline.rows] == ["lazy", "x"]


async def test_opening_one_node_leaves_the_rows_of_others_alone() -> None:
    outline = Outline()
    tree = tuple(Node(key, key, leaves(f"{key}1", f"{key}2")) for key in "abc")
    async with Stage(outline).run_test(size=(30, 20)) as pilot:
        outline.replace(tree)
        outline.move_to(2)
        outline.set_open(tree[0], True)
        assert [row.node.key for row in outline.rows] == ["a", "a1", "a2", "b", "c"]
        assert outline.node == tree[2]
        outline.move_to(2)
        outline.set_open(tree[0], False)
        assert outline.node == tree[0]
        await pilot.pause()


async def test_opens_more_from_the_roots_on_and_closes_all() -> None:
    deep = Node("a", "a", (Node("b", "b", (Node("c", "c", leaves("d")),)),))
    outline = Outline()
    async with Stage(outline).run_test(size=(30, 20)):
        outline.replace((deep, Node("x", "x", leaves("y"))))
        assert not outline.open_more(3)
        assert [row.node.key for row in outline.rows] == ["a", "b", "x"]
        assert outline.open_more(100)
        assert [row.node.key for row in outline.rows] == ["a", "b", "c", "d", "x", "y"]
        outline.move_to(3)
        assert [node.key for node in outline.nodes_above(3)] == ["c", "b", "a"]
        outline.close_all()
        assert [row.node.key for row in outline.rows] == ["a", "x"]
        assert outline.node == deep


async def test_what_is_opened_is_remembered_apart_where_that_is_wanted() -> None:
    tree = (Node("g", "g", leaves("g1")),)
    outline = Outline()
    async with Stage(outline).run_test(size=(30, 20)):
        outline.replace(tree)
        outline.set_open(tree[0], True)
        outline.replace(tree, memory="filter ")
        assert len(outline.rows) == 1
        outline.replace(tree)
        assert len(outline.rows) == 2


async def test_a_tree_deeper_than_the_stack_opens() -> None:
    def grow(depth: int) -> tuple[Node, ...]:
        return (Node(str(depth), depth, grow=(lambda: grow(depth + 1)) if depth < 3000 else None),)

    outline = Outline()
    async with Stage(outline).run_test(size=(30, 20)):
        outline.replace(grow(0))
        assert outline.open_more(10_000)
        assert len(outline.rows) == 3001


async def test_signs_stand_before_the_indent() -> None:
    outline = Outline(lambda node: RowText((Cell(node.key),), gutter=(Cell("+ "),)))
    async with Stage(outline).run_test(size=(30, 5)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        outline.replace((Node("g", "g", leaves("g1")),))
        await pilot.press("right")
        assert stage.text.splitlines()[:2] == ["+ ▾ g", "+     g1"]
        await pilot.click(Outline, offset=(2, 0))
        assert len(outline.rows) == 1


async def test_rows_are_described_only_when_they_come_into_view() -> None:
    described: set[str] = set()

    def describe(node: Node) -> RowText:
        described.add(node.key)
        return RowText((Cell(node.key),))

    outline = Outline(describe)
    async with Stage(outline).run_test(size=(30, 10)) as pilot:
        outline.replace(numbered(10_000))
        await pilot.pause()
        assert 0 < len(described) <= 12
        await pilot.press("end")
        assert "row 9999" in described
        assert len(described) <= 30


async def test_scrolls_half_a_screen_at_a_time() -> None:
    outline = Outline()
    async with Stage(outline).run_test(size=(30, 10)) as pilot:
        outline.replace(numbered(100))
        await pilot.press(*["down"] * 10)
        top = outline.scroll_offset.y
        assert top > 1
        await pilot.press("down")
        assert outline.scroll_offset.y == top


async def test_reveal_opens_the_way() -> None:
    outline = Outline()
    tree = (Node("a", "a", (Node("b", "b", leaves("c", "d")),)),)
    async with Stage(outline).run_test(size=(30, 10)):
        outline.replace(tree)
        assert outline.reveal(["a", "b", "d"])
        assert outline.node is not None
        assert outline.node.key == "d"
        assert not outline.reveal(["a", "nowhere"])


async def test_long_rows_end_visibly_and_slide() -> None:
    outline = Outline(lambda node: RowText((Cell("x" * 40 + "END"),), (Cell("9 MB"),)))
    async with Stage(outline).run_test(size=(30, 4)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        outline.replace(leaves("a"))
        await pilot.pause()
        first = stage.text.splitlines()[0]
        assert "…" in first
        assert first.endswith("9 MB")
        await pilot.press("L", "L", "L", "L")
        assert "END" in stage.text


async def test_mouse_chooses_and_opens() -> None:
    outline = Outline()
    async with Stage(outline).run_test(size=(30, 10)) as pilot:
        outline.replace((Node("g", "g", leaves("g1")), Node("h", "h")))
        await pilot.click(Outline, offset=(5, 1))
        assert outline.node is not None
        assert outline.node.key == "h"
        await pilot.click(Outline, offset=(0, 0))
        assert [row.node.key for row in outline.rows] == ["g", "g1", "h"]
