"""All images as one tree, two of them beside each other, and where the bytes lie: against what the engine says."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Open
from tests.e2e.world import World


@pytest.fixture
def fleet(world: World) -> World:
    """Three images, two on one base, and a container."""
    base = world.image("timber/oak:3.1", layers=2)
    world.image("timber/plank:1", parent=base, layers=2)
    world.image("timber/board:1", parent=base, layers=1)
    world.container("timber/board:1", "barge")
    return world


def test_all_images_as_one_tree(fleet: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", fleet.url)
    orlop.go_to("images", "timber/oak:3.1")
    orlop.press("T")
    orlop.see("Layer tree", "timber/plank:1", "timber/board:1", "timber/oak:3.1")
    if fleet.api.info()["Driver"] == "overlayfs":
        orlop.see("an estimate")
    else:
        orlop.see(f"{fleet.disk_usage()['LayersSize']:,} B in all layers", "= LayersSize, to the byte")
    orlop.press("/")
    orlop.type("board")
    orlop.see_no_row("timber/plank:1")
    orlop.press("enter", "end")
    orlop.see_in_details("barge")
    orlop.press("f")
    orlop.see("files of image timber/board:1")
    orlop.press("q")
    orlop.see("Layer tree")
    # First the filter goes, then the screen.
    orlop.press("escape")
    orlop.see_row("timber/plank:1")
    orlop.press("escape")
    orlop.see("1 Images")
    assert orlop.quit() == 0


def test_two_images_beside_each_other(fleet: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", fleet.url)
    orlop.go_to("images", "timber/plank:1")
    orlop.press("c")
    orlop.see_in_footer("timber/plank:1 with")
    orlop.go_to("images", "timber/board:1")
    orlop.press("c")
    orlop.see("compare − timber/plank:1 with + timber/board:1", "Shared, from the lowest on 2")
    orlop.see("− Only in", "+ Only in", "file1")
    orlop.press("S")
    orlop.see("compare − timber/board:1 with + timber/plank:1")
    orlop.press("2", "/")
    orlop.type("file1")
    orlop.press("enter", "v")
    orlop.see("/file1", "all of it")
    orlop.press("escape")
    orlop.see_no_more("all of it")
    orlop.press("q", "q")
    orlop.see_row("timber/plank:1")
    assert orlop.quit() == 0


def test_where_the_bytes_lie(fleet: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", fleet.url)
    orlop.see_row("barge", "running")
    orlop.press("m")
    orlop.see(
        "Storage map", "not measured", str(fleet.dockerd.root / "data"), "What docker system df counts", "1/3 in use"
    )
    orlop.press("u")
    orlop.see("─ measured ", "containers/", "volumes/")
    orlop.press(*["down"] * 7)
    orlop.see("Containers: what docker system df says", "Exactly")
    orlop.press("y")
    orlop.see_in_footer("Copied docker system df")
    orlop.press("q")
    orlop.see_row("barge")
    # It is kept for as long as the app runs.
    orlop.press("m")
    orlop.see("Storage map", "─ measured ")
