"""One engine's address, the API version agreed on, and every request to it. Blocking; used from worker threads.

Only EngineError leaves here.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from tui.engine.address import Address
from tui.engine.errors import (
    ApiVersionError,
    EngineError,
    EngineHungError,
    EngineUnavailableError,
    NotFoundError,
)
from tui.engine.failures import explain, not_an_engine
from tui.engine.http_answer import HttpStatusError
from tui.engine.wire import LineStream, Wire
from tui.model.host import Endpoint

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import CountedClient

T = TypeVar("T")

_OLDEST = (1, 24)
"""The SDK speaks no older one (``docker.constants.MINIMUM_DOCKER_API_VERSION``)."""
_NEWEST = (1, 51)
"""Engine 28.5's. A newer engine is spoken to in this one, whose shapes are known, as the docker CLI does it."""
_VERSION = re.compile(r"^(\d{1,4})\.(\d{1,4})$", re.ASCII)
_FIRST_ANSWER = 10.0
"""Seconds an engine gets for its first answer; /version takes a few milliseconds."""


class Connection:
    """Requests to the engine at ``address``. ``timeout`` is in seconds, for each read of an answer."""

    def __init__(self, endpoint: Endpoint, address: Address, *, timeout: float, workers: int) -> None:
        self._endpoint = endpoint
        self._address = address
        self._timeout = timeout
        self._workers = workers
        self._lock = threading.Lock()
        self._requests = 0
        self._agreed: Future[tuple[str, dict[str, Any]]] | None = None
        self._sdk: CountedClient | None = None
        self._wire = Wire(address, self._count)

    @property
    def requests_sent(self) -> int:
        """How many requests have been sent, whatever became of them."""
        return self._requests

    @property
    def open_connections(self) -> int:
        """How many connections reading holds open, idle ones and streams included."""
        return self._wire.connections

    def _count(self) -> None:
        with self._lock:
            self._requests += 1

    def agree(self) -> tuple[str, dict[str, Any]]:
        """The API version both sides speak, and the answer to ``GET /version``.

        Asked for once and by one thread; the others wait for it. After a failure, or after the engine went
        away, it is asked for anew: another one may have come back.
        """
        with self._lock:
            agreed = self._agreed
            mine = agreed is None
            if agreed is None:
                agreed = self._agreed = Future()
        if mine:
            try:
                agreed.set_result(self._negotiate())
            except EngineError as error:
                self._forget()
                agreed.set_exception(error)
        return agreed.result()

    def _forget(self) -> None:
        with self._lock:
            self._agreed, self._sdk = None, None
        self._wire.drop_idle()

    def _negotiate(self) -> tuple[str, dict[str, Any]]:
        where = self._endpoint.url
        try:
            answer = self._wire.get("/version", timeout=min(self._timeout, _FIRST_ANSWER))
        except HttpStatusError as error:
            if error.status_code in {400, 404, 405, 426} or error.status_code < 400:
                raise not_an_engine(where) from error
            if error.status_code >= 500:
                raise EngineUnavailableError(
                    f"The engine at {where} isn't ready: it answered {error.status_code}.",
                    "Wait until it has started, or look at its log.",
                ) from error
            raise explain(error, self._endpoint, "The engine's version could not be asked for") from error
        except (ValueError, RecursionError) as error:
            raise not_an_engine(where) from error
        except Exception as error:
            raise explain(error, self._endpoint, address=self._address) from error
        newest = _parsed(answer.get("ApiVersion")) if isinstance(answer, dict) else None
        if newest is None:
            raise not_an_engine(where)
        return self._chosen(newest, _parsed(answer.get("MinAPIVersion")) or _OLDEST), answer

    def _chosen(self, newest: tuple[int, int], oldest: tuple[int, int]) -> str:
        spoken = f"The engine at {self._endpoint.url} speaks API %s, and orlop %s to %s."
        if newest < _OLDEST:
            raise ApiVersionError(
                spoken % (f"{_dotted(newest)} at most", _dotted(_OLDEST), _dotted(_NEWEST)), "Upgrade the engine."
            )
        if oldest > _NEWEST:
            raise ApiVersionError(
                spoken % (f"{_dotted(oldest)} at least", _dotted(_OLDEST), _dotted(_NEWEST)), "Upgrade orlop."
            )
        return _dotted(min(newest, _NEWEST))

    def read(self, path: str, failed: str, *, timeout: float | None = None) -> Any:
        """The JSON behind ``path``. ``failed`` opens the sentence of the error."""
        return self._guarded(lambda: self._wire.get(self._versioned(path), timeout=timeout or self._timeout), failed)

    def header(self, path: str, name: str, failed: str) -> str | None:
        """One header of ``HEAD path``; ``None`` when there is no such thing (404)."""
        try:
            headers = self._guarded(lambda: self._wire.head(self._versioned(path), timeout=self._timeout), failed)
        except NotFoundError:
            return None
        return headers.get(name)

    def stream(self, path: str, failed: str) -> LineStream:
        """Open an endless answer."""
        return self._guarded(lambda: self._wire.stream(self._versioned(path)), failed)

    def upgrade(self, path: str, body: object, failed: str) -> socket.socket:
        """POST, and take the connection over as a byte stream; give it back with :meth:`release`."""
        return self._guarded(lambda: self._wire.upgrade(self._versioned(path), body), failed)

    def release(self, sock: socket.socket) -> None:
        """Close a stream that :meth:`upgrade` opened."""
        self._wire.release(sock)

    def change(self, work: Callable[[CountedClient], T], failed: str) -> T:
        """Do ``work`` with the SDK's client."""
        return self._guarded(lambda: work(self._client()), failed)

    def ping(self, timeout: float) -> None:
        """Return when the engine answers; raise EngineHungError after ``timeout`` seconds."""
        self._guarded(lambda: self._wire.ping(timeout=timeout), "The engine does not answer")

    def close(self) -> None:
        """Close every connection of ours; whoever waits for an answer gets ConnectionLostError."""
        self._wire.close()
        with self._lock:
            sdk, self._sdk = self._sdk, None
        if sdk is not None:
            sdk.close()

    def _versioned(self, path: str) -> str:
        return f"/v{self.agree()[0]}{path}"

    def _client(self) -> CountedClient:
        version = self.agree()[0]
        with self._lock:
            known = self._sdk
        if known is not None:
            return known
        # Here, not at the top: its import takes 100 ms, and nothing shown at start needs it.
        from tui.engine.sdk import CountedClient  # noqa: PLC0415

        made = CountedClient(self._address, version, self._count, timeout=self._timeout, pool_size=self._workers)
        with self._lock:
            self._sdk = made
        return made

    def _guarded(self, work: Callable[[], T], failed: str) -> T:
        try:
            return work()
        except EngineError:
            raise
        except Exception as error:
            found = explain(error, self._endpoint, failed, self._address)
            if isinstance(found, EngineUnavailableError) and not isinstance(found, EngineHungError):
                self._forget()
            raise found from error


def _parsed(version: object) -> tuple[int, int] | None:
    match = _VERSION.match(version) if isinstance(version, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
