"""Waste: every byte that lies in a layer and is not seen in the final filesystem.

    stored  = the bodies of all files of all layers, each once per layer however many names it has there
    visible = those of them that at least one of their names still shows after the last layer
    wasted  = stored - visible
    efficiency = visible / stored (1.0 when nothing is stored)

So waste is a copy that a later layer overwrites (the copy that is kept is none), a file that a later layer deletes, and
all the files of a folder that a later layer deletes, empties or replaces by something else. A body that has several
names in its layer is wasted when the last of them is gone. Names, attributes and tar headers are not counted.

How dive differs (its ``dive/filetree/efficiency.go`` and ``dive/image/analysis.go``): it groups the *leaves* of all
layers by path, looks at paths with two or more, and

- counts all copies of such a path as wasted, the kept one too (``wastedBytes`` adds ``CumulativeSize``): a file of 10
  bytes stored twice wastes 20 there, 10 here;
- scores with the *smallest* copy of each path in the place of the visible one: 1 byte overwritten by 100 scores
  1/101 there, 100/101 here;
- meets a deleted folder as one leaf, the whiteout, while the files below it are leaves of other paths: none has two, so
  ``rm -rf`` of a folder scores 100 % there; here its files are wasted. A folder emptied by an opaque mark likewise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.model.file_events import NO_EVENT, FileEvents, Status
from tui.model.file_stack import StackedFiles
from tui.model.waste_record import Loss, Offender, Waste

__all__ = ["Loss", "Offender", "Waste", "user_wasted_percent", "waste_of"]


class _Wasted(NamedTuple):
    """One body that is not seen in the end."""

    node: int
    size_bytes: int
    added_by: int
    hidden_by: int
    deleted: bool
    again: bool
    """Whether what replaced it has its size and its time of change."""


def waste_of(stack: StackedFiles) -> Waste:
    """What the stack stores and shows. Sizes not known yet count as 0."""
    stored = [layer.stored_bytes for layer in stack.layers]
    wasted = list(_wasted(stack))
    per_layer = [0] * len(stored)
    for body in wasted:
        per_layer[body.added_by] += body.size_bytes
    total, lost = sum(stored), sum(per_layer)
    return Waste(
        stored_bytes=total,
        visible_bytes=total - lost,
        wasted_bytes=lost,
        offenders=_offenders(stack, wasted),
        losses=_losses(stack, wasted),
        per_layer_wasted=tuple(per_layer),
        per_layer_stored=tuple(stored),
    )


def user_wasted_percent(waste: Waste) -> float:
    """Wasted bytes over the bytes of all layers but the lowest: ``.dive-ci`` limits it as ``highestUserWastedPercent``.

    A ratio, as it is there in spite of its name. When the other layers store nothing: 1.0 if they waste something
    all the same (they delete it from the lowest), 0.0 if not.
    """
    user_bytes = sum(waste.per_layer_stored[1:])
    return waste.wasted_bytes / user_bytes if user_bytes else float(waste.wasted_bytes > 0)


def _wasted(stack: StackedFiles) -> Iterator[_Wasted]:
    """Every stored body that is not seen after the last layer, lowest layer first."""
    events = stack.events
    final = events.final()
    after = [NO_EVENT] * len(events)
    for event, previous in enumerate(events.previous):
        after[previous] = event
    for event, size in enumerate(events.sizes):
        if size <= 0 or final[event]:
            continue
        names = events.names(event)
        if any(final[name] for name in names):
            continue
        # It is gone with the last of its names; events stand in the order of their layers.
        hider = max(after[name] for name in names)
        deleted = events.statuses[_comes_to(events, hider, after)] == Status.REMOVED
        again = not deleted and any(_same(stack, event, _comes_to(events, after[name], after)) for name in names)
        yield _Wasted(events.nodes[event], size, events.layers[event], events.layers[hider], deleted, again)


def _same(stack: StackedFiles, event: int, other: int) -> bool:
    """Whether two events store a body of the same size that was changed at the same time."""
    return stack.events.sizes[event] == stack.events.sizes[other] and _modified(stack, event) == _modified(stack, other)


def _modified(stack: StackedFiles, event: int) -> int | None:
    """When the entry of an event was changed last, by itself."""
    index = stack.events.entries[event]
    return stack.layers[stack.events.layers[event]].modified[index] if index >= 0 else None


def _comes_to(events: FileEvents, event: int, after: list[int]) -> int:
    """The event that the layer of ``event`` comes to at its path: it may hide what was there, and then put another."""
    following = after[event]
    while following and events.layers[following] == events.layers[event]:
        event, following = following, after[following]
    return event


def _offenders(stack: StackedFiles, wasted: Iterable[_Wasted]) -> tuple[Offender, ...]:
    bodies: dict[int, list[_Wasted]] = {}
    for body in wasted:
        bodies.setdefault(body.node, []).append(body)
    copies = Counter(node for node, size in zip(stack.events.nodes, stack.events.sizes, strict=True) if size > 0)
    offenders = [
        Offender(
            stack.paths[node],
            sum(body.size_bytes for body in lost),
            copies[node],
            tuple(body.added_by for body in lost),
            tuple(body.hidden_by for body in lost),
            lost[-1].deleted,
        )
        for node, lost in bodies.items()
    ]
    return tuple(sorted(offenders, key=lambda offender: (-offender.wasted_bytes, offender.path)))


def _losses(stack: StackedFiles, wasted: Iterable[_Wasted]) -> tuple[Loss, ...]:
    bodies: dict[tuple[int, int, bool], list[_Wasted]] = {}
    for body in wasted:
        bodies.setdefault((body.added_by, body.hidden_by, body.deleted), []).append(body)
    losses = [
        Loss(
            *pair,
            wasted_bytes=sum(body.size_bytes for body in lost),
            files=len(lost),
            folder=_common_folder(stack, lost),
            stored_again_bytes=sum(body.size_bytes for body in lost if body.again),
        )
        for pair, lost in bodies.items()
    ]
    return tuple(sorted(losses, key=lambda loss: (-loss.wasted_bytes, loss.added_by, loss.hidden_by, loss.deleted)))


def _common_folder(stack: StackedFiles, bodies: list[_Wasted]) -> str:
    """The deepest folder that all of ``bodies`` lie in."""
    first, last = min(body.node for body in bodies), max(body.node for body in bodies)
    folder = stack.parents[first]
    while stack.tree.ends[folder] <= last:
        folder = stack.parents[folder]
    return stack.paths[folder]
