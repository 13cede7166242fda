"""HTTP to one engine over the standard library: the first look, signs of life, and raw byte streams.

Everything else is asked of the SDK. These three can't be:

- The first look (see :mod:`tui.engine.first_look`) would wait for the SDK's import: 100 ms of CPU,
  where ``http.client`` takes 9.
- A ping has to come through when every connection and every worker of the SDK is stuck, and
  proves something only on a connection of its own.
- An exec's terminal is a byte stream both ways. The SDK parses the head of the answer with a buffered
  reader and hands out the socket beneath it, so that the first bytes of the session, when they come along with
  the head, are lost in the buffer.

Each request has a connection of its own: there are too few of them to be worth keeping any.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from tui.engine.address import Address, TlsFiles
from tui.engine.http_answer import HttpStatusError, explanation, take_head
from tui.engine.lines import split_lines
from tui.engine.open_sockets import OpenSockets, connect_to_path, hang_up

CONNECT_TIMEOUT = 10.0
"""Seconds at most for a connection to come about, and for the head of an endless answer."""


class _Connection(http.client.HTTPConnection):
    """To a Unix socket, or to a host with or without TLS."""

    def __init__(self, address: Address, tls: ssl.SSLContext | None, timeout: float) -> None:
        super().__init__(address.host or "localhost", address.port or None, timeout=timeout)
        self._address = address
        self._context = tls
        self.held: socket.socket
        """The socket, which ``http.client`` forgets when the answer says that it is the last one."""

    def connect(self) -> None:
        """Connect; over TLS, shake hands."""
        if self._address.path:
            self.sock = connect_to_path(self._address.path, self.timeout)
        else:
            super().connect()
            if self._context is not None:
                self.sock = self._context.wrap_socket(self.sock, server_hostname=self._address.host)
        self.held = self.sock


def tls_context(files: TlsFiles) -> ssl.SSLContext:
    """The TLS settings behind ``files``. Raises OSError (ssl.SSLError included) when they can't be used."""
    context = ssl.create_default_context(cafile=files.ca or None)
    if not files.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if files.certificate:
        context.load_cert_chain(files.certificate, files.key or None)
    return context


class WireLines:
    """See :class:`tui.engine.lines.Lines`."""

    def __init__(self, sock: socket.socket, response: http.client.HTTPResponse) -> None:
        self._sock = sock
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from split_lines(self._chunks())
        self.close()

    def _chunks(self) -> Iterator[bytes]:
        # ValueError and AttributeError: http.client, when the socket is closed under its reading.
        with self._response, suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
            while chunk := self._response.read1(65536):
                yield chunk

    def close(self) -> None:
        """Hang up."""
        hang_up(self._sock)


class Wire:
    """Requests to one address. All methods may be called from any thread.

    Raises HttpStatusError for an answer that is no success, and otherwise what the operating system and
    ``http.client`` raise: see :mod:`tui.engine.failures`. ``on_request`` is called once per request sent.
    """

    def __init__(self, address: Address, sockets: OpenSockets, on_request: Callable[[], None]) -> None:
        self._address = address
        self._sockets = sockets
        self._on_request = on_request
        self._tls: ssl.SSLContext | None = None

    def get(self, path: str, *, timeout: float) -> Any:
        """The JSON behind ``path``; ``timeout`` is in seconds, per read. Raises ValueError when it isn't JSON."""
        # Go replaces what isn't UTF-8; other servers may not, and one bad label must not hide a list.
        return json.loads(self._read(path, timeout).decode("utf-8", "replace"))

    def ping(self, *, timeout: float) -> None:
        """One ``GET /_ping``."""
        self._read("/_ping", timeout)

    def stream(self, path: str) -> WireLines:
        """Open an endless ``GET path``; returns when its head is there."""
        connection = self._connect(CONNECT_TIMEOUT)
        try:
            response = self._send(connection, path)
            connection.held.settimeout(None)
        except BaseException:
            _drop(connection)
            raise
        return WireLines(connection.held, response)

    def upgrade(self, path: str, body: object) -> socket.socket:
        """POST ``body`` as JSON and take the connection over as a raw byte stream (exec, attach).

        Source: "Hijacking" in the engine's API reference, ``POST /containers/{id}/attach``. The answer's
        head is read byte by byte, since ``http.client`` would swallow the beginning of the stream with it.
        The caller owns the socket.
        """
        connection = self._connect(CONNECT_TIMEOUT)
        try:
            data = json.dumps(body).encode()
            head = (
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: {len(data)}\r\n\r\n"
            )
            self._on_request()
            connection.held.sendall(head.encode() + data)
            take_head(connection.held)
            connection.held.settimeout(None)
        except BaseException:
            _drop(connection)
            raise
        return connection.held

    def _read(self, path: str, timeout: float) -> bytes:
        connection = self._connect(timeout)
        try:
            return self._send(connection, path).read()
        finally:
            _drop(connection)

    def _send(self, connection: _Connection, path: str) -> http.client.HTTPResponse:
        self._on_request()
        connection.request("GET", path)
        response = connection.getresponse()
        if not 200 <= response.status < 300:
            raise HttpStatusError(response.status, explanation(response.read()))
        return response

    def _connect(self, timeout: float) -> _Connection:
        if self._address.tls is not None and self._tls is None:
            self._tls = tls_context(self._address.tls)
        connection = _Connection(self._address, self._tls, min(timeout, CONNECT_TIMEOUT))
        try:
            connection.connect()
            self._sockets.hold(connection.held)
            connection.held.settimeout(timeout)
        except BaseException:
            connection.close()
            raise
        return connection


def _drop(connection: _Connection) -> None:
    hang_up(connection.held)
    connection.close()
