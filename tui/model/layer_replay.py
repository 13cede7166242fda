"""Laying layers on each other: the rules of whiteouts, opaque folders and replacement, carried out once.

They are those of the OCI image specification (``layer.md``, "Applying Changesets" and "Whiteouts"), as overlay2
shows them:

1. A whiteout hides what the layers below hold at its path and below it; an opaque folder hides what they hold
   below it. What the same layer holds there stays, in whatever order its tar names them.
2. An entry replaces what was at its path. A folder over a folder merges: only its attributes change. Anything
   else over a folder hides what the layers below hold below it.
3. A folder that a layer needs and does not name (``a`` of ``a/b``) is *implied*: one that is there already stays as
   it is (as containerd has it; classic unpacking would reset its attributes), anything else is replaced by a folder
   of mode 0o755 owned by root.
4. An entry of :attr:`Kind.UNKNOWN` (a change of a container that nobody has looked at) may be a folder, and hides
   nothing below it.

Status: a folder over a folder of the same mode and owner is unchanged, because every layer names again the folders
above what it changes. A file over a file is modified even if it is the same: its bytes are stored again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

from tui.model.file_events import IMPLIED, NO_EVENT, NOTHING, FileEvents, Status
from tui.model.layer_files import Kind, LayerFiles
from tui.model.path_tree import PathTree

IMPLIED_MODE = 0o755
"""What a folder gets that no layer names (Docker's ``ImpliedDirectoryMode``)."""
_MAY_HOLD = (Kind.FOLDER, Kind.UNKNOWN)
"""What may have something below it."""


def replay(tree: PathTree, layers: Sequence[LayerFiles]) -> FileEvents:
    """Everything that ``layers``, lowest first, do to the paths of ``tree``, which are all of theirs."""
    laying = _Laying(tree, layers)
    for number in range(len(layers)):
        laying.lay(number)
    return laying.events


class _Laying:
    """A stack that grows by one layer at a time."""

    def __init__(self, tree: PathTree, layers: Sequence[LayerFiles]) -> None:
        self.tree = tree
        self.layers = layers
        self.events = FileEvents(len(tree))

    def lay(self, number: int) -> None:
        layer, events = self.layers[number], self.events
        nodes = self.tree.nodes(layer.paths)
        if number:
            self._hide_marked(layer, number)
            self._hide_replaced(layer, nodes, number)
        first = len(events)
        before = list(map(events.last.__getitem__, nodes))
        events.nodes.extend(nodes)
        events.layers.extend(repeat(number, len(nodes)))
        events.entries.extend(range(len(nodes)))
        events.previous.extend(before)
        events.statuses.extend(bytes([Status.ADDED]) * len(nodes))
        events.sizes.extend(layer.sizes)
        last = events.last
        for event, node in enumerate(nodes, first):
            last[node] = event
        for event, earlier in enumerate(before, first):
            if earlier != NO_EVENT:
                events.statuses[event] = self._status(event, earlier, number)
        self._imply(nodes, number)
        if Kind.HARD_LINK in layer.kinds:
            self._link(layer, nodes, first)
        events.starts.append(len(events))

    def _hide_marked(self, layer: LayerFiles, number: int) -> None:
        """Carry out the layer's whiteouts and opaque marks."""
        node_of, ends = self.tree.node, self.tree.ends
        # A whiteout hides from its own node on, an opaque mark from the next. No node: no layer holds anything there.
        marks = [(node, node) for node in map(node_of, layer.whiteouts) if node is not None]
        marks += [(node, node + 1) for node in map(node_of, layer.opaques) if node is not None]
        hidden_to = 0
        for node, first in sorted(marks):
            if ends[node] > hidden_to:  # else it lies in what is hidden already
                hidden_to = ends[node]
                self._hide(first, hidden_to, node, number)

    def _hide_replaced(self, layer: LayerFiles, nodes: list[int], number: int) -> None:
        """Hide what lies in the folders that something else replaces."""
        kinds, ends, last = layer.kinds, self.tree.ends, self.events.last
        for index, node in enumerate(nodes):
            if ends[node] > node + 1 and kinds[index] not in _MAY_HOLD and self._may_hold(last[node]):
                self._hide(node + 1, ends[node], node, number)

    def _hide(self, first: int, end: int, by: int, number: int) -> None:
        """Remove whatever is seen from node ``first`` to before ``end``."""
        last, entries = self.events.last, self.events.entries
        for node in range(first, end):
            if entries[last[node]] > NOTHING:
                self._note(node, number, NOTHING - by, Status.REMOVED)

    def _imply(self, nodes: list[int], number: int) -> None:
        """Make the folders that the layer needs and does not name."""
        parents, last = self.tree.parents, self.events.last
        for needed in sorted(set(map(parents.__getitem__, nodes))):
            folder = needed
            while folder > 0 and not self._may_hold(last[folder]):
                self._note(folder, number, IMPLIED, Status.ADDED)
                event = last[folder]
                self.events.statuses[event] = self._status(event, self.events.previous[event], number)
                folder = parents[folder]

    def _note(self, node: int, number: int, entry: int, status: Status) -> None:
        """Append one event that stores nothing."""
        events = self.events
        events.nodes.append(node)
        events.layers.append(number)
        events.entries.append(entry)
        events.previous.append(events.last[node])
        events.statuses.append(status)
        events.sizes.append(0)
        events.last[node] = len(events) - 1

    def _status(self, event: int, earlier: int, number: int) -> Status:
        """What ``event`` of layer ``number`` does to its path, where ``earlier`` is the one before it."""
        events = self.events
        base = events.starts[number]
        while earlier >= base:  # the layer hid it before it put something new there
            earlier = events.previous[earlier]
        if events.entries[earlier] <= NOTHING:
            return Status.ADDED
        attributes = self._folder_attributes(event)
        if attributes is None or attributes != self._folder_attributes(earlier):
            return Status.MODIFIED
        return Status.UNCHANGED

    def _folder_attributes(self, event: int) -> tuple[int, int, int] | None:
        """Mode and owner of the folder that is there after ``event``; ``None`` when it is none."""
        index = self.events.entries[event]
        if index == IMPLIED:
            return (IMPLIED_MODE, 0, 0)
        layer = self.layers[self.events.layers[event]]
        if layer.kinds[index] != Kind.FOLDER:
            return None
        return (layer.modes[index], layer.uids[index], layer.gids[index])

    def _may_hold(self, event: int) -> bool:
        """Whether something may lie below what is there after ``event``."""
        index = self.events.entries[event]
        return index == IMPLIED or (index >= 0 and self.layers[self.events.layers[event]].kinds[index] in _MAY_HOLD)

    def _link(self, layer: LayerFiles, nodes: list[int], first: int) -> None:
        """Note which names of the layer are one file. A link to something else stores nothing, and is left alone."""
        indexes = {path: index for index, path in enumerate(layer.paths)}
        names: dict[int, list[int]] = {}
        for index, target in layer.links.items():
            file = indexes.get(target)
            if layer.kinds[index] == Kind.HARD_LINK and file is not None and layer.kinds[file] == Kind.FILE:
                names.setdefault(file, []).append(index)
        for file, others in names.items():
            others.sort(key=nodes.__getitem__)
            self.events.linked[first + file] = tuple(first + index for index in (file, *others))
