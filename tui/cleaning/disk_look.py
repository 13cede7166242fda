"""Looks at how full the disks are that a cleanup is about: the engine's, and the one that backups of volumes go to."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.engine.storage_measure import room_of
from tui.model.engine_disk import BackupPlace, DiskSight, EngineDisk


async def look_at_disks(engine: Engine, backup_folder: Path | None, container_ids: Collection[str] = ()) -> DiskSight:
    """How full the disks are now, and what these containers' logs take. It never raises: what can't be had is missing.

    Args:
        engine: whose disk.
        backup_folder: where backups of volumes go, whether it is there already or not; ``None`` when nowhere.
        container_ids: whose logs.
    """
    place = await asyncio.to_thread(backup_place, backup_folder) if backup_folder is not None else None
    return DiskSight(await disk_of(engine, container_ids), place)


async def disk_of(engine: Engine, container_ids: Collection[str] = ()) -> EngineDisk:
    """The engine's disk alone; why it can't be had when it can't."""
    try:
        return await engine.engine_disk(container_ids)
    except EngineError as error:
        return EngineDisk(reason=error.message)


def backup_place(folder: Path) -> BackupPlace | None:
    """The file system that ``folder`` is on, or will be once it is made; ``None`` when that can't be told."""
    for there in (folder, *folder.parents):
        try:
            return BackupPlace(str(folder), room_of(there), there.stat().st_dev)
        except FileNotFoundError:
            continue  # it is made when it is first needed
        except (OSError, AttributeError):  # no statvfs on Windows
            return None
    return None
