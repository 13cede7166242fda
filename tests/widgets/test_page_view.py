"""A page is wrapped, scrolled, and made only where it is looked at."""

from __future__ import annotations

from collections import UserList
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.stage import Stage
from widgets.literal import literal
from widgets.page_view import PageView, wrapped


class Counted(UserList[str]):
    """Rows that take down which of them were asked for."""

    def __init__(self) -> None:
        super().__init__(f"row {number}" for number in range(10_000))
        self.asked: set[object] = set()

    def __getitem__(self, index: Any) -> Any:
        self.asked.add(index)
        return super().__getitem__(index)


async def test_wraps_and_scrolls() -> None:
    page = PageView()
    async with Stage(page).run_test(size=(20, 5)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        page.show(["a" * 30, *[f"line {number}" for number in range(50)]])
        await pilot.pause()
        lines = stage.text.splitlines()
        assert lines[0].startswith("aaaa")
        assert lines[1].strip() == "a" * (30 - 19)
        await pilot.press("end")
        assert "line 49" in stage.text
        await pilot.press("home", "down")
        assert stage.text.splitlines()[1].strip() == "line 0"
        page.show(["short"])
        await pilot.pause()
        assert stage.text.splitlines()[0].strip() == "short"


async def test_rows_are_made_only_when_they_come_into_view() -> None:
    page, rows = PageView(), Counted()
    async with Stage(page).run_test(size=(20, 5)) as pilot:
        page.show(rows)
        await pilot.pause()
        await pilot.press("end")
        assert 9_999 in rows.asked
        assert len(rows.asked) <= 20


@given(st.text(), st.integers(2, 40))
def test_nothing_is_lost_by_wrapping(text: str, width: int) -> None:
    line = literal(text)
    rows = wrapped(line, width)
    assert "".join(rows) == line
    assert all(cell_len(row) <= width for row in rows)
