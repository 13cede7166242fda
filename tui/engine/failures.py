"""Any exception a connection or the SDK raises -> one EngineError, by type and status code, never by its text.

The exceptions of requests and urllib3, which the SDK lets through, aren't looked at themselves: they wrap those of
the operating system and of ``http.client``, several layers deep, and importing them would cost more than most
requests do.
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path

from tui.engine.address import Address
from tui.engine.errors import (
    AccessDeniedError,
    BadRequestError,
    ConflictError,
    ConnectionLostError,
    EngineError,
    EngineFaultError,
    EngineHungError,
    EngineUnavailableError,
    NotAnEngineError,
    NotFoundError,
    RefusedError,
    SocketMissingError,
    StaleSocketError,
    TlsError,
    UnsupportedError,
)
from tui.engine.open_sockets import ClosedHereError
from tui.model.host import Endpoint

_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_NO_SUCH_PLACE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


def explain(error: BaseException, endpoint: Endpoint, failed: str = "", address: Address | None = None) -> EngineError:
    """The EngineError for ``error``.

    ``failed`` says what could not be done, without a full stop ("The container web could not be started").
    ``address`` lets a missing daemon be told from a path that is no socket at all.
    """
    if isinstance(error, EngineError):
        return error
    chain = list(_chain(error))
    for link in chain:
        status = getattr(link, "status_code", None)
        if isinstance(status, int):
            return by_status(status, str(getattr(link, "explanation", None) or ""), failed)
    where = f"{endpoint.url} ({endpoint.source})" if endpoint.source else endpoint.url
    for link in chain:
        found = _by_type(link, where, address)
        if found is not None:
            return found
    if any(isinstance(link, ValueError | RecursionError) for link in chain):
        return EngineFaultError(
            f"{failed or f'The answer of {where} can not be used'}: it isn't the JSON an engine sends.",
            "Check that the engine and any proxy before it are of a current version.",
        )
    text = next((str(link) for link in reversed(chain) if str(link)), type(error).__name__)
    return EngineUnavailableError(f"The engine at {where} can't be reached: {text}.", "Check that it is running.")


def caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    """True when ``error`` was made from an exception of this ``kind``, or is one."""
    return any(isinstance(link, kind) for link in _chain(error))


def named(kind: str, identity: str) -> str:
    """An object as a sentence names it; a digest or container ID by its first 12 digits."""
    digits = identity.removeprefix("sha256:")
    long = len(digits) == 64 and all(digit in "0123456789abcdef" for digit in digits)
    return f"The {kind} {digits[:12] if long else identity}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """``error`` and everything it was made from, outermost first.

    requests and urllib3 carry the inner error as an argument or as ``reason``, not only as its cause.
    """
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        inner = [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
        waiting.extend(item for item in inner if isinstance(item, BaseException))


def by_status(status: int, explanation: str, failed: str) -> EngineError:
    """The EngineError for an HTTP status that is no success, with the engine's own words in it."""
    words = explanation.strip().rstrip(".")
    told = f"{failed or 'The engine refused'}: {words or f'it answered {status}'}."
    if status == 404:
        return NotFoundError(told, "It may have been removed meanwhile: refresh.")
    if status == 409:
        return ConflictError(told)
    if status in {401, 403}:
        return RefusedError(told, "Ask whoever runs this engine, or the proxy before it, for permission.")
    if status in {405, 501}:
        return UnsupportedError(told, "This engine can't do it.")
    if 400 <= status < 500:
        return BadRequestError(told)
    return EngineFaultError(told, "The engine's own log says more.")


def _by_type(link: BaseException, where: str, address: Address | None) -> EngineError | None:
    if isinstance(link, ssl.SSLError):
        return TlsError(
            f"No secure connection to {where}: {getattr(link, 'reason', None) or link}.",
            "Check the CA, certificate and key of this endpoint, and that it speaks TLS.",
        )
    # BlockingIOError: a Unix socket whose queue of waiting connections is full.
    if isinstance(link, TimeoutError | BlockingIOError):
        return EngineHungError(
            f"The engine at {where} takes the connection and gives no answer.",
            "It may be hung or overloaded: look at its log, or restart it.",
        )
    return _by_connection(link, where, address)


def _by_connection(link: BaseException, where: str, address: Address | None) -> EngineError | None:
    if isinstance(link, ClosedHereError):
        return closed_here(where)
    if isinstance(link, ConnectionRefusedError):
        return _refused(where, address)
    # RemoteDisconnected is both a ConnectionResetError and a BadStatusLine: the engine went away.
    if isinstance(link, ConnectionError | http.client.IncompleteRead):
        return ConnectionLostError(
            f"The connection to {where} broke in the middle of an answer.", "Check that the engine is still running."
        )
    if isinstance(link, http.client.HTTPException):
        return not_an_engine(where)
    return _by_errno(link, where) if isinstance(link, OSError) else None


def _by_errno(link: OSError, where: str) -> EngineError | None:
    if isinstance(link, socket.gaierror) or link.errno in _UNREACHABLE:
        return SocketMissingError(f"There is no way to {where}: {link.strerror}.", "Check the name and the network.")
    if link.errno in _NO_SUCH_PLACE:
        return SocketMissingError(
            f"There is no socket at {where}.",
            "Start the engine (sudo systemctl start docker), or name another one with --host or --context.",
        )
    if isinstance(link, PermissionError):
        return AccessDeniedError(
            f"You have no permission to use the engine at {where}.",
            "Add yourself to the docker group (sudo usermod -aG docker $USER, then log in again) or run with sudo.",
        )
    return None


def _refused(where: str, address: Address | None) -> EngineError:
    if address is not None and address.path and _is_no_socket(address.path):
        return NotAnEngineError(f"{where} is not a socket.", "Name the engine's socket with --host.")
    return StaleSocketError(
        f"Nobody listens at {where}: the engine isn't running.",
        "Start it (sudo systemctl start docker), or name another one with --host or --context.",
    )


def _is_no_socket(path: str) -> bool:
    try:
        return not stat.S_ISSOCK(Path(path).stat().st_mode)
    except OSError:
        return False


def closed_here(where: str) -> ConnectionLostError:
    """The engine has been closed on our side."""
    return ConnectionLostError(f"The connection to {where} has been closed.")


def not_an_engine(where: str) -> NotAnEngineError:
    """What answers at ``where`` doesn't speak the Docker Engine API."""
    return NotAnEngineError(
        f"What answers at {where} is not a Docker engine.", "Check the address: another service may use this port."
    )
