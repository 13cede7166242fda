"""Writing files out never surprises anybody."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journeys.files_explorer import LayerSketch, SketchedSource
from tui.contents.errors import StoppedError
from tui.contents.extraction import ExistsError, Extraction, ExtractionError, extract, safe_name


def write(destination: Path, *pieces: bytes, overwrite: bool = False) -> None:
    extraction = Extraction(destination, overwrite=overwrite)
    for piece in pieces:
        extraction.take(piece)
    extraction.finish()


def test_takes_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    extraction = Extraction(tmp_path / "out", overwrite=False)
    extraction.take(b"one ")
    assert not (tmp_path / "out").exists()
    extraction.take(b"two")
    extraction.finish()
    assert os.listdir(tmp_path) == ["out"]
    assert (tmp_path / "out").read_bytes() == b"one two"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o644


def test_discarding_leaves_nothing_and_takes_nothing_more(tmp_path: Path) -> None:
    extraction = Extraction(tmp_path / "out", overwrite=False)
    extraction.take(b"x")
    extraction.discard()
    extraction.discard()
    assert os.listdir(tmp_path) == []
    with pytest.raises(StoppedError):
        extraction.take(b"y")


def test_what_comes_to_lie_there_meanwhile_is_safe(tmp_path: Path) -> None:
    extraction = Extraction(tmp_path / "out", overwrite=False)
    (tmp_path / "out").write_text("mine")
    with pytest.raises(ExistsError):
        extraction.finish()
    assert (tmp_path / "out").read_text() == "mine"
    assert os.listdir(tmp_path) == ["out"]


def test_without_hard_links_it_is_careful_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_args: object, **_options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write(tmp_path / "out", b"x")
    assert os.listdir(tmp_path) == ["out"]
    extraction = Extraction(tmp_path / "other", overwrite=False)
    (tmp_path / "other").write_text("mine")
    with pytest.raises(ExistsError):
        extraction.finish()
    assert (tmp_path / "other").read_text() == "mine"
    assert sorted(os.listdir(tmp_path)) == ["other", "out"]


def test_overwriting_replaces_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "out").symlink_to("precious")
    with pytest.raises(ExistsError):
        Extraction(tmp_path / "out", overwrite=False)
    write(tmp_path / "out", b"new", overwrite=True)
    assert (tmp_path / "precious").read_text() == "mine"
    assert (tmp_path / "out").read_bytes() == b"new"
    assert not (tmp_path / "out").is_symlink()


@pytest.mark.parametrize("overwrite", [False, True])
def test_folders_and_pipes_are_never_overwritten(tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe", "missing/out", "nul\0"):
        with pytest.raises(ExtractionError) as caught:
            Extraction(tmp_path / name, overwrite=overwrite)
        assert caught.value.next_step
    assert sorted(os.listdir(tmp_path)) == ["folder", "pipe"]


def test_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_options: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    # Root, as whom these tests may run, is denied nothing.
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(ExtractionError, match="permission denied"):
        Extraction(tmp_path / "out", overwrite=False)


async def test_full_disk_is_told_in_its_own_words(tmp_path: Path) -> None:
    source = SketchedSource(LayerSketch("").file("big", b"x" * 50_000))
    destination = tmp_path / "out"

    class FullDisk(Extraction):
        def __init__(self, destination: Path, *, overwrite: bool) -> None:
            super().__init__(destination, overwrite=overwrite)
            self._file.close()
            self._file = open("/dev/full", "wb")  # noqa: SIM115 - the extraction closes it

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.contents.extraction.Extraction", FullDisk)
        with pytest.raises(ExtractionError, match="no space left"):
            await extract(
                source, 0, "big", destination, overwrite=False, expected_bytes=None, on_reading=lambda _reading: None
            )
    assert os.listdir(tmp_path) == []


async def test_cancelled_before_the_file_is_even_made(tmp_path: Path) -> None:
    source = SketchedSource(LayerSketch("").file("f", b"x"))
    job = asyncio.ensure_future(
        extract(source, 0, "f", tmp_path / "out", overwrite=False, expected_bytes=1, on_reading=lambda _reading: None)
    )
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    for _ in range(100):
        await asyncio.sleep(0.01)
        if not os.listdir(tmp_path):
            break
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("usr/bin/perl", "perl"),
        ("etc/.bashrc", ".bashrc"),
        ("a/..", "file"),
        ("a/.", "file"),
        ("", "file"),
        ("x/-rf", "_-rf"),
        ("x/a\x1b[2Jb", "a__2Jb"),
        ("x/con:aux|", "con_aux_"),
        ("x/..\\..\\evil", ".._.._evil"),
        ("x/caf\udce9", "caf_"),
        ("x/grüße.txt", "grüße.txt"),
    ],
)
def test_names_are_made_harmless(path: str, name: str) -> None:
    assert safe_name(path) == name


@given(st.text())
def test_any_name_is_one_component(path: str) -> None:
    name = safe_name(path)
    assert name
    assert name not in {".", ".."}
    assert "/" not in name
    assert "\0" not in name
    name.encode()
