"""The removal of a step itself: the engine is asked, by whole ID; what it does not say it did is found out."""

from __future__ import annotations

from collections.abc import Collection

from tui.cleaning.checking import Look, called, look, named, user_of
from tui.cleaning.desk import Attempts, Carried, Desk
from tui.cleaning.engine_presence import comes_back
from tui.engine.errors import EngineError, EngineUnavailableError, NotFoundError
from tui.model.cleanup_plan import Step
from tui.model.cleanup_progress import StepState
from tui.model.image import ImageDetail
from tui.model.mark import Kind


class StepRemoval:
    """Removes the thing of one step, or takes tags away from it.

    Args:
        desk: what it is done with.
        step: what was reviewed.
        attempts: what earlier attempts have done; what this one does is added.
    """

    def __init__(self, desk: Desk, step: Step, attempts: Attempts) -> None:
        self._desk = desk
        self._step = step
        self._attempts = attempts
        self._gone = False
        """The image went with one of its tags."""

    async def carry_out(self, seen: Look) -> Carried:
        """Ask the engine; where it does not say what it did, find out. Raises nothing."""
        step, attempts = self._step, self._attempts
        try:
            sentence = await self._ask(seen)
        except EngineUnavailableError as error:
            return await self._after_loss(error)
        except EngineError as error:
            attempts.asked, attempts.asked_tag = False, ""
            return await self._after_refusal(error)
        attempts.asked = False
        if sentence:
            return Carried(StepState.FAILED if attempts.taken else StepState.SKIPPED, sentence)
        attempts.taken.update(step.untags)
        return Carried(StepState.DONE)

    def settled(self, seen: Look) -> Carried | None:
        """What an earlier attempt turns out to have done, of which the engine did not say so; ``None`` when nothing."""
        if not self._attempts.asked or not self._step.removes_object:
            return None
        if seen.gone:
            return Carried(StepState.DONE)
        if seen.made_anew and self._desk.volume_dates_hold:
            return Carried(
                StepState.DONE, f"Another volume has the name {self._step.id} by now: that one was not touched."
            )
        return None

    def note_tags(self, now: Collection[str]) -> None:
        """The image has these tags now: whether the one that was asked for last has gone, shows."""
        if self._attempts.asked_tag:
            if self._attempts.asked_tag not in now:
                self._attempts.taken.add(self._attempts.asked_tag)
            self._attempts.asked_tag = ""

    async def engine_back(self) -> bool:
        """Wait for the engine to come back; True when it does, and is the same."""
        try:
            return await comes_back(self._desk.engine, self._desk.engine_id, self._desk.patience)
        except EngineError:
            return False

    # -- asking -----------------------------------------------------------------------------------

    async def _ask(self, seen: Look) -> str:
        """Ask the engine for the removal, by whole ID; return why it was not asked for, if it was not."""
        engine, step = self._desk.engine, self._step
        if step.kind is Kind.IMAGE:
            return await self._ask_image()
        self._attempts.asked = True
        match step.kind:
            case Kind.CONTAINER:
                # Killed only if it is running now and was when it was reviewed. Its volumes are steps of their own.
                force = step.force and step.reviewed.alive and seen.alive
                await engine.remove_container(step.id, force=force, anonymous_volumes=False)
            case Kind.VOLUME:
                await engine.remove_volume(step.id)
            case Kind.CACHE_RECORD:
                await engine.prune_cache_record(step.id)
        return ""

    async def _ask_image(self) -> str:
        """Take tags away one by one, each only while it points to the image; then the image, by ID.

        The last of all tags is left to the removal by ID: the engine checks and does that in one, so nothing can come
        in between, and an image that something uses by now keeps a name.
        """
        engine, step, attempts = self._desk.engine, self._step, self._attempts
        names = [name for name in step.untags if name not in attempts.taken]
        if step.removes_object and set(step.untags) >= set(step.reviewed.tags):
            del names[-1:]
        for name in names:
            sentence = await self._take_away(name)
            if sentence or self._gone:
                return sentence
        if not step.removes_object:
            return ""
        if names:
            again = await look(engine, step, taken=attempts.taken)
            if again.sentence:
                return f"{again.sentence}{attempts.taken_so_far}"
        attempts.asked = True
        await engine.remove_image(step.id)
        return ""

    async def _take_away(self, name: str) -> str:
        """Take one tag (or digest) away; return why nothing more is to be done, if so."""
        engine, step, attempts = self._desk.engine, self._step, self._attempts
        try:
            found = await engine.image_detail(name)
        except NotFoundError:
            found = None
        if found is None or found.id != step.id:
            return f"The tag {name} no longer points to the image that was reviewed.{attempts.taken_so_far}"
        if not step.removes_object and set(found.tags) <= {name}:
            return f"{name} is the last tag of the image by now: without it the image would go.{attempts.taken_so_far}"
        attempts.asked_tag = name
        done = await engine.remove_image(name)
        attempts.taken.add(name)
        attempts.asked_tag = ""
        self._gone = step.id in done.deleted and step.removes_object
        if self._gone:
            return ""  # somebody took the others away meanwhile, and it was to go whole in any case
        if step.id in done.deleted:
            return f"The image went with the tag {name}: its other tags were taken away in that very moment."
        if done.deleted:
            # Our image has another name, so it is not ours. The engine can't be asked to take a name away only
            # from one image: in the moment between the question and the removal, somebody moved the tag.
            return (
                f"The tag {name} was given to another image in the very moment it was taken away, and the engine "
                f"removed that image with it: {', '.join(done.deleted)}."
            )
        return ""

    # -- finding out ------------------------------------------------------------------------------

    async def _after_refusal(self, error: EngineError) -> Carried:
        """The engine has said no. Something else may have removed it, or begun to use it, since the look."""
        engine, step, taken = self._desk.engine, self._step, self._attempts.taken
        failed = Carried(StepState.FAILED, f"{error}{self._attempts.taken_so_far}")
        try:
            again = await look(engine, step, taken=taken)
            used = "" if again.sentence or step.kind not in {Kind.IMAGE, Kind.VOLUME} else await user_of(engine, step)
        except EngineError:
            return failed
        if again.gone and step.removes_object and (taken or not isinstance(error, NotFoundError)):
            return Carried(StepState.DONE)  # it failed, and did it all the same
        reason = again.sentence or used
        if reason and not taken:
            return Carried(StepState.SKIPPED, reason)
        return failed

    async def _after_loss(self, error: EngineUnavailableError) -> Carried:
        """The engine went away before it could say what it did."""
        step, attempts = self._step, self._attempts
        lost = Carried(
            StepState.FAILED, f"{error.message} {called(step)} may or may not have been removed.", engine_lost=True
        )
        if not await self.engine_back():
            return lost
        try:
            again = await look(self._desk.engine, step, taken=attempts.taken)
        except EngineError:
            return lost
        settled = self.settled(again)
        if settled is not None:
            return settled
        if isinstance(again.found, ImageDetail):
            self.note_tags(again.found.tags)
            if not step.removes_object and attempts.taken.issuperset(step.untags):
                return Carried(StepState.DONE)
        if again.gone:
            return Carried(StepState.FAILED, f"{error.message} It is back. {again.sentence}{attempts.taken_so_far}")
        return Carried(
            StepState.FAILED,
            f"{error.message} It is back, and {named(step)} is still there.{attempts.taken_so_far}",
        )
