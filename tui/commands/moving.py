"""Commands that move about and change how things are shown."""

from __future__ import annotations

from tui.commands.command import Command
from tui.commands.desk import Desk, Situation

MOVING, SHOWING = "Moving about", "Showing"


class FocusImages(Command):
    """Keys to the images."""

    keys, shown, title, group = ("1",), "1", "images", MOVING
    help = "Go to the images."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.focus_pane("images")


class FocusContainers(Command):
    """Keys to the containers."""

    keys, shown, title, group = ("2",), "2", "containers", MOVING
    help = "Go to the containers."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.focus_pane("containers")


class FocusVolumes(Command):
    """Keys to the volumes."""

    keys, shown, title, group = ("3",), "3", "volumes", MOVING
    help = "Go to the volumes."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.focus_pane("volumes")


class FocusCache(Command):
    """Keys to the build cache."""

    keys, shown, title, group = ("4",), "4", "build cache", MOVING
    help = "Go to the build cache."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.focus_pane("cache")


class FocusDetails(Command):
    """Keys to the details."""

    keys, shown, title, group = ("5",), "5", "details", MOVING
    help = "Go to the details."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.focus_pane("details")


class NextPane(Command):
    """Keys to the next pane."""

    keys, shown, title, group = ("tab",), "Tab", "next pane", MOVING
    help = "Go to the next pane."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.step_focus(1)


class PreviousPane(Command):
    """Keys to the pane before."""

    keys, shown, title, group = ("shift+tab",), "Shift+Tab", "previous pane", MOVING
    help = "Go to the pane before."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.step_focus(-1)


class Back(Command):
    """Return from a jump."""

    keys, shown, title, group, footer = ("backspace",), "⌫", "back", MOVING, True
    comes_and_goes = True
    help = "Return to where the last jump came from."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """After a jump."""
        return situation.can_go_back

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.go_back()


class Filter(Command):
    """Filter a tree, or search in Inspect."""

    keys, shown, title, group, footer = ("slash",), "/", "filter", SHOWING, True
    help = "Filter the tree as you type, by name, ID, label or state; in Inspect, search keys and values."

    @classmethod
    def label(cls, situation: Situation) -> str:
        """In Inspect it searches."""
        return "search" if situation.in_details and situation.tab == "Inspect" else cls.title

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """In the trees and in Inspect."""
        return not situation.in_details or situation.tab == "Inspect"

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.begin_filter()


class SearchNext(Command):
    """Next match."""

    keys, shown, title, group, footer = ("n",), "n", "next match", SHOWING, True
    help = "In Inspect: go to the next match."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """In Inspect."""
        return situation.in_details and situation.tab == "Inspect"

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.search_again(1)


class SearchPrevious(SearchNext):
    """Previous match."""

    keys, shown, title, footer = ("N",), "N", "previous match", False
    help = "In Inspect: go to the match before."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.search_again(-1)


class Clear(Command):
    """Escape."""

    keys, shown, title, group, footer = ("escape",), "Esc", "clear", SHOWING, False
    help = "Clear the filter, leave the zoom, go back to the trees."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.clear()


class CycleSort(Command):
    """Another order."""

    keys, shown, title, group, footer = ("s",), "s", "sort", SHOWING, True
    help = "Order the pane by name, size, age or state in turn."

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """In the trees."""
        return not situation.in_details

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.cycle_sort()


class OpenAll(Command):
    """Open all groups."""

    keys, shown, title, group = ("plus",), "+", "open all", SHOWING
    help = "Open every group of the tree."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.fold_all(opened=True)


class CloseAll(Command):
    """Close all groups."""

    keys, shown, title, group = ("minus",), "-", "close all", SHOWING
    help = "Close every group of the tree."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.fold_all(opened=False)


class NextTab(Command):
    """Next tab."""

    keys, shown, title, group, footer = ("right_square_bracket",), "]", "next tab", SHOWING, True
    help = "Turn to the next tab of the details."

    @classmethod
    def label(cls, situation: Situation) -> str:
        """Short: the footer has to fit 80 columns."""
        return "tabs"

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.step_tab(1)


class PreviousTab(Command):
    """Previous tab."""

    keys, shown, title, group, footer = ("left_square_bracket",), "[", "previous tab", SHOWING, False
    help = "Turn to the tab before."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.step_tab(-1)


class Inspect(Command):
    """The raw answer."""

    keys, shown, title, group, footer = ("i",), "i", "inspect", SHOWING, True
    comes_and_goes = True
    help = "Open the engine's raw answer about the object and search in it."
    where = "an image, a container or a volume, in its pane"

    @classmethod
    def applies(cls, situation: Situation) -> bool:
        """Where there is an object."""
        return situation.inspectable and not situation.in_details

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.show_tab("Inspect")


class Exact(Command):
    """Exact figures."""

    keys, shown, title, group = ("x",), "x", "exact figures", SHOWING
    help = "Show exact bytes, whole IDs and dates in place of the readable ones, and back."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.toggle_exact()


class Zoom(Command):
    """The whole screen for the details."""

    keys, shown, title, group = ("z",), "z", "zoom", SHOWING
    help = "Give the details the whole screen, and back."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.toggle_zoom()


class CopyId(Command):
    """Copy the ID."""

    keys, shown, title, group = ("y",), "y", "copy ID", SHOWING
    help = "Copy the whole ID, or the value under the cursor in Inspect (OSC 52: works over SSH)."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.copy_id()


class CopyName(Command):
    """Copy the name."""

    keys, shown, title, group = ("Y",), "Y", "copy name", SHOWING
    help = "Copy the name, or the path under the cursor in Inspect."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.copy_name()


class NextTheme(Command):
    """Another theme."""

    keys, shown, title, group = ("t",), "t", "theme", SHOWING
    help = "Turn to the next theme: dark, light, high contrast, the terminal's own 16 colours."

    @classmethod
    def run(cls, desk: Desk, situation: Situation) -> None:
        """Do it."""
        desk.next_theme()
