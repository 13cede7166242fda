"""A plain connect tells why nobody is there."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tui.engine.errors import AccessDeniedError, NotAnEngineError, SocketMissingError, StaleSocketError
from tui.engine.probe import Probe
from tui.model.host import Endpoint


def endpoint(path: Path) -> Endpoint:
    return Endpoint(f"unix://{path}", source="--host")


def test_somebody_listens(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(tmp_path / "sock"))
        listener.listen(0)
        assert Probe(endpoint(tmp_path / "sock")).failure is None
        # With its queue full it is hung or busy, which is for the adapter to find out.
        waiting = []
        for _ in range(3):
            client = socket.socket(socket.AF_UNIX)
            client.setblocking(False)
            client.connect_ex(str(tmp_path / "sock"))
            waiting.append(client)
        assert Probe(endpoint(tmp_path / "sock"), timeout=0.1).failure is None
        for client in waiting:
            client.close()


def test_no_socket(tmp_path: Path) -> None:
    failure = Probe(endpoint(tmp_path / "sock")).failure
    assert isinstance(failure, SocketMissingError)
    assert f"unix://{tmp_path}/sock (--host)" in failure.message
    assert failure.next_step


def test_stale_socket_and_no_socket_at_all(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(str(tmp_path / "sock"))
    assert isinstance(Probe(endpoint(tmp_path / "sock")).failure, StaleSocketError)
    (tmp_path / "file").touch()
    assert isinstance(Probe(endpoint(tmp_path / "file")).failure, NotAnEngineError)


def test_forbidden_socket() -> None:
    with tempfile.TemporaryDirectory() as folder, closing(socket.socket(socket.AF_UNIX)) as listener:
        path = Path(folder) / "sock"
        listener.bind(str(path))
        listener.listen(1)
        path.chmod(0)
        Path(folder).chmod(0o755)
        with somebody_without_rights():
            failure = Probe(endpoint(path)).failure
    assert isinstance(failure, AccessDeniedError)
    assert "docker group" in failure.next_step


@contextmanager
def somebody_without_rights() -> Iterator[None]:
    """Root may do anything; for a moment, be nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_host_is_tried_beside_everything_else() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        there = Probe(Endpoint(f"tcp://127.0.0.1:{port}"))
        time.sleep(0.05)
        assert there.failure is None
    probe = Probe(Endpoint(f"tcp://127.0.0.1:{port}", source="DOCKER_HOST"))
    deadline = time.monotonic() + 5
    while probe.failure is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert isinstance(probe.failure, StaleSocketError)
