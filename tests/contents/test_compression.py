"""Compressed blobs come out whole and in small pieces, or it is said what is wrong with them."""

from __future__ import annotations

import contextlib
import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tui.contents.compression import Compression, sniff, unpacked
from tui.contents.errors import BrokenArchiveError

PACKERS: dict[Compression, Callable[[bytes], bytes]] = {
    Compression.GZIP: gzip.compress,
    Compression.ZSTD: zstd.compress,
}
SKIPPABLE = b"\x53\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"notes"
"""What estargz and zstd:chunked keep their table of contents in."""


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def unpack(packed: bytes, size: int = 1 << 16) -> bytes:
    return b"".join(unpacked(sniff(packed), chunks(packed, size), "The layer"))


@pytest.mark.parametrize("compression", PACKERS)
@settings(max_examples=examples(60), deadline=None)
@given(parts=st.lists(st.binary(max_size=3000), min_size=1, max_size=4), size=st.sampled_from([1, 7, 100, 1 << 16]))
def test_members_one_after_the_other(compression: Compression, parts: list[bytes], size: int) -> None:
    packed = b"".join(map(PACKERS[compression], parts))
    assert sniff(packed) is compression
    assert unpack(packed, size) == b"".join(parts)
    assert unpack(packed + bytes(700), size) == b"".join(parts)


@pytest.mark.parametrize("packed", [zstd.compress(b"abc") + SKIPPABLE, SKIPPABLE + zstd.compress(b"abc")])
def test_skippable_frames(packed: bytes) -> None:
    assert sniff(packed) is Compression.ZSTD
    assert unpack(packed) == unpack(packed, 1) == b"abc"


def test_plain() -> None:
    assert sniff(b"") is sniff(b"\x1f") is sniff(b"usr/") is Compression.PLAIN
    assert unpack(b"whatever") == b"whatever"


@pytest.mark.parametrize("compression", PACKERS)
def test_cut_at_every_byte(compression: Compression) -> None:
    packed = PACKERS[compression](random.Random(1).randbytes(300))
    for cut in range(4, len(packed)):
        with pytest.raises(BrokenArchiveError, match=r"^The layer is cut short\."):
            unpack(packed[:cut], 10)


@pytest.mark.parametrize("compression", PACKERS)
@pytest.mark.parametrize("garbage", [b"garbage behind it", b"\0\0\0\1", b"\x1f\x8b\x00 no member"])
def test_something_behind_the_end(compression: Compression, garbage: bytes) -> None:
    with pytest.raises(BrokenArchiveError, match=r"does not belong there|is cut short"):
        unpack(PACKERS[compression](b"abc") + garbage)


@settings(max_examples=examples(200), deadline=None)
@given(st.sampled_from(list(PACKERS)), st.integers(0, 10_000), st.integers(1, 255))
def test_damage(compression: Compression, place: int, change: int) -> None:
    """gzip has a checksum; zstd's is optional, and then only what makes no sense can be told."""
    data = random.Random(2).randbytes(100) * 20
    packed = bytearray(PACKERS[compression](data))
    packed[4 + place % (len(packed) - 4)] ^= change
    found = None
    with contextlib.suppress(BrokenArchiveError):
        found = b"".join(unpacked(compression, chunks(bytes(packed), 100), "The layer"))
    assert found in {None, data} or compression is Compression.ZSTD


@pytest.mark.parametrize("compression", PACKERS)
def test_a_bomb_does_not_fill_the_memory(compression: Compression) -> None:
    packed = PACKERS[compression](bytes(200 << 20))
    tracemalloc.start()
    try:
        assert sum(len(piece) for piece in unpacked(compression, iter([packed]), "The layer")) == 200 << 20
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_thousands_of_tiny_members() -> None:
    """Each leaves the rest over, which is copied: that must not take hours."""
    assert unpack(gzip.compress(b"x") * 50_000, 1 << 20) == b"x" * 50_000


def test_no_error_of_others_leaves() -> None:
    with pytest.raises(BrokenArchiveError) as caught:
        unpack(b"\x1f\x8b" + b"\xff" * 50)
    assert isinstance(caught.value.__cause__, zlib.error)
