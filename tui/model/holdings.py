"""Which image holds which layers, as far as that has been read, and which image was built on which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tui.model.image import ImageDetail
from tui.model.inventory import Inventory

LayerSize = tuple[str, int | None]
"""A layer's chain ID and the bytes of its files (``None``: not known)."""


class Holdings(NamedTuple):
    """What has been read so far of which image holds which layers. Grows by making new ones.

    ``parents`` are those of images that the listing leaves out: the classic builder's steps.
    ``gone`` are IDs that were asked for and are no longer there, so that nobody asks again.
    """

    layers: Mapping[str, tuple[LayerSize, ...]] = MappingProxyType({})
    parents: Mapping[str, str] = MappingProxyType({})
    gone: frozenset[str] = frozenset()

    @classmethod
    def of(cls, details: Iterable[ImageDetail]) -> Holdings:
        """What ``details`` tell."""
        return cls().with_details(details)

    def with_details(self, details: Iterable[ImageDetail], gone: Iterable[str] = ()) -> Holdings:
        """These holdings and what ``details`` add; ``gone`` are image IDs the engine did not find."""
        layers = dict(self.layers)
        parents = dict(self.parents)
        for detail in details:
            layers[detail.id] = tuple((layer.chain_id, layer.size_bytes) for layer in detail.layers)
            parents[detail.id] = detail.parent_id
        return Holdings(layers, parents, self.gone.union(gone))

    def parent_of(self, image_id: str, inventory: Inventory) -> str:
        """ID of the image it was built on by the classic builder; empty when there is none or it isn't known."""
        image = inventory.images_by_id.get(image_id)
        return (image.parent_id if image else "") or self.parents.get(image_id, "")

    def unread(self, inventory: Inventory) -> tuple[str, ...]:
        """Image IDs whose detail is still missing for exact answers, in listing order.

        Reading those may bring up more (the parents of a parent that is not listed): ask again until
        the answer is empty. On the containerd store, where parents do not matter, it takes one round.
        """
        wanted: dict[str, None] = dict.fromkeys(inventory.images_by_id)
        wanted.update(dict.fromkeys(c.image_id for c in inventory.containers if c.image_id))
        for image_id in tuple(wanted):
            for ancestor in self.ancestors(image_id, inventory):
                wanted[ancestor] = None
        return tuple(image_id for image_id in wanted if image_id not in self.layers and image_id not in self.gone)

    def ancestors(self, image_id: str, inventory: Inventory) -> Iterator[str]:
        """The images below ``image_id`` that the classic builder put there, nearest first, as far as known."""
        seen = {image_id}
        parent = self.parent_of(image_id, inventory)
        while parent and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self.parent_of(parent, inventory)
