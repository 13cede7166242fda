"""Finding paths by a glob or by a part of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

from tui.model.path_tree import PathTree


class TreeOfPaths(Protocol):
    """Something whose paths can be searched: a stack, a view of one, a comparison."""

    @property
    def tree(self) -> PathTree:
        """The paths, and how they lie in each other."""
        ...

    def shows(self, node: int) -> bool:
        """Whether ``node`` is part of what is shown."""
        ...


class Matching:
    """Which nodes a query lets through: those whose path matches, all below a matching folder, and the folders above.

    A query with ``*``, ``?`` or ``[`` is a glob. ``*`` and ``?`` stop at slashes, ``**`` does not; it is held against
    whole names from any folder on, or from the root if it begins with a slash: ``*.py``, ``/etc/*.conf``,
    ``usr/**/test_*``. Any other query matches every path that it is a part of, upper and lower case alike.
    """

    __slots__ = ("_totals", "_tree", "count", "flags", "query")

    query: str
    count: int
    """How many nodes match themselves."""
    flags: bytes
    """Node -> 1 when it matches itself or lies below a folder that does."""

    @classmethod
    def of(cls, files: TreeOfPaths, query: str) -> Matching:
        """What ``query`` matches in ``files``; of a view, only what it shows."""
        return cls(files, query)

    def __init__(self, files: TreeOfPaths, query: str) -> None:
        """As :meth:`of`."""
        self.query = query
        self._tree = files.tree
        matches = list(filter(files.shows, matching_paths(files.tree.paths, query)))
        self.count = len(matches)
        flags = bytearray(len(files.tree))
        covered = 0
        for node in matches:
            if node >= covered:
                covered = self._tree.ends[node]
                flags[node:covered] = b"\1" * (covered - node)
        self.flags = bytes(flags)
        self._totals = list(accumulate(flags, initial=0))

    def lets_through(self, node: int) -> bool:
        """Whether ``node`` matches, lies below a folder that does, or is a folder above such."""
        return self._totals[self._tree.ends[node]] > self._totals[node]


def matching_paths(paths: Sequence[str], query: str) -> list[int]:
    """Indexes of the paths that ``query`` matches (see :class:`Matching`); the root's ``""`` is never one."""
    if is_glob(query):
        matches = glob_pattern(query).fullmatch
        return [index for index, path in enumerate(paths) if path and matches(path)]
    part = query.casefold()
    if part.startswith("/"):  # nobody who types the path of a file means to leave its first slash out
        return [index for index, path in enumerate(paths) if path and part in f"/{path.casefold()}"]
    return [index for index, path in enumerate(paths) if path and part in path.casefold()]


def is_glob(query: str) -> bool:
    """Whether ``query`` has a character that makes it a glob."""
    return any(character in query for character in "*?[")


_GLOB_PART = re.compile(r"(?:(?<=/)|(?<=^))\*\*/|\*\*+|\*|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)


def glob_pattern(glob: str) -> re.Pattern[str]:
    """A pattern that fully matches the paths ``glob`` stands for (see :class:`Matching`)."""
    body = "".join(map(_translated, _GLOB_PART.findall(glob.strip("/"))))
    return re.compile(body if glob.startswith("/") else f"(?:.*/)?{body}", re.DOTALL)


def _translated(part: str) -> str:
    """One part of a glob as a regular expression."""
    if part == "**/":
        return "(?:.*/)?"
    if part.startswith("**"):
        return ".*"
    if part == "*":
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if len(part) > 2 and part.startswith("[") and part != "[!]":
        return _character_class(part[1:-1])
    return re.escape(part)


def _character_class(inside: str) -> str:
    """What stands between ``[`` and ``]`` as a regular expression: characters, ranges, or after ``!`` all others.

    A range that goes backwards is empty, as in :mod:`fnmatch`. A slash is matched by none, as by ``*`` and ``?``.
    """
    negated = inside.startswith("!")
    rest = inside[1:] if negated else inside
    parts: list[str] = []
    while rest:
        length = 3 if len(rest) > 2 and rest[1] == "-" else 1
        first, last = rest[0], rest[length - 1]
        rest = rest[length:]
        if first <= last:
            parts.append(f"{re.escape(first)}-{re.escape(last)}")
    if negated:
        return f"[^/{''.join(parts)}]"
    return f"(?!/)[{''.join(parts)}]" if parts else "(?!)"
