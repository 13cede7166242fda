"""The footer: the keys that apply right now, or the last thing that has to be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from widgets.cell import Cell, Line, Role

_ALWAYS = frozenset({"?", "Esc", "q"})


Keys = Sequence[tuple[str, str]]
"""Keys and what they do."""


_OWN_CELLS = 48
"""Room for the keys that come and go, which no spare key takes even while they are away: spare keys would come and
go with them otherwise, and each step of the cursor would draw half the line anew."""


def fitting_keys(keys: Keys, own: Keys, width: int, spare: Keys = ()) -> tuple[Line, Line]:
    """The keys of a screen, and those that come and go, in ``width`` cells: what has no room is left out whole.

    Half a word tells nothing. The last of those that come and go leave first, then the last of the others; but help,
    which tells of all of them, and the way back stay. Keys to spare stand before those two, as many as have room when
    all the others have theirs.
    """
    left, right = list(keys), list(own)
    before_help = next((at for at, key in enumerate(left) if key[0] in _ALWAYS), len(left))
    left[before_help:before_help] = _fitting_spare(keys, spare, width)
    while _cells(left) + _cells(right) >= width:
        if len(right) > 1:
            right.pop()
        elif not _drop_last(left):
            break
    return key_line(left), key_line(right)


def _fitting_spare(keys: Keys, spare: Keys, width: int) -> Keys:
    room = width - _OWN_CELLS - _cells(keys)
    return [one for at, one in enumerate(spare, start=1) if _cells(spare[:at]) < room]


def _drop_last(keys: list[tuple[str, str]]) -> bool:
    """Leave out the last key that can be; False when only those are left that tell of the others."""
    for at in range(len(keys) - 1, -1, -1):
        if keys[at][0] not in _ALWAYS:
            del keys[at]
            return True
    return False


def _cells(keys: Iterable[tuple[str, str]]) -> int:
    return sum(cell_len(cell.text) for cell in key_line(keys))


def key_line(keys: Iterable[tuple[str, str]]) -> Line:
    """(key, title) pairs as one line."""
    cells: list[Cell] = []
    for key, title in keys:
        cells += (Cell(f" {key}", Role.ACCENT), Cell(f" {title} ", Role.MUTED))
    return tuple(cells)
