"""One more look before anything is removed: does what was reviewed still hold?

A step names a container, an image or a cache record by whole ID, and an ID never comes to mean something else. But
what it means to remove it can change: a container is started, an image gets another tag. A volume's name is all it
has, and another volume may bear it by now. Whatever is not as it was reviewed is left alone.

The engine itself has the last word on what is in use: nothing here is removed by force but a container that was
running when it was reviewed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.model.build_cache import BuildCacheRecord
from tui.model.cleanup_plan import Step
from tui.model.container import RUNNING_STATES, ContainerDetail
from tui.model.host import DiskUsage
from tui.model.image import ImageDetail
from tui.model.mark import Kind
from tui.model.reclaim import device_of
from tui.model.volume import VolumeDetail

Found = ImageDetail | ContainerDetail | VolumeDetail | BuildCacheRecord


class Look(NamedTuple):
    """What a look at the thing of a step has found."""

    sentence: str = ""
    """Why the step is to be skipped; empty when all is as it was reviewed."""
    found: Found | None = None
    """The thing as it is now; ``None`` when it is gone."""
    made_anew: bool = False
    """True when a volume only has the name of the one that was reviewed."""

    @property
    def gone(self) -> bool:
        """True when there is no such thing any more."""
        return self.found is None

    @property
    def alive(self) -> bool:
        """True for a container whose main process exists."""
        return isinstance(self.found, ContainerDetail) and self.found.state in RUNNING_STATES


async def check(engine: Engine, step: Step) -> str:
    """Why ``step`` must be skipped, in a sentence; empty when what was reviewed still holds.

    Raises:
        EngineError: the engine does not say.
    """
    return (await look(engine, step)).sentence


async def look(
    engine: Engine, step: Step, usage: DiskUsage | None = None, taken: Collection[str] = frozenset()
) -> Look:
    """Look at the thing of ``step``.

    Args:
        engine: what to ask.
        step: what was reviewed.
        usage: what the engine says of its disk, if that has been read just now: where a cache record is looked for,
            and how much a volume holds. Without it nobody looks whether a volume still holds as much as it did.
        taken: tags that this very step has already taken away from its image.

    Raises:
        EngineError: the engine does not say.
    """
    try:
        match step.kind:
            case Kind.CONTAINER:
                return _container(step, await engine.container_detail(step.id))
            case Kind.IMAGE:
                return _image(step, await engine.image_detail(step.id), frozenset(taken))
            case Kind.VOLUME:
                return _volume(step, await engine.volume_detail(step.id), usage)
            case Kind.CACHE_RECORD:
                return _cache_record(step, usage or await engine.disk_usage())
    except NotFoundError:
        return Look(f"{called(step)} is no longer there.")


def called(step: Step) -> str:
    """What a sentence begins with: ``Container web``."""
    name = named(step)
    return f"{name[0].upper()}{name[1:]}"


def named(step: Step) -> str:
    """What the thing is called within a sentence: ``container web``."""
    return f"{step.kind} {step.name or step.id.removeprefix('sha256:')[:12]}"


def _container(step: Step, found: ContainerDetail) -> Look:
    if found.id != step.id:
        # Engines also find containers by name and by the beginning of an ID.
        return Look(f"{called(step)} is no longer there.")
    if step.name and found.name != step.name:
        # Somebody swaps two containers by their names, say: what was meant may be the other one by now.
        return Look(f"{called(step)} was renamed after the review: it is called {found.name} now.", found)
    if found.state == "removing":
        return Look(f"{called(step)} is already being removed.", found)
    if found.state in RUNNING_STATES and not (step.force and step.reviewed.alive):
        return Look(f"{called(step)} was started after the review.", found)
    return Look(found=found)


def _image(step: Step, found: ImageDetail, taken: frozenset[str]) -> Look:
    if found.id != step.id:
        return Look(f"{called(step)} is no longer there.")
    reviewed, now = set(step.reviewed.tags) - taken, set(found.tags)
    if added := sorted(now - reviewed):
        return Look(f"{called(step)} has been given another tag after the review: {', '.join(added)}.", found)
    if moved := sorted((reviewed - now) & set(step.untags)):
        return Look(f"The tag {moved[0]} no longer points to the image that was reviewed.", found)
    if missing := sorted(reviewed - now):
        return Look(f"{called(step)} has lost a tag after the review: {', '.join(missing)}.", found)
    return Look(found=found)


def _volume(step: Step, found: VolumeDetail, usage: DiskUsage | None) -> Look:
    volume = found.volume
    if volume.name != step.id:
        return Look(f"{called(step)} is no longer there.")
    same_driver = not step.reviewed.driver or volume.driver == step.reviewed.driver
    if volume.created != step.reviewed.created or not same_driver:
        sentence = f"{called(step)} is not as it was reviewed: it has been made anew, or written to, since."
        return Look(sentence, found, made_anew=True)
    measured = usage.volumes.get(step.id) if usage is not None else None
    now, reviewed = measured.size_bytes if measured is not None else None, step.reviewed.size_bytes
    # Of one that only points elsewhere no file goes, whatever the figures are figures of.
    if now is not None and reviewed is not None and now != reviewed and not device_of(volume):
        held = f"it holds {now:,} bytes now and held {reviewed:,} when it was reviewed"
        return Look(f"{called(step)} was written to or emptied meanwhile: {held}.", found)
    return Look(found=found)


def _cache_record(step: Step, usage: DiskUsage) -> Look:
    found = next((record for record in usage.build_cache if record.id == step.id), None)
    if found is None:
        return Look(f"{called(step)} is no longer there.")
    if found.in_use:
        return Look(f"{called(step)} has come into use after the review.", found)
    return Look(found=found)


async def user_of(engine: Engine, step: Step) -> str:
    """Who uses the image or volume of ``step`` by now, in a sentence; empty when nobody does.

    For images without tags left this is the engine's to refuse. It is asked for before something else is done that
    would then have been in vain: a long backup, or taking away all tags but the last.

    Raises:
        EngineError: the engine does not say.
    """
    for container in await engine.containers():
        name = container.name or container.id[:12]
        if step.kind is Kind.VOLUME and step.id in container.volume_names:
            return f"{called(step)} is in use: container {name} mounts it."
        if step.kind is Kind.IMAGE and container.image_id == step.id:
            return f"{called(step)} is in use: container {name} was made from it."
    if step.kind is Kind.IMAGE:
        for image in await engine.images():
            if image.parent_id == step.id:
                child = image.tags[0] if image.tags else image.id.removeprefix("sha256:")[:12]
                return f"{called(step)} is in use: image {child} was built on it."
    return ""


async def points_to(engine: Engine, reference: str) -> str:
    """The ID of the image that a tag or digest points to; empty when there is no such name.

    Raises:
        EngineError: the engine does not say.
    """
    try:
        return (await engine.image_detail(reference)).id
    except NotFoundError:
        return ""
