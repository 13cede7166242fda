"""The world changes by itself, and the screen follows."""

from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE
from tests.e2e.world import World


def test_what_comes_and_goes_outside_comes_and_goes_on_the_screen(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    orlop = open_orlop("--host", world.url)
    orlop.see("no containers on this engine")
    barge = world.container("timber/oak:3.1", "barge", "created")
    orlop.see_row("barge", "created")
    world.api.start(barge)
    orlop.see_row("barge", "running")
    world.api.rename(barge, "wherry")
    orlop.see_row("wherry", "running")
    orlop.see_no_row("barge")
    world.stop_container(barge)
    orlop.see_row("wherry", "exited")
    world.remove_container(barge)
    orlop.see_no_row("wherry")
    world.volume("ballast")
    orlop.see_row("ballast")
    world.image("timber/elm:1")
    orlop.see("timber/elm")
    world.api.remove_image("timber/elm:1")
    orlop.see_no_row("timber/elm")


def test_the_cursor_stays_on_its_object(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "mast", "created")
    tiller = world.container("timber/oak:3.1", "tiller", "created")
    world.container("timber/oak:3.1", "winch", "created")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "tiller")
    orlop.see_in_details(tiller[:12])
    for name in ("anchor", "boom", "cleat"):
        world.container("timber/oak:3.1", name, "created")
        orlop.see_row(name)
    orlop.see_cursor_on("tiller")
    names = ["anchor", "boom", "cleat", "mast", "tiller", "winch"]
    orlop.wait_until(
        lambda: [row.split()[2] for row in orlop.trees if "created" in row] == names,
        timeout=PATIENCE,
        what="the containers by name",
    )
    world.remove_container(tiller)
    orlop.see_no_row("tiller")
    orlop.see_cursor_on("winch")
    orlop.see_in_details("winch")


def test_what_was_opened_stays_open(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "mast", volumes={"ballast": "/hold"})
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "mast")
    orlop.press("right")
    orlop.see_row("volume ballast", "/hold")
    world.container("timber/oak:3.1", "anchor")
    orlop.see_row("anchor", "running")
    orlop.see_row("volume ballast")
    orlop.press("down", "down")
    orlop.see_cursor_on("volume ballast")
    orlop.press("enter")
    orlop.see_cursor_on("● ballast")
    orlop.see_in_details("Used by")
    orlop.press("backspace")
    orlop.see_cursor_on("volume ballast")
