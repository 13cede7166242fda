"""What is asked of an engine about the files in a container, path by path. Nothing is run in it.

Blocking; called in worker threads. Only EngineError leaves here.
"""

from __future__ import annotations

from collections.abc import Collection

from tui.engine import decode
from tui.engine import reading as asking
from tui.engine.connection import Connection
from tui.engine.errors import EngineFaultError, NotFoundError
from tui.engine.failures import named
from tui.engine.path_stat import path_stat
from tui.engine.raw import rows, text, whole_number
from tui.engine.shell_search import find_shell
from tui.model.container import Mount
from tui.model.layer_files import Kind
from tui.model.storage import Change, ChangeKind, PathStat

_CHANGES = {int(kind): kind for kind in ChangeKind}


def shell_of(connection: Connection, container_id: str) -> str | None:
    """Path of the first shell in a container, whatever its state."""
    failed = f"{named('container', container_id)} could not be looked into"

    def stat(path: str) -> PathStat | None:
        try:
            return path_stat(connection.ask(lambda sdk: sdk.path_stat_header(container_id, path), failed))
        except NotFoundError:
            return None

    found = find_shell(stat)
    if found is None:
        asking.inspect_container(
            connection, container_id
        )  # a container that is gone answers 404 like a file that isn't there
    return found


def container_changes(connection: Connection, container_id: str) -> tuple[Change, ...]:
    """What the container's writable layer holds, by path."""
    failed = f"What {_inside(container_id)} has changed could not be read"
    answer = connection.ask(lambda sdk: sdk.diff(container_id), failed)
    # Docker makes mount points in the writable layer, where there are none: those are told rightly.
    if decode.product(connection.agree()[1]) != "Podman":
        return changes(answer)
    return changes(answer, mounts=asking.container_detail(connection, container_id).mounts)


def container_path(connection: Connection, container_id: str, path: str) -> PathStat | None:
    """What is at ``path`` of a container; ``None`` when nothing is."""
    failed = f"{path or '/'} in {_inside(container_id)} could not be looked at"
    try:
        header = connection.ask(lambda sdk: sdk.path_stat_header(container_id, path), failed)
    except NotFoundError:
        asking.inspect_container(connection, container_id)  # which of the two is not there?
        return None
    except EngineFaultError:
        # So Docker answers for what would lie below a file, too.
        above = path.rpartition("/")[0]
        parent = container_path(connection, container_id, above) if above else None
        if not above or (parent is not None and parent.kind in {Kind.FOLDER, Kind.SYMLINK}):
            raise
        return None
    found = path_stat(header)
    if found is None:
        raise EngineFaultError(f"{failed}: the engine's answer can't be understood.", "Try again.")
    return found


def _inside(container_id: str) -> str:
    """The container in the middle of a sentence."""
    return f"the {named('container', container_id).removeprefix('The ')}"


def changes(answer: object, mounts: Collection[Mount] = ()) -> tuple[Change, ...]:
    """``GET /containers/{id}/changes``, which is ``null`` when there are none.

    ``mounts`` are left out, and what is listed below them: podman tells of them too.
    """
    over = tuple(mount.destination.strip("/") for mount in mounts)
    found = {}
    for row in rows(answer, "the container's changes"):
        path, kind = text(row.get("Path")).strip("/"), whole_number(row.get("Kind"))
        if path and kind in _CHANGES and not any(path == top or path.startswith(f"{top}/") for top in over):
            found[path] = Change(path, _CHANGES[kind])
    return tuple(found[path] for path in sorted(found))
