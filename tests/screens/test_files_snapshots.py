"""Pictures of the Files screen. `pytest --snapshot-update` takes them anew; look at them before committing."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.journeys.files_explorer import NOW, FilesApp, FilesExplorer, LayerSketch, SketchedSource, shop
from tui.contents.errors import BrokenArchiveError
from tui.model.storage import Phase, Reading
from tui.screens.files_screen import FilesScreen

SMALL, USUAL, LARGE = (80, 24), (120, 40), (200, 60)
DARK, LIGHT, MONO = "orlop-dark", "orlop-light", "orlop-mono"

SnapCompare = Callable[..., bool]


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and dates read the same on every day and in every time zone."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setattr("tui.screens.write_dialog.working_folder", lambda: Path("/home/ada"))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def pressing(source: SketchedSource, keys: Iterable[str]) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Wait until all is counted, press keys, and wait until what they lead to is there."""

    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, FilesApp)
        user = FilesExplorer(app, source, pilot)
        await user.until(lambda: user.files.table.waste is not None)
        for key in keys:
            await pilot.press(key)
        await user.until(user.files._is_current)
        await user.until(lambda: not any(worker.is_running for worker in app.workers))
        await pilot.pause(0.1)

    return run


def picture(
    snap_compare: SnapCompare,
    keys: Iterable[str] = (),
    size: tuple[int, int] = USUAL,
    theme: str = DARK,
    source: SketchedSource | None = None,
) -> bool:
    """Compare the screen after ``keys`` with its picture."""
    shown = source or shop()
    app = FilesApp(FilesScreen(shown), theme=theme)
    return snap_compare(app, run_before=pressing(shown, keys), terminal_size=size)


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=["80x24", "120x40", "200x60"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_layers_and_files(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert picture(snap_compare, ["2", "plus", "down"], size, theme)


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_layers_with_the_keys(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, ["down", "down"], size)


def test_without_colours(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["2", "plus"], theme=MONO)


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_layer_alone_filtered(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, ["a", "slash", *"apt"], size)


def test_exact_and_unmodified_hidden(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["x", "U", "s", "2"])


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_text_file(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, ["slash", *"main.py", "enter", "v"], size)


def test_binary_file(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["slash", *"logo", "enter", "v"], SMALL)


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_writing_out(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, ["slash", *"big", "enter", "W"], size)


def test_touches(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, ["slash", *"pkgcache", "enter", "o"])


def test_container(snap_compare: SnapCompare) -> None:
    image = LayerSketch("ADD rootfs /").folder("etc").file("etc/issue", 27).folder("var").file("var/log", 1_200_000)
    own = LayerSketch("").file("var/new", -1, uid=-1, gid=-1).hide("var/log").file("etc/issue", 30)
    source = SketchedSource(image, own, kind="container", title="shop-web-1")
    assert picture(snap_compare, ["2", "plus"], source=source)


def test_reading(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.opening_screen.monotonic", lambda: 0.0)
    source = shop()
    source.gate.clear()
    source.readings = (Reading(Phase.READING, 312_000_000, 741_000_000, 12_345),)

    async def wait(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, FilesApp)
        await FilesExplorer(app, source, pilot).see("12,345")

    assert snap_compare(FilesApp(FilesScreen(source)), run_before=wait, terminal_size=SMALL)


def test_problem(snap_compare: SnapCompare) -> None:
    source = shop()
    source.problem = BrokenArchiveError(
        "Layer 2 of shop-api.tar is cut short: 512 bytes are missing at its end.", "Save the image again."
    )

    async def wait(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, FilesApp)
        await FilesExplorer(app, source, pilot).see("tries again")

    assert snap_compare(FilesApp(FilesScreen(source)), run_before=wait, terminal_size=SMALL)
