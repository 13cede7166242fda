"""The Docker SDK's low-level client, as orlop uses it. Importing this costs 100 ms: see :mod:`tui.engine.late_sdk`."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import requests
from docker.api.client import APIClient
from docker.types.daemon import CancellableStream

from tui.engine.address import Address
from tui.engine.failures import caused_by
from tui.engine.http_answer import HttpStatusError, explanation
from tui.engine.lines import split_lines
from tui.engine.open_sockets import OpenSockets
from tui.engine.sdk_transport import OnePool, StaleConnectionError
from tui.engine.wire import CONNECT_TIMEOUT

_READING = {"GET", "HEAD"}
_NOT_MODIFIED = 304
"""What starting a started container answers: no refusal."""
_UNPACKED = {"Accept-Encoding": "identity"}
"""Else the engine compresses the tars of containers' files, which costs it and us more than it saves."""
_DISK_WALK = 900.0
"""Seconds the engine may take over its disk usage: it walks every volume, minutes on a large host."""


class SdkClient(APIClient):
    """The SDK's low-level client. It tells of every request it sends, and raises HttpStatusError for refusals.

    It may be used from several threads at once: of what a ``requests.Session`` shares, the cookie jar and the
    connection pool lock themselves, and nothing else is written after construction.
    """

    def __init__(
        self,
        address: Address,
        api_version: str,
        sockets: OpenSockets,
        on_request: Callable[[], None],
        *,
        timeout: float,
        pool_size: int,
    ) -> None:
        """``timeout`` is in seconds, for each read of an answer. Raises OSError when TLS files can't be used."""
        self._on_request = on_request
        super().__init__(
            # For the SDK's eyes only: the adapter below knows the way. Pinned to what was negotiated already:
            # "auto" would ask for the version once more.
            base_url=f"{'https' if address.tls else 'http'}://localhost:{address.port or 1}",
            version=api_version,
            timeout=math.ceil(timeout),
        )
        adapter = OnePool(address, sockets, size=pool_size)
        self.mount("http://", adapter)
        self.mount("https://", adapter)
        # Proxies and .netrc files of the environment are for the web; an engine is addressed directly.
        self.trust_env = False

    @property
    def _general_configs(self) -> dict[str, Any]:
        """The user's client settings, as the SDK sees them: none.

        They are about pulling and building. A file that the SDK can't make sense of would otherwise keep
        orlop from showing anything, and the constructor would raise.
        """
        return {"auths": {}}

    @_general_configs.setter
    def _general_configs(self, _found: object) -> None:
        pass

    def _url(self, pathfmt: str, *names: str, versioned_api: bool = True, **_unused: object) -> str:
        """As the SDK's own; but a slash in a name is quoted too, since it must not lead elsewhere.

        Only references of images, which the engine takes with their slashes, keep them. The SDK itself passes
        more arguments than it uses.
        """
        safe = "/:" if pathfmt.startswith("/images/") else ":"
        path = pathfmt.format(*(quote(name, safe=safe) for name in names))
        return f"{self.base_url}/v{self.api_version}{path}" if versioned_api else f"{self.base_url}{path}"

    def send(self, request: requests.PreparedRequest, **settings: Any) -> requests.Response:
        """Send, and count. What only reads is sent again when a kept connection turns out to be closed."""
        timeout = settings.get("timeout")
        if not isinstance(timeout, tuple):  # which is one of orlop's own, and says it all
            # Only an endless answer has no time-out, and its head has to come all the same.
            settings["timeout"] = (min(timeout or CONNECT_TIMEOUT, CONNECT_TIMEOUT), timeout or CONNECT_TIMEOUT)
        # An engine does not send anyone elsewhere, and a redirected DELETE would look like one that was done.
        settings["allow_redirects"] = False
        while True:
            self._on_request()
            try:
                response = super().send(request, **settings)
                break
            except requests.ConnectionError as error:
                if request.method not in _READING or not caused_by(error, StaleConnectionError):
                    raise
        # Else requests may guess, slowly, and Go replaces what isn't UTF-8 anyway.
        response.encoding = "utf-8"
        if response.status_code >= 300 and response.status_code != _NOT_MODIFIED:
            raise HttpStatusError(response.status_code, explanation(response.content))
        if timeout is None:
            _wait_for_ever(response)
        return response

    def df(self) -> Any:
        """The disk usage, with the patience it takes."""
        return self.get(self._url("/system/df"), timeout=_DISK_WALK).json()

    def df_of_build_cache(self) -> Any:
        """The disk usage of the build cache alone, since API 1.42. Nothing is walked for it."""
        return self.get(self._url("/system/df"), params={"type": "build-cache"}, timeout=self.timeout).json()

    def prune_record(self, record_id: str) -> Any:
        """Remove the one record of the build cache with this whole ID, whatever its type, if nothing needs it.

        The SDK's ``prune_builds()`` would give up after its time-out, and a record may be millions of files.
        """
        params = {"all": "1", "filters": json.dumps({"id": [record_id]})}
        return self.post(self._url("/build/prune"), params=params, timeout=_DISK_WALK).json()

    def path_stat_header(self, container: str, path: str) -> str | None:
        """What ``HEAD /containers/{id}/archive``, for which the SDK has no method, tells of a path."""
        url = self._url("/containers/{0}/archive", container)
        answer = self.head(url, params={"path": path_bytes(path)}, timeout=self.timeout)
        return answer.headers.get("X-Docker-Container-Path-Stat")

    def save_stream(self, image: str) -> SdkBody:
        """The archive of one image, as ``docker save`` writes it; returns when the head of the answer is there.

        There is no time-out: the classic store puts the whole archive together on its own disk before it
        answers, which takes minutes for a large image, and the SDK's own ``get_image()`` would give up.
        """
        url = self._url("/images/{0}/get", image)
        return SdkBody(self.get(url, stream=True, timeout=(CONNECT_TIMEOUT, None), headers=_UNPACKED))

    def archive_stream(self, container: str, path: str, *, silence: float) -> SdkBody:
        """The tar of one path of a container. ``silence`` is how many seconds may pass between two pieces."""
        url = self._url("/containers/{0}/archive", container)
        params = {"path": path_bytes(path)}
        timeout = (CONNECT_TIMEOUT, silence)
        return SdkBody(self.get(url, params=params, stream=True, timeout=timeout, headers=_UNPACKED))

    def fill_from_archive(self, container: str, path: str, tar: Iterator[bytes], *, silence: float) -> None:
        """Unpack a tar in a folder of a container; returns when all of it is there.

        ``silence`` is how many seconds the engine may take over a piece. How long it takes over its answer, once it
        has everything, is its own affair: it writes to its disk by then.
        """
        url = self._url("/containers/{0}/archive", container)
        # While it sends, urllib3 still has the time-out that it connected with.
        self.put(
            url,
            params={"path": path_bytes(path)},
            data=tar,
            timeout=(silence, None),
            headers={"Content-Type": "application/x-tar"},
        )

    def event_lines(self) -> SdkLines:
        """The events as they come, one per line; returns when the head of the answer is there."""
        return SdkLines(self.events())


def _wait_for_ever(response: requests.Response) -> None:
    # Where the SDK's CancellableStream.close() looks for the socket too. An answer that is over has none.
    raw: Any = response.raw
    with suppress(AttributeError):
        raw._fp.fp.raw._sock.settimeout(None)


def path_bytes(path: str) -> bytes:
    """A path of a container as it goes into a URL: from the root, its bytes as they are on the disk."""
    return b"/" + path.lstrip("/").encode("utf-8", "surrogateescape")


class SdkBody:
    """A long answer's body, read piece by piece in one thread. Its sockets can be hung up from any."""

    def __init__(self, response: requests.Response) -> None:
        self._raw: Any = response.raw

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer only at the end, where there are none."""
        piece: bytes = self._raw.read(size, decode_content=True)
        return piece


class SdkLines:
    """See :class:`tui.engine.lines.Lines`."""

    def __init__(self, stream: CancellableStream[Any]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from split_lines(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        # ValueError and AttributeError: http.client, when the socket is closed under its reading.
        with suppress(OSError, ValueError, AttributeError):
            for chunk in self._stream:
                # An answer that isn't chunked comes as text, whole.
                yield chunk.encode() if isinstance(chunk, str) else chunk

    def close(self) -> None:
        """Hang up."""
        # AttributeError: the answer ended at this moment.
        with suppress(OSError, AttributeError):
            self._stream.close()
