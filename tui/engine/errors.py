"""The one family of errors an engine raises. No other exception leaves ``tui.engine``.

Each carries two sentences for the user: what went wrong, naming the thing, and what to do next.
They are told apart by type, made at the edge from exception types and HTTP status codes.
"""

from __future__ import annotations

from tui.told_error import ToldError


class EngineError(ToldError):
    """Something asked of an engine did not happen."""


class EngineUnavailableError(EngineError):
    """The engine can't be had at all. Subclasses say why."""


class SocketMissingError(EngineUnavailableError):
    """There is no socket (or host) at the endpoint."""


class StaleSocketError(EngineUnavailableError):
    """The socket or port is there and nobody listens."""


class AccessDeniedError(EngineUnavailableError):
    """The operating system refuses us the socket: usually not in the ``docker`` group."""


class NotAnEngineError(EngineUnavailableError):
    """Something answers, and it is not a Docker engine."""


class EngineHungError(EngineUnavailableError):
    """The connection stands and no answer comes."""


class ApiVersionError(EngineUnavailableError):
    """The engine's API is too old or too new for us."""


class UnknownContextError(EngineUnavailableError):
    """A docker context was named that does not exist: never fall back to another engine."""


class TlsError(EngineUnavailableError):
    """The TLS handshake or its files failed."""


class TunnelError(EngineUnavailableError):
    """The ssh connection to the engine's host failed; the message holds ssh's own words."""


class BadEndpointError(EngineUnavailableError):
    """The address can't be understood."""


class ConnectionLostError(EngineUnavailableError):
    """The engine was there and went away in the middle of an answer."""


class NotFoundError(EngineError):
    """The object is gone (HTTP 404)."""


class ConflictError(EngineError):
    """The object's state forbids it (HTTP 409): in use, running, name taken."""


class BadRequestError(EngineError):
    """The engine does not accept the request (HTTP 400)."""


class RefusedError(EngineError):
    """The engine, or a proxy before it, forbids it (HTTP 401, 403)."""


class BusyError(EngineError):
    """The engine is already doing this and can't do it twice (a second disk usage walk on 20.10)."""


class EngineFaultError(EngineError):
    """The engine failed by itself (HTTP 5xx)."""


class UnsupportedError(EngineError):
    """This engine can't do it (podman, an old API)."""


class ReadOnlyError(EngineError):
    """orlop was started read-only, so nothing is changed or deleted."""
