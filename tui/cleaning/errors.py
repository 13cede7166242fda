"""What goes wrong around a cleanup, apart from what the engine says, in words for the user."""

from __future__ import annotations

from tui.told_error import ToldError


class CleaningError(ToldError):
    """Something that has to be done besides the removal itself could not be done."""


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


_LONGEST_FAULT = 200


def fault_words(error: Exception) -> str:
    """A fault in orlop itself, as a sentence that somebody can report."""
    said = f"{type(error).__name__}: {error}".strip().removesuffix(":")
    # What is in it may come from anywhere, and half a character can't be shown.
    said = said.encode("utf-8", "backslashreplace").decode("utf-8")[:_LONGEST_FAULT]
    return f"orlop met a fault of its own ({said})."
