"""One step of a plan, carried out: looked at, backed up, written down, removed. Whatever is doubtful stays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tui.cleaning import journal_lines
from tui.cleaning.backup import Backup, OnBytes
from tui.cleaning.checking import Look, called, look, named, user_of
from tui.cleaning.desk import Attempts, Carried, Desk
from tui.cleaning.errors import BackupError, JournalError, fault_words
from tui.cleaning.lost_things import lost_of
from tui.cleaning.step_removal import StepRemoval
from tui.engine.errors import EngineError, EngineUnavailableError
from tui.model.cleanup_plan import Step
from tui.model.cleanup_progress import StepState
from tui.model.host import DiskUsage
from tui.model.image import ImageDetail
from tui.model.journal_record import Lost
from tui.model.mark import Kind

CUT_OFF = "The cleanup was cut off before this was removed."
_LAST_WAIT = 0.8
"""Seconds that a removal which was asked for may take once the cleanup is cut off."""


class StepRun:
    """One step under way. Use it once.

    Args:
        desk: what it is done with.
        number: its number in the session, from 1 on.
        step: what was reviewed.
        back_up: whether its volume is to be backed up first.
        attempts: what earlier attempts at it have done; what this one does is added.
        show: told what is being done.
        on_bytes: told how far a backup has come; called in whichever thread reads.
    """

    def __init__(
        self,
        desk: Desk,
        number: int,
        step: Step,
        *,
        back_up: bool,
        attempts: Attempts,
        show: Callable[[StepState], None],
        on_bytes: OnBytes,
    ) -> None:
        self._desk = desk
        self._number = number
        self._step = step
        self._back_up = back_up
        self._attempts = attempts
        self._remover = StepRemoval(desk, step, attempts)
        self._show = show
        self._on_bytes = on_bytes
        self._written = False
        """The journal has (or may have) the line that says that the step is about to be done."""
        self._removal: asyncio.Task[Carried] | None = None
        self._backing_up: asyncio.Task[Backup] | None = None
        self._stopped = False
        """Its backup is not to be begun any more."""
        self.carried: Carried | None = None
        """What came of it, once that is known; the journal may still lack it."""
        self.counting = False
        """True while a backup is being made: what is told of its bytes later is old."""

    async def carry_out(self, usage: DiskUsage | None = None) -> Carried:
        """Do it; its lines in the journal are written when this returns.

        Args:
            usage: what the engine says of its disk, for a cache record or a volume.

        Raises:
            JournalError: the journal can't be written; nothing was removed unless a removal is under way or done.
        """
        begun = time.monotonic()
        try:
            carried = await self._carry_out(usage)
        except asyncio.CancelledError:
            await self._cut_off(begun)
            raise
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours is told as the step's; else the run stands still
            carried = await self._after_fault(error)
        await self._write_outcome(carried, begun)
        return carried

    def stop_backup(self) -> None:
        """End the backup under way, or that has not been begun yet, if there is one: the volume then stays."""
        self._stopped = True
        if self._backing_up is not None:
            self._backing_up.cancel()

    async def _carry_out(self, usage: DiskUsage | None) -> Carried:
        step = self._step
        try:
            # What a backup saves may have grown: nothing of it is lost.
            seen = await self._look(None if self._back_up else usage)
            settled = self._remover.settled(seen)
            if settled is not None:
                return await self._left(settled)
            if not seen.sentence and self._back_up:
                seen = await self._backed_up(seen, usage)
            elif not seen.sentence and step.kind is Kind.IMAGE and len(step.untags) > 1 and step.removes_object:
                seen = await self._unused(seen)
        except BackupError as error:
            return await self._left(Carried(StepState.SKIPPED, f"{error} Nothing was removed."))
        except EngineUnavailableError as error:
            away = not await self._remover.engine_back()
            carried = Carried(StepState.FAILED, f"{error.message} Nothing was removed.", engine_lost=away)
            return await self._left(carried)
        except EngineError as error:
            return await self._left(Carried(StepState.FAILED, str(error)))
        if seen.sentence:
            return await self._left(Carried(StepState.SKIPPED, seen.sentence), seen)
        lost = lost_of(step, seen.found, self._attempts.backup, self._desk.program)
        self._attempts.lost = lost
        await self._write_intent(lost)
        self._show(StepState.REMOVING)
        self._removal = asyncio.create_task(self._remove(seen), name="removal")
        # Shielded: a removal that was asked for happens anyway, and what came of it is wanted even then.
        return await asyncio.shield(self._removal)

    # -- before -----------------------------------------------------------------------------------

    async def _look(self, usage: DiskUsage | None = None) -> Look:
        self._show(StepState.CHECKING)
        engine, attempts = self._desk.engine, self._attempts
        seen = await look(engine, self._step, usage, attempts.taken)
        if attempts.asked_tag and isinstance(seen.found, ImageDetail):
            self._remover.note_tags(seen.found.tags)
            return await look(engine, self._step, usage, attempts.taken)
        return seen

    async def _remove(self, seen: Look) -> Carried:
        return (await self._remover.carry_out(seen))._replace(backup_path=self._backup_path)

    @property
    def _backup_path(self) -> str:
        backup = self._attempts.backup
        return str(backup.path.absolute()) if backup else ""

    async def _unused(self, seen: Look) -> Look:
        """The look, or why it would be in vain to go on."""
        return seen._replace(sentence=await user_of(self._desk.engine, self._step))

    async def _backed_up(self, seen: Look, usage: DiskUsage | None) -> Look:
        """Back the volume up, and look once more afterwards: that may have taken an hour."""
        if self._desk.backups is None:
            raise BackupError(f"There is no folder to back up {named(self._step)} to.")
        seen = await self._unused(seen)
        if seen.sentence:
            return seen
        if self._stopped:
            raise BackupError("The cleanup was stopped before its backup.")
        measured = usage.volumes.get(self._step.id) if usage is not None else None
        expected = measured.size_bytes if measured is not None else self._step.reviewed.size_bytes
        work = self._desk.backups.back_up(
            self._desk.engine, self._step.id, expected_bytes=expected, on_bytes=self._on_bytes
        )
        self._backing_up = asyncio.create_task(work, name="backup")
        self.counting = True
        try:
            self._attempts.backup = await self._backing_up
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise BackupError("The cleanup was stopped during its backup.") from None
        finally:
            self.counting = False
            self._backing_up = None
        return await self._look()

    # -- the journal ------------------------------------------------------------------------------

    async def _left(self, carried: Carried, seen: Look | None = None) -> Carried:
        """Nothing was touched; that is written down too."""
        lost = lost_of(self._step, seen.found if seen else None, self._attempts.backup, self._desk.program)
        if not lost.ways_back and self._attempts.lost is not None:
            lost = self._attempts.lost  # an earlier attempt has seen it
        await self._write_intent(lost)
        return carried._replace(backup_path=self._backup_path)

    async def _after_fault(self, error: Exception) -> Carried:
        """Something that nobody reckoned with has gone wrong."""
        if self._removal is not None:
            sentence = f"{fault_words(error)} {called(self._step)} may or may not have been removed."
            return Carried(StepState.FAILED, sentence, self._backup_path)
        carried = Carried(StepState.FAILED, f"{fault_words(error)} Nothing was removed.")
        return carried if self._written else await self._left(carried)

    async def _write_intent(self, lost: Lost) -> None:
        self._written = True
        line = journal_lines.step(self._desk.session, time.time(), self._number, self._step, lost)
        await self._desk.journal.append(line)

    async def _write_outcome(self, carried: Carried, begun: float) -> None:
        self.carried = carried
        seconds = time.monotonic() - begun
        line = journal_lines.outcome(
            self._desk.session, time.time(), self._number, carried.state, sentence=carried.sentence, seconds=seconds
        )
        await self._desk.journal.append(line)

    async def _cut_off(self, begun: float) -> None:
        """The run has been cancelled: finish the line in the journal, if it was begun."""
        self.stop_backup()
        if not self._written:
            return
        carried = Carried(StepState.SKIPPED, CUT_OFF)
        if self._removal is not None:
            carried = Carried(StepState.FAILED, "The cleanup was cut off: this may or may not have been removed.")
            done, _pending = await asyncio.wait((self._removal,), timeout=_LAST_WAIT)
            if done and not self._removal.cancelled() and self._removal.exception() is None:
                carried = self._removal.result()
        await self._write_outcome(carried, begun)
