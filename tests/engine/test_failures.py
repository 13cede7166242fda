"""Every way an engine can't be had, met through the real adapter: the type of error, and what the user reads."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.fake_server import Answer, as_json, reply, serving, versioned
from tui.engine import errors
from tui.engine.address import TlsFiles
from tui.engine.docker_engine import DockerEngine
from tui.engine.failures import by_status, explain
from tui.model.host import Endpoint


@pytest.fixture
def place() -> Iterator[Path]:
    """A path for a socket: pytest's own are too long for one."""
    with tempfile.TemporaryDirectory(prefix="orlop-") as folder:
        yield Path(folder) / "sock"


async def failure(url: str, *, timeout: float = 60.0, tls: TlsFiles | None = None) -> errors.EngineError:
    """What the first listing raises."""
    engine = DockerEngine(Endpoint(url, source="--host"), timeout=timeout, tls=tls)
    try:
        with pytest.raises(errors.EngineError) as caught:
            await engine.images()
    finally:
        begun = time.monotonic()
        await engine.close()
        assert time.monotonic() - begun < 3
    return caught.value


async def failure_of(place: Path, answer: Answer, *, timeout: float = 60.0) -> errors.EngineError:
    with serving(place, answer):
        return await failure(f"unix://{place}", timeout=timeout)


def answering(data: bytes) -> Answer:
    return lambda _line, connection: connection.sendall(data)


async def test_no_socket(place: Path) -> None:
    error = await failure(f"unix://{place}")
    assert type(error) is errors.SocketMissingError
    assert str(place) in error.message
    assert "--host" in error.message
    assert "systemctl start docker" in error.next_step


async def test_a_path_through_a_file_is_no_socket_either(place: Path) -> None:
    place.write_text("")
    assert type(await failure(f"unix://{place}/sock")) is errors.SocketMissingError


async def test_a_socket_that_was_left_behind(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    error = await failure(f"unix://{place}")
    assert type(error) is errors.StaleSocketError
    assert "Nobody listens" in error.message


async def test_a_file_that_is_no_socket(place: Path) -> None:
    place.write_text("")
    assert type(await failure(f"unix://{place}")) is errors.NotAnEngineError


async def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        assert type(await failure(url)) is errors.StaleSocketError


async def test_a_host_that_does_not_exist() -> None:
    assert type(await failure("tcp://no-such-host.invalid:2375")) is errors.SocketMissingError


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_socket_we_may_not_use(place: Path) -> None:
    place.parent.chmod(0o755)
    program = (
        "import os, sys, asyncio\n"
        "from tui.engine.docker_engine import DockerEngine\n"
        "from tui.engine.errors import AccessDeniedError\n"
        "from tui.model.host import Endpoint\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "async def main():\n"
        "    engine = DockerEngine(Endpoint(sys.argv[1]))\n"
        "    try:\n"
        "        await engine.images()\n"
        "    except AccessDeniedError as error:\n"
        "        print(error)\n"
        "    await engine.close()\n"
        "asyncio.run(main())\n"
    )
    with serving(place, answering(as_json([]))):
        place.chmod(0o600)
        done = subprocess.run(
            [sys.executable, "-c", program, f"unix://{place}"], capture_output=True, text=True, check=False
        )
    assert done.stderr == ""
    assert "no permission" in done.stdout
    assert "sudo usermod -aG docker $USER" in done.stdout


@pytest.mark.parametrize(
    "data",
    [
        reply("200 OK", b"<html>hello</html>"),
        reply("404 Not Found", b"nothing here"),
        reply("400 Bad Request", b"what?"),
        reply("301 Moved", b"", "Location: /elsewhere\r\n"),
        reply("200 OK", b'{"Version": "1"}'),
        reply("200 OK", b'{"ApiVersion": 7}'),
        reply("200 OK", b"[" * 100_000),
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"\r\n" * 10,
    ],
    ids=["page", "404", "400", "redirect", "other-json", "bad-version", "deep", "ssh", "tls", "blank"],
)
async def test_something_that_is_not_docker(place: Path, data: bytes) -> None:
    def act(_line: str, connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)

    error = await failure_of(place, act)
    assert type(error) is errors.NotAnEngineError
    assert str(place) in error.message


async def test_a_hung_engine(place: Path) -> None:
    begun = time.monotonic()
    error = await failure_of(place, lambda _line, _connection: time.sleep(5), timeout=0.3)
    assert type(error) is errors.EngineHungError
    assert time.monotonic() - begun < 3


async def test_an_engine_that_hangs_after_its_first_answer(place: Path) -> None:
    begun = time.monotonic()
    error = await failure_of(place, versioned(lambda _line, _connection: time.sleep(5)), timeout=0.3)
    assert type(error) is errors.EngineHungError
    assert time.monotonic() - begun < 3


async def test_an_engine_that_hangs_in_the_middle_of_an_answer(place: Path) -> None:
    def act(_line: str, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[1, 2")
        time.sleep(5)

    assert type(await failure_of(place, versioned(act), timeout=0.3)) is errors.EngineHungError


async def test_an_engine_too_old(place: Path) -> None:
    error = await failure_of(place, versioned(answering(b""), api="1.23"))
    assert type(error) is errors.ApiVersionError
    assert "1.23" in error.message
    assert "Upgrade the engine" in error.next_step


async def test_an_engine_too_new(place: Path) -> None:
    error = await failure_of(place, versioned(answering(b""), api="1.99", minimum="1.90"))
    assert type(error) is errors.ApiVersionError
    assert "1.90" in error.message
    assert "Upgrade orlop" in error.next_step


async def test_a_newer_engine_is_spoken_to_in_the_newest_version_we_know(place: Path) -> None:
    with serving(place, versioned(answering(as_json([])), api="1.99", minimum="1.44")) as seen:
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        assert await engine.images() == ()
        await engine.close()
    assert seen[-1].startswith("GET /v1.51/images/json")


async def test_an_engine_that_is_still_starting(place: Path) -> None:
    error = await failure_of(place, answering(reply("503 Service Unavailable", b"starting")))
    assert isinstance(error, errors.EngineUnavailableError)
    assert "isn't ready" in error.message


async def test_a_proxy_that_forbids_it(place: Path) -> None:
    error = await failure_of(place, answering(reply("403 Forbidden", b'{"message": "not you"}')))
    assert type(error) is errors.RefusedError
    assert "not you" in error.message


async def test_an_answer_that_breaks_off(place: Path) -> None:
    def act(_line: str, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[1, 2")
        connection.shutdown(socket.SHUT_RDWR)

    assert type(await failure_of(place, versioned(act))) is errors.ConnectionLostError


async def test_an_answer_in_chunks_that_breaks_off(place: Path) -> None:
    def act(_line: str, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n[1, 2")
        connection.shutdown(socket.SHUT_RDWR)

    assert type(await failure_of(place, versioned(act))) is errors.ConnectionLostError


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"nonsense", b"\xff", b'{"message": 7}'])
async def test_a_refusal_without_words(place: Path, body: bytes) -> None:
    assert type(await failure_of(place, versioned(answering(reply("404 Not Found", body))))) is errors.NotFoundError


async def test_an_engine_sends_nobody_elsewhere(place: Path) -> None:
    moved = reply("301 Moved", b"", "Location: /v1.41/elsewhere\r\n")
    with serving(place, versioned(answering(moved))) as seen:
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        for call in (engine.images, lambda: engine.remove_volume("data")):
            with pytest.raises(errors.EngineFaultError):
                await call()
        await engine.close()
    assert len(seen) == 3


async def test_an_engine_that_hangs_up(place: Path) -> None:
    def act(_line: str, connection: socket.socket) -> None:
        connection.shutdown(socket.SHUT_RDWR)

    assert type(await failure_of(place, versioned(act))) is errors.ConnectionLostError


@pytest.mark.parametrize("body", [b"[nonsense", b"\xff\xfe\xff", b"", b'{"a": 1}', b"[[[]]]"])
async def test_a_list_that_is_none(place: Path, body: bytes) -> None:
    assert type(await failure_of(place, versioned(answering(reply("200 OK", body))))) is errors.EngineFaultError


async def test_tls_where_none_is_spoken(place: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"

        def answer_plainly() -> None:
            connection, _ = listener.accept()
            connection.recv(10)
            connection.sendall(reply("400 Bad Request"))

        _, error = await asyncio.gather(asyncio.to_thread(answer_plainly), failure(url, tls=TlsFiles(verify=False)))
    assert type(error) is errors.TlsError


async def test_a_certificate_that_does_not_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_settings: object) -> None:
        raise ssl.SSLCertVerificationError(1, "certificate verify failed")

    monkeypatch.setattr("tui.engine.wire.Wire.get", refuse)
    assert type(await failure("https://127.0.0.1:1")) is errors.TlsError


async def test_a_certificate_file_that_is_none(place: Path) -> None:
    place.write_text("no certificate")
    error = await failure("tcp://127.0.0.1:1", tls=TlsFiles(ca=str(place)))
    assert isinstance(error, errors.TlsError | errors.StaleSocketError)


@pytest.mark.parametrize("url", ["", "docker", "ftp://x", "ssh://user@host", "unix://", "tcp://", "tcp://host:99999"])
def test_an_address_nobody_understands(url: str) -> None:
    with pytest.raises(errors.BadEndpointError):
        DockerEngine(Endpoint(url))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.RefusedError),
        (403, errors.RefusedError),
        (404, errors.NotFoundError),
        (405, errors.UnsupportedError),
        (409, errors.ConflictError),
        (500, errors.EngineFaultError),
        (503, errors.EngineFaultError),
    ],
)
def test_status_codes(status: int, kind: type[errors.EngineError]) -> None:
    error = by_status(status, "the engine's words.", "The container web could not be started")
    assert type(error) is kind
    assert error.message == "The container web could not be started: the engine's words."


def test_the_cause_is_found_however_deep_it_lies() -> None:
    inner = RuntimeError("Connection aborted.", PermissionError(13, "Permission denied"))
    middle = RuntimeError("Max retries exceeded")
    middle.__context__ = inner
    outer = RuntimeError("Error while fetching server API version")
    outer.__cause__ = middle
    assert type(explain(outer, Endpoint("unix:///x"))) is errors.AccessDeniedError


def test_a_circle_of_causes_ends() -> None:
    one, other = RuntimeError("one"), RuntimeError("other")
    one.__cause__, other.__cause__ = other, one
    assert isinstance(explain(one, Endpoint("unix:///x")), errors.EngineUnavailableError)
