"""What an application writes, made into what its terminal has to be sent."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


class FrameReduction:
    """A `ScreenDiff` that comes into being when it is of use.

    The first frame goes out as it is and is read only when the second comes: nothing could be saved on it, and
    it is what somebody who has just started the application is waiting for.
    """

    def __init__(self, fd: int) -> None:
        """Reduce what is written to the terminal *fd*."""
        self._fd = fd
        self.synchronized = False
        """Whether the terminal knows mode 2026."""
        self._diff: ScreenDiff | None = None
        self._unread: list[str] = []
        self._unread_size = (0, 0)
        self._doubtful = False

    def forget(self) -> None:
        """Take nothing for granted of what is on the screen. (From any thread.)"""
        self._doubtful = True

    def reduce(self, outputs: list[str]) -> str:
        """What to write in place of *outputs*."""
        sent = ""
        for index, data in enumerate(outputs):
            if self._diff is not None or (self._unread and is_frame(data)):
                # All that has waited counts as one: what came in between nobody has to see.
                sent += self._up_to_date_diff().feed("".join(outputs[index:]))
                break
            if not self._unread:
                self._doubtful = False
                self._unread_size = self._size()
            if self._unread or is_frame(data):
                self._unread.append(data)
            sent += data
        if self.synchronized and len(sent) >= _WORTH_SYNC and any(map(is_frame, outputs)):
            return f"{SYNC_START}{sent}{SYNC_END}"
        return sent

    def _up_to_date_diff(self) -> ScreenDiff:
        size = self._size()
        doubtful, self._doubtful = self._doubtful, False
        if self._diff is None:
            # Imported here, after the first frame: compiling the patterns takes some of the first paint's time.
            from tui.terminal.screen_diff import ScreenDiff  # noqa: PLC0415

            erases = os.environ.get("TERM", "").startswith(_ERASES_WITH_BACKGROUND)
            self._diff = ScreenDiff(*size, erases_with_background=erases)
            if self._unread_size == size and not doubtful:
                self._diff.absorb("".join(self._unread))
            self._unread.clear()
        elif self._diff.size != size:
            self._diff.resize(*size)
        elif doubtful:
            self._diff.forget()
        return self._diff

    def _size(self) -> tuple[int, int]:
        """Columns and rows of the terminal, which may be ahead of what the application has been told."""
        try:
            size = os.get_terminal_size(self._fd)
        except OSError:
            return shutil.get_terminal_size()
        return (size.columns, size.lines)


def is_frame(data: str) -> bool:
    """Whether *data* positions and writes text: all that Textual writes besides is short and does neither."""
    return len(data) > 16 and data.startswith("\x1b[") and "H" in data[2:10]
