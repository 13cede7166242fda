"""What the engine says has happened."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class EngineEvent(NamedTuple):
    """One item of the engine's event stream."""

    kind: str
    """``image``, ``container``, ``volume``, ``network``, ``builder``, ``daemon`` …"""
    action: str
    """``create``, ``start``, ``die``, ``destroy``, ``tag``, ``untag``, ``delete``, ``mount`` …"""
    subject: str
    """The actor's ID: container ID, image ID or name, volume name."""
    attributes: Mapping[str, str] = MappingProxyType({})
    time_ns: int = 0
