"""BuildKit's cache, record by record."""

from __future__ import annotations

from typing import NamedTuple


class BuildCacheRecord(NamedTuple):
    """One record of the build cache, as ``/system/df`` lists it."""

    id: str
    type: str
    """``regular``, ``source.local``, ``exec.cachemount``, ``frontend``, ``internal`` …"""
    description: str
    size_bytes: int
    in_use: bool = False
    shared: bool = False
    """True when an image's layer holds the same bytes."""
    parents: tuple[str, ...] = ()
    created: float | None = None
    last_used: float | None = None
    usage_count: int = 0
