"""A small line editor on raw terminal bytes: what a terminal's owner would type at, with echo and a history."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from enum import Enum

_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O[@-~]|[^\[O])")
"""A whole escape sequence, as keys send them."""


class Signal(Enum):
    """What a key means that is no text."""

    INTERRUPT = "Ctrl-C"
    END = "Ctrl-D on an empty line"


class LineEditor:
    """Takes bytes as typed, gives whole lines.

    Args:
        write: shows text (echo) on the terminal.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""  # the beginning of an escape sequence whose end has not come yet
        self._line = ""
        self._history: list[str] = []
        self._shown = 0  # which line of the history is shown; its length for the line being typed
        self.prompt = ""

    def show_prompt(self) -> None:
        """Begin a new line."""
        self._line, self._shown = "", len(self._history)
        self._write(self.prompt)

    def feed(self, data: bytes) -> Iterator[str | Signal]:
        """Take what was typed; give each finished line, and each signal, as they come."""
        text = self._pending + self._decoder.decode(data)
        self._pending, at = "", 0
        while at < len(text):
            char = text[at]
            if char == "\x1b":
                sequence = _ESCAPE.match(text, at)
                if sequence is None:
                    self._pending = text[at:]
                    return
                at = sequence.end()
                self._on_sequence(sequence.group())
                continue
            at += 1
            if (meant := self._on_char(char)) is not None:
                yield meant

    def _on_char(self, char: str) -> str | Signal | None:
        if char in "\r\n":
            self._write("\n")
            line = self._line
            if line.strip() and self._history[-1:] != [line]:
                self._history.append(line)
            return line
        if char == "\x03":
            self._write("^C\n")
            return Signal.INTERRUPT
        if char == "\x04" and not self._line:
            return Signal.END
        if char in "\x7f\x08":
            self._erase(1)
        elif char == "\x15":
            self._erase(len(self._line))
        elif char == "\x17":
            kept = self._line.rstrip().rpartition(" ")
            self._erase(len(self._line) - len(kept[0] + kept[1]))
        elif char == "\x0c":
            self._write("\x1b[H\x1b[2J" + self.prompt + self._line)
        elif char.isprintable():
            self._line += char
            self._write(char)
        return None

    def _on_sequence(self, sequence: str) -> None:
        if sequence in {"\x1b[A", "\x1bOA"} and self._shown > 0:
            self._recall(self._shown - 1)
        elif sequence in {"\x1b[B", "\x1bOB"} and self._shown < len(self._history):
            self._recall(self._shown + 1)

    def _recall(self, number: int) -> None:
        self._erase(len(self._line))
        self._shown = number
        self._line = self._history[number] if number < len(self._history) else ""
        self._write(self._line)

    def _erase(self, count: int) -> None:
        if count and self._line:
            gone, self._line = self._line[-count:], self._line[:-count]
            self._write("\b \b" * sum(map(_cells, gone)))


def _cells(char: str) -> int:
    """How many cells of the terminal a character takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
