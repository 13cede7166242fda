"""What commands may ask of the screen, and what they may know of it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.model.container import Container
from tui.model.place import Place


class Situation(NamedTuple):
    """Where the user is. Which commands apply hangs on this alone."""

    place: Place | None
    """What is highlighted."""
    container: Container | None
    """The container that is highlighted, as itself or through something it uses."""
    removable: bool
    """True when the place is an object that can be removed: a tag, an image, a container, a volume, a cache record."""
    inspectable: bool
    """True when the engine can be asked about it: an image, a container or a volume, not a group."""
    in_details: bool
    """True when the keys go to the details."""
    tab: str
    """The tab that is shown."""
    live: bool
    """True while the engine is connected."""
    read_only: bool
    can_go_back: bool
    comparing: str = ""
    """What an image is called that waits for another one to be compared with; empty when none does."""
    marked: int = 0
    """How much is marked, everywhere."""
    protected: bool = False
    """True when a rule of the user's keeps the object."""
    lifted: bool = False
    """True when that protection was lifted."""
    cleaning: bool = False
    """True while a cleanup is under way, or its receipt has not been seen."""

    @property
    def may_change(self) -> bool:
        """True when the engine is there and changing it is allowed."""
        return self.live and not self.read_only


class Desk(Protocol):
    """What a command can do. The main screen is one."""

    def focus_pane(self, kind: str) -> None:
        """Give the keys to ``images``, ``containers``, ``volumes``, ``cache`` or ``details``."""

    def step_focus(self, by: int) -> None:
        """Give the keys to the next pane or the one before."""

    def begin_filter(self) -> None:
        """Let the user type a filter (in Inspect: a search)."""

    def clear(self) -> None:
        """Drop the filter, leave the zoom, or go back to the trees: whatever Escape means here."""

    def search_again(self, by: int) -> None:
        """Go to the next or previous match in Inspect."""

    def cycle_sort(self) -> None:
        """Order the pane by the next thing."""

    def fold_all(self, *, opened: bool) -> None:
        """Open or close every node that has its children at hand."""

    def copy_id(self) -> None:
        """Copy the whole ID (or the value under the cursor in Inspect)."""

    def copy_name(self) -> None:
        """Copy the name (or the path under the cursor in Inspect)."""

    def toggle_exact(self) -> None:
        """Show exact figures, or readable ones."""

    def step_tab(self, by: int) -> None:
        """Turn to the next tab or the one before."""

    def show_tab(self, tab: str) -> None:
        """Turn to a tab by name and give it the keys."""

    def go_back(self) -> None:
        """Return to where the last jump came from."""

    def toggle_zoom(self) -> None:
        """Give the details the whole screen, or take it back."""

    def refresh_world(self) -> None:
        """Read everything again."""

    def ask_to_remove(self) -> None:
        """Say what removing would do, and ask."""

    def toggle_mark(self) -> None:
        """Mark the row, or unmark it, and move on."""

    def mark_all_shown(self) -> None:
        """Mark all that the filter shows in the pane."""

    def unmark(self) -> None:
        """Unmark the row and move on."""

    def unmark_all(self) -> None:
        """Unmark everything."""

    def show_why(self) -> None:
        """Say what keeps the bytes of the object."""

    def toggle_protection(self) -> None:
        """Lift the object's protection, or restore it."""

    def show_plan(self) -> None:
        """Show what is marked as a plan."""

    def show_candidates(self) -> None:
        """Show what could be marked, by rules."""

    def show_usage(self) -> None:
        """Show what takes up the disk."""

    def show_history(self) -> None:
        """Show what was removed before."""

    def open_shell(self) -> None:
        """Open a shell in the container."""

    def ask_for_command(self) -> None:
        """Ask what to run in the container."""

    def act(self, verb: str) -> None:
        """Do something to the container."""

    def ask_to_kill(self) -> None:
        """Ask before killing the container."""

    def ask_for_name(self) -> None:
        """Ask for the container's new name."""

    def open_files(self) -> None:
        """Show what lies in the layers of the image or the container."""

    def compare(self) -> None:
        """Take the image as one side of a comparison, or compare it with the one that was taken."""

    def show_layer_tree(self) -> None:
        """Show the layer tree across images."""

    def show_storage_map(self) -> None:
        """Show where the engine keeps everything."""

    def next_theme(self) -> None:
        """Turn to the next theme."""

    def show_help(self) -> None:
        """Show all keys."""

    def show_palette(self) -> None:
        """Show the palette of commands."""

    def redraw(self) -> None:
        """Draw the whole screen again."""

    def leave(self) -> None:
        """Quit."""
