"""Whether a tar has come to its end, told from the bytes that went by."""

from __future__ import annotations

_BLOCK = 512
_END_BYTES = 2 * _BLOCK
"""A tar ends with two blocks of zeros. Source: POSIX.1-2017, pax, "ustar Interchange Format"."""


class TarEnd:
    """Watches the pieces of one tar go by. An engine that fails in the middle of one just stops sending."""

    def __init__(self) -> None:
        self.done_bytes = 0
        self._entries_end = 0
        self._last = b""

    def note(self, piece: bytes) -> None:
        """Take note of the next piece."""
        self.done_bytes += len(piece)
        self._last = (self._last + piece[-_END_BYTES:])[-_END_BYTES:]

    def note_entry(self, body_at: int, body_bytes: int) -> None:
        """Take note of an entry: where its body begins, and how long that is in the archive."""
        self._entries_end = body_at + body_bytes + -body_bytes % _BLOCK

    @property
    def reached(self) -> bool:
        """True when two blocks of zeros stand behind the last entry: not just zeros, which may be its body's."""
        behind = self.done_bytes - self._entries_end
        return behind >= _END_BYTES and behind % _BLOCK == 0 and not any(self._last)
