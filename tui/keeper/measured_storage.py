"""The last measurement of an engine's folders: taken when asked for, kept for as long as the app runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tui.contents.reading import OnReading
from tui.model.storage import Reading, StorageReport
from tui.present import figures


class MeasuredStorage:
    """Measures the engine's folders, one measurement at a time.

    Args:
        measure: the engine's ``storage_report``.
    """

    def __init__(self, measure: Callable[[OnReading], Awaitable[StorageReport]]) -> None:
        self._measure = measure
        self.report: StorageReport | None = None
        """What was measured last; ``None`` before anything was."""
        self.taken: float | None = None
        """When that was, in seconds since the epoch."""
        self.progress: Reading | None = None
        """How far the measurement under way has come; ``None`` when none is, or has told nothing yet."""

    async def measure(self) -> StorageReport:
        """Measure now. Cancelling stops it, and what was known before stays. Raises EngineError."""
        self.progress = None
        try:
            report = await self._measure(self._note)
        finally:
            self.progress = None
        self.report, self.taken = report, figures.now()
        return report

    def _note(self, reading: Reading) -> None:
        # Called in the thread that measures; one assignment is all that happens there.
        self.progress = reading
