"""How full the disk is that an engine keeps its data on, and what some containers' logs take: a look, not a walk."""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import Collection
from pathlib import Path

from tui.engine import reading
from tui.engine.connection import Connection
from tui.engine.storage_measure import logs_of, room_of
from tui.engine.storage_report import containers_folder, why_not_here, why_not_readable
from tui.model.engine_disk import EngineDisk
from tui.model.host import Endpoint, Host


def engine_disk(connection: Connection, endpoint: Endpoint, container_ids: Collection[str]) -> EngineDisk:
    """The room on the file system of the engine's root dir, and these containers' logs; see :class:`EngineDisk`."""
    host = reading.host(connection, endpoint)
    reason = why_not_here(host)
    if reason:
        return EngineDisk(reason=reason)
    root = Path(host.root_dir)
    reason = why_not_readable(host, connection)
    if reason:
        # Whoever may not read the folder may still ask how full its disk is, if nothing says that it is another's.
        return _looked_at(root)._replace(reason=reason) if _same_machine(host, root) else EngineDisk(reason=reason)
    try:
        return _looked_at(root)._replace(logs=logs_of(containers_folder(host, root), container_ids))
    except OSError as error:
        return _looked_at(root)._replace(reason=f"The logs below {root} can't be read: {error.strerror}.")


def _same_machine(host: Host, root: Path) -> bool:
    """True when the engine calls its machine as this one is called, and ``root`` is there, closed to this user."""
    try:
        there = stat.S_ISDIR(root.stat().st_mode)
    except OSError:
        return False
    return there and not os.access(root, os.R_OK | os.X_OK) and host.name == platform.node()


def _looked_at(root: Path) -> EngineDisk:
    try:
        return EngineDisk(room_of(root), root.stat().st_dev)
    except OSError as error:
        return EngineDisk(reason=f"How full the disk of {root} is can't be told: {error.strerror}.")
