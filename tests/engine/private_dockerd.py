"""A dockerd of the tests' own: its data, socket and containerd in a temporary folder, no network, gone afterwards.

``ORLOP_TEST_DOCKERD`` names a folder with another engine's binaries; ``ORLOP_TEST_IMAGE_STORE=containerd``
switches the image store (engines 24 to 28).
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_START_SECONDS = 20.0
_STOP_SECONDS = 20.0


class NoDockerdError(Exception):
    """A dockerd can't be started here; the message says why."""


class PrivateDockerd:
    """A running dockerd. It ends with :meth:`stop`, and by itself when the tests' process dies."""

    def __init__(
        self, bin_dir: str = "", *, containerd_store: bool = False, storage_driver: str = "", tcp_port: int = 0
    ) -> None:
        """Start one and wait until it answers; with ``tcp_port``, it listens there too. Raises NoDockerdError."""
        # Not pytest's tmp_path: a socket's path may have 107 bytes, and that one is long already.
        self.root = Path(tempfile.mkdtemp(prefix="orlop-"))
        self.socket = self.root / "sock"
        self._bin_dir = bin_dir
        self._containerd_store = containerd_store
        self._storage_driver = storage_driver
        self._tcp_port = tcp_port
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self.start()
        except NoDockerdError:
            shutil.rmtree(self.root, ignore_errors=True)
            raise

    @classmethod
    def from_environment(cls) -> PrivateDockerd:
        """The engine that the environment asks for, on vfs where overlay is refused. Raises NoDockerdError."""
        bin_dir = os.environ.get("ORLOP_TEST_DOCKERD", "")
        if os.environ.get("ORLOP_TEST_IMAGE_STORE") == "containerd":
            return cls(bin_dir, containerd_store=True)
        try:
            return cls(bin_dir)
        except NoDockerdError as first:
            if os.geteuid() != 0 or "exited" not in str(first):
                raise
            return cls(bin_dir, storage_driver="vfs")

    @property
    def url(self) -> str:
        """The endpoint's URL."""
        return f"unix://{self.socket}"

    @property
    def tcp_url(self) -> str:
        """The other endpoint's URL: whoever comes that way is somewhere else, as far as anyone can tell."""
        return f"tcp://127.0.0.1:{self._tcp_port}"

    @property
    def pid(self) -> int:
        """Process ID of the running dockerd."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it (again, on the same data) and wait until it answers. Raises NoDockerdError.

        To be called in the main thread: the engine is asked to end when the thread that started it does.
        """
        if os.geteuid() != 0:
            raise NoDockerdError("starting a dockerd needs root")
        path = f"{self._bin_dir}{os.pathsep}{os.environ['PATH']}" if self._bin_dir else os.environ["PATH"]
        dockerd = shutil.which("dockerd", path=path)
        if dockerd is None:
            raise NoDockerdError("there is no dockerd (apt-get install docker.io)")
        command = [dockerd, "--data-root", f"{self.root}/data", "--exec-root", f"{self.root}/exec"]
        command += ["--pidfile", f"{self.root}/pid", "--host", self.url, "--config-file", str(self._config())]
        command += ["--iptables=false", "--ip6tables=false", "--bridge=none", "--raw-logs"]
        if self._tcp_port:
            command += ["--host", self.tcp_url]
        if self._storage_driver:
            command += ["--storage-driver", self._storage_driver]
        # With this it is asked to end when the tests are killed; without it, it would stay for good.
        if setpriv := shutil.which("setpriv"):
            command = [setpriv, "--pdeathsig", "TERM", *command]
        with (self.root / "log").open("ab") as log:
            # A session of its own: Ctrl-C ends the tests, and those end it.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "PATH": path}, start_new_session=True,
            )  # fmt: skip
        self._wait_until_it_answers()

    def _config(self) -> Path:
        config = self.root / "daemon.json"
        config.write_text(json.dumps({"features": {"containerd-snapshotter": True}} if self._containerd_store else {}))
        return config

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _START_SECONDS
        while not self.answers():
            if self._process.poll() is not None:
                raise NoDockerdError(f"dockerd exited with status {self._process.returncode}: {self.log_tail()}")
            if time.monotonic() > deadline:
                self._end()
                raise NoDockerdError(f"dockerd did not answer within {_START_SECONDS:.0f} s: {self.log_tail()}")
            time.sleep(0.02)

    def answers(self) -> bool:
        """True when it answers a ping."""
        connection = http.client.HTTPConnection("localhost", timeout=5)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(5)
            try:
                sock.connect(str(self.socket))
                connection.sock = sock
                connection.request("GET", "/_ping")
                return connection.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    def log_tail(self, lines: int = 5) -> str:
        """The last lines of its log."""
        with suppress(OSError):
            return " / ".join((self.root / "log").read_text(errors="replace").splitlines()[-lines:])
        return ""

    def freeze(self) -> None:
        """Let it hang: connections are still taken by the kernel, and nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def halt(self) -> None:
        """Stop the daemon and keep its data; :meth:`start` brings it back."""
        self._end()

    def stop(self) -> None:
        """Stop the daemon and remove its data."""
        self._end()
        shutil.rmtree(self.root, ignore_errors=True)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            # Never SIGKILL: its containerd, shims and mounts would stay.
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"dockerd {process.pid} does not end: {self.log_tail()}") from None
