"""Tells every listener what happens in the demo world, from whichever thread it happens in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from tui.model.event import EngineEvent


class DemoEventStream:
    """One listener's events, in the order they happened; ends when the engine goes away or :meth:`aclose` is called."""

    def __init__(self, hub: EventHub) -> None:
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[EngineEvent | None] = asyncio.Queue()
        self._ended = False

    @property
    def ended(self) -> bool:
        """True once it is closed, or its end has been read."""
        return self._ended

    def __aiter__(self) -> AsyncIterator[EngineEvent]:
        return self

    async def __anext__(self) -> EngineEvent:
        if self._ended and self._queue.empty():
            raise StopAsyncIteration
        event = await self._queue.get()
        if event is None:
            self._ended = True
            raise StopAsyncIteration
        return event

    async def aclose(self) -> None:
        """Stop listening. May be called at any time, and twice."""
        self._hub.forget(self)
        if not self._ended:
            self._ended = True
            self._queue.put_nowait(None)

    def deliver(self, event: EngineEvent | None) -> None:
        """Hand over one event, or the end (``None``). May be called from any thread."""
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)
        except RuntimeError:  # its loop has closed without closing the stream: nobody listens any more
            self._hub.forget(self)


class EventHub:
    """The demo world's event stream, for any number of listeners."""

    def __init__(self) -> None:
        self._streams: list[DemoEventStream] = []

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    def listen(self) -> DemoEventStream:
        """Open a stream; it gets everything published from now on. Call it on the event loop."""
        stream = DemoEventStream(self)
        self._streams.append(stream)
        return stream

    def forget(self, stream: DemoEventStream) -> None:
        """Deliver nothing more to ``stream``."""
        if stream in self._streams:
            self._streams.remove(stream)

    def publish(self, event: EngineEvent) -> None:
        """Deliver ``event`` to every listener."""
        for stream in tuple(self._streams):
            stream.deliver(event)

    def end(self, stream: DemoEventStream) -> None:
        """End one stream normally, as a dying daemon does."""
        self.forget(stream)
        stream.deliver(None)
