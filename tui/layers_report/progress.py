"""One line on stderr that says how far a reading has come, where somebody is there to see it."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from types import TracebackType

from tui.model.storage import Phase, Reading
from tui.present import figures

_EVERY_SECONDS = 0.2
_ERASE_LINE = "\r\x1b[K"


class ProgressLine:
    """While it is entered, the latest reading it was told of stands on stderr, with the time it takes.

    Says nothing where stderr is no terminal, or one that can't erase a line. Written by a thread of its own: while an
    engine puts an image together nothing is told for many seconds, and the clock goes on.
    """

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._latest: Reading | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_writing, name="orlop-progress", daemon=True)

    def __call__(self, reading: Reading) -> None:
        """Take the latest; in any thread."""
        self._latest = reading

    def __enter__(self) -> ProgressLine:
        if self._shown:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._shown:
            self._thread.join()

    def _keep_writing(self) -> None:
        began = time.monotonic()
        written = False
        with contextlib.suppress(OSError, ValueError):  # The terminal may be gone: nobody is there to see it.
            while not self._ended.wait(_EVERY_SECONDS):
                sys.stderr.write(f"{_ERASE_LINE}{reading_words(self._latest, time.monotonic() - began)}")
                sys.stderr.flush()
                written = True
            if written:
                sys.stderr.write(_ERASE_LINE)
                sys.stderr.flush()


def reading_words(reading: Reading | None, seconds: float) -> str:
    """``reading layers … 120.4 MB of 600.1 MB, 12,345 entries, 3 s``."""
    took = f"{seconds:.0f} s"
    if reading is None:
        return f"asking … {took}"
    if reading.phase is Phase.WAITING:
        return f"the engine puts the image together, and tells nothing meanwhile … {took}"
    if reading.phase is Phase.UNWRITTEN:
        return f"it is a pipe, and nobody writes into it yet … {took}"
    total = f" of {figures.size(reading.total_bytes)}" if reading.total_bytes else ""
    entries = figures.count(reading.entries, "entry", "entries")
    return f"reading layers … {figures.size(reading.done_bytes)}{total}, {entries}, {took}"
