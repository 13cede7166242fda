"""Readings that take long: what becomes of their threads and sockets when they are stopped, break off or stall."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from tests.engine.contract.conftest import PATIENCE
from tests.engine.docker_lab import digest, docker_archive, tar
from tests.engine.fake_server import Answer, as_json, reply, serving, versioned
from tests.engine.test_docker_engine import threads_left
from tui.engine import errors
from tui.engine.decode_detail import image_detail
from tui.engine.docker_engine import DockerEngine
from tui.model.host import Endpoint
from tui.model.image import ImageDetail
from tui.model.storage import Phase, Reading

LAYER = tar({"etc/motd": b"welcome", "big": bytes(3_000_000)})
ARCHIVE = docker_archive([LAYER], "fake:1", "amd64")
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-tar\r\n\r\n"


def the_image() -> ImageDetail:
    raw = {"Id": f"sha256:{'1' * 64}", "RootFS": {"Layers": [digest(LAYER)]}, "Size": len(LAYER)}
    return image_detail(raw, [])


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


class Closed:
    """Whether the client has hung up, as the server sees it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def watch(self, connection: socket.socket, data: bytes = b"") -> None:
        """Send ``data``, and return when it has."""
        try:
            connection.sendall(data)
            while connection.recv(1000):
                pass
        except OSError:
            pass
        self._event.set()

    async def seen(self) -> bool:
        return await asyncio.to_thread(self._event.wait, PATIENCE)


def engine_with(save: Callable[[socket.socket], None]) -> Answer:
    """A remote-looking engine whose save streams are what ``save`` makes of them."""

    def answer(line: str, connection: socket.socket) -> None:
        if "/images/" in line and "/get" in line:
            save(connection)
        elif "/info" in line:
            connection.sendall(as_json({"ID": "x", "Driver": "vfs", "DockerRootDir": "/nowhere"}))
        elif "/images/" in line:
            connection.sendall(as_json({"Id": the_image().id}))
        else:
            connection.sendall(reply("404 Not Found"))

    return versioned(answer)


@pytest.fixture
def place() -> Iterator[Path]:
    """A path for a socket: pytest's own are too long for one."""
    with tempfile.TemporaryDirectory(prefix="orlop-") as folder:
        yield Path(folder) / "sock"


@pytest_asyncio.fixture
async def engine(place: Path) -> AsyncIterator[DockerEngine]:
    made = DockerEngine(Endpoint(f"unix://{place}"))
    with suppress(errors.EngineError):
        await made.host()  # the first look of a new engine is over: nobody serves here yet
    yield made
    await made.close()
    assert await threads_left() == []


async def test_a_stream_is_read(place: Path, engine: DockerEngine) -> None:
    def save(connection: socket.socket) -> None:
        pieces = [ARCHIVE[at : at + 32768] for at in range(0, len(ARCHIVE), 32768)]
        connection.sendall(HEAD + b"".join(map(chunk, pieces)) + b"0\r\n\r\n")

    image = the_image()
    with serving(place, engine_with(save)):
        found = await engine.layer_files(image, image.diff_ids, lambda _: None)
    assert [entry.path for entry in found[image.diff_ids[0]]] == ["big", "etc/motd"]


async def test_the_head_may_take_as_long_as_it_likes(
    place: Path, engine: DockerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.sdk.CONNECT_TIMEOUT", 0.2)

    def save(connection: socket.socket) -> None:
        threading.Event().wait(0.7)
        connection.sendall(HEAD + chunk(ARCHIVE))
        threading.Event().wait(0.4)
        connection.sendall(b"0\r\n\r\n")

    told: list[Reading] = []
    image = the_image()
    with serving(place, engine_with(save)):
        assert await engine.layer_files(image, image.diff_ids, told.append)
    assert [reading.phase for reading in told[:2]] == [Phase.WAITING, Phase.READING]


async def test_cancelled_before_the_head(place: Path, engine: DockerEngine) -> None:
    closed, image = Closed(), the_image()
    with serving(place, engine_with(closed.watch)) as seen:
        task = asyncio.create_task(engine.layer_files(image, image.diff_ids, lambda _: None))
        while not any("/get" in line for line in seen):
            await asyncio.sleep(0.01)
        task.cancel()
        async with asyncio.timeout(1):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert await closed.seen()
        assert [name for name in await threads_left() if "reading" in name] == []
        assert engine.open_connections <= 1  # an idle one, that asked for the engine's facts


async def test_cancelled_in_the_middle(place: Path, engine: DockerEngine) -> None:
    closed, begun = Closed(), threading.Event()

    def save(connection: socket.socket) -> None:
        # So many bytes announced that the reader waits for the next ones.
        connection.sendall(HEAD + chunk(ARCHIVE[:1_500_000]))
        begun.set()
        closed.watch(connection)

    image = the_image()
    told: list[Reading] = []
    with serving(place, engine_with(save)):
        task = asyncio.create_task(engine.layer_files(image, image.diff_ids, told.append))
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        await asyncio.sleep(0.1)
        task.cancel()
        async with asyncio.timeout(1):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert await closed.seen()
        heard = len(told)
        await asyncio.sleep(0.15)
        assert len(told) == heard


async def test_closing_the_engine_ends_a_reading(place: Path, engine: DockerEngine) -> None:
    closed = Closed()
    image = the_image()
    with serving(place, engine_with(closed.watch)) as seen:
        task = asyncio.create_task(engine.layer_files(image, image.diff_ids, lambda _: None))
        while not any("/get" in line for line in seen):
            await asyncio.sleep(0.01)
        await engine.close()
        async with asyncio.timeout(1):
            with pytest.raises(errors.ConnectionLostError):
                await task
        assert await closed.seen()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
async def test_an_engine_that_goes_away(place: Path, engine: DockerEngine, share: float) -> None:
    def save(connection: socket.socket) -> None:
        connection.sendall(HEAD + chunk(ARCHIVE[: int(len(ARCHIVE) * share)] or b"x"))
        connection.shutdown(socket.SHUT_RDWR)

    image = the_image()
    with serving(place, engine_with(save)), pytest.raises(errors.ConnectionLostError):
        await engine.layer_files(image, image.diff_ids, lambda _: None)


async def test_an_archive_that_ends_too_soon(place: Path, engine: DockerEngine) -> None:
    def save(connection: socket.socket) -> None:
        connection.sendall(HEAD + chunk(ARCHIVE[: len(ARCHIVE) // 2]) + b"0\r\n\r\n")

    image = the_image()
    with serving(place, engine_with(save)), pytest.raises(errors.EngineFaultError) as caught:
        await engine.layer_files(image, image.diff_ids, lambda _: None)
    assert caught.value.message == "The save stream of the image 111111111111 is cut short."
    assert "engine" in caught.value.next_step


async def test_an_engine_that_refuses(place: Path, engine: DockerEngine) -> None:
    def save(connection: socket.socket) -> None:
        connection.sendall(reply("500 Internal Server Error", b'{"message": "no space left on device"}'))

    image = the_image()
    with serving(place, engine_with(save)), pytest.raises(errors.EngineFaultError, match="no space left"):
        await engine.layer_files(image, image.diff_ids, lambda _: None)


async def test_other_calls_go_on_meanwhile(place: Path, engine: DockerEngine) -> None:
    closed = Closed()
    image = the_image()
    with serving(place, engine_with(closed.watch)) as seen:
        tasks = [asyncio.create_task(engine.layer_files(image, image.diff_ids, lambda _: None)) for _ in range(8)]
        while sum("/get" in line for line in seen) < 8:
            await asyncio.sleep(0.01)
        async with asyncio.timeout(PATIENCE):
            assert (await engine.host()).storage_driver == "vfs"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def container_with(send: Callable[[socket.socket], None], size: int) -> Answer:
    """An engine with one container, in which every path is a file of ``size`` bytes."""
    told = base64.b64encode(json.dumps({"name": "x", "size": size, "mode": 0o644}).encode()).decode()

    def answer(line: str, connection: socket.socket) -> None:
        if line.startswith("HEAD"):
            connection.sendall(reply("200 OK", headers=f"X-Docker-Container-Path-Stat: {told}\r\n"))
        elif "/archive" in line:
            send(connection)
        else:
            connection.sendall(reply("404 Not Found"))

    return versioned(answer)


async def test_a_container_is_let_go_after_a_while(
    place: Path, engine: DockerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.container_files.LONGEST", 0.5)
    closed, archive = Closed(), tar({"x": bytes(5_000_000)})

    def send(connection: socket.socket) -> None:
        closed.watch(connection, HEAD + chunk(archive[:1_000_000]))

    with serving(place, container_with(send, 5_000_000)):
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(errors.EngineHungError, match="holds the container"):
                await engine.container_file("c", "x", lambda _: None, limit=None, on_reading=lambda _: None)
        assert await closed.seen()


async def test_a_silent_engine_is_given_up(place: Path, engine: DockerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.engine.container_files.SILENCE", 0.3)
    closed, archive = Closed(), tar({"x": bytes(5_000_000)})

    def send(connection: socket.socket) -> None:
        closed.watch(connection, HEAD + chunk(archive[:1_000_000]))

    with serving(place, container_with(send, 5_000_000)):
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(errors.EngineHungError):
                await engine.container_file("c", "x", lambda _: None, limit=None, on_reading=lambda _: None)
        assert await closed.seen()


async def test_no_more_is_read_than_wanted(place: Path, engine: DockerEngine) -> None:
    closed, archive = Closed(), tar({"x": bytes(5_000_000)})

    def send(connection: socket.socket) -> None:
        closed.watch(connection, HEAD + chunk(archive[:1_000_000]))

    pieces: list[bytes] = []
    with serving(place, container_with(send, 5_000_000)):
        async with asyncio.timeout(PATIENCE):
            await engine.container_file("c", "x", pieces.append, limit=1000, on_reading=lambda _: None)
        assert await closed.seen()
    assert b"".join(pieces) == bytes(1000)


@pytest.mark.parametrize("data", [b"", b"no tar at all" * 100, tar({})], ids=["nothing", "no tar", "empty"])
async def test_what_is_no_archive(place: Path, engine: DockerEngine, data: bytes) -> None:
    def send(connection: socket.socket) -> None:
        connection.sendall(HEAD + (chunk(data) if data else b"") + b"0\r\n\r\n")

    with serving(place, container_with(send, 10)), pytest.raises(errors.EngineError) as caught:
        await engine.container_file("c", "x", lambda _: None, limit=None, on_reading=lambda _: None)
    assert "x in the container c" in caught.value.message
