"""A terminal that goes away takes the program with it, in whatever order the bad news comes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

PATIENCE = 30.0


@contextmanager
def demo_in_a_terminal(*, ignore_hangup: bool) -> Iterator[tuple[int, int]]:
    """orlop over the demo in a pty: (process ID, master file descriptor), once it has drawn."""
    pid, master = pty.fork()
    if pid == 0:
        if ignore_hangup:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, "-m", "tui", "--demo"])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen = b""
    until = time.monotonic() + PATIENCE
    while b"alpine" not in seen:
        assert time.monotonic() < until, seen[-500:]
        if select.select([master], [], [], 0.5)[0]:
            seen += os.read(master, 65536)
    try:
        yield pid, master
    finally:
        with suppress(OSError):
            os.close(master)
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def ended(pid: int) -> bool:
    """Whether the process ends by itself in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.e2e
@pytest.mark.parametrize("ignore_hangup", [False, True], ids=["SIGHUP", "nohup"])
def test_terminal_that_closes_ends_it(ignore_hangup: bool) -> None:
    with demo_in_a_terminal(ignore_hangup=ignore_hangup) as (pid, master):
        os.close(master)
        assert ended(pid)


@pytest.mark.e2e
def test_terminal_that_closes_while_it_is_ending_does_not_keep_it() -> None:
    with demo_in_a_terminal(ignore_hangup=False) as (pid, master):
        os.kill(pid, signal.SIGTERM)
        os.close(master)
        assert ended(pid)
