"""Sparse files as GNU tar writes them, in every format it knows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.contents.made_tars import END, header, outcome, pax, record, streamed, told_by_tarfile, with_checksum
from tui.contents.errors import BrokenArchiveError
from tui.contents.tar_walk import TarWalk
from tui.model.layer_files import LayerFiles

FORMATS = {
    "old GNU": ["--format=gnu"],
    "pax 0.0": ["--format=posix", "--sparse-version=0.0"],
    "pax 0.1": ["--format=posix", "--sparse-version=0.1"],
    "pax 1.0": ["--format=posix", "--sparse-version=1.0"],
}


def files(folder: Path) -> dict[str, Path]:
    """Files with holes: at the end, at the beginning, many (so that their map takes more blocks), and nothing else."""
    made = {name: folder / name for name in ("end", "begin", "many", "nothing", "none")}
    for path in made.values():
        path.touch()
    with made["end"].open("r+b") as file:
        file.write(b"start" * 1000)
        file.truncate(3_000_000)
    with made["begin"].open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"end" * 999)
    with made["many"].open("r+b") as file:
        for number in range(120):
            file.seek(number * 70_000)
            file.write(bytes([number + 1]) * 5000)
    with made["nothing"].open("r+b") as file:
        file.truncate(500_000)
    made["none"].write_bytes(b"full")
    return made


def bodies(data: bytes) -> dict[str, bytes]:
    source = streamed(data, 5000)
    return {member.path: b"".join(member.body(source)) for member in TarWalk(source).members()}


@pytest.mark.parametrize("name", FORMATS)
def test_size_and_body(tmp_path: Path, name: str) -> None:
    tar = shutil.which("tar")
    assert tar is not None
    made = files(tmp_path)
    data = subprocess.run(
        [tar, "--sparse", "--hole-detection=raw", *FORMATS[name], "-cf", "-", *made],
        cwd=tmp_path, capture_output=True, check=True,
    ).stdout  # fmt: skip
    assert len(data) < 1_500_000, "tar found no holes"
    found = outcome(data)
    assert found == told_by_tarfile(data)
    assert isinstance(found, LayerFiles)
    assert {entry.path: entry.size_bytes for entry in found} == {
        path.name: path.stat().st_size for path in made.values()
    }
    assert bodies(data) == {path.name: path.read_bytes() for path in made.values()}


def sparse(major: bytes = b"", **more: bytes) -> bytes:
    records = record(b"GNU.sparse.major", b"1") + record(b"GNU.sparse.minor", b"0") if major else b""
    return pax(records + b"".join(record(b"GNU.sparse." + key.encode(), value) for key, value in more.items()))


@pytest.mark.parametrize(
    "data",
    [
        sparse(b"1", realsize=b"10") + header(size=b"00000001000\0") + b"99999999999\n".ljust(512, b"\0"),
        sparse(b"1", realsize=b"10") + header(size=b"00000001000\0") + b"not a number\n".ljust(512, b"\0"),
        sparse(b"1", realsize=b"10") + header(size=b"00000001000\0") + b"1" * 512,
        sparse(b"1", realsize=b"10") + header(size=b"00000001000\0") + b"1\n-5\n3\n".ljust(512, b"\0"),
        sparse(b"1", realsize=b"10") + header(size=b"00000001000\0") + b"1\n5\n30\n".ljust(512, b"\0"),
        sparse(b"1", realsize=b"10") + header(size=b"00000001000\0") + b"2\n5\n1\n5\n".ljust(512, b"\0"),
        sparse(b"1", realsize=b"10") + header(size=b"00000000010\0") + b"0\n".ljust(512, b"\0"),
        sparse(map=b"0,3", size=b"10") + header(size=b"00000000004\0") + bytes(512),
        sparse(map=b"3,3,2,1", size=b"10") + header(size=b"00000000004\0") + bytes(512),
        sparse(map=b"8,3", size=b"10") + header(size=b"00000000003\0") + bytes(512),
    ],
)
def test_maps_that_make_no_sense(data: bytes) -> None:
    with pytest.raises(BrokenArchiveError, match=r"^The layer has a .* that|^The layer has a sparse file"):
        bodies(data + bytes(512) + END)


def test_an_old_map_that_makes_no_sense() -> None:
    block = bytearray(header(flag=b"S", size=b"00000000005\0", sparse=b"00000000011\x0000000000005\0"))
    block[483:495] = b"00000000007\0"
    with pytest.raises(BrokenArchiveError, match="map makes no sense"):
        bodies(with_checksum(bytes(block)) + bytes(512) + END)


def test_a_file_that_is_nothing_but_an_enormous_hole() -> None:
    """Its size is believed; it takes no memory to hand over the beginning."""
    data = sparse(map=b"", size=b"1000000000000") + header() + END
    source = streamed(data)
    member = next(TarWalk(source).members())
    assert member.header.size_bytes == 10**12
    assert len(next(member.body(source))) <= 1 << 20
