"""Where things lie on the user's disk. The only file that names such paths.

Everything here is a pure function of an environment and a home folder, so that tests can point it
elsewhere; nothing is read or created, except that :func:`socket_folder` looks whether a folder exists, and
:func:`temporary_folder` makes one.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_APPLICATION = "orlop"

DEFAULT_SOCKET = Path("/var/run/docker.sock")
"""Where a rootful engine listens when nobody says otherwise, here and on the far side of an ssh tunnel.

Source: https://docs.docker.com/reference/cli/dockerd/#daemon-socket-option
"""

CONTAINERD_ROOT = Path("/var/lib/containerd")
"""Where containerd keeps its data when it isn't dockerd that starts it. Source: containerd's ``defaults_unix.go``."""

DEFAULT_PIPE = "npipe:////./pipe/docker_engine"
"""The named pipe of an engine on Windows, as docker's own clients spell it."""

_LONGEST_SOCKET_PATH = 100
"""Bytes a socket's path may take: ``sun_path`` holds 104 on BSD and macOS, 108 on Linux, NUL included."""

_SOCKET_NAME_ROOM = 32
"""Bytes kept for what is put below :func:`socket_folder`: a folder made up by ``mkdtemp`` and a name."""


def home_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's home folder."""
    home = environ.get("HOME", "")
    return Path(home) if home else Path.home()


def working_folder() -> Path:
    """The folder orlop was started in; the home folder when that one is gone."""
    try:
        return Path.cwd()
    except OSError:
        return home_folder()


def typed_path(text: str, environ: Mapping[str, str] = os.environ) -> Path:
    """A path as a user types it: from the working folder on, ``~`` being the home folder."""
    if text == "~" or text.startswith("~/"):
        return home_folder(environ) / text[2:]
    return working_folder() / text


def config_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where preferences are kept: ``ORLOP_CONFIG_DIR``, or the platform's folder for configuration."""
    chosen = environ.get("ORLOP_CONFIG_DIR", "")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - `orlop --help` has no use for it

    return Path(platformdirs.user_config_dir(_APPLICATION, appauthor=False))


def preferences_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The file of preferences."""
    return config_folder(environ) / "config.toml"


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where things are kept that can be had again: ``ORLOP_CACHE_DIR``, or the platform's folder for caches.

    ``None`` when nobody knows where the user's home is.
    """
    chosen = environ.get("ORLOP_CACHE_DIR", "")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - as above

    try:
        folder = platformdirs.user_cache_dir(_APPLICATION, appauthor=False)
    except RuntimeError:  # What it says to a user without a home; older ones hand back the `~`.
        return None
    return None if folder.startswith("~") else Path(folder)


def layer_cache_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where it is kept what lies in layers."""
    folder = cache_folder(environ)
    return folder / "layers" if folder else None


def state_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where things are kept that nobody can make again: ``ORLOP_STATE_DIR``, or the platform's folder for state.

    ``None`` when nobody knows where the user's home is.
    """
    chosen = environ.get("ORLOP_STATE_DIR", "")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - as above

    try:
        folder = platformdirs.user_state_dir(_APPLICATION, appauthor=False)
    except RuntimeError:  # As for caches.
        return None
    return None if folder.startswith("~") else Path(folder)


def journal_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file in which every cleanup is written down."""
    folder = state_folder(environ)
    return folder / "journal.jsonl" if folder else None


def backup_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where volumes are backed up to."""
    folder = state_folder(environ)
    return folder / "backups" if folder else None


def temporary_folder() -> Path:
    """A new private folder that whoever asked for it removes."""
    return Path(tempfile.mkdtemp(prefix=f"{_APPLICATION}-"))


def memory_folders(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Folders that lie in memory on most systems, the private one first: there is room when every disk is full."""
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return (*((Path(runtime),) if runtime else ()), Path("/dev/shm"))


def docker_config_folder(environ: Mapping[str, str], home: Path) -> Path:
    """The docker command's own folder: ``DOCKER_CONFIG``, or ``~/.docker``."""
    chosen = environ.get("DOCKER_CONFIG", "")
    return Path(chosen) if chosen else home / ".docker"


def docker_config_file(environ: Mapping[str, str], home: Path) -> Path:
    """The docker command's own settings, which name the current context."""
    return docker_config_folder(environ, home) / "config.json"


def docker_contexts_meta(environ: Mapping[str, str], home: Path) -> Path:
    """The folder with one folder of metadata for each docker context."""
    return docker_config_folder(environ, home) / "contexts" / "meta"


def docker_context_meta_file(name: str, environ: Mapping[str, str], home: Path) -> Path:
    """Where the docker context ``name`` is described."""
    return docker_contexts_meta(environ, home) / _context_id(name) / "meta.json"


def docker_context_tls_folder(name: str, environ: Mapping[str, str], home: Path) -> Path:
    """Where the docker context ``name`` keeps the certificates of its docker endpoint."""
    return docker_config_folder(environ, home) / "contexts" / "tls" / _context_id(name) / "docker"


def candidate_sockets(environ: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Where else an engine may listen when there is no :data:`DEFAULT_SOCKET`, the likeliest first.

    Rootless docker and podman, Docker Desktop on macOS and Linux, Colima, rootful podman.
    """
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    own = (Path(runtime) / "docker.sock", Path(runtime) / "podman" / "podman.sock") if runtime else ()
    return (
        *own,
        home / ".docker" / "run" / "docker.sock",
        home / ".docker" / "desktop" / "docker.sock",
        home / ".colima" / "default" / "docker.sock",
        Path("/run/podman/podman.sock"),
    )


def socket_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """A folder in which a private folder for a unix socket can be made.

    ``XDG_RUNTIME_DIR`` where there is one, else the folder for temporary files; ``/tmp`` when that
    one's path is so long that a socket below it could not be named.
    """
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    places = [Path(runtime)] if runtime else []
    places.append(Path(tempfile.gettempdir()))
    for place in places:
        short_enough = len(os.fsencode(place)) + _SOCKET_NAME_ROOM <= _LONGEST_SOCKET_PATH
        if short_enough and place.is_dir() and os.access(place, os.W_OK):
            return place
    return places[-1] if sys.platform == "win32" else Path("/tmp")


def _context_id(name: str) -> str:
    """The folder name docker gives a context.

    Source: ``contextdirOf`` in https://github.com/docker/cli/blob/master/cli/context/store/metadatastore.go
    """
    import hashlib  # noqa: PLC0415 - it loads OpenSSL, which most starts have no use for

    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
