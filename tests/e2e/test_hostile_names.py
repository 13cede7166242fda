"""Words that would like to be sequences or markup are shown as they are."""

from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.orlop import PATIENCE
from tests.e2e.world import World

EVIL = "\x1b]0;owned\x07\x1b[38;5;199mpink\x1b[2J\x1b[H[bold magenta]loud[/] \u202etxt.exe\u202c \x9b31mred"
SHOWN = "␛]0;owned␇␛[38;5;199mpink␛[2J␛[H[bold magenta]loud[/] "


def assert_no_harm(transcript: bytearray, title: str) -> None:
    """Nothing of it has come to the terminal as a sequence."""
    assert "owned" not in title
    assert b"\x1b]0;owned" not in transcript
    assert b"\x1b[38;5;199m" not in transcript
    assert b"\x1b[2J\x1b[H[bold" not in transcript
    assert "\u202e".encode() not in transcript
    assert "\x9b".encode() not in transcript


def test_labels_are_literal(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    labels = {"note": EVIL, "[b]key\x1b[31m": "x", "z": "y" * 10_000}
    barge = world.container("timber/oak:3.1", "barge", "created", labels=labels)
    world.volume("ballast", labels=labels)
    world.api.commit(barge, repository="timber/evil", tag="1", conf={"Labels": labels})
    orlop = open_orlop("--host", world.url, columns=160)
    for pane, text in (("containers", "barge"), ("volumes", "ballast"), ("images", "timber/evil:1")):
        orlop.go_to(pane, text)
        while "[Labels]" not in orlop.details:
            orlop.press("]")
            orlop.wait_quiet(0.2, PATIENCE)
        orlop.see_in_details(SHOWN)
        orlop.see_in_details("[b]key␛[31m")
        orlop.press("i")
        orlop.see_in_details("[Inspect]")
        orlop.press("/", *["backspace"] * 10)
        orlop.type("note")
        orlop.see_in_details("owned")
        orlop.press("enter")
        orlop.see_in_footer("n next match")
        orlop.press("escape")
        orlop.see_cursor_on(text)
    orlop.press("2")
    orlop.see_row("barge", "created")
    assert_no_harm(orlop.transcript, orlop.screen.title)
    assert orlop.quit() == 0


def test_a_project_s_name_is_literal(world: World, open_orlop: Open) -> None:
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "barge", labels={"com.docker.compose.project": EVIL})
    orlop = open_orlop("--host", world.url, columns=200)
    orlop.see_row(SHOWN[:30])
    orlop.go_to("containers", SHOWN[:30])
    orlop.see_in_details("Compose project")
    orlop.press("/")
    orlop.type("[bold")
    orlop.see_row(SHOWN[:30])
    orlop.press("enter")
    orlop.see_cursor_on("barge")
    orlop.press("e")
    orlop.see("returns to orlop", "/ #")
    orlop.press("ctrl+d")
    orlop.see_in_footer("exit code 0")
    assert_no_harm(orlop.transcript, orlop.screen.title)


def test_a_registry_with_a_port_is_no_tag(world: World, open_orlop: Open) -> None:
    long = "localhost:5000/" + "/".join(["plank"] * 30)
    world.image("localhost:5000/timber/oak:3.1")
    world.image(f"{long}:1")
    dangling = world.image()
    orlop = open_orlop("--host", world.url)
    orlop.see_row("localhost:5000/timber/oak:3.1")
    orlop.go_to("images", "3.1")
    orlop.see_in_details("localhost:5000/timber/oak:3.1")
    orlop.see_row("dangling")
    orlop.see(dangling.removeprefix("sha256:")[:12])
