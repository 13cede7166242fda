"""Pax headers that are made to fill the memory: only what is asked for of them is kept."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from tests.contents.made_tars import END, entry, pax, record
from tui.contents.byte_source import ChunkSource
from tui.contents.tar_walk import read_layer
from tui.contents.watch import Watch

VALUE = bytes([ord("x")]) * 900_000


def hostile(flag: bytes) -> Iterator[bytes]:
    """Fifty megabytes of headers, each with other keys; then one file with a name that counts."""
    for number in range(60):
        yield pax(record(b"VENDOR.%d" % number, VALUE), flag)
    yield pax(record(b"path", b"named"))
    yield entry("file").tobuf()
    yield END


@pytest.mark.parametrize("flag", [b"g", b"x"])
def test_records_that_nobody_asks_for_are_not_kept(flag: bytes) -> None:
    tracemalloc.start()
    try:
        layer = read_layer(ChunkSource(hostile(flag), "The layer", Watch()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert layer.paths == ("named",)
    assert peak < 12_000_000
