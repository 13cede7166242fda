"""An exec in the demo: the pretend shell on one end of a socket pair, served by a thread of its own."""

from __future__ import annotations

import select
import socket
import threading
import time
from contextlib import suppress
from posixpath import basename

from tui.engine.demo.line_editor import LineEditor, Signal
from tui.engine.demo.objects import DemoContainer
from tui.engine.demo.pretend_shell import BANNER, INTERRUPTED, NOT_EXECUTABLE, SHELL_NAMES, PretendShell
from tui.engine.demo.world import World
from tui.engine.errors import BadRequestError, ConflictError
from tui.engine.port import ExecRequest

HUNG_UP = 129
"""Exit code of a shell whose terminal went away (128 + SIGHUP)."""


def open_session(world: World, request: ExecRequest, rows: int, columns: int) -> DemoExecChannel:
    """Start ``request`` in a running container.

    Raises:
        NotFoundError: there is no such container.
        ConflictError: it is stopped, paused or restarting.
        BadRequestError: no command was given.
    """
    container = world.container(request.container_id)
    if container.state != "running":
        first = "Unpause" if container.state == "paused" else "Wait for" if container.state == "restarting" else "Start"
        raise ConflictError(
            f"Container {container.name or container.id[:12]} is {container.state}, so nothing can be run in it.",
            f"{first} it first.",
        )
    if not request.command:
        raise BadRequestError("No command was given.", "Name the program to run.")
    ours, theirs = socket.socketpair()
    session = PretendSession(world, container, request, theirs)
    session.shell.rows, session.shell.columns = rows, columns
    session.start()
    return DemoExecChannel(ours, session)


class PretendSession:
    """The inner end: reads what is typed, answers, and leaves an exit code behind."""

    def __init__(self, world: World, container: DemoContainer, request: ExecRequest, end: socket.socket) -> None:
        self.shell = PretendShell(world, container, request, self._wait)
        self.exit_code: int | None = None
        self._world, self._container, self._command = world, container, request.command
        self._asked_for = request.working_dir
        self._socket = end
        self._editor = LineEditor(lambda text: self._send(text.encode("utf-8", "replace")))
        self._typed_ahead = b""
        self._thread = threading.Thread(target=self._serve, name="pretend shell", daemon=True)

    def start(self) -> None:
        """Begin. The session is the container's until it ends."""
        self._container.sessions.add(self)
        self._thread.start()

    def terminate(self, code: int) -> None:
        """End with ``code``, because the container ended. May be called from any thread."""
        if self.exit_code is None:
            self.exit_code = code
        with self._world.lock:
            self._container.sessions.discard(self)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def join(self, timeout: float) -> None:
        """Wait until it has ended."""
        self._thread.join(timeout)

    def _serve(self) -> None:
        code = HUNG_UP
        try:
            code = self._run()
        except OSError:
            pass  # the other end hung up in the middle of an answer: the code already says so
        finally:
            # The code must be known before the other end can see that the session is over.
            if self.exit_code is None:
                self.exit_code = code
            with self._world.lock:
                self._container.sessions.discard(self)
            self._socket.close()

    def _run(self) -> int:
        shell, (program, *arguments) = self.shell, self._command
        is_shell = basename(program) in SHELL_NAMES and shell.is_there(program)
        if self._asked_for and not shell.tree.exists(shell.cwd):
            self._send(f"OCI runtime exec failed: there is no working folder {shell.cwd}\n".encode())
            return NOT_EXECUTABLE
        if is_shell and "-c" not in arguments:
            return self._interact()
        if is_shell:
            script = arguments[arguments.index("-c") + 1 :]
            self._send(shell.run_line(script[0] if script else ""))
        else:
            self._send(shell.run_program(self._command))
        return shell.status if shell.exited is None else shell.exited

    def _interact(self) -> int:
        shell, editor = self.shell, self._editor
        self._send(BANNER.encode())
        editor.prompt = shell.prompt
        editor.show_prompt()
        while data := self._receive():
            for meant in editor.feed(data):
                if meant is Signal.END:
                    self._send(b"exit\n")
                    return shell.status
                if meant is Signal.INTERRUPT:
                    shell.status = INTERRUPTED
                elif isinstance(meant, str):
                    self._send(shell.run_line(meant))
                    if shell.exited is not None:
                        return shell.exited
                editor.prompt = shell.prompt
                editor.show_prompt()
        return HUNG_UP

    def _receive(self) -> bytes:
        if self._typed_ahead:
            data, self._typed_ahead = self._typed_ahead, b""
            return data
        return self._socket.recv(4096)

    def _send(self, data: bytes) -> None:
        # A terminal in raw mode goes down a line at \n, and to its beginning at \r.
        self._socket.sendall(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def _wait(self, seconds: float) -> bool:
        """Show what was printed so far, and wait unless Ctrl-C is typed; what else is typed is kept for later."""
        self._send(self.shell.take_output())
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._socket], [], [], left)[0]:
                continue
            data = self._socket.recv(4096)
            if not data:
                raise ConnectionResetError
            before, interrupt, after = data.partition(b"\x03")
            self._typed_ahead += before
            if interrupt:
                self._typed_ahead = after
                self._send(b"^C\n")
                return False
        return True


class DemoExecChannel:
    """The outer end: see :class:`tui.engine.port.ExecChannel`."""

    def __init__(self, end: socket.socket, session: PretendSession) -> None:
        self._socket, self._session = end, session

    def fileno(self) -> int:
        """A file descriptor that ``select`` can wait on; -1 once closed."""
        return self._socket.fileno()

    def receive(self, limit: int) -> bytes:
        """Up to ``limit`` bytes of output; ``b""`` at the end of the session."""
        try:
            return self._socket.recv(limit)
        except OSError:
            return b""

    def send(self, data: bytes) -> None:
        """Type ``data``; typing into a session that has ended does nothing."""
        with suppress(OSError):
            self._socket.sendall(data)

    def resize(self, rows: int, columns: int) -> None:
        """Tell the session how large the terminal is."""
        self._session.shell.rows, self._session.shell.columns = rows, columns

    def exit_code(self) -> int | None:
        """The exit code once the command has ended; ``None`` while it runs."""
        return self._session.exit_code

    def close(self) -> None:
        """End the session. May be called twice."""
        self.send(b"\x03\x04")
        self._socket.close()
        self._session.join(1.0)
