"""What one container changed, read again while somebody looks at it; and what is at the paths they look at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from typing import Protocol, TypeVar

from tui.engine.errors import EngineError, NotFoundError
from tui.engine.port import Engine
from tui.model.storage import Change, PathStat

_Answer = TypeVar("_Answer")

LEAST_GAP = 2.0
"""Least seconds between two readings. The engine tells nobody when a container writes a file, so it has to be asked."""
PACE = 20
"""A reading that keeps the engine busy for a second is followed by twenty seconds of rest."""
IDLE = 300.0
"""Seconds without a key after which nothing is read any more: nobody is there to see it."""
AT_ONCE = 4
"""So many paths are asked for at the same time."""


class Onlooker(Protocol):
    """Who is told."""

    def take_changes(self, container_id: str, changes: tuple[Change, ...] | None, problem: str = "") -> None:
        """The changes, or why they could not be read."""

    def take_paths(self, container_id: str, stats: Mapping[str, PathStat | None]) -> None:
        """What is at some paths; ``None`` for nothing."""

    def take_rest(self, container_id: str) -> None:
        """Nothing is read any more until a key is pressed."""


class ChangesReader:
    """Follows one container at a time.

    While it runs, its changes are read again every :data:`LEAST_GAP` seconds or more; while it does not, only when
    :meth:`refresh` is called. Nothing at all is done after :meth:`leave`, nor :data:`IDLE` seconds after the last key.

    Args:
        engine: who is asked.
        onlooker: who is told.
        now: a clock, in seconds.
    """

    def __init__(self, engine: Engine, onlooker: Onlooker, now: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._onlooker = onlooker
        self._now = now
        self._container_id = ""
        self._task: asyncio.Task[None] | None = None
        self._poke = asyncio.Event()
        """Set when a key was pressed, or a reading is wanted."""
        self._refresh = False
        self._last_key = now()
        self._spent = 0.0
        """Seconds that the engine was kept busy since the last reading began."""
        self._paths: list[str] = []
        """Still to be asked for, the next one last."""
        self._asked: set[tuple[str, str]] = set()
        """Container ID and path: being asked for."""
        self._askers: set[asyncio.Task[None]] = set()

    def follow(self, container_id: str, *, running: bool) -> None:
        """Read a container's changes now, and while it runs again and again."""
        self.leave()
        self._container_id = container_id
        self._last_key = self._now()
        self._task = asyncio.create_task(self._keep(container_id, running=running))

    def leave(self) -> None:
        """Nobody looks any more."""
        self._container_id = ""
        self._paths = []
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def refresh(self) -> None:
        """Read now, as soon as a reading that is under way has ended."""
        self._refresh = True
        self._poke.set()

    def note_activity(self) -> None:
        """Somebody pressed a key."""
        self._last_key = self._now()
        self._poke.set()

    def look_at(self, container_id: str, paths: Iterable[str]) -> None:
        """Ask for these paths, and no longer for others that were wished for before and have not been begun."""
        if container_id != self._container_id:
            return
        self._paths = [path for path in reversed(tuple(paths)) if (container_id, path) not in self._asked]
        self._ask_on()

    def _ask_on(self) -> None:
        while self._paths and len(self._askers) < AT_ONCE:
            asker = asyncio.create_task(self._ask(self._container_id, self._paths.pop()))
            self._askers.add(asker)
            asker.add_done_callback(self._asked_one)

    # -- changes ----------------------------------------------------------------------------------

    async def _keep(self, container_id: str, *, running: bool) -> None:
        while True:
            self._refresh, self._spent = False, 0.0
            failed = False
            try:
                changes = await self._timed(self._engine.container_changes(container_id))
            except NotFoundError:
                self._onlooker.take_changes(container_id, None, "This container is no longer there.")
                return
            except EngineError as error:
                failed = True
                self._onlooker.take_changes(container_id, None, str(error))
            else:
                self._onlooker.take_changes(container_id, changes)
            await self._rest(container_id, running=running, failed=failed)

    async def _rest(self, container_id: str, *, running: bool, failed: bool) -> None:
        """Return when it is time to read again."""
        began, waiting, told = self._now(), failed, False
        while not self._refresh:
            due = began + max(LEAST_GAP, PACE * self._spent)
            idle = self._now() - self._last_key >= IDLE
            if running and not idle and not waiting and self._now() >= due:
                return
            if running and idle and not told:
                told = True
                self._onlooker.take_rest(container_id)
            asleep = not running or idle or waiting
            self._poke.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._poke.wait(), None if asleep else max(0.0, due - self._now()))
                # After a failure somebody has to press a key before the engine is asked again.
                waiting = False

    # -- paths ------------------------------------------------------------------------------------

    async def _ask(self, container_id: str, path: str) -> None:
        self._asked.add((container_id, path))
        try:
            stat = await self._timed(self._engine.container_path(container_id, path))
        except EngineError:
            return  # it goes on reading "…": what is wrong with the engine, the changes themselves will say
        finally:
            self._asked.discard((container_id, path))
        if container_id == self._container_id:
            self._onlooker.take_paths(container_id, {path: stat})

    def _asked_one(self, asker: asyncio.Task[None]) -> None:
        self._askers.discard(asker)
        if not asker.cancelled():
            asker.result()
        self._ask_on()

    async def _timed(self, question: Coroutine[None, None, _Answer]) -> _Answer:
        began = self._now()
        try:
            return await question
        finally:
            self._spent += self._now() - began
