"""HTTP to one engine, over the standard library: what reading needs, and what the SDK has no call for.

Why not the SDK for all: importing it costs 100 ms of CPU and 10 MB of memory on top of Textual
(``http.client``: 9 ms and 1 MB), which the first picture on the screen would wait for. It also keeps
one connection pool per URL, so that connections are hardly ever used again, and it gives no hold on
a connection in use, so that a read stuck in a hung engine could not be ended.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from tui.engine.address import Address, TlsFiles
from tui.engine.http_answer import HttpStatusError, explanation, take_head

_CONNECT_TIMEOUT = 10.0
_STALE = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)
"""How an idle connection that the engine has closed meanwhile shows when it is used again."""


class WireClosedError(ConnectionError):
    """The engine has been closed on our side while a request was under way."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket's path; the host name is for the header only."""
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(self.timeout)
            sock.connect(self._path)
        except BaseException:
            sock.close()
            raise
        self.sock = sock


def tls_context(files: TlsFiles) -> ssl.SSLContext:
    """The TLS settings behind ``files``. Raises OSError (ssl.SSLError included) when they can't be used."""
    context = ssl.create_default_context(cafile=files.ca or None)
    if not files.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if files.certificate:
        context.load_cert_chain(files.certificate, files.key or None)
    return context


class LineStream:
    """An endless answer, line by line, on a connection of its own. Iterated in one thread, closed from any."""

    def __init__(self, wire: Wire, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> None:
        self._wire = wire
        self._connection = connection
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        """The lines as they arrive. Ends when either side closes the connection, whatever way it breaks."""
        rest = b""
        with suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            # ValueError and AttributeError: http.client, when the socket is closed under its reading.
            while chunk := self._response.read1(65536):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from (line for line in lines if line.strip())
        if rest.strip():
            yield rest
        self.close()

    def close(self) -> None:
        """Close the connection; a reader blocked on it wakes up. May be called twice."""
        self._wire.discard(self._connection)


class Wire:
    """Connections to one address, used again while they stay open. All methods may be called from any thread.

    Raises HttpStatusError for an answer that is no success, and otherwise what the operating system and
    ``http.client`` raise: see :mod:`tui.engine.failures`. ``on_request`` is called once per request sent.
    """

    def __init__(self, address: Address, on_request: Callable[[], None]) -> None:
        self._address = address
        self._on_request = on_request
        self._lock = threading.Lock()
        self._idle: list[http.client.HTTPConnection] = []
        self._open: dict[http.client.HTTPConnection, socket.socket] = {}
        self._tls: ssl.SSLContext | None = None
        self._closed = False

    @property
    def connections(self) -> int:
        """How many connections are open, idle ones included."""
        with self._lock:
            return len(self._open)

    def get(self, path: str, *, timeout: float) -> Any:
        """The JSON behind ``path``; ``timeout`` is in seconds, per read. Raises ValueError when it isn't JSON."""
        body, _headers = self._request("GET", path, timeout)
        # Go replaces what isn't UTF-8; other servers may not, and one bad label must not hide a list.
        return json.loads(body.decode("utf-8", "replace"))

    def head(self, path: str, *, timeout: float) -> http.client.HTTPMessage:
        """The headers of ``HEAD path``."""
        return self._request("HEAD", path, timeout)[1]

    def ping(self, *, timeout: float) -> None:
        """One ``GET /_ping`` on a connection of its own: an old idle one proves nothing about the engine."""
        connection = self._connect(timeout)
        try:
            self._send(connection, "GET", "/_ping", timeout).read()
        finally:
            self.discard(connection)

    def stream(self, path: str) -> LineStream:
        """Open an endless ``GET path``; returns when its headers are there."""
        connection = self._connect(_CONNECT_TIMEOUT)
        try:
            response = self._send(connection, "GET", path, _CONNECT_TIMEOUT)
            self._open[connection].settimeout(None)
        except BaseException:
            self.discard(connection)
            raise
        return LineStream(self, connection, response)

    def upgrade(self, path: str, body: object) -> socket.socket:
        """POST ``body`` as JSON and take the connection over as a raw byte stream (exec, attach).

        Source: "Hijacking" in the engine's API reference, ``POST /containers/{id}/attach``. The answer's
        head is read byte by byte, since ``http.client`` would swallow the beginning of the stream with it.
        The caller owns the socket and closes it with :meth:`release`.
        """
        connection = self._connect(_CONNECT_TIMEOUT)
        try:
            data = json.dumps(body).encode()
            head = (
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: {len(data)}\r\n\r\n"
            )
            sock = self._open[connection]
            self._on_request()
            sock.sendall(head.encode() + data)
            take_head(sock)
            sock.settimeout(None)
        except BaseException:
            self.discard(connection)
            raise
        return sock

    def release(self, sock: socket.socket) -> None:
        """Close a socket that :meth:`upgrade` gave."""
        with self._lock:
            owner = next((connection for connection, its in self._open.items() if its is sock), None)
        if owner is not None:
            self.discard(owner)

    def close(self) -> None:
        """Close every connection; whoever reads from one wakes up with an error. May be called twice."""
        with self._lock:
            self._closed = True
            connections = list(self._open)
        for connection in connections:
            self.discard(connection)

    def drop_idle(self) -> None:
        """Close the connections nobody uses: after the engine went away they all are dead."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            self.discard(connection)

    def discard(self, connection: http.client.HTTPConnection) -> None:
        """Close one connection for good; a thread that reads from it wakes up."""
        with self._lock:
            sock = self._open.pop(connection, None)
            if connection in self._idle:
                self._idle.remove(connection)
        if sock is not None:
            # close() alone leaves a thread that is blocked in recv() where it is, and the file
            # descriptor open for as long as the response refers to it.
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        connection.close()

    def _request(self, method: str, path: str, timeout: float) -> tuple[bytes, http.client.HTTPMessage]:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None:
            try:
                return self._exchange(connection, method, path, timeout)
            except _STALE:
                pass  # the engine had closed it before this request, which only reads: ask once more
        return self._exchange(self._connect(timeout), method, path, timeout)

    def _exchange(
        self, connection: http.client.HTTPConnection, method: str, path: str, timeout: float
    ) -> tuple[bytes, http.client.HTTPMessage]:
        try:
            response = self._send(connection, method, path, timeout)
            body = response.read()
        except HttpStatusError:
            self._put_back(connection)
            raise
        except BaseException:
            self.discard(connection)
            raise
        self._put_back(connection)
        return body, response.headers

    def _send(
        self, connection: http.client.HTTPConnection, method: str, path: str, timeout: float
    ) -> http.client.HTTPResponse:
        sock = self._open.get(connection)
        if sock is None:
            raise WireClosedError("closed")
        sock.settimeout(timeout)
        self._on_request()
        connection.request(method, path)
        response = connection.getresponse()
        if not 200 <= response.status < 300:
            raise HttpStatusError(response.status, explanation(response.read()))
        return response

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        connection = self._new_connection(min(timeout, _CONNECT_TIMEOUT))
        connection.connect()
        with self._lock:
            if not self._closed:
                self._open[connection] = connection.sock
                return connection
        connection.close()
        raise WireClosedError("closed")

    def _new_connection(self, timeout: float) -> http.client.HTTPConnection:
        address = self._address
        if address.path:
            return _UnixConnection(address.path, timeout)
        if address.tls is None:
            return http.client.HTTPConnection(address.host, address.port, timeout=timeout)
        if self._tls is None:
            self._tls = tls_context(address.tls)
        return http.client.HTTPSConnection(address.host, address.port, timeout=timeout, context=self._tls)

    def _put_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            # http.client drops its socket by itself when the answer says "Connection: close".
            if not self._closed and connection in self._open and connection.sock is not None:
                self._idle.append(connection)
                return
        self.discard(connection)
