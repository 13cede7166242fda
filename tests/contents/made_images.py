"""Image archives put together by hand, and what both ways of reading them give."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.engine.layered_images import STACKS, config_of, digest, docker_archive, layer_tar
from tui.contents.errors import BrokenArchiveError
from tui.contents.image_archive import ImageArchive, read_file, read_stream

LAYERS = STACKS["renamed"]
TARS = [layer_tar(items) for items in LAYERS]
DIFF_IDS = tuple(map(digest, TARS))
Members = Sequence[tuple[str, bytes | tarfile.TarInfo]]


def plain(data: bytes) -> bytes:
    return data


def archive(members: Members) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as target:
        for name, content in members:
            entry = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            body = b"" if isinstance(content, tarfile.TarInfo) else content
            entry.name, entry.size = name, len(body)
            target.addfile(entry, io.BytesIO(body))
    return buffer.getvalue()


def link(target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo()
    entry.type, entry.linkname = kind, target
    return entry


def manifest(layers: Sequence[str], tags: Sequence[str] | None = ("shop/web:1",), config: str = "config.json") -> bytes:
    return json.dumps([{"Config": config, "RepoTags": tags, "Layers": layers}]).encode()


def classic(config: bytes | None = None) -> list[tuple[str, bytes | tarfile.TarInfo]]:
    """As Docker 20.10 orders it, the third layer a link to where another image has the same one."""
    return [
        ("config.json", config or config_of(TARS)),
        ("a/", link("", tarfile.DIRTYPE)),
        ("a/VERSION", b"1.0"),
        ("a/json", b"{}"),
        ("a/layer.tar", TARS[0]),
        ("b/layer.tar", link("../a/../c/layer.tar")),
        ("c/layer.tar", TARS[1]),
        ("manifest.json", manifest(["a/layer.tar", "b/layer.tar"])),
        ("repositories", b'{"shop/web": {"1": "b"}}'),
    ]


def chunked(data: bytes, size: int = 5000) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def both(data: bytes, tmp_path: Path, **more: object) -> ImageArchive:
    """What is read from a stream and from a file, which has to be the same."""
    path = tmp_path / "image.tar"
    path.write_bytes(data)
    from_file = read_file(path, **more)  # type: ignore[arg-type]
    assert read_stream(chunked(data), name="image.tar", **more) == from_file  # type: ignore[arg-type]
    return from_file


def problem(data: bytes, tmp_path: Path) -> str:
    """What both say."""
    path = tmp_path / "image.tar"
    path.write_bytes(data)
    with pytest.raises(BrokenArchiveError) as of_file:
        read_file(path)
    with pytest.raises(BrokenArchiveError) as of_stream:
        read_stream(chunked(data), name="image.tar")
    assert str(of_file.value) == str(of_stream.value)
    return str(of_file.value)


EXPECTED = read_stream([docker_archive("shop/web:1", LAYERS)]).layers
