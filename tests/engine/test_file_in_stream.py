"""One file out of an engine's save stream: the same one as out of the same image in an archive file."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from tests.contents.test_archive_source import LAYERS, WRAPPED
from tests.engine.fake_server import serving
from tests.engine.layered_images import docker_archive, file, hard_link
from tests.engine.test_docker_engine import threads_left
from tests.engine.test_long_reading import HEAD, chunk, engine_with
from tui.contents.archive_source import ArchiveSource
from tui.contents.image_archive import read_stream
from tui.engine import errors
from tui.engine.decode_detail import image_detail
from tui.engine.docker_engine import DockerEngine
from tui.model.host import Endpoint
from tui.model.image import ImageDetail
from tui.model.layer_files import Kind
from tui.model.storage import Reading

Save = Callable[[socket.socket], None]


def nothing(_reading: Reading) -> None:
    pass


def saving(archive: bytes) -> Save:
    def save(connection: socket.socket) -> None:
        connection.sendall(HEAD + chunk(archive) + b"0\r\n\r\n")

    return save


def described(archive: bytes) -> ImageDetail:
    image = read_stream([archive], ()).images[0]
    raw = {"Id": f"sha256:{'1' * 64}", "RootFS": {"Layers": list(image.diff_ids)}, "Size": len(archive)}
    return image_detail(raw, [])


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a socket: pytest's own are too long for one."""
    with tempfile.TemporaryDirectory(prefix="orlop-") as name:
        yield Path(name)


@pytest_asyncio.fixture
async def engine(folder: Path) -> AsyncIterator[DockerEngine]:
    made = DockerEngine(Endpoint(f"unix://{folder / 'sock'}"))
    with suppress(errors.EngineError):
        await made.host()  # the first look of a new engine is over: nobody serves here yet
    yield made
    await made.close()
    assert await threads_left() == []


async def body(engine: DockerEngine, image: ImageDetail, layer: int, path: str, limit: int | None = None) -> bytes:
    pieces: list[bytes] = []
    await engine.layer_file(image, image.diff_ids[layer], path, pieces.append, limit=limit, on_reading=nothing)
    return b"".join(pieces)


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize("held_bytes", [8 << 20, 0], ids=["small", "large"])
async def test_every_file_is_the_one_that_the_layer_lists(
    folder: Path, engine: DockerEngine, monkeypatch: pytest.MonkeyPatch, wrapped: str, held_bytes: int
) -> None:
    monkeypatch.setattr("tui.engine.save_stream._HELD_BYTES", held_bytes)
    archive = WRAPPED[wrapped]("shop/web:1", LAYERS)
    (folder / "image.tar").write_bytes(archive)
    source = ArchiveSource(folder / "image.tar")
    stack = await source.open(nothing)
    image = described(archive)
    with serving(folder / "sock", engine_with(saving(archive))):
        for number, files in enumerate(stack.files):
            for entry in files:
                if entry.kind in {Kind.FILE, Kind.HARD_LINK}:
                    expected: list[bytes] = []
                    await source.read_file(number, entry.path, expected.append, limit=None, on_reading=nothing)
                    assert await body(engine, image, number, entry.path) == b"".join(expected), entry.path
        assert await body(engine, image, 0, "twice") == b"this one"
        assert await body(engine, image, 0, "twice", limit=4) == b"this"
        assert await body(engine, image, 0, "old") == b"of late"
        assert await body(engine, image, 0, "kept") == b"of old"


async def test_a_link_to_what_comes_later_is_followed_as_the_layer_lists_it(folder: Path, engine: DockerEngine) -> None:
    archive = docker_archive("late:1", [[hard_link("early", "later"), file("later", b"first"), file("later", b"last")]])
    (folder / "image.tar").write_bytes(archive)
    pieces: list[bytes] = []
    await ArchiveSource(folder / "image.tar").read_file(0, "early", pieces.append, limit=None, on_reading=nothing)
    assert b"".join(pieces) == b"last"
    with serving(folder / "sock", engine_with(saving(archive))):
        assert await body(engine, described(archive), 0, "early") == b"last"


async def test_links_in_a_circle_end(folder: Path, engine: DockerEngine) -> None:
    archive = docker_archive("circle:1", [[hard_link("a", "b"), hard_link("b", "a"), hard_link("c", "c")]])
    with serving(folder / "sock", engine_with(saving(archive))):
        for name in ("a", "b", "c"):
            with pytest.raises(errors.NotFoundError, match="leads nowhere"):
                await body(engine, described(archive), 0, name)
