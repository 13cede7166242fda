"""Where a walk over a tar gets its bytes from: a run of chunks that can't go back, or a part of an open file.

Both keep a ``buffer`` and a place ``at`` in it, which the walk moves by itself: a call for every header would cost
more than reading the header. ``at`` may be moved past the end of the buffer: so a body is passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Protocol

from tui.contents.errors import BrokenArchiveError
from tui.contents.watch import Watch

_PIECE_BYTES = 1 << 18
"""A body that is wanted is handed over in pieces of this size, at most."""
_SMALL_WINDOW = 1 << 12
_LARGE_WINDOW = 1 << 16


class ByteSource(Protocol):
    """Bytes in the order they come."""

    name: str
    """What these bytes are, to begin a sentence with: ``The layer x/layer.tar in image.tar``."""
    watch: Watch
    buffer: bytes
    at: int

    @property
    def place(self) -> int:
        """How many bytes lie before the next one."""
        ...

    def ensure(self, count: int) -> bool:
        """Move on until ``count`` bytes (a few kB at most) lie in the buffer from ``at`` on; False if they never come.

        Then ``len(buffer) - at`` of them came; that is less than 0 when what was to be passed over did not come either.
        """
        ...

    def pieces(self, count: int) -> Iterator[bytes]:
        """The next ``count`` bytes, to be taken to the end.

        Raises:
            BrokenArchiveError: they end sooner.
        """
        ...


def cut_short(source: ByteSource) -> BrokenArchiveError:
    """The error for a source that ends too early."""
    return BrokenArchiveError(f"{source.name} is cut short.", "Make or download it again.")


def take(source: ByteSource, count: int) -> bytes:
    """The next ``count`` bytes at once. How many that may be is for the caller to bound."""
    return b"".join(source.pieces(count))


class ChunkSource:
    """Bytes that come in chunks, once. What is passed over is neither copied nor kept."""

    def __init__(self, chunks: Iterable[bytes], name: str, watch: Watch) -> None:
        self.name = name
        self.watch = watch
        self.buffer = b""
        self.at = 0
        self._base = 0
        self._chunks = iter(chunks)

    @property
    def place(self) -> int:
        """See :class:`ByteSource`."""
        return self._base + self.at

    def ensure(self, count: int) -> bool:
        """See :class:`ByteSource`."""
        buffer, at = self.buffer, self.at
        while len(buffer) - at < count:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self.watch.look()
            if at >= len(buffer):
                self._base += len(buffer)
                at -= len(buffer)
                buffer = chunk
            else:
                self._base += at
                buffer = buffer[at:] + chunk
                at = 0
            # Kept in step: whoever stops the chunks by an error may still look where they were.
            self.buffer, self.at = buffer, at
        return True

    def pieces(self, count: int) -> Iterator[bytes]:
        """See :class:`ByteSource`."""
        while count > 0:
            if not self.ensure(1):
                raise cut_short(self)
            buffer, at = self.buffer, self.at
            piece = buffer if at == 0 and len(buffer) <= count else buffer[at : at + count]
            # Moved on before the piece is handed out: whoever takes no more leaves the place where it is.
            self.at = at + len(piece)
            count -= len(piece)
            yield piece

    def rest(self) -> Iterator[bytes]:
        """Whatever still comes."""
        while self.ensure(1):
            piece = self.buffer[self.at :]
            self.at += len(piece)
            yield piece


class FileSource:
    """A part of an open file. Only what is looked at is read, by ``pread``: a mapped file would count as our memory.

    Args:
        descriptor: the open file; it stays the caller's.
        begin: where the part begins.
        end: where it ends; a file that ends before is cut short.
    """

    def __init__(self, descriptor: int, begin: int, end: int, name: str, watch: Watch) -> None:
        self.name = name
        self.watch = watch
        self.buffer = b""
        self.at = 0
        self._descriptor = descriptor
        self._base = begin
        self._end = end
        self._window = _SMALL_WINDOW

    @property
    def place(self) -> int:
        """Where in the whole file the next byte lies."""
        return self._base + self.at

    def ensure(self, count: int) -> bool:
        """See :class:`ByteSource`."""
        at, held = self.at, len(self.buffer)
        if held - at >= count:
            return True
        # Small files lie side by side, and one look finds many headers. Behind a large one it is best to take little.
        self._window = min(self._window * 2, _LARGE_WINDOW) if at <= held else _SMALL_WINDOW
        place = self._base + at
        self._base = place
        self.watch.done_bytes = place
        if place >= self._end:
            self.buffer, self.at, self._base = b"", place - self._end, self._end
            return False
        self.buffer = self._read(min(max(self._window, count), self._end - place), place)
        self.at = 0
        if not self.buffer:  # somebody has made the file shorter meanwhile
            raise cut_short(self)
        return len(self.buffer) >= count

    def pieces(self, count: int) -> Iterator[bytes]:
        """See :class:`ByteSource`."""
        place = self.place
        self.buffer, self.at, self._base = b"", 0, place + count
        while count > 0:
            piece = self._read(min(_PIECE_BYTES, count, max(0, self._end - place)), place)
            if not piece:
                raise cut_short(self)
            self.watch.done_bytes = place
            self.watch.look()
            place += len(piece)
            count -= len(piece)
            yield piece

    def _read(self, count: int, place: int) -> bytes:
        try:
            return os.pread(self._descriptor, count, place) if count > 0 else b""
        except OSError as error:
            raise BrokenArchiveError(f"{self.name} can't be read: {error.strerror}.", "Look at the disk.") from error
