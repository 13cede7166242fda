"""From marks to a plan: every step in the order it will run, what it frees then, and what stands in its way.

Containers go first, then images (those built on others by the classic builder before what they were built on),
volumes, and records of the build cache (children before parents). So whatever keeps a thing goes before it, if it
goes at all, and no step but a running container's ever needs force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from tui.model.cleanup_needs import Needs, Thing
from tui.model.cleanup_plan import CleanupPlan, Reviewed, Standing, Step
from tui.model.docker_commands import Command, commands_for, program_for
from tui.model.estimate import NOTHING, Estimate
from tui.model.holdings import Holdings
from tui.model.image import Image, Reference
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.protection import NO_PROTECTION, Protection
from tui.model.reclaim import Reckoning, device_of
from tui.model.removal import Obstacle

Lifted = frozenset[Thing]
"""What the user has lifted the protection of, on purpose."""

NONE_LIFTED: Lifted = frozenset()


def plan_cleanup(
    inventory: Inventory,
    holdings: Holdings,
    marks: Iterable[Mark],
    protection: Protection = NO_PROTECTION,
    lifted: Lifted = NONE_LIFTED,
) -> CleanupPlan:
    """The plan for everything marked. Marks of what is not there any more make no step.

    Args:
        inventory: the world that is reviewed.
        holdings: the layers read so far; without them the figures are less certain.
        marks: what is to go. An image with some of its tags marked only loses those.
        protection: the user's rules. A step that one of them keeps is in the plan, and is never carried out; it does
            not count as going for what waits for it either.
        lifted: what no rule keeps any more.
    """
    return _Planning(inventory, holdings, frozenset(marks), protection, lifted).plan()


def tags_to_take_away(image: Image) -> tuple[str, ...]:
    """The names that have to go one by one before ``image`` goes by its ID without force.

    One tag stays to go with the ID, together with the digests of its repository. With the last tag of any other
    repository the engine takes that one's digests away, too; digests of repositories without a tag are names of their
    own, and are listed. See :func:`tui.model.removal_plan.goes_by_one_name`.
    """
    repositories = dict.fromkeys(Reference.parse(tag).repository for tag in image.tags)
    spared = set(repositories)
    if not spared:
        spared.update(digest.partition("@")[0] for digest in image.digests[:1])
    return image.tags[1:] + tuple(digest for digest in image.digests if digest.partition("@")[0] not in spared)


class _Deed(NamedTuple):
    """What a step does, whether or not it can be done: fields of a :class:`Step`."""

    name: str
    reviewed: Reviewed
    untags: tuple[str, ...] = ()
    removes_object: bool = True
    force: bool = False
    named_volume: bool = False
    device: str = ""


class _Planning:
    """One plan being made."""

    def __init__(
        self, inventory: Inventory, holdings: Holdings, marks: frozenset[Mark], protection: Protection, lifted: Lifted
    ) -> None:
        self._inventory = inventory
        self._needs = Needs(inventory, holdings)
        self._protection = protection
        self._lifted = lifted
        self._marks = marks
        self._reckoning = Reckoning(inventory, holdings)
        self._program: Command = program_for(inventory.host)
        self._ready: set[Thing] = set()
        """What goes whole, as far as the plan has come."""

    def plan(self) -> CleanupPlan:
        by_thing = _valid_marks(self._inventory, self._marks)
        steps = tuple(self._step(thing, by_thing[thing]) for thing in self._in_order(by_thing))
        engine = self._inventory.host.id if self._inventory.host else ""
        return CleanupPlan(self._with_help(steps), self._reckoning.total(), engine)

    def _in_order(self, by_thing: Mapping[Thing, tuple[Mark, ...]]) -> Iterator[Thing]:
        for kind in (Kind.CONTAINER, Kind.IMAGE, Kind.VOLUME, Kind.CACHE_RECORD):
            things = [(kind, identity) for identity in _listed(self._inventory, kind) if (kind, identity) in by_thing]
            # What is only likely may go round in circles, and has to give way to what is known.
            likely = _sooner_first(things, self._needs.sooner)
            yield from _sooner_first(likely, self._needs.before)

    def _step(self, thing: Thing, marks: tuple[Mark, ...]) -> Step:
        """The step for one thing; everything before it in the plan has had its step made."""
        kind, identity = thing
        deed = self._deed(thing, marks)
        standing, freed = Standing.READY, NOTHING
        obstacles: tuple[Obstacle, ...] = ()
        rule = next(filter(None, map(self._rule_for, marks)), "")
        if rule:
            standing = Standing.PROTECTED
        elif deed.removes_object:
            obstacles = self._needs.obstacles(thing, self._ready)
            if any(obstacle.certain for obstacle in obstacles):
                standing = Standing.BLOCKED
            else:
                self._ready.add(thing)
                freed = self._freed(thing)
        # Made once and whole: changing a frozen record costs more than everything else that is done for it.
        return Step(
            kind,
            identity,
            deed.name,
            marks,
            standing,
            untags=deed.untags,
            removes_object=deed.removes_object,
            force=deed.force,
            reviewed=deed.reviewed,
            freed=freed,
            obstacles=obstacles,
            protected_by=rule,
            named_volume=deed.named_volume,
            device=deed.device,
            commands=commands_for(
                kind,
                identity,
                untags=deed.untags,
                removes_object=deed.removes_object,
                force=deed.force,
                program=self._program,
            )
            if standing is Standing.READY
            else (),
        )

    def _deed(self, thing: Thing, marks: tuple[Mark, ...]) -> _Deed:
        kind, identity = thing
        match kind:
            case Kind.CONTAINER:
                container = self._inventory.containers_by_id[identity]
                reviewed = Reviewed(state=container.state, alive=container.alive)
                return _Deed(container.name, reviewed, force=container.alive)
            case Kind.IMAGE:
                return _image_deed(self._inventory.images_by_id[identity], marks)
            case Kind.VOLUME:
                volume = self._inventory.volumes_by_name[identity]
                reviewed = Reviewed(created=volume.created, size_bytes=volume.size_bytes, driver=volume.driver)
                return _Deed(identity, reviewed, named_volume=not volume.anonymous, device=device_of(volume))
            case Kind.CACHE_RECORD:
                record = self._inventory.cache_records_by_id[identity]
                return _Deed(record.description, Reviewed(size_bytes=record.size_bytes))

    def _freed(self, thing: Thing) -> Estimate:
        """What comes back when it goes now."""
        kind, identity = thing
        match kind:
            case Kind.CONTAINER:
                return self._reckoning.add_containers((identity,))
            case Kind.IMAGE:
                return self._reckoning.add_images((identity,))
            case Kind.VOLUME:
                return self._reckoning.add_volumes((identity,))
            case Kind.CACHE_RECORD:
                return self._reckoning.add_cache_records((identity,))

    def _rule_for(self, mark: Mark) -> str:
        return "" if (mark.kind, mark.id) in self._lifted else self._protection.rule_for(self._inventory, mark)

    # -- what would help ----------------------------------------------------------------------------

    def _with_help(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return tuple(
            replace(step, helped_by=self._help_for(step.key)) if step.standing is Standing.BLOCKED else step
            for step in steps
        )

    def _help_for(self, thing: Thing) -> tuple[Mark, ...]:
        """The marks that are missing for it to go, those for what it waits for in its turn too.

        None when something of that can't go, or is not to: being removed already, in use by a build, protected.
        """
        if self._needs.never(thing):
            return ()
        missing: dict[Mark, None] = {}
        seen, waiting = {thing}, [thing]
        while waiting:
            for needed in self._needs.before(waiting.pop()):
                if needed in seen or needed in self._ready:
                    continue
                marks = self._needs.marks_of(needed)
                if self._needs.never(needed) or any(map(self._rule_for, marks)):
                    return ()
                seen.add(needed)
                waiting.append(needed)
                missing.update(dict.fromkeys(mark for mark in marks if mark not in self._marks))
        return tuple(missing)


def _image_deed(image: Image, marks: tuple[Mark, ...]) -> _Deed:
    reviewed = Reviewed(tags=tuple(sorted(image.tags)), digests=tuple(sorted(image.digests)))
    whole = len(marks) == len(image.tags or ("",))
    untags = tags_to_take_away(image) if whole else tuple(mark.tag for mark in marks)
    return _Deed(marks[0].tag, reviewed, untags, whole)


def _listed(inventory: Inventory, kind: Kind) -> Mapping[str, object]:
    """Everything of a kind by its ID, as listed."""
    match kind:
        case Kind.CONTAINER:
            return inventory.containers_by_id
        case Kind.IMAGE:
            return inventory.images_by_id
        case Kind.VOLUME:
            return inventory.volumes_by_name
        case Kind.CACHE_RECORD:
            return inventory.cache_records_by_id


def _valid_marks(inventory: Inventory, marks: frozenset[Mark]) -> dict[Thing, tuple[Mark, ...]]:
    """Thing -> its marks, an image's in the order of its tags; without marks of what isn't there."""
    valid: dict[Thing, tuple[Mark, ...]] = {}
    known = {kind: _listed(inventory, kind) for kind in Kind}
    for mark in marks:
        thing = (mark.kind, mark.id)
        if mark.id not in known[mark.kind] or thing in valid:
            continue
        if mark.kind is Kind.IMAGE:
            found = tuple(one for one in marks_of_image(inventory, mark.id) if one in marks)
            if found:
                valid[thing] = found
        elif not mark.tag:
            valid[thing] = (mark,)
    return valid


def _sooner_first(things: Iterable[Thing], sooner: Callable[[Thing], Iterable[Thing]]) -> Iterator[Thing]:
    """The things in the order given, except that each comes after those of them that are to go sooner."""
    wanted = dict.fromkeys(things)
    seen: set[Thing] = set()
    for first in wanted:
        if first in seen:
            continue
        seen.add(first)
        above = [(first, iter(sooner(first)))]
        while above:
            thing, rest = above[-1]
            following = next((one for one in rest if one in wanted and one not in seen), None)
            if following is None:
                yield thing
                above.pop()
            else:
                seen.add(following)
                above.append((following, iter(sooner(following))))
