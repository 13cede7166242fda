"""Small layers for the tests of stacks, and a slow and plain way of laying them on each other to hold ours against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from tui.model.file_events import Status
from tui.model.layer_files import Entry, Kind, LayerBuilder, LayerFiles

IMPLIED_MODE = 0o755


def layer(*lines: str, hide: Iterable[str] = (), opaque: Iterable[str] = (), modified: int = 0) -> LayerFiles:
    """``"a/"`` a folder, ``"a/b 10"`` a file of 10 bytes, ``"c -> a"`` a symbolic link, ``"d => a/b"`` a hard link.

    A mode may follow after a colon: ``"bin/su 10 :4755"``; without one a hard link has its file's, as the header of one
    says again. ``"a ?"`` is a change nobody has looked at.
    """
    builder = LayerBuilder()
    modes: dict[str, str] = {}
    for line in lines:
        text, _, mode = line.partition(" :")
        name, _, rest = text.partition(" ")
        mode = mode or modes.get(rest[3:], "")
        modes[name] = mode
        if name.endswith("/"):
            builder.add(name[:-1], Kind.FOLDER, 0, int(mode or "755", 8), 0, 0, modified)
        elif rest.startswith("->"):
            builder.add(name, Kind.SYMLINK, 0, 0o777, 0, 0, modified, rest[3:])
        elif rest.startswith("=>"):
            builder.add(name, Kind.HARD_LINK, 0, int(mode or "644", 8), 0, 0, modified, rest[3:])
        elif rest == "?":
            builder.add(name, Kind.UNKNOWN, -1, 0, 0, 0, 0)
        else:
            builder.add(name, Kind.FILE, int(rest or 1), int(mode or "644", 8), 0, 0, modified)
    for path in hide:
        builder.hide(path)
    for path in opaque:
        builder.make_opaque(path)
    return builder.build()


class Seen(NamedTuple):
    """What is at a path."""

    layer: int
    entry: Entry
    implied: bool = False

    @property
    def may_hold(self) -> bool:
        return self.entry.kind in (Kind.FOLDER, Kind.UNKNOWN)


State = Mapping[str, Seen]


def is_below(path: str, folder: str) -> bool:
    return path != folder and (not folder or path.startswith(f"{folder}/"))


def above(path: str) -> Iterable[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def laid(before: State, files: LayerFiles, number: int) -> State:
    """The rules in the order of their sentences, over a dictionary."""
    after = dict(before)
    for path in before:
        whited = any(path == mark or is_below(path, mark) for mark in files.whiteouts)
        if whited or any(is_below(path, folder) for folder in files.opaques):
            del after[path]
    for entry in files:
        if entry.kind not in (Kind.FOLDER, Kind.UNKNOWN):
            for path in [path for path in after if is_below(path, entry.path)]:
                del after[path]
    for entry in files:
        after[entry.path] = Seen(number, entry)
    for entry in files:
        for folder in above(entry.path):
            if folder not in after or not after[folder].may_hold:
                after[folder] = Seen(number, Entry(folder, Kind.FOLDER, 0, IMPLIED_MODE), implied=True)
    return after


def states(layers: Sequence[LayerFiles]) -> list[State]:
    """What is seen after each layer; before the lowest, nothing, is the last (so that -1 finds it)."""
    found: list[State] = []
    state: State = {}
    for number, files in enumerate(layers):
        state = laid(state, files, number)
        found.append(state)
    return [*found, {}]


def status(before: State, after: State, path: str, number: int) -> Status | None:
    """What became of ``path`` itself; ``None`` when it is on neither side."""
    if path not in after:
        return Status.REMOVED if path in before else None
    if path not in before:
        return Status.ADDED
    was, now = before[path], after[path]
    if now.layer != number:
        return Status.UNCHANGED
    if was.entry.kind == now.entry.kind == Kind.FOLDER and was.entry[3:6] == now.entry[3:6]:
        return Status.UNCHANGED
    return Status.MODIFIED


class Body(NamedTuple):
    """A file as stored in a layer, and its names: the file's own first, then in the order of a tree."""

    layer: int
    names: tuple[str, ...]
    size_bytes: int

    def shown_at(self, state: State) -> list[str]:
        return [
            name
            for name in self.names
            if name in state and state[name].layer == self.layer and not state[name].implied
        ]  # fmt: skip


def in_order(path: str) -> list[str]:
    return path.split("/")


def bodies(layers: Sequence[LayerFiles]) -> list[Body]:
    found = []
    for number, files in enumerate(layers):
        for entry in files:
            if entry.size_bytes is not None and entry.size_bytes > 0:
                links = [one.path for one in files if one.kind == Kind.HARD_LINK and one.link == entry.path]
                found.append(Body(number, (entry.path, *sorted(links, key=in_order)), entry.size_bytes))
    return found


NAMES = ["a", "b", "b-", "c"]
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)
KINDS = st.sampled_from([Kind.FILE] * 4 + [Kind.FOLDER] * 4 + [Kind.SYMLINK, Kind.HARD_LINK, Kind.HARD_LINK])


@st.composite
def layer_files(draw: st.DrawFn) -> LayerFiles:
    """Any layer over a small stock of paths: folders, files, links good and bad, whiteouts and opaque folders."""
    builder = LayerBuilder()
    for _ in range(draw(st.integers(0, 7))):
        path, kind = draw(PATHS), draw(KINDS)
        if kind == Kind.FOLDER:
            builder.add(path, kind, 0, draw(st.sampled_from([0o755, 0o700])), draw(st.integers(0, 1)), 0, 0)
        elif kind == Kind.FILE:
            builder.add(path, kind, draw(st.integers(0, 9)), 0o644, 0, 0, draw(st.integers(0, 1)))
        else:
            builder.add(path, kind, 0, 0o777, 0, 0, 0, draw(PATHS))
    for path in draw(st.lists(PATHS, max_size=2)):
        builder.hide(path)
    for path in draw(st.lists(st.one_of(PATHS, st.just("")), max_size=1)):
        builder.make_opaque(path)
    return builder.build()


STACKS = st.lists(layer_files(), min_size=1, max_size=5)
