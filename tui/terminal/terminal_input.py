"""Reads the terminal without waking while nothing is typed.

Textual's own loop looks ten times a second whether it should end, dies of a byte that is not UTF-8, and spins when
the terminal is gone.
"""

from __future__ import annotations

import os
import selectors
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress

from textual import constants
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.message import Message

_KEYS = 4096
"""Bytes of typing taken at once."""

_SLACK = 0.005
"""Seconds beyond the parser's own patience, for clocks that are not of one mind."""


class SelectableEvent(threading.Event):
    """An event that a `select` wakes up from."""

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)

    def fileno(self) -> int:
        """Readable while the event is set."""
        return self._reader

    def set(self) -> None:
        """Set it, and wake who waits in a select."""
        super().set()
        with suppress(BlockingIOError):  # full: it is readable already
            os.write(self._writer, b"\0")

    def clear(self) -> None:
        """Unset it."""
        super().clear()
        with suppress(BlockingIOError):
            while os.read(self._reader, _KEYS):
                pass


def read_terminal(
    fd: int,
    exit_event: SelectableEvent,
    on_message: Callable[[Message], None],
    on_gone: Callable[[], None],
    *,
    debug: bool = False,
) -> None:
    """Hand what is typed to *on_message* until *exit_event* is set; call *on_gone* if the terminal goes away.

    An Escape may begin a longer key: only for as long as it takes to know is there a time-out.
    """
    parser = XTermParser(debug)
    decode = getincrementaldecoder("utf-8")("replace").decode
    half_read = False
    with selectors.SelectSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        selector.register(exit_event, selectors.EVENT_READ)
        while not exit_event.is_set():
            ready = selector.select(constants.ESCAPE_DELAY + _SLACK if half_read else None)
            half_read = False
            if any(key.fileobj == fd for key, _events in ready):
                try:
                    typed = os.read(fd, _KEYS)
                except OSError:
                    typed = b""
                if not typed:
                    on_gone()
                    break
                half_read = True
                if text := decode(typed):
                    for message in parser.feed(text):
                        on_message(message)
            for message in parser.tick():
                on_message(message)
    with suppress(EOFError, ParseError):
        for _message in parser.feed(""):
            pass
