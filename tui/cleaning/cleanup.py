"""A cleanup under way: the ready steps of a reviewed plan, in order, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from tui import __version__
from tui.cleaning import journal_lines
from tui.cleaning.backup import BackupFolder, OnBytes
from tui.cleaning.byte_counter import byte_counter
from tui.cleaning.desk import PATIENCE, Attempts, Carried, Desk
from tui.cleaning.disk_look import disk_of
from tui.cleaning.engine_presence import is_engine
from tui.cleaning.errors import JournalError, fault_words
from tui.cleaning.figures import usage_unless
from tui.cleaning.journal import Journal
from tui.cleaning.measured import Measured
from tui.cleaning.step_run import CUT_OFF, StepRun
from tui.cleaning.sweeping import sweep
from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_progress import CleanupProgress, EngineFigures, RunState, StepProgress, StepState
from tui.model.docker_commands import program_for
from tui.model.engine_disk import removed_containers
from tui.model.host import DiskUsage
from tui.model.mark import Kind


class Cleanup:
    """Carries out a plan. Use one for each plan, in one event loop.

    Args:
        engine: on which.
        plan: what was reviewed; only its ready steps are carried out.
        journal: where everything is written down first.
        backups: where volumes are backed up to.
        back_up: names of the volumes that are backed up before they go.
        on_progress: told whenever something has happened, in the event loop's thread.
        usage: the engine's account of its disk, if it has been read just now; else it is asked for that first.
        planned_by: who or what made the plan, for the journal.
        patience: seconds that an engine which went away may take to come back.
    """

    def __init__(
        self,
        engine: Engine,
        plan: CleanupPlan,
        journal: Journal,
        backups: BackupFolder | None,
        *,
        back_up: Collection[str] = (),
        on_progress: Callable[[CleanupProgress], None],
        usage: DiskUsage | None = None,
        planned_by: str = "",
        patience: float = PATIENCE,
    ) -> None:
        self.session = uuid.uuid4().hex
        """Its name in the journal."""
        self._engine = engine
        self._plan = plan
        self._journal = journal
        self._back_up = frozenset(back_up)
        self._on_progress = on_progress
        self._planned_by = planned_by
        self._desk = Desk(engine, journal, backups, self.session, plan.engine_id, patience=patience)
        self._attempts = [Attempts() for _step in plan.ready]
        """What has been tried of each step: it may have failed half way."""
        self._progress = CleanupProgress(plan, tuple(StepProgress(step) for step in plan.ready))
        self._measured = Measured(engine, back_up, usage)
        self._clock = 0.0
        """When the time began that is being counted."""
        self._spent = 0.0
        """Seconds counted before that."""
        self._go_on = asyncio.Event()
        self._go_on.set()
        self._stopping = asyncio.Event()
        self._leaving = False
        self._run: StepRun | None = None
        self._begun = False
        """The journal knows of it."""

    @property
    def progress(self) -> CleanupProgress:
        """How far it has come."""
        return self._progress

    # -- steering ---------------------------------------------------------------------------------

    def pause(self) -> None:
        """Finish the current step, then wait."""
        if self._progress.state is RunState.RUNNING and not self._stopping.is_set():
            self._go_on.clear()
            self._tell(state=RunState.PAUSING)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._progress.state in {RunState.PAUSING, RunState.PAUSED}:
            self._go_on.set()
            self._tell(state=RunState.RUNNING)

    def stop(self, *, leaving: bool = False) -> None:
        """Finish the current step, and begin no other; a backup or a measuring under way is given up.

        What came back is measured all the same; stopping again gives that up, too.

        Args:
            leaving: nobody waits for figures any more.
        """
        self._leaving = self._leaving or leaving
        self._stopping.set()
        self._go_on.set()
        if self._run is not None:
            self._run.stop_backup()

    # -- running ----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Carry the plan out, to its end or until something keeps that from going on. Call it once.

        Never raises an EngineError. When it is cancelled, the step under way gets its line in the journal.
        """
        await self._session(range(len(self._progress.steps)))

    async def retry(self, key: tuple[Kind, str]) -> None:
        """Try a failed step once more; anything else is left alone. Only when the run is over."""
        await self._again([index for index in self._failed() if self._progress.steps[index].step.key == key])

    async def retry_all(self) -> None:
        """Try every failed step once more. Only when the run is over."""
        await self._again(self._failed())

    async def drop(self, key: tuple[Kind, str]) -> None:
        """Let a failed step be. Only when the run is over."""
        for index in self._failed():
            one = self._progress.steps[index]
            if one.step.key == key:
                self._show(index, state=StepState.DROPPED)
                line = journal_lines.outcome(
                    self.session,
                    time.time(),
                    index + 1,
                    StepState.DROPPED,
                    sentence=one.sentence,
                    seconds=one.seconds,
                )
                with contextlib.suppress(JournalError):  # nothing is removed: the line only says that nothing will be
                    await self._journal.append(line)

    def _failed(self) -> list[int]:
        if not self._progress.over or self._progress.measuring:
            return []
        return [index for index, one in enumerate(self._progress.steps) if one.state is StepState.FAILED]

    async def _again(self, indexes: Sequence[int]) -> None:
        if not indexes:
            return
        self._measured.forget()
        for index in indexes:
            self._set(index, state=StepState.WAITING, sentence="", backup_path="", done_bytes=0, seconds=0.0)
        # Only here: who stops a run before it has come to its first step means it all the same.
        self._stopping.clear()
        self._go_on.set()
        await self._session(indexes)

    async def _session(self, indexes: Sequence[int]) -> None:
        """Carry out these steps, say in the journal how that ended, and measure what came back."""
        self._spent, self._clock = self._progress.seconds, time.monotonic()
        self._tell(state=RunState.RUNNING, sentence="", after=None, disk_after=None)
        try:
            reason = await self._begin(indexes)
            if reason is None:
                reason = await self._steps(indexes)
        except asyncio.CancelledError:
            await self._end("The cleanup was cut off.")
            raise
        except Exception as error:  # noqa: BLE001 - else nobody would be told, and the screen wait for ever
            reason = f"{fault_words(error)} No other step was begun."
        self._stopping.clear()  # that was about the steps: from here on, it gives the figures up
        await self._end(reason)
        given_up = self._leaving or self._stopping.is_set()
        if self._begun and not given_up and self._progress.in_state(StepState.DONE):
            await self._measure_after()

    async def _begin(self, indexes: Sequence[int]) -> str | None:
        """Make sure that everything is there; return why it must not go on, if it must not."""
        if self._engine.read_only:
            return "orlop was started read-only, so nothing is removed."
        try:
            host = await self._engine.host()
            if not await is_engine(self._engine, self._plan.engine_id, host):
                return "This plan was made for another engine, so nothing was removed."
        except EngineError as error:
            return f"{error.message} Nothing was removed."
        self._desk = self._desk._replace(program=program_for(host), volume_dates_hold=host.volume_dates_hold)
        await sweep(self._engine, self._desk.backups, {step.id for step in self._plan.ready})
        await self._measure_before(indexes)
        if self._begun:
            return None
        if self._measured.before is not None:
            self._tell(before=EngineFigures.of(self._measured.before))
        if self._progress.disk_before is None:
            self._tell(disk_before=await disk_of(self._engine, removed_containers(self._plan)))
        try:
            await self._journal.append(
                journal_lines.begun(
                    self.session, time.time(), host, self._plan, orlop=__version__, planned_by=self._planned_by
                )
            )
        except JournalError as error:
            return f"{error} Nothing was removed."
        self._begun = True
        return None

    async def _steps(self, indexes: Sequence[int]) -> str | None:
        """Carry these steps out; return why that was ended before the last one, if it was: "" by the user."""
        for place, index in enumerate(indexes):
            if not self._go_on.is_set():
                self._tell(state=RunState.PAUSED)
                await self._go_on.wait()
                self._measured.forget()  # a pause may last a night
            if not self._stopping.is_set():
                await self._measure_before(indexes[place:])
            if self._stopping.is_set():
                return ""
            reason = await self._step(index)
            if reason is not None:
                return reason
        return None

    async def _measure_before(self, indexes: Sequence[int]) -> None:
        """Read the engine's figures, unless they are known or nothing among these steps hangs on them."""
        steps = [self._progress.steps[index].step for index in indexes]
        if self._measured.lacks(steps, always=not self._begun):
            self._tell(measuring=True)
            await self._measured.read(self._stopping)
            self._tell(measuring=False)

    async def _step(self, index: int) -> str | None:
        """Carry one step out; return why no other may follow, if none may."""
        step = self._progress.steps[index].step
        begun = time.monotonic()
        self._run = run = StepRun(
            self._desk,
            index + 1,
            step,
            back_up=step.kind is Kind.VOLUME and step.id in self._back_up,
            attempts=self._attempts[index],
            show=lambda state: self._show(index, state=state, done_bytes=0),
            on_bytes=self._counter(index),
        )
        reason = None
        try:
            self._show(index, state=StepState.CHECKING)
            carried = await run.carry_out(await self._measured.for_step(step))
        except JournalError as error:
            reason = str(error)
            carried = run.carried or Carried(StepState.FAILED, f"{error.message} Nothing was removed.")
        except asyncio.CancelledError:
            self._conclude(index, run.carried or Carried(StepState.SKIPPED, CUT_OFF), begun)
            raise
        except Exception as error:
            # Around the step, or while its failure was written down: what it has come to by then is all there is.
            self._conclude(index, run.carried or Carried(StepState.FAILED, fault_words(error)), begun)
            raise
        finally:
            self._run = None
        self._conclude(index, carried, begun)
        if carried.engine_lost:
            return "The engine went away and has not come back, so no other step was begun."
        return reason

    def _conclude(self, index: int, carried: Carried, begun: float) -> None:
        self._show(
            index,
            state=carried.state,
            sentence=carried.sentence,
            backup_path=carried.backup_path,
            done_bytes=0,
            seconds=time.monotonic() - begun,
        )

    async def _end(self, reason: str | None) -> None:
        """It is over: ``reason`` is why it was stopped, and ``None`` when it went to its end."""
        state = RunState.FINISHED if reason is None else RunState.STOPPED
        self._tell(state=state, sentence=reason or "")
        self._spent, self._clock = self._progress.seconds, 0.0
        await self._write_end()

    async def _write_end(self) -> None:
        told = self._progress
        if not self._begun:
            return
        try:
            await self._journal.append(journal_lines.end_of(self.session, time.time(), told))
        except JournalError as error:
            # All is done, and every step has its line: what is missing is only that it ended.
            self._tell(sentence=told.sentence or str(error))

    # -- the engine's figures ---------------------------------------------------------------------

    async def _measure_after(self) -> None:
        self._tell(measuring=True)
        usage = disk = None
        try:
            usage = await usage_unless(self._stopping, self._engine)
            disk = await disk_of(self._engine) if usage else None
        except Exception:  # noqa: BLE001 - all is done and written down: what can't be read is told as not known
            usage = None
        finally:
            self._tell(measuring=False, after=EngineFigures.of(usage) if usage else None, disk_after=disk)
        if self._progress.freed_bytes is not None:
            await self._write_end()

    # -- telling ----------------------------------------------------------------------------------

    def _show(self, index: int, **changes: Any) -> None:
        self._set(index, **changes)
        self._tell()

    def _set(self, index: int, **changes: Any) -> None:
        steps = list(self._progress.steps)
        steps[index] = replace(steps[index], **changes)
        self._progress = replace(self._progress, steps=tuple(steps))

    def _tell(self, **changes: Any) -> None:
        seconds = self._spent + (time.monotonic() - self._clock if self._clock else 0.0)
        self._progress = replace(self._progress, seconds=seconds, **changes)
        self._on_progress(self._progress)

    def _counter(self, index: int) -> OnBytes:
        def note(state: StepState, done_bytes: int) -> None:
            if self._run is not None and self._run.counting:
                self._show(index, state=state, done_bytes=done_bytes)

        return byte_counter(note)
