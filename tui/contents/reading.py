"""What whoever reads is given: somebody to tell how far it has come, and somebody who takes what is read."""

from __future__ import annotations

from collections.abc import Callable

from tui.model.storage import Reading

OnReading = Callable[[Reading], None]
"""Told how far a reading has come; called in whichever thread reads, a few times a second."""
Take = Callable[[bytes], None]
"""Takes the next piece of a file; called in whichever thread reads, which waits for it."""
