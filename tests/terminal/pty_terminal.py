"""A person at a terminal: runs a command in a pseudo-terminal, looks at its screen and types.

with Terminal(["orlop", "--demo"], rows=40, columns=120) as terminal:
    terminal.wait_for("alpine")
    terminal.press("down", "enter")
    assert terminal.wait(timeout=5) == 0
"""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from tests.terminal.emulator import EmulatedScreen, EmulatedTerminal

KEYS: dict[str, str] = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "insert": "\x1b[2~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f10": "\x1b[21~",
    "shift+up": "\x1b[1;2A",
    "shift+down": "\x1b[1;2B",
    "ctrl+up": "\x1b[1;5A",
    "ctrl+down": "\x1b[1;5B",
    "ctrl+right": "\x1b[1;5C",
    "ctrl+left": "\x1b[1;5D",
}
"""What xterm sends for keys that are more than a character. ``ctrl+x`` and ``alt+x`` need no entry."""


def key_sequence(key: str) -> str:
    """What a terminal sends for *key*: a name of `KEYS`, ``ctrl+<letter>``, ``alt+<key>`` or one character.

    Raises:
        ValueError: If there is no such key.
    """
    if key in KEYS:
        return KEYS[key]
    if len(key) == 1:
        return key
    if key.startswith("alt+"):
        return "\x1b" + key_sequence(key.removeprefix("alt+"))
    if key.startswith("ctrl+") and len(key) == 6:
        return chr(ord(key[-1].upper()) & 0x1F)
    raise ValueError(f"there is no key called {key!r}")


class Terminal:
    """A command running in a pseudo-terminal, with an emulated screen in front of it.

    Times are `time.perf_counter` values, in seconds. The environment is the caller's with ``TERM`` and
    ``COLORTERM`` set for truecolor; *env* adds to it, and a value of ``None`` removes a variable.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        rows: int = 40,
        columns: int = 120,
        env: Mapping[str, str | None] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        synchronized_output: bool = False,
    ) -> None:
        """Start *command*.

        Args:
            command: Program and arguments.
            rows: Height of the terminal.
            columns: Width of the terminal.
            env: Changes to the environment.
            cwd: Folder to run in.
            synchronized_output: Whether the terminal claims support of mode 2026.
        """
        self.screen = EmulatedScreen(columns, rows)
        self.emulator = EmulatedTerminal(self.screen, answer=self.type, synchronized_output=synchronized_output)
        self.transcript = bytearray()
        """Every byte the command wrote, as the terminal got it."""
        self._changed = threading.Condition(threading.RLock())
        self._closed = False
        self._watchers: list[_Watcher] = []
        self._master, slave = pty.openpty()
        _set_size(slave, rows, columns)
        self.spawned_at = time.perf_counter()
        self.last_output_at = self.spawned_at
        try:
            # In the child, stdin is already the slave and the session is new: make it the controlling terminal,
            # or neither Ctrl-Z nor SIGWINCH would reach the command.
            self.process = subprocess.Popen(
                list(command),
                stdin=slave,
                stdout=slave,
                stderr=slave,
                cwd=cwd,
                env=_environment(env),
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - ioctl only
            )
        finally:
            os.close(slave)
        self._reader = threading.Thread(target=self._read, name="pty-reader", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        decode = getincrementaldecoder("utf-8")("replace").decode
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # EIO: the last process with the slave open has gone
                data = b""
            now = time.perf_counter()
            with self._changed:
                if data:
                    self.last_output_at = now
                    self.transcript += data
                    self.emulator.feed(decode(data))
                else:
                    self._closed = True
                for watcher in self._watchers:
                    watcher.look(now)
                self._changed.notify_all()
            if not data:
                return

    # -- looking

    @property
    def bytes_written(self) -> int:
        """How many bytes the command has written so far (after the tty made CR LF of every LF)."""
        with self._changed:
            return len(self.transcript)

    @property
    def rows(self) -> int:
        """The terminal's height."""
        return self.screen.lines

    @property
    def columns(self) -> int:
        """The terminal's width."""
        return self.screen.columns

    def lines(self) -> list[str]:
        """The screen's text, row by row, without trailing blanks."""
        with self._changed:
            return [row.rstrip() for row in self.screen.rows()]

    def screen_text(self) -> str:
        """The screen's text."""
        return "\n".join(self.lines())

    def wait_until(self, condition: Callable[[], bool], *, timeout: float = 10.0, what: str = "the screen") -> float:
        """Wait until *condition* holds, looking after each piece of output.

        Returns:
            The time at which the output that made it true was read.

        Raises:
            TimeoutError: With the screen as it then is.
        """
        watcher = _Watcher(condition)
        with self._changed:
            watcher.look(self.last_output_at)
            self._watchers.append(watcher)
            try:
                self._changed.wait_for(lambda: watcher.held_at is not None or self._closed, timeout)
            finally:
                self._watchers.remove(watcher)
            if watcher.held_at is None:
                ended = "the command ended" if self._closed else f"{timeout:g} s passed"
                screen = "\n".join(self.lines())
                raise TimeoutError(f"{ended} waiting for {what}; the screen is:\n{screen}")
            return watcher.held_at

    def wait_for(self, text: str, timeout: float = 10.0) -> float:
        """Wait until *text* is somewhere on the screen; see `wait_until`."""
        return self.wait_until(lambda: text in self.screen_text(), timeout=timeout, what=repr(text))

    def wait_gone(self, text: str, timeout: float = 10.0) -> float:
        """Wait until *text* is nowhere on the screen; see `wait_until`."""
        return self.wait_until(
            lambda: text not in self.screen_text(), timeout=timeout, what=f"{text!r} to leave the screen"
        )

    def wait_quiet(self, seconds: float = 0.3, timeout: float = 15.0) -> None:
        """Wait until nothing has been written for *seconds*, counted from now at the earliest.

        Raises:
            TimeoutError: If the command does not stop writing.
        """
        begun = time.perf_counter()
        while True:
            with self._changed:
                quiet = time.perf_counter() - max(begun, self.last_output_at)
                if quiet >= seconds or self._closed:
                    return
            if time.perf_counter() > begun + timeout:
                raise TimeoutError(f"still writing after {timeout:g} s")
            time.sleep(seconds - quiet)

    # -- typing

    def type(self, text: str) -> None:
        """Send *text* as it is."""
        self.type_bytes(text.encode())

    def type_bytes(self, data: bytes) -> None:
        """Send bytes as they are, which need not be text."""
        while data:
            data = data[os.write(self._master, data) :]

    def press(self, *keys: str) -> None:
        """Press keys by name (`key_sequence`), each in a write of its own."""
        for key in keys:
            self.type(key_sequence(key))

    def set_cooked(self) -> None:
        """Put the terminal's modes back to lines, echo and signals, as a shell does when its job stops."""
        modes = termios.tcgetattr(self._master)
        modes[3] |= termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN
        modes[0] |= termios.ICRNL | termios.IXON
        termios.tcsetattr(self._master, termios.TCSANOW, modes)

    def resize(self, rows: int, columns: int) -> None:
        """Change the terminal's size; the kernel tells the command with SIGWINCH."""
        with self._changed:
            self.screen.resize(rows, columns)
            _set_size(self._master, rows, columns)

    # -- ending

    @property
    def exit_code(self) -> int | None:
        """The command's exit code (negative: the signal), or ``None`` while it runs."""
        return self.process.poll()

    def wait(self, timeout: float = 10.0) -> int:
        """Wait for the command to end and for the last of its output, and return its exit code.

        Raises:
            TimeoutError: With the screen as it then is.
        """
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"still running after {timeout:g} s; the screen is:\n{self.screen_text()}") from None
        self._reader.join(timeout)
        return code

    def terminate(self, timeout: float = 5.0) -> int:
        """Ask the command to end, insist after *timeout* seconds, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(1.0)
        if self._master >= 0:
            master, self._master = self._master, -1
            os.close(master)
        return self.process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.terminate()


class _Watcher:
    """Remembers when a condition first held."""

    def __init__(self, condition: Callable[[], bool]) -> None:
        self._condition = condition
        self.held_at: float | None = None

    def look(self, now: float) -> None:
        if self.held_at is None and self._condition():
            self.held_at = now


def _environment(changes: Mapping[str, str | None] | None) -> dict[str, str]:
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        environment.pop(name, None)
    for name, value in (changes or {}).items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


def _set_size(fd: int, rows: int, columns: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
