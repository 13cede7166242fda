"""Where to connect: an endpoint's URL taken apart, and the TLS files that go with it."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from tui.engine.errors import BadEndpointError

_PLAIN_PORT, _TLS_PORT = 2375, 2376
"""The ports registered for Docker's API, without and with TLS."""


class TlsFiles(NamedTuple):
    """What a TLS connection needs, as ``--tlsverify`` or a docker context gives it: paths of PEM files."""

    ca: str = ""
    """Certificate of the authority that signed the engine's; empty for the system's authorities."""
    certificate: str = ""
    """Our own certificate; empty when the engine asks for none."""
    key: str = ""
    verify: bool = True
    """False takes any certificate the engine shows (``SkipTLSVerify`` of a context)."""


class Address(NamedTuple):
    """A connectable place: a socket path, or a host and port."""

    path: str = ""
    """Path of a Unix socket; empty for a TCP address."""
    host: str = ""
    port: int = 0
    tls: TlsFiles | None = None


def parse(url: str, tls: TlsFiles | None = None) -> Address:
    """The address behind ``unix://``, ``tcp://``, ``http://`` or ``https://`` URLs.

    Raises BadEndpointError for anything else, ``ssh://`` included: such an engine is reached through a
    tunnel, whose local socket is the address to connect to.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _not_understood(url) from None
    if parts.scheme == "unix":
        path = url.removeprefix("unix://")
        if not path:
            raise _not_understood(url)
        return Address(path=path if path.startswith("/") else f"/{path}")
    if parts.scheme == "https" and tls is None:
        tls = TlsFiles()
    if parts.scheme in {"tcp", "http", "https"} and host:
        return Address(host=host, port=port or (_TLS_PORT if tls else _PLAIN_PORT), tls=tls)
    raise _not_understood(url)


def _not_understood(url: str) -> BadEndpointError:
    return BadEndpointError(
        f"The engine's address {url!r} can't be understood.",
        "Write it as unix:///run/docker.sock, tcp://host:2375 or ssh://user@host.",
    )
