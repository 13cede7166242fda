"""Textual's driver for Linux and macOS, writing only what changes on the screen."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.messages import InBandWindowResize

from tui.terminal.hangup import watch_for_hangup

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

    from tui.terminal.screen_diff import ScreenDiff

SYNC_START = "\x1b[?2026h"
SYNC_END = "\x1b[?2026l"
"""Around a frame these keep a terminal from showing half of it (mode 2026, "synchronized output")."""

_WORTH_SYNC = 256
"""A frame of fewer bytes reaches the terminal in one piece anyway, and the two sequences are 16 bytes."""

_ERASES_WITH_BACKGROUND = tuple(
    [
        "xterm",
        "alacritty",
        "foot",
        "kitty",
        "vte",
        "gnome",
        "konsole",
        "rxvt",
        "st-",
        "wezterm",
        "iterm",
        "mintty",
        "ghostty",
        "contour",
        "linux",
        "nsterm",
    ]
)
"""Terminals, by the beginning of TERM, that know ECH and give erased cells the pen's background. (screen and tmux
do not say that they do, so they get spaces.)"""


class FrugalDriver(LinuxDriver):
    """A `LinuxDriver` that puts a `ScreenDiff` before the terminal.

    The first frame goes out as it is and is read only when the second comes: nothing could be saved on it, and
    it is what somebody who has just started the application is waiting for.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """See `LinuxDriver`."""
        # Writes come from the UI thread, now and then from the input thread, and from signal handlers, which run
        # inside whatever the UI thread is doing: hence re-entrant, and `_reducing`.
        self._lock = threading.RLock()
        self._reducing = False
        self._diff: ScreenDiff | None = None
        self._unread: list[str] = []
        self._unread_size = (0, 0)
        self._doubtful = False
        self._frame: list[str] | None = None
        self._watched = False
        super().__init__(app, debug=debug, mouse=mouse, size=size)

    def forget(self) -> None:
        """Write the next frame in full: the screen may not be what it was believed to be. (From any thread.)"""
        self._doubtful = True

    def write(self, data: str) -> None:
        """Write what *data* changes on the screen."""
        with self._lock:
            if self._reducing:
                self._doubtful = True
                super().write(data)
            elif data == SYNC_START:
                self._frame = []
            elif data == SYNC_END:
                self._end_frame()
            elif reduced := self._reduce(data):
                if self._frame is None:
                    super().write(reduced)
                else:
                    self._frame.append(reduced)

    def _end_frame(self) -> None:
        frame = "".join(self._frame or ())
        self._frame = None
        if len(frame) >= _WORTH_SYNC:
            frame = f"{SYNC_START}{frame}{SYNC_END}"
        if frame:
            super().write(frame)

    def _reduce(self, data: str) -> str:
        """What to write in place of *data*."""
        if self._diff is None and not self._unread:
            self._doubtful = False
            if _is_frame(data):
                self._unread = [data]
                self._unread_size = self._size_now()
            return data
        if self._diff is None and not _is_frame(data):
            self._unread.append(data)
            return data
        self._reducing = True
        try:
            reduced = self._up_to_date_diff().feed(data)
        finally:
            self._reducing = False
        # A signal handler that wrote meanwhile (to leave the screen, or to come back) has made the reduced
        # output one for a screen that is no more.
        return data if self._doubtful else reduced

    def _up_to_date_diff(self) -> ScreenDiff:
        size = self._size_now()
        if self._diff is None:
            # Imported here, after the first frame: compiling the patterns takes some of the first paint's time.
            from tui.terminal.screen_diff import ScreenDiff  # noqa: PLC0415

            erases = os.environ.get("TERM", "").startswith(_ERASES_WITH_BACKGROUND)
            self._diff = ScreenDiff(*size, erases_with_background=erases)
            if self._unread_size == size and not self._doubtful:
                self._diff.absorb("".join(self._unread))
            self._unread.clear()
        elif self._diff.size != size:
            self._diff.resize(*size)
        elif self._doubtful:
            self._diff.forget()
        self._doubtful = False
        return self._diff

    def _size_now(self) -> tuple[int, int]:
        """Columns and rows of the terminal, which may be ahead of what the application has been told."""
        try:
            size = os.get_terminal_size(self._file.fileno() if self._file else self.fileno)
        except OSError:
            return super()._get_terminal_size()
        return (size.columns, size.lines)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Textual asks for the size when SIGWINCH has come: whatever it is, the terminal may have reflowed."""
        self.forget()
        return super()._get_terminal_size()

    def process_message(self, message: Message) -> None:
        """Pass a message on to the application; one that tells of a new size makes the screen doubtful."""
        if isinstance(message, (events.Resize, InBandWindowResize)):
            self.forget()
        super().process_message(message)

    def start_application_mode(self) -> None:
        """Take the terminal, as it is now."""
        self.forget()
        if not self._watched:
            self._watched = True
            watch_for_hangup(self.fileno, self._leave)
        start: Callable[[], None] = super().start_application_mode
        start()

    def _leave(self) -> None:
        """The terminal is gone: stop reading from it, and end the application."""
        self.release()
        with suppress(RuntimeError):  # the loop is closed: it is ending already
            self._loop.call_soon_threadsafe(self._app.exit)

    def release(self) -> None:
        """Let the input thread end, whatever became of the application: Python waits for it before it exits."""
        self.exit_event.set()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.forget()
        with self._lock:
            # A signal may have come in the middle of a frame: nothing of what follows may be held back with it.
            self._end_frame()
        super().stop_application_mode()


def _is_frame(data: str) -> bool:
    """Whether *data* positions and writes text: all that Textual writes besides is short and does neither."""
    return len(data) > 16 and data.startswith("\x1b[") and "H" in data[2:10]
