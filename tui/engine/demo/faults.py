"""Trouble on demand: refusals, hung calls and a lost engine, so that the app's bad days can be tested in a moment."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque

from tui.engine.errors import (
    ConnectionLostError,
    EngineError,
    EngineHungError,
    EngineUnavailableError,
    SocketMissingError,
)


class Faults:
    """What is to go wrong with a demo engine's calls, by the name of the Engine method."""

    def __init__(self) -> None:
        self._failures: defaultdict[str, deque[EngineError]] = defaultdict(deque)
        self._hung: dict[str, asyncio.Event] = {}
        self._away: EngineUnavailableError | None = None

    def fail_next(self, method: str, error: EngineError) -> None:
        """Let the next call of ``method`` raise ``error``; said twice, the next two."""
        self._failures[method].append(error)

    def hang(self, method: str) -> None:
        """Let calls of ``method`` get no answer, until :meth:`release`."""
        self._hung.setdefault(method, asyncio.Event())

    def release(self, method: str) -> None:
        """Let ``method`` answer again, the waiting calls included."""
        if method in self._hung:
            self._hung.pop(method).set()

    @property
    def away(self) -> bool:
        """True while there is no engine."""
        return self._away is not None

    def go_away(self, error: EngineUnavailableError | None = None) -> None:
        """Let every call raise ``error`` (a missing socket, if not given) until :meth:`come_back`."""
        self._away = error or SocketMissingError(
            "There is no demo engine any more: it was sent away.", "Wait: it may come back."
        )
        for waiting in self._hung.values():
            waiting.set()
        self._hung.clear()

    def come_back(self) -> None:
        """Let calls be answered again."""
        self._away = None

    async def meet(self, method: str, delay: float, timeout: float | None = None) -> None:
        """Take ``delay`` seconds, then fail if that was arranged.

        Raises :class:`EngineHungError` when a hung call has waited ``timeout`` seconds.
        """
        if self._away is not None:
            raise self._away
        await asyncio.sleep(delay)
        if (waiting := self._hung.get(method)) is not None:
            try:
                await asyncio.wait_for(waiting.wait(), timeout)
            except TimeoutError:
                raise EngineHungError(
                    f"The demo engine has not answered for {timeout:g} seconds.", "Wait, or restart the engine."
                ) from None
        self.check_connection()
        if self._failures[method]:
            raise self._failures[method].popleft()

    def check_connection(self) -> None:
        """Raise :class:`ConnectionLostError` when the engine went away since the answer began."""
        if self._away is not None:
            raise ConnectionLostError(
                "The demo engine went away in the middle of an answer.", "Wait: it may come back."
            )
