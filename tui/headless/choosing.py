"""From flags to marks: what ``orlop plan`` is to plan."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterable, Mapping

from tui.engine.helper_makers import is_gone
from tui.headless.world import World
from tui.model.candidates import CandidateSettings, Rule, candidates
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.protection import Protection

_AGE = re.compile(r"^([0-9]{1,7})([hdw]?)$", re.ASCII)
_MOST_HOURS = 100_000 * 24
"""From here on it is a slip of the fingers."""
_HOURS_IN = {"h": 1, "": 24, "d": 24, "w": 7 * 24}

FLAGS: Mapping[Rule, str] = {
    Rule.DANGLING: "dangling",
    Rule.STOPPED: "stopped",
    Rule.NEVER_STARTED: "never_started",
    Rule.ANONYMOUS_VOLUMES: "anonymous_volumes",
    Rule.NAMED_VOLUMES: "named_volumes",
    Rule.CACHE: "cache",
    Rule.LEFTOVERS: "leftovers",
}
"""The flag that asks for each rule's set whole; those about unused images have to be taken together."""


class NothingAskedError(ValueError):
    """No flag says what is to be planned, or one makes no sense; the text is one plain sentence."""


def days_of(text: str) -> float:
    """An age such as ``30d``, ``2w``, ``30`` (days), or ``168h`` as docker's own ``until=`` has it, in days.

    Raises:
        NothingAskedError: it is none.
    """
    match = _AGE.match(text)
    hours = int(match[1]) * _HOURS_IN[match[2]] if match else _MOST_HOURS
    if hours >= _MOST_HOURS:
        raise NothingAskedError(
            f"--older-than {text}: write hours, days or weeks as one whole number, such as 36h, 30d or 2w."
        )
    return hours / 24 if hours % 24 else hours // 24


def settings_of(arguments: Namespace) -> CandidateSettings:
    """The numbers that the flags set. Raises NothingAskedError."""
    days = 0 if arguments.older_than is None else days_of(arguments.older_than)
    keep = arguments.keep if arguments.keep is not None else CandidateSettings().keep
    if keep < 1:
        raise NothingAskedError("--keep is the number of newest tags to keep of every repository, 1 or more.")
    return CandidateSettings(old_days=days, keep=keep, stopped_days=days, cache_days=days)


def asks_for_something(arguments: Namespace) -> bool:
    """True when a flag names a set or an object."""
    sets = any(getattr(arguments, flag) for flag in FLAGS.values())
    objects = arguments.image or arguments.container or arguments.volume
    return bool(sets or objects or _wants_images(arguments))


def chosen_marks(
    world: World, arguments: Namespace, settings: CandidateSettings, protection: Protection, now: float
) -> frozenset[Mark]:
    """What the flags choose, without what is protected unless it is named itself.

    Raises:
        NothingAskedError: an object that is named is not there.
    """
    found = candidates(world.inventory, world.holdings, now=now, protection=protection, settings=settings, gone=is_gone)
    sets = {one.rule: one.marks for one in found}
    marks: set[Mark] = set()
    for rule, flag in FLAGS.items():
        if getattr(arguments, flag):
            marks |= sets[rule]
    if _wants_images(arguments):
        marks |= _images(sets, keeps=arguments.keep is not None, unused=arguments.unused)
    return frozenset(marks | set(_named(world, arguments)))


def _wants_images(arguments: Namespace) -> bool:
    alone = arguments.older_than is not None and not (arguments.stopped or arguments.cache)
    return bool(arguments.unused or arguments.keep is not None or alone)


def _images(sets: Mapping[Rule, frozenset[Mark]], *, keeps: bool, unused: bool) -> frozenset[Mark]:
    """Unused images that are old enough, and not among the newest tags where those are to be kept."""
    old = sets[Rule.OLD]
    if not keeps:
        return old
    # Without --unused, --keep is about tags alone: an image without one is none of its business.
    nameless = frozenset(mark for mark in old if not mark.tag) if unused else frozenset()
    return (old & sets[Rule.KEEP_NEWEST]) | nameless


def _named(world: World, arguments: Namespace) -> Iterable[Mark]:
    inventory = world.inventory
    for name in arguments.image or ():
        yield from _image_marks(world, name)
    for name in arguments.container or ():
        same = [c for c in inventory.containers if name in c.names or (len(name) >= 12 and c.id.startswith(name))]
        yield Mark(Kind.CONTAINER, _only(name, "container", [c.id for c in same]))
    for name in arguments.volume or ():
        yield Mark(Kind.VOLUME, _only(name, "volume", [name] if name in inventory.volumes_by_name else []))


def _image_marks(world: World, name: str) -> tuple[Mark, ...]:
    """A tag marks that tag; an ID (12 digits or more) the whole image."""
    inventory = world.inventory
    last = name.rpartition("/")[2]
    tag = name if ":" in last or "@" in last else f"{name}:latest"
    image = inventory.images_by_tag.get(tag)
    if image is not None:
        return (Mark(Kind.IMAGE, image.id, tag),)
    digits = name.removeprefix("sha256:")
    same = [i for i in inventory.images_by_id if len(digits) >= 12 and i.removeprefix("sha256:").startswith(digits)]
    return marks_of_image(inventory, _only(name, "image", same))


def _only(name: str, what: str, found: list[str]) -> str:
    if len(found) != 1:
        problem = "There is no" if not found else "More than one"
        raise NothingAskedError(f"{problem} {what} {name}{' fits' if found else ''}: nothing was planned.")
    return found[0]
