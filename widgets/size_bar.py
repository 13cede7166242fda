"""A bar of block characters: how much of a whole something is."""

from __future__ import annotations

from widgets.cell import Cell, Line, Role

_EIGHTHS = " ▏▎▍▌▋▊▉"
FULL = "█"


def size_bar(part: float, whole: float, width: int) -> Line:
    """``part`` of ``whole`` as a bar ``width`` cells wide, filled to an eighth of a cell.

    Anything more than nothing shows at least an eighth; a whole of nothing is an empty bar.
    """
    share = min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
    eighths = round(share * width * 8)
    if share > 0 and eighths == 0:
        eighths = 1
    full, rest = divmod(eighths, 8)
    filled = FULL * full + (_EIGHTHS[rest] if rest else "")
    return (Cell(filled, Role.BAR), Cell(" " * (width - len(filled))))
