"""Carrying out the reviewed removal of one thing: that, and nothing else; looked at first, and written down."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import NamedTuple

from tui import __version__
from tui.cleaning import journal_lines
from tui.cleaning.checking import look, points_to
from tui.cleaning.errors import JournalError
from tui.cleaning.journal import Journal
from tui.cleaning.lost_things import lost_of
from tui.engine.errors import ConflictError, EngineError, EngineUnavailableError, NotFoundError
from tui.engine.port import Engine
from tui.model.cleanup_plan import CleanupPlan, Reviewed, Step
from tui.model.cleanup_progress import StepState
from tui.model.docker_commands import program_for
from tui.model.estimate import Certainty, Estimate
from tui.model.host import DiskUsage
from tui.model.journal_record import Lost
from tui.model.mark import Kind
from tui.model.removal import Outcome, Removal
from tui.model.volume import VolumeDetail

_PATIENCE = 10.0
"""Seconds that the engine may take to say how much a volume holds, which some walk every volume for."""
_NOT_KNOWN = Estimate(None, Certainty.UNKNOWN)
_LOOK_AGAIN = "Nothing was removed; look at it again."


async def carry_out(
    engine: Engine, removal: Removal, *, force: bool, anonymous_volumes: bool, journal: Journal
) -> None:
    """Remove what ``removal`` names, by whole ID; a tag only while it points where it did at the review.

    Args:
        engine: on which.
        removal: what was reviewed.
        force: what the user has agreed to beyond that: see :attr:`Removal.force`.
        anonymous_volumes: whether a container's anonymous volumes go too: those that were reviewed.
        journal: where it is written down first.

    Raises:
        EngineError: the engine refused, something has changed since the review, or the journal can't be written.
    """
    try:
        await _SingleRemoval(engine, removal, journal, force=force).carry_out(anonymous_volumes=anonymous_volumes)
    except JournalError as error:
        raise EngineError(error.message, error.next_step) from error


class _Going(NamedTuple):
    """One thing that goes, and what the journal keeps of it."""

    step: Step
    lost: Lost


class _SingleRemoval:
    def __init__(self, engine: Engine, removal: Removal, journal: Journal, *, force: bool) -> None:
        self._engine = engine
        self._removal = removal
        self._journal = journal
        self._force = force
        self._session = uuid.uuid4().hex

    async def carry_out(self, *, anonymous_volumes: bool) -> None:
        host = await self._engine.host()
        program = program_for(host)
        step = _step_of(self._removal, force=self._force)
        seen = await look(self._engine, step, await self._usage(step))
        if seen.gone:
            raise NotFoundError(seen.sentence, _LOOK_AGAIN)
        if seen.sentence:
            raise ConflictError(seen.sentence, _LOOK_AGAIN)
        going = [_Going(step, lost_of(step, seen.found, program=program))]
        if anonymous_volumes:
            # Looked at while the container still holds them: until then nobody can put others in their place.
            volumes = [await self._volume(name) for name in self._removal.anonymous_volumes]
            going += [_Going(one, lost_of(one, detail, program=program)) for one, detail in volumes]
        plan = CleanupPlan(tuple(one.step for one in going), self._removal.freed, host.id)
        begun, now = time.monotonic(), time.time()
        line = journal_lines.begun(self._session, now, host, plan, orlop=__version__, planned_by="a single deletion")
        await self._journal.append(line)
        how = "stopped"
        try:
            await self._remove_all(going)
            how = "finished"
        finally:
            line = journal_lines.ended(
                self._session, time.time(), how, sentence="", freed_bytes=None, seconds=time.monotonic() - begun
            )
            await self._journal.append(line)

    async def _usage(self, step: Step) -> DiskUsage | None:
        """How much the volume of ``step`` holds by now, if that was reviewed and the engine says it soon."""
        if step.kind is not Kind.VOLUME or step.reviewed.size_bytes is None:
            return None
        try:
            return await asyncio.wait_for(self._engine.disk_usage(), _PATIENCE)
        except (EngineError, TimeoutError):
            return None

    async def _volume(self, name: str) -> tuple[Step, VolumeDetail]:
        detail = await self._engine.volume_detail(name)
        reviewed = Reviewed(created=detail.volume.created, driver=detail.volume.driver)
        return Step(Kind.VOLUME, name, name, (), reviewed=reviewed, freed=_NOT_KNOWN), detail

    async def _remove_all(self, going: list[_Going]) -> None:
        """The thing itself, then its volumes. One that has come into use since stays, and that is said."""
        await self._remove(1, going[0])
        refusals = []
        for number, one in enumerate(going[1:], 2):
            try:
                await self._remove(number, one)
            except NotFoundError:
                pass  # somebody was faster
            except ConflictError as error:
                refusals.append(error)
        if refusals:
            message = f"The container is gone, and {len(refusals)} of its volumes stayed: {refusals[0].message}"
            raise ConflictError(message, refusals[0].next_step)

    async def _remove(self, number: int, going: _Going) -> None:
        began = time.monotonic()
        await self._journal.append(journal_lines.step(self._session, time.time(), number, going.step, going.lost))
        try:
            await self._ask(going.step)
        except EngineUnavailableError as error:
            await self._outcome(number, StepState.FAILED, f"{error.message} It may or may not be removed.", began)
            raise
        except EngineError as error:
            await self._outcome(number, StepState.FAILED, str(error), began)
            raise
        except asyncio.CancelledError:
            await self._outcome(number, StepState.FAILED, "orlop ended: it may or may not be removed.", began)
            raise
        await self._outcome(number, StepState.DONE, "", began)

    async def _ask(self, step: Step) -> None:
        engine, removal = self._engine, self._removal
        if step.kind is Kind.CONTAINER:
            await engine.remove_container(step.id, force=self._force, anonymous_volumes=False)
        elif step.kind is Kind.VOLUME:
            seen = await look(engine, step)
            if seen.gone:
                raise NotFoundError(seen.sentence)
            if seen.sentence:
                raise ConflictError(seen.sentence, "It was left alone.")
            await engine.remove_volume(step.id)
        elif removal.expects_id:
            if await points_to(engine, removal.reference) != removal.expects_id:
                raise ConflictError(
                    f"The tag {removal.reference} no longer points to the image that was reviewed.", _LOOK_AGAIN
                )
            await engine.remove_image(removal.reference, force=self._force)
        else:
            await engine.remove_image(step.id, force=self._force)

    async def _outcome(self, number: int, state: StepState, sentence: str, began: float) -> None:
        seconds = time.monotonic() - began
        line = journal_lines.outcome(self._session, time.time(), number, state, sentence=sentence, seconds=seconds)
        await self._journal.append(line)


def _step_of(removal: Removal, *, force: bool) -> Step:
    """The removal as a step, so that it is checked as one."""
    tagged = {Outcome.UNTAGGED, Outcome.IMAGE_STAYS_AS, Outcome.IMAGE_GOES}
    tags = sorted(name for effect in removal.effects if effect.outcome in tagged for name in effect.names)
    untags = (removal.reference,) if removal.untags_only else ()
    return Step(
        removal.kind,
        removal.id,
        removal.name,
        (),
        untags=untags,
        removes_object=not removal.untags_only,
        force=force and removal.kind is Kind.CONTAINER,
        freed=removal.freed,
        reviewed=Reviewed(
            tags=tuple(tags), state=removal.state, alive=bool(removal.force), created=removal.created,
            size_bytes=removal.freed.bytes,
        ),
    )  # fmt: skip
