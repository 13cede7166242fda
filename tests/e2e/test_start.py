"""Starting and leaving."""

from __future__ import annotations

import re
import time

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE
from tests.e2e.world import World

AROUND = ("sh", "-c", 'stty -g; echo before; "$@"; echo "left with $?"; stty -g; echo after', "sh")
"""A shell that tells the terminal's modes before and after what it runs."""

MODES = re.compile("^[0-9a-f]+(:[0-9a-f]+){10,}$", re.MULTILINE)


def test_the_engine_and_what_it_holds_are_named(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "barge")
    world.volume("ballast")
    version = world.api.version()["Version"]
    driver = world.api.info()["Driver"]
    orlop = open_orlop("--host", world.url)
    orlop.see_in_header(str(world.dockerd.socket))
    orlop.see_in_header(f"Docker {version}")
    orlop.see_in_header(driver)
    orlop.see_in_header("1/1 running")
    orlop.see("timber/oak")
    orlop.see_row("3.1", "in use")
    orlop.see_row("barge", "running")
    orlop.see_row("ballast")
    assert orlop.quit() == 0


def test_leaving_gives_the_terminal_back_as_it_was(world: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", world.url, run_by=AROUND)
    orlop.see("no containers on this engine")
    assert orlop.screen.alternate
    orlop.press("q")
    orlop.see("left with 0", "after")
    orlop.left()
    before, after = (match[0] for match in MODES.finditer(orlop.screen_text()))
    assert before == after
    assert not orlop.screen.alternate
    assert not orlop.screen.cursor.hidden
    lines = [line for line in orlop.lines() if line]
    assert lines == [before, "before", "left with 0", after, "after"], "nothing of orlop is left"
    for mode in (b"1000", b"1003", b"1006", b"2004", b"1004"):
        on, off = orlop.transcript.rfind(b"\x1b[?%sh" % mode), orlop.transcript.rfind(b"\x1b[?%sl" % mode)
        assert on < off, f"mode {mode.decode()} is left on"


def test_docker_host_says_which_engine(world: World, open_orlop: Open) -> None:
    world.volume("ballast")
    orlop = open_orlop(env={"DOCKER_HOST": world.url})
    orlop.see_row("ballast")
    assert str(world.dockerd.socket) in orlop.header
    assert orlop.quit() == 0


def test_idle_is_idle(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "barge")
    world.volume("ballast")
    orlop = open_orlop("--host", world.url)
    orlop.see_row("ballast", "0 B")
    orlop.wait_quiet(1.5, PATIENCE)
    written = orlop.bytes_written
    time.sleep(5)
    assert orlop.transcript[written:] == b""


def test_preferences_outlive_the_program(world: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", world.url)
    orlop.see("no images on this engine")
    orlop.press("t")
    orlop.see_in_footer("Theme orlop-light")
    orlop.press("2", "s")
    orlop.see_row("Containers", "by size")
    assert orlop.quit() == 0
    orlop = open_orlop("--host", world.url)
    orlop.see_row("Containers", "by size")
    assert orlop.screen.cell(0, 5).bg == "eeeeee", "the light theme's background"
