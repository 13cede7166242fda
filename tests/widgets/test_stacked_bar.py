"""A bar of parts: as wide as it may be, and nothing that is there is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.stacked_bar import part_widths


@given(st.lists(st.integers(0, 10**13), max_size=15), st.integers(0, 200))
def test_widths_fill_the_bar_and_every_part_is_seen(amounts: list[int], width: int) -> None:
    widths = part_widths(amounts, width)
    assert len(widths) == len(amounts)
    assert sum(widths) == (width if sum(amounts) else 0)
    for amount, cells in zip(amounts, widths, strict=True):
        assert cells == 0 if not amount else cells >= 0
    if sum(amount > 0 for amount in amounts) <= width:
        assert all(cells >= 1 for amount, cells in zip(amounts, widths, strict=True) if amount)


def test_shares_are_rounded_to_the_nearest() -> None:
    assert part_widths([50, 25, 25], 8) == (4, 2, 2)
    assert part_widths([2, 1], 10) == (7, 3)
    assert part_widths([1_000_000, 1, 1], 10) == (8, 1, 1)


def test_too_many_parts_for_the_room_leave_the_largest() -> None:
    assert part_widths([1, 5, 3], 2) == (0, 1, 1)
