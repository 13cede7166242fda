"""Trees of files with what became of each: what a file tree shows, whatever it is made from."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, compress
from typing import Protocol

from tui.model.file_events import Status
from tui.model.layer_files import Entry
from tui.model.path_matching import Matching
from tui.model.path_tree import ROOT, PathTree

ALL_STATUSES = frozenset(Status)
HIDDEN = 4
"""In a column of statuses: not shown, whatever is asked for."""


class FileOrder(StrEnum):
    """How what is in a folder is put in order."""

    SIZE = "size"
    """Biggest first, then by name."""
    NAME = "name"
    CHANGE = "change"
    """Where most bytes came, went or changed first; only a comparison of two images can tell, others go by name."""


class ShownFiles(Protocol):
    """A tree of files with what became of each: one layer's view of a stack, or the difference of two images."""

    @property
    def tree(self) -> PathTree:
        """The paths, and how they lie in each other."""
        ...

    @property
    def paths(self) -> list[str]:
        """Node -> path; node 0 is the root, whose path is ``""``."""
        ...

    @property
    def parents(self) -> array[int]:
        """Node -> parent; -1 for the root."""
        ...

    def node(self, path: str) -> int | None:
        """The node of ``path``; ``None`` when there is none."""
        ...

    def status(self, node: int) -> Status:
        """What became of it; a folder that is itself unchanged but holds changes is ``MODIFIED``."""
        ...

    def size_bytes(self, node: int) -> int:
        """Bytes of a file, or of all that is seen below a folder; of a removed node, what was removed."""
        ...

    def unknown(self, node: int) -> bool:
        """True when the size of something at or below ``node`` is not known, and counted as 0."""
        ...

    def shows(self, node: int) -> bool:
        """Whether ``node`` is part of what is shown."""
        ...

    def entry(self, node: int) -> Entry | None:
        """What is there (of a removed node: what was); ``None`` for a folder that no layer names."""
        ...

    def layer_of(self, node: int) -> int:
        """The number of the layer that :meth:`entry` comes from; -1 for the root."""
        ...

    def children(
        self, node: int, order: FileOrder, statuses: Collection[Status], matching: Matching | None = None
    ) -> tuple[int, ...]:
        """What is directly in ``node`` and shown: it, or what it holds, has one of ``statuses`` and is ``matching``."""
        ...

    def holds(self, node: int, statuses: Collection[Status], matching: Matching | None = None) -> bool:
        """Whether there is anything in ``node`` that :meth:`children` would name."""
        ...

    def changes(self) -> Mapping[Status, tuple[int, int]]:
        """Status -> how many entries have it themselves, and the bytes of those (each file once)."""
        ...


class ShownColumns:
    """The columns that tell all of :class:`ShownFiles` that does not depend on where entries come from."""

    __slots__ = ("_changed", "_counted", "_passing", "_passing_for", "_removed", "_unknown", "_visible", "own", "tree")

    tree: PathTree
    own: bytearray
    """Node -> its own :class:`Status`, whatever it holds; 4 when it isn't shown for itself."""

    def __init__(self, tree: PathTree, own: bytearray, sizes: list[int], removed: Mapping[int, int]) -> None:
        """Make the running totals.

        Args:
            tree: the paths.
            own: node -> own status, or 4 for one that is not shown for itself.
            sizes: node -> bytes seen there, -1 for a size not known yet.
            removed: node -> bytes that were removed there; -1 as above.
        """
        self.tree = tree
        self.own = own
        unknown = [node for node, size in enumerate(sizes) if size < 0] if min(sizes) < 0 else []
        unknown += [node for node, size in removed.items() if size < 0]
        self._unknown = running_totals(_at(unknown, len(tree))) if unknown else None
        for node in unknown:
            sizes[node] = max(0, sizes[node])
        self._visible = running_totals(sizes)
        gone = [0] * len(tree)
        for node, size in removed.items():
            gone[node] = max(0, size)
        self._removed = running_totals(gone) if removed else None
        self._changed = running_totals(own.translate(_ONES_FOR_CHANGES))
        self._passing: array[int] = array("i")
        self._passing_for: tuple[frozenset[Status], Matching | None] | None = None
        self._counted: dict[Status, tuple[int, int]] | None = None

    @property
    def paths(self) -> list[str]:
        """Node -> path; node 0 is the root, whose path is ``""``."""
        return self.tree.paths

    @property
    def parents(self) -> array[int]:
        """Node -> parent; -1 for the root."""
        return self.tree.parents

    def node(self, path: str) -> int | None:
        """The node of ``path``; ``None`` when there is none."""
        return self.tree.node(path)

    def status(self, node: int) -> Status:
        """What became of ``node``; a folder that is itself unchanged but holds changes is ``MODIFIED`` (as in dive)."""
        own = self.own[node]
        if own in (Status.UNCHANGED, HIDDEN):
            return Status.MODIFIED if self._sum(self._changed, node) else Status.UNCHANGED
        return Status(own)

    def size_bytes(self, node: int) -> int:
        """Bytes of a file, or of all that is seen below a folder; of a removed node, what was removed.

        A file with several names counts once, at the first of those that are seen: the sizes of what is in a
        folder always add up to the folder's.
        """
        if self.own[node] == Status.REMOVED:
            return self._sum(self._removed, node) if self._removed is not None else 0
        return self._sum(self._visible, node)

    def visible_bytes(self, node: int) -> int:
        """Bytes of all that is seen at or below ``node``, removed ones left out."""
        return self._sum(self._visible, node)

    def unknown(self, node: int) -> bool:
        """True when the size of something at or below ``node`` is not known, and counted as 0."""
        return self._unknown is not None and self._sum(self._unknown, node) > 0

    def shows(self, node: int) -> bool:
        """Whether ``node`` is shown: for itself, for something below it, or because it is the root."""
        return node == ROOT or self.own[node] != HIDDEN or self._sum(self._changed, node) > 0

    def children(
        self, node: int, order: FileOrder, statuses: Collection[Status], matching: Matching | None = None
    ) -> tuple[int, ...]:
        """What is directly in ``node`` and, itself or something below it, has one of ``statuses`` and is ``matching``.

        A folder counts with its own status here, so that asking for the modified ones doesn't bring every folder
        that something was added to.
        """
        passing, ends = self._passing_totals(frozenset(statuses), matching), self.tree.ends
        found = [child for child in self.tree.children(node) if passing[ends[child]] > passing[child]]
        if order is FileOrder.SIZE:
            found.sort(key=self.size_bytes, reverse=True)  # stable: equal ones stay in the order of their names
        return tuple(found)

    def holds(self, node: int, statuses: Collection[Status], matching: Matching | None = None) -> bool:
        """Whether there is anything in ``node`` that :meth:`children` would name."""
        passing = self._passing_totals(frozenset(statuses), matching)
        return passing[self.tree.ends[node]] > passing[node + 1]

    def changes(self) -> Mapping[Status, tuple[int, int]]:
        """Status -> how many entries have it themselves, and the bytes of those (each file once)."""
        if self._counted is None:
            self._counted = {status: self._count(status) for status in Status}
        return self._counted

    def _count(self, status: Status) -> tuple[int, int]:
        totals = self._removed if status is Status.REMOVED else self._visible
        flags = self.own.translate(bytes(number == status for number in range(256)))
        flags[ROOT] = 0
        nodes = list(compress(range(len(flags)), flags))
        return len(nodes), sum(totals[node + 1] - totals[node] for node in nodes) if totals else 0

    def _sum(self, totals: array[int], node: int) -> int:
        return totals[self.tree.ends[node]] - totals[node]

    def _passing_totals(self, statuses: frozenset[Status], matching: Matching | None) -> array[int]:
        """Running totals of the nodes that have one of ``statuses`` themselves and are matching themselves."""
        if self._passing_for is None or self._passing_for[0] != statuses or self._passing_for[1] is not matching:
            flags = self.own.translate(bytes(number in statuses for number in range(256)))
            if matching is not None:
                both = int.from_bytes(flags, "little") & int.from_bytes(matching.flags, "little")
                flags = bytearray(both.to_bytes(len(flags), "little"))
            self._passing = running_totals(flags)
            self._passing_for = (statuses, matching)
        return self._passing


_ONES_FOR_CHANGES = bytes(number in (Status.ADDED, Status.MODIFIED, Status.REMOVED) for number in range(256))


def running_totals(values: Sequence[int]) -> array[int]:
    """Running totals, one longer than ``values``: those from a to b come to ``totals[b] - totals[a]``."""
    return array("q", accumulate(values, initial=0))


def _at(nodes: list[int], length: int) -> bytearray:
    flags = bytearray(length)
    for node in nodes:
        flags[node] = 1
    return flags
