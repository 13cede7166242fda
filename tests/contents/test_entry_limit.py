"""A reading that meets more files and folders than fit into memory ends in a sentence, however it reads."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tests.contents.made_images import TARS
from tests.engine.layered_images import docker_archive, file
from tui.contents.byte_source import ChunkSource
from tui.contents.entry_limit import LONG_NAME_SHIFT, most_entries
from tui.contents.errors import TooManyEntriesError
from tui.contents.image_archive import read_file, read_stream
from tui.contents.tar_walk import read_layer
from tui.contents.watch import Watch

_LAYERS = [[file(f"layer{layer}/{number}", b"x") for number in range(40)] for layer in range(3)]


def _written(tmp_path: Path) -> Path:
    path = tmp_path / "many.tar"
    path.write_bytes(docker_archive("many:1", _LAYERS))
    return path


def _entries(path: Path) -> int:
    archive = read_file(path)
    return sum(map(len, archive.layers.values()))


def test_all_layers_together_count(tmp_path: Path) -> None:
    path = _written(tmp_path)
    entries = _entries(path)
    assert len(read_file(path, limit=entries).layers) == 3

    with pytest.raises(TooManyEntriesError, match=rf"^The layer .* beyond {entries - 1:,} files and folders") as caught:
        read_file(path, limit=entries - 1)
    assert caught.value.next_step


def test_a_stream_ends_the_same_way(tmp_path: Path) -> None:
    path = _written(tmp_path)
    data = path.read_bytes()
    entries = _entries(path)
    assert len(read_stream([data], limit=entries).layers) == 3
    with pytest.raises(TooManyEntriesError, match=r"^The layer .* could not be read to its end"):
        read_stream([data], limit=entries - 1)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT], ids=["pax", "gnu"])
def test_long_names_count_for_more(form: int) -> None:
    name = "n" * 3000
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as target:
        target.addfile(tarfile.TarInfo(name))
    data = buffer.getvalue()
    weight = 1 + (len(name) >> LONG_NAME_SHIFT)
    assert len(read_layer(ChunkSource([data], "The layer", Watch(limit=2 * weight)))) == 1
    with pytest.raises(TooManyEntriesError):
        read_layer(ChunkSource([data], "The layer", Watch(limit=weight - 1)))


def test_what_is_passed_over_does_not_count() -> None:
    watch = Watch(limit=0)
    watch.keep(0, "The layer")
    assert watch.entries == 0
    with pytest.raises(TooManyEntriesError):
        read_layer(ChunkSource([TARS[0]], "The layer", watch))


def test_ordinary_images_are_far_below_the_limit() -> None:
    assert most_entries() >= 500_000
