"""Where the journal and the backups of an engine's cleanups lie."""

from __future__ import annotations

import shutil
from pathlib import Path

from tui import locations
from tui.cleaning.backup import BackupFolder
from tui.cleaning.journal import Journal
from tui.model.host import Endpoint


class Records:
    """A journal and a folder for backups.

    Args:
        journal: where cleanups are written down.
        backups: where volumes are backed up to.
        passing: a folder that goes with them.
    """

    def __init__(self, journal: Journal, backups: BackupFolder, passing: Path | None = None) -> None:
        self.journal = journal
        self.backups = backups
        self._passing = passing

    @classmethod
    def of(cls, endpoint: Endpoint) -> Records:
        """The user's own; for the demo, which removes nothing that ever was, some that :meth:`close` takes away."""
        if endpoint.made_up:
            folder = locations.temporary_folder()
            return cls(Journal(folder / "journal.jsonl"), BackupFolder(folder / "backups"), folder)
        return cls(Journal(locations.journal_file()), BackupFolder(locations.backup_folder()))

    def close(self) -> None:
        """Take away what was only to last so long."""
        if self._passing is not None:
            shutil.rmtree(self._passing, ignore_errors=True)
