"""Which orlop made a helper, and whether it may still be using it. Asks the system, never an engine."""

from __future__ import annotations

import os
import platform
import secrets
import sys
import threading

from tui.model.leftovers import Maker

_under_way: set[str] = set()
"""Tokens of the helpers that this process uses at this moment."""
_lock = threading.Lock()


def begin() -> Maker:
    """Who makes the next helper of this process; it is in use until :func:`end`."""
    maker = Maker(platform.node(), os.getpid(), secrets.token_hex(8))
    with _lock:
        _under_way.add(maker.token)
    return maker


def end(maker: Maker) -> None:
    """This process does not use that helper any longer."""
    with _lock:
        _under_way.discard(maker.token)


def in_use_here(maker: Maker) -> bool:
    """True while this very process uses what ``maker`` made."""
    with _lock:
        return maker.token in _under_way


def is_gone(maker: Maker) -> bool:
    """True when surely nobody uses what ``maker`` made: its process has ended, or is this one and is done with it.

    Of another computer's processes nothing is known.
    """
    if maker.computer != platform.node():
        return False
    return not in_use_here(maker) if maker.process == os.getpid() else not _lives(maker.process)


def _lives(process: int) -> bool:
    """Whether a process with this ID is there; True where that can't be told."""
    if sys.platform == "win32":
        return True  # there, os.kill() would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
