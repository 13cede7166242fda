"""The journal on the disk: one JSON object a line, only ever appended to, and on the disk before anything is removed.

Several orlops may append to it at once: each line goes out in a single write to a file opened for appending, so that
lines of different processes stand beside each other and never within one another (POSIX ``write``, ``O_APPEND``).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
from pathlib import Path

import aiofiles

from tui.cleaning.errors import JournalError, reason_of
from tui.cleaning.room_elsewhere import next_step_without_room
from tui.model.journal_record import JournalLine

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_RESERVE_BYTES = 256 * 1024
"""Room for about 200 lines of the usual length."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class Journal:
    """Where cleanups are written down.

    Beside it lies a file that only takes up room. When the disk is full (which is when people clean up), that file
    goes, so that there is room for the lines without which nothing may be removed.

    Args:
        path: the file; its folder is made when it is missing. ``None`` when nobody knows where the user's home is.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._ready = False
        self._lock = asyncio.Lock()

    async def append(self, line: JournalLine) -> None:
        """Write one line; it is on the disk when this returns.

        Lines stand in the order they are given. One whose writing is cancelled is written all the same, and before
        the next one.

        Raises:
            JournalError: it is not, or not wholly.
        """
        path = self._path()
        writing = asyncio.ensure_future(self._append(path, line))
        # So that nobody complains of an error that nobody waits for: the next line meets it again.
        writing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.shield(writing)

    async def _append(self, path: Path, line: JournalLine) -> None:
        async with self._lock:
            await self._append_alone(path, line)

    async def _append_alone(self, path: Path, line: JournalLine) -> None:
        # Names from the engine may hold anything; \u escapes keep a line one line, whatever reads it.
        data = (json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n").encode("ascii")
        try:
            if not self._ready:
                await asyncio.to_thread(_make_folder, path.parent)
            try:
                await self._write(path, data)
            except OSError as error:
                if error.errno not in _NO_ROOM or not await asyncio.to_thread(_give_up, self._reserve(path)):
                    raise
                await self._write(path, data)
            if not self._ready:
                await asyncio.to_thread(_set_up, path, self._reserve(path))
                self._ready = True
        except OSError as error:
            next_step = "Make room there, or let ORLOP_STATE_DIR name a folder on another disk."
            if error.errno in _NO_ROOM:
                next_step = await asyncio.to_thread(next_step_without_room, path)
            raise JournalError(f"The journal {path} can't be written: {reason_of(error)}.", next_step) from error

    def _path(self) -> Path:
        if self.path is None:
            raise JournalError(
                "There is no place for the journal: nobody knows where your home folder is.",
                "Let ORLOP_STATE_DIR name a folder.",
            )
        return self.path

    @staticmethod
    def _reserve(path: Path) -> Path:
        return path.with_name(f"{path.name}.reserve")

    async def _write(self, path: Path, data: bytes) -> None:
        """One write, behind a line break if the line before it was cut off."""
        async with aiofiles.open(path, "ab", buffering=0, opener=_open_private) as file:
            descriptor = file.fileno()
            if await asyncio.to_thread(_ends_within_a_line, descriptor):
                data = b"\n" + data
            written = await file.write(data)
            if written != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            await asyncio.to_thread(os.fsync, descriptor)


def _open_private(path: str, flags: int) -> int:
    """For reading too: whether the last line is whole has to be looked at."""
    return os.open(path, (flags & ~os.O_WRONLY) | os.O_RDWR, _PRIVATE_FILE)


def _ends_within_a_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    if not size:
        return False
    os.lseek(descriptor, size - 1, os.SEEK_SET)  # O_APPEND writes at the end wherever this leads
    return os.read(descriptor, 1) != b"\n"


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)


def _set_up(path: Path, reserve: Path) -> None:
    """The new file's name on the disk, and the room beside it taken. The latter may fail: it only helps."""
    with contextlib.suppress(OSError):  # not every file system lets a folder be flushed
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    try:
        descriptor = os.open(reserve, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
    except OSError:
        return
    try:
        # Random bytes: zeros may be stored as none at all.
        os.write(descriptor, os.urandom(_RESERVE_BYTES))
        os.fsync(descriptor)
    except OSError:
        reserve.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _give_up(reserve: Path) -> bool:
    """Give the room back; False when there was none."""
    try:
        reserve.unlink()
    except OSError:
        return False
    return True
