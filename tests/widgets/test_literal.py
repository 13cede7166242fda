"""Untrusted text can't do anything."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from widgets.literal import literal, literal_lines


@given(st.text())
def test_nothing_that_moves_or_hides_is_left(text: str) -> None:
    shown = literal(text)
    for letter in shown:
        assert unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"}
        assert letter not in "\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_is_left_alone(text: str) -> None:
    assert literal(text) == text


def test_what_it_says_is_still_there() -> None:
    assert literal("\x1b[31mred\x1b[0m") == "␛[31mred␛[0m"
    assert literal("a\nb") == "a␊b"
    assert literal("exe.\u202egnp") == "exe.<202E>gnp"
    assert literal("\udcff") == "\ufffd"
    assert literal("[bold]x[/]") == "[bold]x[/]"
    assert literal("\u0301x") == "\u25cc\u0301x"
    assert literal("ü漢") == "ü漢"


def test_lines_stay_lines() -> None:
    assert literal_lines("a\r\nb\tc\n\x1b") == ["a", "b    c", "␛"]
