"""The commands of the Compare screen."""

from __future__ import annotations

from tui.commands import over_main, paths_commands
from tui.commands.command import KeyCommand
from tui.commands.compare_desk import CompareDesk, CompareSituation
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import SCREEN, SHOWING

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


class CopyPath(paths_commands.CopyPath):
    """Copy the path."""

    group = PATH


class Filter(paths_commands.Filter):
    """Only some paths."""

    help = "Show only paths that hold what you type, or match it as a glob: *.so, /etc/**/*.conf."


class ToggleAdded(paths_commands.ToggleAdded):
    """Only on the right."""

    help = "Show or hide what is only on the right (+)."


class ToggleModified(paths_commands.ToggleModified):
    """On both sides, and not the same."""

    help = "Show or hide what differs (~)."


class ToggleRemoved(paths_commands.ToggleRemoved):
    """Only on the left."""

    help = "Show or hide what is only on the left (−)."


class ToggleUnmodified(paths_commands.ToggleUnmodified):
    """The same on both sides."""

    help = "Show or hide what is the same on both sides."


class CycleSort(paths_commands.CycleSort):
    """Another order."""

    help = "Sort by how many bytes differ, by size, or by name."


class FocusLayers(paths_commands.FocusLayers):
    """Keys to the layers."""

    group, help = SCREEN, "Go to the layers of both."


class FocusFiles(paths_commands.FocusFiles):
    """Keys to the paths."""

    group, title, help = SCREEN, "paths", "Go to the paths."


class FocusFacts(paths_commands.FocusFacts):
    """Keys to the facts."""

    group, help = SCREEN, "Go to the facts about both, and scroll them."


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
        paths_commands.SearchNext,
        paths_commands.SearchPrevious,
        paths_commands.OpenAll,
        paths_commands.CloseAll,
        FocusLayers,
        FocusFiles,
        FocusFacts,
        over_main.Exact,
        paths_commands.Zoom,
        over_main.NextTheme,
        over_main.Refresh,
        over_main.Clear,
        GoBack,
        over_main.Help,
        over_main.Palette,
        over_main.Redraw,
        over_main.Quit,
    ),
    "In the layers and the paths",
    CURSOR_KEYS,
)
