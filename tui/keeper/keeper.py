"""The keeper: one picture of the engine, kept fresh by its events, at no cost while nothing happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace

from tui.engine.errors import BusyError, ConnectionLostError, EngineError, EngineUnavailableError
from tui.engine.port import Engine, EventStream
from tui.keeper.details import Details
from tui.keeper.dirt import Part, dirtied
from tui.keeper.link import Link, LinkState
from tui.model.host import DiskUsage
from tui.model.inventory import Inventory

QUIET = 0.04
"""Seconds without an event before the lists are read again."""
BOUND = 0.2
"""Seconds after the first event when they are read again however busy the engine is."""
USAGE_GAP = 5.0
"""Least seconds between two disk usage walks that nobody asked for."""
USAGE_PACE = 20
"""A walk that keeps the engine and the link busy for a second is followed by twenty seconds of rest."""
USAGE_DELAY = 0.6
"""Seconds after the first lists before the first walk: it can wait, the first screen can't."""
PING_IDLE = 300.0
"""Seconds between pings while nothing else is heard and nobody presses a key: a hung engine ends no stream, and
nobody is there to be told."""
PING_ACTIVE = 5.0
"""The same while somebody is pressing keys."""
FIRST_RETRY, LAST_RETRY = 1, 15


class Keeper:
    """Keeps the picture of one engine.

    Args:
        engine: where to look.
        on_inventory: called with every new picture.
        on_link: called whenever the connection's state changes, once a second while it is lost.
    """

    def __init__(
        self, engine: Engine, on_inventory: Callable[[Inventory], None], on_link: Callable[[Link], None]
    ) -> None:
        self.engine = engine
        self.details = Details(engine)
        self.inventory = Inventory()
        self.link = Link()
        self._on_inventory = on_inventory
        self._on_link = on_link
        self._dirty = Part.NONE
        self._wake = asyncio.Event()
        self._last_event = 0.0
        self._last_heard = 0.0
        self._active = asyncio.Event()
        self._usage: DiskUsage | None = None
        self._usage_wanted = asyncio.Event()
        self._usage_forced = asyncio.Event()
        self._retry_now = asyncio.Event()
        self._ever_live = False

    # -- what others may ask ----------------------------------------------------------------------

    async def run(self) -> None:
        """Watch until cancelled.

        Raises:
            EngineError: when the very first connection fails; later failures are retried for ever.
        """
        pause = FIRST_RETRY
        while True:
            failure: EngineError | None = None
            try:
                await self._watch_once()
            except* EngineError as group:
                failure = _one_of(group)
            if failure is None:
                continue
            if not self._ever_live:
                raise failure
            if self.link.state is LinkState.LIVE:
                pause = FIRST_RETRY
            await self._wait_out(failure, pause)
            pause = min(LAST_RETRY, pause * 2)

    def refresh(self) -> None:
        """Read everything again now, disk usage included; while the link is lost, try it now."""
        self._retry_now.set()
        self.mark(Part.LISTS)
        self._usage_wanted.set()
        self._usage_forced.set()

    def mark(self, parts: Part) -> None:
        """Say that ``parts`` are out of date, or may be; they are read again after a short quiet.

        No event tells that a container or a volume has grown: whoever shows sizes as they are now marks them first.
        """
        if parts & Part.USAGE:
            self._usage_wanted.set()
        if parts & Part.LISTS:
            self._dirty |= parts & Part.LISTS
            self._last_event = time.monotonic()
            self._wake.set()

    def note_activity(self) -> None:
        """Somebody is at the keys: make sure that what they see is still true."""
        if time.monotonic() - self._last_heard > PING_ACTIVE:
            self._active.set()

    # -- one connection ---------------------------------------------------------------------------

    async def _watch_once(self) -> None:
        """Connect, read everything, then follow the events until the engine goes away."""
        # Listening starts before the lists are read, so that nothing falls between the two.
        stream = await self.engine.events()
        try:
            await self._read_all()
            self._ever_live = True
            self._set_link(Link(LinkState.LIVE))
            await _first_failure(self._follow(stream), self._keep_lists(), self._keep_usage(), self._keep_pinging())
        finally:
            await stream.aclose()

    async def _read_all(self) -> None:
        """Read host and lists at once, and publish each as it comes in."""
        self._dirty = Part.NONE
        self._wake.clear()

        async def host() -> None:
            found = await self.engine.host()
            self._publish(replace(self.inventory, host=found))

        async with asyncio.TaskGroup() as group:
            for job in (self._read(Part.IMAGES), self._read(Part.CONTAINERS), self._read(Part.VOLUMES), host()):
                group.create_task(job)
        self._usage_wanted.set()

    async def _read(self, parts: Part) -> None:
        """Read the lists in ``parts`` again and publish them together."""
        names = [name for name in ("images", "containers", "volumes") if Part[name.upper()] in parts]
        answers = await asyncio.gather(*(getattr(self.engine, name)() for name in names))
        self._last_heard = time.monotonic()
        fresh = dict(zip(names, answers, strict=True))
        listed = self.inventory.listed | set(names)
        inventory = replace(self.inventory, **fresh, listed=listed).with_usage(self._usage)
        if inventory == self.inventory:
            return
        self._publish(inventory)
        if "images" in fresh:
            self.details.forget_except(image.id for image in self.inventory.images)

    async def _follow(self, stream: EventStream) -> None:
        async for event in stream:
            self._last_heard = time.monotonic()
            self.mark(dirtied(event))
        # The stream of a killed daemon ends without a word. If it still answers, somebody only cut
        # the stream (a proxy's time-out): the caller connects anew, and reads everything again.
        await self.engine.ping()
        raise _StreamCutError("The engine closed its event stream.")

    async def _keep_lists(self) -> None:
        while True:
            await self._wake.wait()
            first = time.monotonic()
            while (now := time.monotonic()) - self._last_event < QUIET and now - first < BOUND:  # noqa: ASYNC110 (each event moves the end)
                await asyncio.sleep(min(QUIET - (now - self._last_event), BOUND - (now - first)))
            parts, self._dirty = self._dirty, Part.NONE
            self._wake.clear()
            began = time.monotonic()
            await self._read(parts)
            # An engine whose lists are slow (containerd store, thousands of objects) must not be kept
            # busy by our reading: rest as long as the last reading took, less what is small anyway.
            await asyncio.sleep(max(0.0, time.monotonic() - began - BOUND))

    async def _keep_usage(self) -> None:
        await asyncio.sleep(USAGE_DELAY if self._usage is None else 0)
        while True:
            await self._usage_wanted.wait()
            self._usage_wanted.clear()
            self._usage_forced.clear()
            began = time.monotonic()
            try:
                self._usage = await self.engine.disk_usage()
            except BusyError:
                self._usage_wanted.set()  # somebody else's walk is under way: ours comes after the gap
            except EngineUnavailableError:
                raise
            except EngineError:
                # No sizes from this engine: everything else still works, and they go on reading "…".
                self._usage = None
            else:
                self._publish(self.inventory.with_usage(self._usage))
            rest = max(USAGE_GAP, USAGE_PACE * (time.monotonic() - began))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._usage_forced.wait(), rest)

    async def _keep_pinging(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._active.wait(), PING_IDLE)
            self._active.clear()
            if time.monotonic() - self._last_heard >= PING_ACTIVE:
                await self.engine.ping()
                self._last_heard = time.monotonic()

    # -- a lost connection ------------------------------------------------------------------------

    async def _wait_out(self, error: EngineError, pause: int) -> None:
        """Say that the link is lost and wait ``pause`` seconds, or until the user asks for a try."""
        if isinstance(error, _StreamCutError) and self.link.state is LinkState.LIVE:
            return
        self._retry_now.clear()
        for left in range(pause, 0, -1):
            self._set_link(Link(LinkState.LOST, error, left))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._retry_now.wait(), 1)
                break
        self._set_link(Link(LinkState.LOST, error, 0))

    def _publish(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._on_inventory(inventory)

    def _set_link(self, link: Link) -> None:
        if link != self.link:
            self.link = link
            self._on_link(link)


class _StreamCutError(ConnectionLostError):
    """The event stream ended though the engine still answers."""


def _one_of(group: BaseExceptionGroup[EngineError]) -> EngineError:
    """The first error of a group: the others are the same loss, met by other requests."""
    first = group.exceptions[0]
    return _one_of(first) if isinstance(first, BaseExceptionGroup) else first


async def _first_failure(*jobs: Coroutine[None, None, None]) -> None:
    """Run ``jobs`` for as long as all of them run; the first to fail ends the others."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(job)
