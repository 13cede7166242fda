"""Archives of volumes from an engine that fails while it sends: what came is never taken for the whole."""

from __future__ import annotations

import io
import json
import socket
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.fake_server import Answer, as_json, reply, serving, versioned
from tests.engine.test_long_reading import HEAD, chunk
from tui.engine.docker_engine import DockerEngine
from tui.engine.errors import ConnectionLostError, EngineError, UnsupportedError
from tui.engine.tar_end import TarEnd
from tui.engine.tar_prefix import moved_below
from tui.model.host import Endpoint

END = b"0\r\n\r\n"


def archive(size: int = 70_000) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as made:
        for name in ("./", "./zeros", "./last"):
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE if name == "./" else tarfile.REGTYPE
            member.size = 0 if name == "./" else size
            made.addfile(member, io.BytesIO(bytes(size)))
    return buffer.getvalue()


@pytest.fixture
def place() -> Iterator[Path]:
    """A path for a socket: pytest's own are too long for one."""
    with tempfile.TemporaryDirectory(prefix="orlop-") as folder:
        yield Path(folder) / "sock"


def engine_with(send: Callable[[socket.socket], None], asked: list[str]) -> Answer:
    """A fake engine with one volume, whose archive ``send`` sends; what it is asked for is put into ``asked``."""

    def answer(line: str, connection: socket.socket) -> None:
        asked.append(" ".join(line.split()[:2]).partition("?")[0].partition("/v1.")[0] + line.split()[1])
        if "/archive" in line:
            send(connection)
        elif "/volumes/" in line:
            connection.sendall(as_json({"Name": "data", "CreatedAt": "2024-05-01T00:00:00Z"}))
        elif "/images/create" in line:
            connection.sendall(as_json({"status": f"sha256:{'1' * 64}"}))
        elif "/containers/create" in line:
            connection.sendall(as_json({"Id": "2" * 64}))
        elif line.startswith("DELETE"):
            connection.sendall(as_json([]))
        else:
            connection.sendall(reply("404 Not Found"))

    return versioned(answer)


CUTS = {
    "nothing at all": b"",
    "within a header": archive()[:300],
    "within a body": archive()[:30_000],
    "within a body of zeros, at a block": archive()[: 512 * 60],
    "behind a whole entry": archive()[: 512 * (2 + 137)],
    "before the end": archive()[: 512 * (3 + 2 * 137)],
    "with one of its two last blocks": archive()[: 512 * (3 + 2 * 137) + 512],
    "with a message behind it": archive() + json.dumps({"message": "input/output error"}).encode(),
}


@pytest.mark.parametrize("how", CUTS)
@pytest.mark.parametrize("ends", ["as if that were all", "breaking off"])
async def test_what_is_cut_short_is_no_archive(place: Path, how: str, ends: str) -> None:
    """An engine that can't go on reading ends its answer like any other."""
    asked: list[str] = []

    def send(connection: socket.socket) -> None:
        connection.sendall(HEAD + (chunk(CUTS[how]) if CUTS[how] else b"") + (END if ends[0] == "a" else b""))
        if ends[0] == "b":
            connection.shutdown(socket.SHUT_RDWR)

    with serving(place, engine_with(send, asked)):
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        with pytest.raises(ConnectionLostError):
            await engine.volume_archive("data", lambda _: None, lambda _: None)
        await engine.close()
    removed = [line for line in asked if line.startswith("DELETE")]
    assert len(removed) == 2, "the helper's container and image"


async def test_a_whole_one_is_handed_over_as_it_came(place: Path) -> None:
    pieces: list[bytes] = []
    engine = DockerEngine(Endpoint(f"unix://{place}"))
    with serving(place, engine_with(lambda connection: connection.sendall(HEAD + chunk(archive()) + END), [])):
        await engine.volume_archive("data", pieces.append, lambda _: None)
        await engine.close()
    assert b"".join(pieces) == archive()


@pytest.mark.parametrize("version", ["1.31", "1.38"])
async def test_an_engine_that_would_remove_its_whole_cache_is_not_asked(place: Path, version: str) -> None:
    asked: list[str] = []

    def answer(line: str, connection: socket.socket) -> None:
        asked.append(line)
        connection.sendall(as_json({"ApiVersion": version, "Version": "18.06"}))

    engine = DockerEngine(Endpoint(f"unix://{place}"))
    with serving(place, answer):
        with pytest.raises(UnsupportedError):
            await engine.prune_cache_record("a" * 25)
        await engine.close()
    assert not any("prune" in line for line in asked)


async def test_an_engine_that_removes_more_is_told_loudly(place: Path) -> None:
    def answer(_line: str, connection: socket.socket) -> None:
        connection.sendall(as_json({"CachesDeleted": ["a" * 25, "b" * 25], "SpaceReclaimed": 7}))

    engine = DockerEngine(Endpoint(f"unix://{place}"))
    with serving(place, versioned(answer)):
        with pytest.raises(EngineError, match="b" * 25):
            await engine.prune_cache_record("a" * 25)
        await engine.close()


def test_names_are_moved_below_a_folder() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as made:
        for name, kind, target in (
            ("./", tarfile.DIRTYPE, ""),
            ("./.hidden", tarfile.REGTYPE, ""),
            ("..dots", tarfile.REGTYPE, ""),
            ("./" + "long/" * 60 + "leaf", tarfile.REGTYPE, ""),
            ("./hard", tarfile.LNKTYPE, "./" + "long/" * 60 + "leaf"),
            ("./soft", tarfile.SYMTYPE, "../" * 30 + "out"),
            ("./caf\udce9", tarfile.REGTYPE, ""),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.uid = kind, target, 3_000_000_000
            member.pax_headers = {"SCHILY.xattr.security.capability": "\x01\udcff", "mtime": "1600000000.5"}
            made.addfile(member)
    moved = b"".join(moved_below("volume", io.BytesIO(buffer.getvalue()).read, TarEnd()))
    with tarfile.open(fileobj=io.BytesIO(moved), errors="surrogateescape") as found:
        members = found.getmembers()
    assert [member.name for member in members] == [
        "volume", "volume/.hidden", "volume/..dots", "volume/" + "long/" * 60 + "leaf", "volume/hard", "volume/soft",
        "volume/caf\udce9",
    ]  # fmt: skip
    assert members[4].linkname == "volume/" + "long/" * 60 + "leaf"
    assert members[5].linkname == "../" * 30 + "out"
    assert {member.uid for member in members} == {3_000_000_000}
    assert {member.pax_headers["SCHILY.xattr.security.capability"] for member in members} == {"\x01\udcff"}
