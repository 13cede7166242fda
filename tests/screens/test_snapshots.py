"""Pictures of the main views. `pytest --snapshot-update` takes them anew; look at them before committing."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable

import pytest
from textual.pilot import Pilot

from tui.app import OrlopApp
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.hostile import hostile_world
from tui.engine.demo.world import World

NOW = 1_795_000_000.0
SMALL, USUAL, LARGE = (80, 24), (120, 40), (200, 60)
DARK, LIGHT, CONTRAST, MONO = "orlop-dark", "orlop-light", "orlop-contrast", "orlop-mono"

SnapCompare = Callable[..., bool]


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and dates read the same on every day and in every time zone."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def settled(pilot: Pilot[None]) -> None:
    """Wait until everything has been listed, sized and inspected."""
    app = pilot.app
    assert isinstance(app, OrlopApp)
    for _ in range(500):
        inventory, details = app.main.inventory, app.main.details
        known = details.detail is not None or not details.subject.kind
        if inventory.usage is not None and len(inventory.listed) == 3 and known:
            break
        await pilot.pause(0.02)
    await pilot.pause(0.1)


def pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Wait, press keys, wait again."""

    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
        await settled(pilot)

    return run


def picture(
    snap_compare: SnapCompare,
    keys: Iterable[str] = (),
    size: tuple[int, int] = USUAL,
    theme: str = DARK,
    world: World | None = None,
) -> bool:
    """Compare the app after ``keys`` with its picture."""
    app = OrlopApp(DemoEngine(world=world, now=NOW), theme=theme)
    return snap_compare(app, run_before=pressing(*keys), terminal_size=size)


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=["80x24", "120x40", "200x60"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_first_screen(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert picture(snap_compare, ["down"], size, theme)


@pytest.mark.parametrize("theme", [CONTRAST, MONO])
def test_other_themes(snap_compare: SnapCompare, theme: str) -> None:
    assert picture(snap_compare, ["2", "down"], USUAL, theme)


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_container_opened(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert picture(snap_compare, ["2", *["down"] * 4, "right"], size, theme)


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_layers(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, ["slash", *"team", "enter", "right_square_bracket", "5", "down"], size)


def test_inspect_with_a_search(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["2", "down", "i", "slash", *"status", "enter"])


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_deleting_an_image_in_use(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert picture(snap_compare, ["slash", *"python", "enter", "d"], size, theme)


def test_deleting_a_named_volume(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["3", "slash", *"npm", "enter", "d"])


def test_deleting_a_running_container(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["2", "slash", *"toolbox", "enter", "d"])


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_help(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, ["question_mark"], size)


def test_command_dialog(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["2", "slash", *"toolbox", "enter", "E"])


@pytest.mark.parametrize("pane", ["1", "2", "3"])
def test_hostile_world(snap_compare: SnapCompare, pane: str) -> None:
    assert picture(snap_compare, [pane, "down", "right"], world=hostile_world(NOW))
