"""What layers did to paths, one event after the other: the memory of a stack, in columns.

Events stand in the order of their layers, and each knows the one before it at its path. So the state after layer k is
told by the events before the first of layer k+1, and a path costs some twenty bytes per layer that touches it.
"""

from __future__ import annotations

from array import array
from enum import IntEnum

NO_EVENT = 0
"""The first event stands for: nothing has ever been here."""
IMPLIED = -1
"""In the column of entries: a folder that its layer needs and does not name."""
NOTHING = -2
"""In the column of entries: nothing is there. Less than that, too: removed by the mark at node ``NOTHING - entry``."""


class Status(IntEnum):
    """What a layer did to a path."""

    UNCHANGED = 0
    ADDED = 1
    MODIFIED = 2
    REMOVED = 3


class FileEvents:
    """The events of a stack, numbered from 1; 0 is :data:`NO_EVENT`."""

    __slots__ = ("entries", "last", "layers", "linked", "nodes", "previous", "sizes", "starts", "statuses")

    nodes: array[int]
    """Event -> node."""
    layers: array[int]
    """Event -> layer."""
    entries: array[int]
    """Event -> index of the entry in its layer; :data:`IMPLIED`; or :data:`NOTHING` and less."""
    previous: array[int]
    """Event -> the one before it at the same node; 0 when there is none."""
    statuses: bytearray
    """Event -> :class:`Status`, as against the layers below. Where a layer has two events at one node, the later says
    what it comes to."""
    sizes: array[int]
    """Event -> bytes of the body that it stores: 0 for a removal, a folder, another name; -1 when not known yet."""
    last: array[int]
    """Node -> the last event there."""
    starts: array[int]
    """Layer -> its first event; one more than there are layers."""
    linked: dict[int, tuple[int, ...]]
    """Event of a file with several names in its layer -> the events of all its names, its own first, then by node."""

    def __init__(self, nodes: int) -> None:
        """No events yet, at any of that many nodes."""
        self.nodes = array("i", [0])
        self.layers = array("i", [-1])
        self.entries = array("i", [NOTHING])
        self.previous = array("i", [NO_EVENT])
        self.statuses = bytearray([Status.UNCHANGED])
        self.sizes = array("q", [0])
        self.last = array("i", [NO_EVENT]) * nodes
        self.starts = array("i", [1])
        self.linked = {}

    def __len__(self) -> int:
        """How many there are, event 0 included."""
        return len(self.entries)

    def of(self, layer: int) -> range:
        """The events of ``layer``."""
        return range(self.starts[layer], self.starts[layer + 1])

    def states(self, layer: int) -> array[int]:
        """Node -> the last event there after ``layer`` (-1: before the lowest)."""
        states = self.last[:]
        nodes, previous = self.nodes, self.previous
        # Backwards, so that each node ends with what stood there before the first of the events undone.
        for event in range(len(nodes) - 1, self.starts[layer + 1] - 1, -1):
            states[nodes[event]] = previous[event]
        return states

    def state(self, node: int, layer: int) -> int:
        """The last event at ``node`` after ``layer``."""
        event, end = self.last[node], self.starts[layer + 1]
        while event >= end:
            event = self.previous[event]
        return event

    def final(self) -> bytearray:
        """Event -> 1 when it is the last at its node: what it put there is seen in the end."""
        final = bytearray(len(self))
        for event in self.last:
            final[event] = 1
        return final

    def seen(self, event: int) -> bool:
        """Whether something is there after ``event``."""
        return self.entries[event] > NOTHING

    def names(self, event: int) -> tuple[int, ...]:
        """The events of all names of the file that ``event`` stores; mostly itself alone."""
        return self.linked.get(event) or (event,)
