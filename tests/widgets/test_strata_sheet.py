"""Strata and the shafts through them, drawn."""

from __future__ import annotations

import pytest

from tests.widgets.stage import Stage
from widgets.cell import Cell, Fact, Section
from widgets.strata_sheet import StrataSheet, Stratum

STRATA = (
    Stratum((Cell("upper"),), (Cell("1.2 kB"),), "1,234 B", (Fact("Dir", (Cell("/a/" + "b" * 60),)),), heavy=True),
    Stratum((Cell("layer 1 " + "RUN long " * 20),), (Cell("9 MB"),), "", (Fact("", (Cell("read only"),)),)),
)
SECTIONS = (Section("Mounts", (Fact("1", (Cell("/data"),)),)),)


async def drawn(width: int, shafts: int, *, exact: bool = False) -> list[str]:
    sheet = StrataSheet()
    async with Stage(sheet).run_test(size=(width, 30)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        sheet.set_exact(exact)
        sheet.show_strata("x", STRATA, shafts, SECTIONS)
        await pilot.pause()
        return stage.text.rstrip().split("\n")


async def test_shafts_go_through_every_line_from_their_mouth_to_the_ground() -> None:
    lines = await drawn(60, 2)
    ground = next(number for number, line in enumerate(lines) if "┻" in line)
    assert lines[0].startswith("━ upper ━")
    assert lines[0].endswith("━1━━2━")
    assert lines[ground].endswith("━┻━━┻━")
    assert all(line.endswith((" ┃  ┃", "─┃──┃─", "━┃━━┃━")) for line in lines[1:ground])
    assert "Mounts" in lines[ground + 2]


async def test_nothing_is_cut_but_the_names_in_the_rules() -> None:
    lines = await drawn(60, 2)
    assert sum(line.count("b") for line in lines[1:4]) == 60
    assert "… ─ 9 MB ─" in next(line for line in lines if "layer 1" in line)


async def test_exact_figures() -> None:
    assert "1,234 B" in (await drawn(60, 0, exact=True))[0]
    assert "1.2 kB" in (await drawn(60, 0))[0]


async def test_more_shafts_than_there_is_room_for_end_in_a_plus() -> None:
    assert (await drawn(42, 20))[0].endswith("1━━2━━3━━4━━+━")
    assert (await drawn(80, 20))[0].endswith("7━━8━━+━")


@pytest.mark.parametrize("width", [1, 5, 12, 20, 30])
async def test_a_narrow_place_has_no_shafts_and_no_accidents(width: int) -> None:
    lines = await drawn(width, 3)
    assert all(len(line) <= width for line in lines)
    assert not any("┃" in line for line in lines) or width >= 29


async def test_without_strata_only_the_facts_are_shown() -> None:
    sheet = StrataSheet()
    async with Stage(sheet).run_test(size=(40, 6)) as pilot:
        stage = pilot.app
        assert isinstance(stage, Stage)
        sheet.show_strata("x", (), 0, SECTIONS)
        await pilot.pause()
        assert stage.text.split("\n")[0] == "Mounts"
