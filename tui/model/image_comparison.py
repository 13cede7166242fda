"""Two images beside each other: which layers they share, and how their final filesystems differ, path by path."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar

from tui.model.file_events import IMPLIED, NO_EVENT, NOTHING, Status
from tui.model.file_stack import StackedFiles
from tui.model.file_view import seen_sizes
from tui.model.layer import Layer
from tui.model.layer_files import Entry, Kind
from tui.model.layer_replay import IMPLIED_MODE
from tui.model.path_matching import Matching
from tui.model.path_tree import ROOT, PathTree
from tui.model.shown_files import FileOrder, ShownColumns, running_totals

_Value = TypeVar("_Value")


class Difference(StrEnum):
    """In what two entries at the same path differ."""

    KIND = "type"
    SIZE = "size"
    MODE = "mode"
    OWNER = "owner"
    LINK = "link"
    """Where a symbolic link points, or which device it is."""
    MODIFIED = "modified"
    """The time of the last change. Of folders it is not compared: it differs whenever an image is built anew."""


class SharedLayer(NamedTuple):
    """A layer with the same diff ID in both images."""

    left: Layer
    right: Layer


class LayerComparison(NamedTuple):
    """The layers of two images."""

    prefix: tuple[SharedLayer, ...]
    """From the lowest on the same: these have the same chain ID, and the engine keeps them once."""
    elsewhere: tuple[SharedLayer, ...]
    """The same files on other layers below: the classic store keeps them twice."""
    left_only: tuple[Layer, ...]
    right_only: tuple[Layer, ...]


def compare_layers(left: Sequence[Layer], right: Sequence[Layer]) -> LayerComparison:
    """Which layers both have; a diff ID that one has more often than the other is one-sided for the rest."""
    same = 0
    while same < min(len(left), len(right)) and left[same].diff_id == right[same].diff_id:
        same += 1
    rest = list(right[same:])
    elsewhere: list[SharedLayer] = []
    left_only: list[Layer] = []
    for layer in left[same:]:
        twin = next((other for other in rest if other.diff_id == layer.diff_id), None)
        if twin is None:
            left_only.append(layer)
        else:
            rest.remove(twin)
            elsewhere.append(SharedLayer(layer, twin))
    prefix = tuple(map(SharedLayer, left[:same], right[:same]))
    return LayerComparison(prefix, tuple(elsewhere), tuple(left_only), tuple(rest))


class Comparison(ShownColumns):
    """How the right image's final filesystem differs from the left one's, as a tree that can be shown.

    ``ADDED`` is only on the right, ``REMOVED`` only on the left, ``MODIFIED`` differs in type, size, mode, owner, link
    or time of change. Files are not read: two of the same size and time count as unchanged. A name of a file that has
    several counts as the file.
    """

    __slots__ = (
        "_differing",
        "_left_events",
        "_left_files",
        "_left_totals",
        "_right_events",
        "_right_files",
        "layers",
        "left",
        "right",
    )

    left: StackedFiles
    right: StackedFiles
    layers: LayerComparison

    def __init__(self, left: StackedFiles, right: StackedFiles, layers: LayerComparison, *, times: bool = True) -> None:
        """Compare the two; without ``times`` a file of which only the time of change differs is unchanged."""
        self.left, self.right, self.layers = left, right, layers
        left_nodes, right_nodes = _seen_nodes(left), _seen_nodes(right)
        left_paths, right_paths = _at(left.paths, left_nodes), _at(right.paths, right_nodes)
        tree = PathTree(left_paths, right_paths)
        left_sizes, self._left_events = _placed(left, left_nodes, tree.nodes(left_paths), len(tree))
        right_sizes, self._right_events = _placed(right, right_nodes, tree.nodes(right_paths), len(tree))
        self._left_files, self._right_files = _files_of_names(left), _files_of_names(right)
        own = self._statuses(len(layers.prefix), times)
        removed = {node: left_sizes[node] for node, status in enumerate(own) if status == Status.REMOVED}
        self._settle_removed_names(tree, removed)
        left_sizes = [max(0, size) for size in left_sizes]
        self._left_totals = running_totals(left_sizes)
        self._differing = running_totals(
            [
                max(left, right) if status else 0
                for left, right, status in zip(left_sizes, right_sizes, own, strict=True)
            ]
        )
        super().__init__(tree, own, right_sizes, removed)

    def left_bytes(self, node: int) -> int:
        """Bytes of it, or of all below it, on the left; each file once."""
        return self._sum(self._left_totals, node)

    def right_bytes(self, node: int) -> int:
        """Bytes of it, or of all below it, on the right; each file once."""
        return self.visible_bytes(node)

    def differing_bytes(self, node: int) -> int:
        """Bytes of all at or below ``node`` that is only on one side or differs; of the latter, the bigger side."""
        return self._sum(self._differing, node)

    def children(
        self, node: int, order: FileOrder, statuses: Collection[Status], matching: Matching | None = None
    ) -> tuple[int, ...]:
        """As for every tree; in the order of change, where most bytes differ first."""
        found = super().children(node, order, statuses, matching)
        if order is FileOrder.CHANGE:
            return tuple(sorted(found, key=self.differing_bytes, reverse=True))
        return found

    def entry(self, node: int) -> Entry | None:
        """What is there on the right, or on the left when it is only there; ``None`` when no layer names it."""
        stack, event = self._side(node)
        return None if stack.events.entries[event] == IMPLIED else stack.entry_of(event)

    def entries(self, node: int) -> tuple[Entry | None, Entry | None]:
        """What is there on the left and on the right; a folder that no layer names with mode 0o755."""
        return self.left.entry_of(self._left_events[node]), self.right.entry_of(self._right_events[node])

    def layer_of(self, node: int) -> int:
        """The number of the layer that :meth:`entry` comes from, in its own image; -1 for the root."""
        stack, event = self._side(node)
        return stack.events.layers[event]

    def differences(self, node: int) -> frozenset[Difference]:
        """In what both sides differ at ``node``; empty when only one side has it."""
        left, right = self._left_events[node], self._right_events[node]
        if NO_EVENT in (left, right):
            return frozenset()
        return _differences(_row(self.left, left, self._left_files), _row(self.right, right, self._right_files))

    def _side(self, node: int) -> tuple[StackedFiles, int]:
        if self._right_events[node] != NO_EVENT:
            return self.right, self._right_events[node]
        return self.left, self._left_events[node]

    def _statuses(self, shared: int, times: bool) -> bytearray:
        """Node -> status, as against the left; the first ``shared`` layers are the same."""
        own = bytearray(len(self._left_events))
        lefts, rights = self.left.events, self.right.events
        for node, (left, right) in enumerate(zip(self._left_events, self._right_events, strict=True)):
            if right == NO_EVENT:
                own[node] = Status.REMOVED
            elif left == NO_EVENT:
                own[node] = Status.ADDED
            elif lefts.layers[left] == rights.layers[right] < shared and lefts.entries[left] == rights.entries[right]:
                continue  # the very same entry of a layer that both have
            else:
                before = _row(self.left, left, self._left_files)
                after = _row(self.right, right, self._right_files)
                if before != after and (times or _differences(before, after) - {Difference.MODIFIED}):
                    own[node] = Status.MODIFIED
        own[ROOT] = Status.UNCHANGED
        return own

    def _settle_removed_names(self, tree: PathTree, removed: dict[int, int]) -> None:
        """Of a file with several names, count its bytes as removed only when all its names are, and then once."""
        stack, events = self.left, self._left_events
        for file, names in stack.events.linked.items():
            nodes = [(name, tree.node(stack.paths[stack.events.nodes[name]])) for name in names]
            shown = [node for name, node in nodes if node is not None and events[node] == name]
            gone = [node for node in shown if node in removed]
            removed.update(dict.fromkeys(gone, 0))
            if gone and len(gone) == len(shown):
                removed[gone[0]] = stack.events.sizes[file]


def compare(
    left: StackedFiles,
    right: StackedFiles,
    left_layers: Sequence[Layer],
    right_layers: Sequence[Layer],
    *,
    times: bool = True,
) -> Comparison:
    """Compare two images: ``left_layers`` and ``right_layers`` tell what the layers of the stacks are."""
    return Comparison(left, right, compare_layers(left_layers, right_layers), times=times)


def _seen_nodes(stack: StackedFiles) -> list[int]:
    """The nodes at which something is seen in the end; the root is not among them."""
    entries = _at(stack.events.entries, stack.events.last)
    return [node for node, entry in enumerate(entries) if node and entry > NOTHING]


def _placed(stack: StackedFiles, nodes: list[int], places: list[int], length: int) -> tuple[list[int], array[int]]:
    """The sizes and the events of ``nodes`` in columns of ``length``, at ``places``; 0 everywhere else."""
    sizes, events = [0] * length, array("i", [NO_EVENT]) * length
    seen, last = seen_sizes(stack.events, stack.events.last), stack.events.last
    for place, node in zip(places, nodes, strict=True):
        sizes[place] = seen[node]
        events[place] = last[node]
    return sizes, events


def _at(column: Sequence[_Value], indexes: Iterable[int]) -> list[_Value]:
    return list(map(column.__getitem__, indexes))


def _files_of_names(stack: StackedFiles) -> Mapping[int, int]:
    """Event of a further name -> event of the file it is a name of."""
    return {name: file for file, names in stack.events.linked.items() for name in names[1:]}


_Row = tuple[int, int, int, int, int, int, str, tuple[int, int]]
"""Kind, size, mode, uid, gid, modified, link, device."""
_NO_DEVICE = (0, 0)


def _row(stack: StackedFiles, event: int, files: Mapping[int, int]) -> _Row:
    """What is compared of an entry."""
    index = stack.events.entries[event]
    if index == IMPLIED:
        return (Kind.FOLDER, 0, IMPLIED_MODE, 0, 0, 0, "", _NO_DEVICE)
    layer = stack.layers[stack.events.layers[event]]
    kind, size = layer.kinds[index], layer.sizes[index]
    if event in files:
        kind, size = Kind.FILE, stack.events.sizes[files[event]]
    modified = 0 if kind == Kind.FOLDER else layer.modified[index]
    link = layer.links.get(index, "") if kind == Kind.SYMLINK else ""
    device = layer.devices.get(index, _NO_DEVICE)
    return (kind, size, layer.modes[index], layer.uids[index], layer.gids[index], modified, link, device)


_FIELDS = (
    Difference.KIND,
    Difference.SIZE,
    Difference.MODE,
    Difference.OWNER,
    Difference.OWNER,
    Difference.MODIFIED,
    Difference.LINK,
    Difference.LINK,
)
"""What each column of a row tells."""


def _differences(left: _Row, right: _Row) -> frozenset[Difference]:
    return frozenset(field for field, one, other in zip(_FIELDS, left, right, strict=True) if one != other)
