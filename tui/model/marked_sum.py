"""What marks come to: how much is marked, and which bytes come back when all of it that can go goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tui.model.estimate import NOTHING, Estimate
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.mark import Going, Kind, Mark, going
from tui.model.reclaim import freed_bytes
from tui.model.removable import removable


@dataclass(frozen=True, slots=True)
class MarkedSum:
    """The line under the panes, as numbers."""

    counts: Mapping[Kind, int] = field(default_factory=dict)
    """How many things of each kind are marked, in the kinds' order; an image counts once, however many of its tags
    are. Kinds without any are left out."""
    freed: Estimate = NOTHING
    """What comes back when everything marked that can go goes, and nothing else does."""
    untagged_only: int = 0
    """How many marks only take a tag away from an image that stays under another one."""
    kept: Mapping[Kind, int] = field(default_factory=dict)
    """How many marked things of each kind stay, because something that is not marked keeps them or the engine holds
    them just now. They free nothing. Kinds without any are left out."""
    shared_records: int = 0
    """How many marked cache records go, and free nothing by themselves because images have their layers."""

    @property
    def total(self) -> int:
        """How many things are marked."""
        return sum(self.counts.values())

    @property
    def kept_total(self) -> int:
        """How many marked things stay."""
        return sum(self.kept.values())


NOTHING_MARKED = MarkedSum()


def marked_sum(inventory: Inventory, holdings: Holdings, marks: Iterable[Mark]) -> MarkedSum:
    """Add up ``marks``. A mark whose object is not there counts for nothing."""
    wanted = _listed(going(marks, inventory), inventory)
    goes = removable(inventory, holdings, wanted)
    partly = {mark.id for mark in wanted.untagged}
    records = inventory.cache_records_by_id
    return MarkedSum(
        counts=_each_kind(wanted, len(partly)),
        freed=freed_of(inventory, holdings, goes),
        untagged_only=len(wanted.untagged),
        kept=_each_kind(
            Going(
                images=wanted.images - goes.images,
                containers=wanted.containers - goes.containers,
                volumes=wanted.volumes - goes.volumes,
                cache_records=wanted.cache_records - goes.cache_records,
            )
        ),
        shared_records=sum(records[record_id].shared for record_id in goes.cache_records),
    )


def freed_of(inventory: Inventory, holdings: Holdings, goes: Going) -> Estimate:
    """What comes back when exactly ``goes`` goes."""
    return freed_bytes(
        inventory,
        holdings,
        images=goes.images,
        containers=goes.containers,
        volumes=goes.volumes,
        cache_records=goes.cache_records,
    )


def _listed(wanted: Going, inventory: Inventory) -> Going:
    """What of ``wanted`` is there: :func:`~tui.model.mark.going` leaves images out that are not, and no other kind."""
    return wanted._replace(
        untagged=frozenset(mark for mark in wanted.untagged if mark.tag in inventory.images_by_id[mark.id].tags),
        containers=wanted.containers & inventory.containers_by_id.keys(),
        volumes=wanted.volumes & inventory.volumes_by_name.keys(),
        cache_records=wanted.cache_records & inventory.cache_records_by_id.keys(),
    )


def _each_kind(of: Going, partly: int = 0) -> Mapping[Kind, int]:
    counted = {
        Kind.IMAGE: len(of.images) + partly,
        Kind.CONTAINER: len(of.containers),
        Kind.VOLUME: len(of.volumes),
        Kind.CACHE_RECORD: len(of.cache_records),
    }
    return MappingProxyType({kind: count for kind, count in counted.items() if count})
