"""Which engine is meant: flags, environment, docker's current context, then the usual sockets.

The order is the docker command's own, with two differences, both because deleting on the wrong
host is the worst thing that could happen: a context that does not exist is an error and never the
default socket, and an empty ``--host`` or ``--context`` (a shell variable that was not set) is an
error too.

Nothing here imports docker: this runs before the first paint.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from tui import locations
from tui.engine.address import TlsFiles
from tui.engine.contexts import DEFAULT_CONTEXT, current_context, read_context
from tui.engine.errors import BadEndpointError, TlsError
from tui.model.host import Endpoint

_EXAMPLES = "Write it as unix:///run/docker.sock, tcp://host:2376 or ssh://user@host."
_PLAIN_PORT, _TLS_PORT = 2375, 2376
"""Ports of ``tcp://host`` without one. Source: ``opts/hosts.go`` in https://github.com/docker/cli"""


class Target(NamedTuple):
    """An endpoint, and the certificates that go with it."""

    endpoint: Endpoint
    tls: TlsFiles | None = None
    """``None`` for a connection without TLS."""


def resolve(
    host: str | None = None,
    context: str | None = None,
    environ: Mapping[str, str] = os.environ,
    home: Path | None = None,
) -> Target:
    """The engine that is meant, and in ``endpoint.source`` who says so.

    Asked in this order: ``--host``, ``--context``, ``DOCKER_HOST``, ``DOCKER_CONTEXT``, the current
    context of docker's settings, the default socket, and when there is none of that, the other
    sockets engines are known to use. Source: ``resolveContextName`` and ``getServerHost`` in
    https://github.com/docker/cli/blob/master/cli/command/cli.go

    Args:
        host: what ``--host`` says; ``None`` when it was not given.
        context: what ``--context`` says; ``None`` when it was not given.
        environ: the environment.
        home: the user's home folder; by default the one of ``environ``.

    Raises:
        UnknownContextError: a context is named that does not exist.
        BadEndpointError: an address can't be understood, or docker's settings can't be read.
        TlsError: a certificate that is named is not there.
    """
    home = locations.home_folder(environ) if home is None else home
    if host is not None and context is not None:
        raise BadEndpointError("--host and --context each name an engine.", "Give one of them.")
    if host is not None:
        return _at(host, "--host", environ, home)
    if context is not None:
        return _in_context(context, "--context", environ, home)
    if environ.get("DOCKER_HOST"):
        return _at(environ["DOCKER_HOST"], "DOCKER_HOST", environ, home)
    if environ.get("DOCKER_CONTEXT"):
        return _in_context(environ["DOCKER_CONTEXT"], "DOCKER_CONTEXT", environ, home)
    name = current_context(environ, home)
    if name != DEFAULT_CONTEXT:
        return _in_context(name, "docker's current context", environ, home)
    return Target(_usual_socket(environ, home))


def _at(address: str, source: str, environ: Mapping[str, str], home: Path) -> Target:
    """The engine at an address that comes without certificates of its own."""
    return _target(address, source, "", _tls_of_environment(environ, home))


def _in_context(name: str, asked_by: str, environ: Mapping[str, str], home: Path) -> Target:
    """The engine that the docker context ``name`` stands for."""
    source = f"{asked_by} '{name}'"
    if name == DEFAULT_CONTEXT:
        # As in the docker command, the default context is whatever DOCKER_HOST says.
        if environ.get("DOCKER_HOST"):
            return _at(environ["DOCKER_HOST"], f"DOCKER_HOST, by {source}", environ, home)
        return Target(_default_endpoint(source))
    found = read_context(name, environ, home, asked_by=asked_by)
    if not found.host:
        return Target(_default_endpoint(source, context=name))
    return _target(found.host, source, name, found.tls)


def _target(address: str, source: str, context: str, tls: TlsFiles | None) -> Target:
    """A target whose address is spelled in full, with its certificates where the address can use them."""
    url = spelled_out(address, tls=tls is not None, named_by=source)
    scheme = urlsplit(url).scheme
    if scheme == "https" and tls is None:
        tls = TlsFiles()
    if scheme not in ("tcp", "https"):
        tls = None
    if tls is not None:
        _check_files(tls, source)
    return Target(Endpoint(url, context, source), tls)


def _check_files(tls: TlsFiles, source: str) -> None:
    """Raise TlsError when a certificate is named that is not there, or one without its key."""
    for path in filter(None, (tls.ca, tls.certificate, tls.key)):
        if not os.path.isfile(path):
            raise TlsError(
                f"The TLS file {path} for the engine from {source} does not exist.",
                "Put it there, or correct DOCKER_CERT_PATH or the docker context.",
            )
    if bool(tls.certificate) != bool(tls.key):
        raise TlsError(
            f"A TLS certificate and its key go together, and for the engine from {source} there is only "
            f"{tls.certificate or tls.key}.",
            "Put both cert.pem and key.pem there, or neither.",
        )


def spelled_out(address: str, *, tls: bool = False, named_by: str = "--host") -> str:
    """``address`` as a URL with everything said, as the docker command understands it.

    ``host:port`` is TCP, a path is a unix socket, ``tcp://host`` gets docker's port.

    Raises:
        BadEndpointError: it can't be understood.
    """
    text = address.strip()
    if not text:
        raise BadEndpointError(f"The engine's address (from {named_by}) is empty.", _EXAMPLES)
    if text.startswith("/"):
        text = f"unix://{text}"
    elif "://" not in text:
        text = f"tcp://{text}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise _not_understood(address, named_by, str(error)) from error
    if any(character.isspace() or not character.isprintable() for character in text):
        raise _not_understood(address, named_by, "it holds a blank or a control character")
    if parts.password is not None:
        raise _not_understood(parts._replace(netloc="…").geturl(), named_by, "it holds a password")
    if parts.query or parts.fragment:
        raise _not_understood(address, named_by, "it holds a query or a fragment")
    return _checked(parts, address, tls, named_by)


def _checked(parts: SplitResult, address: str, tls: bool, named_by: str) -> str:
    """The URL for parts that could be told apart, when they make sense for their scheme."""
    if parts.scheme in ("unix", "http+unix"):  # The latter in contexts that docker-py made.
        path = parts.netloc + parts.path
        if path and not path.startswith("/"):
            raise _not_understood(address, named_by, "a socket's path starts with /")
        return f"unix://{path or locations.DEFAULT_SOCKET}"
    if parts.scheme == "npipe":
        return f"npipe://{parts.path}" if parts.path else locations.DEFAULT_PIPE
    if parts.scheme not in ("tcp", "http", "https", "ssh"):
        raise _not_understood(address, named_by, f"'{parts.scheme}' is no way to reach an engine")
    if not parts.hostname:
        raise _not_understood(address, named_by, "it names no host")
    if parts.hostname.startswith("-") or (parts.username or "").startswith("-"):
        # ssh would take it for an option, and some of its options run commands.
        raise _not_understood(address, named_by, "no host's or user's name starts with a dash")
    if parts.scheme == "ssh" or parts.port is not None:
        return parts.geturl()
    port = _TLS_PORT if tls or parts.scheme == "https" else _PLAIN_PORT
    return parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{port}").geturl()


def _not_understood(address: str, named_by: str, why: str) -> BadEndpointError:
    return BadEndpointError(f"The engine's address '{address}' (from {named_by}) can't be used: {why}.", _EXAMPLES)


def _tls_of_environment(environ: Mapping[str, str], home: Path) -> TlsFiles | None:
    """What ``DOCKER_TLS_VERIFY`` and ``DOCKER_CERT_PATH`` ask for; either switches TLS on.

    Any value but the empty one verifies. Our own certificate is optional, the authority's is not
    when it is needed. Source: https://docs.docker.com/reference/cli/docker/#environment-variables
    """
    verify = bool(environ.get("DOCKER_TLS_VERIFY"))
    cert_path = environ.get("DOCKER_CERT_PATH", "")
    if not verify and not cert_path:
        return None
    folder = Path(cert_path) if cert_path else locations.docker_config_folder(environ, home)
    ca, cert, key = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
    return TlsFiles(
        str(ca) if verify or ca.is_file() else "",
        str(cert) if cert.is_file() else "",
        str(key) if key.is_file() else "",
        verify=verify,
    )


def _usual_socket(environ: Mapping[str, str], home: Path) -> Endpoint:
    """The default socket; when it does not exist, the first other one at which something listens."""
    if sys.platform != "win32" and not os.path.exists(locations.DEFAULT_SOCKET):
        for path in locations.candidate_sockets(environ, home):
            if _listens(path):
                return Endpoint(f"unix://{path}", "", f"found there; {locations.DEFAULT_SOCKET} does not exist")
    return _default_endpoint("the default socket")


def _default_endpoint(source: str, context: str = "") -> Endpoint:
    address = locations.DEFAULT_PIPE if sys.platform == "win32" else f"unix://{locations.DEFAULT_SOCKET}"
    return Endpoint(address, context, source)


def _listens(path: Path) -> bool:
    """True when a connection to the socket ``path`` is taken: what a dead engine left behind is passed over."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(path))
        except BlockingIOError:
            return True  # Its queue is full: busy, or hung, and there.
        except OSError:
            return False
    return True
