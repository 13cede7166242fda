"""SIGTERM and SIGHUP: out in order, with the terminal as it was."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.terminal.pty_terminal import Terminal
from tui.signals import OrderlyExit

ROOT = Path(__file__).parents[1]
APP = """
import sys, time
from textual.app import App
from textual.widgets import Label
from tui.signals import OrderlyExit

class Shown(App):
    def compose(self):
        yield Label("on the screen")
    def key_b(self):
        print("busy", file=open(sys.argv[1], "a"), flush=True)
        time.sleep(60)

with OrderlyExit() as orderly_exit:
    try:
        app = Shown()
        orderly_exit.leave = lambda code: app.exit(return_code=code)
        app.run()
        sys.exit(app.return_code)
    finally:
        print("cleaned up", file=open(sys.argv[1], "a"))
"""
WITHOUT_APP = """
import sys, time
from tui.signals import OrderlyExit
with OrderlyExit():
    try:
        print("ready", flush=True)
        time.sleep(60)
    finally:
        print("cleaned up", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_app_gives_the_terminal_back(number: signal.Signals, tmp_path: Path) -> None:
    with Terminal([sys.executable, "-c", APP, str(tmp_path / "log")], cwd=ROOT) as terminal:
        terminal.wait_for("on the screen", 20)
        terminal.wait_quiet()
        terminal.process.send_signal(number)
        assert terminal.wait() == 128 + number
        assert b"\x1b[?1049l" in terminal.transcript
    assert (tmp_path / "log").read_text() == "cleaned up\n"


def test_a_terminal_that_went_away_does_not_hold_it_up(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", APP, str(tmp_path / "log")],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - ioctl only
    )
    os.close(slave)
    seen = b""
    while b"on the screen" not in seen:
        seen += os.read(master, 65536)
    os.close(master)  # As when its window is closed: the kernel sends SIGHUP.
    try:
        assert process.wait(10) == 128 + signal.SIGHUP
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "log").read_text() == "cleaned up\n"


def test_an_app_that_does_not_listen_is_told_twice(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-c", APP, str(tmp_path / "log")], cwd=ROOT) as terminal:
        terminal.wait_for("on the screen", 20)
        terminal.press("b")
        deadline = time.monotonic() + 10
        while not (tmp_path / "log").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        terminal.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        assert terminal.exit_code is None
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait() == 128 + signal.SIGTERM
    assert (tmp_path / "log").read_text() == "busy\ncleaned up\n"


def test_without_an_app_everything_on_the_way_out_is_honoured() -> None:
    with subprocess.Popen([sys.executable, "-c", WITHOUT_APP], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.stdout.read() == "cleaned up\n"
    assert process.returncode == 128 + signal.SIGTERM


def test_what_was_there_before_is_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with OrderlyExit():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
