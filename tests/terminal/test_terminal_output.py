"""Output to a terminal that is slow, stands still, or goes away: nobody who draws waits, and the latest state wins."""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tui.terminal import terminal_output
from tui.terminal.round_trips import QUESTION
from tui.terminal.terminal_output import TerminalOutput

LONG = 60.0


class Slow:
    """A terminal that takes what the test makes it take, and an output to it that keeps only the last frame."""

    def __init__(self) -> None:
        self.master, self.terminal = pty.openpty()
        tty.setraw(self.terminal)
        self.asked = 0
        self.reduced = 0
        self.dropped = 0
        self.gone = threading.Event()
        self.output = TerminalOutput(
            self.terminal,
            reduce=self.reduce,
            is_frame=lambda data: data.startswith("frame"),
            on_dropped=self.drop,
            on_gone=self.gone.set,
        )
        self.output.start()

    def reduce(self, outputs: list[str]) -> str:
        self.reduced += 1
        frames = [output for output in outputs if output.startswith("frame")]
        return "".join(output for output in outputs if output not in frames) + "".join(frames[-1:])

    def drop(self) -> None:
        self.dropped += 1

    def frame(self, text: str = "", size: int = 600) -> None:
        self.asked += 1
        self.output.put(f"frame {self.asked} {text}".ljust(size, "."))

    def read(self, until: str) -> str:
        """Take output until it ends with *until*."""
        seen = b""
        while not seen.endswith(until.encode()):
            assert select.select([self.master], [], [], LONG)[0], seen[-200:]
            seen += os.read(self.master, 65536)
        return seen.decode()

    def close(self) -> None:
        for fd in (self.master, self.terminal):
            with suppress(OSError):
                os.close(fd)


@pytest.fixture
def slow() -> Iterator[Slow]:
    one = Slow()
    yield one
    one.close()


def test_a_thousand_frames_for_a_terminal_that_takes_none_become_a_few(slow: Slow) -> None:
    slow.frame(size=200_000)  # fills the pty and holds the thread
    while slow.reduced == 0:
        threading.Event().wait(0.01)
    for _ in range(999):
        slow.frame()  # returns at once: who draws is not held up
    assert slow.reduced == 1
    everything = ""
    while "frame 1000 " not in everything:
        everything += os.read(slow.master, 65536).decode()
    assert everything.count("frame") == slow.reduced == 2


def test_frames_wait_for_a_terminal_that_says_how_far_it_is(slow: Slow) -> None:
    slow.frame()
    slow.read(QUESTION)
    assert slow.output.answered()
    shown = ""
    for _ in range(3):
        slow.frame("shown")
        shown += slow.read(QUESTION)
        if len(shown) > 1024:
            break
    reduced = slow.reduced
    for _ in range(100):
        slow.frame("waits")
    assert slow.reduced == reduced
    while slow.output.answered():
        pass
    last = slow.read(QUESTION)
    assert last.startswith(f"frame {slow.asked} ")
    assert slow.reduced == reduced + 1


def test_an_answer_nobody_asked_for_is_not_ours(slow: Slow) -> None:
    assert not slow.output.answered()


def test_what_is_no_frame_is_never_dropped_and_stays_in_order(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    slow.frame(size=200_000)  # fills the pty and holds the thread
    while slow.reduced == 0:
        threading.Event().wait(0.01)
    monkeypatch.setattr(terminal_output, "_MOST_WAITING", 50_000)
    titles = [f"title {number};" for number in range(5)]
    for title in titles:
        slow.output.put(title)
        slow.frame(size=20_000)
    assert slow.reduced == 1
    everything = ""
    while titles[-1] not in everything:
        everything += os.read(slow.master, 65536).decode()
    places = [everything.index(title) for title in titles]
    assert places == sorted(places)
    assert slow.dropped == 1


def test_an_ending_writes_what_was_put_before_it(slow: Slow) -> None:
    slow.output.put("goodbye")
    slow.output.stop()
    assert "goodbye" in slow.read("goodbye")


def test_an_ending_gives_up_on_a_terminal_that_stands_still(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_output, "_STANDSTILL", 0.05)
    slow.frame(size=200_000)
    while slow.reduced == 0:
        threading.Event().wait(0.01)
    slow.output.stop()
    slow.output.put("nobody sees this")
    assert slow.reduced == 1


def test_a_terminal_that_goes_away_is_told_of_once(slow: Slow) -> None:
    os.close(slow.master)
    slow.output.put("into the void")
    assert slow.gone.wait(LONG)
    slow.output.put("again")
    slow.output.ask_no_more(LONG)
    slow.output.stop()


def test_a_terminal_that_somebody_made_non_blocking_loses_nothing(slow: Slow) -> None:
    os.set_blocking(slow.terminal, False)
    slow.frame(size=100_000)
    everything = slow.read(QUESTION)
    assert len(everything) == 100_000 + len(QUESTION)
