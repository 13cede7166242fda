"""A running exec's terminal over the engine's raw stream. The port's ``ExecChannel`` for a real engine."""

from __future__ import annotations

import ssl
import time
import uuid
from contextlib import suppress
from select import select
from typing import TYPE_CHECKING, Any

from tui.engine.connection import Connection
from tui.engine.errors import ConflictError, EngineError, EngineFaultError
from tui.engine.failures import named
from tui.engine.open_sockets import hang_up
from tui.engine.port import ExecRequest
from tui.engine.raw import fields, text
from tui.engine.reading import container_state

if TYPE_CHECKING:
    # For the annotation only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import SdkClient

MARK = "ORLOP_SESSION"
"""Environment variable that marks everything started in a session, so that it can be found again."""

_LEAVE = b"\x03\x04"
"""Ctrl-C, which empties a shell's line or ends what runs in it, then Ctrl-D: end of input."""
_PATIENCE = 0.3
"""Seconds a shell gets to leave by itself: one that sits at its prompt takes a few milliseconds."""

# Processes of the session, its shell first, by the mark in their environment. HUP is what they would get if a
# real terminal went away; what was started with nohup, on purpose, stays. It must run in sh of any kind.
_SWEEP = (
    'for p in /proc/[0-9]*; do if [ "$p" != "/proc/$$" ] && tr "\\0" "\\n" <"$p/environ" | grep -qxF "$1"; '
    'then kill -HUP "${p#/proc/}"; fi; done'
)


def open_channel(connection: Connection, request: ExecRequest, rows: int, columns: int) -> DockerExecChannel:
    """Create and start the exec of ``request``. Blocking. Raises ConflictError when the container isn't running."""
    failed = f"{named('container', request.container_id)} could not run {' '.join(request.command)}"
    mark = uuid.uuid4().hex
    environment = [f"{name}={value}" for name, value in (*request.environment, (MARK, mark))]

    def create(sdk: SdkClient) -> Any:
        return sdk.exec_create(
            request.container_id,
            list(request.command),
            tty=True,
            stdin=True,
            user=request.user,
            environment=environment,
            workdir=request.working_dir or None,
        )

    try:
        created = fields(connection.ask(create, failed), "the session")
    except EngineFaultError as error:
        # Podman answers 500, not 409, for a container that isn't running.
        state = container_state(connection, request.container_id)
        if state != "running":
            raise ConflictError(f"{failed}: it is {state or 'not running'}.") from error
        raise
    channel = DockerExecChannel(connection, request, text(created.get("Id")), mark)
    channel.settle_size(rows, columns)
    return channel


class DockerExecChannel:
    """See :class:`tui.engine.port.ExecChannel`. Used from one thread at a time; closing twice is fine."""

    def __init__(self, connection: Connection, request: ExecRequest, exec_id: str, mark: str) -> None:
        """Start the exec ``exec_id`` and take over its stream. Raises EngineError."""
        self._connection = connection
        self._request = request
        self._exec_id = exec_id
        self._mark = mark
        body = {"Detach": False, "Tty": True}
        self._sock = connection.upgrade(f"/exec/{exec_id}/start", body, "The command could not be started")
        self._at_end = False
        self._closed = False

    def fileno(self) -> int:
        """The stream's file descriptor; -1 once closed."""
        return self._sock.fileno()

    def receive(self, limit: int) -> bytes:
        """Up to ``limit`` bytes of output; ``b""`` at the end, and when the engine goes away."""
        try:
            data = self._sock.recv(limit)
            # TLS hands over whole records: what is left of one would not wake a select().
            while isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() and len(data) < limit:
                data += self._sock.recv(limit - len(data))
        except OSError:
            data = b""
        self._at_end = self._at_end or not data
        return data

    def send(self, data: bytes) -> None:
        """Type ``data``. Typing into a session that has ended does nothing: ``receive`` tells of the end."""
        with suppress(OSError):
            self._sock.sendall(data)

    def resize(self, rows: int, columns: int) -> None:
        """Tell the session how large the terminal is; harmless once it has ended."""
        with suppress(EngineError):
            self._resize(rows, columns)

    def settle_size(self, rows: int, columns: int) -> None:
        """Set the first size. Engines refuse it until the process is there, a few milliseconds after the stream.

        Source: ``resizeTTY`` of the docker CLI, cli/command/container/tty.go, which also tries again and again.
        """
        for attempt in range(1, 11):
            try:
                self._resize(rows, columns)
            except EngineError:
                if self.exit_code() is not None:
                    return
                time.sleep(attempt * 0.01)
            else:
                return

    def exit_code(self) -> int | None:
        """The exit code; ``None`` while the command runs, and when the engine can't be asked any more."""
        # The stream ends a moment before the engine has written down the exit code.
        deadline = time.monotonic() + (1.0 if self._at_end else 0.0)
        while True:
            try:
                state = self._inspect()
            except EngineError:
                return None
            code = state.get("ExitCode")
            if state.get("Running") is False and type(code) is int:
                return code
            if time.monotonic() >= deadline:
                return None
            time.sleep(0.01)

    def close(self) -> None:
        """End the session and close the connection. Takes a few milliseconds, at worst about a second.

        Closing the connection alone would leave the shell running inside for as long as the container
        lives. So it is asked to leave; if it does not, a second command hangs up on everything with the
        session's mark, which needs a ``sh`` in the container. What ignores even that stays: the engine
        offers no way to kill an exec.
        """
        if self._closed:
            return
        self._closed = True
        try:
            if not self._at_end and self._runs():
                self.send(_LEAVE)
                if not self._ends_within(_PATIENCE):
                    self._sweep()
        finally:
            hang_up(self._sock)

    def _runs(self) -> bool:
        try:
            return self._inspect().get("Running") is True
        except EngineError:
            return False

    def _ends_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select([self._sock], [], [], left)[0] and not self.receive(65536):
                return True
        return not self._runs()

    def _sweep(self) -> None:
        command = ["sh", "-c", f"{{ {_SWEEP}; }} 2>/dev/null", "sh", f"{MARK}={self._mark}"]

        def run(sdk: SdkClient) -> None:
            created = sdk.exec_create(self._request.container_id, command, user=self._request.user)
            sdk.exec_start(created["Id"])

        with suppress(EngineError):
            self._connection.ask(run, "The session could not be ended")

    def _inspect(self) -> dict[str, Any]:
        return fields(
            self._connection.ask(lambda sdk: sdk.exec_inspect(self._exec_id), "The session is gone"), "the session"
        )

    def _resize(self, rows: int, columns: int) -> None:
        self._connection.ask(
            lambda sdk: sdk.exec_resize(self._exec_id, height=rows, width=columns), "The size could not be set"
        )
