"""Signals caught for a while on behalf of a loop that waits with select."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self


class CaughtSignals:
    """Signals as bytes in a pipe that select can wait for, in place of whatever caught them before."""

    def __init__(self) -> None:
        self.leaving = 0
        """The first signal that asked this process to end; 0 while none did."""

    def __enter__(self) -> Self:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        try:
            # Python writes the number of every signal it catches into this pipe, so none is missed between a
            # look and the select that follows it. Raises ValueError outside the main thread.
            self._former_wakeup = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        except ValueError:
            self._close_pipe()
            raise
        self._former = {number: signal.getsignal(number) for number in self._caught()}
        for number in self._former:
            signal.signal(number, signal.SIG_IGN if number == signal.SIGTSTP else _catch)
        return self

    def _caught(self) -> list[signal.Signals]:
        leaving = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]
        # What is ignored (SIGHUP under nohup) stays so. A stop from the keyboard can't come in raw mode, and one
        # from elsewhere would leave the terminal raw: it is ignored.
        heeded = [number for number in leaving if signal.getsignal(number) is not signal.SIG_IGN]
        return [*heeded, signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        signal.set_wakeup_fd(self._former_wakeup)
        self.take()
        self._close_pipe()

    def fileno(self) -> int:
        """Readable when a signal has been caught."""
        return self._reader

    def take(self) -> set[int]:
        """The signals caught since the last call. Those that others wait for are passed on to them."""
        caught: set[int] = set()
        with suppress(BlockingIOError):
            while numbers := os.read(self._reader, 4096):
                caught.update(numbers)
        for number in caught & {signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT}:
            self.leaving = self.leaving or number
        others = bytes(caught.difference(self._former))
        if others and self._former_wakeup >= 0:
            with suppress(OSError):
                os.write(self._former_wakeup, others)
        return caught

    def _close_pipe(self) -> None:
        os.close(self._reader)
        os.close(self._writer)


def _catch(_number: int, _frame: FrameType | None) -> None:
    """Nothing to do: that it came is in the pipe already."""
