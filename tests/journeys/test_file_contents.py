"""Looking into files, and writing them out, from the Files screen."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.journeys.files_explorer import FilesExplorer, files_explorer, shop
from tui.contents.errors import ContentsError
from tui.model.storage import Phase, Reading


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def ask_to_write(user: FilesExplorer, path: str) -> Input:
    await user.put_cursor_on(path)
    await user.press("W")
    await user.see("Destination on this machine")
    return user.app.screen.query_one(Input)


# -- looking ----------------------------------------------------------------------------------


async def test_text_is_shown_and_x_shows_its_bytes() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("srv/app/main.py")
        await user.press("enter")
        await user.see("print(os.getcwd())", "text, ASCII", "all of it", "1000:0")
        await user.press("x")
        await user.see("00000000 69 6d 70 6f 72 74 20 6f  73 0a 0a 70 72 69 6e 74 import os··print")
        await user.press("x", "escape")
        await user.see("Files of the whole image")


async def test_binary_is_shown_in_hex() -> None:
    async with files_explorer(shop(), size=(80, 24)) as user:
        await user.put_cursor_on("srv/app/logo.png")
        await user.press("v")
        await user.see("binary", "89 50 4e 47 0d 0a 1a 0a  00 01 02 03 04 05 06 07 ·PNG············")


async def test_only_the_beginning_of_a_big_file_is_read() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("srv/app/big.log")
        await user.press("v")
        await user.see("first 256.0 kB of 600.0 kB", "GET /index.html 200")
        await user.press("end")
        assert user.source.asked == [(3, "srv/app/big.log")]


async def test_empty_file_and_removed_file() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("etc/hostname")
        await user.press("v")
        await user.see(" empty ")
        await user.press("q")
        await user.put_cursor_on("usr/share/doc/copyright")
        await user.press("v")
        # It has no body in this world; that it is read from the layer that held it is what counts.
        await user.see("Layer 1 has no file /usr/share/doc/copyright.", "Look at another layer.")


async def test_escape_stops_reading_a_file() -> None:
    async with files_explorer(shop()) as user:
        user.source.gate.clear()
        user.source.readings = (Reading(Phase.READING, 50, 100),)
        await user.put_cursor_on("srv/app/main.py")
        await user.press("v")
        await user.see("50%", "Esc stops it.")
        await user.press("escape")
        await user.until(lambda: user.source.cancelled)
        await user.see("Files of the whole image")


# -- writing out ------------------------------------------------------------------------------


async def test_writes_to_the_working_folder_with_a_harmless_mode(folder: Path) -> None:
    async with files_explorer(shop()) as user:
        field = await ask_to_write(user, "srv/app/main.py")
        assert field.value == str(folder / "main.py")
        await user.press("enter")
        await user.see(f"Wrote 30 B to {folder}")
    written = folder / "main.py"
    assert written.read_bytes() == b"import os\n\nprint(os.getcwd())\n"
    assert stat.S_IMODE(written.stat().st_mode) == 0o644
    assert os.listdir(folder) == ["main.py"]


async def test_overwrites_only_when_told_to(folder: Path) -> None:
    (folder / "main.py").write_text("mine")
    async with files_explorer(shop()) as user:
        await ask_to_write(user, "srv/app/main.py")
        await user.press("enter")
        await user.see("is there already.")
        assert (folder / "main.py").read_text() == "mine"
        await user.press("tab", "space", "tab", "tab", "enter")
        await user.see("Wrote 30 B")
    assert (folder / "main.py").read_bytes().startswith(b"import os")


async def test_a_link_at_the_destination_is_never_followed(folder: Path) -> None:
    (folder / "precious").write_text("mine")
    (folder / "main.py").symlink_to("precious")
    async with files_explorer(shop()) as user:
        await ask_to_write(user, "srv/app/main.py")
        await user.press("enter")
        await user.see("is there already.")
        await user.press("tab", "space", "tab", "tab", "enter")
        await user.see("Wrote 30 B")
    assert (folder / "precious").read_text() == "mine"
    assert not (folder / "main.py").is_symlink()


async def test_says_what_is_wrong_with_a_destination(folder: Path) -> None:
    async with files_explorer(shop()) as user:
        field = await ask_to_write(user, "srv/app/main.py")
        for value, words in (
            ("", "Type where"),
            (str(folder), "is a folder."),
            ("no/such/place", "There is no folder"),
        ):
            field.value = value
            await user.press("enter")
            await user.see(words)
        await user.press("escape")
        await user.see_no_more("Destination")
    assert os.listdir(folder) == []


async def test_cancelled_writing_leaves_nothing_behind(folder: Path) -> None:
    async with files_explorer(shop()) as user:
        user.source.gate.clear()
        await ask_to_write(user, "srv/app/main.py")
        await user.press("enter")
        await user.until(lambda: bool(os.listdir(folder)))
        await user.see("looking for what is known already")
        await user.press("escape")
        await user.until(lambda: user.source.cancelled)
        await user.until(lambda: os.listdir(folder) == [])


async def test_failed_writing_leaves_nothing_behind(folder: Path) -> None:
    async with files_explorer(shop()) as user:
        user.source.problem = ContentsError("The engine hung up.", "Try again.")
        await ask_to_write(user, "srv/app/main.py")
        await user.press("enter")
        await user.see("The engine hung up. Try again.")
        assert os.listdir(folder) == []
        user.source.problem = None
        user.source.sketches[2].bodies["srv/app/main.py"] = b"cut"
        await user.press("enter")
        await user.see("Only 3 of 30 bytes of /srv/app/main.py came.")
        assert os.listdir(folder) == []
