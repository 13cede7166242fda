"""The ssh tunnel, with an ssh of the tests' own on PATH."""

from __future__ import annotations

import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.engine.ssh_lab import Ssh, fake_ssh
from tui.engine.errors import TunnelError
from tui.engine.tunnel import SshDestination, Tunnel
from tui.model.host import Endpoint

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"


@pytest.fixture
def far_socket(tmp_path: Path) -> Iterator[Path]:
    """An engine's socket on "the other host": it answers every connection with ``OK``."""
    path = tmp_path / "far.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client, suppress(OSError):
                    client.recv(4096)
                    client.sendall(ANSWER)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield path
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.fixture
def ssh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ssh]:
    with fake_ssh() as fake:
        monkeypatch.setenv("PATH", fake.environ["PATH"])
        yield fake


def connect(tunnel: Tunnel) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(tunnel.url.removeprefix("unix://"))
        connection.sendall(b"GET /_ping HTTP/1.1\r\n\r\n")
        return connection.recv(4096)


def opened(url: str, ssh: Ssh, **options: float) -> Tunnel:
    return Tunnel.open(Endpoint(url), interactive=False, environ=ssh.environ, **options)


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_it_forwards_and_leaves_nothing_behind(ssh: Ssh, far_socket: Path) -> None:
    tunnel = opened(f"ssh://works{far_socket}", ssh)
    assert connect(tunnel) == ANSWER
    near = Path(tunnel.url.removeprefix("unix://"))
    assert near.parent.parent == ssh.runtime
    assert stat.S_IMODE(near.parent.stat().st_mode) == 0o700
    assert len(ssh.alive()) == 1
    tunnel.close()
    tunnel.close()
    assert ssh.alive() == []
    assert list(ssh.runtime.iterdir()) == []


def test_user_port_and_socket_of_the_address_reach_ssh(ssh: Ssh, far_socket: Path) -> None:
    opened(f"ssh://Ops%40corp@works:2222{far_socket}", ssh).close()
    (call,) = ssh.calls()
    assert call[call.index("-l") + 1] == "Ops@corp"
    assert call[call.index("-p") + 1] == "2222"
    assert call[call.index("-L") + 1].endswith(f":{far_socket}")
    assert call[-2:] == ["--", "works"]
    assert "BatchMode=yes" in call


def test_only_a_terminal_lets_ssh_ask() -> None:
    destination = SshDestination.parse("ssh://BuildBox")
    assert str(destination) == "BuildBox"
    assert destination.remote_socket == "/var/run/docker.sock"
    assert "BatchMode=no" in destination.command(Path("/s"), batch=False)
    assert SshDestination.parse("ssh://u@[fe80::1]:22").host == "fe80::1"


def test_sshs_own_words_are_in_the_error(ssh: Ssh) -> None:
    with pytest.raises(TunnelError) as caught:
        opened("ssh://ops@refuses", ssh)
    assert "ops@refuses failed: \x1b[31mops@refuses: Permission denied (publickey)." in caught.value.message
    assert "`ssh ops@refuses`" in caught.value.next_step
    assert list(ssh.runtime.iterdir()) == []


def test_a_far_socket_that_cannot_be_had_is_told_from_a_failed_login(ssh: Ssh, tmp_path: Path) -> None:
    with pytest.raises(TunnelError) as caught:
        opened(f"ssh://works{tmp_path}/nothing.sock", ssh)
    assert f"nobody answers at {tmp_path}/nothing.sock there" in caught.value.message
    assert "open failed: connect failed" in caught.value.message
    assert ssh.alive() == []


def test_patience_ends(ssh: Ssh) -> None:
    with pytest.raises(TunnelError, match="was not ready after 0 s"):
        opened("ssh://hangs", ssh, patience=0.4)
    assert ssh.alive() == []


def test_no_ssh_at_all(ssh: Ssh, monkeypatch: pytest.MonkeyPatch) -> None:
    (ssh.runtime.parent / "bin" / "ssh").unlink()
    monkeypatch.setenv("PATH", str(ssh.runtime.parent / "bin"))
    ssh.environ["PATH"] = str(ssh.runtime.parent / "bin")
    with pytest.raises(TunnelError) as caught:
        opened("ssh://works", ssh)
    assert "openssh-client" in caught.value.next_step


def test_a_connection_that_breaks_is_made_anew_at_the_same_address(ssh: Ssh, far_socket: Path) -> None:
    tunnel = opened(f"ssh://breaks{far_socket}", ssh)
    before = tunnel.url
    with suppress(OSError):
        connect(tunnel)  # Its second connection, at which this ssh dies.
    assert until(lambda: ssh.alive() == [] or len(ssh.calls()) == 2)
    assert until(lambda: len(ssh.calls()) == 2 and len(ssh.alive()) == 1)

    def answers() -> bool:
        with suppress(OSError):
            return connect(tunnel) == ANSWER
        return False

    assert until(answers)
    assert tunnel.url == before
    assert "BatchMode=yes" in ssh.calls()[1]
    tunnel.close()
    assert ssh.alive() == []
