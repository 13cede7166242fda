"""SIGTERM and SIGHUP as an orderly way out: the terminal is given back and nothing is left running."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import FrameType, TracebackType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Asked to end, and the terminal went away (which Windows does not have)."""


class OrderlyExit:
    """While it is entered, the first of :data:`SIGNALS` asks the app to leave and a second one insists.

    Without an app, or when it does not listen, ``SystemExit`` is raised where the program happens
    to be, so that every ``finally`` and ``with`` on the way out is honoured. The exit code is 128
    and the signal's number, as shells have it.
    """

    def __init__(self) -> None:
        self.leave: Callable[[int], None] | None = None
        """Asks the running app to exit with a code. Called in its event loop."""
        self._asked = False
        self._before: list[tuple[int, object]] = []

    def __enter__(self) -> OrderlyExit:
        self._before = [(number, signal.signal(number, self._received)) for number in SIGNALS]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before:
            # `None` is a handler that was not set from Python and can't be set again.
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)  # type: ignore[arg-type]

    def _received(self, number: int, frame: FrameType | None) -> None:
        code = 128 + number
        if self.leave is not None and not self._asked:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                pass
            else:
                self._asked = True
                loop.call_soon_threadsafe(self.leave, code)
                return
        raise SystemExit(code)
