"""Rows stand where they stood."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from tui.panes.standing_order import StandingOrder
from widgets.node import Node


def tree(**groups: str) -> tuple[Node, ...]:
    """Groups with one row a letter."""
    return tuple(Node(name, children=tuple(Node(letter) for letter in rows)) for name, rows in groups.items())


def keys(nodes: Iterable[Node]) -> list[str]:
    return [key for node in nodes for key in (node.key, *keys(node.children))]


def test_rows_that_are_sorted_otherwise_stay_and_newcomers_stand_at_the_end_of_their_group() -> None:
    order = StandingOrder()
    order.arrange("", tree(one="abc", two="de"))
    assert keys(order.arrange("", tree(two="xed", one="cba", new="z"))) == [
        "one", "a", "b", "c", "two", "d", "e", "x", "new", "z",
    ]  # fmt: skip


def test_what_goes_and_comes_back_stands_where_it_stood() -> None:
    order = StandingOrder()
    order.arrange("", tree(one="abc"))
    assert keys(order.arrange("", tree(one="ca"))) == ["one", "a", "c"]
    assert keys(order.arrange("", tree(one="xcba"))) == ["one", "a", "b", "c", "x"]


def test_row_that_is_left_of_a_group_stands_where_the_group_stood() -> None:
    order = StandingOrder()
    order.arrange("", (*tree(one="ab"), Node("single"), *tree(two="cd")))
    left = (Node("d"), *tree(one="ab"), Node("single"))
    assert keys(order.arrange("", left)) == ["one", "a", "b", "single", "d"]
    grown = (*tree(new="de"), *tree(one="ab"), Node("single"))
    assert keys(order.arrange("", grown)) == ["one", "a", "b", "single", "new", "d", "e"]


def test_every_query_has_its_own_order_and_release_forgets_all() -> None:
    order = StandingOrder()
    order.arrange("", tree(one="abc"))
    assert keys(order.arrange("c", tree(one="cb"))) == ["one", "c", "b"]
    assert keys(order.arrange("", tree(one="cba"))) == ["one", "a", "b", "c"]
    assert order.groups == {"a": "one", "b": "one", "c": "one"}
    order.release()
    assert not order.groups
    assert keys(order.arrange("", tree(one="cba"))) == ["one", "c", "b", "a"]


@given(st.lists(st.lists(st.integers(0, 30), unique=True), min_size=2, max_size=8))
def test_two_rows_never_change_places_and_none_is_lost(versions: list[list[int]]) -> None:
    order = StandingOrder()
    before: list[str] = []
    for version in versions:
        shown = keys(order.arrange("", [Node(str(number)) for number in version]))
        assert sorted(shown) == sorted(str(number) for number in version)
        both = [key for key in before if key in shown]
        assert [key for key in shown if key in both] == both
        before = shown
