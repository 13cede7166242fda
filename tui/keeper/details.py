"""Inspect answers on demand, each image's kept: an image ID stands for the same bytes for ever."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.model.holdings import Holdings
from tui.model.image import ImageDetail
from tui.model.inventory import Inventory

_AT_ONCE = 4


class Details:
    """Reads image details once each, however many ask for them at the same time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._under_way: dict[str, asyncio.Task[ImageDetail]] = {}
        self.images: dict[str, ImageDetail] = {}
        """What has been read, by image ID."""
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        self._gone: set[str] = set()
        self._holdings: Holdings | None = None

    @property
    def holdings(self) -> Holdings:
        """Which image holds which layers, as far as that has been read; the very same until more has been."""
        if self._holdings is None:
            self._holdings = Holdings.of(self.images.values()).with_details((), self._gone)
        return self._holdings

    def holders(self, chain_id: str) -> frozenset[str]:
        """IDs of the images that hold the layer with this chain ID, among those that have been read."""
        return frozenset(self._holders.get(chain_id, ()))

    async def image(self, image_id: str) -> ImageDetail:
        """The detail of one image, from memory if it has been read."""
        if image_id in self.images:
            return self.images[image_id]
        task = self._under_way.get(image_id)
        if task is None:
            task = asyncio.create_task(self._engine.image_detail(image_id))
            self._under_way[image_id] = task
            task.add_done_callback(lambda done: self._finished(image_id, done))
        # Shielded: one asker who goes away must not take the answer from the others.
        return await asyncio.shield(task)

    def _finished(self, image_id: str, task: asyncio.Task[ImageDetail]) -> None:
        self._under_way.pop(image_id, None)
        if not task.cancelled() and task.exception() is None:
            detail = self.images[image_id] = task.result()
            self._gone.discard(image_id)
            self._holdings = None
            for layer in detail.layers:
                self._holders[layer.chain_id].add(image_id)

    async def read_holdings(self, inventory: Inventory) -> Holdings:
        """Read what is still missing to tell who holds which layers; a few images at a time.

        An image that goes away meanwhile is left out: whatever it held is then no longer held.
        """
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(image_id: str) -> None:
            async with gate:
                try:
                    await self.image(image_id)
                except NotFoundError:
                    self._gone.add(image_id)
                    self._holdings = None

        while unread := self.holdings.unread(inventory):
            await asyncio.gather(*(one(image_id) for image_id in unread))
        return self.holdings

    def forget_except(self, image_ids: Iterable[str]) -> None:
        """Drop the details of images that are no longer there."""
        keep = set(image_ids)
        for image_id in [known for known in self.images if known not in keep]:
            self._holdings = None
            for layer in self.images.pop(image_id).layers:
                self._holders[layer.chain_id].discard(image_id)
