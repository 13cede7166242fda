"""The engine's record of a layer's tar, and the tar made of it again."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.contents.byte_source import ChunkSource
from tui.contents.errors import BrokenArchiveError
from tui.contents.tar_walk import read_layer
from tui.contents.watch import Watch
from tui.engine.tar_split import recorded_tar
from tui.model.layer_files import LayerFiles


def record_of(data: bytes, path: Path, *, spaced: bool = False) -> Path:
    """Write the record of a tar, as the engine does."""
    lines: list[dict[str, object]] = []
    at = 0
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            begin = member.offset_data
            size = member.size if member.isreg() else 0
            lines.append({"type": 2, "payload": base64.b64encode(data[at:begin]).decode()})
            body: dict[str, object] = {"type": 1, "name": member.name, "size": size, "payload": "AAAAAAAAAAA="}
            lines.append(body if size else {**body, "size": 0} if spaced else {"type": 1, "name": member.name})
            at = begin + size
    lines.append({"type": 2, "payload": base64.b64encode(data[at:]).decode()})
    separators = None if spaced else (",", ":")
    text = "".join(json.dumps({**line, "position": n}, separators=separators) + "\n" for n, line in enumerate(lines))
    path.write_bytes(gzip.compress(text.encode()))
    return path


def made(sizes: list[int]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for number, size in enumerate(sizes):
            folder = tarfile.TarInfo(f"d{number}")
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
            file = tarfile.TarInfo(f"d{number}/" + 'with "size":99, in its name ' * (number % 6))
            file.name = file.name.rstrip("/") + f"/f{number}"
            file.size = size
            archive.addfile(file, io.BytesIO(bytes(size)))
            link = tarfile.TarInfo(f"l{number}")
            link.type, link.linkname = tarfile.SYMTYPE, f"d{number}"
            archive.addfile(link)
    return buffer.getvalue()


def layer_of(data: bytes) -> LayerFiles:
    return read_layer(ChunkSource([data], "the tar", Watch()))


@pytest.mark.parametrize("spaced", [False, True])
@given(sizes=st.lists(st.integers(0, 3) | st.integers(500, 1100) | st.sampled_from([65535, 65536, 65537, 200_000])))
def test_the_tar_is_made_again(tmp_path_factory: pytest.TempPathFactory, spaced: bool, sizes: list[int]) -> None:
    data = made(sizes)
    record = record_of(data, tmp_path_factory.getbasetemp() / "tar-split.json.gz", spaced=spaced)
    again = b"".join(recorded_tar(record))
    assert again == data
    assert layer_of(again) == layer_of(data)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"no gzip",
        gzip.compress(b"no json\n"),
        gzip.compress(b'{"type":2,"payload":"%%%"}\n'),
        gzip.compress(b'{"type":2,"payload":"AAA'),
        gzip.compress(b'{"type":1,"name":"x","size":x,"position":1}\n'),
        gzip.compress(b'{"type":3}\n'),
        gzip.compress(b"[]\n"),
        gzip.compress(b'{"type":2,"payload":"AAAA","position":0}\n')[:-9],
    ],
    ids=["empty", "no gzip", "no json", "no base64", "cut in a line", "no size", "unknown", "a list", "cut short"],
)
def test_a_damaged_record(tmp_path: Path, damage: bytes) -> None:
    record = tmp_path / "tar-split.json.gz"
    record.write_bytes(damage)
    with pytest.raises(BrokenArchiveError) as caught:
        b"".join(recorded_tar(record))
    assert str(record) in caught.value.message


def test_a_record_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BrokenArchiveError):
        b"".join(recorded_tar(tmp_path / "nothing"))
