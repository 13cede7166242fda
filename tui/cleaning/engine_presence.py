"""Whether the engine is there (again), and whether it is the one that the plan was made for."""

from __future__ import annotations

import asyncio

from tui.engine.errors import EngineUnavailableError
from tui.engine.port import Engine
from tui.model.host import Host

_ASK_EVERY = 0.5
"""Seconds between two questions to an engine that does not answer."""


async def is_engine(engine: Engine, engine_id: str, host: Host) -> bool:
    """Whether ``engine``, which has just said ``host`` of itself, has the ID ``engine_id``. Empty: any will do.

    Podman makes up an ID for every answer. Where two answers differ, the ID tells nothing and is passed over.

    Raises:
        EngineError: the engine does not say.
    """
    if not engine_id or host.id == engine_id:
        return True
    return (await engine.host()).id != host.id


async def comes_back(engine: Engine, engine_id: str, patience: float) -> bool:
    """Wait up to ``patience`` seconds until the engine answers again; True when it does and is the same one.

    Raises:
        EngineError: it answers, and does not say what it is.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + patience
    while True:
        try:
            await engine.ping()
            return await is_engine(engine, engine_id, await engine.host())
        except EngineUnavailableError:
            if clock() >= deadline:
                return False
        await asyncio.sleep(_ASK_EVERY)
