"""Sheets, bars, tabs, JSON, buttons."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.stage import Stage
from widgets.cell import Cell, Fact, Role, Section
from widgets.fact_sheet import FactSheet
from widgets.json_tree import JsonTree
from widgets.push_button import PushButton
from widgets.size_bar import size_bar
from widgets.tab_bar import TabBar
from widgets.text_line import TextLine
from widgets.tick_box import TickBox


@given(st.floats(0, 1e12), st.floats(0, 1e12), st.integers(1, 40))
def test_bar_is_as_wide_as_asked_and_shows_every_something(part: float, whole: float, width: int) -> None:
    filled, rest = size_bar(part, whole, width)
    assert len(filled.text + rest.text) == width
    assert bool(filled.text) == (part > 0 and whole > 0 and part / whole > 0)


async def test_fact_sheet_wraps_and_cuts_nothing() -> None:
    sheet = FactSheet()
    async with Stage(sheet).run_test(size=(40, 12)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        sheet.show("a", (Section("Head", (Fact("Command", (Cell("word " * 20 + "last"),)),)),))
        await pilot.pause()
        assert "Head" in stage.text
        assert stage.text.count("word") == 20
        assert "last" in stage.text


async def test_fact_sheet_breaks_no_line_where_a_space_holds_it_together() -> None:
    sheet = FactSheet()
    async with Stage(sheet).run_test(size=(20, 6)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        sheet.show(
            "a", (Section("", (Fact("", (Cell("−\u00a0", Role.BAD), Cell("/usr/lib/a  and 12\u00a0MB more"))),)),)
        )
        await pilot.pause()
        assert [line.rstrip() for line in stage.text.splitlines()[:3]] == [
            "−\u00a0/usr/lib/a  and",
            "12\u00a0MB more",
            "",
        ]


async def test_fact_sheet_shows_exact_figures_and_starts_another_subject_at_the_top() -> None:
    sheet = FactSheet()
    facts = tuple(Fact(f"L{number}", (Cell("about 1 kB"),), exact=f"{number} B") for number in range(50))
    async with Stage(sheet).run_test(size=(40, 10)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        sheet.show("a", (Section("", facts),))
        await pilot.pause()
        await pilot.press("end")
        assert "L49" in stage.text
        sheet.set_exact(True)
        await pilot.pause()
        assert "49 B" in stage.text
        sheet.show("b", (Section("", facts),))
        await pilot.pause()
        assert "L0 " in stage.text


async def test_markup_and_escapes_show_literally_in_every_widget() -> None:
    evil = "[bold red]x[/] \x1b[2J"
    for widget in (sheet := FactSheet(), line := TextLine(), PushButton(evil), TickBox(evil)):
        async with Stage(widget).run_test(size=(60, 4)) as pilot:
            stage = pilot.app
            assert isinstance(stage, Stage)
            sheet.show("s", (Section("", (Fact("", (Cell(evil),)),)),)) if widget is sheet else None
            line.show((Cell(evil),)) if widget is line else None
            await pilot.pause()
            assert "[bold red]x[/] ␛[2J" in stage.text


async def test_text_line_keeps_the_right_side_and_cuts_the_left_visibly() -> None:
    line = TextLine(fill="─")
    async with Stage(line).run_test(size=(30, 2)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        line.show((Cell("left " * 10),), (Cell("right", Role.NUMBER),))
        await pilot.pause()
        first = stage.text.splitlines()[0]
        assert first.endswith("right")
        assert "…" in first


async def test_tab_bar_tells_which_tab_was_clicked() -> None:
    chosen: list[str] = []

    class Tabs(Stage):
        def on_tab_bar_chosen(self, event: TabBar.Chosen) -> None:
            chosen.append(event.name)

    bar = TabBar()
    async with Tabs(bar).run_test(size=(40, 3)) as pilot:
        bar.show(("One", "Two"), "One")
        await pilot.click(TabBar, offset=(7, 0))
    assert chosen == ["Two"]


async def test_json_tree_opens_to_what_is_searched_and_wraps_round() -> None:
    tree = JsonTree()
    async with Stage(tree).run_test(size=(60, 20)):
        tree.show({"Config": {"Env": ["A=1", "B=needle"]}, "Needles": {"x": {"y": "needle"}}})
        assert tree.find("needle") == (1, 3)
        assert tree.spot is not None
        assert tree.spot.path_text == ".Config.Env[1]"
        assert tree.find("needle") == (2, 3)
        assert tree.find("needle") == (3, 3)
        assert tree.spot.path_text == ".Needles.x.y"
        assert tree.find("needle") == (1, 3)
        assert tree.find("needle", backwards=True) == (3, 3)
        assert tree.find("no such thing") == (0, 0)


async def test_json_paths_with_odd_keys_read_as_jq_does() -> None:
    tree = JsonTree()
    async with Stage(tree).run_test(size=(60, 20)):
        tree.show({"com.docker/x": 1})
        assert tree.spot is not None
        assert tree.spot.path_text == '.["com.docker/x"]'


async def test_disabled_button_can_not_be_pressed() -> None:
    pressed: list[str] = []

    class Buttons(Stage):
        def on_push_button_pressed(self, event: PushButton.Pressed) -> None:
            pressed.append(event.button.words)

    button = PushButton("Go", grave=True)
    async with Buttons(button).run_test(size=(20, 3)) as pilot:
        button.focus()
        await pilot.press("enter")
        button.disabled = True
        await pilot.press("enter")
        button.action_press()
        await pilot.pause()
    assert pressed == ["Go"]
