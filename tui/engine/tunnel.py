"""An ssh tunnel of our own to an engine on another host.

One ``ssh -N -L local.sock:remote.sock host`` for as long as the app runs: a request through it costs
1 ms where the SDK's own ssh costs 384, it honours ssh_config and the agent, and its complaints come
back to us instead of being written over the screen. While the first connection is made, ssh may ask
the terminal for a pass-phrase; when the connection breaks later it is made anew in silence.

An orlop that is killed outright (SIGKILL) can't end its ssh; that one stays until its connection ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui import locations
from tui.engine.errors import TunnelError
from tui.model.host import Endpoint

_OPTIONS = (
    # A connection shared with the user's own ssh would outlive us, with our socket in it.
    *("-o", "ControlMaster=no", "-o", "ControlPath=none"),
    # A LocalForward in ssh_config that is taken already must not take ours away.
    *("-o", "ExitOnForwardFailure=no"),
    *("-o", "StreamLocalBindUnlink=yes"),
    # A dead network shows within 45 s, instead of when the kernel gives up.
    *("-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3"),
    # What the docker command itself uses. Source: cli/connhelper/connhelper.go in docker/cli
    *("-o", "ConnectTimeout=30"),
    # Quieter, and ssh would not say why it failed.
    *("-o", "LogLevel=INFO"),
)
_PING = b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
_PATIENCE_SECONDS = 45.0
_PATIENCE_WITH_PROMPT_SECONDS = 180.0
"""Someone may be looking for a pass-phrase. sshd hangs up after 120 s by default (``LoginGraceTime``)."""
_LONGEST_BACK_OFF_SECONDS = 30.0
_WORDS_BYTES = 2000


@dataclass(frozen=True, slots=True)
class SshDestination:
    """Where an ``ssh://`` address leads."""

    host: str
    """As it was written: the aliases of ssh_config know upper from lower case."""
    user: str = ""
    port: int | None = None
    remote_socket: str = str(locations.DEFAULT_SOCKET)

    @classmethod
    def parse(cls, url: str) -> SshDestination:
        """The parts of ``ssh://[user@]host[:port][/path/to/docker.sock]``, an address that was checked before."""
        parts = urlsplit(url)
        place = parts.netloc.rpartition("@")[2]
        host = place[1:].partition("]")[0] if place.startswith("[") else place.partition(":")[0]
        path = unquote(parts.path).rstrip("/")
        return cls(host, unquote(parts.username or ""), parts.port, path or str(locations.DEFAULT_SOCKET))

    def __str__(self) -> str:
        place = f"{self.user}@{self.host}" if self.user else self.host
        return f"{place}:{self.port}" if self.port else place

    @property
    def login(self) -> str:
        """What a user types to get there."""
        place = f"{self.user}@{self.host}" if self.user else self.host
        return f"ssh -p {self.port} {place}" if self.port else f"ssh {place}"

    def command(self, local_socket: Path, *, batch: bool) -> list[str]:
        """The ssh command that makes ``local_socket`` lead to the remote one; ``batch`` forbids questions."""
        command = ["ssh", "-N", "-T", "-n", *_OPTIONS, "-o", f"BatchMode={'yes' if batch else 'no'}"]
        if self.user:
            command += ["-l", self.user]
        if self.port:
            command += ["-p", str(self.port)]
        return [*command, "-L", f"{local_socket}:{self.remote_socket}", "--", self.host]


class Tunnel:
    """A unix socket here that leads to an engine's socket on another host. Made by :meth:`open`."""

    def __init__(self, endpoint: Endpoint, environ: Mapping[str, str]) -> None:
        self._destination = SshDestination.parse(endpoint.url)
        self._environ = dict(environ)
        self._folder = Path(tempfile.mkdtemp(prefix="orlop-ssh-", dir=locations.socket_folder(environ)))  # 0700
        self._socket = self._folder / "engine.sock"
        self._log = self._folder / "ssh.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._closing = threading.Event()
        self._changing = threading.Lock()

    @classmethod
    def open(
        cls,
        endpoint: Endpoint,
        *,
        interactive: bool,
        environ: Mapping[str, str] = os.environ,
        patience: float | None = None,
    ) -> Tunnel:
        """Start ssh and return once the far socket answers.

        Args:
            endpoint: an ``ssh://`` one.
            interactive: True when ssh may ask questions on the terminal.
            environ: the environment ssh gets.
            patience: seconds until the attempt is given up; by default long enough for a pass-phrase
                when questions are allowed.

        Raises:
            TunnelError: it can't be had; the message holds ssh's own words.
        """
        if patience is None:
            patience = _PATIENCE_WITH_PROMPT_SECONDS if interactive else _PATIENCE_SECONDS
        tunnel = cls(endpoint, environ)
        atexit.register(tunnel.close)
        try:
            tunnel._start(batch=not interactive)
            tunnel._wait_for_answer(patience)
        except BaseException:  # Ctrl-C at a pass-phrase prompt, too, leaves nothing behind.
            tunnel.close()
            raise
        threading.Thread(target=tunnel._keep_up, name="ssh tunnel", daemon=True).start()
        return tunnel

    @property
    def url(self) -> str:
        """The near end, as an address for the SDK. It stays the same when ssh has to be started anew."""
        return f"unix://{self._socket}"

    @property
    def words(self) -> str:
        """What ssh has said last, on one line; empty when it said nothing."""
        try:
            text = self._log.read_bytes()[-_WORDS_BYTES:].decode("utf-8", "replace")
        except OSError:
            return ""
        return " / ".join(line.strip() for line in text.splitlines() if line.strip())

    def close(self) -> None:
        """End ssh and remove the socket. May be called twice."""
        self._closing.set()
        atexit.unregister(self.close)
        with self._changing:
            if self._process is not None:
                _end(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, *, batch: bool) -> None:
        """Start ssh, unless the tunnel is being closed."""
        with self._changing:
            if self._closing.is_set():
                return
            with self._log.open("wb") as log:
                try:
                    self._process = subprocess.Popen(
                        self._destination.command(self._socket, batch=batch),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        env=self._environ,
                        # Away from the terminal it can't ask, and a Ctrl-C there is not meant for it.
                        start_new_session=batch,
                    )
                except FileNotFoundError as error:
                    raise TunnelError(
                        f"There is no ssh command to reach {self._destination} with.",
                        "Install the OpenSSH client (openssh-client), or name another engine.",
                    ) from error
                except OSError as error:
                    raise TunnelError(f"The ssh command can't be started: {error.strerror}.") from error

    def _wait_for_answer(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise self._failed("failed")
            if self._socket.exists():
                answer = _answers(self._socket)
                if answer is False:
                    time.sleep(0.1)  # ssh writes down why just after it hangs up.
                    raise self._nobody_there()
                if answer is True:
                    return
            time.sleep(0.01)
        raise self._failed(f"was not ready after {patience:.0f} s")

    def _failed(self, how: str) -> TunnelError:
        return TunnelError(
            f"The ssh connection to {self._destination} {how}: {self.words or 'ssh gave no reason'}.",
            f"Try `{self._destination.login}` in a terminal; what stands in its way stands in ours.",
        )

    def _nobody_there(self) -> TunnelError:
        said = f" ({self.words})" if self.words else ""
        return TunnelError(
            f"ssh reaches {self._destination}, and nobody answers at {self._destination.remote_socket} there{said}.",
            "Check that the engine runs there, that you may use its socket there (docker group), and that sshd allows "
            "forwarding to it; another socket is named as ssh://host/path/to/docker.sock.",
        )

    def _keep_up(self) -> None:
        """Start ssh anew whenever it ends, ever more slowly while it keeps failing."""
        pause = 1.0
        while not self._closing.is_set():
            started = time.monotonic()
            if self._process is not None:
                self._process.wait()
            if time.monotonic() - started > 2 * _LONGEST_BACK_OFF_SECONDS:
                pause = 1.0
            if self._closing.wait(pause):
                return
            pause = min(pause * 2, _LONGEST_BACK_OFF_SECONDS)
            # The app goes on trying by itself, and says what is wrong; an ssh that can't be started is tried again.
            with contextlib.suppress(TunnelError):
                self._start(batch=True)


def _answers(path: Path) -> bool | None:
    """Whether the far end of the tunnel answers: ``None`` when nobody listens to ``path`` as yet.

    Connecting proves nothing, since it is ssh that takes the connection; it hangs up when the far
    socket can't be had. Anything else, silence included, means that somebody is there, and what
    that is shows in the engine's first request.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5.0)
        try:
            connection.connect(str(path))
        except OSError:
            return None
        try:
            connection.sendall(_PING)
            return bool(connection.recv(1))
        except TimeoutError:
            return True
        except OSError:
            return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(2.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
