"""Readers of single fields out of an engine's JSON, for :mod:`tui.engine.decode`.

An answer is untrusted: every field may be missing, ``null`` or of another type than documented
(engines differ, and a proxy may stand between). These functions give the neutral value then, and
never raise; only a whole answer of the wrong shape is an error, in :func:`rows` and :func:`fields`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tui.engine.errors import EngineFaultError

Row = dict[str, Any]

_NOTHING: dict[str, str] = {}
_YEAR_5 = -62_000_000_000
"""Go's zero time is the first second of the year 1; anything before the year 5 is no date."""


def rows(answer: object, what: str) -> list[Row]:
    """``answer`` as a list of objects; ``null`` is the empty list.

    Raises EngineFaultError when it is something else: showing fewer objects than exist would mislead.
    """
    if answer is None:
        return []
    if not isinstance(answer, list):
        raise _unreadable(what)
    found = [row for row in answer if row is not None]
    if not all(isinstance(row, dict) for row in found):
        raise _unreadable(what)
    return found


def fields(answer: object, what: str) -> Row:
    """``answer`` as one object. Raises EngineFaultError when it is something else."""
    if not isinstance(answer, dict):
        raise _unreadable(what)
    return answer


def _unreadable(what: str) -> EngineFaultError:
    return EngineFaultError(
        f"The engine's answer about {what} can't be understood.",
        "Check that the engine and any proxy before it are of a current version.",
    )


def text(value: object) -> str:
    """A string; empty for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    """The strings of a list; a lone string is a list of one (Cmd and Entrypoint may be either)."""
    if isinstance(value, list):
        return tuple([item for item in value if isinstance(item, str)])
    return (value,) if isinstance(value, str) and value else ()


def part(value: object) -> Row:
    """An object inside an object; empty for anything else."""
    return value if isinstance(value, dict) else {}


def parts(value: object) -> list[Row]:
    """The objects of a list inside an object."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def keys(value: object) -> tuple[str, ...]:
    """The keys of an object such as ExposedPorts or Volumes, sorted."""
    return tuple(sorted(value)) if isinstance(value, dict) else ()


def labels(value: object) -> Mapping[str, str]:
    """An object of strings, such as labels or options; what isn't a string in it reads empty."""
    if not value or not isinstance(value, dict):
        return _NOTHING
    for item in value.values():
        if type(item) is not str:
            return {key: text(item) for key, item in value.items()}
    return value


def whole_number(value: object) -> int | None:
    """An integer; ``None`` for anything else (and for true and false, which JSON keeps apart)."""
    return value if type(value) is int else None


def size(value: object) -> int | None:
    """A number of bytes or a count; ``None`` when missing or negative (engines say -1 for "not known")."""
    return value if type(value) is int and value >= 0 else None


def seconds(value: object) -> float | None:
    """A date given as seconds since the epoch; ``None`` for Go's zero time and anything that isn't a number."""
    return float(value) if type(value) is int and _YEAR_5 < value < 1 << 40 else None


def moment(value: object) -> float | None:
    """A date given as RFC 3339 text, as seconds since the epoch; ``None`` for Go's zero time and nonsense."""
    if not isinstance(value, str) or not value:
        return None
    try:
        stamp = datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return stamp if stamp > _YEAR_5 else None


def date_text(value: object) -> str:
    """RFC 3339 text as it stands; empty for Go's zero time, which means "never"."""
    found = text(value)
    return "" if found.startswith("0001-01-01") else found


def whole_id(value: object) -> str:
    """An image ID with its ``sha256:``, which podman leaves out."""
    found = text(value)
    return f"sha256:{found}" if found and ":" not in found else found
