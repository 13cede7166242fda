"""--read-only takes away every key that changes anything."""

from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.world import World


def test_nothing_can_be_changed(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    barge = world.container("timber/oak:3.1", "barge")
    world.volume("ballast")
    orlop = open_orlop("--host", world.url, "--read-only")
    orlop.see_in_header("read-only")
    for pane, text in (("images", "3.1"), ("containers", "barge"), ("volumes", "ballast")):
        orlop.go_to(pane, text)
        orlop.see_in_footer("q quit")
        for words in ("delete", "shell", "stop", "rename"):
            assert words not in orlop.footer
        orlop.press("d", "delete", "S", "R", "p", "K", "n", "e", "E", "?")
        orlop.see_dialog("Nothing: orlop was started read-only")
        orlop.press("escape")
        orlop.see_no_dialog()
        orlop.see_cursor_on(text)
    assert world.state(barge) == "running"
    orlop.press("ctrl+p")
    orlop.see("containers  (2)")
    assert "delete  (d)" not in orlop.screen_text()
    orlop.press("escape")
    orlop.see_no_more("containers  (2)")
    assert orlop.quit() == 0


def test_what_changes_outside_still_shows(world: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", world.url, "--read-only")
    orlop.see("no volumes on this engine")
    world.volume("ballast")
    orlop.see_row("ballast")
