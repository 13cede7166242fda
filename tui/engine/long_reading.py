"""Readings that take seconds or minutes: each in a thread of its own, stopped at once when nobody wants it any more."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakSet

from tui.contents.errors import ContentsError, NoSuchFileError, StoppedError, TooManyEntriesError
from tui.contents.reading import OnReading, Take
from tui.engine.connection import Connection
from tui.engine.errors import ConnectionLostError, EngineError, EngineFaultError, NotFoundError
from tui.engine.open_sockets import OpenSockets
from tui.engine.threads import in_own_thread
from tui.model import late_records

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import SdkClient

T = TypeVar("T")

_TELL_EVERY = 0.1
"""Seconds between two words on how far a reading has come."""
TIDYING = 10.0
"""Seconds that one gets which has to remove what it made on the engine."""
_ENDING = 1.0
"""Seconds that a cancelled reading gets to notice: its connection is closed, and folders are left between two files."""


class _CallersError(EngineError):
    """What the caller's own function raised: carried past everything that explains errors, and taken out again."""

    def __init__(self, original: Exception) -> None:
        super().__init__(str(original))
        self.original = original


class LongReading:
    """One reading under way. Used in its own thread, stopped from any."""

    def __init__(self, connection: Connection, on_reading: OnReading | None) -> None:
        self.connection = connection
        self._on_reading = on_reading
        self._lock = threading.Lock()
        self._sockets: OpenSockets | None = None
        """Those of the request under way."""
        self._stopped = False
        self._told = -_TELL_EVERY
        self.ended = threading.Event()
        """Set when its thread has nothing more to do."""

    @property
    def stopped(self) -> bool:
        """True once nobody wants the answer any more."""
        return self._stopped

    def check(self) -> None:
        """Raise StoppedError once nobody wants the answer any more."""
        if self._stopped:
            raise StoppedError("Reading was stopped.")

    def stop(self) -> None:
        """Hang up and end the reading; returns at once. May be called twice."""
        with self._lock:
            self._stopped = True
            sockets = self._sockets
        if sockets is not None:
            sockets.close()

    def ask(self, work: Callable[[SdkClient], T], failed: str) -> T:
        """Do ``work`` on a connection made for it. ``failed`` opens the sentence of the error."""
        sockets = self.connection.sockets_apart()
        with self._lock:
            self.check()
            self._sockets = sockets

        def translated(sdk: SdkClient) -> T:
            try:
                return work(sdk)
            except ContentsError as error:
                raise _as_engine_error(error) from error

        return self.connection.ask_apart(sockets, translated, failed)

    def hand_over(self, take: Take, piece: bytes) -> None:
        """Give the caller a piece, unless nobody wants it any more."""
        self.check()
        _call(lambda: take(piece))

    def fetch(self, read: Callable[[], bytes]) -> bytes:
        """The next piece from the caller, unless nobody wants it to go on."""
        self.check()
        return _call(read)

    def tell(self, reading: late_records.Reading) -> None:
        """Say how far it has come; said too soon after the last time, it is left out."""
        now = time.monotonic()
        if self._on_reading is not None and now - self._told >= _TELL_EVERY and not self._stopped:
            self._told = now
            told = self._on_reading
            _call(lambda: told(reading))

    def tell_at_once(self, reading: late_records.Reading) -> None:
        """Say it however soon: another phase has begun, or this one is done."""
        self._told = -_TELL_EVERY
        self.tell(reading)


class LongReadings:
    """The readings under way on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._readings: WeakSet[LongReading] = WeakSet()
        self._tidying: WeakSet[LongReading] = WeakSet()
        self._lock = threading.Lock()
        self._closed = False

    async def run(
        self,
        work: Callable[[LongReading], T],
        on_reading: OnReading | None = None,
        *,
        name: str = "orlop-reading",
        tidies: bool = False,
    ) -> T:
        """Await ``work``, done in a thread of its own. Only EngineError leaves here.

        Cancelling hangs up its connection and waits, for a moment at most, until the thread has ended: nothing
        is told or handed over after that. With ``tidies`` that moment is longer: it removes what it made.
        """
        reading = LongReading(self._connection, on_reading)
        with self._lock:
            self._readings.add(reading)
            if tidies:
                self._tidying.add(reading)
            if self._closed:
                reading.stop()
        try:
            return await in_own_thread(lambda: _guarded(work, reading), name)
        except _CallersError as error:
            raise error.original from None
        except asyncio.CancelledError:
            reading.stop()
            await in_own_thread(lambda: reading.ended.wait(TIDYING if tidies else _ENDING), f"{name}-end")
            raise

    def close(self) -> None:
        """Stop them all; returns at once."""
        with self._lock:
            self._closed = True
            readings = list(self._readings)
        for reading in readings:
            reading.stop()

    async def tidied(self) -> None:
        """Return when those that were stopped have removed what they made; a moment later at most."""
        with self._lock:
            left = [reading for reading in self._tidying if not reading.ended.is_set()]
        if left:
            await in_own_thread(lambda: _wait_for(left, _ENDING), "orlop-tidying")


def _wait_for(readings: Iterable[LongReading], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for reading in readings:
        reading.ended.wait(max(0.0, deadline - time.monotonic()))


def _guarded(work: Callable[[LongReading], T], reading: LongReading) -> T:
    try:
        reading.check()
        return work(reading)
    except ContentsError as error:
        raise _as_engine_error(error) from error
    finally:
        reading.ended.set()


def _call(outward: Callable[[], T]) -> T:
    """Call a function of the caller's. What it raises is not the engine's fault, nor explained as such."""
    try:
        return outward()
    except Exception as error:
        raise _CallersError(error) from error


def _as_engine_error(error: ContentsError) -> EngineError:
    """What went wrong with the contents, in the family of errors that leaves an engine."""
    if isinstance(error, StoppedError):
        return ConnectionLostError("The engine has been closed while something was read from it.")
    if isinstance(error, TooManyEntriesError):
        return EngineFaultError(error.message, error.next_step)
    if isinstance(error, NoSuchFileError):
        return NotFoundError(error.message, error.next_step)
    return EngineFaultError(error.message, "Try again; if it stays so, the engine's own log may say more.")
