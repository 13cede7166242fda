"""The commands that the Files and the Compare screen have in common: layers stand beside a tree of paths on both.

What a key does there is said here once; what it is called and how the help puts it, where the screens differ in that.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from tui.commands.command import KeyCommand
from tui.commands.over_main import SHOWING, OverDesk
from tui.model.file_stack import Status


class PathsSituation(Protocol):
    """What these commands may know."""

    @property
    def opened(self) -> bool:
        """True once what was read is on the screen."""

    @property
    def filtered(self) -> bool:
        """True while a filter is on."""


class PathsDesk(OverDesk, Protocol):
    """What a screen with a tree of paths can do."""

    def focus_part(self, part: str) -> None:
        """Give the keys to ``layers``, ``files`` or ``facts``."""

    def toggle_status(self, status: Status) -> None:
        """Show the paths with this status, or not."""

    def cycle_sort(self) -> None:
        """Sort by the next thing."""

    def begin_filter(self) -> None:
        """Let the user type what paths have to match."""

    def search_again(self, by: int) -> None:
        """Go to the next (1) or previous (-1) path that matches."""

    def fold_all(self, *, opened: bool) -> None:
        """Open more folders, or close all."""

    def toggle_zoom(self) -> None:
        """Give the part that has the keys the whole screen, or take it back."""

    def copy_path(self) -> None:
        """Copy the path of the file, or the diff ID of the layer."""


class PathsCommand(KeyCommand[PathsDesk, PathsSituation]):
    """A command that applies once there is something to do it to."""

    @classmethod
    def applies(cls, situation: PathsSituation) -> bool:
        """When there is."""
        return situation.opened


class Filter(PathsCommand):
    """Only some paths."""

    keys, shown, title, group, footer = ("slash",), "/", "filter", SHOWING, True

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.begin_filter()


class ToggleStatus(PathsCommand):
    """Show paths of one status or not."""

    group = SHOWING
    status: ClassVar[Status]

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.toggle_status(cls.status)


class ToggleAdded(ToggleStatus):
    """Added paths."""

    keys, shown, title, status = ("A",), "A", "added", Status.ADDED


class ToggleModified(ToggleStatus):
    """Modified paths."""

    keys, shown, title, status = ("M",), "M", "modified", Status.MODIFIED


class ToggleRemoved(ToggleStatus):
    """Removed paths."""

    keys, shown, title, status = ("R",), "R", "removed", Status.REMOVED


class ToggleUnmodified(ToggleStatus):
    """Everything else."""

    keys, shown, title, status = ("U",), "U", "unmodified", Status.UNCHANGED


class CycleSort(PathsCommand):
    """Another order."""

    keys, shown, title, group = ("s",), "s", "sort", SHOWING

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.cycle_sort()


class SearchNext(PathsCommand):
    """Next match."""

    keys, shown, title, group = ("n",), "n", "next match", SHOWING
    help = "Go to the next path that matches the filter."

    @classmethod
    def applies(cls, situation: PathsSituation) -> bool:
        """While a filter is on."""
        return situation.opened and situation.filtered

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.search_again(1)


class SearchPrevious(SearchNext):
    """Match before."""

    keys, shown, title = ("N",), "N", "previous match"
    help = "Go to the path before that matches the filter."

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.search_again(-1)


class OpenAll(PathsCommand):
    """Open more."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open all folders; of a big tree the upper ones, and more each time."

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(PathsCommand):
    """Close all."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close all folders."

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class Zoom(PathsCommand):
    """The whole screen for one part."""

    keys, shown, title, group = ("z",), "z", "zoom", SHOWING
    help = "Give the side that has the keys the whole screen, and back."

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.toggle_zoom()


class CopyPath(PathsCommand):
    """Copy the path."""

    keys, shown, title = ("y",), "y", "copy path"
    help = "Copy the path (OSC 52: works over SSH); of a layer, the diff ID."

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.copy_path()


class FocusPart(PathsCommand):
    """Keys to a part of the screen."""

    part: ClassVar[str]

    @classmethod
    def run(cls, desk: PathsDesk, situation: PathsSituation) -> None:
        """Do it."""
        desk.focus_part(cls.part)


class FocusLayers(FocusPart):
    """Keys to the layers."""

    keys, shown, title, part = ("1",), "1", "layers", "layers"


class FocusFiles(FocusPart):
    """Keys to the tree."""

    keys, shown, part = ("2",), "2", "files"


class FocusFacts(FocusPart):
    """Keys to the facts."""

    keys, shown, title, part = ("3",), "3", "facts", "facts"
