"""Putting a volume back from its backup."""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path
from typing import BinaryIO

from tui.cleaning import journal_lines
from tui.cleaning.errors import RestoreError, reason_of
from tui.cleaning.journal import Journal
from tui.cleaning.part_file import digest_of
from tui.contents.own_thread import in_own_thread
from tui.contents.reading import OnReading
from tui.contents.watch import Stop, Watch
from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.model.journal_record import Lost, StepRecord
from tui.model.storage import Reading


def _not_told(_reading: Reading) -> None:
    """Nobody wants to know."""


async def free_name(engine: Engine, wanted: str) -> str:
    """``wanted``, or a name like it that no volume has yet: ``wanted-restored``, ``wanted-restored-2`` …

    Raises:
        EngineError: the engine does not say.
    """
    name, number = wanted, 1
    while True:
        try:
            await engine.volume_detail(name)
        except NotFoundError:
            return name
        name = f"{wanted}-restored" if number == 1 else f"{wanted}-restored-{number}"
        number += 1


async def restore(
    engine: Engine,
    record: StepRecord,
    session: str,
    name: str,
    journal: Journal,
    *,
    on_reading: OnReading = _not_told,
) -> None:
    """Make the volume ``name`` and fill it with what was backed up; nothing stays behind when that fails.

    Args:
        engine: where it is to be; need not be the engine it came from.
        record: the step that removed it.
        session: the cleanup which that was part of.
        name: what it is to be called: see :func:`free_name`.
        journal: where it is written down.
        on_reading: told how far it has come; called in whichever thread reads.

    Raises:
        RestoreError: the backup is gone, or is not what was written.
        EngineError: the engine refused; ``ConflictError`` when it has a volume of that name.
        JournalError: it is restored, and that could not be written down.
    """
    lost = record.lost
    if not lost.backup_path:
        raise RestoreError(f"Volume {lost.name} was not backed up.", "There is nothing to restore it from.")
    path = Path(lost.backup_path)

    def check(stop: Stop) -> None:
        _check(path, lost, Watch(on_reading, stop, lost.backup_bytes))

    await in_own_thread(check, "orlop-verify")
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        reader = _CheckedReader(file, lost)
        await engine.restore_volume(
            name,
            reader,
            driver=lost.driver or "local",
            labels=dict(lost.labels),
            options=dict(lost.options),
            on_reading=on_reading,
        )
    finally:
        file.close()
    await journal.append(journal_lines.restored(session, time.time(), record.number, name))


def _check(path: Path, lost: Lost, watch: Watch) -> None:
    try:
        digest, size = digest_of(path, watch)
    except OSError as error:
        raise _unreadable(path, error) from error
    if digest != lost.backup_sha256 or size != lost.backup_bytes:
        raise _changed(lost)


def _unreadable(path: Path, error: OSError) -> RestoreError:
    return RestoreError(f"The backup {path} can't be read: {reason_of(error)}.", "Put it back where it was.")


def _changed(lost: Lost) -> RestoreError:
    return RestoreError(
        f"The backup {lost.backup_path} is not what was written when volume {lost.name} was removed.",
        "Nothing was restored from it.",
    )


class _CheckedReader:
    """The backup once more, held against its digest on the way: it may change between the check and the use."""

    def __init__(self, file: BinaryIO, lost: Lost) -> None:
        self._file = file
        self._lost = lost
        self._digest = hashlib.sha256()
        self._left = lost.backup_bytes or 0

    def read(self, size: int, /) -> bytes:
        """The next bytes; an error instead of the last ones when they were not the right ones."""
        data = self._file.read(size)
        self._digest.update(data)
        self._left -= len(data)
        if (not data or self._left <= 0) and self._digest.hexdigest() != self._lost.backup_sha256:
            raise _changed(self._lost)
        return data
