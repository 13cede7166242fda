"""The SDK's client, made when it is first wanted: importing it costs 100 ms of CPU and 10 MB of memory."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.engine.address import Address
from tui.engine.open_sockets import ClosedHereError, OpenSockets

if TYPE_CHECKING:
    # For annotations only: this is the very import that is put off, and no wall stands here.
    from tui.engine.sdk import SdkClient

_NOISY = r"(docker|requests|urllib3|paramiko|cryptography)(\.|$)"
"""Packages that print warnings, about their own versions or about TLS without verification, onto the screen."""


class LateSdk:
    """At most one client at a time. All methods may be called from any thread."""

    def __init__(
        self,
        address: Address,
        sockets: OpenSockets,
        on_request: Callable[[], None],
        *,
        timeout: float,
        pool_size: int,
    ) -> None:
        self._address = address
        self._sockets = sockets
        self._on_request = on_request
        self._timeout = timeout
        self._pool_size = pool_size
        self._making = threading.Lock()
        self._client: SdkClient | None = None

    def client(self, api_version: str) -> SdkClient:
        """The client that speaks ``api_version``. Whoever asks while it is being made waits for it.

        Raises ClosedHereError once closed, and OSError when the address's TLS files can't be used.
        """
        known = self._client
        if known is None or known.api_version != api_version:
            with self._making:
                known = self._client
                if known is None or known.api_version != api_version:
                    self._client = self._made(api_version, self._sockets, self._pool_size)
                    if known is not None:
                        known.close()  # another engine has come back in this place
                    known = self._client
        if self._sockets.closed:
            # Perhaps only just, and too late for close() to see this one.
            known.close()
            raise ClosedHereError("closed")
        return known

    def client_apart(self, api_version: str, sockets: OpenSockets) -> SdkClient:
        """One more client, for a single long answer: whoever asks for it closes it, or hangs up its ``sockets``.

        Raises as :meth:`client` does.
        """
        return self._made(api_version, sockets, 1)

    def _made(self, api_version: str, sockets: OpenSockets, pool_size: int) -> SdkClient:
        if self._sockets.closed:
            raise ClosedHereError("closed")
        warnings.filterwarnings("ignore", module=_NOISY)
        from tui.engine.sdk import SdkClient  # noqa: PLC0415

        return SdkClient(
            self._address,
            api_version,
            sockets,
            self._on_request,
            timeout=self._timeout,
            pool_size=pool_size,
        )

    def close(self) -> None:
        """Close the client's idle connections; never waits for one that is being made."""
        client = self._client
        if client is not None:
            client.close()
