"""The terminal is lent to a shell inside a container, and comes back."""

from __future__ import annotations

import signal

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE, Orlop
from tests.e2e.world import World

BANNER = "exit or Ctrl-D returns to orlop"
PROMPT = "/ #"


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
    opened.see_in_details(barge[:12])
    return opened


def enter(orlop: Orlop) -> None:
    """Open the shell and wait for its prompt."""
    orlop.press("e")
    orlop.see(BANNER, PROMPT)
    assert not orlop.screen.alternate


def fill(orlop: Orlop, *fields: str) -> None:
    """Fill in a form, each field ended with Enter."""
    for text in fields:
        orlop.type(text)
        orlop.see_dialog(text)
        orlop.press("enter")
        orlop.wait_quiet(0.3, PATIENCE)


def assert_nothing_stays_inside(world: World, container: str) -> None:
    """Only what the container itself runs is left in it."""
    world.becomes(lambda: "/bin/sh" not in world.processes(container), "the shell inside has gone")
    assert any("sleep" in command for command in world.processes(container))


def test_there_and_back(world: World, barge: str, orlop: Orlop) -> None:
    enter(orlop)
    assert f"barge ({barge[:12]}) on {world.url}" in orlop.screen_text()
    assert "/bin/sh" in world.processes(barge)
    orlop.type("echo $((6*7))\r")
    orlop.wait_until(lambda: "42" in orlop.lines(), timeout=PATIENCE, what="the answer")
    orlop.type("exit 3\r")
    orlop.see_in_footer("exit code 3")
    orlop.see_cursor_on("barge")
    assert orlop.screen.alternate
    assert_nothing_stays_inside(world, barge)
    orlop.press("1")
    orlop.see_in_footer("q quit")
    assert orlop.quit() == 0


def test_control_keys_go_inside(world: World, barge: str, orlop: Orlop) -> None:
    enter(orlop)
    orlop.type("echo now; sleep 999; echo status $?\r")
    orlop.wait_until(lambda: "now" in orlop.lines(), timeout=PATIENCE, what="the sleep")
    world.becomes(lambda: "sleep 999" in world.processes(barge), "the sleep runs")
    orlop.press("ctrl+c")
    orlop.type("echo still $((1+1))\r")
    orlop.wait_until(lambda: "still 2" in orlop.lines(), timeout=PATIENCE, what="the shell after Ctrl-C")
    orlop.type("sleep 998\r")
    world.becomes(lambda: "sleep 998" in world.processes(barge), "the other sleep runs")
    orlop.press("ctrl+z")
    orlop.see("Stopped")
    orlop.type("kill -9 %1; cat; echo over\r")
    world.becomes(lambda: "cat" in world.processes(barge), "cat reads")
    orlop.press("ctrl+d")
    orlop.wait_until(lambda: "over" in orlop.lines(), timeout=PATIENCE, what="the end of cat's input")
    orlop.press("ctrl+d")
    orlop.see_in_footer("The session ended with exit code")
    assert orlop.exit_code is None
    assert_nothing_stays_inside(world, barge)


def test_the_size_of_the_terminal_is_the_size_inside(barge: str, orlop: Orlop) -> None:
    enter(orlop)
    orlop.type("stty size\r")
    orlop.see("40 120")
    orlop.resize(30, 100)
    # The shell is told by a signal; asking until it has come is what a user would see, too.
    orlop.type("while [ \"$(stty size)\" != '30 100' ]; do :; done; echo it is $(stty size)\r")
    orlop.see("it is 30 100")
    orlop.type("exit\r")
    orlop.see_in_footer("exit code 0")
    assert orlop.screen.lines == 30
    orlop.wait_until(lambda: orlop.lines()[0].endswith("B"), timeout=PATIENCE, what="the header in the new width")
    assert len(orlop.lines()[0]) >= 98


def test_what_is_typed_in_utf_8_comes_back(orlop: Orlop) -> None:
    enter(orlop)
    orlop.type("cat\r")
    orlop.wait_until(lambda: "/ # cat" in orlop.lines(), timeout=PATIENCE, what="cat")
    orlop.type("žluťoučký 漢字 ñandú\r")
    orlop.wait_until(
        lambda: orlop.lines().count("žluťoučký 漢字 ñandú") == 2, timeout=PATIENCE, what="the line and cat's copy of it"
    )
    orlop.press("ctrl+d")
    orlop.type("exit\r")
    orlop.see_in_footer("exit code 0")


def test_the_world_goes_on_meanwhile(world: World, orlop: Orlop) -> None:
    enter(orlop)
    world.container("timber/oak:3.1", "wherry", "created")
    orlop.type("echo $((6*7))\r")
    orlop.wait_until(lambda: "42" in orlop.lines(), timeout=PATIENCE, what="the answer")
    assert "wherry" not in orlop.screen_text(), "nothing draws over the shell"
    orlop.type("exit\r")
    orlop.see_row("wherry", "created")
    orlop.see_cursor_on("barge")


def test_a_container_that_ends_gives_the_terminal_back(world: World, barge: str, orlop: Orlop) -> None:
    enter(orlop)
    world.stop_container(barge)
    orlop.see_row("barge", "exited")
    orlop.see_in_footer("The session")
    assert orlop.screen.alternate


def test_a_command_as_somebody_else_somewhere_else(world: World, barge: str, orlop: Orlop) -> None:
    orlop.press("E")
    orlop.see_dialog("Run a command in barge")
    fill(orlop, "sh -c 'echo I am $(busybox id -u) in $(pwd); read line; exit 5'", "1000:1000", "/etc")
    orlop.see(BANNER, "I am 1000 in /etc")
    orlop.press("enter")
    orlop.see_in_footer("exit code 5")
    assert_nothing_stays_inside(world, barge)


def test_a_command_that_is_not_there_says_so(orlop: Orlop) -> None:
    orlop.press("E")
    orlop.see_dialog("Run a command in barge")
    fill(orlop, "no-such-program", "", "")
    orlop.see_no_dialog()
    orlop.see_in_footer("12")
    assert "exit code 126" in orlop.footer or "exit code 127" in orlop.footer
    orlop.see_cursor_on("barge")


def test_a_stopped_container_offers_to_start(world: World, barge: str, orlop: Orlop) -> None:
    world.stop_container(barge)
    orlop.see_row("barge", "exited")
    orlop.press("e")
    orlop.see_dialog("No shell in barge", "It is stopped", "‹ Cancel ›", "[ Start ]")
    orlop.press("tab")
    orlop.see_dialog("‹ Start ›")
    orlop.press("enter")
    orlop.see_row("barge", "running")
    assert world.state(barge) == "running"
    enter(orlop)
    orlop.press("ctrl+d")
    orlop.see_in_footer("exit code 0")


def test_a_paused_container_offers_to_unpause(world: World, barge: str, orlop: Orlop) -> None:
    world.api.pause(barge)
    orlop.see_row("barge", "paused")
    orlop.press("e")
    orlop.see_dialog("It is paused", "‹ Cancel ›", "[ Unpause ]")
    orlop.press("tab", "enter")
    orlop.see_row("barge", "running")
    assert world.state(barge) == "running"


def test_a_container_without_a_shell_says_so(world: World, open_orlop: Open) -> None:
    world.image_without_shell("scratch/program:1")
    world.sleeping_container("scratch/program:1", "sealed", "/program/busybox", "sleep", "100000")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "sealed")
    orlop.press("e")
    orlop.see_dialog("No shell in sealed", "no bash, sh or ash", "[ Run a command… ]")
    orlop.press("tab", "enter")
    orlop.see_dialog("Run a command in sealed")
    fill(orlop, "/program/busybox sh -c 'echo inside; read line'", "", "")
    orlop.see(BANNER, "inside")
    orlop.press("enter")
    orlop.see_in_footer("exit code 0")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_during_a_shell_nothing_stays_behind(
    world: World, barge: str, orlop: Orlop, number: signal.Signals
) -> None:
    enter(orlop)
    orlop.process.send_signal(number)
    assert orlop.left() == 128 + number
    assert not orlop.screen.alternate
    assert not orlop.screen.cursor.hidden
    assert_nothing_stays_inside(world, barge)
