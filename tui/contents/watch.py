"""How far a reading has come, told a few times a second, and whether anybody still wants it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from tui.contents.entry_limit import most_entries, too_many
from tui.contents.errors import StoppedError
from tui.contents.reading import OnReading
from tui.model.storage import Phase, Reading

Stop = Callable[[], bool]
"""True once nobody wants the answer any more; asked in the thread that reads."""

_TELL_EVERY = 0.1
"""Seconds between two words on how far a reading has come."""


class Watch:
    """One reading under way.

    Args:
        on_reading: told how far it has come.
        stop: asked whether to go on.
        total_bytes: what there is to read, if that is known.
        limit: how many entries may be kept of it; by default as many as fit into this machine.
    """

    def __init__(
        self,
        on_reading: OnReading | None = None,
        stop: Stop | None = None,
        total_bytes: int | None = None,
        *,
        limit: int | None = None,
    ) -> None:
        self.done_bytes = 0
        self.entries = 0
        self._limit = most_entries() if limit is None else limit
        self._kept = 0
        self._on_reading = on_reading
        self._stop = stop
        self._total_bytes = total_bytes
        self._told = 0.0

    def look(self) -> None:
        """To be called about every millisecond of work.

        Raises:
            StoppedError: nobody wants the answer any more.
        """
        if self._stop is not None and self._stop():
            raise StoppedError("Reading was stopped.")
        if self._on_reading is not None:
            now = time.monotonic()
            if now - self._told >= _TELL_EVERY:
                self._told = now
                self._tell(self._on_reading)

    def keep(self, entries: int, what: str, more: int = 0) -> None:
        """Count entries that are kept in memory.

        Args:
            entries: how many there are more.
            what: what they were read from, to begin a sentence with.
            more: as how many more they count, because of long names.

        Raises:
            TooManyEntriesError: all that was kept, of every layer of this reading, is too much.
        """
        self.entries += entries
        self._kept += entries + more
        if self._kept > self._limit:
            raise too_many(what, self._limit)

    def finish(self) -> None:
        """Say how far it came in the end."""
        if self._on_reading is not None:
            self._tell(self._on_reading)

    def _tell(self, on_reading: OnReading) -> None:
        on_reading(Reading(Phase.READING, self.done_bytes, self._total_bytes, self.entries))

    def over(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks, counted."""
        self.look()
        for chunk in chunks:
            self.done_bytes += len(chunk)
            self.look()
            yield chunk
