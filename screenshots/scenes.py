"""What the pictures show, and what a user does to get there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from screenshots.stage import Stage
from tui.keeper import LinkState
from tui.model.container import Container
from tui.present import details
from tui.screens.compare_screen import CompareScreen
from tui.screens.files_screen import FilesScreen
from tui.screens.find_screen import FindScreen
from tui.screens.help_dialog import HelpDialog
from tui.screens.plan_screen import PlanScreen
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
    await stage.press("5", "down", "down")
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


async def _find(stage: Stage) -> None:
    await _image_files(stage)
    # Enter, with nothing typed, leaves the line in which a path is asked for; 2 lists the biggest files.
    await stage.press("F", "enter", "2", "down", "down")
    screen = stage.app.screen
    assert isinstance(screen, FindScreen)
    await stage.until(lambda: screen.current.spot is not None)
    await stage.settle()


async def _compare(stage: Stage) -> None:
    await stage.go_to("images", "repository /team/reports", "tag team/reports:nightly")
    await stage.press("c")
    await stage.go_to("images", "repository /team/search", "tag team/search:0.9")
    await stage.press("c")
    await stage.until(lambda: isinstance(stage.app.screen, CompareScreen) and stage.app.screen.situation.opened)
    await stage.press("down", "down", "down")
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
    await stage.press("right_square_bracket", "5", "+")
    await stage.settle()


async def _storage(stage: Stage) -> None:
    await _container(stage, "shop-web-1")
    await stage.press("right_square_bracket", "right_square_bracket", "z")
    await stage.settle()


async def _everything_read(stage: Stage) -> None:
    """What goes with what is known when every image has been read."""
    main = stage.app.main
    await stage.until(lambda: main.inventory.usage is not None and not main.holdings.unread(main.inventory))
    await stage.settle()


async def _marked(stage: Stage) -> None:
    await stage.go_to("images", "repository /localhost:5000/team/app", "tag localhost:5000/team/app:1.3")
    await stage.press("space")
    await _container(stage, "import-catalogue")
    await stage.press("space")
    await stage.go_to("volumes", "group unused", "volume npm-cache")
    await stage.press("space")
    await stage.go_to("images", "repository /team/base", "tag team/base:2025.01")
    await stage.press("space")
    await _everything_read(stage)


async def _candidates(stage: Stage) -> None:
    await stage.press("X")
    await _everything_read(stage)
    await stage.press("down", "asterisk")
    await stage.settle()


async def _plan(stage: Stage) -> None:
    await stage.press("X")
    await _everything_read(stage)
    await stage.press("asterisk", "D")
    screen = stage.app.screen
    assert isinstance(screen, PlanScreen)
    await stage.until(lambda: bool(screen.offered))
    await stage.press("down")
    await stage.settle()


async def _usage(stage: Stage) -> None:
    await stage.press("b")
    await _everything_read(stage)


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
    Scene("find", _find),
    Scene("compare", _compare),
    Scene("layer-tree", _layer_tree),
    Scene("storage-map", _storage_map),
    Scene("changes", _changes),
    Scene("storage", _storage),
    Scene("marked", _marked),
    Scene("candidates", _candidates),
    Scene("plan", _plan),
    Scene("usage", _usage),
)
"""All pictures."""
