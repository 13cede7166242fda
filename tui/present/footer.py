"""The footer: the keys that apply right now, or the last thing that has to be said."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.cell import Cell, Line, Role


def key_line(keys: Iterable[tuple[str, str]]) -> Line:
    """(key, title) pairs as one line."""
    cells: list[Cell] = []
    for key, title in keys:
        cells += (Cell(f" {key}", Role.ACCENT), Cell(f" {title} ", Role.MUTED))
    return tuple(cells)
