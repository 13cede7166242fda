"""Marks as they are seen in the trees: a sign before every row, and which marks a row stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum

from tui.model.mark import Kind, Mark
from tui.model.place import CachePlace, ContainerPlace, ImagePlace, Place, VolumePlace
from tui.present.figures import count
from widgets.cell import Cell, Role, RowText
from widgets.node import Node


class Sign(Enum):
    """How much of what a row stands for is marked; the value is what stands before the row."""

    NONE = Cell(" ")
    SOME = Cell("–", Role.MARKED)
    """A group with marked and unmarked members."""
    ALL = Cell("✓", Role.MARKED)


_OWN_WORDS = frozenset({Role.NORMAL, Role.STRONG})


def mark_of_place(place: object) -> Mark | None:
    """The mark of an object's own row; ``None`` for groups, and for rows inside an object."""
    match place:
        case ImagePlace():
            return Mark(Kind.IMAGE, place.image.id, place.tag)
        case ContainerPlace():
            return Mark(Kind.CONTAINER, place.container.id)
        case VolumePlace():
            return Mark(Kind.VOLUME, place.volume.name)
        case CachePlace():
            return Mark(Kind.CACHE_RECORD, place.record.id)
        case _:
            return None


def marks_of_node(node: Node) -> tuple[Mark, ...]:
    """What marking a row marks: the object it is, or the members of the group it is, as they are shown."""
    own = mark_of_place(node.data)
    return (own,) if own is not None else tuple(every_mark(node.children))


def every_mark(nodes: Iterable[Node]) -> Iterator[Mark]:
    """The marks of all objects among ``nodes`` and below them."""
    for node in nodes:
        own = mark_of_place(node.data)
        if own is not None:
            yield own
        yield from every_mark(node.children)


def sign_of(members: Collection[Mark], marks: frozenset[Mark]) -> Sign:
    """The sign of a row that stands for ``members``."""
    marked = sum(mark in marks for mark in members) if marks else 0
    if not marked:
        return Sign.NONE
    return Sign.ALL if marked == len(members) else Sign.SOME


def signed_row(row: RowText, sign: Sign) -> RowText:
    """A row behind its sign; of one that is marked, the name has the sign's colour too."""
    left = row.left
    if sign is Sign.ALL:
        left = tuple(Cell(cell.text, Role.MARKED) if cell.role in _OWN_WORDS else cell for cell in left)
    return row._replace(left=left, gutter=(sign.value,))


def unmarkable(place: Place | None) -> str:
    """Why a row can't be marked, and what can."""
    if place is None:
        return "There is nothing to mark here."
    return "This row is a part of something: mark the image, container or volume itself."


def all_protected(rules: Sequence[str]) -> str:
    """Why nothing could be marked."""
    if len(rules) == 1:
        return f"Kept by your rule {rules[0]}: P lifts that for this object, on purpose and for this session."
    kept_by = ", ".join(dict.fromkeys(rules))
    return f"All {len(rules)} are kept by your rules ({kept_by}); P on one of them lifts that."


def left_out(number: int) -> str:
    """Some of what was to be marked was not."""
    return f"{count(number, 'protected one')} left out; P on one of them lifts its protection."
