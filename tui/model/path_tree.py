"""Paths as a tree in arrays: every path has a number, and everything below a folder is one range of numbers."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

ROOT = 0
"""The node of the root folder, whose path is ``""``."""


class PathTree:
    """Paths and all folders above them, numbered so that a folder comes right before all that is below it.

    That order makes the two questions asked all the time cheap: what is below a folder is the range
    ``range(node + 1, ends[node])``, so that a sum over it is a difference of two running totals; and who is
    directly in it is found by stepping from end to end, in the order of the names.
    """

    __slots__ = ("_numbers", "ends", "parents", "paths")

    paths: list[str]
    """Node -> path; node 0 is the root, whose path is ``""``."""
    parents: array[int]
    """Node -> parent; -1 for the root. A parent's number is always smaller than its children's."""
    ends: array[int]
    """Node -> one more than the last node below it (than itself, when nothing is below)."""

    def __init__(self, *paths: Iterable[str]) -> None:
        """Make the tree of all ``paths`` (clean ones: no leading, trailing or double slash) and what is above them."""
        # A dict keeps the order they come in: layers are sorted, nearly as is wanted here, and runs are sorted fast.
        known = dict.fromkeys(chain.from_iterable(paths))
        known.pop("", None)
        missing = {path[: path.rfind("/")] for path in known if "/" in path} - known.keys()
        while missing:
            known.update(dict.fromkeys(missing))
            missing = {path[: path.rfind("/")] for path in missing if "/" in path} - known.keys()
        self.paths = ["", *_in_order(known)]
        self._numbers = dict(zip(self.paths, range(len(self.paths)), strict=True))
        self.parents = self._find_parents()
        self.ends = self._find_ends()

    def __len__(self) -> int:
        return len(self.paths)

    def node(self, path: str) -> int | None:
        """The number of ``path``; ``None`` when it isn't here."""
        return self._numbers.get(path)

    def nodes(self, paths: Iterable[str]) -> list[int]:
        """The numbers of ``paths``, which all are here."""
        return list(map(self._numbers.__getitem__, paths))

    def children(self, node: int) -> list[int]:
        """Everything directly in ``node``, by name."""
        return list(self._step(node))

    def _step(self, node: int) -> Iterator[int]:
        ends = self.ends
        child, end = node + 1, ends[node]
        while child < end:
            yield child
            child = ends[child]

    def above(self, node: int) -> Iterator[int]:
        """The folders above ``node``, nearest first; the root is the last."""
        parent = self.parents[node]
        while parent >= 0:
            yield parent
            parent = self.parents[parent]

    def _find_parents(self) -> array[int]:
        numbers = self._numbers
        parents = array("i", [-1])
        folder, inside = "", ROOT
        for path in self.paths[1:]:
            cut = path.rfind("/")
            above = path[:cut] if cut > 0 else ""
            if above != folder:  # neighbours mostly lie in the same one
                folder, inside = above, numbers[above]
            parents.append(inside)
        return parents

    def _find_ends(self) -> array[int]:
        parents = self.parents
        ends = array("i", range(1, len(parents) + 1))
        for node in range(len(parents) - 1, ROOT, -1):
            parent = parents[node]
            if ends[parent] == parent + 1:  # from behind, the first one met in a folder is the last in it
                ends[parent] = ends[node]
        return ends


def _in_order(paths: Collection[str]) -> list[str]:
    """Folder by folder: compared name by name, not character by character (``a/b`` comes before ``a-b``)."""
    if not any("\0" in path for path in paths):
        # The smallest character there is stands for the slash: much faster than comparing lists of names.
        return sorted(paths, key=_slashes_first)
    return sorted(paths, key=_names)  # no file system has such a name, but a hostile tar may


def _slashes_first(path: str) -> str:
    return path.replace("/", "\0")


def _names(path: str) -> list[str]:
    return path.split("/")
