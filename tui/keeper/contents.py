"""What is known of the contents of images, for whoever only looks it up: nothing here asks the engine for layers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.engine.port import Engine
from tui.keeper.details import Details
from tui.model import late_records

if TYPE_CHECKING:
    # For annotations only: most starts never look into a layer.
    from tui.keeper.layer_shelf import LayerShelf


class Contents:
    """A shelf of layers that is put up when somebody first asks for it.

    Args:
        engine: whose layers they are.
        details: what has been read of images.
        cache_folder: where it is kept what lies in layers; nowhere when ``None``.
    """

    def __init__(self, engine: Engine, details: Details, cache_folder: Path | None) -> None:
        self._engine = engine
        self._details = details
        self._cache_folder = cache_folder
        self._shelf: LayerShelf | None = None

    @property
    def shelf(self) -> LayerShelf:
        """Where layers come from."""
        if self._shelf is None:
            from tui.contents.layer_cache import LayerCache  # noqa: PLC0415 - most starts never look into a layer
            from tui.keeper.layer_shelf import LayerShelf  # noqa: PLC0415 - as above

            self._shelf = LayerShelf(self._engine, LayerCache(self._cache_folder))
        return self._shelf

    async def recall(self, image_id: str) -> bool:
        """Learn what the cache knows of an image; True when that is all there is to know. Raises EngineError."""
        return await self.shelf.recall(await self._details.image(image_id))

    def waste_of(self, image_id: str) -> late_records.Waste | None:
        """What of an image is waste; ``None`` while nobody has read its layers."""
        image = self._details.images.get(image_id)
        return self._shelf.known_waste(image.diff_ids) if self._shelf is not None and image is not None else None

    def origin_of(self, image_id: str, path: str) -> str | None:
        """The layer of an image that holds ``path`` in the end: ``layer 2``; empty when none does.

        ``None`` while nobody has read its layers.
        """
        image = self._details.images.get(image_id)
        stack = self._shelf.known_stack(image.diff_ids) if self._shelf is not None and image is not None else None
        if stack is None:
            return None
        from tui.present.changes import origin_in  # noqa: PLC0415 - as above

        return origin_in(stack, path)
