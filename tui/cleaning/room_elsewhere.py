"""What to do when the disk is so full that not even the journal can be written: where else there is room for it."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from tui import locations

_ENOUGH_BYTES = 4 << 20
"""Room for a journal, with what is kept beside it for when the next disk is full."""


def next_step_without_room(journal: Path) -> str:
    """What to do, in a sentence, when the file system of ``journal`` is full. Looks at the disk; never raises."""
    free = "Free a few kB there (the journal needs no more)"
    elsewhere = _folder_elsewhere(journal)
    if elsewhere is None:
        return f"{free}, or begin orlop with ORLOP_STATE_DIR set to a folder on another file system that has room."
    setting = f"ORLOP_STATE_DIR={shlex.quote(str(elsewhere))}"
    return f"{free}, or begin orlop with {setting}: there is room, in memory, so copy the journal to a disk afterwards."


def _folder_elsewhere(journal: Path) -> Path | None:
    """A folder of our own, made or not, on a file system that has room and isn't the journal's; ``None`` without."""
    full = _device(journal)
    for place in locations.memory_folders():
        own = place / f"orlop-{os.getuid()}" if hasattr(os, "getuid") else place / "orlop"
        try:
            told, disk = place.stat(), os.statvfs(place)
            usable = stat.S_ISDIR(told.st_mode) and os.access(place, os.W_OK | os.X_OK)
            if usable and told.st_dev != full and disk.f_bavail * disk.f_frsize >= _ENOUGH_BYTES and _is_ours(own):
                return own
        except (OSError, AttributeError):  # it is not there, or there is no statvfs
            continue
    return None


def _device(path: Path) -> int | None:
    """The device that ``path`` is on, or would be."""
    for there in (path, *path.parents):
        try:
            return there.stat().st_dev
        except OSError:
            continue
    return None


def _is_ours(folder: Path) -> bool:
    """True when the folder can be made, or is there and nobody else's: anybody may make one where memory is shared."""
    try:
        told = folder.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISDIR(told.st_mode) and told.st_uid == os.getuid()
