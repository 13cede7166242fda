"""Layers as no sane builder makes them: any name, number and combination the records can hold."""

from __future__ import annotations

import hashlib

from hypothesis import strategies as st

from tui.model.layer_files import Kind, LayerBuilder, LayerFiles

NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.binary(min_size=1, max_size=8).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
    st.sampled_from(
        ["usr", "usr/share", "a\0b", "\x1b[31m", "\udcc3\udca9", "é", "e\u0301", "\u202ex", "\ud800", "\n"]
    ),
)
_NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(0, 70_000))
_ENTRIES = st.tuples(
    NAMES,
    st.sampled_from([*Kind]).map(int),
    st.one_of(st.just(-1), st.integers(0, 2**63 - 1)),
    st.integers(0, 0o177777),
    _NUMBERS,
    _NUMBERS,
    _NUMBERS,
    st.one_of(st.just(""), NAMES),
    st.one_of(st.none(), st.tuples(_NUMBERS, _NUMBERS)),
)


@st.composite
def layers(draw: st.DrawFn) -> LayerFiles:
    """A layer with up to thirty entries."""
    builder = LayerBuilder()
    for entry in draw(st.lists(_ENTRIES, max_size=30)):
        builder.add(*entry)
    for path in draw(st.lists(NAMES, max_size=5)):
        builder.hide(path)
    for folder in draw(st.lists(st.one_of(st.just(""), NAMES), max_size=3)):
        builder.make_opaque(folder)
    return builder.build()


def plain_layer(*paths: str, size_bytes: int = 7, hides: tuple[str, ...] = ()) -> LayerFiles:
    """A layer with files of one size at ``paths``."""
    builder = LayerBuilder()
    for path in paths:
        builder.add(path, Kind.FILE, size_bytes, 0o644, 0, 0, 1_700_000_000)
    for path in hides:
        builder.hide(path)
    return builder.build()


def diff_id(name: str) -> str:
    """A diff ID made of a name."""
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
