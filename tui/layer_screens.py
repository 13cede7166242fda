"""The screens that show what lies in layers: which there may be, over which, and where their files come from."""

from __future__ import annotations

from textual.app import App

from tui import messages
from tui.contents.source import FileSource
from tui.engine.port import Engine
from tui.keeper import Keeper
from tui.keeper.contents import Contents
from tui.keeper.known_layers import KnownLayers
from tui.keeper.sources import ContainerSource, ImageSource
from tui.present.figures import short_id
from tui.screens.compare_screen import CompareScreen
from tui.screens.files_screen import FilesScreen
from tui.screens.keyed_screen import KeyedScreen


class LayerScreens:
    """Lays screens over the main one.

    Args:
        app: whose screens they are; its first screen is the main one.
        engine: who is asked for layers.
        keeper: what the engine has.
        contents: what is known of layers already.
    """

    def __init__(self, app: App[None], engine: Engine, keeper: Keeper, contents: Contents) -> None:
        self._app = app
        self._engine = engine
        self._keeper = keeper
        self._contents = contents

    def show_files(self, event: messages.FilesRequested) -> None:
        """Show the files of an image or a container."""
        # Over any screen but another one of its kind: the key may have been pressed twice.
        if self._on_main or (
            isinstance(self._app.screen, KeyedScreen) and not isinstance(self._app.screen, FilesScreen)
        ):
            source = self._source(event.kind, event.object_id, event.title)
            self._app.push_screen(FilesScreen(source, layer=event.layer, path=event.path, others=self._known))

    def compare(self, event: messages.ComparisonRequested) -> None:
        """Show in what two images differ."""
        if self._on_main:
            left = self._source("image", event.left_id, event.left_title)
            right = self._source("image", event.right_id, event.right_title)
            self._app.push_screen(CompareScreen(left, right))

    @property
    def _on_main(self) -> bool:
        return len(self._app.screen_stack) == 1

    @property
    def _known(self) -> KnownLayers:
        return KnownLayers(self._engine, self._keeper.details, self._contents.shelf, lambda: self._keeper.inventory)

    def _source(self, kind: str, object_id: str, title: str) -> FileSource:
        make = ContainerSource if kind == "container" else ImageSource
        title = title or self._name_of(kind, object_id)
        return make(title, object_id, self._engine, self._keeper.details, self._contents.shelf)

    def _name_of(self, kind: str, object_id: str) -> str:
        """What an image or a container is called; the first digits of its ID when it has no name."""
        inventory = self._keeper.inventory
        if kind == "container":
            container = inventory.containers_by_id.get(object_id)
            name = container.name if container is not None else ""
        else:
            image = inventory.images_by_id.get(object_id)
            name = next(iter(image.tags), "") if image is not None else ""
        return name or short_id(object_id)
