"""Start, stop, pause, kill, restart and rename, on real containers."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import Orlop
from tests.e2e.world import World


@pytest.fixture
def barge(world: World) -> str:
    """A running container."""
    world.image("timber/oak:3.1")
    return world.container("timber/oak:3.1", "barge")


@pytest.fixture
def orlop(world: World, barge: str, open_orlop: Open) -> Orlop:
    """The app, with the cursor on that container."""
    opened = open_orlop("--host", world.url)
    opened.go_to("containers", "barge")
    return opened


def test_stop_and_start(world: World, barge: str, orlop: Orlop) -> None:
    orlop.see_in_footer("S stop")
    orlop.press("S")
    orlop.see_row("barge", "exited")
    assert world.state(barge) == "exited"
    orlop.see_in_footer("S start")
    orlop.press("S")
    orlop.see_row("barge", "running")
    assert world.state(barge) == "running"


def test_pause_and_unpause(world: World, barge: str, orlop: Orlop) -> None:
    orlop.see_row("▶ barge", "running")
    orlop.press("p")
    orlop.see_row("‖ barge", "paused")
    assert world.state(barge) == "paused"
    orlop.press("p")
    orlop.see_row("▶ barge", "running")
    assert world.state(barge) == "running"


def test_restart(world: World, barge: str, orlop: Orlop) -> None:
    started = world.api.inspect_container(barge)["State"]["StartedAt"]
    orlop.press("R")
    orlop.see_row("barge", "restarting…")
    orlop.see_row("barge", "running")
    assert world.api.inspect_container(barge)["State"]["StartedAt"] > started


def test_kill_asks_first(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("K")
    orlop.see_dialog("Kill container barge", "‹ Cancel ›")
    orlop.press("enter")
    orlop.see_no_dialog()
    assert world.state(barge) == "running"
    orlop.press("K")
    orlop.see_dialog("Kill container barge")
    orlop.press("tab", "enter")
    orlop.see_row("barge", "exited")
    assert world.api.inspect_container(barge)["State"]["ExitCode"] == 137


def test_rename(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("n")
    orlop.see_dialog("Rename container barge")
    orlop.press("end", *["backspace"] * len("barge"))
    orlop.type("wherry")
    orlop.see_dialog("barge wherry")
    orlop.press("enter")
    orlop.see_row("wherry", "running")
    orlop.see_cursor_on("wherry")
    assert world.api.inspect_container(barge)["Name"] == "/wherry"


def test_a_name_that_is_taken_is_refused_in_plain_words(world: World, barge: str, orlop: Orlop) -> None:
    world.container("timber/oak:3.1", "wherry", "created")
    orlop.see_row("wherry", "created")
    orlop.press("n")
    orlop.see_dialog("Rename container barge")
    orlop.press("end", *["backspace"] * len("barge"))
    orlop.type("wherry")
    orlop.see_dialog("barge wherry")
    orlop.press("enter")
    orlop.see_in_footer("could not be renamed")
    orlop.see_in_details("already")
    orlop.see_row("✗ The container")
    orlop.press("escape")
    orlop.see_no_row("✗")
    orlop.see_row("barge", "running")
    assert world.api.inspect_container(barge)["Name"] == "/barge"


def test_the_palette_knows_them(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("ctrl+p")
    orlop.see("shell  (e)")
    orlop.type("paus")
    orlop.see_no_more("shell  (e)")
    orlop.see("pause  (p)")
    orlop.press("enter")
    orlop.see_row("barge", "paused")
    assert world.state(barge) == "paused"
