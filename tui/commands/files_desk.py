"""What the commands of the Files screen may ask of it, and what they may know of it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.commands.paths_commands import PathsDesk


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


class FilesDesk(PathsDesk, Protocol):
    """What a command of the Files screen can do."""

    def step_layer(self, by: int) -> None:
        """Go to the layer above (1) or below (-1)."""

    def toggle_alone(self) -> None:
        """Show what the layer itself did, or all there is up to it."""

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
