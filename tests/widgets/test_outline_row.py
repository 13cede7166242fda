"""Rows of an outline: those that fit are put together another way than those that are cut, and look the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from widgets.cell import Cell, Role, RowText
from widgets.outline_row import RowPen, cut_row

_BACKGROUND = Style(color="#ffffff", bgcolor="#112233")
_STYLES = {role: _BACKGROUND + Style(color=f"#{number:02x}8040") for number, role in enumerate(Role)}
_WORDS = st.sampled_from(["", " ", "a", "usr/", "日本", "e\u0301x", "\x1bq", "a longer name 123"])
_LINES = st.lists(st.builds(Cell, _WORDS, st.sampled_from(list(Role))), max_size=4).map(tuple)
_FOLDS = st.sampled_from([None, True, False])


def _looks(segments: list[Segment]) -> list[tuple[str, Style | None]]:
    return [(letter, style) for text, style, _ in segments for letter in text]


@given(_LINES, _LINES, _LINES, st.integers(0, 3), _FOLDS, st.integers(1, 70))
def test_a_row_that_fits_looks_as_one_that_is_cut(  # noqa: PLR0917 - what a row hangs on
    left: tuple[Cell, ...],
    right: tuple[Cell, ...],
    gutter: tuple[Cell, ...],
    depth: int,
    opened: bool | None,
    width: int,
) -> None:
    console = Console(color_system="truecolor")
    row = RowPen(console, _STYLES, _BACKGROUND).row(RowText(left, right, gutter=gutter), depth, opened, width, 0)
    fold = "  " if opened is None else "▾ " if opened else "▸ "
    head = (*gutter, Cell("  " * depth + fold, Role.MUTED))
    cut = cut_row(head, RowText(left, right), width, 0, _STYLES)
    assert _looks(row) == _looks(list(Segment.apply_style(cut.render(console), _BACKGROUND)))
