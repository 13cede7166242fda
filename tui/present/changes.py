"""What a container changed: its diff as a tree, each row in words, and how many changes of each kind there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial
from typing import NamedTuple

from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Entry, Kind
from tui.model.storage import Change, ChangeKind, PathStat
from tui.model.told_paths import REPLACED, paths_told_as
from tui.present import figures
from tui.present.files import mode_text
from widgets.cell import Cell, Fact, Line, Role, RowText, Section
from widgets.node import Node

NONE_WRITTEN = "This container has written nothing to its own layer."
READ_LAYERS = "press f to read the image's layers, and see which one it was copied up from"
OPEN_ALL = 60
"""With no more changes than that, every folder starts out open."""

_SIGNS = {
    ChangeKind.ADDED: ("+", Role.GOOD, "added"),
    ChangeKind.MODIFIED: ("~", Role.WARNING, "modified"),
    ChangeKind.DELETED: ("−", Role.BAD, "deleted"),
}
_KINDS = {
    Kind.FILE: "file",
    Kind.FOLDER: "folder",
    Kind.SYMLINK: "symbolic link",
    Kind.HARD_LINK: "file",
    Kind.CHARACTER_DEVICE: "character device",
    Kind.BLOCK_DEVICE: "block device",
    Kind.FIFO: "named pipe",
    Kind.SOCKET: "socket",
    Kind.UNKNOWN: "not known",
}
_SPECIAL_BITS = ((0o4000, "setuid"), (0o2000, "setgid"), (0o1000, "sticky"))


class ChangedPath(NamedTuple):
    """A row of the tree."""

    path: str
    """Relative to the root, without a leading slash."""
    kind: ChangeKind | None
    """``None`` for a folder that only leads to changes, and is not one itself."""
    below: int = 0
    """How many changes lie below it; a folder modified only by those is not counted."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def has_size(self) -> bool:
        """True when it may be a file that is there."""
        return not self.below and self.kind in {ChangeKind.ADDED, ChangeKind.MODIFIED}


class ChangeTree:
    """The changes of one container, by folder.

    Args:
        changes: as the engine gives them, in any order.
        open_all: whether folders start out open.
    """

    def __init__(self, changes: Collection[Change], *, open_all: bool) -> None:
        self._open_all = open_all
        self._kinds = {change.path: change.kind for change in changes if change.path}
        self._below: Counter[str] = Counter()
        self._names: dict[str, list[str]] = {}
        for path in sorted(self._kinds):
            self._place(path)
        for path, kind in self._kinds.items():
            # A folder is modified by everything that is made or deleted in it: that says nothing new.
            if not (kind is ChangeKind.MODIFIED and path in self._names):
                self._count_above(path)

    def _place(self, path: str) -> None:
        """Hang a path below its folder, and that below its own, as far up as need be."""
        while path:
            folder = path.rpartition("/")[0]
            known = folder in self._names
            self._names.setdefault(folder, []).append(path)
            if known or folder in self._kinds:
                return
            path = folder

    def _count_above(self, path: str) -> None:
        while path:
            path = path.rpartition("/")[0]
            self._below[path] += 1

    def nodes(self, folder: str = "") -> tuple[Node, ...]:
        """What lies directly in a folder, by name; deeper ones are made when they are opened."""
        paths = sorted(self._names.get(folder, ()))
        return tuple(self._node(path, alone=len(paths) == 1) for path in paths)

    def _node(self, path: str, *, alone: bool) -> Node:
        changed = ChangedPath(path, self._kinds.get(path), self._below[path])
        if path not in self._names:
            return Node(path, changed)
        # A folder that is alone in its own, or holds one thing only, would be one more key to press for nothing.
        opened = self._open_all or alone or len(self._names[path]) == 1
        return Node(path, changed, grow=partial(self.nodes, path), open=opened)

    @property
    def counts(self) -> Counter[ChangeKind]:
        """How many changes of each kind; folders that are modified only by what changed in them are left out."""
        return Counter(
            kind for path, kind in self._kinds.items() if not (kind is ChangeKind.MODIFIED and path in self._names)
        )


def counts_line(counts: Counter[ChangeKind], *, brief: bool = False) -> Line:
    """``+ 12 added  ~ 3 modified  − 1 deleted``; ``brief`` without the words, for narrow terminals."""
    cells: list[Cell] = []
    for kind in (ChangeKind.ADDED, ChangeKind.MODIFIED, ChangeKind.DELETED):
        if counts[kind]:
            sign, role, word = _SIGNS[kind]
            gap = "  " if cells else ""
            cells += [Cell(f"{gap}{sign} ", role), Cell(f"{counts[kind]:,}", Role.NUMBER)]
            if not brief:
                cells.append(Cell(f" {word}", Role.MUTED))
    return tuple(cells)


def change_row(changed: ChangedPath, stat: PathStat | None, origin: str | None, *, known: bool, mount: bool) -> RowText:
    """One row: sign, name, the layer it was copied up from, size.

    Args:
        stat: what is there, ``None`` when that is nothing, or not known yet.
        origin: which layer holds it (``layer 2``); empty when none does, ``None`` while that is not known.
        known: whether ``stat`` has been read.
        mount: whether something is mounted there, so that what lies behind is none of this layer.
    """
    sign, role, _ = _SIGNS[changed.kind] if changed.kind is not None else (" ", Role.MUTED, "")
    # Of a mount it is not told what the path is: what lies behind was asked of some and not of others.
    folder = changed.below or (not mount and stat is not None and stat.kind is Kind.FOLDER)
    name = Cell(f"{changed.name}/" if folder else changed.name, role if changed.kind is not None else Role.MUTED)
    left = (Cell(f"{sign} ", role), name, *_link(stat))
    if mount:
        return RowText((*left, Cell("  mount point", Role.LINK)))
    if changed.below:
        return RowText(left, (Cell(figures.count(changed.below, "change"), Role.MUTED),))
    came = _came_from(changed, stat, origin)
    if changed.kind is ChangeKind.DELETED:
        return RowText(left, came)
    return RowText(left, (*came, Cell(f" {_size_text(stat, known=known):>9}", Role.NUMBER)))


def _link(stat: PathStat | None) -> Line:
    return (Cell(f" → {stat.link}", Role.MUTED),) if stat is not None and stat.kind is Kind.SYMLINK else ()


def _came_from(changed: ChangedPath, stat: PathStat | None, origin: str | None) -> Line:
    if not origin or changed.kind is ChangeKind.ADDED or (stat is not None and stat.kind is Kind.FOLDER):
        return ()
    words = f"from {origin}" if changed.kind is ChangeKind.MODIFIED else f"in {origin}"
    return (Cell(words, Role.MUTED),)


def _size_text(stat: PathStat | None, *, known: bool) -> str:
    if stat is None:
        return "gone" if known else figures.UNKNOWN
    return figures.size(stat.size_bytes) if stat.kind in {Kind.FILE, Kind.HARD_LINK} else ""


def change_sections(
    changed: ChangedPath, stat: PathStat | None, origin: str | None, *, known: bool, mount: bool
) -> tuple[Section, ...]:
    """Everything about one row; the arguments are those of :func:`change_row`."""
    facts = [Fact("Path", (Cell(f"/{changed.path}", Role.STRONG),)), Fact("Change", _what_happened(changed))]
    if mount:
        facts.append(
            Fact("", (Cell("Something is mounted there: what lies behind is none of this layer.", Role.MUTED),))
        )
    elif changed.kind in {ChangeKind.ADDED, ChangeKind.MODIFIED}:
        facts += _described(stat, known=known)
    is_folder = bool(changed.below) or (stat is not None and stat.kind is Kind.FOLDER)
    if changed.kind in {ChangeKind.MODIFIED, ChangeKind.DELETED} and not is_folder and not mount:
        facts.append(Fact("Copied up from" if changed.kind is ChangeKind.MODIFIED else "Hides", _origin(origin)))
    return (Section("", tuple(facts)),)


def _what_happened(changed: ChangedPath) -> Line:
    below = figures.count(changed.below, "change") + " below it" if changed.below else ""
    if changed.kind is None:
        return (Cell(f"none of its own; {below}"),)
    sign, role, word = _SIGNS[changed.kind]
    return (Cell(f"{sign} {word}", role), Cell(f"; {below}" if below else "", Role.MUTED))


def _described(stat: PathStat | None, *, known: bool) -> list[Fact]:
    if stat is None:
        return [Fact("Size", (Cell("it is no longer there" if known else figures.UNKNOWN, Role.MUTED),))]
    facts = [Fact("Kind", (Cell(_KINDS[stat.kind]),))]
    if stat.kind in {Kind.FILE, Kind.HARD_LINK}:
        size = (Cell(figures.size(stat.size_bytes), Role.NUMBER),)
        facts.append(Fact("Size", size, exact=figures.exact_bytes(stat.size_bytes)))
    if stat.link:
        facts.append(Fact("Points to", (Cell(stat.link),)))
    special = ", ".join(word for bit, word in _SPECIAL_BITS if stat.mode & bit)
    facts.append(Fact("Mode", (Cell(_mode_text(stat)), Cell(f"  {special}" if special else "", Role.WARNING))))
    if stat.modified > 0:
        facts.append(Fact("Written", (Cell(figures.age(stat.modified)),), exact=figures.date(stat.modified)))
    return facts


def _mode_text(stat: PathStat) -> str:
    """``-rw-r--r--  0644``: as in the file trees, and as one says it to chmod."""
    return f"{mode_text(Entry('', stat.kind, mode=stat.mode))}  {stat.mode:04o}"


def _origin(origin: str | None) -> Line:
    if origin is None:
        return (Cell(READ_LAYERS, Role.MUTED),)
    return (Cell(origin),) if origin else (Cell("no layer of its image holds it", Role.MUTED),)


def origin_in(stack: StackedFiles, path: str) -> str:
    """The layer that holds what the finished image has at ``path``, such as ``layer 2``; empty when none does."""
    # Of several names that an answer tells alike, one stands for all: mostly they came with the same layer.
    paths = paths_told_as(stack, path) if REPLACED in path and stack.layers else (path,)
    node = stack.node(paths[0]) if paths else None
    found = stack.entry_at(node, len(stack.layers) - 1) if node is not None and stack.layers else None
    return f"layer {found[0] + 1}" if found else ""


def empty_words(changes: Sequence[Change] | None, problem: str) -> str:
    """Why there is nothing to see."""
    if problem:
        return problem
    return "reading what it changed…" if changes is None else NONE_WRITTEN
