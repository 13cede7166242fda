"""``orlop files IMAGE|FILE``: shown at once, or one sentence and an exit code that says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contents.made_archives import several
from tests.e2e.conftest import Open
from tests.e2e.orlop import Orlop
from tests.e2e.test_exit_codes import assert_nothing_drawn, assert_one_sentence
from tests.e2e.world import World
from tests.engine.layered_images import STACKS, docker_archive

TAG = "timber/hold:1"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """What ``docker save`` wrote."""
    path = tmp_path / "hold.tar"
    path.write_bytes(docker_archive(TAG, STACKS["folder deleted"]))
    return path


def assert_given_up(orlop: Orlop, code: int, *words: str) -> None:
    """It ends by itself with ``code``; ``words`` are left on the shell's screen, in one paragraph, and nothing else."""
    assert_one_sentence(orlop, code, *words)
    assert next(line for line in orlop.lines() if line).startswith("orlop:"), "nothing is left of a screen"


def test_an_archive_is_opened_without_an_engine(open_orlop: Open, archive: Path) -> None:
    orlop = open_orlop("files", str(archive), env={"DOCKER_HOST": "unix:///nowhere.sock"})
    orlop.see("files of archive hold.tar", "Files of the whole image", "3 layers")
    orlop.press("/")
    orlop.type("shadow")
    orlop.see("1 match")
    orlop.press("enter", "v")
    orlop.see("secret", "all of it")
    orlop.press("escape")
    orlop.see_no_more("all of it")
    orlop.press("q")
    assert orlop.left() == 0
    assert not orlop.screen.alternate


def test_an_image_is_shown_over_the_explorer(world: World, open_orlop: Open, archive: Path) -> None:
    world.api.load_image(archive.read_bytes())  # type: ignore[no-untyped-call]
    orlop = open_orlop("--host", world.url, "files", TAG)
    orlop.see(f"files of image {TAG}", "Files of the whole image", "3 layers")
    orlop.press("q")
    orlop.see_row(TAG)
    assert orlop.quit() == 0


def test_an_image_of_the_made_up_world(open_orlop: Open) -> None:
    orlop = open_orlop("files", "--demo", "alpine:3.21")
    orlop.see("files of image alpine:3.21", "Files of the whole image")
    orlop.press("ctrl+q")
    assert orlop.left() == 0


def test_an_image_that_is_not_there(world: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", world.url, "files", "timber/none:1")
    assert_given_up(orlop, 3, "There is no image timber/none:1 on this engine", world.url)


def test_a_name_that_no_image_can_have(world: World, open_orlop: Open) -> None:
    orlop = open_orlop("--host", world.url, "files", "Timber Oak\x1b]0;owned\x07")
    assert_given_up(orlop, 3, "Timber Oak")
    assert "owned" not in orlop.screen.title


def test_no_engine(open_orlop: Open, tmp_path: Path) -> None:
    orlop = open_orlop("--host", f"unix://{tmp_path}/none.sock", "files", TAG)
    assert_given_up(orlop, 1, "none.sock")
    assert_nothing_drawn(orlop)


def test_a_file_that_is_not_there(open_orlop: Open, tmp_path: Path) -> None:
    orlop = open_orlop("files", f"{tmp_path}/none.tar")
    assert_given_up(orlop, 3, "There is no file", "none.tar")
    assert_nothing_drawn(orlop)


def test_a_folder(open_orlop: Open, tmp_path: Path) -> None:
    orlop = open_orlop("files", str(tmp_path))
    assert_given_up(orlop, 3, "is a folder, not an archive")


def test_no_archive(open_orlop: Open, tmp_path: Path) -> None:
    (tmp_path / "notes.tar").write_text("planks and nails\n" * 200)
    orlop = open_orlop("files", str(tmp_path / "notes.tar"))
    assert_given_up(orlop, 3, "notes.tar is no tar archive")


def test_an_empty_file(open_orlop: Open, tmp_path: Path) -> None:
    (tmp_path / "empty.tar").touch()
    orlop = open_orlop("files", str(tmp_path / "empty.tar"))
    assert_given_up(orlop, 3, "empty.tar is empty")


def test_an_archive_that_is_cut_short(open_orlop: Open, archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    orlop = open_orlop("files", str(archive))
    assert_given_up(orlop, 3, "hold.tar", "cut short")


def test_an_archive_of_several_images(open_orlop: Open, tmp_path: Path) -> None:
    path = several(tmp_path / "fleet.tar")
    orlop = open_orlop("files", str(path))
    assert_given_up(orlop, 2, "fleet.tar holds 2 images", "shop/web:1")
    orlop = open_orlop("files", str(path), "--image", "shop/web:1")
    orlop.see("files of archive fleet.tar: shop/web:1", "Files of the whole image")


def test_an_archive_that_is_spoilt_meanwhile_is_still_shown(open_orlop: Open, archive: Path) -> None:
    orlop = open_orlop("files", str(archive))
    # When its waste has been counted, nothing is under way any more.
    orlop.see("Files of the whole image", "What wastes most")
    whole = archive.read_bytes()
    archive.write_bytes(whole[:5000])
    orlop.press("r")
    orlop.see("can't be shown", "r tries again")
    archive.write_bytes(whole)
    orlop.press("r")
    orlop.see("Files of the whole image", "3 layers")


def test_wrong_usage(open_orlop: Open) -> None:
    orlop = open_orlop("files", "timber/hold", "--image", TAG)
    assert_given_up(orlop, 2, "--image names an image in an archive file")
    orlop = open_orlop("files")
    assert_one_sentence(orlop, 2, "the following arguments are required: IMAGE|FILE")


def test_without_a_terminal(open_orlop: Open, archive: Path) -> None:
    orlop = open_orlop("files", str(archive), run_by=("sh", "-c", '"$@" </dev/null', "sh"))
    assert_given_up(orlop, 2, "stdin is not a terminal")
