"""How the SDK's requests reach the engine: over connections that are used again, and can be hung up.

docker-py's own transport keeps a pool of connections per URL on a Unix socket, so that hardly one is used
twice. It also checks TLS against the authorities that ``certifi`` brings, not the system's.
"""

from __future__ import annotations

import ssl
from typing import Any

from docker.transport.basehttpadapter import BaseHTTPAdapter
from requests import PreparedRequest
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from tui.engine.address import Address
from tui.engine.open_sockets import OpenSockets, connect_to_path
from tui.engine.wire import tls_context


class StaleConnectionError(ConnectionError):
    """The engine had closed a kept connection before it saw the request: what only reads may be sent again."""


class _HostConnection(HTTPConnection):
    """A connection that is held, and that knows whether it has been used before."""

    def __init__(self, *args: Any, sockets: OpenSockets, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._sockets = sockets
        self._answered = False

    def connect(self) -> None:
        """Connect, and let the socket be held."""
        self._answered = False
        self._reach()
        if self.sock is not None:
            self._sockets.hold(self.sock)

    def _reach(self) -> None:
        super().connect()

    def getresponse(self) -> Any:
        """The answer. Raises StaleConnectionError when there was one before, and now there is none."""
        try:
            answer = super().getresponse()
        except ConnectionError as error:
            if self._answered:
                raise StaleConnectionError("closed by the engine") from error
            raise
        self._answered = True
        return answer


class _TlsConnection(_HostConnection, HTTPSConnection):
    """The same over TLS."""


class _PathConnection(_HostConnection):
    """The same to a Unix socket."""

    def __init__(self, *args: Any, path: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._path = path

    def _reach(self) -> None:
        # urllib3 has put the time-out of this request here, in seconds.
        timeout = self.timeout if isinstance(self.timeout, int | float) else None
        self.sock = connect_to_path(self._path, timeout)


class _HostPool(HTTPConnectionPool):
    ConnectionCls = _HostConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _PathPool(HTTPConnectionPool):
    ConnectionCls = _PathConnection


class OnePool(BaseHTTPAdapter):
    """Sends every request to one address, whatever its URL says; ``size`` connections are kept for the next."""

    def __init__(self, address: Address, sockets: OpenSockets, *, size: int) -> None:
        """Raises OSError (ssl.SSLError included) when the address's TLS files can't be used."""
        super().__init__()
        self._pool = _pool(address, sockets, size)

    def get_connection(self, url: str | bytes, proxies: object = None) -> HTTPConnectionPool:
        """The pool."""
        return self._pool

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Nothing: the pool's TLS settings say it all, and requests would add its own authorities to them."""

    def request_url(self, request: PreparedRequest, proxies: object) -> str:
        """The path alone: no proxy stands between."""
        return request.path_url

    def close(self) -> None:
        """Close the connections that nobody uses; the others are closed when their answer has been read."""
        super().close()
        self._pool.close()


def _pool(address: Address, sockets: OpenSockets, size: int) -> HTTPConnectionPool:
    if address.path:
        return _PathPool("localhost", maxsize=size, sockets=sockets, path=address.path)
    if address.tls is None:
        return _HostPool(address.host, address.port, maxsize=size, sockets=sockets)
    context: ssl.SSLContext = tls_context(address.tls)
    return _TlsPool(address.host, address.port, maxsize=size, sockets=sockets, ssl_context=context)
