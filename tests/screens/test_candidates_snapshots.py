"""Pictures of what could go."""

from __future__ import annotations

import time

import pytest

from tests.journeys.explorer import Explorer
from tests.screens.demo_picture import DARK, LIGHT, MONO, NOW, SMALL, USUAL, SnapCompare, all_images_read, picture

SIZES = pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and dates read the same on every day and in every time zone."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def open_them(user: Explorer) -> None:
    """Open the candidates, with every layer read."""
    await user.press("X")
    await user.see("─ Candidates")
    await all_images_read(user)
    await user.see_no_more("still being read")


async def tick_all(user: Explorer) -> None:
    """Everything but named volumes, and the objects of one rule."""
    await open_them(user)
    await user.press("asterisk", "down", "down", "right", "down", "space")


@SIZES
@pytest.mark.parametrize("theme", [DARK, LIGHT, MONO])
def test_candidates(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert picture(snap_compare, tick_all, size, theme)


async def tick_a_named_volume(user: Explorer) -> None:
    """One of the volumes that stand apart."""
    await open_them(user)
    await user.press("end", "right", "down", "space")
    await user.see("1 named volume among them")


@SIZES
def test_named_volumes(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, tick_a_named_volume, size)


async def look_at_the_logs(user: Explorer) -> None:
    """Measured, and opened."""
    await user.press("m", "u")
    await user.see(" measured ")
    await user.press("escape")
    await open_them(user)
    await user.press("end", "up", "right", "down")
    await user.see("Log of team-app")


@SIZES
def test_logs(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, look_at_the_logs, size)
