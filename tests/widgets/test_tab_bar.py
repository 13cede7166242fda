"""A row of tabs where there is not room for all."""

from __future__ import annotations

import pytest

from tests.widgets.stage import Stage
from widgets.tab_bar import TabBar

NAMES = ("Overview", "Changes", "Storage", "Env", "Labels", "Mounts", "Inspect")


async def shown(chosen: str, width: int) -> str:
    bar = TabBar()
    async with Stage(bar).run_test(size=(width, 2)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        bar.show(NAMES, chosen)
        await pilot.pause()
        return stage.text.split("\n")[0]


@pytest.mark.parametrize("chosen", NAMES)
@pytest.mark.parametrize("width", [12, 24, 42, 57, 58, 90])
async def test_the_chosen_tab_can_always_be_read(chosen: str, width: int) -> None:
    line = await shown(chosen, width)
    assert f"[{chosen}]" in line
    assert len(line) <= width


async def test_marks_say_that_there_are_more() -> None:
    assert await shown("Overview", 42) == "[Overview] Changes  Storage  Env  Labels ›"
    assert await shown("Mounts", 42) == "‹ Changes  Storage  Env  Labels [Mounts]›"
    assert await shown("Inspect", 42) == "‹ Storage  Env  Labels  Mounts [Inspect]"
    assert await shown("Env", 58) == " Overview  Changes  Storage [Env] Labels  Mounts  Inspect"


class Listening(Stage):
    """Notes which tabs are chosen."""

    def __init__(self, bar: TabBar) -> None:
        super().__init__(bar)
        self.chosen: list[str] = []

    def on_tab_bar_chosen(self, event: TabBar.Chosen) -> None:
        self.chosen.append(event.name)


@pytest.mark.parametrize(
    ("chosen", "x", "expected"), [("Overview", 41, "Mounts"), ("Inspect", 0, "Changes"), ("Inspect", 3, "Storage")]
)
async def test_a_click_on_a_mark_chooses_the_next_one_that_is_not_shown(chosen: str, x: int, expected: str) -> None:
    bar = TabBar()
    stage = Listening(bar)
    async with stage.run_test(size=(42, 2)) as pilot:
        bar.show(NAMES, chosen)
        await pilot.pause()
        await pilot.click(bar, offset=(x, 0))
        await pilot.pause()
        assert stage.chosen == [expected]
