"""What a real container wrote, on what it stands, and its files: live, while it runs."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE, Orlop
from tests.e2e.test_hostile_files import EVIL, SHOWN, assert_literal
from tests.e2e.world import World


def run(world: World, container: str, *script: str) -> None:
    """Run a script of the shell inside a container, to its end."""
    made = world.api.exec_create(container, ["sh", "-c", *script])
    world.api.exec_start(made["Id"])
    assert world.api.exec_inspect(made["Id"])["ExitCode"] == 0


def put_file(world: World, container: str, name: str) -> None:
    """A file of 5 bytes, of any name."""
    run(world, container, 'echo "$0" >/dev/null; printf 12345 >"$0"', name)


@pytest.fixture
def barge(world: World) -> str:
    """A running container on an image of two layers."""
    world.image("timber/oak:3.1", layers=2)
    return world.container("timber/oak:3.1", "barge", volumes={"ballast": "/hold"})


def open_tab(orlop: Orlop, name: str) -> None:
    """Step to the tab of that name."""
    for _ in range(10):
        if f"[{name}]" in orlop.details:
            return
        orlop.press("]")
        orlop.wait_quiet(0.1, PATIENCE)
    raise AssertionError(f"there is no tab {name}:\n{orlop.screen_text()}")


def test_changes_are_followed_while_the_container_runs(world: World, barge: str, open_orlop: Open) -> None:
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "barge")
    open_tab(orlop, "Changes")
    orlop.see_in_details("live")
    put_file(world, barge, "/planks")
    orlop.see_in_details("+ planks")
    orlop.see_in_details("5 B")
    run(world, barge, "echo more >>/etc/hostname; rm /file0; echo x >/bin/new")
    orlop.see_in_details("− file0")
    orlop.see_in_details("+ new")
    run(world, barge, "rm /planks; printf 1234567890 >/bin/new")
    orlop.wait_until(lambda: "planks" not in orlop.details, timeout=PATIENCE, what="planks to go")
    orlop.see_in_details("10 B")
    put_file(world, barge, f"/{EVIL.replace('/', '|')}")
    orlop.see_in_details(SHOWN)
    assert_literal(orlop)
    world.stop_container("barge")
    orlop.see_in_details("r reads again")
    assert orlop.quit() == 0


def test_storage_tells_the_strata_and_what_is_mounted_through_them(world: World, barge: str, open_orlop: Open) -> None:
    put_file(world, barge, "/planks")
    orlop = open_orlop("--host", world.url, rows=70)
    orlop.go_to("containers", "barge")
    open_tab(orlop, "Storage")
    orlop.see_in_details("upper  writable, its own")
    orlop.see_in_details("layer 2  COPY")
    orlop.see_in_details("layer 1")
    orlop.see_in_details("/hold")
    orlop.see_in_details("ballast")
    graph = world.api.inspect_container(barge).get("GraphDriver") or {}
    upper = (graph.get("Data") or {}).get("UpperDir", "")
    if upper:  # The classic store tells the folders; the containerd store names snapshots.
        assert upper in "".join(line.strip(" ┃▁▂▃▄▅▆▇█") for line in orlop.details.splitlines())
    else:
        orlop.see_in_details("Snapshot")


def test_the_files_that_a_container_sees(world: World, barge: str, open_orlop: Open) -> None:
    put_file(world, barge, "/planks")
    run(world, barge, "rm /file0")
    orlop = open_orlop("--host", world.url)
    orlop.go_to("containers", "barge")
    orlop.press("f")
    orlop.see("files of container barge", "writable layer", "Files of the container", "[+] Added 2", "[−] Removed 1")
    orlop.press("/")
    orlop.type("planks")
    orlop.see("1 match")
    orlop.press("enter", "v")
    orlop.see("12345", "all of it")
    orlop.press("escape")
    orlop.see_no_more("all of it")
    # Its image's files are the container's too.
    orlop.press("/", *["backspace"] * 6)
    orlop.type("hostname")
    orlop.see("1 match")
    orlop.press("enter", "v")
    orlop.see("all of it", "text, ASCII")
    orlop.press("escape")
    orlop.see_no_more("all of it")
    # What it has written since is there when it is read again.
    put_file(world, barge, "/hostname-too")
    orlop.press("r")
    orlop.see("2 matches")
    orlop.press("q")
    orlop.see_row("barge", "running")
    assert orlop.quit() == 0
