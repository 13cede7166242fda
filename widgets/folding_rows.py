"""The rows of an outline: which nodes are opened, and so which are to be seen, one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import count
from typing import NamedTuple

from widgets.node import Node


class Row(NamedTuple):
    """A node as it stands in the list of visible rows."""

    node: Node
    depth: int


def nearest_place(before: Sequence[Row], cursor: int, after: Sequence[Row]) -> int:
    """Where a cursor on row ``cursor`` of ``before`` belongs among the rows ``after``.

    On the same key; else on the next key below it that is still there, else on the next above; else
    at the same height.
    """
    if not before or not after:
        return 0
    index = {row.node.key: number for number, row in enumerate(after)}
    for row in (*before[cursor:], *reversed(before[:cursor])):
        if row.node.key in index:
            return index[row.node.key]
    return min(cursor, len(after) - 1)


class FoldingRows:
    """A tree as rows, some of its nodes opened. Knows nothing of how they look."""

    def __init__(self) -> None:
        self.roots: tuple[Node, ...] = ()
        self.rows: list[Row] = []
        self.cursor = 0
        """Index of the row under the cursor."""
        self.all_open = False
        """Whether nodes with given children are opened until the user says otherwise."""
        self.memory = ""
        """Under what it is remembered what the user opens and closes."""
        self._folded: dict[str, bool] = {}

    def flatten(self) -> None:
        """Lay out all rows again."""
        self.rows = []
        self._add_rows(self.rows, self.roots, 0)

    def _add_rows(self, rows: list[Row], nodes: Iterable[Node], depth: int) -> None:
        """Append the rows of ``nodes`` and of what is opened below them."""
        # Not recursive: a tree may be deeper than Python's stack.
        open_levels = [iter(nodes)]
        while open_levels:
            for node in open_levels[-1]:
                rows.append(Row(node, depth + len(open_levels) - 1))
                if self.is_open(node):
                    open_levels.append(iter(node.offspring()))
                    break
            else:
                open_levels.pop()

    def is_open(self, node: Node) -> bool:
        """True when the node's children are among the rows."""
        if node.leaf:
            return False
        return self._folded.get(self._fold_key(node), node.open or (self.all_open and bool(node.children)))

    def _fold_key(self, node: Node) -> str:
        """What it is remembered under whether the user opened or closed ``node``."""
        return f"filtered {node.key}" if self.all_open and node.children else f"{self.memory}{node.key}"

    def fold(self, node: Node, opened: bool) -> bool:
        """Open or close a node; False when it is so already. The cursor stays on its row, or where that goes to."""
        if node.leaf or self.is_open(node) == opened:
            return False
        self._folded[self._fold_key(node)] = opened
        index = self._row_of(node.key)
        if index is None:
            return False
        # Rows come and go in one place: with fifty thousand of them, laying all out again would be felt.
        node, depth = self.rows[index]
        if opened:
            added: list[Row] = []
            self._add_rows(added, node.offspring(), depth + 1)
            self.rows[index + 1 : index + 1] = added
            if self.cursor > index:
                self.cursor += len(added)
        else:
            end = self.end_of(index)
            del self.rows[index + 1 : end]
            if self.cursor > index:
                self.cursor = index if self.cursor < end else self.cursor - (end - index - 1)
        return True

    def _row_of(self, key: str) -> int | None:
        """The row of a node; mostly it is the one under the cursor."""
        if self.node is not None and self.node.key == key:
            return self.cursor
        return next((number for number, row in enumerate(self.rows) if row.node.key == key), None)

    def end_of(self, index: int) -> int:
        """One more than the last row of what is below the row ``index``."""
        depth, end = self.rows[index].depth, index + 1
        while end < len(self.rows) and self.rows[end].depth > depth:
            end += 1
        return end

    def unfold_to(self, limit: int) -> bool:
        """Remember closed nodes as opened, those nearest to the roots first, until there would be ``limit`` rows.

        Returns:
            True when everything is open then.
        """
        number = count()
        waiting = [(depth, next(number), node) for node, depth in self.rows if not node.leaf and not self.is_open(node)]
        heapify(waiting)
        rows = len(self.rows)
        while waiting and rows < limit:
            depth, _, node = heappop(waiting)
            self._folded[self._fold_key(node)] = True
            for child in node.offspring():
                rows += 1
                if not child.leaf:
                    heappush(waiting, (depth + 1, next(number), child))
        return not waiting

    def fold_all(self) -> None:
        """Remember every node as closed, and go to the root the cursor is below."""
        while self.rows and self.rows[self.cursor].depth:
            self.cursor -= 1
        self._folded = {key: opened and not key.startswith(self.memory) for key, opened in self._folded.items()}
        for row in self.rows:
            if self.is_open(row.node):
                self._folded[self._fold_key(row.node)] = False

    @property
    def node(self) -> Node | None:
        """The node under the cursor."""
        return self.rows[self.cursor].node if self.rows else None

    def is_same_node(self, before: list[Row], old_cursor: int) -> bool:
        """Whether the cursor is on what it was on, row ``old_cursor`` of the rows ``before``."""
        if not before or not self.rows:
            return not before and not self.rows
        old, new = before[old_cursor].node, self.rows[self.cursor].node
        return (old.key, old.data) == (new.key, new.data)

    def nodes_above(self, index: int) -> list[Node]:
        """The nodes above row ``index``, nearest first."""
        found: list[Node] = []
        parent = self.parent_of(index)
        while parent >= 0:
            found.append(self.rows[parent].node)
            parent = self.parent_of(parent)
        return found

    def parent_of(self, index: int) -> int:
        """Index of the row that row ``index`` is directly below; -1 for a root's."""
        if not 0 <= index < len(self.rows):
            return -1
        depth, parent = self.rows[index].depth, index - 1
        while parent >= 0 and self.rows[parent].depth >= depth:
            parent -= 1
        return parent
