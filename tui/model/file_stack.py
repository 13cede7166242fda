"""Layers laid on each other: which entry of which layer is seen at a path, and which layers ever touched it.

By what rules is said in :mod:`tui.model.layer_replay`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tui.model.file_events import IMPLIED, NO_EVENT, NOTHING, FileEvents, Status
from tui.model.layer_files import Entry, Kind, LayerFiles
from tui.model.layer_replay import IMPLIED_MODE, replay
from tui.model.path_tree import PathTree

__all__ = ["StackedFiles", "Status", "Touch"]


class Touch(NamedTuple):
    """What one layer did to one path."""

    layer: int
    """Its number; 0 is the lowest."""
    status: Status
    """Never ``UNCHANGED``."""
    entry: Entry | None
    """What the layer put there; ``None`` when it removed what was there."""
    by: str
    """Of a removed path, the path whose whiteout, opaque mark or replacement hid it: itself or a folder above it."""


class StackedFiles:
    """The layers of an image (and, on top, a container's writable one), stacked. Built once; never changes.

    Nodes are numbered as in :class:`~tui.model.path_tree.PathTree`: a folder right before all that is below it.
    """

    __slots__ = ("events", "layers", "tree")

    layers: tuple[LayerFiles, ...]
    """Lowest first."""
    tree: PathTree
    """Every path that any layer ever holds."""
    events: FileEvents
    """What the layers did to those paths."""

    @classmethod
    def of(cls, layers: Sequence[LayerFiles]) -> StackedFiles:
        """Stack ``layers``, lowest first."""
        return cls(layers)

    def __init__(self, layers: Sequence[LayerFiles]) -> None:
        """Stack ``layers``, lowest first."""
        self.layers = tuple(layers)
        self.tree = PathTree(*(layer.paths for layer in self.layers))
        self.events = replay(self.tree, self.layers)

    def __len__(self) -> int:
        """How many nodes there are, the root included."""
        return len(self.tree)

    @property
    def top(self) -> int:
        """The number of the highest layer; -1 when there is none."""
        return len(self.layers) - 1

    @property
    def paths(self) -> list[str]:
        """Node -> path; node 0 is the root, whose path is ``""``."""
        return self.tree.paths

    @property
    def parents(self) -> array[int]:
        """Node -> parent; -1 for the root. A parent's number is always smaller than its children's."""
        return self.tree.parents

    def node(self, path: str) -> int | None:
        """The node of ``path``; ``None`` when no layer ever holds it."""
        return self.tree.node(path)

    def children(self, node: int) -> Sequence[int]:
        """Every node that any layer ever holds directly in ``node``, by name."""
        return self.tree.children(node)

    def shows(self, node: int) -> bool:
        """Always true: a stack holds what is seen after any of its layers."""
        return 0 <= node < len(self.tree)

    def touches(self, node: int) -> tuple[Touch, ...]:
        """Every layer that added, modified or removed ``node``, lowest first."""
        events = self.events
        found: dict[int, int] = {}
        event = events.last[node]
        while event != NO_EVENT:
            found.setdefault(events.layers[event], event)  # the last of a layer's events is what it comes to
            event = events.previous[event]
        return tuple(self._touch(event) for event in reversed(found.values()) if events.statuses[event])

    def _touch(self, event: int) -> Touch:
        events = self.events
        by = "" if events.seen(event) else self.paths[NOTHING - events.entries[event]]
        return Touch(events.layers[event], Status(events.statuses[event]), self.entry_of(event), by)

    def entry_at(self, node: int, layer: int) -> tuple[int, Entry] | None:
        """What is seen at ``node`` after ``layer``, and the layer it comes from; ``None`` when nothing is.

        A folder that no layer names comes from the layer that needed it first, with mode 0o755 and owned by root.
        """
        event = self.events.state(node, layer)
        entry = self.entry_of(event)
        return None if entry is None else (self.events.layers[event], entry)

    def merged(self, layer: int | None = None) -> Iterator[tuple[int, Entry]]:
        """Everything seen after ``layer`` (after the highest by default) and the layer it comes from, by node.

        Folders that no layer names are among them; the root is not.
        """
        for event in self.events.states(self.top if layer is None else layer)[1:]:
            entry = self.entry_of(event)
            if entry is not None:
                yield self.events.layers[event], entry

    def entry_of(self, event: int) -> Entry | None:
        """What is there after ``event``; ``None`` when nothing is."""
        index = self.events.entries[event]
        if index >= 0:
            return self.layers[self.events.layers[event]].entry(index)
        if index == IMPLIED:
            return Entry(self.paths[self.events.nodes[event]], Kind.FOLDER, 0, IMPLIED_MODE)
        return None
