"""Moments and durations in the words the engine uses for them."""

from __future__ import annotations

import time

NEVER = "0001-01-01T00:00:00Z"
"""What the engine writes for a moment that has not come (Go's zero time)."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


class Clock:
    """The demo world's time: the real one, or one that stands still but for a millisecond per reading of :meth:`tick`.

    Args:
        now: seconds since the epoch at which to stand; ``None`` to follow the real time.
    """

    def __init__(self, now: float | None = None) -> None:
        self._fixed = now
        self._ticks = 0

    @property
    def fixed(self) -> bool:
        """True when it stands still."""
        return self._fixed is not None

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() if self._fixed is None else self._fixed + self._ticks * 0.001

    def tick(self) -> float:
        """Let one thing happen: a moment later than every moment before it, and the time of it."""
        self._ticks += 1
        return self.now()


def rfc3339(moment: float | None) -> str:
    """``moment`` as the engine writes it in an inspect; :data:`NEVER` for ``None``."""
    if moment is None:
        return NEVER
    seconds, fraction = divmod(round(moment * 1_000_000), 1_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{fraction:06d}000Z"


def human_duration(seconds: float) -> str:
    """A duration in the engine's rough words, as in ``Up 3 hours``.

    Source: github.com/docker/go-units, ``duration.go``, ``HumanDuration``.
    """
    whole, minutes, hours = int(seconds), int(seconds / MINUTE), int(seconds / HOUR + 0.5)
    if whole < 60:
        words = "Less than a second" if whole < 1 else "1 second" if whole == 1 else f"{whole} seconds"
    elif minutes < 60:
        words = "About a minute" if minutes == 1 else f"{minutes} minutes"
    elif hours < 48:
        words = "About an hour" if hours == 1 else f"{hours} hours"
    elif hours < 24 * 14:
        words = f"{hours // 24} days"
    elif hours < 24 * 60:
        words = f"{hours // 24 // 7} weeks"
    elif hours < 24 * 365 * 2:
        words = f"{hours // 24 // 30} months"
    else:
        words = f"{int(seconds / DAY) // 365} years"
    return words
