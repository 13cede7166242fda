"""Compressed runs of bytes: told by how they begin, and unpacked piece by piece.

No piece is longer than a fixed size, however well it was packed: an archive made to fill the memory does not.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from tui.contents.errors import BrokenArchiveError, ContentsError

SNIFF_BYTES = 4
"""So many bytes tell the compression."""
_PIECE_BYTES = 1 << 18
_SLICE_BYTES = 1 << 16
_GZIP_WINDOW = 31
"""``wbits`` of zlib for a gzip member with its head, length and checksum."""


class Compression(StrEnum):
    """How bytes are packed."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"


def sniff(head: bytes) -> Compression:
    """How bytes are packed that begin so.

    Sources: RFC 1952, 2.3.1 (gzip); RFC 8878, 3.1.1 and 3.1.2 (zstd; the second are its skippable frames).
    """
    if head.startswith(b"\x1f\x8b"):
        return Compression.GZIP
    if head.startswith(b"\x28\xb5\x2f\xfd") or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        return Compression.ZSTD
    return Compression.PLAIN


def unpacked(compression: Compression, chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The unpacked bytes of ``chunks``, to their very end; ``name`` begins the sentence of an error.

    Several gzip members or zstd frames one after the other are one run. Zeros may follow the last one.

    Raises:
        BrokenArchiveError: they are cut short or damaged, or something else follows them.
    """
    if compression is Compression.GZIP:
        return _Run(lambda: zlib.decompressobj(_GZIP_WINDOW), _inflated, zlib.error, name).over(chunks)
    if compression is Compression.ZSTD:
        decompressor, error = _zstd()
        return _Run(decompressor, _decompressed, error, name).over(chunks)
    return chunks


Unpack = Callable[[Any, bytes], Iterator[bytes]]
"""Puts bytes into one member's decompressor and takes out what comes."""


class _Run:
    """Members (or frames) one after the other."""

    def __init__(self, start: Callable[[], Any], unpack: Unpack, failure: type[Exception], name: str) -> None:
        self._start = start
        self._unpack = unpack
        self._failure = failure
        self._name = name
        self._member: Any = None
        self._ended = False
        """True once a member has come to its end: after that there need not be any more."""

    def over(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The unpacked bytes of all members."""
        for data in _slices(chunks):
            yield from self._feed(data)
        if self._member is not None or not self._ended:
            raise BrokenArchiveError(f"{self._name} is cut short.", "Make or download it again.")

    def _feed(self, data: bytes) -> Iterator[bytes]:
        rest = data
        while rest:
            if self._member is None:
                rest = rest.lstrip(b"\0") if self._ended else rest
                if not rest:
                    return
                self._member = self._start()
            try:
                yield from self._unpack(self._member, rest)
            except self._failure as error:
                behind = ", or has something behind its end that does not belong there" if self._ended else ""
                raise BrokenArchiveError(f"{self._name} is damaged{behind}.", "Make or download it again.") from error
            if not self._member.eof:
                return
            rest, self._member, self._ended = self._member.unused_data, None, True


def _slices(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks in small parts: what a member leaves over is copied, and an archive may be made of tiny members."""
    for chunk in chunks:
        for at in range(0, len(chunk), _SLICE_BYTES):
            yield chunk[at : at + _SLICE_BYTES]


def _inflated(member: Any, data: bytes) -> Iterator[bytes]:
    while data and not member.eof:
        if piece := member.decompress(data, _PIECE_BYTES):
            yield piece
        data = member.unconsumed_tail


def _decompressed(member: Any, data: bytes) -> Iterator[bytes]:
    while True:
        if piece := member.decompress(data, _PIECE_BYTES):
            yield piece
        if member.eof or member.needs_input:
            return
        data = b""


def _zstd() -> tuple[Callable[[], Any], type[Exception]]:
    """The decompressor of zstd and what it raises: Python's own from 3.14 on, the same as a package before."""
    try:
        try:
            from compression import zstd  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415 - few need it
        except ImportError:
            from backports import zstd  # noqa: PLC0415 - few need it
    except ImportError as error:
        raise ContentsError(
            "This Python can't unpack zstd.", "Install backports.zstd beside orlop, with: pip install backports.zstd"
        ) from error
    return zstd.ZstdDecompressor, zstd.ZstdError
