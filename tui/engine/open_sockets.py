"""Every socket to one engine, the SDK's included, so that all of them can be hung up from any thread.

Neither ``http.client`` nor docker-py gives a hold on a connection in use: without this, a thread that
waits for a hung engine could only be left behind.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from weakref import WeakSet


class ClosedHereError(ConnectionError):
    """The engine has been closed on our side while a request was under way."""


def hang_up(sock: socket.socket) -> None:
    """Close a connection, from any thread and twice if need be; whoever reads from it wakes up.

    ``close()`` alone leaves a thread that is blocked in ``recv()`` where it is, and the file descriptor
    open for as long as an answer refers to it.
    """
    # Not the socket's own shutdown(): TLS's forgets its state, and the rest would be read undeciphered.
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    sock.close()


def connect_to_path(path: str, timeout: float | None) -> socket.socket:
    """A connection to the Unix socket at ``path``. Raises OSError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(path)
    except BaseException:
        sock.close()
        raise
    return sock


class OpenSockets:
    """The sockets that are open; those that were closed elsewhere leave by themselves.

    With ``within``, they are some of another one's sockets: these can be hung up alone, and are when those are.
    """

    def __init__(self, within: OpenSockets | None = None) -> None:
        self._within = within
        self._lock = threading.Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._closed = False

    @property
    def closed(self) -> bool:
        """True once :meth:`close` was called."""
        return self._closed

    @property
    def count(self) -> int:
        """How many are open."""
        with self._lock:
            return sum(sock.fileno() >= 0 for sock in self._sockets)

    def hold(self, sock: socket.socket) -> None:
        """Take note of a connection just made. Closes it and raises ClosedHereError when it comes too late."""
        if self._within is not None:
            self._within.hold(sock)
        with self._lock:
            if not self._closed:
                self._sockets.add(sock)
                return
        sock.close()
        raise ClosedHereError("closed")

    def close(self) -> None:
        """Hang up on everything, and on whatever is still to come. May be called twice."""
        with self._lock:
            self._closed = True
            held = list(self._sockets)
        for sock in held:
            hang_up(sock)
