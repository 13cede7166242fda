"""A terminal that only takes down what is written and when, and looks at it afterwards.

Emulating a screen takes tens of milliseconds a frame. Done while the command runs, it would hold up the
reading of what comes next and so make the command look slower than it is.
"""

from __future__ import annotations

import os
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence

from tests.terminal.emulator import Cell, EmulatedTerminal
from tests.terminal.pty_terminal import Terminal

_TREE_COLUMNS = 36
"""The trees are never narrower than this."""


class RecordedTerminal(Terminal):
    """A `Terminal` whose screen is brought up to date when it is asked for, and then tells when what came to be.

    It answers no queries; Textual asks some and waits for none.
    """

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str | None] | None = None) -> None:
        """Start *command* on a terminal of 120x40."""
        self._chunks: list[tuple[float, bytes]] = []
        self.watched = slice(0, _TREE_COLUMNS)
        """The columns in which :meth:`settled` looks for changes."""
        self._seen = 0
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        # As a user starts it: with compiled modules, which some developers' shells switch off.
        plain = {name: None for name in os.environ if name.startswith("PYTHON")}
        super().__init__(command, rows=40, columns=120, env={**plain, **(env or {})})
        self.emulator = EmulatedTerminal(self.screen, answer=lambda _text: None)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # EIO: the last process with the slave open has gone
                data = b""
            now = time.perf_counter()
            with self._changed:
                if data:
                    self.last_output_at = now
                    self.transcript += data
                    self._chunks.append((now, data))
                else:
                    self._closed = True
                self._changed.notify_all()
            if not data:
                return

    def moments(self, *conditions: Callable[[str], bool]) -> list[float | None]:
        """When each condition on the screen's text first held in what has been written since the last look.

        Returns:
            For each the time (`time.perf_counter`) at which the output that made it true was read, or ``None``.
        """
        found: list[float | None] = [None] * len(conditions)
        while self._seen < len(self._chunks):
            at, data = self._chunks[self._seen]
            self._seen += 1
            self.emulator.feed(self._decode(data))
            if None in found:
                text = "\n".join(self.screen.rows())
                for number, condition in enumerate(conditions):
                    if found[number] is None and condition(text):
                        found[number] = at
        return found

    def settled(self, since: Sequence[float]) -> list[float | None]:
        """When the trees got to look as they did when the next of the moments in *since* came.

        Args:
            since: Times at which keys were pressed, in order; what came before the first has been looked at.

        Returns:
            For each the time of the output after which the trees changed no more, or ``None`` if they did not change.
        """
        settled: list[float | None] = []
        before = self._trees()
        for begin, end in zip(since, [*since[1:], float("inf")], strict=True):
            looks = []
            while self._seen < len(self._chunks) and self._chunks[self._seen][0] < end:
                at, data = self._chunks[self._seen]
                self._seen += 1
                self.emulator.feed(self._decode(data))
                looks.append((at, self._trees()))
            after = looks[-1][1] if looks else before
            # The last look that differed from the final one decides: the one after it settled things.
            unsettled = max((number for number, (_, trees) in enumerate(looks) if trees != after), default=-1)
            settled.append(None if after == before else looks[unsettled + 1][0])
            assert all(at >= begin for at, _ in looks), "output from before the key"
            before = after
        return settled

    def _trees(self) -> list[list[Cell]]:
        """The part of the screen that shows trees and nothing else, colours included."""
        return [row[self.watched] for row in self.screen.picture()[1:-1]]

    def text_now(self) -> str:
        """The screen's text, with everything that has been written so far."""
        self.moments()
        return "\n".join(row.rstrip() for row in self.screen.rows())

    def settle(self, seconds: float) -> None:
        """Wait until something has been written, and then until nothing is for *seconds*."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._chunks) or self._closed, 30)
        self.wait_quiet(seconds, timeout=60)

    def press_and_wait(self, key: str, seconds: float) -> float:
        """Press *key*, wait for something to be written (a second at most), and until nothing is for *seconds*.

        Returns:
            When the key was pressed.
        """
        with self._changed:
            seen = len(self._chunks)
        pressed = time.perf_counter()
        self.press(key)
        with self._changed:
            self._changed.wait_for(lambda: len(self._chunks) > seen or self._closed, 1)
        self.wait_quiet(seconds)
        return pressed

    @property
    def pid(self) -> int:
        """The command's process ID."""
        return self.process.pid
