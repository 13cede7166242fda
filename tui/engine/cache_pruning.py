"""One record of the build cache, and never another, is removed. Blocking; only EngineError leaves here.

Engines have no call for that but ``POST /build/prune`` with a filter. What it does was measured on 20.10, 26 and 28
(both image stores): with ``all=1`` and the filter ``id`` it removes the record with that ID, whatever its type, shared
or not; its parents stay. A record that others build on, or that a build uses, stays, and the answer is an empty list.
The filter is a *regular expression that is searched for*: a part of an ID would remove every record that has it.
"""

from __future__ import annotations

import re

from tui.engine import decode
from tui.engine import reading as asking
from tui.engine.connection import Connection
from tui.engine.errors import (
    BadRequestError,
    BusyError,
    ConflictError,
    EngineError,
    EngineFaultError,
    NotFoundError,
    UnsupportedError,
)
from tui.engine.raw import fields, size, texts

_WHOLE_ID = re.compile(r"[0-9a-z]{25}", re.ASCII)
"""What BuildKit makes its IDs of. Source: moby/buildkit, ``identity/randomid.go``."""
_FIRST_WITH_FILTERS = (1, 39)
"""Before this API version the call takes no filters and removes the whole cache. Source: the API's version history."""


def prune_cache_record(connection: Connection, record_id: str) -> int:
    """Remove the record with this whole ID; return the bytes the engine says it freed.

    Of a shared record the engine says its size too, though an image still holds the bytes.

    Raises NotFoundError when it is not there, and ConflictError when it is in use or others build on it.
    """
    _check_can_be_held_to_one(connection)
    if not _WHOLE_ID.fullmatch(record_id):
        raise BadRequestError(
            f"{record_id or 'Nothing'} is not the whole ID of a record of the build cache.",
            "Name a record by its 25 letters and digits.",
        )
    failed = f"The record {record_id} of the build cache could not be removed"
    answer = fields(connection.ask(lambda sdk: sdk.prune_record(record_id), failed), "the pruned build cache")
    pruned = texts(answer.get("CachesDeleted"))
    if others := sorted(set(pruned) - {record_id}):
        raise EngineFaultError(
            f"Asked to remove the record {record_id} of the build cache alone, the engine also removed "
            f"{', '.join(others)}.",
            "Remove no more records on this engine, and report this.",
        )
    if pruned:
        return size(answer.get("SpaceReclaimed")) or 0
    raise _why_it_stayed(connection, record_id, failed)


def _check_can_be_held_to_one(connection: Connection) -> None:
    api_version, release = connection.agree()
    if decode.product(release) != "Docker":
        raise UnsupportedError(
            "This engine has no records of a build cache that could be removed one by one.",
            "Podman keeps its build cache as images: remove those.",
        )
    if tuple(int(number) for number in api_version.split(".")) < _FIRST_WITH_FILTERS:
        raise UnsupportedError(
            "This engine can only remove its whole build cache, not one record of it.", "Upgrade it to 18.09 or newer."
        )


def _why_it_stayed(connection: Connection, record_id: str, failed: str) -> EngineError:
    try:
        records = {record.id: record for record in asking.build_cache(connection)}
    except BusyError:
        return ConflictError(f"{failed}: it is gone already, in use, or others build on it.", "Refresh, and try again.")
    record = records.get(record_id)
    if record is None:
        return NotFoundError(
            f"There is no record {record_id} in the build cache.", "It may have been removed meanwhile: refresh."
        )
    if record.in_use:
        return ConflictError(f"{failed}: a build is using it.", "Wait until that build has ended.")
    children = [child for child in records.values() if record_id in child.parents]
    if children:
        number = "another record builds" if len(children) == 1 else f"{len(children)} other records build"
        return ConflictError(f"{failed}: {number} on it.", f"Remove {', '.join(c.id for c in children[:3])} first.")
    return ConflictError(f"{failed}: the engine keeps it, and does not say why.", "Try again later.")
