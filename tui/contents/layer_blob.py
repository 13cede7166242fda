"""A layer's files as one run of bytes for the cache, and back: its columns one after the other, checked as a whole.

A blob is a head (magic, version, digest) and a body, packed by zlib at its fastest: of 50,000 entries 0.5 MB are
left of 4.5, and both ways together cost less than reading the bytes from a slow disk. The digest covers the diff ID
and the packed body, so a damaged blob, or one that belongs to another layer, is found out before it is unpacked.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from array import array
from collections.abc import Sequence

from tui.model.layer_files import LayerFiles

_MAGIC = b"orlop layer files\n"
VERSION = 1
"""Goes up whenever the body's shape or the meaning of what is in it changes; older blobs are then of no use."""

_DIGEST_BYTES = 16
_HEAD = struct.Struct(f"<{len(_MAGIC)}sH{_DIGEST_BYTES}s")
_COUNTS = struct.Struct("<IIIII")
"""How many entries, links, devices, whiteouts and opaque folders there are."""
_TEXT = struct.Struct("<IQ")
"""The code point that stands between the pieces of a text, and the text's bytes."""

_UNPACKED_LIMIT_BYTES = 1 << 30
"""A body that unpacks to more than this is no layer of ours (ten million entries take less)."""


class DamagedBlobError(Exception):
    """These bytes are no blob of that layer, or not of this version."""


def encode(diff_id: str, files: LayerFiles) -> bytes:
    """The blob of a layer."""
    links, devices = files.links, files.devices
    body = b"".join((
        _COUNTS.pack(len(files), len(links), len(devices), len(files.whiteouts), len(files.opaques)),
        _texts(files.paths),
        _texts(tuple(links.values())),
        _texts(files.whiteouts),
        _texts(files.opaques),
        files.kinds,
        *map(_numbers, (files.sizes, files.modes, files.uids, files.gids, files.modified)),
        _numbers(array("q", links)),
        _numbers(array("q", devices)),
        _numbers(array("q", (number for device in devices.values() for number in device))),
    ))  # fmt: skip
    packed = zlib.compress(body, 1)
    return _HEAD.pack(_MAGIC, VERSION, _digest(diff_id, packed)) + packed


def decode(diff_id: str, blob: bytes) -> LayerFiles:
    """The layer of a blob.

    Raises:
        DamagedBlobError: it is cut short, altered, of another version, another layer's, or something else.
    """
    if len(blob) < _HEAD.size:
        raise DamagedBlobError("cut short")
    magic, version, digest = _HEAD.unpack_from(blob)
    packed = memoryview(blob)[_HEAD.size :]
    if (magic, version) != (_MAGIC, VERSION) or digest != _digest(diff_id, packed):
        raise DamagedBlobError("not a blob of that layer, or not of this version")
    try:
        unpacker = zlib.decompressobj()
        body = _Body(unpacker.decompress(packed, _UNPACKED_LIMIT_BYTES))
        if not unpacker.eof or unpacker.unused_data:
            raise DamagedBlobError("not one whole body")
        return _layer(body)
    except (zlib.error, struct.error, ValueError, OverflowError) as error:  # UnicodeDecodeError is a ValueError
        raise DamagedBlobError(str(error)) from error


def _layer(body: _Body) -> LayerFiles:
    entries, links, devices, whiteouts, opaques = _COUNTS.unpack(body.take(_COUNTS.size))
    paths = body.texts(entries)
    targets = body.texts(links)
    hidden = body.texts(whiteouts)
    opaque = body.texts(opaques)
    kinds = body.take(entries)
    sizes, modes = body.numbers("q", entries), body.numbers("H", entries)
    uids, gids, modified = (body.numbers("q", entries) for _ in range(3))
    link_of = dict(zip(body.numbers("q", links), targets, strict=True))
    numbered = body.numbers("q", devices)
    both = body.numbers("q", 2 * devices)
    device_of = dict(zip(numbered, zip(both[::2], both[1::2], strict=True), strict=True))
    body.end()
    return LayerFiles(paths, kinds, sizes, modes, uids, gids, modified, link_of, device_of, hidden, opaque)


def _digest(diff_id: str, packed: bytes | memoryview) -> bytes:
    digest = hashlib.blake2b(diff_id.encode("ascii") + b"\0", digest_size=_DIGEST_BYTES)
    digest.update(packed)
    return digest.digest()


def _texts(texts: Sequence[str]) -> bytes:
    """Texts, joined by a character that none of them has.

    That is NUL, but for a pax header, which may hold it. ``surrogatepass`` writes down any text there
    is: with ``surrogateescape`` two escaped bytes in a row may come back as the letter they spell.
    """
    text = "\0".join(texts)
    separator = 0
    if text.count("\0") != max(0, len(texts) - 1):
        taken = set("").union(*texts)
        separator = next(code for code in range(sys.maxunicode) if chr(code) not in taken)
        text = chr(separator).join(texts)
    encoded = text.encode("utf-8", "surrogatepass")
    return _TEXT.pack(separator, len(encoded)) + encoded


def _numbers(numbers: array[int]) -> bytes:
    """Numbers as they lie in a little-endian machine."""
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


class _Body:
    """A body, read from its beginning to its end. Raises ValueError where it is not what it should be."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise ValueError("the body is too short")
        self._at += count
        return piece

    def texts(self, count: int) -> tuple[str, ...]:
        """As many texts as were written."""
        separator, length = _TEXT.unpack(self.take(_TEXT.size))
        text = self.take(length).decode("utf-8", "surrogatepass")
        if not count:
            return ()
        texts = tuple(text.split(chr(separator)))
        if len(texts) != count:
            raise ValueError("the body has another number of names")
        return texts

    def numbers(self, code: str, count: int) -> array[int]:
        """As many numbers of one size."""
        numbers = array(code)
        numbers.frombytes(self.take(count * numbers.itemsize))
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def end(self) -> None:
        """Nothing may be left."""
        if self._at != len(self._data):
            raise ValueError("the body is too long")
