"""Text or bytes, and how they read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.present.file_page import hex_page, page_of


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "text, ASCII"),
        (b"hello\n", "text, ASCII"),
        ("grüße\n".encode(), "text, UTF-8"),
        ("\ufeffgrüße".encode(), "text, UTF-8"),
        ("grüße".encode("utf-16"), "text, UTF-16"),
        ("grüße und alles Gute\n".encode("latin-1"), "text, not UTF-8, read as Latin-1"),
        (b"\x1b[31mred\x1b[0m\n", "text, ASCII"),
        (b"ELF\0\1\2", "binary"),
        (bytes(range(128, 256)), "binary"),
        (b"\1\2\3\4\5\6\7", "binary"),
    ],
)
def test_text_is_told_from_bytes(data: bytes, what: str) -> None:
    page = page_of(data, whole=True)
    assert page.what == what
    assert page.is_text == what.startswith("text")


def test_a_character_cut_in_two_at_the_end_is_left_out() -> None:
    cut = ("x" * 9 + "ü").encode()[:-1]
    assert page_of(cut, whole=False).lines == ["x" * 9]
    assert page_of(cut, whole=False).what == "text, ASCII"
    assert page_of(cut, whole=True).what.endswith("Latin-1")


def test_nothing_in_a_text_moves_the_cursor_or_turns_the_writing() -> None:
    page = page_of("a\x1b]0;x\x07\r\n\u202eb\tc".encode(), whole=True)
    assert page.lines == ["a␛]0;x␇", "<202E>b    c"]


def test_hex_rows() -> None:
    page = hex_page(bytes(range(16)) + b"ABC")
    assert list(page.lines) == [
        "00000000 00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f ················",
        "00000010 41 42 43                                         ABC",
    ]
    assert page.lines[-1] == page.lines[1]
    with pytest.raises(IndexError):
        page.lines[2]


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_make_a_page_that_is_safe_to_show(data: bytes, whole: bool) -> None:
    for line in page_of(data, whole=whole).lines:
        assert line.isprintable() or not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in line)
    assert all(len(line) <= 74 and line.isprintable() for line in hex_page(data).lines)
