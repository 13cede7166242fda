"""Textual's driver for Linux and macOS, writing only what changes on the screen."""

from __future__ import annotations

import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from textual import constants, events
from textual.drivers.linux_driver import (
    KITTY_DISAMBIGUATE_ESCAPE_CODES,
    KITTY_REPORT_ALL_KEYS,
    KITTY_REPORT_ASSOCIATED_TEXT,
    LinuxDriver,
)
from textual.messages import InBandWindowResize

from tui.terminal.frame_reduction import SYNC_END, SYNC_START, FrameReduction, is_frame
from tui.terminal.hangup import watch_for_hangup
from tui.terminal.job_control import stop_job, stop_process, wait_for_foreground
from tui.terminal.terminal_input import SelectableEvent, read_terminal
from tui.terminal.terminal_output import TerminalOutput

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

_LAST_ANSWER = 1.0
"""Seconds that the terminal gets for its last answer before nobody listens any more."""

_KEYBOARD = KITTY_DISAMBIGUATE_ESCAPE_CODES | KITTY_REPORT_ALL_KEYS | KITTY_REPORT_ASSOCIATED_TEXT
"""What Textual asks of kitty's keyboard protocol."""


class FrugalDriver(LinuxDriver):
    """A `LinuxDriver` that puts a `FrameReduction` before the terminal, and never waits for the terminal.

    Stopping and continuing is done by the event loop, between two of its steps, and not in signal handlers, which
    run in the middle of anything and may find its locks held. The loop is also what Python wakes for a signal that
    the kernel gave to another thread: after a stop all threads wake at once, any of them may be the one that is
    told of SIGCONT, and Python's own handler waits for the main thread, which would sleep on.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """See `LinuxDriver`."""
        self._output: TerminalOutput | None = None
        self._reduction: FrameReduction | None = None
        self._watched = False
        self._continued = False
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._exit = self.exit_event = SelectableEvent()
        # With a handler of its own the loop also asks Python to wake it for every other signal (set_wakeup_fd).
        self._loop.add_signal_handler(signal.SIGTSTP, self._asked_to_stop)

    # -- output

    def forget(self) -> None:
        """Write the next frame in full: the screen may not be what it was believed to be. (From any thread.)"""
        if self._reduction is not None:
            self._reduction.forget()

    def write(self, data: str) -> None:
        """Have written what *data* changes on the screen, as soon as the terminal has room for it."""
        if self._output is None or self._reduction is None:
            return
        if data == SYNC_START:
            self._reduction.synchronized = True
        elif data != SYNC_END:
            self._output.put(data)

    def _draw_anew(self) -> None:
        """Ask the application for the whole screen. (From any thread.)"""
        self.forget()
        with suppress(RuntimeError):  # the loop is closed: it is ending already
            self._loop.call_soon_threadsafe(lambda: self._app.call_later(self._app.refresh, layout=True))

    def _get_terminal_size(self) -> tuple[int, int]:
        """Textual asks for the size when SIGWINCH has come: whatever it is, the terminal may have reflowed."""
        self.forget()
        return super()._get_terminal_size()

    # -- input

    def run_input_thread(self) -> None:
        """Read the terminal until the application ends or steps aside."""
        read_terminal(self.fileno, self._exit, self.process_message, self._leave, debug=self._debug)

    def process_message(self, message: Message) -> None:
        """Pass a message on to the application, but for answers to what it has not asked.

        One that tells of a new size makes the screen doubtful.
        """
        if isinstance(message, events.CursorPosition) and self._output is not None and self._output.answered():
            return
        if isinstance(message, (events.Resize, InBandWindowResize)):
            self.forget()
        super().process_message(message)

    def disable_input(self) -> None:
        """Stop reading, when what the terminal has been asked is answered."""
        if self._output is not None and self._key_thread is not None and self._key_thread.is_alive():
            self._output.ask_no_more(_LAST_ANSWER)
        super().disable_input()

    # -- taking the terminal and giving it back

    def start_application_mode(self) -> None:
        """Take the terminal, as it is now."""
        if not wait_for_foreground(self.fileno):
            self._leave()
            return
        again = self._reduction is not None
        self.forget()
        if not self._watched:
            self._watched = True
            watch_for_hangup(self.fileno, self._leave)
        terminal = sys.__stderr__.fileno() if sys.__stderr__ is not None else self.fileno
        if self._reduction is None:
            self._reduction = FrameReduction(terminal)
        self._output = TerminalOutput(
            terminal,
            reduce=self._reduction.reduce,
            is_frame=is_frame,
            on_dropped=self._draw_anew,
            on_gone=self._leave,
        )
        self._output.start()
        start: Callable[[], None] = super().start_application_mode
        start()
        if again:
            # What ran meanwhile may have left a colour, and not every output says all that it takes for granted.
            self.write("\x1b[m")

    def _leave(self) -> None:
        """The terminal is gone: stop reading from it, and end the application."""
        self.release()
        with suppress(RuntimeError):  # the loop is closed: it is ending already
            self._loop.call_soon_threadsafe(lambda: self._app.exit(return_code=128 + signal.SIGHUP))

    def release(self) -> None:
        """Let the input thread end, whatever became of the application: Python waits for it before it exits."""
        self.exit_event.set()

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.forget()
        super().stop_application_mode()

    def close(self) -> None:
        """Write the last of the output, and end the threads."""
        if self._output is not None:
            self._output.stop()
            self._output = None
        super().close()

    # -- stopping and continuing

    def step_aside(self, stop: Callable[[], None] = stop_job) -> None:
        """Give the terminal back, stop (Ctrl-Z), and when continued take it again and draw everything."""
        if self._output is None:
            stop()
            return
        self.suspend_application_mode()
        stop()
        self._must_signal_resume = True
        self.resume_application_mode()
        self._continued = False
        self._draw_anew()

    def _asked_to_stop(self) -> None:
        """SIGTSTP, from outside: whoever sends it to one process will continue it."""
        self.step_aside(stop_process)

    def _sigtstp_application(self, *_: object) -> None:
        """Textual's handler, which is in place for the moment until ours is."""

    def _sigcont_application(self, *_: object) -> None:
        """SIGCONT: see to it between two steps of the loop. (A signal handler.)"""
        self._continued = True
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._see_to_continuing)

    def _see_to_continuing(self) -> None:
        """Take the terminal again if this process was stopped without notice (SIGSTOP), in whatever state it is.

        SIGCONT also comes to who was never stopped: from a service manager, or with a hang-up.
        """
        if not self._continued or self._output is None:
            return
        self._continued = False
        if not wait_for_foreground(self.fileno):
            self._leave()
            return
        with suppress(termios.error):
            modes = termios.tcgetattr(self.fileno)
            modes[tty.LFLAG] = self._patch_lflag(modes[tty.LFLAG])
            modes[tty.IFLAG] = self._patch_iflag(modes[tty.IFLAG])
            modes[tty.CC][termios.VMIN] = 1
            termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
        # 1047 and not 1049, which would forget where the cursor of the main screen was. The keyboard's mode is
        # on a stack: taken off before it is put there again.
        self.write("\x1b[?1047h\x1b[m\x1b[r\x1b[?6l\x1b[?7l\x1b[?25l\x1b[?1004h\x1b[?2004h")
        if not constants.DISABLE_KITTY_KEY:
            self.write(f"\x1b[<u\x1b[>{_KEYBOARD}u")
        self._enable_mouse_support()
        self._draw_anew()

    @contextmanager
    def no_automatic_restart(self) -> Iterator[None]:
        """While the terminal is lent to another program, stopping and continuing is its own affair."""
        loop_is_asked = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            with super().no_automatic_restart():
                yield
        finally:
            signal.signal(signal.SIGTSTP, loop_is_asked)
