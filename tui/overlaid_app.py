"""The part of the app that lays screens over the main one, when the main one wishes for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui import messages
from tui.engine.port import Engine
from tui.keeper import Keeper
from tui.keeper.contents import Contents
from tui.keeper.dirt import Part
from tui.keyed_app import KeyedApp
from tui.screens.keyed_screen import KeyedScreen
from tui.screens.main_screen import MainScreen
from widgets.cell import Role

if TYPE_CHECKING:
    # For annotations only, and down the stairs: they come when they are first wished for.
    from tui.contents.reading import OnReading
    from tui.keeper.measured_storage import MeasuredStorage
    from tui.layer_screens import LayerScreens
    from tui.model.storage import StorageReport


class OverlaidApp(KeyedApp):
    """Knows which screens there may be over the main one.

    Args:
        engine: what to explore.
        keeper: watches the engine.
        layer_cache_folder: where it is kept what lies in layers; nowhere when ``None``.
        theme: name of the theme.
    """

    main: MainScreen

    def __init__(self, engine: Engine, keeper: Keeper, layer_cache_folder: Path | None, theme: str) -> None:
        super().__init__(theme)
        self.engine = engine
        self.keeper = keeper
        self.contents = Contents(engine, keeper.details, layer_cache_folder)
        self._storage: MeasuredStorage | None = None
        """What has been measured of the engine's folders, once somebody has opened the storage map."""

    def say(self, sentence: str, role: Role = Role.NORMAL) -> None:
        """Say something where it is seen: on the main screen, or on the one laid over it."""
        (self.screen if isinstance(self.screen, KeyedScreen) else self.main).say(sentence, role)

    # -- layers -----------------------------------------------------------------------------------

    @property
    def _layer_screens(self) -> LayerScreens:
        from tui.layer_screens import LayerScreens  # noqa: PLC0415 - most starts never show them

        return LayerScreens(self, self.engine, self.keeper, self.contents)

    def on_files_requested(self, event: messages.FilesRequested) -> None:
        """Lay the files of an image or a container over what is shown."""
        self._layer_screens.show_files(event)

    def on_comparison_requested(self, event: messages.ComparisonRequested) -> None:
        """Lay the comparison of two images over the main screen."""
        self._layer_screens.compare(event)

    def on_layer_tree_requested(self, event: messages.LayerTreeRequested) -> None:
        """Lay the layer tree over the main screen."""
        from tui.screens.layer_tree_screen import LayerTreeScreen  # noqa: PLC0415 - most starts never show it

        if self.screen is self.main:
            self.push_screen(LayerTreeScreen(self.main, event.image_id))

    def on_storage_map_requested(self) -> None:
        """Lay the storage map over the main screen."""
        from tui.keeper.measured_storage import MeasuredStorage  # noqa: PLC0415 - as above
        from tui.screens.storage_map_screen import StorageMapScreen  # noqa: PLC0415 - as above

        if self._storage is None:
            self._storage = MeasuredStorage(self._storage_report)
        self._look_at_sizes()
        if self.screen is self.main:
            self.push_screen(StorageMapScreen(self.main, self._storage))

    async def _storage_report(self, on_reading: OnReading) -> StorageReport:
        # What the engine says of itself stands beside what is measured: both are to be of the same moment.
        self._look_at_sizes()
        return await self.engine.storage_report(on_reading)

    def _look_at_sizes(self) -> None:
        """Sizes are about to be shown as they are now, and no event tells that something has grown."""
        self.keeper.mark(Part.USAGE)
