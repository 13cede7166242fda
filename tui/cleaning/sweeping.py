"""What an orlop that was killed, or lost its engine, has left: it keeps volumes in use, and takes up room."""

from __future__ import annotations

import contextlib
from collections.abc import Collection

from tui.cleaning.backup import BackupFolder
from tui.engine.errors import EngineError
from tui.engine.port import Engine


async def sweep(engine: Engine, backups: BackupFolder | None, spare: Collection[str]) -> None:
    """Take away helpers and unfinished backups that nobody uses any more.

    Args:
        engine: where helpers are looked for.
        backups: where unfinished backups are looked for.
        spare: IDs of helpers that are in a plan: those are left to their steps.
    """
    with contextlib.suppress(EngineError):  # where it matters, a step says what is in its way
        await engine.remove_leftovers(spare)
    if backups is not None:
        await backups.sweep()
