"""Which shell a container has, found by looking at its files: nothing is run, so nothing can go wrong in it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from posixpath import dirname, join, normpath

SHELLS = ("/bin/bash", "/usr/bin/bash", "/bin/sh", "/bin/ash", "/busybox/sh")
"""In the order people like them; the last is where distroless debug images keep theirs."""

_GO_DIR, _GO_SYMLINK, _GO_SPECIAL = 1 << 31, 1 << 27, 0x07280000
"""Bits of Go's ``fs.FileMode``: directory, symbolic link, and device, pipe, socket and the like."""
_HOPS = 8


@dataclass(frozen=True, slots=True)
class PathStat:
    """What ``HEAD /containers/{id}/archive`` tells of one path."""

    mode: int
    """Go's FileMode bits."""
    link_target: str

    @property
    def link(self) -> bool:
        """True for a symbolic link."""
        return bool(self.mode & _GO_SYMLINK)

    @property
    def executable(self) -> bool:
        """True for a plain file that someone may execute."""
        return not self.mode & (_GO_DIR | _GO_SYMLINK | _GO_SPECIAL) and bool(self.mode & 0o111)


def path_stat(header: str | None) -> PathStat | None:
    """Decode ``X-Docker-Container-Path-Stat``: base64 of JSON. ``None`` when it is missing or damaged."""
    try:
        raw = json.loads(base64.b64decode(header or ""))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or type(raw.get("mode")) is not int:
        return None
    target = raw.get("linkTarget")
    return PathStat(raw["mode"], target if isinstance(target, str) else "")


def find_shell(stat: Callable[[str], PathStat | None]) -> str | None:
    """The first of ``SHELLS`` that is, or leads to, an executable file. ``stat`` looks at one path."""
    return next((path for path in SHELLS if _leads_to_a_program(path, stat)), None)


def _leads_to_a_program(path: str, stat: Callable[[str], PathStat | None]) -> bool:
    for _ in range(_HOPS):
        found = stat(path)
        if found is None:
            return False
        if not found.link or not found.link_target:
            return found.executable
        path = normpath(join(dirname(path), found.link_target))
    return False
