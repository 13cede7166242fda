"""The screen in any size, without anything left of the size before."""

from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE, Orlop
from tests.e2e.world import World


def settle(orlop: Orlop, rows: int, columns: int) -> None:
    """Wait until the app has drawn itself in the terminal's size."""

    def fits() -> bool:
        header, footer = orlop.lines()[0], orlop.lines()[-1]
        # Totals end one blank before the last column, and the footer is in the last row.
        return len(header) == columns - 1 and "/ filter" in footer

    orlop.wait_until(fits, timeout=PATIENCE, what=f"the screen in {columns}x{rows}")
    orlop.wait_quiet(0.7, PATIENCE)


def test_nothing_is_left_of_the_size_before(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1", layers=3)
    for name in ("barge", "dredger", "wherry"):
        world.container("timber/oak:3.1", name, "created", volumes={"ballast": "/hold"})
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "dredger")
    orlop.press("right")
    orlop.see_row("volume ballast")
    for rows, columns in ((24, 80), (60, 200), (24, 80), (40, 120)):
        orlop.resize(rows, columns)
        settle(orlop, rows, columns)
        orlop.see_cursor_on("dredger")
        before = orlop.picture()
        orlop.press("ctrl+l")
        orlop.wait_quiet(0.7, PATIENCE)
        assert orlop.picture() == before, f"{columns}x{rows} was not what it should be:\n{orlop.screen_text()}"


def test_a_dialog_is_resized_too(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "barge")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "barge")
    orlop.press("d")
    orlop.see_dialog("Remove container barge")
    for rows, columns in ((24, 80), (60, 200)):
        orlop.resize(rows, columns)
        settle(orlop, rows, columns)
        orlop.see_dialog("Remove container barge", "‹ Cancel ›")
        before = orlop.picture()
        orlop.press("ctrl+l")
        orlop.wait_quiet(0.7, PATIENCE)
        assert orlop.picture() == before
    orlop.press("escape")
    orlop.see_no_dialog()


def test_ctrl_l_mends_what_another_program_has_scribbled(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    orlop = open_orlop("--host", world.url)
    orlop.see_row("3.1")
    settle(orlop, 40, 120)
    before = orlop.picture()
    with open(f"/proc/{orlop.process.pid}/fd/1", "w", encoding="utf-8") as scribbler:
        scribbler.write("\x1b[5;5Hwrite(1) was here\x1b[39;1Hand\x1b[Kthere")
    orlop.see("was here")
    orlop.press("ctrl+l")
    orlop.see_no_more("was here")
    orlop.wait_quiet(0.7, PATIENCE)
    assert orlop.picture() == before
