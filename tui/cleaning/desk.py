"""What a run and its steps share: where a step is carried out, what came of it, and what was tried before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tui.cleaning.backup import Backup, BackupFolder
from tui.cleaning.journal import Journal
from tui.engine.port import Engine
from tui.model.cleanup_progress import StepState
from tui.model.docker_commands import PROGRAM, Command
from tui.model.journal_record import Lost

PATIENCE = 15.0
"""Seconds that an engine may take to come back: dockerd restarts in one to ten."""


class Desk(NamedTuple):
    """What all steps of a run share."""

    engine: Engine
    journal: Journal
    backups: BackupFolder | None
    session: str
    engine_id: str
    program: Command = PROGRAM
    volume_dates_hold: bool = True
    """Whether a volume with another date is another volume: see :attr:`tui.model.host.Host.volume_dates_hold`."""
    patience: float = PATIENCE


class Carried(NamedTuple):
    """What came of a step."""

    state: StepState
    sentence: str = ""
    backup_path: str = ""
    engine_lost: bool = False
    """The engine went away and has not come back: nothing more can be done."""


@dataclass(slots=True)
class Attempts:
    """What the attempts at one step have done so far, or may have done. A step that failed may be tried again."""

    taken: set[str] = field(default_factory=set)
    """Tags that have been taken away."""
    asked_tag: str = ""
    """The tag that the engine was asked to take away, and has not answered for."""
    asked: bool = False
    """The engine was asked to remove the thing itself, and has not answered."""
    lost: Lost | None = None
    """What the journal has of it, from when it surely was still there."""
    backup: Backup | None = None
    """The latest backup that was verified."""

    @property
    def taken_so_far(self) -> str:
        """The end of a sentence on why it went no further."""
        return f" Taken away so far: {', '.join(sorted(self.taken))}." if self.taken else ""
