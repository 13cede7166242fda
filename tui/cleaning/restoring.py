"""Putting a volume back from its backup."""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tui.cleaning import journal_lines
from tui.cleaning.errors import JournalError, RestoreError, reason_of
from tui.cleaning.journal import Journal
from tui.cleaning.part_file import digest_of
from tui.contents.own_thread import in_own_thread
from tui.contents.reading import OnReading
from tui.contents.watch import Stop, Watch
from tui.engine.errors import ConflictError, EngineError, NotFoundError
from tui.engine.port import Engine
from tui.model.journal_record import LineKind, Lost, StepRecord
from tui.model.reclaim import device_in
from tui.model.storage import Reading
from tui.told_error import ToldError


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

    The journal has a line before anything is made. Where the engine can't be asked to take a half-filled volume away
    again, or orlop is killed, that line alone tells of it: it may be half restored.

    Args:
        engine: where it is to be; need not be the engine it came from.
        record: the step that removed it.
        session: the cleanup which that was part of.
        name: what it is to be called: see :func:`free_name`.
        journal: where it is written down.
        on_reading: told how far it has come; called in whichever thread reads.

    Raises:
        RestoreError: the backup is gone, or is not what was written; or a half-restored volume stays.
        EngineError: the engine refused; ``ConflictError`` when it has a volume of that name.
        JournalError: it could not be written down that it is restored, or that it is about to be.
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
    noted = _Noted(journal, session, record.number, name)
    try:
        await noted.write(LineKind.RESTORING)
        await engine.restore_volume(
            name,
            _CheckedReader(file, lost),
            driver=lost.driver or "local",
            labels=dict(lost.labels),
            options=_options_for_restoring(lost),
            on_reading=on_reading,
        )
    except JournalError:
        raise
    except ConflictError:
        await noted.write(LineKind.NOT_RESTORED)  # the name is another's
        raise
    except (EngineError, RestoreError, asyncio.CancelledError) as error:
        # Not begun anew by being cancelled once more: what stays has to be known.
        if not await asyncio.shield(_nothing_stays(engine, name)):
            raise _half_restored(name, error) from error
        await noted.write(LineKind.NOT_RESTORED)
        raise
    finally:
        file.close()
    await noted.write(LineKind.RESTORED)


class _Noted(NamedTuple):
    """One restoring, as the journal is to have it."""

    journal: Journal
    session: str
    number: int
    name: str

    async def write(self, kind: LineKind) -> None:
        """Write down how far it is. Raises JournalError."""
        line = journal_lines.restoring(kind, self.session, time.time(), self.number, self.name)
        await self.journal.append(line)


async def _nothing_stays(engine: Engine, name: str) -> bool:
    """Whether the engine says that there is no volume of that name."""
    try:
        await engine.volume_detail(name)
    except NotFoundError:
        return True
    except EngineError:
        return False
    return False


def _half_restored(name: str, error: BaseException) -> RestoreError:
    why = error.message if isinstance(error, ToldError) else "Restoring was stopped."
    return RestoreError(
        f"{why} Volume {name} may be there and hold only a part of its files: it is half restored.",
        "Remove it once the engine is there, then restore again.",
    )


def _options_for_restoring(lost: Lost) -> dict[str, str]:
    """The volume's options; none for one that only pointed to a folder or share.

    The files there have stayed, and may have changed since: they are not to be written over.
    """
    options = dict(lost.options)
    return {} if device_in(lost.driver or "local", options) else options


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
