"""Terminals that know less, and a terminal that is taken away."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE, Orlop
from tests.e2e.test_start import AROUND, MODES

COLOURS = re.compile(r"^(3[0-8]|4[0-8]|9[0-7]|10[0-7])$")
"""SGR parameters that set a colour. (39 and 49 set none: they go back to the terminal's own.)"""


def parameters(orlop: Orlop) -> set[str]:
    """All parameters of all SGR sequences written so far."""
    found = re.findall(rb"\x1b\[([0-9;:]*)m", bytes(orlop.transcript))
    return {parameter for sequence in found for parameter in re.split("[;:]", sequence.decode())}


def look_around(orlop: Orlop) -> None:
    """Move, open, zoom and ask."""
    orlop.see_row("shop-api-1", "running")
    orlop.press("down", "right", "2", "down", "d")
    orlop.see_dialog("Cancel")
    orlop.press("escape")
    orlop.see_no_dialog()
    orlop.press("?")
    orlop.see_dialog("Esc closes")
    orlop.press("escape")
    orlop.see_no_dialog()


@pytest.mark.parametrize("colours", ["truecolor", None])
@pytest.mark.parametrize("term", ["xterm-256color", "linux", "screen-256color", "vt100"])
def test_terminals_with_fewer_tricks(open_orlop: Open, term: str, colours: str | None) -> None:
    orlop = open_orlop("--demo", env={"TERM": term, "COLORTERM": colours})
    look_around(orlop)
    if colours is None:
        assert not re.search(rb"\x1b\[[0-9;]*[34]8;2;", bytes(orlop.transcript)), "truecolor was not offered"
    assert orlop.quit() == 0
    assert not orlop.screen.alternate


@pytest.mark.parametrize("theme", [(), ("--theme", "orlop-mono")], ids=["usual theme", "mono"])
def test_no_color_is_honoured(open_orlop: Open, theme: tuple[str, ...]) -> None:
    orlop = open_orlop("--demo", *theme, env={"NO_COLOR": "1"})
    look_around(orlop)
    orlop.press("q")
    orlop.left()
    assert {parameter for parameter in parameters(orlop) if COLOURS.match(parameter)} == set()


def child_of(shell: int) -> int:
    """The process that a shell waits for."""
    (child,) = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
    return int(child)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_gives_the_terminal_back(open_orlop: Open, number: signal.Signals) -> None:
    orlop = open_orlop("--demo", run_by=AROUND)
    orlop.see_row("shop-api-1", "running")
    os.kill(child_of(orlop.process.pid), number)
    orlop.see(f"left with {128 + number}", "after")
    orlop.left()
    before, after = (match[0] for match in MODES.finditer(orlop.screen_text()))
    assert before == after
    assert not orlop.screen.alternate
    assert not orlop.screen.cursor.hidden


def test_in_the_middle_of_a_dialog_too(open_orlop: Open) -> None:
    orlop = open_orlop("--demo")
    orlop.go_to("containers", "shop-api-1")
    orlop.press("d")
    orlop.see_dialog("Cancel")
    orlop.process.send_signal(signal.SIGTERM)
    assert orlop.left() == 128 + signal.SIGTERM
    assert not orlop.screen.alternate


def test_stopped_and_continued_the_screen_is_whole_again(open_orlop: Open) -> None:
    script = 'set -m; stty -g; "$@"; stty -g; echo orlop rests; read line; fg >/dev/null; echo "left with $?"'
    orlop = open_orlop("--demo", run_by=("bash", "-c", script, "bash"))
    orlop.see_row("shop-api-1", "running")
    orlop.go_to("containers", "shop-api-1")
    orlop.wait_quiet(0.7, PATIENCE)
    before = orlop.picture()
    os.kill(child_of(orlop.process.pid), signal.SIGTSTP)
    orlop.see("orlop rests")
    assert not orlop.screen.alternate
    modes = [match[0] for match in MODES.finditer(orlop.screen_text())]
    assert modes[0] == modes[1]
    orlop.press("enter")
    orlop.see_cursor_on("shop-api-1")
    orlop.wait_quiet(0.7, PATIENCE)
    assert orlop.picture() == before
    orlop.press("q")
    orlop.see("left with 0")


def test_ctrl_z_in_a_dialog_and_fg(open_orlop: Open) -> None:
    script = 'set -m; "$@"; echo orlop rests; read line; fg >/dev/null; echo "left with $?"'
    orlop = open_orlop("--demo", run_by=("bash", "-c", script, "bash"))
    orlop.go_to("containers", "shop-api-1")
    orlop.press("d")
    orlop.see_dialog("Cancel")
    orlop.wait_quiet(0.7, PATIENCE)
    before = orlop.picture()
    orlop.press("ctrl+z")
    orlop.see("orlop rests")
    assert not orlop.screen.alternate
    orlop.press("enter")
    orlop.see_dialog("Cancel")
    orlop.wait_quiet(0.7, PATIENCE)
    assert orlop.picture() == before
    orlop.press("escape")
    orlop.see_no_dialog()
    orlop.press("q")
    orlop.see("left with 0")
