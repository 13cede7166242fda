"""The fewest bytes that take the cursor from one cell to another."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=8192)
def motion(from_x: int, from_y: int, to_x: int, to_y: int) -> str:
    """A sequence that moves the cursor to column *to_x* of row *to_y* (both from 0).

    A *from_y* of -1 says that the cursor may be anywhere; a *from_x* of -1 that it is somewhere in row
    *from_y* (after the last column was written, terminals disagree on where). Only motions that every
    descendant of the VT100 knows are used (ECMA-48 CUP, CUU, CUD, CUF, CUB, CHA; CR, LF, BS).
    """
    if (from_x, from_y) == (to_x, to_y):
        return ""
    column = f";{to_x + 1}" if to_x else ""
    absolute = f"\x1b[{to_y + 1 if to_y or to_x else ''}{column}H"
    if from_y < 0:
        return absolute
    candidates = [absolute]
    if from_y == to_y:
        candidates += _along(from_x, to_x)
    else:
        down = to_y - from_y
        vertical = _steps(down, "B") if down > 0 else _steps(-down, "A")
        candidates += [vertical + along for along in _along(from_x, to_x)]
        if down == 1:
            # A line feed alone would do, but whether the tty adds a carriage return is not ours to know.
            candidates.append("\r\n" + _steps(to_x, "C"))
    return min(candidates, key=_bytes_on_the_line)


def _along(from_x: int, to_x: int) -> list[str]:
    """Ways to another column of the same row."""
    ways = ["\r" + _steps(to_x, "C"), f"\x1b[{to_x + 1}G"]
    if from_x >= 0:
        ways.append(_steps(to_x - from_x, "C") if to_x >= from_x else _steps(from_x - to_x, "D"))
        if from_x - 4 < to_x < from_x:
            ways.append("\b" * (from_x - to_x))
    return ways


def _steps(count: int, final: str) -> str:
    if count == 0:
        return ""
    return f"\x1b[{final}" if count == 1 else f"\x1b[{count}{final}"


def _bytes_on_the_line(sequence: str) -> int:
    return len(sequence) + sequence.count("\n")  # the tty makes CR LF of every LF
