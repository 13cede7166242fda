"""What goes wrong with archives and layer folders, in words for the user."""

from __future__ import annotations


class ContentsError(Exception):
    """The contents of a layer, an archive or a container could not be read.

    Args:
        message: one plain sentence that names the thing (the archive, the layer).
        next_step: one plain sentence on what the user can do; may be empty.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class BrokenArchiveError(ContentsError):
    """The archive, or a layer in it, is cut short or is not what it says it is."""


class NoSuchFileError(ContentsError):
    """There is no such path, or it is not a file that could be read."""


class StoppedError(ContentsError):
    """Reading was stopped because nobody wants the answer any more."""
