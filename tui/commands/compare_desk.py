"""What the commands of the Compare screen may ask of it, and what they may know of it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.paths_commands import PathsDesk


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


class CompareDesk(PathsDesk, Protocol):
    """What the Compare screen can be asked."""

    def swap_sides(self) -> None:
        """Left becomes right."""

    def toggle_times(self) -> None:
        """Count another time of change as a difference, or not."""

    def view_side(self, *, left: bool) -> None:
        """Show what is in the file of one side."""
