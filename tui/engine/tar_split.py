"""An engine's record of a layer's tar: every byte of it but the files' bodies, which lie unpacked beside it.

From both together the engine makes the very same tar again when an image is saved. The record alone tells all that a
tar's headers tell, and is read in a fraction of a second however large the layer is.
Source: https://github.com/vbatts/tar-split (``tar/storage/entry.go``): lines of JSON, compressed with gzip.
"""

from __future__ import annotations

import binascii
import json
import zlib
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import BinaryIO

from tui.contents.errors import BrokenArchiveError

_SEGMENT = b'{"type":2,"payload":"'
"""How the line of a piece of the tar begins, in base64."""
_BODY, _SIZE = b'{"type":1,', b'"size":'
"""How the line of a file's body begins, and what comes before its size if it isn't 0."""
_PACKED = 1 << 14
"""Unpacked it may be thirty times as much, and stands in memory as one run and as lines."""
_PIECE = 1 << 18
_ZEROS = bytes(1 << 16)
_GZIP = 16 + zlib.MAX_WBITS


def recorded_tar(path: Path) -> Iterator[bytes]:
    """The tar whose record is at ``path``, in pieces of any size, its files holding nothing but zeros.

    Raises:
        BrokenArchiveError: the record can't be read, or is damaged.
    """
    try:
        with path.open("rb") as record:
            yield from _pieces(record)
    except (OSError, zlib.error, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BrokenArchiveError(f"{path} can't be read: {error}.") from error


def _pieces(record: BinaryIO) -> Iterator[bytes]:
    """Small bodies are filled in, and of large ones the most is the same zeros again and again: hardly any copying."""
    parts: list[bytes] = []
    held = 0
    for line in _lines(record):
        if line.startswith(_SEGMENT):
            end = line.index(b'"', len(_SEGMENT))
            part, body = binascii.a2b_base64(line[len(_SEGMENT) : end], strict_mode=True), 0
        elif line.startswith(_BODY):
            # Inside of a name a quotation mark has a backslash before it.
            at = line.find(_SIZE)
            part, body = b"", int(line[at + len(_SIZE) : line.index(b",", at)]) if at > 0 else 0
        else:
            part, body = _other(line)
        if body >= len(_ZEROS):
            yield b"".join(parts)
            parts, held = [], 0
            yield from repeat(_ZEROS, body // len(_ZEROS))
            body %= len(_ZEROS)
        parts += (part, _ZEROS[:body]) if body else (part,)
        held += len(part) + body
        if held >= _PIECE:
            yield b"".join(parts)
            parts, held = [], 0
    yield b"".join(parts)


def _other(line: bytes) -> tuple[bytes, int]:
    """A line whose fields stand in another order: its bytes of the tar, or the size of a body."""
    entry = json.loads(line)
    if entry["type"] == 2:
        return binascii.a2b_base64(entry.get("payload") or "", strict_mode=True), 0
    if entry["type"] != 1:
        raise ValueError("a line of it can't be understood")
    return b"", int(entry.get("size", 0))


def _lines(record: BinaryIO) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(_GZIP)
    rest = b""
    while packed := record.read(_PACKED):
        *lines, rest = (rest + unpacking.decompress(packed)).split(b"\n")
        yield from lines
    if not unpacking.eof or rest.strip():
        raise ValueError("it ends too soon")
