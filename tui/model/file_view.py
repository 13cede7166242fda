"""A stack of layers as one of them leaves it: what is seen, what that layer did to it, and how big it all is."""

from __future__ import annotations

from array import array

from tui.model.file_events import IMPLIED, NOTHING, FileEvents, Status
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Entry
from tui.model.path_matching import Matching
from tui.model.path_tree import ROOT
from tui.model.shown_files import ALL_STATUSES, HIDDEN, FileOrder, ShownColumns, ShownFiles

__all__ = ["ALL_STATUSES", "FileOrder", "FileView", "Matching", "ShownFiles"]


class FileView(ShownColumns):
    """A stack as one layer leaves it."""

    __slots__ = ("_states", "alone", "layer", "stack")

    stack: StackedFiles
    layer: int
    """The layer's number; 0 is the lowest."""
    alone: bool
    """Whether only what this layer itself did is shown."""

    @classmethod
    def of(cls, stack: StackedFiles, layer: int, *, alone: bool = False) -> FileView:
        """The image up to and with ``layer``, and what that layer did to each path.

        With ``alone`` only what the layer adds, modifies and removes, and the folders above; sizes are then those of
        what the layer itself stores.
        """
        return cls(stack, layer, alone=alone)

    def __init__(self, stack: StackedFiles, layer: int, *, alone: bool = False) -> None:
        """As :meth:`of`."""
        self.stack, self.layer, self.alone = stack, layer, alone
        events = stack.events
        states = self._states = events.states(layer)
        if alone:
            own = bytearray([HIDDEN]) * len(states)
        else:
            own = bytearray(HIDDEN if entry <= NOTHING else 0 for entry in map(events.entries.__getitem__, states))
        for event in events.of(layer):
            own[events.nodes[event]] = events.statuses[event]
        if alone:
            own = own.translate(_UNCHANGED_IS_HIDDEN)
        own[ROOT] = Status.UNCHANGED
        sizes = seen_sizes(events, states)
        if alone:
            sizes = [size if status in _PUT_THERE else 0 for size, status in zip(sizes, own, strict=True)]
        super().__init__(stack.tree, own, sizes, self._removed_sizes())

    def entry(self, node: int) -> Entry | None:
        """What is there (of a removed node: what was); ``None`` for a folder that no layer names, and for the root."""
        event, events = self._event(node), self.stack.events
        return None if events.entries[event] == IMPLIED else self.stack.entry_of(event)

    def layer_of(self, node: int) -> int:
        """The number of the layer that the entry comes from, or that needed the folder first; -1 for the root."""
        return self.stack.events.layers[self._event(node)]

    def _event(self, node: int) -> int:
        """The event that put there what is seen, or what was removed."""
        events, event = self.stack.events, self._states[node]
        return event if events.seen(event) else events.previous[event]

    def _removed_sizes(self) -> dict[int, int]:
        """Node -> bytes that this layer removed there. A file goes with the last of its names."""
        events, states = self.stack.events, self._states
        removed: dict[int, int] = {}
        was: dict[int, int] = {}
        for event in events.of(self.layer):
            node = events.nodes[event]
            if states[node] == event and not events.seen(event):
                was[events.previous[event]] = node
                removed[node] = events.sizes[events.previous[event]]
        if not was:
            return removed
        for file, names in events.linked.items():
            gone = [was[name] for name in names if name in was]
            removed.update(dict.fromkeys(gone, 0))
            if gone and not any(states[events.nodes[name]] == name for name in names):
                removed[gone[0]] = events.sizes[file]
        return removed


_UNCHANGED_IS_HIDDEN = bytes(HIDDEN if number == Status.UNCHANGED else number for number in range(256))
_PUT_THERE = (Status.ADDED, Status.MODIFIED)


def seen_sizes(events: FileEvents, states: array[int]) -> list[int]:
    """Node -> bytes seen there, -1 for a size not known; a file counts at the first of its names that is seen."""
    sizes = list(map(events.sizes.__getitem__, states))
    for file, names in events.linked.items():
        if states[events.nodes[file]] != file:
            carrier = next((name for name in names if states[events.nodes[name]] == name), None)
            if carrier is not None:
                sizes[events.nodes[carrier]] = events.sizes[file]
    return sizes
