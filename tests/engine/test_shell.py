"""The interactive session on a real pseudo-terminal: nothing lost, nothing changed, nothing left behind."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from tests.terminal.emulator import EmulatedScreen, EmulatedTerminal
from tui.engine.leftovers import Leftovers
from tui.engine.shell import session_banner

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BANNER = b"web-1 (3f2a9c1b) on context prod"


class Sitting:
    """A child on a terminal of its own; this side plays the user, the terminal and the engine."""

    def __init__(self, stack: ExitStack, *options: str) -> None:
        self.master, slave = pty.openpty()
        self.resize(24, 80)
        ours, theirs = socket.socketpair()
        news, theirs_news = os.pipe()
        self.inside = stack.enter_context(ours)
        self.inside.settimeout(20)
        self.shown = bytearray()
        self.news: list[dict[str, Any]] = []
        self.frozen = threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.shell_child", str(theirs.fileno()), str(theirs_news), *options],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            pass_fds=(theirs.fileno(), theirs_news),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - ioctl only
        )
        theirs.close()
        os.close(theirs_news)
        self._slave = slave
        self._threads = [
            threading.Thread(target=self._watch_screen, daemon=True),
            threading.Thread(target=self._read_news, args=(news,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        stack.callback(self._end)

    def _watch_screen(self) -> None:
        while self.master >= 0:
            if self.frozen.is_set():
                time.sleep(0.01)
                continue
            try:
                if select.select([self.master], [], [], 0.05)[0]:
                    self.shown += os.read(self.master, 65536)
            except OSError:
                return  # closed, perhaps in this very moment

    def _read_news(self, news: int) -> None:
        with os.fdopen(news) as lines:
            for line in lines:
                self.news.append(json.loads(line))

    def _end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        master, self.master = self.master, -1
        for thread in self._threads:
            thread.join(5)
        with suppress(OSError):
            os.close(master)
        if self._slave >= 0:
            os.close(self._slave)

    def told(self, key: str) -> list[Any]:
        return [item[key] for item in self.news if key in item]

    def wait(self, condition: Callable[[], object], seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, (self.news, bytes(self.shown[-2000:]))
            time.sleep(0.005)

    def begin(self) -> None:
        """Wait until the session is up."""
        self.wait(lambda: BANNER in self.shown and self.told("resize"))

    def type(self, data: bytes) -> None:
        while data:
            data = data[os.write(self.master, data) :]

    def receive(self, count: int) -> bytes:
        """What came inside, ``count`` bytes of it."""
        data = b""
        while len(data) < count:
            piece = self.inside.recv(count - len(data))
            assert piece, (data, self.news)
            data += piece
        return data

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def modes(self) -> list[Any]:
        return termios.tcgetattr(self.master)

    @property
    def raw(self) -> bool:
        return not self.modes()[3] & (termios.ICANON | termios.ECHO | termios.ISIG)

    def leave(self) -> None:
        """End the session from inside."""
        self.inside.shutdown(socket.SHUT_WR)

    def exit(self, seconds: float = 15) -> int:
        code = self.process.wait(seconds)
        self._threads[1].join(5)
        return code

    def assert_put_back(self) -> None:
        """The child ended by itself and found everything as it was."""
        assert self.exit() == 7, (self.news, bytes(self.shown))
        assert self.told("before") == self.told("after")
        assert self.told("handlers_before") == self.told("handlers_after")
        assert self.told("closed") == [True]


@contextmanager
def sitting(*options: str) -> Iterator[Sitting]:
    with ExitStack() as stack:
        yield Sitting(stack, *options)


def test_every_key_goes_inside_and_every_byte_comes_out() -> None:
    keys = b"\x03\x1a\x04\x1c\x13\x11\x16\r\n\x00\x7f\xff" + "€ü".encode()
    with sitting("--exit-code", "3") as it:
        it.begin()
        assert it.raw
        it.type(keys)
        assert it.receive(len(keys)) == keys
        for byte in "日本".encode():
            it.type(bytes([byte]))
            assert it.receive(1) == bytes([byte])
        output = b"\x1b[31mred\x1b[0m \xff\xfe " + "é".encode() + b"\nno carriage return\r\n"
        for byte in output:
            it.inside.sendall(bytes([byte]))
        it.wait(lambda: output in it.shown)
        it.leave()
        it.assert_put_back()
        assert it.told("reason") == ["ended"]
        assert it.told("exit_code") == [3]
        assert b"The session ended with exit code 3." in it.shown
        assert it.told("descriptors_before") == [it.told("descriptors_after")[0] + 1], "only the session's socket less"


def test_the_size_is_told_at_the_start_and_whenever_it_changes() -> None:
    with sitting() as it:
        it.begin()
        it.resize(50, 132)
        it.wait(lambda: it.told("resize") == [[24, 80], [50, 132]])
        it.resize(50, 132)
        it.process.send_signal(signal.SIGWINCH)
        it.resize(10, 20)
        it.wait(lambda: it.told("resize")[-1] == [10, 20])
        it.leave()
        it.assert_put_back()
        assert it.told("resize") == [[24, 80], [50, 132], [10, 20]]


def test_a_size_the_engine_refuses_ends_nothing() -> None:
    with sitting("--resize-fails") as it:
        it.begin()
        it.resize(50, 132)
        it.wait(lambda: len(it.told("resize")) == 2)
        it.type(b"x")
        assert it.receive(1) == b"x"
        it.leave()
        it.assert_put_back()


def test_a_paste_of_a_megabyte_is_echoed_whole() -> None:
    """Both directions fill up at once: whoever waits for one of them while writing to the other stands still."""
    paste = os.urandom(1 << 20).replace(b"\x1b", b".")

    def echo(inside: socket.socket) -> None:
        left = len(paste)
        while left:
            data = inside.recv(65536)
            inside.sendall(data)
            left -= len(data)

    with sitting() as it:
        it.begin()
        start = len(it.shown)
        echoing = threading.Thread(target=echo, args=(it.inside,), daemon=True)
        echoing.start()
        it.type(paste)
        it.wait(lambda: len(it.shown) >= start + len(paste), 60)
        assert it.shown[start:] == paste
        it.leave()
        it.assert_put_back()


def test_a_burst_of_output_comes_whole_before_the_end() -> None:
    burst = b"".join(b"%09d\r\n" % number for number in range(5 << 20 >> 4))
    with sitting() as it:
        it.begin()
        it.inside.sendall(burst)
        it.leave()
        it.assert_put_back()
        it.wait(lambda: b"exit code 0" in it.shown)
        assert burst in it.shown


def test_keys_get_through_while_the_terminal_is_behind() -> None:
    with sitting() as it:
        it.begin()
        it.frozen.set()
        threading.Thread(target=lambda: it.inside.sendall(b"x" * (5 << 20)), daemon=True).start()
        time.sleep(0.3)
        it.type(b"\x03")
        assert it.receive(1) == b"\x03"
        it.frozen.clear()
        it.wait(lambda: it.shown.count(b"x") >= 5 << 20)
        it.leave()
        it.assert_put_back()


@pytest.mark.parametrize(
    ("output", "news"),
    [(b"<fault>", {"error": "ValueError"}), (b"<lost>", {"reason": "lost", "exit_code": None})],
)
def test_a_failure_puts_everything_back(output: bytes, news: dict[str, object]) -> None:
    with sitting() as it:
        it.begin()
        it.inside.sendall(b"\x1b[?1049h\x1b[?25lvi")
        it.wait(lambda: it.shown.endswith(b"vi"))
        it.inside.sendall(output)
        it.assert_put_back()
        for key, value in news.items():
            assert it.told(key) == [value]
        if "reason" in news:
            assert it.told("message") == ["The session was cut off. The engine went away ␛[31mbadly. Try again."]
        it.wait(lambda: b"\x1b[?1049l" in it.shown)
        assert b"\x1b[?25h" in it.shown


def test_an_unknown_exit_code_and_a_failed_close_are_said() -> None:
    with sitting("--exit-code", "-1", "--close-fails") as it:
        it.begin()
        it.leave()
        it.assert_put_back()
        assert it.told("message") == [
            "The session ended; its exit code is not known. "
            "What ran in it may still be running: The session could not be ended."
        ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_to_leave_puts_the_terminal_back_and_then_has_its_effect(number: signal.Signals) -> None:
    with sitting() as it:
        before = it.modes()
        it.begin()
        assert it.modes() != before
        it.inside.sendall(b"\x1b[?1049hvi")
        it.wait(lambda: b"vi" in it.shown)
        it.process.send_signal(number)
        code = it.exit()
        assert code in ({-number, 1} if number == signal.SIGINT else {-number})
        assert it.modes() == before
        assert it.told("closed") == [True]
        it.wait(lambda: b"told to leave (" + number.name.encode() + b")" in it.shown)
        assert b"\x1b[?1049l" in it.shown


def test_a_signal_that_is_handled_comes_to_its_handler_and_the_app_goes_on() -> None:
    with sitting("--handler") as it:
        it.begin()
        it.process.send_signal(signal.SIGTERM)
        it.assert_put_back()
        assert it.told("handled") == ["SIGTERM"]
        assert it.told("modes_then") == it.told("before")
        assert it.told("reason") == ["signal"]


def test_a_frozen_terminal_does_not_keep_a_signal_waiting() -> None:
    with sitting() as it:
        before = it.modes()
        it.begin()
        it.frozen.set()
        it.inside.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                it.inside.send(b"x" * 65536)
        time.sleep(0.2)
        it.process.send_signal(signal.SIGTERM)
        assert it.exit(10) == -signal.SIGTERM
        assert it.modes() == before
        assert it.told("closed") == [True]


def test_a_terminal_that_goes_away_ends_the_session() -> None:
    with sitting() as it:
        it.begin()
        os.close(it._slave)
        it._slave = -1
        master, it.master = it.master, -1
        os.close(master)
        # The kernel also sends SIGHUP, which by default ends the child.
        assert it.exit() in {7, -signal.SIGHUP}
        assert it.told("closed") == [True]


def test_a_stop_from_outside_is_ignored_and_a_continued_session_is_raw_again() -> None:
    with sitting() as it:
        cooked = it.modes()
        it.begin()
        it.process.send_signal(signal.SIGTSTP)
        it.type(b"x")
        assert it.receive(1) == b"x", "still going"
        it.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, it.process.pid, os.WSTOPPED | os.WNOWAIT)
        termios.tcsetattr(it.master, termios.TCSANOW, cooked)
        assert not it.raw
        it.process.send_signal(signal.SIGCONT)
        it.wait(lambda: it.raw)
        it.wait(lambda: it.told("resize") == [[24, 80], [24, 80]])
        it.leave()
        it.assert_put_back()


def test_holding_ctrl_bracket_leaves_a_session_that_does_not_answer() -> None:
    with sitting() as it:
        it.begin()
        started = time.monotonic()
        while it.process.poll() is None and time.monotonic() - started < 10 and not it.told("reason"):
            it.type(b"\x1d")
            time.sleep(0.05)
        it.assert_put_back()
        assert it.told("reason") == ["unanswered"]
        assert time.monotonic() - started >= 1.0


def test_ctrl_bracket_is_a_key_like_any_other_while_something_answers() -> None:
    with sitting() as it:
        it.begin()
        for _ in range(15):
            it.type(b"\x1d")
            assert it.receive(1) == b"\x1d"
            it.inside.sendall(b"^]")
            time.sleep(0.1)
        it.leave()
        it.assert_put_back()
        assert it.told("reason") == ["ended"]


def test_an_engine_that_hangs_at_the_end_is_not_waited_for() -> None:
    with sitting("--close-takes", "60", "--settle", "0.3") as it:
        it.begin()
        it.leave()
        assert it.exit(10) == 7
        assert it.told("before") == it.told("after")
        assert it.told("message") == [
            "The session ended with exit code 0. What ran in it may still be running: the engine does not answer."
        ]


def test_what_is_typed_after_the_end_is_not_left_for_the_app() -> None:
    with sitting("--close-takes", "0.4") as it:
        it.begin()
        it.leave()
        it.wait(lambda: it.told("closed"))
        it.type(b"dddd\r")
        it.assert_put_back()
        assert it.told("typed_later") == [""]


def test_the_banner_can_do_no_harm() -> None:
    evil = "we\x1b]0;b\x07\u202eb (\x1b[2J)"
    with sitting("--banner", evil) as it:
        it.wait(lambda: it.told("resize"))
        it.wait(lambda: b"\r\n" in it.shown)
        assert "we␛]0;b␇<202E>b (␛[2J)".encode() in it.shown
        it.leave()
        it.assert_put_back()


def test_banner_words() -> None:
    assert session_banner("web-1", "3f2a9c1b0d4e" + "0" * 52, "context prod") == (
        "web-1 (3f2a9c1b0d4e) on context prod — exit or Ctrl-D returns to orlop; if nothing answers, hold Ctrl-]"
    )
    assert session_banner("", "3f2a9c1b0d4e" + "0" * 52, "x").startswith("3f2a9c1b0d4e on x")


def test_inside_a_running_event_loop_its_signals_are_not_lost() -> None:
    with sitting("--how", "loop") as it:
        it.begin()
        it.process.send_signal(signal.SIGUSR1)
        it.type(b"x")
        assert it.receive(1) == b"x"
        it.leave()
        it.assert_put_back()
        assert it.told("loop")


def test_off_the_main_thread_it_refuses_and_closes() -> None:
    with sitting("--how", "thread") as it:
        assert it.exit() == 7
        assert it.told("error") == ["RuntimeError"]
        assert it.told("closed") == [True]


def test_without_a_terminal_it_says_so_and_closes() -> None:
    ours, theirs = socket.socketpair()
    news, theirs_news = os.pipe()
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.shell_child", str(theirs.fileno()), str(theirs_news)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
        pass_fds=(theirs.fileno(), theirs_news),
        timeout=20,
        check=False,
    )
    theirs.close()
    os.close(theirs_news)
    with os.fdopen(news) as lines, ours:
        told = {key: value for line in lines for key, value in json.loads(line).items()}
        assert ours.recv(1) == b""
    assert done.returncode == 7, done.stderr
    assert told["error"] == "UnsupportedError"
    assert "terminal" in told["says"]
    assert told["closed"] is True


LEFT_ON = (
    b"\x1b[?1049h\x1b[2J\x1b[5;10r\x1b[?6h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h"
    b"\x1b[?1h\x1b=\x1b[31m\x1b[4h\x1b[>1u"
)


def test_a_program_that_dies_with_everything_on_leaves_a_usable_terminal() -> None:
    with sitting() as it:
        it.begin()
        it.inside.sendall(b"one\r\ntwo\r\n" + LEFT_ON + b"\x1b]0;title cut o")
        it.leave()
        it.assert_put_back()
        it.wait(lambda: b"exit code 0" in it.shown)
        screen = EmulatedScreen(80, 24)
        EmulatedTerminal(screen, answer=lambda _text: None).feed(it.shown.decode())
        assert not screen.alternate
        assert not screen.cursor.hidden
        assert screen.margins in (None, (0, 23))
        rows = [row.rstrip() for row in screen.rows()]
        assert rows[0].startswith("web-1")
        assert rows[1:3] == ["one", "two"]
        assert any("The session ended with exit code 0." in row for row in rows[3:6])
        end = bytes(it.shown)
        for undone in (b"?1000l", b"?1006l", b"?2004l", b"?1l", b"\x1b>", b"[0m", b"[4l", b"\x1b[<1u", b"[?6l"):
            assert undone in end


class TestLeftovers:
    def test_a_quiet_session_is_undone_without_moving_the_cursor(self) -> None:
        leftovers = Leftovers()
        leftovers.watch(b"hello\r\n")
        undo = leftovers.undo()
        assert b"1049" not in undo
        assert b"?6l" not in undo
        assert not re.search(rb"\[<\d*u", undo)
        assert b"\x1b7\x1b[r\x1b8" in undo

    @pytest.mark.parametrize("piece", range(1, 12))
    def test_switches_are_seen_however_the_output_is_cut(self, piece: int) -> None:
        leftovers = Leftovers()
        output = b"text\x1b[?25;1049htext\x1b[>1u\x1b[>5u\x1b[<u\x1b[>4;2mtext\x1b[?47h\x1b[?47l"
        for start in range(0, len(output), piece):
            leftovers.watch(output[start : start + piece])
        undo = leftovers.undo()
        assert b"\x1b[?1049l" in undo
        assert b"\x1b[?47l" not in undo
        assert b"\x1b[<1u" in undo
        assert b"\x1b[>4m" in undo

    def test_a_full_reset_undoes_it_all(self) -> None:
        leftovers = Leftovers()
        leftovers.watch(b"\x1b[?1049h\x1b[?6h\x1b[>1u\x1bc")
        assert leftovers.undo() == Leftovers().undo()

    def test_endless_sequences_are_not_remembered(self) -> None:
        leftovers = Leftovers()
        leftovers.watch(b"\x1b[?" + b"1;" * 100_000)
        leftovers.watch(b"1049h")
        assert leftovers.undo() == Leftovers().undo()
