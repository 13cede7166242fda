"""A file's beginning as a page to read: its text, or its bytes in hex when it is none."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from widgets.literal import literal_lines

_LOOKED_AT = 8000
"""Bytes at the beginning in which a NUL tells that it is no text, as git has it (``buffer_is_binary``)."""
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_PER_ROW = 16
"""Bytes in a row of hex: with offset and characters it then fits 80 columns."""
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\b\x1b")
_MOST_CONTROLS = 0.1
"""Above this share of control characters it is no text, whatever they are encoded in."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown of a file."""

    what: str
    """``text, UTF-8`` or ``binary``."""
    lines: Sequence[str]
    """Safe to show: every control character is made visible."""
    is_text: bool


class HexRows(Sequence[str]):
    """Bytes as rows of offset, hex and characters, each made when it is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __len__(self) -> int:
        return (len(self._data) + _PER_ROW - 1) // _PER_ROW

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        begin = index % len(self) * _PER_ROW
        piece = self._data[begin : begin + _PER_ROW]
        half = _PER_ROW // 2
        hexed = f"{piece[:half].hex(' '):<{half * 3 - 1}}  {piece[half:].hex(' '):<{half * 3 - 1}}"
        shown = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in piece)
        return f"{begin:08x} {hexed} {shown}"


def page_of(data: bytes, *, whole: bool) -> Page:
    """The page for a file that begins with ``data``; ``whole`` when that is all of it."""
    text, encoding = decoded(data, whole=whole)
    return hex_page(data) if text is None else Page(f"text, {encoding}", literal_lines(text), True)


def hex_page(data: bytes) -> Page:
    """The same in hex, whatever it is."""
    return Page("binary", HexRows(data), False)


def decoded(data: bytes, *, whole: bool) -> tuple[str | None, str]:
    """The text in ``data`` and what it is encoded in; no text where there is none.

    A character cut in two at the end is left out, unless ``whole``.
    """
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data, codec, whole=whole), name
    if b"\0" in data[:_LOOKED_AT]:
        return None, ""
    text = _decode(data, "utf-8", whole=whole)
    if text is not None:
        return (text, "ASCII" if text.isascii() else "UTF-8") if _reads_well(data) else (None, "")
    # Western text from before Unicode has few bytes that are no ASCII; anything else would read as gibberish.
    high = sum(byte >= 0x80 for byte in data[:_LOOKED_AT])
    if _reads_well(data) and high <= len(data[:_LOOKED_AT]) * 0.3:
        return data.decode("latin-1"), "not UTF-8, read as Latin-1"
    return None, ""


def _decode(data: bytes, codec: str, *, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(data, final=whole)
    except UnicodeDecodeError:
        return None


def _reads_well(data: bytes) -> bool:
    sample = data[:_LOOKED_AT]
    return sum(byte in _CONTROLS for byte in sample) <= len(sample) * _MOST_CONTROLS
