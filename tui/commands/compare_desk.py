"""What the commands of the Compare screen may ask of it, and what they may know of it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.over_main import OverDesk
from tui.model.file_stack import Status


class CompareSituation(NamedTuple):
    """Where the user is on the Compare screen."""

    opened: bool
    """True once both images are on the screen."""
    in_files: bool
    """True when the keys go to the tree of paths; else they go to the layers."""
    anything: bool
    """True when the tree has any rows."""
    filtered: bool
    times: bool
    """True while another time of change counts as a difference."""


class CompareDesk(OverDesk, Protocol):
    """What the Compare screen can be asked."""

    def focus_part(self, part: str) -> None:
        """Give the keys to ``layers``, ``files`` or ``facts``."""

    def swap_sides(self) -> None:
        """Left becomes right."""

    def toggle_times(self) -> None:
        """Count another time of change as a difference, or not."""

    def toggle_status(self, status: Status) -> None:
        """Show the paths with this status, or not."""

    def cycle_sort(self) -> None:
        """Sort by what differs, by size or by name."""

    def begin_filter(self) -> None:
        """Let the user type what paths have to match."""

    def search_again(self, by: int) -> None:
        """Go to the next (1) or previous (-1) path that matches."""

    def fold_all(self, *, opened: bool) -> None:
        """Open more folders, or close all."""

    def toggle_zoom(self) -> None:
        """Give the part that has the keys the whole screen, or take it back."""

    def copy_path(self) -> None:
        """Copy the path, or the diff ID of the layer."""

    def view_side(self, *, left: bool) -> None:
        """Show what is in the file of one side."""
