"""The engine's own figures, asked for with patience."""

from __future__ import annotations

import asyncio

from tui.engine.errors import BusyError, EngineError
from tui.engine.port import Engine
from tui.model.host import DiskUsage

_ASK_EVERY = 0.5
_PATIENCE = 120.0
"""Seconds. An engine that is already measuring for somebody else may walk many volumes."""


async def usage_of(engine: Engine) -> DiskUsage:
    """The engine's account of its disk, once it has time: 20.10 measures for one at a time.

    Raises:
        EngineError: it does not say, or is busy for too long.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + _PATIENCE
    while True:
        try:
            return await engine.disk_usage()
        except BusyError:
            if clock() >= deadline:
                raise
        await asyncio.sleep(_ASK_EVERY)


async def usage_unless(given_up: asyncio.Event, engine: Engine) -> DiskUsage | None:
    """The engine's account of its disk; ``None`` when it does not say, or once ``given_up`` is set."""
    asking = asyncio.create_task(usage_of(engine), name="measure")
    waiting = asyncio.create_task(given_up.wait(), name="given up")
    try:
        await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else None
    except EngineError:
        return None
    finally:
        waiting.cancel()
        asking.cancel()
