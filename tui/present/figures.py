"""Bytes, ages and IDs as people read them. The only place where a whole ID is shortened."""

from __future__ import annotations

import time
from datetime import datetime

import humanize

UNKNOWN = "…"
"""What a figure reads that is not known yet. Never 0."""


def size(count: int | None, *, digits: int = 1) -> str:
    """Bytes in decimal units with one decimal (or ``digits``), as ``docker`` counts them: ``1.2 GB``."""
    if count is None:
        return UNKNOWN
    return humanize.naturalsize(count, format=f"%.{digits}f") if count >= 1000 else f"{count} B"


def exact_bytes(count: int | None) -> str:
    """Bytes to the byte: ``1,243,112,448 B``."""
    return UNKNOWN if count is None else f"{count:,} B"


def share(part: int | None, whole: int | None) -> str:
    """``part`` as a percentage of ``whole``, three cells wide or more."""
    if part is None or not whole:
        return ""
    percent = 100 * part / whole
    return "<1%" if 0 < percent < 1 else f"{percent:.0f}%"


def now() -> float:
    """Seconds since the epoch: what ages are counted from."""
    return time.time()


def age(moment: float | None) -> str:
    """How long ago ``moment`` (seconds since the epoch) was: ``3 days ago``."""
    if not moment or moment <= 0:
        return "no date"
    seconds = now() - moment
    if seconds < 0:
        return "in the future"
    return f"{humanize.naturaldelta(seconds)} ago" if seconds >= 1 else "just now"


def brief_age(moment: float | None) -> str:
    """An age in at most four cells, for a column: ``3d``, ``7w``, ``2y``."""
    if not moment or moment <= 0:
        return "-"
    seconds = max(0.0, now() - moment)
    for unit, length in (("y", 31_557_600), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length * (2 if unit == "w" else 1):
            return f"{int(seconds // length)}{unit}"
    return f"{int(seconds)}s"


def date(moment: float | None) -> str:
    """The local date and time of ``moment``, to the second, with its offset."""
    if not moment or moment <= 0:
        return "no date"
    try:
        return datetime.fromtimestamp(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    except (OverflowError, OSError, ValueError):
        return "no valid date"


def moment_of(text: str) -> float | None:
    """Seconds since the epoch of an RFC 3339 text; ``None`` for none, for Go's year 1, and for anything odd."""
    try:
        moment = datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
    return moment if moment > 0 else None


def short_id(identity: str) -> str:
    """The first twelve hex digits of an ID or digest, as ``docker`` shows them."""
    return identity.removeprefix("sha256:")[:12]


def count(number: int, one: str, many: str = "") -> str:
    """``1 tag``, ``3 tags``: a number with its noun (plural with *s* unless given)."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
