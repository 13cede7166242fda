"""Names of files that would like to be sequences, markup or other lines are shown as they are, on every screen."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.conftest import Open
from tests.e2e.orlop import Orlop
from tests.e2e.test_hostile_names import EVIL as WORDS
from tests.e2e.test_hostile_names import assert_no_harm
from tests.e2e.world import World
from tests.engine.layered_images import docker_archive, file, folder, gone, symlink

TAG = "timber/evil:1"
EVIL = WORDS.replace("/", "|")
"""As a name; a slash would make it two."""
SHOWN = "␛]0;owned␇␛[38;5;199mpink␛[2J"
LAYERS = (
    (
        folder("hold"),
        file(f"hold/{EVIL}", b"quiet " + EVIL.encode() + b"\nend of it\n"),
        file("hold/two\nlines\r\x1b[2Jgone", b"x"),
        file("hold/caf\udce9\udcff\udc9b31m", b"not UTF-8"),
        file("hold/[link=http:x]y[link]", b"y"),
        symlink("hold/link", f"../{EVIL}\n{EVIL}"),
        folder(f"{EVIL}dir"),
        file(f"{EVIL}dir/inside", bytes(5000)),
    ),
    (gone(f"{EVIL}dir"), file(f"hold/{EVIL}", b"again")),
)


def assert_literal(orlop: Orlop) -> None:
    """Nothing of it has come to the terminal, and the screen is still a screen."""
    assert_no_harm(orlop.transcript, orlop.screen.title)
    assert b"\x1b[2Jgone" not in orlop.transcript
    assert b"\xff" not in orlop.transcript
    assert b"]8;;http:x" not in orlop.transcript
    assert len(orlop.header) > 10, "the first row is still the first row"


def look_around(orlop: Orlop, goal: Path) -> None:
    """Through everything the Files screen has."""
    orlop.press("2", "+")
    orlop.see(SHOWN, "two␊lines␍␛[2Jgone", "[link=http:x]y[link]", "caf")
    assert_literal(orlop)
    orlop.press("/")
    orlop.type("/hold/*pink*")
    orlop.see("1 match")
    orlop.press("enter", "v")
    orlop.see("again", "all of it")
    orlop.press("escape")
    orlop.see_no_more("all of it")
    orlop.press("o")
    orlop.see_dialog("2 layers touched it")
    orlop.press("down", "enter")
    orlop.see("up to layer")
    orlop.press("v")
    orlop.see("end of it", f"quiet {SHOWN}")
    assert_literal(orlop)
    orlop.press("escape")
    orlop.see_no_more("end of it")
    orlop.press("W")
    orlop.see_dialog("Write out")
    assert_literal(orlop)
    orlop.press("enter")
    orlop.see_in_footer("Wrote")
    (written,) = [path for path in goal.iterdir()]
    assert re.fullmatch(r"[\w .,+@=~()-]+", written.name), "a safe name has been proposed"
    assert b"end of it" in written.read_bytes()
    orlop.press("F")
    orlop.see("find in")
    orlop.type("o")
    orlop.see("in the layers of this one")
    orlop.press("enter", "down", "down", "3")
    assert_literal(orlop)
    orlop.press("escape", "escape")


def test_names_in_an_image_are_literal(world: World, open_orlop: Open, tmp_path: Path) -> None:
    (goal := tmp_path / "goal").mkdir()
    world.api.load_image(docker_archive(TAG, LAYERS))  # type: ignore[no-untyped-call]
    orlop = open_orlop("--host", world.url, "files", TAG, columns=160, run_by=("sh", "-c", f'cd {goal} && "$@"', "sh"))
    orlop.see("Files of the whole image", "What wastes most")
    look_around(orlop, goal)
    assert_literal(orlop)
