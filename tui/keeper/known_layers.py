"""Looking for a path in every layer that has been read at some time, of whichever image."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import islice

from tui.contents.other_images import OnSearched
from tui.contents.source import FileSource
from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.keeper.details import Details
from tui.keeper.layer_shelf import LayerShelf
from tui.keeper.sources import ImageSource
from tui.model.file_search import find_paths
from tui.model.inventory import Inventory
from tui.model.known_paths import Holder, KnownPath, KnownSearch
from tui.present.figures import short_id

MOST_FOUND = 5_000
"""So many places are told; whoever gets more has not said what they look for."""


class KnownLayers:
    """All layers at hand, by the images that have them.

    Args:
        inventory: tells which images there are now.
    """

    def __init__(self, engine: Engine, details: Details, shelf: LayerShelf, inventory: Callable[[], Inventory]) -> None:
        self._engine = engine
        self._details = details
        self._shelf = shelf
        self._inventory = inventory

    async def search(self, query: str, on_searched: OnSearched) -> KnownSearch:
        """Look for ``query``, a glob or a part of a path, without reading anything from the engine but who has what.

        Cancelling stops it.
        """
        problem = ""
        try:
            await self._details.read_holdings(self._inventory())
        except EngineError as error:
            problem = error.message
        holders = self._holders()
        known = await self._shelf.known()
        at_hand = set(known)
        # As the images come; what no image has any more comes last.
        order = [diff_id for diff_id in holders if diff_id in at_hand]
        order += [diff_id for diff_id in known if diff_id not in holders]
        stopped = threading.Event()
        try:
            search = partial(self._search, order, query, holders, on_searched, stopped)
            found, cut_off, searched = await asyncio.to_thread(search)
        except asyncio.CancelledError:
            stopped.set()  # the thread has to end by itself
            raise
        images = {holder.image_id for some in holders.values() for holder in some}
        unread = {one.image_id for diff_id, some in holders.items() if diff_id not in at_hand for one in some}
        return KnownSearch(found, cut_off, searched, len(images - unread), len(unread), problem)

    def source(self, holder: Holder) -> FileSource:
        """The files of an image that has a layer."""
        return ImageSource(holder.title, holder.image_id, self._engine, self._details, self._shelf)

    def _holders(self) -> dict[str, tuple[Holder, ...]]:
        """Diff ID -> who has it, first those that end with it or have the fewest layers above: it is more theirs."""
        holders: defaultdict[str, list[tuple[int, Holder]]] = defaultdict(list)
        for image in self._inventory().images:
            detail = self._details.images.get(image.id)
            if detail is not None:
                title = next(iter(image.tags), "") or short_id(image.id)
                for number, diff_id in enumerate(detail.diff_ids):
                    holders[diff_id].append((len(detail.diff_ids) - number, Holder(image.id, title, number)))
        return {
            diff_id: tuple(holder for _, holder in sorted(some, key=lambda one: one[0]))
            for diff_id, some in holders.items()
        }

    def _search(
        self,
        diff_ids: list[str],
        query: str,
        holders: dict[str, tuple[Holder, ...]],
        on_searched: OnSearched,
        stopped: threading.Event,
    ) -> tuple[tuple[KnownPath, ...], bool, int]:
        found: list[KnownPath] = []
        searched = 0
        for diff_id, files in self._shelf.each(diff_ids):
            if stopped.is_set() or len(found) > MOST_FOUND:
                break
            some = holders.get(diff_id, ())
            room = MOST_FOUND + 1 - len(found)
            found += [KnownPath(one, some) for one in islice(find_paths([("", diff_id, files)], query), room)]
            searched += 1
            on_searched(searched, len(diff_ids))
        return tuple(found[:MOST_FOUND]), len(found) > MOST_FOUND, searched
