"""The plain tree that an outline shows: keys, children, and whatever the caller hangs on a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Node(NamedTuple):
    """One node of a tree.

    Children are given outright, or by ``grow``, which is called only once the node is opened: a
    thousand closed nodes then cost a thousand small records and no more.
    """

    key: str
    """Unique in the tree and stable from one version of it to the next: the cursor and the opened
    nodes are remembered by it."""
    data: object = None
    """Handed back to the caller, who also describes the row from it."""
    children: tuple[Node, ...] = ()
    grow: Callable[[], tuple[Node, ...]] | None = None
    open: bool = False
    """Whether it starts out opened, until the user says otherwise."""
    selectable: bool = True
    """False for rows that only say something, such as "reading…"."""

    @property
    def leaf(self) -> bool:
        """True when there is nothing to open."""
        return not self.children and self.grow is None

    def offspring(self) -> tuple[Node, ...]:
        """Its children, grown if need be."""
        return self.children if self.grow is None else self.grow()
