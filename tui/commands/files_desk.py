"""What the commands of the Files screen may ask of it, and what they may know of it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.over_main import OverDesk
from tui.model.file_stack import Status


class FilesSituation(NamedTuple):
    """Where the user is. Which commands apply hangs on this alone."""

    opened: bool
    """True once the files are on the screen."""
    in_files: bool
    """True when the keys go to the file tree; else they go to the layers or to the facts."""
    anything: bool
    """True when the tree has any rows."""
    alone: bool
    """True when what the layer itself did is shown, and not all there is up to it."""
    filtered: bool
    can_go_back: bool
    """True after a jump."""


class FilesDesk(OverDesk, Protocol):
    """What a command of the Files screen can do."""

    def focus_part(self, part: str) -> None:
        """Give the keys to ``layers``, ``files`` or ``facts``."""

    def step_layer(self, by: int) -> None:
        """Go to the layer above (1) or below (-1)."""

    def toggle_alone(self) -> None:
        """Show what the layer itself did, or all there is up to it."""

    def toggle_status(self, status: Status) -> None:
        """Show the files with this status, or not."""

    def cycle_sort(self) -> None:
        """Sort by name, or by size."""

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

    def copy_name(self) -> None:
        """Copy the name of the file, or the command of the layer."""

    def view_file(self) -> None:
        """Show what is in the file."""

    def write_out(self) -> None:
        """Ask where the file is to be written, and write it."""

    def open_find(self) -> None:
        """Look for files: by path, the biggest, duplicates, setuid files."""

    def show_touches(self) -> None:
        """Show which layers touched the path."""

    def jump_back(self) -> None:
        """Return to where the last jump came from."""
