"""A real Textual application over the frugal driver shows the same as over Textual's own, for fewer bytes."""

from __future__ import annotations

import base64
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.driver import Driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.linux_inline_driver import LinuxInlineDriver
from textual.drivers.web_driver import WebDriver

from tests.terminal.pty_terminal import Terminal
from tui.terminal import PLAIN_OUTPUT_VARIABLE, frugal
from tui.terminal.frame_reduction import SYNC_END, SYNC_START
from tui.terminal.frugal_driver import FrugalDriver
from tui.terminal.round_trips import QUESTION

ROOT = Path(__file__).parents[2]


def sample(*, plain: bool = False, synchronized_output: bool = False, term: str = "xterm-256color") -> Terminal:
    return Terminal(
        [sys.executable, "-m", "tests.terminal.sample_app"],
        cwd=ROOT,
        env={PLAIN_OUTPUT_VARIABLE: "1" if plain else None, "TEXTUAL_ANIMATIONS": "none", "TERM": term},
        synchronized_output=synchronized_output,
    )


class SideBySide:
    """The sample application twice: over Textual's driver and over the frugal one."""

    def __init__(self, plain: Terminal, frugal_: Terminal) -> None:
        self.plain = plain
        self.frugal = frugal_
        self.settle()

    def settle(self) -> None:
        for terminal in (self.plain, self.frugal):
            terminal.wait_for("repository/000")
        self.quiet()

    def quiet(self) -> None:
        """Wait until neither writes any more, and compare; on a busy machine the one may lag behind the other."""
        deadline = time.monotonic() + 10
        while True:
            for terminal in (self.plain, self.frugal):
                terminal.wait_quiet(0.25)
            if self.plain.lines() == self.frugal.lines() or time.monotonic() > deadline:
                self.same()
                return

    def same(self) -> None:
        plain, frugal_ = self.plain.screen, self.frugal.screen
        assert frugal_.rows() == plain.rows()
        assert frugal_.picture() == plain.picture()
        assert (frugal_.cursor.x, frugal_.cursor.y) == (plain.cursor.x, plain.cursor.y)
        assert frugal_.cursor.attrs == plain.cursor.attrs

    def press(self, *keys: str) -> tuple[int, int]:
        """Press keys in both, compare, and return how many bytes each took."""
        before = self.plain.bytes_written, self.frugal.bytes_written
        for terminal in (self.plain, self.frugal):
            terminal.press(*keys)
        for terminal, bytes_before in zip((self.plain, self.frugal), before, strict=True):
            wait_for_output(terminal, bytes_before)
        self.settle()
        return self.plain.bytes_written - before[0], self.frugal.bytes_written - before[1]


def wait_for_output(terminal: Terminal, bytes_before: int) -> None:
    terminal.wait_until(lambda: terminal.bytes_written > bytes_before, what="an answer to the key")


def leave_alternate_screen(terminal: Terminal) -> None:
    terminal.wait_until(lambda: not terminal.screen.alternate, what="the main screen")


@pytest.fixture
def both() -> Iterator[SideBySide]:
    with sample(plain=True) as plain, sample() as frugal_:
        yield SideBySide(plain, frugal_)


def test_the_same_is_shown_for_a_fraction_of_the_bytes(both: SideBySide) -> None:
    assert both.frugal.bytes_written * 3 < both.plain.bytes_written  # start-up
    both.press("down")
    for keys, at_least_times, at_most in [
        (["down"], 3, 200),
        (["down"], 3, 200),
        (["l"], 8, 5000),  # the focus moves: titles, borders, footer
        (["down"], 20, 200),
        (["down"] * 14, 5, 2500),  # the last ones scroll; a busy machine shows several at once
        (["pagedown"], 8, 600),
        (["m"], 8, 10_000),  # a modal dims every cell
        (["tab"], 20, 600),
        (["escape"], 3, 10_000),
        (["n"], 5, 2000),
        (["p"], 5, 2000),
        (["w"], 2, 3000),
        (["i"], 5, 5000),
        (["a"], 10, 120),
        (["b"], 10, 120),
        (["backspace"], 10, 120),
    ]:
        plain, frugal_ = both.press(*keys)
        assert frugal_ <= at_most, keys
        assert frugal_ * at_least_times <= plain, keys


def test_a_resize_shows_the_same(both: SideBySide) -> None:
    both.press("l")
    both.press("pagedown")
    for rows, columns in [(24, 80), (50, 140), (40, 120), (10, 40), (40, 120)]:
        both.plain.resize(rows, columns)
        both.frugal.resize(rows, columns)
        both.quiet()


def test_suspending_and_coming_back_shows_the_same(both: SideBySide) -> None:
    both.press("down", "down")
    for terminal in (both.plain, both.frugal):
        terminal.press("s")
        terminal.wait_for("outside: press enter")
        assert not terminal.screen.alternate
        terminal.press("enter")
        terminal.wait_gone("outside")
        assert terminal.screen.alternate
    both.settle()
    both.press("down")


def test_stopping_and_continuing_the_process_shows_the_same(both: SideBySide) -> None:
    before = both.frugal.screen.picture()
    for terminal in (both.plain, both.frugal):
        terminal.process.send_signal(signal.SIGTSTP)
        leave_alternate_screen(terminal)
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
        terminal.process.send_signal(signal.SIGCONT)
    both.settle()
    assert both.frugal.screen.picture() == before
    both.press("down")


def test_a_signal_that_another_thread_is_told_of_is_seen_to(both: SideBySide) -> None:
    terminal = both.frugal
    before = terminal.screen.picture()
    terminal.press("z")
    leave_alternate_screen(terminal)
    os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
    terminal.process.send_signal(signal.SIGCONT)
    both.settle()
    assert terminal.screen.picture() == before


def from_a_shell(script: str) -> Terminal:
    """The sample application as ``"$@"`` of a shell's *script*, as a job."""
    command = [sys.executable, "-m", "tests.terminal.sample_app"]
    return Terminal(["bash", "-c", f"set -m; {script}", "bash", *command], cwd=ROOT, env={"TEXTUAL_ANIMATIONS": "none"})


def child_of(terminal: Terminal) -> int:
    """The process that the terminal's shell waits for."""
    shell = terminal.process.pid
    (child,) = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
    return int(child)


SETTINGS = re.compile(r"^[0-9a-f]+(?::[0-9a-f]+){10,}$", re.MULTILINE)
"""What ``stty -g`` prints."""


@pytest.mark.parametrize("job", ['"$@"', 'sh -c \'"$@"; exit $?\' sh "$@"'], ids=["alone", "under another program"])
def test_ctrl_z_and_fg(job: str) -> None:
    script = f"stty -g; {job}; stty -g; echo at the prompt; read line; fg >/dev/null; stty -g; echo left with $?"
    with from_a_shell(script) as terminal:
        terminal.wait_for("repository/000")
        terminal.press("down", "down")
        terminal.wait_quiet(0.4)
        before = terminal.screen.picture()
        terminal.press("ctrl+z")
        terminal.wait_for("at the prompt")
        assert not terminal.screen.alternate
        assert not terminal.screen.cursor.hidden
        terminal.emulator.feed("\x1b[31;44m")  # a colour that somebody forgot to take back
        terminal.press("enter")
        terminal.wait_for("repository/000")
        terminal.wait_quiet(0.4)
        assert terminal.screen.alternate
        assert terminal.screen.picture() == before
        assert terminal.transcript.count(b"\x1b[?1003h\x1b[?1015h\x1b[?1006h") >= 2, "the mouse is reported again"
        terminal.press("down")
        terminal.wait_until(lambda: terminal.screen.picture() != before, what="an answer to the key")
        terminal.press("ctrl+q")
        terminal.wait_for("left with 0")
        settings = SETTINGS.findall(terminal.screen_text())
        assert len(settings) == 3
        assert len(set(settings)) == 1


def test_ctrl_z_and_bg_and_fg() -> None:
    script = '"$@"; echo at the prompt; read line; bg; echo still here; read line; fg >/dev/null; echo left'
    with from_a_shell(script) as terminal:
        terminal.wait_for("repository/000")
        terminal.wait_quiet(0.4)
        before = terminal.screen.picture()
        terminal.press("ctrl+z")
        terminal.wait_for("at the prompt")
        terminal.press("enter")
        terminal.wait_for("still here")
        job = child_of(terminal)
        while Path(f"/proc/{job}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            time.sleep(0.01)  # it finds that the terminal is not its own, and stops again
        assert not terminal.screen.alternate, "nothing is written from the background"
        terminal.press("enter")
        terminal.wait_for("repository/000")
        terminal.wait_quiet(0.4)
        assert terminal.screen.picture() == before
        terminal.press("ctrl+q")
        terminal.wait_for("left")


def test_ctrl_z_without_a_shell_to_come_back_from_changes_nothing(both: SideBySide) -> None:
    # A session of its own, as in a terminal that runs nothing else: stopped, it could never be continued.
    terminal = both.frugal
    before = terminal.screen.picture()
    written = terminal.bytes_written
    terminal.press("ctrl+z")
    wait_for_output(terminal, written)
    both.settle()
    assert terminal.screen.picture() == before
    both.press("down")


def test_stopped_without_notice_and_continued_the_screen_is_whole_again(both: SideBySide) -> None:
    terminal = both.frugal
    before = terminal.screen.picture()
    terminal.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
    # What a shell and its programs do meanwhile.
    terminal.set_cooked()
    terminal.emulator.feed("\x1b[?1049l\x1b[?25h\x1b[?7h$ ls\r\n\x1b[33mfiles\x1b[3;9r")
    terminal.process.send_signal(signal.SIGCONT)
    terminal.wait_until(lambda: terminal.screen.picture() == before, what="the whole screen")
    assert terminal.screen.cursor.hidden
    both.settle()
    both.press("down")


def test_a_continue_that_followed_no_stop_does_not_cost_the_terminal_its_settings() -> None:
    with from_a_shell('stty -g; "$@"; stty -g; echo left with $?') as terminal:
        terminal.wait_for("repository/000")
        for _ in range(3):
            written = terminal.bytes_written
            os.kill(child_of(terminal), signal.SIGCONT)
            wait_for_output(terminal, written)
            terminal.wait_quiet(0.3)
        terminal.press("ctrl+q")
        terminal.wait_for("left with 0")
        settings = SETTINGS.findall(terminal.screen_text())
        assert len(settings) == 2
        assert settings[0] == settings[1]


def test_typing_that_is_not_utf_8_is_survived(both: SideBySide) -> None:
    both.frugal.type_bytes(b"\xe9\xff\xc3")
    both.press("down")
    both.press("down")


def test_a_redraw_repairs_the_screen(both: SideBySide) -> None:
    # As if another program had written to the terminal: the application cannot know.
    both.frugal.emulator.feed("\x1b[5;5Hscribble\x1b[31m\x1b[20;1H\x1b[K")
    both.press("r")


@pytest.mark.parametrize("term", ["xterm-256color", "tmux-256color"])
def test_an_idle_application_writes_nothing(term: str) -> None:
    with sample(term=term) as terminal:
        terminal.wait_for("repository/000")
        terminal.press("down")
        terminal.wait_quiet(0.4)
        before = terminal.bytes_written
        time.sleep(2)
        assert terminal.bytes_written == before


def test_nothing_is_erased_where_it_would_lose_its_colour() -> None:
    with sample(plain=True, term="tmux-256color") as plain, sample(term="tmux-256color") as frugal_:
        frugal_.screen.erases_with_background = False
        both = SideBySide(plain, frugal_)
        for keys in (["down"], ["l"], ["m"], ["escape"], ["n"]):
            both.press(*keys)


def test_the_first_frame_goes_out_as_it_is() -> None:
    with sample(plain=True) as plain, sample() as frugal_:
        both = SideBySide(plain, frugal_)
        common = bytes(both.plain.transcript[:10_000])
        assert "repository/000" in common.decode()
        assert both.frugal.transcript.startswith(common)


def test_big_frames_are_synchronized_and_small_ones_are_whole_anyway() -> None:
    start, end = SYNC_START.encode(), SYNC_END.encode()
    with sample(plain=True) as plain, sample(synchronized_output=True) as frugal_:
        both = SideBySide(plain, frugal_)
        both.press("down")
        marks = frugal_.bytes_written
        both.press("down")
        assert start not in frugal_.transcript[marks:]
        marks = frugal_.bytes_written
        both.press("m")
        modal = bytes(frugal_.transcript[marks:]).removesuffix(QUESTION.encode())
        assert modal.endswith(end)
        assert modal.count(start) == modal.count(end) == 1
        both.press("escape")


def test_what_is_not_a_frame_goes_through() -> None:
    with sample() as terminal:
        terminal.wait_for("repository/000")
        terminal.press("c")
        terminal.wait_until(lambda: terminal.emulator.clipboard != [], what="the clipboard")
        assert terminal.emulator.clipboard == [base64.b64encode(b"copied").decode()]


def test_leaving_gives_the_terminal_back() -> None:
    with sample() as terminal:
        terminal.wait_for("repository/000")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
        assert not terminal.screen.alternate
        assert not terminal.screen.cursor.hidden
        assert terminal.screen_text().strip() == ""


def test_only_the_driver_for_a_terminal_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PLAIN_OUTPUT_VARIABLE, raising=False)
    others: list[type[Driver]] = [HeadlessDriver, LinuxInlineDriver, WebDriver]
    for driver in others:
        assert frugal(driver) is driver
    assert frugal(LinuxDriver) is FrugalDriver


@pytest.mark.parametrize(("value", "chosen"), [("1", LinuxDriver), ("0", FrugalDriver), ("", FrugalDriver)])
def test_the_environment_turns_it_off(monkeypatch: pytest.MonkeyPatch, value: str, chosen: type[Driver]) -> None:
    monkeypatch.setenv(PLAIN_OUTPUT_VARIABLE, value)
    assert frugal(LinuxDriver) is chosen
