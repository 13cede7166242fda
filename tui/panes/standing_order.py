"""Rows that keep their places while something is marked, whatever their sort would say."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from widgets.node import Node


class StandingOrder:
    """Remembers in which order the rows of a tree stood, and puts later versions of the tree into that order.

    Each query has its own: what another filter brings up has not been on the screen, and comes as it is sorted.
    """

    def __init__(self) -> None:
        self._orders: dict[str, dict[str, int]] = {}
        self.groups: dict[str, str] = {}
        """Key of a row -> key of the root it was first seen below: where it stays, though it may belong elsewhere."""

    def release(self) -> None:
        """Forget everything: rows may stand as they are sorted."""
        self._orders.clear()
        self.groups.clear()

    def arrange(self, query: str, roots: Iterable[Node]) -> tuple[Node, ...]:
        """``roots`` and all below them as they stood for this query; newcomers at the end of their group."""
        order = self._orders.setdefault(query, {})
        arranged = _arranged(tuple(roots), order) if order else tuple(roots)
        self._note(arranged, order)
        for root in arranged:
            for child in root.children:
                self.groups.setdefault(child.key, root.key)
        return arranged

    def _note(self, nodes: Iterable[Node], order: dict[str, int]) -> None:
        for node in nodes:
            order.setdefault(node.key, len(order))
            self._note(node.children, order)


def _arranged(nodes: tuple[Node, ...], order: dict[str, int]) -> tuple[Node, ...]:
    inside = [node._replace(children=_arranged(node.children, order)) if node.children else node for node in nodes]
    return tuple(sorted(inside, key=lambda node: _rank(node, order)))


def _rank(node: Node, order: dict[str, int]) -> float:
    """Where a node stood; a group that is new (or is a single row now) where the first of its members stood."""
    if node.key in order:
        return order[node.key]
    return min((order[child.key] for child in node.children if child.key in order), default=inf)
