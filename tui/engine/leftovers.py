"""What a program may leave switched on in a terminal, and the bytes that switch it off again."""

from __future__ import annotations

import re

_SWITCH = re.compile(
    rb"\x1b\[\?(?P<modes>[0-9;]{1,24})(?P<state>[hl])"  # DECSET, DECRST
    rb"|\x1b\[(?P<stack>[<>])(?P<number>[0-9;]{0,8})u"  # the keyboard protocol's stack
    rb"|\x1b\[>4(?:;[0-9]?)?m"  # xterm's modifyOtherKeys
    rb"|\x1bc"  # RIS, the full reset
)
_LONGEST = 32
"""No switch we know is longer than this many bytes."""

_ALTERNATE = (1049, 1047, 47)
_ORIGIN = 6

_HARMLESS = (
    b"\x1b\\"  # the end of a string sequence that was cut off in the middle
    b"\x1b[?2026l"  # synchronized output
    b"\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l"  # mouse reports,
    b"\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # and how they are written
    b"\x1b[?1004l\x1b[?2004l\x1b[?2031l\x1b[?2048l"  # focus, bracketed paste, colour scheme and size reports
    b"\x1b[?1l\x1b>"  # cursor keys and keypad back to normal
    b"\x1b[?5l\x1b[?7h\x1b[4l\x1b[20l"  # no reverse video, wrapping on, replace mode, LF is LF
    b"\x1b[?69l\x1b7\x1b[r\x1b8"  # no margins; resetting the region homes the cursor, so it is put back
    b"\x1b(B\x0f\x1b]8;;\x1b\\"  # ASCII letters; no open link
    b"\x1b[0m\x1b[?25h\x1b[0 q"  # plain text, a visible cursor of the usual shape
)
"""Switches that do nothing when there is nothing to switch off.

Source: XTerm Control Sequences, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html.
"""


class Leftovers:
    """Watches a terminal's output for switches that can't be reset blindly.

    Leaving the alternate screen moves the cursor even when it was never entered, origin mode homes
    it, and the keyboard protocol's stack holds the terminal's own entry. These are undone only when
    the output switched them on; everything else always is.
    """

    def __init__(self) -> None:
        self._on: dict[int, None] = {}
        self._pushed = 0
        self._other_keys = False
        self._tail = b""

    def watch(self, output: bytes) -> None:
        """Take note of the next piece of output. Pieces may end in the middle of a sequence."""
        data = self._tail + output
        done = 0
        for match in _SWITCH.finditer(data):
            done = match.end()
            self._note(match)
        cut = data.rfind(b"\x1b", max(done, len(data) - _LONGEST))
        self._tail = data[cut:] if cut >= 0 else b""

    def _note(self, match: re.Match[bytes]) -> None:
        if match["modes"] is not None:
            for mode in (int(number) for number in match["modes"].split(b";") if number):
                if match["state"] == b"h":
                    self._on[mode] = None
                else:
                    self._on.pop(mode, None)
        elif match["stack"] == b">":
            self._pushed += 1
        elif match["stack"] == b"<":
            self._pushed = max(0, self._pushed - int(match["number"].partition(b";")[0] or b"1"))
        elif match.group() == b"\x1bc":
            self._on.clear()
            self._pushed = 0
            self._other_keys = False
        else:
            self._other_keys = True

    def undo(self) -> bytes:
        """What to write to the terminal so that nothing of it stays."""
        pieces = [b"\x1b\\"]
        if self._pushed:
            pieces.append(b"\x1b[<%du" % self._pushed)
        if self._other_keys:
            pieces.append(b"\x1b[>4m")
        if _ORIGIN in self._on:  # first: leaving the alternate screen puts the cursor back
            pieces.append(b"\x1b[?6l")
        pieces += [b"\x1b[?%dl" % mode for mode in _ALTERNATE if mode in self._on]
        return b"".join(pieces) + _HARMLESS
