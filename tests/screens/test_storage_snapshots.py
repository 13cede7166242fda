"""Pictures of where things lie: the layer tree, the storage map, the Changes and the Storage tab."""

from __future__ import annotations

import time

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
    all_images_read,
    find_container,
    find_image,
    open_tab,
    picture,
)
from tui.screens.storage_map_screen import StorageMapScreen

SIZES = pytest.mark.parametrize("size", [SMALL, USUAL], ids=["80x24", "120x40"])
ALL_SIZES = pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=["80x24", "120x40", "200x60"])


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages and dates read the same on every day and in every time zone."""
    monkeypatch.setattr("tui.present.figures.now", lambda: NOW)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


# -- the layer tree -------------------------------------------------------------------------------


async def layer_tree(user: Explorer) -> None:
    await user.press("T")
    await all_images_read(user)
    await user.see("to the byte")


def layer_tree_and(*keys: str) -> Act:
    async def act(user: Explorer) -> None:
        await layer_tree(user)
        await user.press(*keys)

    return act


@ALL_SIZES
def test_layer_tree(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, layer_tree_and("down", "down", "down"), size)


@pytest.mark.parametrize("theme", [LIGHT, MONO])
def test_layer_tree_in_other_themes(snap_compare: SnapCompare, theme: str) -> None:
    assert picture(snap_compare, layer_tree, USUAL, theme)


@SIZES
def test_layer_tree_filtered(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, layer_tree_and("slash", *"shop/api", "enter", "end"), size)


@SIZES
def test_layer_tree_exact_with_the_keys_on_who_stands_on_it(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, layer_tree_and("x", "down", "enter", "down"), size)


# -- the storage map ------------------------------------------------------------------------------


def storage_map(*keys: str, measured: bool = False) -> Act:
    async def act(user: Explorer) -> None:
        await user.press("m")
        await all_images_read(user)
        await user.see("≤ 1.4 GB")
        screen = user.app.screen
        assert isinstance(screen, StorageMapScreen)
        if measured:
            await user.press("u")
            await user.until(lambda: screen.storage.report is not None)
        await user.press(*keys)

    return act


@SIZES
def test_storage_map(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, storage_map(), size)


@ALL_SIZES
def test_storage_map_measured(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, storage_map(*["down"] * 12, measured=True), size)


@SIZES
def test_storage_map_of_images(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, storage_map(*["down"] * 6), size)


def test_storage_map_of_a_log_exact(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, storage_map("x", *["down"] * 26, measured=True))


@SIZES
def test_storage_map_of_the_other_platforms(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, storage_map("plus", "end", *["up"] * 60), size)


def test_storage_map_light(snap_compare: SnapCompare) -> None:
    assert picture(snap_compare, storage_map(measured=True), USUAL, LIGHT)


# -- the tabs -------------------------------------------------------------------------------------


def changes(*keys: str) -> Act:
    async def act(user: Explorer) -> None:
        await find_container(user, "toolbox")
        await open_tab(user, "Changes")
        await user.see("1 deleted", "14.2 kB")
        await user.press(*keys)

    return act


@SIZES
def test_changes(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, changes(*["down"] * 2), size)


async def changes_and_their_layers(user: Explorer) -> None:
    """With the files of its image read, it is known where what was copied up came from."""
    await find_container(user, "proxy")
    await open_tab(user, "Changes")
    await user.press("f")
    await user.see(" wasted")
    await user.press("escape", "5", "end")
    await user.see("Copied up from")


@SIZES
def test_changes_and_their_layers(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, changes_and_their_layers, size)


def storage_of_a_container(*keys: str) -> Act:
    async def act(user: Explorer) -> None:
        await find_container(user, "shop-web")
        await open_tab(user, "Storage")
        await user.see("merged view", "upper")
        await user.press(*keys)

    return act


@ALL_SIZES
def test_storage_of_a_container(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, storage_of_a_container(), size)


@SIZES
def test_storage_of_a_container_down_to_its_mounts(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, storage_of_a_container("z", "x", "end"), size)


async def storage_of_an_image(user: Explorer) -> None:
    await find_image(user, "team")
    await open_tab(user, "Storage")
    await user.see("layer 6", "Diff ID")


@SIZES
def test_storage_of_an_image(snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, storage_of_an_image, size)
