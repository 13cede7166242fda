"""The footer: the keys that apply right now, or the last thing that has to be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from widgets.cell import Cell, Line, Role

_ALWAYS = frozenset({"?", "Esc", "q"})


Keys = Sequence[tuple[str, str]]
"""Keys and what they do."""


def fitting_keys(keys: Keys, own: Keys, width: int) -> tuple[Line, Line]:
    """The keys of a screen, and those that come and go, in ``width`` cells: what has no room is left out whole.

    Half a word tells nothing. The last of those that come and go leave first, then the last of the others; but help,
    which tells of all of them, and the way back stay.
    """
    left, right = list(keys), list(own)
    while _cells(left) + _cells(right) >= width:
        if len(right) > 1:
            right.pop()
        elif not _drop_last(left):
            break
    return key_line(left), key_line(right)


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
