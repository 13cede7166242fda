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
from tui.cleaning.engine_presence import is_engine
from tui.cleaning.errors import JournalError
from tui.cleaning.figures import usage_of, usage_unless
from tui.cleaning.journal import Journal
from tui.cleaning.step_run import CUT_OFF, PATIENCE, Carried, Desk, StepRun
from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_progress import CleanupProgress, EngineFigures, RunState, StepProgress, StepState
from tui.model.docker_commands import program_for
from tui.model.host import DiskUsage
from tui.model.mark import Kind

_TELL_EVERY = 0.1
"""Seconds between two words on how far a backup has come."""


class Cleanup:
    """Carries out a plan. Use one for each plan, in one event loop.

    Args:
        engine: on which.
        plan: what was reviewed; only its ready steps are carried out.
        journal: where everything is written down first.
        backups: where volumes are backed up to.
        back_up: names of the volumes that are backed up before they go.
        on_progress: told whenever something has happened, in the event loop's thread.
        before: the engine's figures before anything goes; it is asked for them when they are not given.
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
        before: EngineFigures | None = None,
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
        self._taken: dict[int, set[str]] = {}
        """Tags that have been taken away, by the index of the step: it may have failed half way."""
        self._progress = CleanupProgress(plan, tuple(StepProgress(step) for step in plan.ready), before=before)
        self._clock = 0.0
        """When the time began that is being counted."""
        self._spent = 0.0
        """Seconds counted before that."""
        self._go_on = asyncio.Event()
        self._go_on.set()
        self._stopping = asyncio.Event()
        self._run: StepRun | None = None
        self._usage: DiskUsage | None = None
        """Read once for all cache records that follow each other: it may take minutes."""
        self._told: tuple[StepState | None, float] = (None, 0.0)
        """What was said last of a backup, and when."""
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

    def stop(self) -> None:
        """Finish the current step, and begin no other; a backup or a measuring under way is given up."""
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
        for index in indexes:
            self._set(index, state=StepState.WAITING, sentence="", backup_path="", done_bytes=0, seconds=0.0)
        # Only here: who stops a run before it has come to its first step means it all the same.
        self._stopping.clear()
        self._go_on.set()
        await self._session(indexes)

    async def _session(self, indexes: Sequence[int]) -> None:
        """Carry out these steps, say in the journal how that ended, and measure what came back."""
        self._usage = None
        self._spent, self._clock = self._progress.seconds, time.monotonic()
        self._tell(state=RunState.RUNNING, sentence="", after=None)
        try:
            reason = await self._begin()
            if reason is None:
                reason = await self._steps(indexes)
        except asyncio.CancelledError:
            await self._end("The cleanup was cut off.")
            raise
        await self._end(reason)
        if self._begun and not self._stopping.is_set() and self._progress.in_state(StepState.DONE):
            await self._measure_after()

    async def _begin(self) -> str | None:
        """Make sure that everything is there; return why it must not go on, if it must not."""
        if self._engine.read_only:
            return "orlop was started read-only, so nothing is removed."
        try:
            host = await self._engine.host()
            if not await is_engine(self._engine, self._plan.engine_id, host):
                return "This plan was made for another engine, so nothing was removed."
        except EngineError as error:
            return f"{error.message} Nothing was removed."
        self._desk = self._desk._replace(program=program_for(host))
        if self._begun:
            return None
        if self._progress.before is None:
            self._tell(measuring=True)
            usage = await usage_unless(self._stopping, self._engine)
            self._tell(measuring=False, before=EngineFigures.of(usage) if usage else None)
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
        for index in indexes:
            if not self._go_on.is_set():
                self._tell(state=RunState.PAUSED)
                await self._go_on.wait()
            if self._stopping.is_set():
                return ""
            reason = await self._step(index)
            if reason is not None:
                return reason
        return None

    async def _step(self, index: int) -> str | None:
        """Carry one step out; return why no other may follow, if none may."""
        step = self._progress.steps[index].step
        begun = time.monotonic()
        self._run = run = StepRun(
            self._desk,
            index + 1,
            step,
            back_up=step.kind is Kind.VOLUME and step.id in self._back_up,
            taken=self._taken.setdefault(index, set()),
            show=lambda state: self._show(index, state=state, done_bytes=0),
            on_bytes=self._counter(index),
        )
        reason = None
        try:
            carried = await run.carry_out(await self._cache_usage(index))
        except JournalError as error:
            reason = str(error)
            carried = run.carried or Carried(StepState.FAILED, f"{error.message} Nothing was removed.")
        except asyncio.CancelledError:
            self._conclude(index, run.carried or Carried(StepState.SKIPPED, CUT_OFF), begun)
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

    async def _cache_usage(self, index: int) -> DiskUsage | None:
        """For a cache record, what the engine says of its cache: read once, since it may walk every volume for that.

        A record that has come into use since is the engine's to refuse, and its ID is never given to another.
        """
        if self._progress.steps[index].step.kind is not Kind.CACHE_RECORD:
            return None
        if self._usage is None:
            self._show(index, state=StepState.CHECKING)
            with contextlib.suppress(EngineError):  # it is asked again, and the step says what it answered
                self._usage = await usage_of(self._engine)
        return self._usage

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
        how = "finished" if told.state is RunState.FINISHED else "stopped"
        line = journal_lines.ended(
            self.session,
            time.time(),
            how,
            sentence=told.sentence,
            freed_bytes=told.freed_bytes,
            seconds=told.seconds,
        )
        try:
            await self._journal.append(line)
        except JournalError as error:
            # All is done, and every step has its line: what is missing is only that it ended.
            self._tell(sentence=told.sentence or str(error))

    # -- the engine's figures ---------------------------------------------------------------------

    async def _measure_after(self) -> None:
        self._tell(measuring=True)
        try:
            usage = await usage_unless(self._stopping, self._engine)
        finally:
            self._progress = replace(self._progress, measuring=False)
        self._tell(after=EngineFigures.of(usage) if usage else None)
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
        """Counts the bytes of a backup, in whichever thread reads them."""
        loop = asyncio.get_running_loop()

        def count(state: StepState, done_bytes: int) -> None:
            now = time.monotonic()
            told, when = self._told
            if state is told and now - when < _TELL_EVERY:
                return
            self._told = (state, now)
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody looks any more
                loop.call_soon_threadsafe(note, state, done_bytes)

        def note(state: StepState, done_bytes: int) -> None:
            if self._run is not None and self._run.counting:
                self._show(index, state=state, done_bytes=done_bytes)

        return count
