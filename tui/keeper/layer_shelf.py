"""What lies in the layers of images: in memory, in the cache on the disk, or read from the engine; each layer once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tui.contents.layer_cache import LayerCache
from tui.contents.reading import OnReading
from tui.engine.port import Engine
from tui.model.file_stack import StackedFiles
from tui.model.image import ImageDetail
from tui.model.layer_files import LayerFiles
from tui.model.waste import Waste, waste_of

_ENTRIES_IN_MEMORY = 200_000
"""About 25 MB. What does not fit is a few hundredths of a second away, in the cache."""
_STACKS_IN_MEMORY = 2
_WASTES_IN_MEMORY = 50
"""Each names every wasted path. An image whose waste went out of memory is counted again when it is looked at."""


class LayerShelf:
    """Layers by diff ID: a layer that ten images share is read once.

    Args:
        engine: who is asked for layers that nobody has read yet.
        cache: where what was read is kept from one run to the next.
    """

    def __init__(self, engine: Engine, cache: LayerCache) -> None:
        self._engine = engine
        self._cache = cache
        self._layers: OrderedDict[str, LayerFiles] = OrderedDict()
        self._stacks: OrderedDict[tuple[str, ...], StackedFiles] = OrderedDict()
        self._wastes: OrderedDict[tuple[str, ...], Waste] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def layers(self, image: ImageDetail, on_reading: OnReading) -> tuple[LayerFiles, ...]:
        """What each layer of ``image`` holds, lowest first; what is not known is read from the engine.

        Cancelling stops the reading. Raises EngineError.
        """
        # Two readings of the same layers would cost the engine twice the work.
        async with self._one_at_a_time:
            found = await asyncio.to_thread(self._look_up, image.diff_ids)
            missing = [diff_id for diff_id in dict.fromkeys(image.diff_ids) if diff_id not in found]
            if missing:
                fresh = await self._engine.layer_files(image, missing, on_reading)
                await asyncio.to_thread(self._keep, fresh)
                found = {**found, **fresh}
        self._remember(found)
        return tuple(found[diff_id] for diff_id in image.diff_ids)

    async def stack(self, image: ImageDetail, on_reading: OnReading) -> StackedFiles:
        """The layers of ``image`` on each other. As :meth:`layers`."""
        known = self._stacks.get(image.diff_ids)
        if known is None:
            known = await asyncio.to_thread(StackedFiles.of, await self.layers(image, on_reading))
            self._stacks[image.diff_ids] = known
            while len(self._stacks) > _STACKS_IN_MEMORY:
                self._stacks.popitem(last=False)
        else:
            self._stacks.move_to_end(image.diff_ids)
        return known

    async def recall(self, image: ImageDetail) -> bool:
        """Stack ``image`` and count its waste, when all its layers have been read at some time; never asks the engine.

        False when some have not.
        """
        if image.diff_ids not in self._stacks:
            found = await asyncio.to_thread(self._look_up, image.diff_ids)
            if not found.keys() >= set(image.diff_ids):
                return False
            self._remember(found)
        await self.waste(image, lambda _reading: None)
        return True

    async def waste(self, image: ImageDetail, on_reading: OnReading) -> Waste:
        """What of ``image`` is waste. As :meth:`layers`."""
        stack = await self.stack(image, on_reading)
        known = self._wastes.get(image.diff_ids)
        if known is None:
            known = self._wastes[image.diff_ids] = await asyncio.to_thread(waste_of, stack)
            while len(self._wastes) > _WASTES_IN_MEMORY:
                self._wastes.popitem(last=False)
        else:
            self._wastes.move_to_end(image.diff_ids)
        return known

    def known_waste(self, diff_ids: Sequence[str]) -> Waste | None:
        """What :meth:`waste` or :meth:`recall` has found before, at once."""
        return self._wastes.get(tuple(diff_ids))

    def known_stack(self, diff_ids: Sequence[str]) -> StackedFiles | None:
        """A stack that is in memory."""
        return self._stacks.get(tuple(diff_ids))

    async def known(self) -> tuple[str, ...]:
        """The diff IDs of all layers that have been read at some time, and are still at hand."""
        in_memory = tuple(self._layers)
        return tuple(dict.fromkeys((*in_memory, *await asyncio.to_thread(self._cache.known))))

    def each(self, diff_ids: Iterable[str]) -> Iterator[tuple[str, LayerFiles]]:
        """Those of ``diff_ids`` that are at hand, one after the other: never more than one is loaded for it.

        Blocking, and made to be walked in a thread; never asks the engine.
        """
        for diff_id in diff_ids:
            files = self._layers.get(diff_id)
            if files is None:
                files = self._cache.get(diff_id)
            if files is not None:
                yield diff_id, files

    def _look_up(self, diff_ids: Sequence[str]) -> dict[str, LayerFiles]:
        """What is in memory or in the cache. Blocking."""
        return dict(self.each(dict.fromkeys(diff_ids)))

    def _keep(self, fresh: Mapping[str, LayerFiles]) -> None:
        for diff_id, files in fresh.items():
            self._cache.put(diff_id, files)

    def _remember(self, found: Mapping[str, LayerFiles]) -> None:
        for diff_id, files in found.items():
            self._layers[diff_id] = files
            self._layers.move_to_end(diff_id)
        entries = sum(map(len, self._layers.values()))
        while entries > _ENTRIES_IN_MEMORY and len(self._layers) > len(found):
            entries -= len(self._layers.popitem(last=False)[1])
