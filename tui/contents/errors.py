"""What goes wrong with archives and layer folders, in words for the user."""

from __future__ import annotations

from tui.told_error import ToldError


class ContentsError(ToldError):
    """The contents of a layer, an archive or a container could not be read."""


class BrokenArchiveError(ContentsError):
    """The archive, or a layer in it, is cut short or is not what it says it is."""


class NoSuchFileError(ContentsError):
    """There is no such path, or it is not a file that could be read."""


class TooManyEntriesError(ContentsError):
    """There are more files and folders than this machine could keep in mind."""


class StoppedError(ContentsError):
    """Reading was stopped because nobody wants the answer any more."""
