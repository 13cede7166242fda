"""Keys that arrive together, as they do over a slow link, mean what they mean one by one."""

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
    """The app, with the cursor on that container, which is not the last."""
    world.container("timber/oak:3.1", "wherry", "created")
    opened = open_orlop("--host", world.url)
    opened.see_row("wherry")
    opened.go_to("containers", "barge")
    return opened


def test_keys_go_where_the_ones_before_have_led(orlop: Orlop) -> None:
    orlop.type("12/wherry")
    orlop.see_row("/wherry")
    orlop.see_no_row("barge")
    assert orlop.screen.alternate, "the e is a letter of the filter"
    orlop.see_in_details("wherry")
    orlop.type("\r\x1b")
    orlop.see_row("barge")
    orlop.see_cursor_on("wherry")
    orlop.type("kd")
    orlop.see_dialog("Remove container barge")


def test_keys_that_mean_nothing_in_a_dialog_mean_nothing_after_it(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("d")
    orlop.see_dialog("Remove container barge", "‹ Cancel ›")
    orlop.type("tspS\r")
    orlop.see_no_dialog()
    orlop.press("?")
    orlop.see_dialog("Esc closes")
    orlop.press("escape")
    orlop.see_no_dialog()
    orlop.see_row("Containers", "by name")
    orlop.see_cursor_on("barge")
    assert world.state(barge) == "running"


@pytest.mark.parametrize(
    ("opening", "in_it"),
    [("d", "Remove container barge"), ("n", "Rename container"), ("K", "Kill container"), ("?", "Esc closes")],
)
@pytest.mark.parametrize("twice", ["\r\r", "\x1b\x1b"], ids=["Enter", "Escape"])
def test_a_dialog_survives_a_key_pressed_twice(orlop: Orlop, opening: str, in_it: str, twice: str) -> None:
    orlop.press(opening)
    orlop.see_dialog(in_it)
    orlop.type(twice)
    if (opening, twice) == ("?", "\r\r"):
        orlop.press("escape")
    orlop.see_no_dialog()
    orlop.see_cursor_on("barge")
    # An Escape and a letter right after it would be Alt and that letter.
    orlop.wait_quiet(0.3)
    assert orlop.quit() == 0


def test_the_palette_survives_enter_pressed_twice(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("ctrl+p")
    orlop.see("shell  (e)")
    orlop.type("pause")
    orlop.see_no_more("shell  (e)")
    orlop.type("\r\r")
    orlop.see_row("barge", "paused")
    assert world.state(barge) == "paused"


def test_a_form_is_filled_in(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("E")
    orlop.see_dialog("Run a command in barge")
    orlop.type("z\x7fsh -c 'echo I am $(busybox id -u) in $(pwd); read line'\r1000\r/etc\r")
    orlop.see("I am 1000 in /etc")
    orlop.press("enter")
    orlop.see_in_footer("exit code 0")


def test_a_name_is_corrected(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("n")
    orlop.see_dialog("Rename container barge")
    orlop.type("\x7f" * len("barge") + "dreger\x7f\x7f\x7fdger\r")
    orlop.see_row("dredger", "running")
    assert world.api.inspect_container(barge)["Name"] == "/dredger"


def test_a_volume_s_name_and_enter(world: World, open_orlop: Open) -> None:
    world.volume("ballast")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("volumes", "ballast")
    orlop.press("d")
    orlop.see_dialog("type its name: ballast", "‹ Cancel ›")
    orlop.type("\tballast\r")
    orlop.see_dialog("‹ Remove volume ›")
    orlop.press("enter")
    orlop.see_no_row("ballast")
    assert not world.has_volume("ballast")
