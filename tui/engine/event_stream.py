"""The engine's events: read in a thread of their own, handed to the event loop, our own echoes left out."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

from tui.engine.decode import event
from tui.engine.lines import Lines
from tui.engine.threads import in_own_thread
from tui.model.event import EngineEvent

_ECHOES = {
    "container": frozenset(
        {
            # Looking inside (ours), health checks (every few seconds on some hosts) and terminals: nothing that
            # a list or an inspect shows has changed. The last line is podman's.
            "archive-path", "extract-to-dir", "copy", "export", "top", "attach", "detach", "resize",
            "exec_create", "exec_start", "exec_die", "exec_detach",
            "exec", "exec_died", "init", "cleanup", "mount", "unmount",
        }
    ),
    "image": frozenset({"save", "push"}),
    # Starting, stopping, and our HEAD archive all mount; who uses a volume is settled when the container
    # is created, and the volume list shows nothing of it.
    "volume": frozenset({"mount", "unmount"}),
}  # fmt: skip


def is_echo(found: EngineEvent) -> bool:
    """True when the event changes nothing that is listed or inspected: our own reading causes such."""
    return found.action in _ECHOES.get(found.kind, ())


class DockerEventStream:
    """An open event stream. It collects from the moment it is made, whether or not anyone iterates yet."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._events: deque[EngineEvent] = deque()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: asyncio.Event | None = None
        self._ended = False
        self._closed = False
        self._thread = threading.Thread(target=self._read, name="orlop-events", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for line in self._lines:
            found = event(line)
            if found is not None and not is_echo(found):
                self._events.append(found)
                self._tell()
        self._ended = True
        self._tell()

    def _tell(self) -> None:
        with self._lock:
            loop, news = self._loop, self._news
        if loop is not None and news is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody is left to tell
                loop.call_soon_threadsafe(news.set)

    async def _iterate(self) -> AsyncIterator[EngineEvent]:
        news = asyncio.Event()
        with self._lock:
            self._loop, self._news = asyncio.get_running_loop(), news
        while not self._closed:
            news.clear()
            # The end is looked at before the events, since the thread sets it after the last of them.
            ended = self._ended
            while self._events and not self._closed:
                yield self._events.popleft()
            if ended:
                return
            if not self._ended and not self._events:
                await news.wait()

    def __aiter__(self) -> AsyncIterator[EngineEvent]:
        """The events, one by one; for one iteration at a time. Ends, without an error, when the engine goes away."""
        return self._iterate()

    @property
    def open(self) -> bool:
        """False once either side has ended the stream."""
        return not self._ended

    def shut(self) -> None:
        """Close the connection, from any thread and without waiting."""
        self._closed = True
        self._lines.close()
        self._tell()

    async def aclose(self) -> None:
        """Close the connection and wait until the reading thread has ended. May be called twice."""
        self.shut()
        # It wakes up at once: its connection is closed.
        await in_own_thread(self._thread.join, "orlop-events-close")
