"""Backing a volume up to a tar on this machine, and making sure that it holds what the volume holds.

The volume is read twice. The first time it is written to the disk, which is then read again; the second time only its
digest is taken. The engine writes the same tar for the same files (names in order, no times of reading), so that two
different digests mean that somebody wrote to the volume meanwhile: such a backup may be torn, and is thrown away.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tui.cleaning.errors import BackupError, reason_of
from tui.cleaning.part_file import (
    LeftPart,
    PartFile,
    check_room,
    count_entries,
    digest_of,
    left_parts,
    make_folder,
    sweep,
)
from tui.contents.errors import ContentsError
from tui.contents.own_thread import in_own_thread
from tui.contents.watch import Stop, Watch
from tui.engine.errors import EngineError, EngineUnavailableError
from tui.engine.port import Engine
from tui.model.cleanup_progress import StepState
from tui.model.storage import Reading

OnBytes = Callable[[StepState, int], None]
"""Told what is being done, and how many bytes of that are done; called in whichever thread reads, often."""


class Backup(NamedTuple):
    """A backup that has been verified."""

    path: Path
    sha256: str
    """Of the file, as hex digits."""
    bytes: int
    """Of the file."""
    entries: int
    """Files, folders and links in it."""


def _not_told(state: StepState, done_bytes: int) -> None:
    """Nobody wants to know."""


class BackupFolder:
    """The folder that holds the backups of volumes, for the user alone.

    Args:
        path: the folder; it is made when it is first needed. ``None`` when nobody knows where the user's home is.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path

    async def back_up(
        self, engine: Engine, name: str, *, expected_bytes: int | None = None, on_bytes: OnBytes = _not_told
    ) -> Backup:
        """Back the volume ``name`` up, and verify it. Nothing stays behind when that fails or is cancelled.

        Args:
            engine: where the volume is.
            name: the volume.
            expected_bytes: what its files take, as far as known: whether there is room is looked at first.
            on_bytes: told how far it has come.

        Raises:
            BackupError: there is no verified backup: no room, cut short, or the volume changed meanwhile.
            EngineUnavailableError: the engine went away.
        """
        folder = self.path
        if folder is None:
            raise BackupError(
                "There is no place for backups: nobody knows where your home folder is.",
                "Let ORLOP_STATE_DIR name a folder.",
            )
        await asyncio.to_thread(_prepare, folder, name, expected_bytes)
        part = PartFile(folder, name, time.time())
        try:
            await self._write(engine, part, on_bytes)
            entries = await self._verify_file(part, on_bytes)
            await self._verify_volume(engine, part, on_bytes)
            path = await asyncio.to_thread(part.give_name)
        except BaseException:
            # In a thread: it waits until what is being flushed is flushed, and the event loop must not.
            await asyncio.shield(asyncio.to_thread(part.discard))
            raise
        return Backup(path, part.sha256, part.written_bytes, entries)

    async def left(self) -> tuple[LeftPart, ...]:
        """Unfinished backups that an orlop which was killed has left."""
        return await asyncio.to_thread(left_parts, self.path) if self.path is not None else ()

    async def sweep(self) -> None:
        """Take those away."""
        if self.path is not None:
            await asyncio.to_thread(sweep, self.path)

    async def _write(self, engine: Engine, part: PartFile, on_bytes: OnBytes) -> None:
        def take(data: bytes) -> None:
            part.take(data)
            on_bytes(StepState.BACKING_UP, part.written_bytes)

        on_bytes(StepState.BACKING_UP, 0)
        try:
            await engine.volume_archive(part.volume, take, _ignore)
        except EngineUnavailableError:
            if part.problem is not None:
                raise part.problem from None
            raise
        except EngineError as error:
            if part.problem is not None:
                # Whoever read the volume has put the failure to write it into words of its own.
                raise part.problem from error
            raise BackupError(
                f"Volume {part.volume} could not be backed up: {error.message}", error.next_step
            ) from error
        await asyncio.to_thread(part.finish)

    async def _verify_file(self, part: PartFile, on_bytes: OnBytes) -> int:
        """Read the file again, from its first byte to its end mark; return how many entries it has."""

        def read(stop: Stop) -> int:
            watch = Watch(lambda reading: on_bytes(StepState.VERIFYING, reading.done_bytes // 2), stop)
            try:
                digest, size = digest_of(part.path, watch)
                entries = count_entries(part.path, Watch(None, stop))
            except OSError as error:
                raise BackupError(f"The backup {part.path.name} can't be read again: {reason_of(error)}.") from error
            except ContentsError as error:
                raise BackupError(f"The backup of volume {part.volume} is not whole: {error.message}") from error
            if (digest, size) != (part.sha256, part.written_bytes):
                raise BackupError(
                    f"The backup {part.path.name} does not hold what was written to it.", "Look at the disk it lies on."
                )
            return entries

        on_bytes(StepState.VERIFYING, 0)
        return await in_own_thread(read, "orlop-verify")

    async def _verify_volume(self, engine: Engine, part: PartFile, on_bytes: OnBytes) -> None:
        """Read the volume a second time and hold it against the first."""
        digest = hashlib.sha256()
        size = 0

        def take(data: bytes) -> None:
            nonlocal size
            digest.update(data)
            size += len(data)
            on_bytes(StepState.VERIFYING, (part.written_bytes + size) // 2)

        try:
            await engine.volume_archive(part.volume, take, _ignore)
        except EngineUnavailableError:
            raise
        except EngineError as error:
            raise BackupError(
                f"The backup of volume {part.volume} could not be verified: {error.message}", error.next_step
            ) from error
        if (digest.hexdigest(), size) != (part.sha256, part.written_bytes):
            raise BackupError(
                f"Volume {part.volume} changed while it was backed up.", "Stop whatever writes to it and try again."
            )


def _prepare(folder: Path, name: str, expected_bytes: int | None) -> None:
    make_folder(folder)
    sweep(folder)
    check_room(folder, name, expected_bytes)


def _ignore(_reading: Reading) -> None:
    """Bytes are counted where they are taken."""
