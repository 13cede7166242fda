"""One engine's address, the API version agreed on, and every request to it. Blocking; used from worker threads.

Reading and changing is asked of the SDK; :mod:`tui.engine.wire` says what is not. Only EngineError leaves here.
"""

from __future__ import annotations

import re
import socket
import ssl
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
)
from tui.engine.failures import closed_here, explain, not_an_engine
from tui.engine.http_answer import HttpStatusError
from tui.engine.late_sdk import LateSdk
from tui.engine.lines import Lines
from tui.engine.open_sockets import OpenSockets
from tui.engine.wire import Wire
from tui.model.host import Endpoint

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import SdkClient

T = TypeVar("T")

_OLDEST = (1, 24)
"""The SDK speaks no older one (``docker.constants.MINIMUM_DOCKER_API_VERSION``)."""
_NEWEST = (1, 51)
"""Engine 28.5's. A newer engine is spoken to in this one, whose shapes are known, as the docker CLI does it."""
_VERSION = re.compile(r"^(\d{1,4})\.(\d{1,4})$", re.ASCII)
_FIRST_ANSWER = 10.0
"""Seconds an engine gets for its first answer; /version takes a few milliseconds."""
_OTHER_THREADS = 2
"""Beside the workers, a shell and its end ask for things in threads of their own."""


class Connection:
    """Requests to the engine at ``address``. ``timeout`` is in seconds, for each read of an answer."""

    def __init__(self, endpoint: Endpoint, address: Address, *, timeout: float, workers: int) -> None:
        self._endpoint = endpoint
        self._address = address
        self._timeout = timeout
        self._lock = threading.Lock()
        self._requests = 0
        self._agreed: Future[tuple[str, dict[str, Any]]] | None = None
        self._sockets = OpenSockets()
        self._wire = Wire(address, self._sockets, self._count)
        # A connection for each thread, so that none is thrown away for want of a place.
        pool_size = workers + _OTHER_THREADS
        self._sdk = LateSdk(address, self._sockets, self._count, timeout=timeout, pool_size=pool_size)

    @property
    def requests_sent(self) -> int:
        """How many requests have been sent, whatever became of them."""
        return self._requests

    @property
    def open_connections(self) -> int:
        """How many connections are open, idle ones and streams included."""
        return self._sockets.count

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
            except BaseException as error:  # noqa: BLE001  # whatever it is: others wait for it
                self._forget()
                agreed.set_exception(error)
        return agreed.result()

    def _forget(self) -> None:
        with self._lock:
            self._agreed = None

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
        except ssl.SSLError as error:
            # Before ValueError: a certificate that does not verify is one too.
            raise explain(error, self._endpoint) from error
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

    def ask(self, work: Callable[[SdkClient], T], failed: str) -> T:
        """Do ``work`` with the SDK's client. ``failed`` opens the sentence of the error."""
        return self._guarded(lambda: work(self._sdk.client(self.agree()[0])), failed)

    def sockets_apart(self) -> OpenSockets:
        """For an answer that may take minutes: sockets that can be hung up without touching the others."""
        return OpenSockets(self._sockets)

    def ask_apart(self, sockets: OpenSockets, work: Callable[[SdkClient], T], failed: str) -> T:
        """Do ``work`` with a client of its own, which connects over ``sockets`` and is closed afterwards.

        Raises ConnectionLostError when they are hung up meanwhile.
        """

        def apart() -> T:
            client = self._sdk.client_apart(self.agree()[0], sockets)
            try:
                return work(client)
            except Exception as error:
                if sockets.closed:
                    raise closed_here(self._endpoint.url) from error
                raise
            finally:
                client.close()
                sockets.close()

        return self._guarded(apart, failed)

    def look(self, path: str, failed: str) -> Any:
        """The JSON behind ``path``, without the SDK."""
        return self._guarded(lambda: self._wire.get(self._versioned(path), timeout=self._timeout), failed)

    def look_on(self, path: str, failed: str) -> Lines:
        """Open an endless answer, without the SDK."""
        return self._guarded(lambda: self._wire.stream(self._versioned(path)), failed)

    def upgrade(self, path: str, body: object, failed: str) -> socket.socket:
        """POST, and take the connection over as a byte stream; whoever asked for it closes it."""
        return self._guarded(lambda: self._wire.upgrade(self._versioned(path), body), failed)

    def ping(self, timeout: float) -> None:
        """Return when the engine answers; raise EngineHungError after ``timeout`` seconds."""
        self._guarded(lambda: self._wire.ping(timeout=timeout), "The engine does not answer")

    def close(self) -> None:
        """Close every connection; whoever waits for an answer gets ConnectionLostError."""
        self._sockets.close()
        self._sdk.close()

    def _versioned(self, path: str) -> str:
        return f"/v{self.agree()[0]}{path}"

    def _guarded(self, work: Callable[[], T], failed: str) -> T:
        try:
            return work()
        except EngineError:
            raise
        except Exception as error:
            if self._sockets.closed:
                raise closed_here(self._endpoint.url) from error
            found = explain(error, self._endpoint, failed, self._address)
            if isinstance(found, EngineUnavailableError) and not isinstance(found, EngineHungError):
                self._forget()
            raise found from error


def _parsed(version: object) -> tuple[int, int] | None:
    match = _VERSION.match(version) if isinstance(version, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
