"""Docker contexts: names under which the docker command keeps an engine's address and certificates.

Read straight from docker's small JSON files: importing docker's own reader costs 100 ms before
anything can be on the screen. The tests hold this reader against docker's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tui import locations
from tui.engine.address import TlsFiles
from tui.engine.errors import BadEndpointError, UnknownContextError

DEFAULT_CONTEXT = "default"
"""The context that always exists and is written nowhere: what ``DOCKER_HOST`` says, else the default socket."""


class Context(NamedTuple):
    """One docker context: the address it stands for, and its certificates."""

    name: str
    host: str
    """As it was written when the context was made; empty when it names none."""
    tls: TlsFiles | None
    """``None`` when the context says nothing of TLS."""


def current_context(environ: Mapping[str, str], home: Path) -> str:
    """The context that ``docker context use`` chose; :data:`DEFAULT_CONTEXT` when none was.

    Raises:
        BadEndpointError: docker's settings are there and can't be read. They may name another
            engine, so passing them over could lead to the wrong one.
    """
    path = locations.docker_config_file(environ, home)
    try:
        settings = _read_object(path)
    except FileNotFoundError:
        return DEFAULT_CONTEXT
    except (OSError, ValueError) as error:
        raise BadEndpointError(
            f"{path} may name the engine to use, and it can't be read: {_reason(error)}.",
            "Correct that file, or say which engine you mean with --host or --context.",
        ) from error
    name = settings.get("currentContext")
    return name if isinstance(name, str) and name else DEFAULT_CONTEXT


def read_context(name: str, environ: Mapping[str, str], home: Path, *, asked_by: str) -> Context:
    """The docker context ``name`` (any but :data:`DEFAULT_CONTEXT`, which is written nowhere).

    Args:
        name: the context's name.
        environ: the environment; ``DOCKER_CONFIG`` moves docker's folder.
        home: the user's home folder.
        asked_by: who names the context, for the error message: ``--context``, ``DOCKER_CONTEXT`` …

    Raises:
        UnknownContextError: there is no such context, or it names no docker engine.
        BadEndpointError: its file can't be read.
    """
    path = locations.docker_context_meta_file(name, environ, home)
    try:
        meta = _read_object(path)
    except FileNotFoundError:
        raise _unknown(name, environ, home, asked_by) from None
    except (OSError, ValueError) as error:
        raise BadEndpointError(
            f"The docker context '{name}' can't be read from {path}: {_reason(error)}.",
            f"Make it anew with `docker context create`, or choose another engine than {asked_by} does.",
        ) from error
    endpoints = meta.get("Endpoints")
    docker = endpoints.get("docker") if isinstance(endpoints, dict) else None
    host = docker.get("Host") if isinstance(docker, dict) else None
    if not isinstance(docker, dict) or not isinstance(host, str | None):
        raise UnknownContextError(
            f"The docker context '{name}' (from {asked_by}) names no docker engine.",
            "`docker context inspect` shows what it holds.",
        )
    skip_verify = docker.get("SkipTLSVerify") is True
    return Context(name, host or "", _tls_files(locations.docker_context_tls_folder(name, environ, home), skip_verify))


def context_names(environ: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """Every context there is, ``default`` included, in alphabetical order. Unreadable ones are left out."""
    names = {DEFAULT_CONTEXT}
    for path in locations.docker_contexts_meta(environ, home).glob("*/meta.json"):
        try:
            name = _read_object(path).get("Name")
        except (OSError, ValueError):
            continue
        if isinstance(name, str):
            names.add(name)
    return tuple(sorted(names))


def _unknown(name: str, environ: Mapping[str, str], home: Path, asked_by: str) -> UnknownContextError:
    known = ", ".join(context_names(environ, home))
    return UnknownContextError(
        f"There is no docker context '{name}' (from {asked_by}).",
        f"Known contexts: {known}. No other engine was asked instead.",
    )


def _tls_files(folder: Path, skip_verify: bool) -> TlsFiles | None:
    """The certificates in a context's folder.

    As in the docker command, a context without any has no TLS, unless it says ``skip-tls-verify``.
    Source: ``tlsConfig`` in https://github.com/docker/cli/blob/master/cli/context/docker/load.go
    """
    found = {path.name: str(path) for path in folder.glob("*.pem")}
    if not found and not skip_verify:
        return None
    return TlsFiles(
        found.get("ca.pem", ""), found.get("cert.pem", ""), found.get("key.pem", ""), verify=not skip_verify
    )


def _read_object(path: Path) -> dict[str, Any]:
    """A file's JSON object. Raises ``OSError``, or ``ValueError`` when it holds something else."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError("it holds no JSON object")
    return content


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
