"""What lies in the layers of a real image: read, looked through, looked into and written out."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE, Orlop
from tests.e2e.slow_road import SlowRoad
from tests.e2e.world import World
from tests.engine.layered_images import Item, docker_archive, file, folder, gone, symlink

LAYERS: tuple[tuple[Item, ...], ...] = (
    (
        folder("etc"),
        file("etc/motd", b"hoist the mainsail\n"),
        folder("srv"),
        folder("srv/cache"),
        file("srv/cache/blob", bytes(300_000)),
        file("srv/readme", b"planks and nails\n"),
        symlink("srv/news", "../etc/motd"),
    ),
    (file("etc/motd", b"all hands below\n"), gone("srv/cache")),
    (folder("opt"), file("opt/tool", b"\x7fELF" + bytes(64), mode=0o4755)),
)
TAG = "timber/hold:1"


@pytest.fixture
def hold(world: World) -> World:
    """A world with an image of which something is known."""
    world.api.load_image(docker_archive(TAG, LAYERS))  # type: ignore[no-untyped-call]
    return world


@pytest.fixture
def road(hold: World) -> Iterator[SlowRoad]:
    """A road on which images come to a stop after their first bytes."""
    made = SlowRoad(hold.dockerd.socket, b"/get HTTP/", 200_000)
    yield made
    made.close()


def open_files(orlop: Orlop) -> None:
    """Open the image's files and wait until its waste has been counted."""
    orlop.go_to("images", TAG)
    orlop.press("f")
    orlop.see(f"files of image {TAG}", "Files of the whole image", "300.0 kB wasted")


def go_to_file(orlop: Orlop, glob: str) -> None:
    """Put the cursor on the one file that matches, by the filter."""
    orlop.press("/")
    orlop.see_in_footer("Enter keep")
    orlop.type(glob)
    orlop.see("1 match")
    orlop.press("enter")
    orlop.see_in_footer("v view")


def test_what_an_image_is_made_of(hold: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", hold.url)
    open_files(orlop)
    orlop.see("deletes 300.0 kB", "3 layers")
    # The tree of the topmost layer, by sign; what is hidden is not in it.
    orlop.press("2", "+")
    orlop.see("tool", "-rwsr-xr-x", "readme", "news → ../etc/motd")
    assert "blob" not in orlop.screen_text().partition("Files of the whole image")[2].replace("blob  layer", "")
    # The layer below, alone: what it replaced, and the folder that went.
    orlop.press("[", "a")
    orlop.see("What layer 2 did", "[~] Modified 1", "[−] Removed")
    orlop.press("a", "]")
    orlop.see("Files of the whole image")
    orlop.press("q")
    orlop.see_row(TAG)
    assert orlop.quit() == 0


def test_a_file_is_found_read_and_followed_through_the_layers(hold: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", hold.url)
    open_files(orlop)
    go_to_file(orlop, "/etc/motd")
    orlop.press("v")
    orlop.see("all hands below", "all of it")
    orlop.press("x")
    orlop.see("61 6c 6c 20 68 61 6e 64")
    orlop.press("escape")
    orlop.see_no_more("all of it")
    orlop.press("o")
    orlop.see_dialog("/etc/motd", "2 layers touched it", "modified", "added")
    orlop.press("down", "enter")
    orlop.see("Files up to layer 1")
    orlop.press("v")
    orlop.see("hoist the mainsail")
    orlop.press("escape")
    orlop.see_no_more("hoist the mainsail")
    orlop.press("backspace")
    orlop.see("Files of the whole image")
    # First the filter goes, then the screen.
    orlop.press("escape")
    orlop.see_no_more("1 match")
    orlop.press("escape")
    orlop.see_row("timber/hold:1")
    assert orlop.quit() == 0


def test_a_file_is_written_out_and_nothing_is_overwritten_by_surprise(
    hold: World, open_orlop: Open, tmp_path: Path
) -> None:
    goal = tmp_path / "goal"
    goal.mkdir()
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    (goal / "link").symlink_to(precious)
    orlop = open_orlop("--host", hold.url, run_by=("sh", "-c", f'cd {goal} && exec "$@"', "sh"))
    open_files(orlop)
    go_to_file(orlop, "tool")
    orlop.press("W")
    orlop.see_dialog("Write out /opt/tool", "written as -rw-r--r--", "/goal/tool")
    orlop.press("enter")
    orlop.see_in_footer("Wrote 68 B to")
    written = goal / "tool"
    assert written.read_bytes() == b"\x7fELF" + bytes(64)
    assert stat.S_IMODE(written.stat().st_mode) == 0o644, "never setuid on the host"
    # The same again, and over a link: refused until somebody says so.
    orlop.press("W")
    orlop.see_dialog("Write out")
    orlop.press(*["backspace"] * len("tool"))
    orlop.type("link")
    orlop.press("enter")
    orlop.see_dialog("is there already")
    assert precious.read_text() == "keep me"
    assert (goal / "link").is_symlink()
    orlop.press("tab", "space", "shift+tab", "enter")
    orlop.see_no_dialog()
    assert not (goal / "link").is_symlink(), "the link itself is replaced"
    assert precious.read_text() == "keep me", "and never what it leads to"
    assert sorted(path.name for path in goal.iterdir()) == ["link", "tool"]


def test_find_looks_through_the_layers_and_leads_there(hold: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", hold.url)
    open_files(orlop)
    orlop.press("F")
    orlop.see("find in image", "Setuid")
    orlop.type("blob")
    orlop.see("/srv/cache/blob", "1 place in the layers", "not seen: layer 2 deletes it")
    orlop.press("enter", "4")
    orlop.see("/opt/tool", "-rwsr-xr-x")
    orlop.press("2")
    orlop.see("/srv/cache/blob", "300.0 kB")
    orlop.press("enter")
    orlop.see("Files up to layer 1", "blob")
    orlop.press("q", "q")
    assert orlop.left() == 0


def test_how_far_it_has_come_is_shown_and_escape_really_stops_it(hold: World, road: SlowRoad, open_orlop: Open) -> None:
    orlop = open_orlop("--host", road.url)
    orlop.go_to("images", TAG)
    orlop.press("f")
    orlop.see(f"Reading what lies in image {TAG}", "Esc stops it and goes back.")
    orlop.wait_until(road.held.is_set, timeout=PATIENCE, what="the image on its way")
    orlop.see("reading:", "%", " of ")
    orlop.press("escape")
    orlop.see_row(TAG)
    assert road.left.wait(PATIENCE), "the engine is not made to send on what nobody reads"
    # Nothing is left over of it: with the way free, the next reading is whole.
    road.way_is_free.set()
    open_files(orlop)
    assert orlop.exit_code is None
