"""The user's real terminal, raw for as long as a session lasts."""

from __future__ import annotations

import os
import select
import sys
import time
from contextlib import suppress
from typing import Self

from tui.engine.errors import UnsupportedError
from tui.engine.leftovers import Leftovers
from widgets.literal import literal

if sys.platform != "win32":
    import termios
    import tty

_KEYS = 65536
"""Bytes of typing taken at once."""
_QUIET = 0.05
"""Seconds without a key after which the user is taken to have stopped typing."""
_PATIENCE = 1.0
"""Seconds that a frozen terminal, or a key held down, may delay the end of a session."""


class TerminalGoneError(Exception):
    """The user's terminal has hung up."""


class RawTerminal:
    """The user's terminal in raw mode, and in the mode it came in afterwards.

    It is written to without ever waiting for it, so that a terminal that is slow, or frozen by its
    user, holds up neither the keys nor the end of the session.
    """

    def __init__(self, input_fd: int, output_fd: int) -> None:
        self.input_fd = input_fd
        self.output_fd = output_fd
        """While the session lasts, a descriptor of our own."""
        self._owned = -1
        self._unshown = memoryview(b"")
        self._leftovers = Leftovers()
        self._at_line_start = True

    def __enter__(self) -> Self:
        """Go raw. Raises ``UnsupportedError`` when there is no terminal."""
        try:
            self._modes = termios.tcgetattr(self.input_fd)
            self.output_fd = self._owned = _without_waiting(self.output_fd)
        except (termios.error, OSError):
            raise UnsupportedError(
                "A shell needs a terminal, and orlop's input or output is none.", "Start orlop in a terminal."
            ) from None
        self.make_raw()
        return self

    def __exit__(self, *_error: object) -> None:
        # The modes come back whatever becomes of the rest: the terminal may be gone, or stand still.
        try:
            with suppress(TerminalGoneError):
                self._put(self._leftovers.undo())
        finally:
            with suppress(termios.error):
                termios.tcsetattr(self.input_fd, termios.TCSANOW, self._modes)

    def close(self) -> None:
        """Give back our own descriptor, and forget what has been typed since: nothing can be shown any more."""
        with suppress(termios.error):
            termios.tcflush(self.input_fd, termios.TCIFLUSH)
        if self._owned >= 0:
            os.close(self._owned)
            self._owned = -1

    def make_raw(self) -> None:
        """Hand every key through: no echo, no lines, no signals."""
        with suppress(termios.error):
            tty.setraw(self.input_fd, termios.TCSANOW)

    def size(self) -> tuple[int, int]:
        """Rows and columns; zeros when the terminal does not know."""
        try:
            columns, rows = os.get_terminal_size(self.output_fd)
        except OSError:
            return 0, 0
        return rows, columns

    def read(self) -> bytes:
        """What was typed. Raises when the terminal has hung up."""
        try:
            typed = os.read(self.input_fd, _KEYS)
        except OSError:
            typed = b""
        if not typed:
            # In raw mode Ctrl-D is a byte like any other: nothing at all is a hang-up.
            raise TerminalGoneError
        return typed

    @property
    def behind(self) -> bool:
        """True while output waits for the terminal to take it."""
        return bool(self._unshown)

    def write(self, output: bytes) -> None:
        """Show output of the session as it is, or as much as the terminal takes now."""
        self._leftovers.watch(output)
        if output:
            self._at_line_start = output.endswith((b"\n", b"\r"))
        self._unshown = memoryview(bytes(self._unshown) + output)
        self.show()

    def show(self) -> None:
        """Show more of what waits. Raises when the terminal has hung up."""
        try:
            while self._unshown:
                self._unshown = self._unshown[os.write(self.output_fd, self._unshown) :]
        except BlockingIOError:
            return
        except OSError as error:
            raise TerminalGoneError from error

    def say(self, text: str) -> None:
        """Show a line of our own, made harmless, in whichever mode the terminal is."""
        start = b"" if self._at_line_start else b"\r\n"
        with suppress(TerminalGoneError):
            self._put(start + b"\x1b[1m" + literal(text).encode() + b"\x1b[0m\r\n")
        self._at_line_start = True

    def discard_typed(self) -> None:
        """Throw away the rest of a paste, or what was typed too late: the app must not take it for commands."""
        deadline = time.monotonic() + _PATIENCE
        with suppress(TerminalGoneError):
            while time.monotonic() < deadline and select.select([self.input_fd], [], [], _QUIET)[0]:
                self.read()

    def _put(self, data: bytes) -> None:
        """Show ``data`` after what waits, with some patience for the terminal, not without end."""
        self._unshown = memoryview(bytes(self._unshown) + data)
        deadline = time.monotonic() + _PATIENCE
        self.show()
        while self._unshown and (left := deadline - time.monotonic()) > 0:
            select.select([], [self.output_fd], [], left)
            self.show()


def _without_waiting(output_fd: int) -> int:
    """A descriptor for the same terminal whose writes never block; the given one stays as it is.

    The non-blocking flag belongs to the open file, which other programs share: so it is opened anew.
    Raises ``OSError`` when there is no terminal there.
    """
    name = os.ttyname(output_fd)
    try:
        return os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:  # another user's terminal, as after su: then with waiting
        return os.dup(output_fd)
