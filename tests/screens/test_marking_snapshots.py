"""Pictures of marks, of the line that sums them up, and of what keeps bytes."""

from __future__ import annotations

import time

import pytest

from tests.journeys.explorer import Explorer
from tests.screens.demo_picture import DARK, LIGHT, MONO, NOW, SMALL, USUAL, SnapCompare, picture


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and dates read the same on every day and in every time zone."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


async def mark_some(user: Explorer) -> None:
    """Images, containers and volumes; some that free nothing, and one group in part."""
    await user.go_to("images", "tag alpine:3.21")
    await user.press("space")
    await user.go_to("images", "tag golang:1.23-bookworm")
    await user.press("space")
    await user.go_to("containers", "project /monitoring")
    await user.press("space")
    await user.go_to("volumes", "volume npm-cache")
    await user.press("space")
    await user.see("marked")
    await user.see_no_more("reading layers…")


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
@pytest.mark.parametrize("theme", [DARK, LIGHT, MONO])
def test_marked_line(snap_compare: SnapCompare, size: tuple[int, int], theme: str) -> None:
    assert picture(snap_compare, mark_some, size, theme)


async def _go_to_the_line(user: Explorer) -> None:
    await mark_some(user)
    await user.press("tab", "tab", "tab")
    await user.until(lambda: user.app.main.marked_line.has_focus)


def test_marked_line_with_the_keys(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, _go_to_the_line)


async def _ask_why(user: Explorer) -> None:
    await mark_some(user)
    await user.go_to("images", "tag debian:12-slim")
    await user.press("w")
    await user.see("What keeps the bytes of", "Images have the same layers")


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
def test_why_dialog(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, _ask_why, size)
