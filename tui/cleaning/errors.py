"""What goes wrong around a cleanup, apart from what the engine says, in words for the user."""

from __future__ import annotations


class CleaningError(Exception):
    """Something that has to be done besides the removal itself could not be done.

    Args:
        message: one plain sentence that names the thing (the journal, the volume, the backup).
        next_step: one plain sentence on what the user can do; may be empty.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class JournalError(CleaningError):
    """The journal can't be written: without it nothing may be removed."""


class BackupError(CleaningError):
    """A volume could not be backed up, or its backup does not hold what the volume holds: it must stay."""


class RestoreError(CleaningError):
    """A backup can't be put back: it is gone, or it is no longer what was written."""


def reason_of(error: OSError) -> str:
    """What the system says, as the end of a sentence: ``no space left on device``."""
    reason = error.strerror or str(error)
    return f"{reason[:1].lower()}{reason[1:]}"
