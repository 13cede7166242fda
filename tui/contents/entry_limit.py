"""How many files and folders may be read at once: a reading that goes on ends in a sentence, not out of memory."""

from __future__ import annotations

import os
from functools import cache

from tui.contents.errors import TooManyEntriesError

ENTRY_BYTES = 1_200
"""What one entry may take while layers are read, laid on each other and shown. Measured: 330 with names of 60 bytes;
a longer name stands in memory several times, and there may be many layers."""
LONG_NAME_SHIFT = 8
"""For each ``1 << LONG_NAME_SHIFT`` bytes of a long name, or of the header it stands in, an entry counts once more."""
_LEAST, _MOST = 500_000, 20_000_000
_UNTOLD_BYTES = 8 << 30
"""The memory of a machine that does not tell."""


@cache
def most_entries() -> int:
    """So many entries may take half of this machine's memory."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf, other systems other names
        memory = _UNTOLD_BYTES
    return max(_LEAST, min(memory // 2 // ENTRY_BYTES, _MOST))


def too_many(what: str, most: int) -> TooManyEntriesError:
    """The error for a reading that met more than ``most`` entries. ``what`` began the sentence: ``The layer x``."""
    return TooManyEntriesError(
        f"{what} could not be read to its end: beyond {most:,} files and folders they would take"
        " more than half of this machine's memory.",
        "Look at it on a machine with more memory.",
    )
