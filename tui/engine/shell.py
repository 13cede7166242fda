"""The interactive session: the user's real terminal joined to a command inside a container.

Blocking, on the main thread, with the app suspended and its event loop standing still::

    with app.suspend():
        end = run_shell(channel, banner=session_banner("web-1", container_id, "context prod"))

Every key goes inside, Ctrl-C, Ctrl-Z and Ctrl-D too, and every byte of output goes to the terminal
as it is: it is the user's own session. Whatever ends it - the command, the engine, the terminal, a
signal, a fault of ours - the terminal gets its modes back, and the channel is closed, so that nothing
stays behind inside.
"""

from __future__ import annotations

import select
import signal
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum

from tui.engine.caught_signals import CaughtSignals
from tui.engine.errors import EngineError, UnsupportedError
from tui.engine.port import ExecChannel
from tui.engine.raw_terminal import RawTerminal, TerminalGoneError
from widgets.literal import literal

_OUTPUT = 65536
"""Bytes of output taken at once: more than a TLS record, so that none is left where select can't see it."""
_TYPED = 4096
"""Bytes sent at once. A socket that has room takes that many without blocking, so that output is read
meanwhile: both directions filling up would otherwise be a deadlock."""
_TYPED_AHEAD = 16 << 20
"""Bytes a paste may be ahead of the session before the terminal has to wait."""
_CTRL_BRACKET = 0x1D
_SETTLE = 5.0
"""Seconds that an engine which does not answer may delay the end of a session."""


class ShellReason(StrEnum):
    """What ended a session."""

    ENDED = "ended"
    """The command inside ended."""
    LOST = "lost"
    """The engine or the connection to it failed."""
    UNANSWERED = "unanswered"
    """The user left it with Ctrl-] because it did not answer."""
    TERMINAL_GONE = "terminal gone"
    """The user's terminal hung up: the app should end too."""
    SIGNAL = "signal"
    """Something asked this process to end; the signal has been passed on before this is returned."""


_IN_A_HURRY = frozenset({ShellReason.SIGNAL, ShellReason.TERMINAL_GONE})
"""Ends where the terminal gets its modes back before anything else is waited for."""


@dataclass(frozen=True, slots=True)
class ShellEnd:
    """How a session ended."""

    reason: ShellReason
    exit_code: int | None
    """The command's exit code; ``None`` when it isn't known."""
    message: str
    """One plain sentence for the user, safe to show."""


def session_banner(name: str, identity: str, engine: str) -> str:
    """Where the user is and how to get back, in one line.

    ``name`` and ``identity`` are the container's, ``engine`` says which engine it is on, such as
    ``context prod``.
    """
    short = identity[:12]
    where = f"{name} ({short})" if name else short
    return f"{where} on {engine} — exit or Ctrl-D returns to orlop; if nothing answers, hold Ctrl-]"


def run_shell(channel: ExecChannel, *, banner: str, input_fd: int = 0, output_fd: int = 1) -> ShellEnd:
    """Join the terminal to ``channel`` until one of them ends, and close ``channel``.

    Must be called on the main thread: only there can SIGWINCH be caught. The terminal must not be
    read by anybody else meanwhile. ``banner`` is shown first, made harmless. Holding Ctrl-] leaves a
    session from which not a byte comes back; as long as anything answers, it is a key like any other.

    Raises ``UnsupportedError`` when there is no terminal to use (``channel`` is closed all the same).
    """
    ending = _Ending(channel)
    if sys.platform == "win32":
        ending.settle()
        raise UnsupportedError(
            "A shell in a container can't be opened from a Windows console yet.", "Start orlop inside WSL for that."
        )
    if threading.current_thread() is not threading.main_thread():
        ending.settle()
        raise RuntimeError("run_shell needs the main thread: signals can be caught nowhere else")
    with CaughtSignals() as signals:
        try:
            with closing(RawTerminal(input_fd, output_fd)) as terminal:
                with terminal:
                    terminal.say(banner)
                    reason, trouble = _relay(channel, terminal, signals)
                    if reason not in _IN_A_HURRY:
                        # Still raw: keys are not echoed meanwhile, and Ctrl-C does not end orlop.
                        ending.settle(ask=reason is ShellReason.ENDED)
                        terminal.discard_typed()
                ending.settle()
                message = f"{_message(reason, ending.exit_code, trouble)} {ending.trouble}".strip()
                terminal.say(message)
        finally:
            ending.settle()
    if signals.leaving:
        # The handlers are those from before again: whoever waits for this signal gets it now.
        signal.raise_signal(signals.leaving)
    return ShellEnd(reason, ending.exit_code, message)


class _Ending:
    """The end of a session: its exit code, and the closing of its channel, without waiting for ever.

    An engine that hangs would let the request time out, which takes a minute; nobody waits for that
    with a dead terminal. So it is done by a thread that may be left to it.
    """

    def __init__(self, channel: ExecChannel) -> None:
        self._channel = channel
        self._settled = False
        self.exit_code: int | None = None
        self.trouble = "What ran in it may still be running: the engine does not answer."
        """A sentence when the end can't be vouched for, else empty."""

    def settle(self, *, ask: bool = False) -> None:
        """Ask for the exit code if it is wanted, and close the channel. Once: later calls do nothing."""
        if self._settled:
            return
        self._settled = True
        thread = threading.Thread(target=self._settle, args=(ask,), name="end of session", daemon=True)
        thread.start()
        thread.join(_SETTLE)

    def _settle(self, ask: bool) -> None:
        try:
            if ask:
                with suppress(EngineError, OSError):
                    self.exit_code = self._channel.exit_code()
        finally:
            try:
                self._channel.close()
            except (EngineError, OSError) as error:
                self.trouble = literal(f"What ran in it may still be running: {error}")
            else:
                self.trouble = ""


def _message(reason: ShellReason, exit_code: int | None, trouble: str) -> str:
    match reason:
        case ShellReason.ENDED if exit_code is None:
            text = "The session ended; its exit code is not known."
        case ShellReason.ENDED:
            text = f"The session ended with exit code {exit_code}."
        case ShellReason.LOST:
            text = f"The session was cut off. {trouble}".strip()
        case ShellReason.UNANSWERED:
            text = "You left the session, because nothing in it answered."
        case ShellReason.TERMINAL_GONE:
            text = "The terminal went away, and the session was ended."
        case ShellReason.SIGNAL:
            text = f"The session was ended, because orlop was told to leave ({trouble})."
    return literal(text)


def _relay(channel: ExecChannel, terminal: RawTerminal, signals: CaughtSignals) -> tuple[ShellReason, str]:
    """Carry bytes both ways until something ends; what it was, and words on what went wrong."""
    try:
        return _Relay(channel, terminal, signals).run()
    except TerminalGoneError:
        return ShellReason.TERMINAL_GONE, ""
    except EngineError as error:
        return ShellReason.LOST, str(error)
    except OSError as error:
        return ShellReason.LOST, f"The connection failed: {error.strerror or error}."


class _Relay:
    """Bytes from the terminal to the session and back, and the terminal's size."""

    def __init__(self, channel: ExecChannel, terminal: RawTerminal, signals: CaughtSignals) -> None:
        self._channel = channel
        self._terminal = terminal
        self._signals = signals
        self._typed = bytearray()
        self._size: tuple[int, int] | None = None
        self._escapes = 0
        self._first_escape = 0.0

    def run(self) -> tuple[ShellReason, str]:
        """Until something ends."""
        self._tell_size()
        session, keys, woken = self._channel.fileno(), self._terminal.input_fd, self._signals.fileno()
        ended = False
        while not ended or self._terminal.behind:
            watched = [woken]
            if not ended and not self._terminal.behind:
                watched.append(session)
            if len(self._typed) < _TYPED_AHEAD:
                watched.append(keys)
            awaited = [session] if self._typed and not ended else []
            if self._terminal.behind:
                awaited.append(self._terminal.output_fd)
            readable, writable, _ = select.select(watched, awaited, [])
            if woken in readable:
                self._heed(self._signals.take())
                if self._signals.leaving:
                    return ShellReason.SIGNAL, signal.Signals(self._signals.leaving).name
            if self._terminal.output_fd in writable:
                self._terminal.show()
            if session in readable:
                ended = not self._receive()
            if keys in readable and self._gives_up(self._terminal.read()):
                return ShellReason.UNANSWERED, ""
            if session in writable and not ended:
                self._channel.send(bytes(self._typed[:_TYPED]))
                del self._typed[:_TYPED]
        return ShellReason.ENDED, ""

    def _heed(self, caught: set[int]) -> None:
        if signal.SIGCONT in caught:
            # Stopped from outside and continued: a shell in between has put its own modes back.
            self._terminal.make_raw()
            self._size = None
        if caught & {signal.SIGCONT, signal.SIGWINCH}:
            self._tell_size()

    def _tell_size(self) -> None:
        """Pass the terminal's size on, if it is one and it is news."""
        size = self._terminal.size()
        if size == self._size or 0 in size:
            return
        self._size = size
        with suppress(EngineError, OSError):  # a session in the wrong size beats none; its end is noticed elsewhere
            self._channel.resize(*size)

    def _receive(self) -> bool:
        """Show what came; False at the end of the session."""
        output = self._channel.receive(_OUTPUT)
        self._escapes = 0
        self._terminal.write(output)
        return bool(output)

    def _gives_up(self, typed: bytes) -> bool:
        """Take what was typed; True when it was Ctrl-] for a second or more, and not a byte came back."""
        self._typed += typed
        now = time.monotonic()
        for byte in typed:
            if byte != _CTRL_BRACKET:
                self._escapes = 0
                continue
            if not self._escapes:
                self._first_escape = now
            self._escapes += 1
        return self._escapes >= 3 and now - self._first_escape >= 1.0
