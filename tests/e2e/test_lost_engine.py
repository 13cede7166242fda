"""The engine goes away, or hangs, and comes back."""

from __future__ import annotations

import time

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE, Orlop
from tests.e2e.world import World
from tests.engine.private_dockerd import PrivateDockerd

LOST = "connection lost, retrying"


@pytest.fixture
def world(mortal_dockerd: PrivateDockerd) -> World:
    """A world on an engine that only this test has. It goes with its engine."""
    made = World(mortal_dockerd)
    made.image("timber/oak:3.1")
    made.container("timber/oak:3.1", "barge")
    made.container("timber/oak:3.1", "wherry", "created")
    made.volume("ballast")
    return made


@pytest.fixture
def orlop(world: World, open_orlop: Open) -> Orlop:
    """The app, with the cursor on a container."""
    opened = open_orlop("--host", world.url)
    opened.go_to("containers", "barge")
    opened.see_in_footer("d delete")
    return opened


def test_a_killed_engine_is_noticed_and_its_return_too(
    world: World, mortal_dockerd: PrivateDockerd, orlop: Orlop
) -> None:
    mortal_dockerd.halt()
    orlop.see_in_header(LOST)
    assert orlop.tree_row("wherry", "created"), "the last picture stays"
    assert orlop.tree_row("ballast")
    orlop.see_not_in_footer("d delete")
    orlop.see_not_in_footer("e shell")
    orlop.press("d", "?")
    orlop.see_dialog("Esc closes")
    orlop.press("escape")
    orlop.see_no_dialog()
    orlop.see_in_header(LOST)
    mortal_dockerd.start()
    world.container("timber/oak:3.1", "newcomer", "created")
    orlop.see_row("newcomer", "created")
    orlop.see_row("barge", "exited")
    orlop.see_not_in_header("connection lost")
    orlop.see_cursor_on("barge")
    orlop.see_in_footer("d delete")
    world.container("timber/oak:3.1", "straggler", "created")
    orlop.see_row("straggler")
    assert orlop.quit() == 0


@pytest.mark.slow
def test_r_tries_again_at_once(mortal_dockerd: PrivateDockerd, orlop: Orlop) -> None:
    mortal_dockerd.halt()
    # Wait for the longer pauses: that it came back by itself would prove nothing.
    orlop.see_in_header("retrying in 8 s")
    mortal_dockerd.start()
    orlop.press("r")
    orlop.wait_until(lambda: "connection lost" not in orlop.header, timeout=5, what="the connection")


def test_a_lost_engine_can_be_left(mortal_dockerd: PrivateDockerd, orlop: Orlop) -> None:
    mortal_dockerd.halt()
    orlop.see_in_header(LOST)
    assert orlop.quit() == 0


def test_a_hung_engine_is_noticed_by_who_presses_keys(
    world: World, mortal_dockerd: PrivateDockerd, orlop: Orlop
) -> None:
    mortal_dockerd.freeze()
    try:
        frozen = time.monotonic()
        # A key now and then, as from somebody who looks around: up and down between two rows.
        while LOST not in orlop.header:
            assert time.monotonic() - frozen < PATIENCE, f"nothing noticed:\n{orlop.screen_text()}"
            orlop.press("down" if "barge" in orlop.cursor_row else "up")
            orlop.wait_quiet(0.5, PATIENCE)
        assert time.monotonic() - frozen < 20
        orlop.see_not_in_footer("d delete")
    finally:
        mortal_dockerd.thaw()
    orlop.see_not_in_header("connection lost")
    world.container("timber/oak:3.1", "newcomer", "created")
    orlop.see_row("newcomer", "created")
    orlop.see_in_footer("d delete")


def test_a_hung_engine_can_be_left(mortal_dockerd: PrivateDockerd, orlop: Orlop) -> None:
    mortal_dockerd.freeze()
    try:
        orlop.press("r")
        orlop.see_in_footer("Reading everything again")
        begun = time.monotonic()
        assert orlop.quit() == 0
        assert time.monotonic() - begun < 10
    finally:
        mortal_dockerd.thaw()


def test_the_engine_dies_under_a_shell(mortal_dockerd: PrivateDockerd, orlop: Orlop) -> None:
    orlop.press("e")
    orlop.see("returns to orlop", "/ #")
    mortal_dockerd.halt()
    orlop.see_in_header(LOST)
    assert orlop.screen.alternate
    assert orlop.quit() == 0
