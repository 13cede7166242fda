"""One step of a plan, carried out: looked at, backed up, written down, removed. Whatever is doubtful stays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from tui.cleaning import journal_lines
from tui.cleaning.backup import Backup, BackupFolder, OnBytes
from tui.cleaning.checking import Look, called, look, named, points_to, user_of
from tui.cleaning.engine_presence import comes_back
from tui.cleaning.errors import BackupError
from tui.cleaning.journal import Journal
from tui.cleaning.lost_things import lost_of
from tui.engine.errors import EngineError, EngineUnavailableError, NotFoundError
from tui.engine.port import Engine
from tui.model.cleanup_plan import Step
from tui.model.cleanup_progress import StepState
from tui.model.docker_commands import PROGRAM, Command
from tui.model.host import DiskUsage
from tui.model.image import ImageDetail
from tui.model.journal_record import Lost
from tui.model.mark import Kind

PATIENCE = 15.0
"""Seconds that an engine may take to come back: dockerd restarts in one to ten."""
CUT_OFF = "The cleanup was cut off before this was removed."
_LAST_WAIT = 0.8
"""Seconds that a removal which was asked for may take once the cleanup is cut off."""


class Desk(NamedTuple):
    """What all steps of a run share."""

    engine: Engine
    journal: Journal
    backups: BackupFolder | None
    session: str
    engine_id: str
    program: Command = PROGRAM
    patience: float = PATIENCE


class Carried(NamedTuple):
    """What came of a step."""

    state: StepState
    sentence: str = ""
    backup_path: str = ""
    engine_lost: bool = False
    """The engine went away and has not come back: nothing more can be done."""


class StepRun:
    """One step under way. Use it once.

    Args:
        desk: what it is done with.
        number: its number in the session, from 1 on.
        step: what was reviewed.
        back_up: whether its volume is to be backed up first.
        taken: tags that an earlier attempt has taken away already; more are added here.
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
        taken: set[str],
        show: Callable[[StepState], None],
        on_bytes: OnBytes,
    ) -> None:
        self._desk = desk
        self._number = number
        self._step = step
        self._back_up = back_up
        self._taken = taken
        self._show = show
        self._on_bytes = on_bytes
        self._written = False
        """The journal has (or may have) the line that says that the step is about to be done."""
        self._removal: asyncio.Task[Carried] | None = None
        self._backing_up: asyncio.Task[Backup] | None = None
        self._backup: Backup | None = None
        self._asked_for = ""
        """The tag that the engine has been asked to take away, and has not answered yet."""
        self.carried: Carried | None = None
        """What came of it, once that is known; the journal may still lack it."""
        self.counting = False
        """True while a backup is being made: what is told of its bytes later is old."""

    async def carry_out(self, usage: DiskUsage | None = None) -> Carried:
        """Do it; its lines in the journal are written when this returns. ``usage``: just read, for a cache record.

        Raises:
            JournalError: the journal can't be written; nothing was removed unless a removal is under way or done.
        """
        begun = time.monotonic()
        try:
            carried = await self._carry_out(usage)
        except asyncio.CancelledError:
            await self._cut_off(begun)
            raise
        await self._write_outcome(carried, begun)
        return carried

    def stop_backup(self) -> None:
        """End the backup under way, if there is one: the volume then stays."""
        if self._backing_up is not None:
            self._backing_up.cancel()

    async def _carry_out(self, usage: DiskUsage | None) -> Carried:
        step = self._step
        try:
            seen = await self._look(usage)
            if not seen.sentence and self._back_up:
                seen = await self._backed_up(seen)
            elif not seen.sentence and step.kind is Kind.IMAGE and len(step.untags) > 1 and step.removes_object:
                seen = await self._unused(seen)
        except BackupError as error:
            return await self._left(Carried(StepState.SKIPPED, f"{error} Nothing was removed."))
        except EngineUnavailableError as error:
            lost = not await self._engine_back()
            carried = Carried(StepState.FAILED, f"{error.message} Nothing was removed.", engine_lost=lost)
            return await self._left(carried)
        except EngineError as error:
            return await self._left(Carried(StepState.FAILED, str(error)))
        if seen.sentence:
            return await self._left(Carried(StepState.SKIPPED, seen.sentence), seen)
        await self._write_intent(lost_of(step, seen.found, self._backup, self._desk.program))
        self._show(StepState.REMOVING)
        self._removal = asyncio.create_task(self._remove(seen), name="removal")
        # Shielded: a removal that was asked for happens anyway, and what came of it is wanted even then.
        return await asyncio.shield(self._removal)

    # -- before -----------------------------------------------------------------------------------

    async def _look(self, usage: DiskUsage | None = None) -> Look:
        self._show(StepState.CHECKING)
        return await look(self._desk.engine, self._step, usage, self._taken)

    async def _unused(self, seen: Look) -> Look:
        """The look, or why it would be in vain to go on."""
        return seen._replace(sentence=await user_of(self._desk.engine, self._step))

    async def _backed_up(self, seen: Look) -> Look:
        """Back the volume up, and look once more afterwards: that may have taken an hour."""
        if self._desk.backups is None:
            raise BackupError(f"There is no folder to back up {named(self._step)} to.")
        seen = await self._unused(seen)
        if seen.sentence:
            return seen
        work = self._desk.backups.back_up(
            self._desk.engine, self._step.id, expected_bytes=self._step.reviewed.size_bytes, on_bytes=self._on_bytes
        )
        self._backing_up = asyncio.create_task(work, name="backup")
        self.counting = True
        try:
            self._backup = await self._backing_up
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise BackupError("The cleanup was stopped during its backup.") from None
        finally:
            self.counting = False
            self._backing_up = None
        return await self._look()

    # -- the removal ------------------------------------------------------------------------------

    async def _remove(self, seen: Look) -> Carried:
        """Ask the engine; where it does not say what it did, find out. Raises nothing."""
        step = self._step
        path = str(self._backup.path.absolute()) if self._backup else ""
        try:
            sentence = await self._ask(seen)
        except EngineUnavailableError as error:
            return (await self._after_loss(error))._replace(backup_path=path)
        except EngineError as error:
            return (await self._after_refusal(error))._replace(backup_path=path)
        if sentence:
            return Carried(StepState.FAILED if self._taken else StepState.SKIPPED, sentence, path)
        self._taken.update(step.untags)
        return Carried(StepState.DONE, backup_path=path)

    async def _ask(self, seen: Look) -> str:
        """Ask the engine for the removal, by whole ID; return why it was not asked for, if it was not."""
        engine, step = self._desk.engine, self._step
        match step.kind:
            case Kind.CONTAINER:
                # Killed only if it is running now and was when it was reviewed. Its volumes are steps of their own.
                force = step.force and step.reviewed.alive and seen.alive
                await engine.remove_container(step.id, force=force, anonymous_volumes=False)
            case Kind.VOLUME:
                await engine.remove_volume(step.id)
            case Kind.CACHE_RECORD:
                await engine.prune_cache_record(step.id)
            case Kind.IMAGE:
                return await self._ask_image()
        return ""

    async def _ask_image(self) -> str:
        """Take tags away one by one, each only while it points to the image; then the image, by ID.

        The last of all tags is left to the removal by ID: the engine checks and does that in one, so nothing can come
        in between, and an image that something uses by now keeps a name.
        """
        engine, step = self._desk.engine, self._step
        names = [name for name in step.untags if name not in self._taken]
        if step.removes_object and set(step.untags) >= set(step.reviewed.tags):
            del names[-1:]
        for name in names:
            if await points_to(engine, name) != step.id:
                return f"The tag {name} no longer points to the image that was reviewed.{self._taken_so_far()}"
            self._asked_for = name
            done = await engine.remove_image(name)
            self._taken.add(name)
            self._asked_for = ""
            if done.deleted:
                # Our image has another name, so it is not ours. The engine can't be asked to take a name away only
                # from one image: in the moment between the question and the removal, somebody moved the tag.
                return (
                    f"The tag {name} was given to another image in the very moment it was taken away, and the engine "
                    f"removed that image with it: {', '.join(done.deleted)}."
                )
        if not step.removes_object:
            return ""
        if names:
            again = await look(engine, step, taken=self._taken)
            if again.sentence:
                return f"{again.sentence}{self._taken_so_far()}"
        await engine.remove_image(step.id)
        return ""

    def _taken_so_far(self) -> str:
        if not self._taken:
            return ""
        return f" Taken away so far: {', '.join(sorted(self._taken))}."

    async def _after_refusal(self, error: EngineError) -> Carried:
        """The engine has said no. Something else may have removed it, or begun to use it, since the look."""
        engine, step = self._desk.engine, self._step
        failed = Carried(StepState.FAILED, f"{error}{self._taken_so_far()}")
        try:
            again = await look(engine, step, taken=self._taken)
            used = "" if again.sentence or step.kind not in {Kind.IMAGE, Kind.VOLUME} else await user_of(engine, step)
        except EngineError:
            return failed
        if again.gone and step.removes_object and (self._taken or not isinstance(error, NotFoundError)):
            return Carried(StepState.DONE)  # it failed, and did it all the same
        reason = again.sentence or used
        if reason and not self._taken:
            return Carried(StepState.SKIPPED, reason)
        return failed

    async def _after_loss(self, error: EngineUnavailableError) -> Carried:
        """The engine went away before it could say what it did."""
        lost = Carried(
            StepState.FAILED,
            f"{error.message} {called(self._step)} may or may not have been removed.",
            engine_lost=True,
        )
        if not await self._engine_back():
            return lost
        try:
            again = await look(self._desk.engine, self._step, taken=self._taken)
        except EngineError:
            return lost
        if again.gone and self._step.removes_object:
            return Carried(StepState.DONE)
        if isinstance(again.found, ImageDetail) and self._asked_for and self._asked_for not in again.found.tags:
            self._taken.add(self._asked_for)
            if not self._step.removes_object and self._taken.issuperset(self._step.untags):
                return Carried(StepState.DONE)
        return Carried(
            StepState.FAILED,
            f"{error.message} It is back, and {named(self._step)} is still there.{self._taken_so_far()}",
        )

    async def _engine_back(self) -> bool:
        try:
            return await comes_back(self._desk.engine, self._desk.engine_id, self._desk.patience)
        except EngineError:
            return False

    # -- the journal ------------------------------------------------------------------------------

    async def _left(self, carried: Carried, seen: Look | None = None) -> Carried:
        """Nothing was touched; that is written down too."""
        lost = lost_of(self._step, seen.found if seen else None, self._backup, self._desk.program)
        await self._write_intent(lost)
        path = str(self._backup.path.absolute()) if self._backup else ""
        return carried._replace(backup_path=path)

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
