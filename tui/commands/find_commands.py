"""The commands of the Find screen, and the one of the Files screen that opens it."""

from __future__ import annotations

from typing import ClassVar, NamedTuple, Protocol

from tui.commands import over_main
from tui.commands.command import KeyCommand
from tui.commands.files_commands import FilesCommand
from tui.commands.files_desk import FilesDesk, FilesSituation
from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.over_main import SCREEN, SHOWING, OverDesk

FOUND, LISTS = "What was found", "The lists"


class FindSituation(NamedTuple):
    """Where the user is on the Find screen."""

    shown: str
    """The list that is shown: ``paths``, ``biggest``, ``duplicates`` or ``setuid``."""
    on_file: bool
    """True when a place is under the cursor, and not a group of them."""
    reading: bool
    """True while files are read for their digests."""
    everywhere: bool
    """True when paths are looked for in all images."""
    has_others: bool
    """True when there may be other images to look in."""


class FindDesk(OverDesk, Protocol):
    """What the Find screen can be asked."""

    def show_list(self, name: str) -> None:
        """Turn to a list by name."""

    def begin_filter(self) -> None:
        """Let the user type what to look for."""

    def toggle_everywhere(self) -> None:
        """Look for paths in all images, or only in this one."""

    def compare_contents(self, *, everything: bool) -> None:
        """Read the files of the group under the cursor, or of all groups, for their digests."""

    def cycle_least(self) -> None:
        """Leave out files below the next size."""

    def view_file(self) -> None:
        """Show what is in the file."""

    def copy_path(self) -> None:
        """Copy the path."""


class OpenFind(FilesCommand):
    """Look for files."""

    keys, shown, title, group, footer = ("F",), "F", "find", SHOWING, True
    help = "Find paths in every layer and every image, the biggest files, duplicates, and setuid files."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.open_find()


class FindCommand(KeyCommand[FindDesk, FindSituation]):
    """A command of the Find screen."""


class NextList(over_main.NextPart):
    """The next list."""

    title = "next list"
    help = "Turn to the next of the four lists, also while you type."

    @classmethod
    def label(cls, situation: object) -> str:
        """Short."""
        return "lists"


class PreviousList(over_main.PreviousPart):
    """The list before."""

    title = "previous list"
    help = "Turn to the list before."


class ShowList(FindCommand):
    """A list by its number."""

    group = LISTS
    name: ClassVar[str]

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.show_list(cls.name)


class Paths(ShowList):
    """Paths."""

    keys, shown, title, name = ("1",), "1", "paths", "paths"
    help = "List the places where the path you typed was found, deletions among them."


class Biggest(ShowList):
    """Big files."""

    keys, shown, title, name = ("2",), "2", "biggest", "biggest"
    help = "List the biggest files that layers store, and which of them are wasted."


class Duplicates(ShowList):
    """The same file twice."""

    keys, shown, title, name = ("3",), "3", "duplicates", "duplicates"
    help = "List files of the same size, and what all but one of them take."


class Setuid(ShowList):
    """Files with rights."""

    keys, shown, title, name = ("4",), "4", "setuid", "setuid"
    help = "List files that run with their owner's or their group's rights."


class Query(FindCommand):
    """What to look for."""

    keys, shown, title, group, footer = ("slash",), "/", "path", LISTS, True
    help = "Type a part of a path, or a glob (*.pem, /etc/**/*.conf), to look for in every layer."

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.begin_filter()


class Everywhere(FindCommand):
    """All images."""

    keys, shown, title, group, footer = ("a",), "a", "all images", LISTS, True
    help = "Look for the path in every layer of every image that has been read so far, or only here."

    @classmethod
    def applies(cls, situation: FindSituation) -> bool:
        """On the list of paths."""
        return situation.has_others and situation.shown == "paths"

    @classmethod
    def label(cls, situation: FindSituation) -> str:
        """What it would do here."""
        return "only here" if situation.everywhere else cls.title

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.toggle_everywhere()


class CompareGroup(FindCommand):
    """Read a group."""

    keys, shown, title, group, footer = ("c",), "c", "compare", LISTS, True
    help = "Read the files of this group and tell them apart by SHA-256; Esc stops it."

    @classmethod
    def applies(cls, situation: FindSituation) -> bool:
        """On the list of duplicates."""
        return situation.shown == "duplicates"

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.compare_contents(everything=False)


class CompareAll(CompareGroup):
    """Read all groups."""

    keys, shown, title, footer = ("C",), "C", "compare all", False
    help = "The same with every group that is listed, the one that takes most first."

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.compare_contents(everything=True)


class CycleLeast(CompareGroup):
    """Which sizes."""

    keys, shown, title, footer = ("s",), "s", "smallest", True
    help = "Leave out files below 10 kB, 100 kB, 1 MB or none, in turn."

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.cycle_least()


class View(FindCommand):
    """Look into a file."""

    keys, shown, title, group, footer = ("v",), "v", "view", FOUND, True
    comes_and_goes = True
    help = "Show what is in the file, as it lies in that layer."

    @classmethod
    def applies(cls, situation: FindSituation) -> bool:
        """On a place."""
        return situation.on_file

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.view_file()


class CopyPath(View):
    """Copy the path."""

    keys, shown, title, footer = ("y",), "y", "copy path", False
    help = "Copy the path (OSC 52: works over SSH)."

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.copy_path()


class Escape(over_main.Clear):
    """Escape."""

    help = "Stop what is being read, or go back to the files."


class GoBack(FindCommand):
    """Back at once."""

    keys, shown, title, group = ("q", "F", "backspace"), "q F", "back", SCREEN
    help = "Go back to the files; what was found stays found."

    @classmethod
    def run(cls, desk: FindDesk, situation: FindSituation) -> None:
        """Do it."""
        desk.go_back()


CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move."),
    ("Enter", "Go to the file in the tree, at the layer it was found in; open or close a group."),
    ("→ ←  l h", "Open and close groups."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
    ("H L", "Scroll long rows sideways."),
)

FIND: KeyCatalogue[FindDesk, FindSituation] = KeyCatalogue(
    "Find",
    (
        NextList,
        PreviousList,
        Query,
        Everywhere,
        CompareGroup,
        CompareAll,
        CycleLeast,
        View,
        CopyPath,
        Paths,
        Biggest,
        Duplicates,
        Setuid,
        over_main.Exact,
        over_main.NextTheme,
        Escape,
        GoBack,
        over_main.Help,
        over_main.Palette,
        over_main.Redraw,
        over_main.Quit,
    ),
    "In the lists",
    CURSOR_KEYS,
)
