"""Which shell a container has, found by looking at its files: nothing is run, so nothing can go wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from posixpath import dirname, join, normpath

from tui.model.layer_files import Kind
from tui.model.storage import PathStat

SHELLS = ("/bin/bash", "/usr/bin/bash", "/bin/sh", "/bin/ash", "/busybox/sh")
"""In the order people like them; the last is where distroless debug images keep theirs."""

_HOPS = 8


def find_shell(stat: Callable[[str], PathStat | None]) -> str | None:
    """The first of ``SHELLS`` that is, or leads to, an executable file. ``stat`` looks at one path."""
    return next((path for path in SHELLS if _leads_to_a_program(path, stat)), None)


def _leads_to_a_program(path: str, stat: Callable[[str], PathStat | None]) -> bool:
    for _ in range(_HOPS):
        found = stat(path)
        if found is None:
            return False
        if found.kind is not Kind.SYMLINK or not found.link:
            # Someone may execute it.
            return found.kind is Kind.FILE and bool(found.mode & 0o111)
        path = normpath(join(dirname(path), found.link))
    return False
