"""Who holds which layer, counted: what comes free as holders go, one after the other, and back again.

The classic store keeps a layer once per *chain ID*. It goes when the last image that has it goes; an image's layers
go when it is neither listed nor under a container any more. So an image ID has a number of *holds* (one for being
listed, one for every container made from it), and a chain ID a number of image IDs that have holds. Containerd's store
does not prune the steps of the classic builder with what was built on them: there each has a hold that never goes.

:class:`LayerCounts` is what a photograph comes to. It is worked out once, kept for the latest photograph, and never
changed. A :class:`LayerLedger` only notes what has gone since: making one costs nothing, and a removal costs as much
as the image has layers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from tui.model.builder_steps import steps_below_images
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE
from tui.model.inventory import Inventory

_chain_id = itemgetter(0)
"""Of a layer and its size."""


class LayerCounts(NamedTuple):
    """How often everything is held in one photograph."""

    inventory: Inventory
    holdings: Holdings
    holds: Mapping[str, int]
    """Image ID -> 1 for being listed (or one of ``steps``) and 1 for every container on it; never 0."""
    holders: Counter[str]
    """Chain ID -> how many image IDs with holds have it, as far as their layers are read."""
    sizes: Mapping[str, int | None]
    """Chain ID -> bytes, from whichever image knows them."""
    chain_ids: Mapping[str, tuple[str, ...]]
    """Image ID with holds -> chain IDs of its layers, where they have been read."""
    unread: frozenset[str]
    """Image IDs with holds whose layers have not been read."""
    steps: frozenset[str] = frozenset()
    """Steps of the classic builder that keep their layers though what was built on them goes: on containerd's store."""

    @classmethod
    def of(cls, inventory: Inventory, holdings: Holdings) -> LayerCounts:
        """Those of ``inventory`` and ``holdings``; the very same as long as both are the latest that were asked for."""
        latest = _LATEST[0] if _LATEST else None
        if latest is not None and latest.inventory is inventory and latest.holdings is holdings:
            return latest
        made = cls._counted(inventory, holdings)
        _LATEST[:] = [made]
        return made

    @classmethod
    def _counted(cls, inventory: Inventory, holdings: Holdings) -> LayerCounts:
        holds = Counter(inventory.images_by_id.keys())
        holds.update(container.image_id for container in inventory.containers if container.image_id)
        keeps_steps = inventory.host is not None and inventory.host.image_store == CONTAINERD_STORE
        steps = steps_below_images(inventory, holdings) if keeps_steps else frozenset()
        holds.update(steps)
        chain_ids = {
            image_id: tuple(map(_chain_id, holdings.layers[image_id]))
            for image_id in holds
            if image_id in holdings.layers
        }
        layers = list(chain.from_iterable(holdings.layers[image_id] for image_id in chain_ids))
        sizes = dict(layers)
        if None in sizes.values():  # another image may know
            sizes.update((chain_id, size_bytes) for chain_id, size_bytes in layers if size_bytes is not None)
        holders = Counter(chain.from_iterable(chain_ids.values()))
        unread = frozenset(holds.keys() - chain_ids.keys())
        return cls(inventory, holdings, holds, holders, sizes, chain_ids, unread, steps)

    def chain_ids_of(self, image_id: str) -> tuple[str, ...]:
        """The layers of an image whose layers have been read."""
        known = self.chain_ids.get(image_id)
        return tuple(map(_chain_id, self.holdings.layers[image_id])) if known is None else known


_LATEST: list[LayerCounts] = []
"""The counts of the latest photograph: one mark follows another on the same one."""


class Released(NamedTuple):
    """What nothing holds any more after a removal."""

    chain_ids: tuple[str, ...] = ()
    bytes: int = 0
    """Of those layers whose size is known."""
    sizes_known: bool = True
    """False when the size of one of them isn't."""
    unread: tuple[str, ...] = ()
    """IDs of images that nothing holds any more and whose layers are not known."""


class _Removal(NamedTuple):
    """What went at once."""

    holders: frozenset[str]
    """IDs of images that were listed, or of containers."""
    image_ids: tuple[str, ...]
    """A hold on each of them has gone; one of which several have gone is in it several times."""


class LayerLedger:
    """What goes, in order. Removing what is not there, or has gone already, releases nothing."""

    def __init__(self, inventory: Inventory, holdings: Holdings) -> None:
        self._counts = LayerCounts.of(inventory, holdings)
        self._inventory = inventory
        self._holdings = holdings
        self._lost: dict[str, int] = {}
        """Image ID -> holds that have gone."""
        self._let_go: Counter[str] = Counter()
        """Chain ID -> image IDs with it that have gone."""
        self._unread = set(self._counts.unread - holdings.gone)
        self._unreadable = set(self._counts.unread & holdings.gone)
        self._removals: list[_Removal] = []
        self._gone: set[str] = set()
        """IDs of containers and listed images that have gone."""

    @property
    def holders_unread(self) -> bool:
        """True when the layers of something that stays have not been read."""
        return bool(self._unread)

    @property
    def holders_gone(self) -> bool:
        """True when the image under a container that stays was removed by force, before its layers were read."""
        return bool(self._unreadable)

    def holders_of(self, chain_id: str) -> int:
        """How many image IDs still hold a layer."""
        return self._counts.holders.get(chain_id, 0) - self._let_go.get(chain_id, 0)

    def remove_containers(self, container_ids: Collection[str]) -> Released:
        """Containers go. The last one on an image that is not listed any more takes its layers along."""
        known = self._inventory.containers_by_id
        going = frozenset(one for one in container_ids if one in known and one not in self._gone)
        return self._remove(_Removal(going, tuple(known[one].image_id for one in going if known[one].image_id)))

    def remove_images(self, image_ids: Collection[str]) -> Released:
        """Listed images go whole. As long as a container is on one, its layers stay."""
        known = self._inventory.images_by_id
        going = frozenset(one for one in image_ids if one in known and one not in self._gone)
        return self._remove(_Removal(going, tuple(going)))

    def take_back(self) -> None:
        """Undo the latest call that removed something or nothing. Raises ``LookupError`` when there is none left."""
        if not self._removals:
            raise LookupError("Nothing has been removed.")
        removal = self._removals.pop()
        self._gone -= removal.holders
        self._hold(removal.image_ids)

    def _remove(self, removal: _Removal) -> Released:
        self._removals.append(removal)
        self._gone |= removal.holders
        return self._lose(removal.image_ids)

    def _holds(self, image_id: str) -> int:
        return self._counts.holds.get(image_id, 0) - self._lost.get(image_id, 0)

    def _lose(self, image_ids: Iterable[str]) -> Released:
        """A hold on each is gone."""
        counts, lost = self._counts, self._lost
        free: list[str] = []
        unread: list[str] = []
        for image_id in image_ids:
            lost[image_id] = gone = lost.get(image_id, 0) + 1
            if gone >= counts.holds.get(image_id, 0):
                (free if image_id in self._holdings.layers else unread).append(image_id)
        self._unread.difference_update(unread)
        self._unreadable.difference_update(unread)
        # Layers by the ten thousand go through here with every key when much is marked: counted in C, not one by one.
        losing = Counter(chain.from_iterable(map(counts.chain_ids_of, free)))
        holders, before = counts.holders, self._let_go
        if before:
            gone_layers = [one for one, number in losing.items() if number + before.get(one, 0) == holders[one]]
            before.update(losing)
        else:
            gone_layers = [one for one, number in losing.items() if number == holders[one]]
            self._let_go = losing
        sizes = list(map(counts.sizes.get, gone_layers))
        known = None not in sizes
        return Released(tuple(gone_layers), sum(filter(None, sizes)), known, tuple(unread))

    def _hold(self, image_ids: Iterable[str]) -> None:
        """There is one hold more on each."""
        for image_id in image_ids:
            self._lost[image_id] = self._lost.get(image_id, 0) - 1
            if self._holds(image_id) > 1:
                continue
            if image_id not in self._holdings.layers:
                (self._unreadable if image_id in self._holdings.gone else self._unread).add(image_id)
            else:
                self._let_go.subtract(self._counts.chain_ids_of(image_id))
