"""What whoever reads is given: somebody to tell how far it has come, and somebody who takes what is read.

And the other way round, for whoever writes: where it is read from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tui.model import late_records

OnReading = Callable[["late_records.Reading"], None]
"""Told how far a reading has come; called in whichever thread reads, a few times a second."""
Take = Callable[[bytes], None]
"""Takes the next piece of a file; called in whichever thread reads, which waits for it."""


class Reader(Protocol):
    """Where an archive is read from; an open file is one."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, none at the end; called in whichever thread writes, which waits for it."""
        ...
