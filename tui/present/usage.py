"""The disk usage: its rows and its bar, and where each part leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tui.model.engine_disk import DiskRoom, DiskSight, EngineDisk
from tui.model.estimate import Certainty, Estimate
from tui.model.inventory import Inventory
from tui.model.selection import Selection, Sort
from tui.model.usage_parts import DiskParts, Group, Part, UsageGroup, UsagePart
from tui.present import figures
from tui.present.cleanup_plan import amount
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.stacked_bar import BarPart

STAYS, TOGETHER, CAN_GO = "█", "▓", "░"
"""Textures: what is in use, what comes back only together with something else, what can go."""

_TEXTURES = {
    Part.LAYERS_SHARED: TOGETHER,
    Part.LAYERS_ALONE: CAN_GO,
    Part.LAYERS_DANGLING: CAN_GO,
    Part.WRITTEN_STOPPED: CAN_GO,
    Part.VOLUMES_UNUSED: CAN_GO,
    Part.VOLUMES_ANONYMOUS: CAN_GO,
    Part.CACHE_PRIVATE: CAN_GO,
    Part.CACHE_SHARED: TOGETHER,
}
_ROLES = {
    Group.IMAGES: Role.BAR,
    Group.CONTAINERS: Role.GOOD,
    Group.VOLUMES: Role.WARNING,
    Group.CACHE: Role.LINK,
    Group.LOGS: Role.BAD,
}
_SHARE, _SIZE, _BACK = 5, 11, 12
_EXACT = 20
"""Cells of the columns; those of bytes are wider when they are exact."""

_PANES = {Group.IMAGES: "images", Group.CONTAINERS: "containers", Group.VOLUMES: "volumes", Group.CACHE: "cache"}
_QUERIES: Mapping[Part, str] = MappingProxyType(
    {
        Part.LAYERS_USED: "in-use",
        Part.LAYERS_SHARED: "unused",
        Part.LAYERS_ALONE: "unused",
        Part.LAYERS_DANGLING: "dangling unused",
        Part.VOLUMES_USED: "in-use",
        Part.VOLUMES_UNUSED: "unused",
        Part.VOLUMES_ANONYMOUS: "anonymous unused",
        Part.CACHE_IN_USE: "in-use private",
        Part.CACHE_PRIVATE: "unused private",
        Part.CACHE_SHARED: "shared",
    }
)


class PartSpot(NamedTuple):
    """A part's row."""

    part: UsagePart
    group: UsageGroup


class LogsUnreadSpot(NamedTuple):
    """What stands in the place of logs that nobody has measured."""

    reason: str
    """Why they can't be measured; empty when nobody has tried."""


class RoomSpot(NamedTuple):
    """How full the disk is that all this lies on."""

    disk: EngineDisk


class Door(NamedTuple):
    """Where a part leads: a pane of the main screen, filtered and with the largest first."""

    pane: str
    selection: Selection


def usage_nodes(parts: DiskParts, unmeasured: str = "", disk: EngineDisk | None = None) -> tuple[Node, ...]:
    """Every group, and below it its parts that hold anything, and how full the disk is.

    Args:
        parts: everything.
        unmeasured: why logs can't be measured.
        disk: the disk it lies on; ``None`` while nobody has looked.
    """
    nodes = [_group_node(group) for group in parts.groups]
    if all(group.group is not Group.LOGS for group in parts.groups):
        nodes.append(Node("logs unread", LogsUnreadSpot(unmeasured)))
    if disk is not None:
        nodes.append(Node("disk room", RoomSpot(disk)))
    return tuple(nodes)


def _group_node(group: UsageGroup) -> Node:
    if group.group is Group.LOGS:  # it has only one part
        return Node(f"group {group.group}", group)
    shown = (part for part in group.parts if part.things or part.bytes)
    children = tuple(Node(f"part {part.part}", PartSpot(part, group)) for part in shown)
    return Node(f"group {group.group}", group, children, open=True)


# -- the bar --------------------------------------------------------------------------------------


def bar_parts(parts: DiskParts) -> tuple[BarPart, ...]:
    """Every part, in the order of the rows."""
    return tuple(
        BarPart(part.bytes or 0, _ROLES[group.group], _TEXTURES.get(part.part, STAYS))
        for group in parts.groups
        for part in group.parts
    )


def pointed_at(parts: DiskParts, spot: object) -> frozenset[int]:
    """The numbers of the bar's parts that a row is about."""
    every = [(group.group, part.part) for group in parts.groups for part in group.parts]
    match spot:
        case PartSpot():
            return frozenset(n for n, (_group, part) in enumerate(every) if part is spot.part.part)
        case UsageGroup():
            return frozenset(n for n, (group, _part) in enumerate(every) if group is spot.group)
        case _:
            return frozenset()


def legend() -> Line:
    """What the textures mean."""
    words = ((STAYS, "in use"), (TOGETHER, "shared"), (CAN_GO, "can go"))
    return tuple(cell for sign, word in words for cell in (Cell(f" {sign} ", Role.BAR), Cell(word, Role.MUTED)))


# -- rows -----------------------------------------------------------------------------------------


def column_titles(*, exact: bool) -> RowText:
    """What stands above the columns."""
    size = _EXACT if exact else _SIZE
    return RowText(
        (), (Cell(f"{'comes back':>{_EXACT if exact else _BACK}}{'share':>{_SHARE + 1}}{'size':>{size}}", Role.MUTED),)
    )


def usage_row(spot: object, parts: DiskParts, *, exact: bool) -> RowText:
    """A row of the disk usage."""
    match spot:
        case UsageGroup():
            return RowText(_group_words(spot), _figures(spot.bytes, None, parts, _unsized(spot.parts), exact=exact))
        case PartSpot(part=part):
            left: Line = (Cell(f"{_TEXTURES.get(part.part, STAYS)} ", _ROLES[spot.group.group]), Cell(str(part.part)))
            if part.elsewhere_bytes:
                left = (*left, Cell(f"  {figures.size(part.elsewhere_bytes)} above", Role.MUTED))
            return RowText(left, _figures(part.bytes, part.comes_back, parts, part.unsized, exact=exact))
        case LogsUnreadSpot():
            words = "can't be measured from here" if spot.reason else "not measured: m, then u measures them"
            return RowText((Cell(str(Group.LOGS), Role.STRONG), Cell(f"  {words}", Role.MUTED)))
        case RoomSpot(disk=disk):
            return _room_row(disk.room, exact=exact)
        case _:
            return RowText(())


def _room_row(room: DiskRoom | None, *, exact: bool) -> RowText:
    name = Cell("Free on the disk", Role.STRONG)
    if room is None:
        return RowText((name, Cell("  can't be seen from here", Role.MUTED)))
    width = _EXACT if exact else _SIZE
    text = figures.exact_bytes(room.free_bytes) if exact else figures.size(room.free_bytes)
    return RowText(
        (name, Cell(f"  of {figures.size(room.total_bytes)}", Role.MUTED)), (Cell(f"{text:>{width}}", Role.GOOD),)
    )


def free_cells(sight: DiskSight | None, *, exact: bool) -> Line:
    """What is free on the engine's disk, for the title; nothing where that can't be seen."""
    room = sight.engine.room if sight is not None else None
    if room is None:
        return ()
    amount_free = figures.exact_bytes(room.free_bytes) if exact else figures.size(room.free_bytes)
    return (Cell("· ", Role.MUTED), Cell(f"{amount_free} free ", Role.GOOD))


def _group_words(group: UsageGroup) -> Line:
    name = Cell(str(group.group), Role.STRONG)
    if group.line is None or group.line.size_bytes is None:
        return (name,)
    return (name, Cell(f"  df: {figures.size(group.line.size_bytes)}", Role.MUTED))


def _unsized(parts: Iterable[UsagePart]) -> int:
    return sum(part.unsized or part.bytes is None for part in parts)


def _figures(size: int | None, back: Estimate | None, parts: DiskParts, unsized: int, *, exact: bool) -> Line:
    share = figures.share(size, parts.total_bytes)
    least = "≥ " if unsized and size is not None else ""
    width = _EXACT if exact else _SIZE
    text = least + (figures.exact_bytes(size) if exact else figures.size(size))
    freed = "" if back is None or not (back.bytes or back.certainty is Certainty.UNKNOWN) else amount(back, exact=exact)
    return (
        Cell(f"{freed:>{width if exact else _BACK}}", Role.GOOD),
        Cell(f"{share:>{_SHARE + 1}}", Role.MUTED),
        Cell(f"{text:>{width}}", Role.NUMBER),
    )


# -- doors ----------------------------------------------------------------------------------------


def door_of(spot: object, inventory: Inventory) -> Door | None:
    """Where a row leads; ``None`` for logs, which have no pane."""
    match spot:
        case UsageGroup() if spot.group in _PANES:
            return Door(_PANES[spot.group], Selection("", Sort.SIZE))
        case PartSpot() if spot.group.group in _PANES:
            query = _query(spot.part.part, inventory)
            return Door(_PANES[spot.group.group], Selection(query, Sort.SIZE))
        case _:
            return None


def _query(part: Part, inventory: Inventory) -> str:
    """The filter that shows what a part is made of; empty where no filter can say that."""
    if part in {Part.WRITTEN_RUNNING, Part.WRITTEN_STOPPED}:
        alive = part is Part.WRITTEN_RUNNING
        states = {container.state for container in inventory.containers if container.alive == alive}
        return states.pop() if len(states) == 1 else ""
    return _QUERIES.get(part, "")
