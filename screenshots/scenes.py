"""What the pictures show, and what a user does to get there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from screenshots.stage import Stage
from tui.keeper import LinkState
from tui.model.container import Container
from tui.present import details
from tui.screens.files_screen import FilesScreen
from tui.screens.help_dialog import HelpDialog
from tui.screens.removal_dialog import RemovalDialog
from tui.screens.storage_map_screen import StorageMapScreen


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: ``name`` is its file's, ``act`` what is done before it is taken."""

    name: str
    act: Callable[[Stage], Awaitable[None]]
    columns: int = 120
    rows: int = 40
    theme: str = "orlop-dark"


async def _image(stage: Stage) -> None:
    await stage.go_to("images", "repository /shop/api", "tag shop/api:2.3.1")


async def _main(stage: Stage) -> None:
    await _image(stage)
    # Down into its layers and back up: the tree has then scrolled far enough to show them.
    await stage.press("right", *["down"] * 4, *["up"] * 4)
    await stage.settle()


async def _layers(stage: Stage) -> None:
    await _image(stage)
    await stage.press("right_square_bracket")
    main = stage.app.main
    # Which layers are shared is known when every image has been read.
    await stage.until(lambda: set(main.image_details.images) >= set(main.inventory.images_by_id))
    assert main.details.shown_tab == details.LAYERS
    await stage.press("4", "down", "down")
    await stage.settle()


async def _container(stage: Stage, name: str) -> None:
    found = next(container for container in stage.app.main.inventory.containers if container.name == name)
    await stage.go_to("containers", *_path(found))


def _path(container: Container) -> tuple[str, ...]:
    return (f"project /{container.compose_project}", f"container {container.id}")


async def _inspect(stage: Stage) -> None:
    await _container(stage, "shop-api-1")
    await stage.press("i", "slash", *"restart")
    await stage.settle()


async def _delete(stage: Stage) -> None:
    await stage.go_to("images", "repository /nginx", "tag nginx:1.27-alpine")
    await stage.press("d")
    main = stage.app.main
    await stage.until(lambda: isinstance(stage.app.screen, RemovalDialog))
    # What would be freed is known when every image has been read.
    await stage.until(lambda: set(main.image_details.images) >= set(main.inventory.images_by_id))
    # The consequence is spelled out when the choice is made.
    await stage.press("shift+tab", "space")
    await stage.settle()


async def _help(stage: Stage) -> None:
    await stage.press("question_mark")
    await stage.until(lambda: isinstance(stage.app.screen, HelpDialog))


async def _volume(stage: Stage) -> None:
    await stage.go_to("volumes", "group in use", "volume shop_db-data")
    await stage.press("right")
    await stage.settle()


async def _small(stage: Stage) -> None:
    await _container(stage, "shop-api-1")


async def _lost(stage: Stage) -> None:
    await _container(stage, "shop-api-1")
    stage.engine.go_away()
    main = stage.app.main
    # The second try is two seconds away: time enough to take the picture at a moment that is always the same.
    await stage.until(lambda: main.link.state is LinkState.LOST and main.link.retry_in == 2)


async def _image_files(stage: Stage) -> FilesScreen:
    await stage.go_to("images", "repository /team/search", "tag team/search:0.9")
    await stage.press("f")
    screen = stage.app.screen
    assert isinstance(screen, FilesScreen)
    await stage.until(lambda: screen.table.waste is not None)
    return screen


async def _files(stage: Stage) -> None:
    screen = await _image_files(stage)
    await stage.press("down", "down", "down", "a", "tab", "down", "right", "down", "right")
    await stage.until(lambda: screen.alone and screen.view is not None and screen.view.layer == 3)
    await stage.settle()


async def _layer_tree(stage: Stage) -> None:
    await stage.press("T")
    main = stage.app.main
    await stage.until(lambda: set(main.image_details.images) >= set(main.inventory.images_by_id))
    await stage.settle()


async def _storage_map(stage: Stage) -> None:
    await stage.press("m")
    screen = stage.app.screen
    assert isinstance(screen, StorageMapScreen)
    await stage.press("u")
    await stage.until(lambda: screen.storage.report is not None)
    await stage.press(*["down"] * 12)
    await stage.settle()


async def _changes(stage: Stage) -> None:
    await _container(stage, "toolbox")
    await stage.press("right_square_bracket", "4", "+")
    await stage.settle()


async def _storage(stage: Stage) -> None:
    await _container(stage, "shop-web-1")
    await stage.press("right_square_bracket", "right_square_bracket", "z")
    await stage.settle()


SCENES: tuple[Scene, ...] = (
    Scene("main", _main),
    Scene("layers", _layers),
    Scene("inspect", _inspect),
    Scene("delete", _delete),
    Scene("help", _help),
    Scene("light", _volume, theme="orlop-light"),
    Scene("small", _small, columns=80, rows=24),
    Scene("lost", _lost),
    Scene("files", _files),
    Scene("layer-tree", _layer_tree),
    Scene("storage-map", _storage_map),
    Scene("changes", _changes),
    Scene("storage", _storage),
)
"""All pictures."""
