"""What to look for in layers: big files, the same file twice, setuid files, a path wherever it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest
from typing import NamedTuple

from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Entry, Kind, LayerFiles
from tui.model.path_matching import matching_paths

SETUID = 0o4000
"""Whoever runs such a file runs it as its owner."""
SETGID = 0o2000
"""Whoever runs such a file runs it with its group."""


class StoredFile(NamedTuple):
    """The body of one file in one layer."""

    path: str
    """Of a file with several names, the first that is seen in the end (the first of all when none is)."""
    layer: int
    size_bytes: int
    wasted: bool
    """True when it isn't seen in the final filesystem."""


class SetuidFile(NamedTuple):
    """A file that runs with its owner's or its group's rights, as seen in the final filesystem."""

    layer: int
    entry: Entry

    @property
    def setuid(self) -> bool:
        """Whether it runs as its owner."""
        return bool(self.entry.mode & SETUID)

    @property
    def setgid(self) -> bool:
        """Whether it runs with its group."""
        return bool(self.entry.mode & SETGID)


class Compared(StrEnum):
    """What files were found to have in common."""

    SIZE = "size"
    """Only the size: they may differ."""
    DIGEST = "size and digest"
    """Size and the digest of the contents: they are the same."""


class SameFiles(NamedTuple):
    """Files of the final filesystem that have something in common."""

    size_bytes: int
    """Of each."""
    compared: Compared
    digest: str
    """Empty when only sizes were compared."""
    files: tuple[StoredFile, ...]
    """By path; those that are names of one file stand here once."""

    @property
    def spare_bytes(self) -> int:
        """What all but one of them take."""
        return self.size_bytes * (len(self.files) - 1)


@dataclass(frozen=True, slots=True)
class SameFilesSearch:
    """Groups of files that are, or may be, the same, and what was compared to find them."""

    groups: tuple[SameFiles, ...]
    """What spares most first, then by path."""
    files: int
    """How many files of at least ``least_bytes`` are seen in the final filesystem."""
    with_digest: int
    """How many of those that share their size with another had a digest."""
    without_digest: int
    """How many of those that share their size with another had none: of these only the size was compared."""
    least_bytes: int


class FoundPath(NamedTuple):
    """A path in a layer."""

    name: str
    """Where the layer was looked at, as the caller named it (an image's tag)."""
    diff_id: str
    path: str
    entry: Entry | None
    """What the layer has there; ``None`` when it deletes what the layers below have."""


def stored_files(stack: StackedFiles, *, least_bytes: int = 1) -> Iterator[StoredFile]:
    """Every body of at least ``least_bytes`` that a layer stores, lowest layer first."""
    events = stack.events
    final = events.final()
    for event, size in enumerate(events.sizes):
        if size < max(1, least_bytes):
            continue
        shown = next((name for name in events.names(event) if final[name]), None)
        node = events.nodes[event if shown is None else shown]
        yield StoredFile(stack.paths[node], events.layers[event], size, shown is None)


def biggest(stack: StackedFiles, limit: int) -> tuple[StoredFile, ...]:
    """The ``limit`` biggest bodies that layers store, seen in the end or wasted; biggest first, then by path."""
    sizes = nlargest(limit, stack.events.sizes)
    if not sizes:
        return ()
    candidates = stored_files(stack, least_bytes=sizes[-1])  # with all that are as big as the last, to choose by path
    return tuple(sorted(candidates, key=lambda file: (-file.size_bytes, file.path, file.layer))[:limit])


def setuid_files(stack: StackedFiles) -> tuple[SetuidFile, ...]:
    """The setuid and setgid files of the final filesystem, by path. (Setgid on a folder means something else.)"""
    events = stack.events
    found: list[SetuidFile] = []
    for event in events.last:
        index, layer = events.entries[event], stack.layers[events.layers[event]]
        if index >= 0 and layer.modes[index] & (SETUID | SETGID) and layer.kinds[index] in (Kind.FILE, Kind.HARD_LINK):
            found.append(SetuidFile(events.layers[event], layer.entry(index)))
    return tuple(sorted(found, key=lambda file: file.entry.path))


def same_size_groups(
    stack: StackedFiles, least_bytes: int = 1, digests: Mapping[tuple[int, str], str] | None = None
) -> SameFilesSearch:
    """Files of the final filesystem that are of the same size, or the same as far as their digests tell.

    Args:
        stack: the layers.
        least_bytes: smaller files are left out.
        digests: (layer, path) -> digest of that file's contents, for as many as have been read. Files of one size
            with a digest are told apart by it; those without stay together, by their size alone.
    """
    digests = digests or {}
    by_size: dict[int, list[StoredFile]] = {}
    files = 0
    for file in stored_files(stack, least_bytes=least_bytes):
        if not file.wasted:
            files += 1
            by_size.setdefault(file.size_bytes, []).append(file)
    groups: list[SameFiles] = []
    hashed = unhashed = 0
    for size, alike in by_size.items():
        if len(alike) == 1:
            continue
        by_digest: dict[str, list[StoredFile]] = {}
        for file in sorted(alike):
            by_digest.setdefault(digests.get((file.layer, file.path), ""), []).append(file)
        unhashed += len(by_digest.get("", ()))
        hashed += len(alike) - len(by_digest.get("", ()))
        groups += [
            SameFiles(size, Compared.DIGEST if digest else Compared.SIZE, digest, tuple(same))
            for digest, same in by_digest.items()
            if len(same) > 1
        ]
    groups.sort(key=lambda group: (-group.spare_bytes, group.files[0].path))
    return SameFilesSearch(tuple(groups), files, hashed, unhashed, least_bytes)


def find_paths(layers: Iterable[tuple[str, str, LayerFiles]], query: str) -> Iterator[FoundPath]:
    """Where ``query`` is found in layers, in their order; deletions too. A layer that comes again is searched once.

    Args:
        layers: (a name to tell it by, diff ID, what it holds).
        query: a glob or a part of a path; see :class:`~tui.model.path_matching.Matching`.
    """
    known: dict[str, tuple[list[int], list[str]]] = {}
    for name, diff_id, files in layers:
        if diff_id not in known:
            deleted = [files.whiteouts[index] for index in matching_paths(files.whiteouts, query)]
            known[diff_id] = (matching_paths(files.paths, query), deleted)
        indexes, deleted = known[diff_id]
        for index in indexes:
            yield FoundPath(name, diff_id, files.paths[index], files.entry(index))
        for path in deleted:
            yield FoundPath(name, diff_id, path, None)
