"""A layer as one run of bytes: it comes back as it was, or not at all."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contents.made_layers import diff_id, layers, plain_layer
from tests.examples import examples
from tui.contents import layer_blob
from tui.contents.layer_blob import DamagedBlobError, decode, encode
from tui.model.layer_files import LayerFiles

ONE, TWO = diff_id("one"), diff_id("two")


@settings(deadline=None)
@given(layers())
def test_any_layer_comes_back_as_it_was(files: LayerFiles) -> None:
    back = decode(ONE, encode(ONE, files))
    assert back == files
    assert list(back) == list(files)
    assert [type(column) for column in (back.kinds, back.sizes, back.modes)] == [bytes, array, array]


def test_names_that_hold_the_separator_come_back() -> None:
    every = "".join(map(chr, range(300)))
    files = plain_layer("a\0b", "\0", every, "c\x01d")
    assert decode(ONE, encode(ONE, files)) == files


def test_two_bytes_that_are_not_utf8_by_themselves_stay_two() -> None:
    # As surrogate escapes these two spell an é, which is another file.
    files = plain_layer("\udcc3\udca9", "é")
    assert decode(ONE, encode(ONE, files)).paths == ("é", "\udcc3\udca9")


@settings(deadline=None, max_examples=examples(60))
@given(layers(), st.data())
def test_no_flipped_bit_goes_unnoticed(files: LayerFiles, data: st.DataObject) -> None:
    blob = bytearray(encode(ONE, files))
    for _ in range(data.draw(st.integers(1, 3))):
        blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    if bytes(blob) != encode(ONE, files):
        with pytest.raises(DamagedBlobError):
            decode(ONE, bytes(blob))


def test_every_single_bit_of_a_blob_counts() -> None:
    blob = encode(ONE, plain_layer("a", "b/c", hides=("d",)))
    for at in range(len(blob) * 8):
        damaged = bytearray(blob)
        damaged[at // 8] ^= 1 << at % 8
        with pytest.raises(DamagedBlobError):
            decode(ONE, bytes(damaged))


def test_every_length_but_the_whole_is_too_short_or_too_long() -> None:
    blob = encode(ONE, plain_layer("a", "b/c", hides=("d",)))
    for wrong in (*(blob[:length] for length in range(len(blob))), blob + b"\0", blob + blob):
        with pytest.raises(DamagedBlobError):
            decode(ONE, wrong)


def test_a_layer_under_another_ones_name_is_refused() -> None:
    with pytest.raises(DamagedBlobError):
        decode(TWO, encode(ONE, plain_layer("a")))


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blob = encode(ONE, plain_layer("a"))
    monkeypatch.setattr(layer_blob, "VERSION", layer_blob.VERSION + 1)
    with pytest.raises(DamagedBlobError):
        decode(ONE, blob)


def test_the_bytes_are_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    files = plain_layer("a", size_bytes=0x0102)
    body = zlib.decompress(encode(ONE, files)[layer_blob._HEAD.size :])
    assert struct.pack("<q", 0x0102) in body
    # A machine of the other kind holds its numbers the other way round, and turns them.
    monkeypatch.setattr(sys, "byteorder", "big" if sys.byteorder == "little" else "little")
    turned = zlib.decompress(encode(ONE, files)[layer_blob._HEAD.size :])
    assert (struct.pack(">q", 0x0102) in turned) == (sys.byteorder == "big")
    assert decode(ONE, encode(ONE, files)) == files
