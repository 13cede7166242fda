"""The cleanup that is under way: at most one, steered from the plan, written down as it goes."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.engine.port import Engine
from tui.model.mark import Kind

if TYPE_CHECKING:
    # For annotations only, and down the stairs: most starts never remove anything.
    from tui.cleaning.backup import BackupFolder
    from tui.cleaning.cleanup import Cleanup
    from tui.cleaning.journal import Journal
    from tui.model.cleanup_plan import CleanupPlan
    from tui.model.cleanup_progress import CleanupProgress

PATIENCE = 10.0
"""Seconds that the step under way may take to end, once orlop has to."""


class KeptFiles(NamedTuple):
    """Where what is written during cleanups stays. Either may be ``None``: nobody knows where the user's home is."""

    journal_file: Path | None
    backup_folder: Path | None


class CleanupErrand:
    """Carries plans out, one after another, and keeps what came of the last one.

    Args:
        engine: on which.
        on_progress: told whenever something has happened; with ``None`` once the receipt has been seen.
        on_end: called when the run, or a failed step that was tried again, is over: what is shown may be old.
        files: where the journal and the backups stay; in a folder that goes with orlop when ``None``.
    """

    def __init__(
        self,
        engine: Engine,
        on_progress: Callable[[CleanupProgress | None], None],
        on_end: Callable[[], None],
        files: KeptFiles | None = None,
    ) -> None:
        self._engine = engine
        self._on_progress = on_progress
        self._on_end = on_end
        self._files = files
        self._journal: Journal | None = None
        self._own_folder: tempfile.TemporaryDirectory[str] | None = None
        self._task: asyncio.Task[None] | None = None
        self.cleanup: Cleanup | None = None
        """The last one that was begun, under way or over; ``None`` before, and once its receipt has been seen."""

    @property
    def under_way(self) -> bool:
        """True while steps are being carried out, or wait for a pause to end; not while only figures are read."""
        return self._busy and self.cleanup is not None and not self.cleanup.progress.over

    @property
    def _busy(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def journal(self) -> Journal:
        """Where everything that is removed is written down first."""
        if self._journal is None:
            from tui.cleaning.journal import Journal  # noqa: PLC0415 - not needed before something is removed

            self._journal = Journal(self._files.journal_file if self._files else self._folder / "journal.jsonl")
        return self._journal

    @property
    def backup_folder(self) -> Path | None:
        """Where backups stay; ``None`` when they don't, or nobody knows where."""
        return self._files.backup_folder if self._files else None

    @property
    def backups(self) -> BackupFolder:
        """Where volumes are backed up to."""
        from tui.cleaning.backup import BackupFolder  # noqa: PLC0415 - as above

        return BackupFolder(self._files.backup_folder if self._files else self._folder / "backups")

    @property
    def _folder(self) -> Path:
        """A folder of our own, for a world that is made up: nothing of it is to be found again."""
        if self._own_folder is None:
            self._own_folder = tempfile.TemporaryDirectory(prefix="orlop-", ignore_cleanup_errors=True)
        return Path(self._own_folder.name)

    # -- carrying out -----------------------------------------------------------------------------

    def begin(self, plan: CleanupPlan, back_up: frozenset[str]) -> bool:
        """Begin to carry out ``plan``; False, with nothing begun, while another one is under way."""
        if self.under_way:
            return False
        from tui.cleaning.cleanup import Cleanup  # noqa: PLC0415 - as above

        self._give_up_measuring()
        cleanup = Cleanup(self._engine, plan, self.journal, self.backups, back_up=back_up, on_progress=self._take)
        self.cleanup = cleanup
        self._take(cleanup.progress)
        self._run(cleanup.run)
        return True

    def _take(self, progress: CleanupProgress) -> None:
        # The one before may still have something to say of its figures.
        if self.cleanup is not None and progress.plan is self.cleanup.progress.plan:
            self._on_progress(progress)

    def steer(self, verb: str, key: tuple[Kind, str] | None = None) -> None:
        """Do what :class:`tui.messages.CleanupSteered` says; what does not apply (any longer) is let be."""
        cleanup = self.cleanup
        if cleanup is None:
            return
        if self.under_way:
            if verb in {"pause", "resume", "stop"}:
                getattr(cleanup, verb)()
        elif verb == "stop":
            self._give_up_measuring()
        elif verb == "forget":
            self._give_up_measuring()
            self.cleanup = None
            self._on_progress(None)
        else:
            self._again(cleanup, verb, key)

    def _again(self, cleanup: Cleanup, verb: str, key: tuple[Kind, str] | None) -> None:
        """Something about steps that failed, of a run that is over."""
        if verb == "retry_all":
            self._give_up_measuring()
            self._run(cleanup.retry_all)
        elif key is not None and verb == "retry":
            self._give_up_measuring()
            self._run(lambda: cleanup.retry(key))
        elif key is not None and verb == "drop":
            self._run(lambda: cleanup.drop(key))

    def _give_up_measuring(self) -> None:
        """What comes next need not wait for figures, which may take minutes."""
        if self._busy and self.cleanup is not None:
            self.cleanup.stop()

    def _run(self, job: Callable[[], Coroutine[Any, Any, object]]) -> None:
        before = self._task

        async def run() -> None:
            if before is not None:
                await asyncio.wait((before,))
            try:
                await job()
            finally:
                self._on_end()

        # Not a worker of the app's: those are cancelled when it ends, and a removal that was asked for happens anyway.
        self._task = asyncio.create_task(run(), name="cleanup")

    async def finish(self) -> None:
        """End after the step under way, because orlop ends; wait until nothing is under way any longer."""
        if self._busy and self.cleanup is not None:
            self.cleanup.stop(leaving=True)
        if self._task is not None:
            await asyncio.wait((self._task,))

    async def close(self) -> None:
        """orlop ends: end after the step under way, or without it when that takes too long; what waits stays."""
        if self._busy and self.cleanup is not None and self._task is not None:
            self.cleanup.stop(leaving=True)
            _done, pending = await asyncio.wait((self._task,), timeout=PATIENCE)
            for task in pending:
                # It still says in the journal that it was cut off.
                task.cancel()
                await asyncio.wait((task,), timeout=1)
        if self._own_folder is not None:
            self._own_folder.cleanup()
