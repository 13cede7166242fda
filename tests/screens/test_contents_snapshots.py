"""Pictures of what lies in layers: waste, files, lists of files, two images beside each other; of the demo's images."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.journeys.explorer import Explorer
from tests.screens.demo_picture import (
    LARGE,
    LIGHT,
    MONO,
    NOW,
    SMALL,
    USUAL,
    Act,
    SnapCompare,
    find_image,
    picture,
)
from tui.screens.compare_screen import CompareScreen

SIZES = pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
ALL_SIZES = pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=["80x24", "120x40", "200x60"])


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and dates read the same on every day and in every time zone."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setattr("tui.screens.write_dialog.working_folder", lambda: Path("/home/ada"))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def files(*keys: str) -> Act:
    """What a user does over the files of an image that wastes much."""

    async def act(user: Explorer) -> None:
        await find_image(user, "search")
        await user.press("f")
        await user.see(" wasted")
        await user.press(*keys)

    return act


# -- the Overview ---------------------------------------------------------------------------------


async def overview(user: Explorer) -> None:
    await files("escape")(user)
    await user.see("What lies in its layers", "22.0%")
    await user.press("5")


@ALL_SIZES
def test_overview_with_waste(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, overview, size)


# -- Files ----------------------------------------------------------------------------------------


@SIZES
def test_files_with_a_folder_opened_and_another_folded(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("2", "plus", "home", "left", "down", "right", "down", "right"), size)


@SIZES
def test_files_of_a_layer_that_deletes(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files(*["left_square_bracket"] * 3, "a", "2"), size)


@SIZES
def test_files_filtered(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("slash", *"embed", "enter"), size)


def test_files_while_the_filter_is_typed(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, files("slash", *"*.bin"), SMALL)


@SIZES
def test_file_shown(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("slash", *"search.yaml", "enter", "v"), size)


@SIZES
def test_binary_file_shown(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("slash", *"searchd", "enter", "v"), size)


@SIZES
def test_file_about_to_be_written(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("slash", *"embeddings-small", "enter", "W"), size)


@SIZES
def test_layers_that_touched_a_file(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("slash", *"embeddings-small", "enter", "o"), size)


# -- Find -----------------------------------------------------------------------------------------


@SIZES
def test_find_begins_with_a_path(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("F"), size)


@ALL_SIZES
def test_paths_found(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("F", *"embed", "enter", "down"), size)


async def paths_in_all_images(user: Explorer) -> None:
    await files("F", *"passwd", "enter", "a")(user)
    await user.see("team/search:0.9", "places")


@SIZES
def test_paths_found_in_all_images(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, paths_in_all_images, size)


@SIZES
def test_biggest_files(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("F", "enter", "2", "down"), size)


@SIZES
def test_duplicates_by_size(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("F", "enter", "3", "right", "down"), size)


@SIZES
def test_setuid_files(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, files("F", "enter", "4", "down"), size)


@pytest.mark.parametrize("theme", [LIGHT, MONO])
def test_biggest_files_in_other_themes(snap_compare: SnapCompare, theme: str) -> None:
    assert picture(snap_compare, files("F", "enter", "2", "down"), USUAL, theme)


# -- Compare --------------------------------------------------------------------------------------


def compared(*keys: str) -> Act:
    """Two versions of an image."""

    async def act(user: Explorer) -> None:
        await find_image(user, "team/app")
        await user.press("c", "down", "c")
        await opened(user)
        await user.press(*keys)

    return act


async def compared_with_another(user: Explorer) -> None:
    """Two images that have little in common."""
    await find_image(user, "shop/")
    await user.press("c", "down", "down", "down", "c")
    await opened(user)


async def opened(user: Explorer) -> None:
    await user.until(lambda: isinstance(user.app.screen, CompareScreen) and user.app.screen.situation.opened)
    await user.see("[~]")


@SIZES
def test_first_image_taken(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    async def act(user: Explorer) -> None:
        await find_image(user, "team/app")
        await user.press("c")

    assert picture(snap_compare, act, size)


@ALL_SIZES
def test_compared(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, compared("down"), size)


def test_compared_light(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, compared("down"), USUAL, LIGHT)


@SIZES
def test_compared_layers(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, compared("1", "home", "end"), size)


@SIZES
def test_compared_with_another(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, compared_with_another, size)


@SIZES
def test_compared_with_what_is_the_same(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, compared("U", "m", "x"), size)
