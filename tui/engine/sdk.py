"""The Docker SDK, kept for what changes the engine. Imported on first use only: it costs 100 ms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from docker.api.client import APIClient
from docker.tls import TLSConfig

from tui.engine.address import Address, TlsFiles


class CountedClient(APIClient):
    """The SDK's low-level client, telling of every request it sends.

    It may be used from several threads at once: of what a ``requests.Session`` shares, the cookie jar and the
    connection pools lock themselves, and nothing else is written after construction.
    """

    def __init__(
        self, address: Address, api_version: str, on_request: Callable[[], None], *, timeout: float, pool_size: int
    ) -> None:
        self._on_request = on_request
        super().__init__(
            base_url=address.sdk_url,
            # Pinned to what was negotiated already: "auto" would ask for the version once more.
            version=api_version,
            timeout=int(timeout),
            tls=_tls(address.tls) if address.tls else False,
            max_pool_size=pool_size,
        )
        # Proxies and .netrc files of the environment are for the web; an engine is addressed directly.
        self.trust_env = False

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send, and count."""
        self._on_request()
        return super().send(request, **kwargs)


def _tls(files: TlsFiles) -> TLSConfig:
    certificate = (files.certificate, files.key) if files.certificate else None
    return TLSConfig(client_cert=certificate, ca_cert=files.ca or None, verify=files.verify)
