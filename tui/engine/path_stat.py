"""``X-Docker-Container-Path-Stat``: what the engine says of one path of a container.

Source: ``ContainerPathStat`` in the engine's API reference, and ``io/fs/fs.go`` of Go, whose FileMode bits it uses.
"""

from __future__ import annotations

import base64
import binascii
import json

from tui.engine.raw import moment, size, text, whole_number
from tui.model.layer_files import Kind
from tui.model.storage import PathStat

_FOLDER, _SYMLINK, _DEVICE, _FIFO, _SOCKET = 1 << 31, 1 << 27, 1 << 26, 1 << 25, 1 << 24
_SETUID, _SETGID, _CHARACTER, _STICKY, _IRREGULAR = 1 << 23, 1 << 22, 1 << 21, 1 << 20, 1 << 19


def path_stat(header: str | None) -> PathStat | None:
    """Decode the header: base64 of JSON. ``None`` when it is missing or damaged."""
    try:
        raw = json.loads(base64.b64decode(header or ""))
    except (binascii.Error, ValueError, RecursionError):
        return None
    mode = whole_number(raw.get("mode")) if isinstance(raw, dict) else None
    if mode is None:
        return None
    kind = _kind(mode)
    return PathStat(
        kind,
        (size(raw.get("size")) or 0) if kind is Kind.FILE else 0,
        _permissions(mode),
        moment(raw.get("mtime")) or 0.0,
        text(raw.get("linkTarget")) if kind is Kind.SYMLINK else "",
    )


def _kind(mode: int) -> Kind:
    for bit, kind in ((_FOLDER, Kind.FOLDER), (_SYMLINK, Kind.SYMLINK), (_FIFO, Kind.FIFO), (_SOCKET, Kind.SOCKET)):
        if mode & bit:
            return kind
    if mode & _DEVICE:
        return Kind.CHARACTER_DEVICE if mode & _CHARACTER else Kind.BLOCK_DEVICE
    return Kind.UNKNOWN if mode & _IRREGULAR else Kind.FILE


def _permissions(mode: int) -> int:
    special = ((_SETUID, 0o4000), (_SETGID, 0o2000), (_STICKY, 0o1000))
    return mode & 0o777 | sum(permission for bit, permission in special if mode & bit)
