"""The commands of the Compare screen."""

from __future__ import annotations

from typing import ClassVar

from tui.commands import over_main
from tui.commands.command import KeyCommand
from tui.commands.compare_desk import CompareDesk, CompareSituation
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import SCREEN, SHOWING
from tui.model.file_stack import Status

PATH = "A path"


class CompareCommand(KeyCommand[CompareDesk, CompareSituation]):
    """A command that applies once both images are there."""

    @classmethod
    def applies(cls, situation: CompareSituation) -> bool:
        """When there is something to do it to."""
        return situation.opened


class OtherSide(over_main.NextPart):
    """Keys to the other side."""

    help = "Go from the layers to the paths and back."

    @classmethod
    def label(cls, situation: object) -> str:
        """Where it leads."""
        return "layers" if isinstance(situation, CompareSituation) and situation.in_files else "paths"


class Filter(CompareCommand):
    """Only some paths."""

    keys, shown, title, group, footer = ("slash",), "/", "filter", SHOWING, True
    help = "Show only paths that hold what you type, or match it as a glob: *.so, /etc/**/*.conf."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.begin_filter()


class Swap(CompareCommand):
    """The other way round."""

    keys, shown, title, group, footer = ("S",), "S", "swap", SHOWING, True
    help = "Swap the sides: what was added is then removed."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.swap_sides()


class Times(CompareCommand):
    """Times of change."""

    keys, shown, title, group, footer = ("m",), "m", "times", SHOWING, True
    help = "Leave out files of which only the time of change differs, or count them: after a rebuild all of them do."

    @classmethod
    def label(cls, situation: CompareSituation) -> str:
        """What it would do here."""
        return "without times" if situation.times else "with times"

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.toggle_times()


class View(CompareCommand):
    """Look into the right side's file."""

    keys, shown, title, group, footer = ("v",), "v", "view", PATH, True
    comes_and_goes = True
    help = "Show what is in the file on the right; of one that is only on the left, that."

    @classmethod
    def applies(cls, situation: CompareSituation) -> bool:
        """In the tree."""
        return situation.opened and situation.in_files and situation.anything

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.view_side(left=False)


class ViewLeft(View):
    """Look into the left side's file."""

    keys, shown, title, footer = ("V",), "V", "view left", False
    help = "Show what is in the file on the left."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.view_side(left=True)


class CopyPath(CompareCommand):
    """Copy the path."""

    keys, shown, title, group = ("y",), "y", "copy path", PATH
    help = "Copy the path (OSC 52: works over SSH); of a layer, the diff ID."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.copy_path()


class ToggleStatus(CompareCommand):
    """Show paths of one status or not."""

    group = SHOWING
    status: ClassVar[Status]

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.toggle_status(cls.status)


class ToggleAdded(ToggleStatus):
    """Only on the right."""

    keys, shown, title, status = ("A",), "A", "added", Status.ADDED
    help = "Show or hide what is only on the right (+)."


class ToggleModified(ToggleStatus):
    """On both sides, and not the same."""

    keys, shown, title, status = ("M",), "M", "modified", Status.MODIFIED
    help = "Show or hide what differs (~)."


class ToggleRemoved(ToggleStatus):
    """Only on the left."""

    keys, shown, title, status = ("R",), "R", "removed", Status.REMOVED
    help = "Show or hide what is only on the left (−)."


class ToggleUnmodified(ToggleStatus):
    """The same on both sides."""

    keys, shown, title, status = ("U",), "U", "unmodified", Status.UNCHANGED
    help = "Show or hide what is the same on both sides."


class CycleSort(CompareCommand):
    """Another order."""

    keys, shown, title, group = ("s",), "s", "sort", SHOWING
    help = "Sort by how many bytes differ, by size, or by name."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.cycle_sort()


class SearchNext(CompareCommand):
    """Next match."""

    keys, shown, title, group = ("n",), "n", "next match", SHOWING
    help = "Go to the next path that matches the filter."

    @classmethod
    def applies(cls, situation: CompareSituation) -> bool:
        """While a filter is on."""
        return situation.opened and situation.filtered

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.search_again(1)


class SearchPrevious(SearchNext):
    """Match before."""

    keys, shown, title = ("N",), "N", "previous match"
    help = "Go to the path before that matches the filter."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.search_again(-1)


class OpenAll(CompareCommand):
    """Open more."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open all folders; of a big tree the upper ones, and more each time."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(CompareCommand):
    """Close all."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close all folders."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class Zoom(CompareCommand):
    """The whole screen for one side."""

    keys, shown, title, group = ("z",), "z", "zoom", SHOWING
    help = "Give the side that has the keys the whole screen, and back."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.toggle_zoom()


class FocusPart(CompareCommand):
    """Keys to a part of the screen."""

    group = SCREEN
    part: ClassVar[str]

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.focus_part(cls.part)


class FocusLayers(FocusPart):
    """Keys to the layers."""

    keys, shown, title, part = ("1",), "1", "layers", "layers"
    help = "Go to the layers of both."


class FocusFiles(FocusPart):
    """Keys to the paths."""

    keys, shown, title, part = ("2",), "2", "paths", "files"
    help = "Go to the paths."


class FocusFacts(FocusPart):
    """Keys to the facts."""

    keys, shown, title, part = ("3",), "3", "facts", "facts"
    help = "Go to the facts about both, and scroll them."


class GoBack(KeyCommand[CompareDesk, CompareSituation]):
    """Back at once."""

    keys, shown, title, group = ("q", "c", "backspace"), "q c", "back", SCREEN
    help = "Go back to the main screen."

    @classmethod
    def run(cls, desk: CompareDesk, situation: CompareSituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("→ ←  l h", "Open and close; from the layers to the paths, and back."),
    ("Enter", "Open or close a folder, view a file; from the layers to the paths."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
    ("H L", "Scroll long rows sideways."),
)

COMPARE: KeyCatalogue[CompareDesk, CompareSituation] = KeyCatalogue(
    "Compare",
    (
        OtherSide,
        over_main.PreviousPart,
        Filter,
        Swap,
        Times,
        View,
        ViewLeft,
        CopyPath,
        ToggleAdded,
        ToggleModified,
        ToggleRemoved,
        ToggleUnmodified,
        CycleSort,
        SearchNext,
        SearchPrevious,
        OpenAll,
        CloseAll,
        FocusLayers,
        FocusFiles,
        FocusFacts,
        over_main.Exact,
        Zoom,
        over_main.NextTheme,
        over_main.Refresh,
        over_main.Clear,
        GoBack,
        over_main.Help,
        over_main.Redraw,
        over_main.Quit,
    ),
    "In the layers and the paths",
    CURSOR_KEYS,
)
