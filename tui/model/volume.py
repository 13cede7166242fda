"""Volumes: the list record, and the fuller answer of an inspect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

ANONYMOUS_LABEL = "com.docker.volume.anonymous"
_HEX64 = re.compile(r"^[0-9a-f]{64}$")


class Volume(NamedTuple):
    """One volume as the engine's list gives it."""

    name: str
    driver: str = "local"
    mountpoint: str = ""
    """Where its files lie on the engine's host."""
    created: float | None = None
    labels: Mapping[str, str] = MappingProxyType({})
    options: Mapping[str, str] = MappingProxyType({})
    scope: str = "local"
    size_bytes: int | None = None
    """``None`` until the engine has walked its files."""

    @property
    def anonymous(self) -> bool:
        """True when the engine made up its name: labelled so (since 24.0), or 64 hex digits."""
        return ANONYMOUS_LABEL in self.labels or bool(_HEX64.match(self.name))


class VolumeDetail(NamedTuple):
    """What an inspect tells of one volume."""

    volume: Volume
    status: Mapping[str, Any]
    """What the driver itself reports; empty for the local driver."""
    raw: Mapping[str, Any]
    """The engine's inspect answer, untouched."""
