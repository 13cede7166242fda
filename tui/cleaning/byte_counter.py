"""Bytes of a backup, counted in whichever thread reads them, and told in the event loop's, now and then."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import time
from collections.abc import Callable

from tui.cleaning.backup import OnBytes
from tui.model.cleanup_progress import StepState

_TELL_EVERY = 0.1
"""Seconds between two words on how far a backup has come."""


def byte_counter(note: Callable[[StepState, int], None]) -> OnBytes:
    """What may be called from any thread, as often as there are bytes; ``note`` is then called in this event loop."""
    loop = asyncio.get_running_loop()
    # Else it would be called in the thread's own context, where nothing says which app it is that draws: whatever the
    # screen puts off for a moment from there never happens.
    context = contextvars.copy_context()
    told: tuple[StepState | None, float] = (None, 0.0)

    def count(state: StepState, done_bytes: int) -> None:
        nonlocal told
        now = time.monotonic()
        if state is told[0] and now - told[1] < _TELL_EVERY:
            return
        told = (state, now)
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody looks any more
            loop.call_soon_threadsafe(note, state, done_bytes, context=context)

    return count
