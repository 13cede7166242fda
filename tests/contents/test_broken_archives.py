"""What is no image archive, or a damaged one: said in a sentence, the same from a stream and from a file."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contents.made_images import (
    EXPECTED,
    LAYERS,
    TARS,
    Members,
    archive,
    both,
    chunked,
    classic,
    link,
    plain,
    problem,
)
from tests.engine.layered_images import file, layer_tar, oci_archive
from tests.examples import examples
from tui.contents.errors import BrokenArchiveError, NoSuchFileError
from tui.contents.image_archive import ImageArchive, read_file, read_stream


class TestForeign:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "image.tar is empty."),
            (b"PK\x03\x04" + bytes(600), "no tar archive: it seems to be a zip file."),
            (b"\x7fELF" + bytes(600), "it seems to be a program"),
            (b"\xfd7zXZ\0" + bytes(600), "compressed with xz"),
            (b"just text", "image.tar is no tar archive."),
            (bytes(range(100, 200)) * 50, "image.tar is no tar archive."),
            (layer_tar([file("readme")]), "neither manifest.json nor index.json"),
            (layer_tar([file(f"{name}/x") for name in ("etc", "usr", "var")]), "as docker export writes it"),
            (bytes(10240), "neither manifest.json nor index.json"),
            (gzip.compress(b"just text"), "image.tar is no tar archive."),
        ],
        ids=("empty", "zip", "program", "xz", "text", "noise", "tar", "export", "zeros", "packed text"),
    )
    def test_says_what_it_seems_to_be(self, tmp_path: Path, data: bytes, words: str) -> None:
        assert words in problem(data, tmp_path)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (b"{not json", "that is no JSON"),
            (b"[" * 100_000, "that is no JSON"),
            (b"[]", "not what it should be"),
            (b'{"a": 1}', "not what it should be"),
            (b'[{"Config": 5}]', "not what it should be"),
            (b'[{"Config": "config.json", "Layers": [7]}]', "not what it should be"),
            (b'[{"Config": "gone.json", "Layers": []}]', "lacks gone.json"),
            (
                b'[{"Config": "config.json", "Layers": ["gone\\u001b[2J/layer.tar"]}]',
                "lacks the layer gone\\x1b[2J/layer.tar",
            ),
            (b'[{"Config": "config.json", "Layers": ["a/layer.tar"]}]', "holds 1 layers for an image of 2"),
            (b'[{"Config": "a/json", "Layers": []}]', "a/json that is not what it should be"),
            (
                b'[{"Config": "config.json", "Layers": ["a/layer.tar", "a/VERSION"]}]',
                "The layer a/VERSION in image.tar is no tar",
            ),
        ],
    )
    def test_a_manifest_that_is_none(self, tmp_path: Path, text: bytes, words: str) -> None:
        members = [("manifest.json", text) if name == "manifest.json" else (name, data) for name, data in classic()]
        assert words in problem(archive(members), tmp_path)

    def test_links_in_a_circle(self, tmp_path: Path) -> None:
        members = [(name, link("layer.tar") if name == "b/layer.tar" else data) for name, data in classic()]
        assert "lacks the layer b/layer.tar" in problem(archive(members), tmp_path)

    def test_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(NoSuchFileError, match="can't be opened: No such file"):
            read_file(tmp_path / "gone.tar")
        with pytest.raises(NoSuchFileError, match="is a folder"):
            read_file(tmp_path)
        with pytest.raises(NoSuchFileError, match="is no file's name"):
            read_file("a\0b")


class TestDamaged:
    @pytest.mark.parametrize("compress", [plain, gzip.compress, zstd.compress])
    def test_cut_anywhere_it_names_what_is_cut(self, tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
        data = oci_archive("web:1", LAYERS, compress, "")
        with tarfile.open(fileobj=io.BytesIO(data)) as whole:
            index = whole.getmember("index.json")
        path = tmp_path / "image.tar"
        for cut in [*range(0, index.offset, 517), index.offset_data + index.size - 1]:
            path.write_bytes(data[:cut])
            with pytest.raises(BrokenArchiveError, match=r"image\.tar"):
                read_file(path)
            with pytest.raises(BrokenArchiveError, match=r"image\.tar"):
                read_stream(chunked(data[:cut]), name="image.tar")

    def test_a_broken_layer_is_named(self, tmp_path: Path) -> None:
        broken = bytearray(TARS[1])
        broken[512 + 150] ^= 1
        members = [(name, bytes(broken) if name == "c/layer.tar" else data) for name, data in classic()]
        said = problem(archive(members), tmp_path)
        assert said.startswith("The layer c/layer.tar in image.tar is broken")

    @pytest.mark.parametrize("compress", [gzip.compress, zstd.compress])
    def test_so_is_one_with_something_behind_its_end(self, tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
        members = [(name, compress(TARS[1]) + b"junk" if name == "c/layer.tar" else data) for name, data in classic()]
        said = problem(archive(members), tmp_path)
        assert said.startswith("The layer c/layer.tar in image.tar")

    def test_what_is_compressed_and_no_layer_does_no_harm(self, tmp_path: Path) -> None:
        others: Members = [
            ("notes.gz", gzip.compress(b"no tar")),
            ("odd.gz", b"\x1f\x8bgarbage"),
            ("half.zst", b"\x28\xb5\x2f\xfd"),
        ]
        assert both(archive([*others, *classic()]), tmp_path).layers == EXPECTED

    @settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_any_damage(self, tmp_path: Path, data: st.DataObject) -> None:
        changed = bytearray(archive(classic()))
        for _ in range(data.draw(st.integers(1, 4))):
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
        path = tmp_path / "image.tar"
        path.write_bytes(changed)
        found: list[ImageArchive | None] = []
        reads: list[Callable[[], ImageArchive]] = [
            lambda: read_file(path),
            lambda: read_stream(chunked(bytes(changed)), name="image.tar"),
        ]
        for read in reads:
            try:
                found.append(read())
            except BrokenArchiveError:
                found.append(None)
        assert found[0] == found[1]
