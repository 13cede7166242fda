"""The process that ``test_shell`` puts on a pseudo-terminal: a shell session over a socket it is given.

What happens to it is told as JSON lines on another descriptor, for the test to read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import select
import signal
import socket
import sys
import termios
import threading
import time
from typing import Any

from tui.engine import shell
from tui.engine.errors import ConnectionLostError, EngineError, EngineFaultError


class SocketChannel:
    """An ``ExecChannel`` whose other end the test holds. Some outputs make it fail."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._socket = socket.socket(fileno=options.session)

    def fileno(self) -> int:
        return self._socket.fileno()

    def receive(self, limit: int) -> bytes:
        data = self._socket.recv(limit)
        if data.endswith(b"<fault>"):
            raise ValueError("a fault of ours")
        if data.endswith(b"<lost>"):
            raise ConnectionLostError("The engine went away \x1b[31mbadly.", "Try again.")
        return data

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def resize(self, rows: int, columns: int) -> None:
        tell(self._options, resize=[rows, columns])
        if self._options.resize_fails:
            raise EngineFaultError("The size could not be set.")

    def exit_code(self) -> int | None:
        return self._options.exit_code if self._options.exit_code >= 0 else None

    def close(self) -> None:
        tell(self._options, closed=True)
        time.sleep(self._options.close_takes)
        if self._options.close_fails:
            raise EngineFaultError("The session could not be ended.")
        self._socket.close()


def tell(options: argparse.Namespace, **news: Any) -> None:
    os.write(options.news, json.dumps(news).encode() + b"\n")


def modes() -> str:
    try:
        return repr(termios.tcgetattr(0))
    except termios.error:
        return "gone"


def handlers() -> str:
    numbers = (signal.SIGWINCH, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGTSTP, signal.SIGCONT)
    wakeup = None
    if threading.current_thread() is threading.main_thread():
        wakeup = signal.set_wakeup_fd(-1)
        signal.set_wakeup_fd(wakeup)
    return repr([*(signal.getsignal(number) for number in numbers), wakeup])


def session(options: argparse.Namespace) -> None:
    """One session, and what it changed in this process."""
    tell(options, before=modes(), handlers_before=handlers(), descriptors_before=len(os.listdir("/proc/self/fd")))
    channel = SocketChannel(options)
    try:
        end = shell.run_shell(channel, banner=options.banner)
    except (EngineError, RuntimeError, ValueError) as error:  # told to the test, which knows what it expects
        tell(options, error=type(error).__name__, says=str(error))
    else:
        tell(options, reason=end.reason, exit_code=end.exit_code, message=end.message)
    typed = b""
    if modes() != "gone" and select.select([0], [], [], 0.1)[0]:
        typed = os.read(0, 4096)
    tell(
        options,
        after=modes(),
        handlers_after=handlers(),
        typed_later=typed.decode(),
        descriptors_after=len(os.listdir("/proc/self/fd")),
    )


async def session_in_a_loop(options: argparse.Namespace) -> None:
    """The same as the app does it: called straight from a coroutine, with a loop that catches signals itself."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, told.set)
    session(options)
    await asyncio.wait_for(told.wait(), 5)
    tell(options, loop="got SIGUSR1 that came during the session")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("session", type=int)
    parser.add_argument("news", type=int)
    parser.add_argument("--banner", default="web-1 (3f2a9c1b) on context prod")
    parser.add_argument("--exit-code", type=int, default=0)
    parser.add_argument("--close-takes", type=float, default=0.0)
    parser.add_argument("--close-fails", action="store_true")
    parser.add_argument("--resize-fails", action="store_true")
    parser.add_argument("--settle", type=float, default=5.0)
    parser.add_argument("--handler", action="store_true", help="catch SIGTERM in this process")
    parser.add_argument("--how", choices=["plain", "loop", "thread"], default="plain")
    options = parser.parse_args()
    shell._SETTLE = options.settle
    if options.handler:
        signal.signal(signal.SIGTERM, lambda *_: tell(options, handled="SIGTERM", modes_then=modes()))
    if options.how == "loop":
        asyncio.run(session_in_a_loop(options))
    elif options.how == "thread":
        thread = threading.Thread(target=session, args=(options,))
        thread.start()
        thread.join()
    else:
        session(options)
    sys.exit(7)


if __name__ == "__main__":
    main()
