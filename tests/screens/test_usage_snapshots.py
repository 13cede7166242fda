"""Pictures of the build cache's pane and of the disk usage."""

from __future__ import annotations

import time

import pytest

from tests.journeys.explorer import Explorer
from tests.screens.demo_picture import DARK, LIGHT, MONO, NOW, SMALL, USUAL, SnapCompare, all_images_read, picture


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and dates read the same on every day and in every time zone."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def _build_cache(user: Explorer) -> None:
    await user.press("4", "end")


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_build_cache(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, _build_cache, size)


async def _usage(user: Explorer) -> None:
    await user.press("b")
    await user.see("Disk usage")
    await all_images_read(user)
    await user.until(lambda: user.app.main.sight is not None)
    await user.press("down", "down")


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
@pytest.mark.parametrize("theme", [DARK, LIGHT, MONO])
def test_disk_usage(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert picture(snap_compare, _usage, size, theme)
