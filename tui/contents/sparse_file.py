"""Files that a tar holds without their holes: where their pieces go, and the whole file back.

Source: the GNU tar manual, "Storing Sparse Files": the old GNU format, and the pax formats 0.0, 0.1 and 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tui.contents.byte_source import ByteSource
from tui.contents.tar_header import BLOCK, EXTENDED_LIMIT_BYTES, FieldError, Header, number, whole_number

Piece = tuple[int, int]
"""Where in the file some bytes go, and how many they are."""

_HOLE = bytes(1 << 16)
_IN_HEADER = (386, 4)
_IN_EXTENSION = (0, 21)
_LONGEST_NUMBER = 20
_MALFORMED = "has a sparse file whose map makes no sense"


def old_gnu(block: bytes, extensions: Sequence[bytes]) -> tuple[int, tuple[Piece, ...]]:
    """The size and the pieces of a file of type ``S``, from its header and the blocks that follow it.

    Raises:
        FieldError: they make no sense.
    """
    size = number(block[483:495])
    if size < 0:
        raise FieldError("has a size below zero")
    pieces: list[Piece] = []
    for part, (begin, count) in ((block, _IN_HEADER), *((extension, _IN_EXTENSION) for extension in extensions)):
        for at in range(begin, begin + 24 * count, 24):
            if not part[at]:
                break
            pieces.append((number(part[at : at + 12]), number(part[at + 12 : at + 24])))
    return size, tuple(pieces)


def goes_on(block: bytes, *, extension: bool) -> bool:
    """Whether another block with pieces follows this header (or this extension of one)."""
    return block[504 if extension else 482] != 0


def of_pax(header: Header, pax: Mapping[bytes, bytes]) -> tuple[Header, tuple[Piece, ...] | None] | None:
    """The header as the pax records for sparse files have it, and the pieces; ``None`` when it is no sparse file.

    In format 1.0 the pieces stand in front of the body, and ``None`` in their place here: see :func:`map_in_body`.

    Raises:
        FieldError: the records make no sense.
    """
    in_body = (pax.get(b"GNU.sparse.major"), pax.get(b"GNU.sparse.minor")) == (b"1", b"0")
    if not in_body and b"GNU.sparse.map" not in pax:
        return None
    if name := pax.get(b"GNU.sparse.name"):
        if b"\0" in name:
            raise FieldError("has a name with a zero byte in it")
        header = header._replace(name=name)
    size = whole_number(pax.get(b"GNU.sparse.realsize") or pax.get(b"GNU.sparse.size") or b"")
    if size < 0:
        raise FieldError("has a size below zero")
    header = header._replace(size_bytes=size)
    return header, None if in_body else _pairs(pax[b"GNU.sparse.map"].split(b",") if pax[b"GNU.sparse.map"] else [])


def merged_map(records: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """The repeated keys of format 0.0 as the map of format 0.1 has them; ``None`` when there are none."""
    numbers = [value for key, value in records if key in {b"GNU.sparse.offset", b"GNU.sparse.numbytes"}]
    return b",".join(numbers) if numbers else None


def map_in_body(source: ByteSource, body_bytes: int) -> tuple[tuple[Piece, ...], int]:
    """The pieces of a sparse file of format 1.0, and how many bytes of the body follow them.

    Raises:
        BrokenArchiveError: the body ends too early.
        FieldError: the map makes no sense.
    """
    held = b""
    taken = 0
    wanted: int | None = None
    while wanted is None or held.count(b"\n") <= wanted:
        if taken + BLOCK > min(body_bytes, EXTENDED_LIMIT_BYTES):
            raise FieldError(_MALFORMED)
        held += b"".join(source.pieces(BLOCK))
        taken += BLOCK
        if wanted is None and b"\n" in held:
            first = held[: held.index(b"\n")]
            if not first.isdigit() or len(first) > _LONGEST_NUMBER:
                raise FieldError(_MALFORMED)
            wanted = 2 * int(first)
        elif wanted is None:
            raise FieldError(_MALFORMED)
    return _pairs(held.split(b"\n")[1 : wanted + 1]), body_bytes - taken


def _pairs(numbers: Sequence[bytes]) -> tuple[Piece, ...]:
    values = [whole_number(value) for value in numbers]
    if len(values) % 2:
        raise FieldError(_MALFORMED)
    return tuple(zip(values[::2], values[1::2], strict=True))


def whole_file(source: ByteSource, pieces: Sequence[Piece], size_bytes: int, body_bytes: int) -> Iterator[bytes]:
    """The file with its holes, from the pieces in the source.

    Raises:
        BrokenArchiveError: they end too early.
        FieldError: the pieces do not fit into the file, or are not those in the archive.
    """
    end = 0
    for offset, count in pieces:
        if offset < end or count < 0:
            raise FieldError(_MALFORMED)
        end = offset + count
    if end > size_bytes or sum(count for _, count in pieces) != body_bytes:
        raise FieldError(_MALFORMED)
    at = 0
    for offset, count in pieces:
        yield from _hole(offset - at)
        yield from source.pieces(count)
        at = offset + count
    yield from _hole(size_bytes - at)


def _hole(count: int) -> Iterator[bytes]:
    while count > 0:
        yield _HOLE[:count]
        count -= len(_HOLE)
