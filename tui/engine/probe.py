"""Is anybody there? A plain connect, before anything heavy is imported.

A missing, stale or forbidden socket is known within a millisecond, and the program can then leave
without having drawn anything. Whether what answers is an engine is the engine adapter's to find out.
"""

from __future__ import annotations

import socket
import threading
from urllib.parse import urlsplit

from tui.engine.address import Address
from tui.engine.errors import EngineError
from tui.engine.failures import explain
from tui.model.host import Endpoint


class Probe:
    """One attempt to connect. Sockets are tried at once, hosts in a thread of their own.

    Looking up a name or reaching a host takes as long as the network likes, and there is something
    else to do meanwhile: importing the app.
    """

    def __init__(self, endpoint: Endpoint, *, timeout: float = 3.0) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._failure: EngineError | None = None
        scheme = urlsplit(endpoint.url).scheme
        if scheme == "unix":
            self._connect_to_socket()
        elif scheme in ("tcp", "http", "https"):
            threading.Thread(target=self._connect_to_host, name="probe", daemon=True).start()

    @property
    def failure(self) -> EngineError | None:
        """Why nobody can be had there, as far as is known by now; ``None`` while that is open."""
        return self._failure

    def _connect_to_socket(self) -> None:
        path = urlsplit(self._endpoint.url).path
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(self._timeout)
            try:
                connection.connect(path)
            except (TimeoutError, BlockingIOError):
                return  # A full queue: somebody is there and slow, and the adapter has the patience to wait.
            except OSError as error:
                self._failure = explain(error, self._endpoint, address=Address(path=path))

    def _connect_to_host(self) -> None:
        parts = urlsplit(self._endpoint.url)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 0), timeout=self._timeout).close()
        except TimeoutError:
            return
        except OSError as error:
            self._failure = explain(error, self._endpoint)
