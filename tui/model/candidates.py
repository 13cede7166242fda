"""What could go: sets of objects that a rule finds. A set is only marks; nothing is deleted from here.

Sets overlap: an image may be dangling, unused and old. The rules look at the world as it is, not at what it would be
once another set were gone; the plan says what becomes removable then.

What orlop made for itself is in the set of its leftovers and in no other: another orlop may be using it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from tui.model.container import Container
from tui.model.holdings import Holdings
from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.leftovers import ABANDONED_AFTER, HELPER_LABEL, Maker, is_leftover, maker_of
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.marked_sum import MarkedSum, marked_sum
from tui.model.protection import NO_PROTECTION, Protection
from tui.model.selection import natural
from tui.model.storage import ContainerLog

_DAY = 24 * 3600.0
_DAYS = (0, 1, 2, 3, 7, 14, 30, 60, 90, 180, 365, 730)
_LOG_BYTES = (0, *(megabytes * 1_000_000 for megabytes in (1, 10, 50, 100, 250, 500, 1_000, 5_000, 10_000)))


class Rule(StrEnum):
    """By what a set is found."""

    DANGLING = "dangling"
    """Images without a tag that no container uses."""
    UNUSED = "unused"
    """Images that no container uses, running or not."""
    OLD = "old"
    """Unused images made more than so many days ago."""
    KEEP_NEWEST = "keep newest"
    """Tags of unused images, all but the newest so many of every repository."""
    STOPPED = "stopped"
    """Containers that have run and don't any more, made more than so many days ago."""
    NEVER_STARTED = "never started"
    """Containers that were created and never started."""
    ANONYMOUS_VOLUMES = "anonymous volumes"
    """Volumes that the engine named and no container mounts."""
    NAMED_VOLUMES = "named volumes"
    """Volumes with a name of their own that no container mounts. Never chosen along with the others."""
    CACHE = "cache"
    """Records of the build cache that are not in use, last used more than so many days ago."""
    LOGS = "logs"
    """Logs of containers above a size. They can't be marked: there is no call that empties a log."""
    LEFTOVERS = "leftovers"
    """What orlop made for a moment and could not take away again."""


class CandidateSettings(NamedTuple):
    """The numbers in the rules."""

    old_days: float = 30
    keep: int = 3
    """Tags to keep of every repository."""
    stopped_days: float = 0
    cache_days: float = 0
    log_bytes: int = 100_000_000

    def number_of(self, rule: Rule) -> int | None:
        """The number in ``rule``: days, tags or bytes; ``None`` when it has none."""
        field = _FIELDS.get(rule)
        return getattr(self, field) if field else None

    def with_number(self, rule: Rule, number: float) -> CandidateSettings:
        """These with another number in ``rule``: never below 0, of tags to keep never below 1."""
        field = _FIELDS.get(rule)
        least = 1 if rule is Rule.KEEP_NEWEST else 0
        changed: dict[str, Any] = {field: max(least, number)} if field else {}
        return self._replace(**changed)

    def stepped(self, rule: Rule, by: int) -> CandidateSettings:
        """These with the next larger number in ``rule`` (``by`` 1), or the next smaller one (-1).

        Tags go one by one; days and bytes as people say them: a week, a month, a year; 10 MB, 50 MB, 100 MB.
        """
        number = self.number_of(rule)
        if number is None:
            return self
        if rule is Rule.KEEP_NEWEST:
            return self.with_number(rule, number + by)
        usual = _LOG_BYTES if rule is Rule.LOGS else _DAYS
        following = [one for one in usual if (one > number if by > 0 else one < number)]
        return self.with_number(rule, (min if by > 0 else max)(following)) if following else self


_FIELDS = {
    Rule.OLD: "old_days",
    Rule.KEEP_NEWEST: "keep",
    Rule.STOPPED: "stopped_days",
    Rule.CACHE: "cache_days",
    Rule.LOGS: "log_bytes",
}
"""The rules with a number, and where it is kept."""
_WHOLE_IMAGES = frozenset({Rule.DANGLING, Rule.UNUSED, Rule.OLD, Rule.LEFTOVERS})
"""The rules that find images whole. Where one tag is protected, taking the others away would free nothing."""


@dataclass(frozen=True, slots=True)
class CandidateSet:
    """What one rule finds."""

    rule: Rule
    marks: frozenset[Mark]
    """What would be marked; without what is protected."""
    sum: MarkedSum
    """How much that is, and what comes back when just this set goes."""
    protected: int = 0
    """How many things a rule of the user's own keeps out, or some tags of theirs."""
    number: int | None = None
    """The number in the rule."""
    logs: tuple[ContainerLog, ...] | None = None
    """Logs above the size, the largest first; ``None`` when they have not been measured. Only of :data:`Rule.LOGS`."""

    @property
    def chosen_with_all(self) -> bool:
        """True when choosing everything chooses it: never for volumes that somebody named."""
        return bool(self.marks) and self.rule is not Rule.NAMED_VOLUMES


def _nobody_knows(_maker: Maker) -> bool:
    return False


def candidates(
    inventory: Inventory,
    holdings: Holdings,
    *,
    now: float,
    protection: Protection = NO_PROTECTION,
    lifted: frozenset[tuple[Kind, str]] = frozenset(),
    settings: CandidateSettings = CandidateSettings(),  # noqa: B008 - immutable
    logs: Iterable[ContainerLog] | None = None,
    gone: Callable[[Maker], bool] = _nobody_knows,
) -> tuple[CandidateSet, ...]:
    """Every rule's set, in the order of :class:`Rule`, empty ones included.

    Args:
        inventory: the world as it is. What has not been listed yet finds nothing.
        holdings: the layers read so far.
        now: seconds since the epoch, by the engine's clock or ours.
        protection: the user's rules; what they keep is left out and counted.
        lifted: what they don't keep any more.
        settings: the numbers in the rules.
        logs: what containers' logs take; ``None`` when they have not been measured.
        gone: whether the orlop that made a helper surely does not use it any more.
    """
    asking = _Asking(
        inventory, holdings, now, protection, lifted, settings, None if logs is None else tuple(logs), gone
    )
    return tuple(asking.set_of(rule) for rule in Rule)


class _Asking(NamedTuple):
    """Everything that what a rule finds hangs on."""

    inventory: Inventory
    holdings: Holdings
    now: float
    protection: Protection
    lifted: frozenset[tuple[Kind, str]]
    settings: CandidateSettings
    logs: tuple[ContainerLog, ...] | None
    gone: Callable[[Maker], bool]

    def set_of(self, rule: Rule) -> CandidateSet:
        # Before all three have been listed nobody knows what is unused.
        whole = self.inventory.listed.issuperset({"images", "containers", "volumes"})
        found = frozenset(_found(rule, self.inventory, self.now, self.settings, self.gone)) if whole else frozenset()
        marks = self._unprotected(rule, found)
        large = _large_logs(self.inventory, self.logs, self.settings.log_bytes) if rule is Rule.LOGS else None
        return CandidateSet(
            rule,
            marks,
            marked_sum(self.inventory, self.holdings, marks),
            len({(mark.kind, mark.id) for mark in found - marks}),
            self.settings.number_of(rule),
            large,
        )

    def _unprotected(self, rule: Rule, found: frozenset[Mark]) -> frozenset[Mark]:
        kept = {mark for mark in found if self._kept(mark)}
        if kept and rule in _WHOLE_IMAGES:
            images = {mark.id for mark in kept if mark.kind is Kind.IMAGE}
            kept.update(mark for mark in found if mark.kind is Kind.IMAGE and mark.id in images)
        return found - kept

    def _kept(self, mark: Mark) -> bool:
        return (mark.kind, mark.id) not in self.lifted and bool(self.protection.rule_for(self.inventory, mark))


def _found(
    rule: Rule, inventory: Inventory, now: float, settings: CandidateSettings, gone: Callable[[Maker], bool]
) -> Iterator[Mark]:
    match rule:
        case Rule.DANGLING | Rule.UNUSED | Rule.OLD:
            for image in _unused(inventory):
                fits = {Rule.DANGLING: not image.tags, Rule.OLD: _older(image.created, now, settings.old_days)}
                if fits.get(rule, True):
                    yield from marks_of_image(inventory, image.id)
        case Rule.KEEP_NEWEST:
            yield from _all_but_newest(inventory, settings.keep)
        case Rule.STOPPED | Rule.NEVER_STARTED:
            yield from _idle_containers(rule, inventory, now, settings)
        case Rule.ANONYMOUS_VOLUMES | Rule.NAMED_VOLUMES:
            yield from _idle_volumes(inventory, anonymous=rule is Rule.ANONYMOUS_VOLUMES)
        case Rule.CACHE:
            for record in inventory.cache_records_by_id.values():
                if not record.in_use and _older(record.last_used or record.created, now, settings.cache_days):
                    yield Mark(Kind.CACHE_RECORD, record.id)
        case Rule.LEFTOVERS:
            yield from _leftovers(inventory, now, gone)
        case Rule.LOGS:
            return


def _unused(inventory: Inventory) -> Iterator[Image]:
    for image in inventory.images:
        if not inventory.containers_by_image.get(image.id) and not is_leftover(image):
            yield image


def _all_but_newest(inventory: Inventory, keep: int) -> Iterator[Mark]:
    """The newest are those of the images made last; of one image's tags, those with the higher names."""
    tags: defaultdict[str, list[tuple[Image, str]]] = defaultdict(list)
    for image in inventory.images:
        if is_leftover(image):
            continue
        for reference, tag in zip(image.references, image.tags, strict=True):
            tags[reference.repository].append((image, tag))
    for found in tags.values():
        found.sort(key=lambda pair: natural(pair[1]), reverse=True)
        found.sort(key=lambda pair: pair[0].created or 0.0, reverse=True)
        for image, tag in found[keep:]:
            if not inventory.containers_by_image.get(image.id):
                yield Mark(Kind.IMAGE, image.id, tag)


def _idle_containers(rule: Rule, inventory: Inventory, now: float, settings: CandidateSettings) -> Iterator[Mark]:
    states = {"created"} if rule is Rule.NEVER_STARTED else {"exited", "dead"}
    days = 0 if rule is Rule.NEVER_STARTED else settings.stopped_days
    for container in inventory.containers:
        if container.state in states and not is_leftover(container) and _older(container.created, now, days):
            yield Mark(Kind.CONTAINER, container.id)


def _idle_volumes(inventory: Inventory, *, anonymous: bool) -> Iterator[Mark]:
    for volume in inventory.volumes:
        if volume.anonymous is anonymous and not inventory.containers_by_volume.get(volume.name):
            yield Mark(Kind.VOLUME, volume.name)


def _leftovers(inventory: Inventory, now: float, gone: Callable[[Maker], bool]) -> Iterator[Mark]:
    """Not what another orlop may be using at this moment."""

    def abandoned(thing: Container | Image) -> bool:
        maker = maker_of(thing.labels[HELPER_LABEL]) if is_leftover(thing) else None
        return maker is not None and (gone(maker) or _older(thing.created, now, ABANDONED_AFTER / _DAY))

    for container in inventory.containers:
        if abandoned(container):
            yield Mark(Kind.CONTAINER, container.id)
    for image in inventory.images:
        if abandoned(image):
            yield from marks_of_image(inventory, image.id)


def _older(created: float | None, now: float, days: float) -> bool:
    """True when something is older than so many days; of 0 days everything is, and nothing without a date otherwise.

    Builds that are to come out the same every time leave the date out: the engine says 1970, or the year 1.
    """
    return not days or (created is not None and created > 0 and now - created > days * _DAY)


def _large_logs(
    inventory: Inventory, logs: Iterable[ContainerLog] | None, least: int
) -> tuple[ContainerLog, ...] | None:
    if logs is None:
        return None
    found = [log for log in logs if log.size_bytes >= least and log.container_id in inventory.containers_by_id]
    return tuple(sorted(found, key=lambda log: (-log.size_bytes, log.container_id)))
