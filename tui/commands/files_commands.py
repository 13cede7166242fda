"""The commands of the Files screen. Keys kept for marking files: Space ``*`` ``u`` ``X`` ``D``."""

from __future__ import annotations

from tui.commands import paths_commands
from tui.commands.command import KeyCommand
from tui.commands.files_desk import FilesDesk, FilesSituation
from tui.commands.over_main import SCREEN, SHOWING, NextPart

FILE, MOVING = "A file", "Moving about"


class FilesCommand(KeyCommand[FilesDesk, FilesSituation]):
    """A command that applies once the files are there."""

    @classmethod
    def applies(cls, situation: FilesSituation) -> bool:
        """When there is something to do it to."""
        return situation.opened


class OnFile(FilesCommand):
    """A command on what is under the cursor of the tree."""

    group, footer, comes_and_goes = FILE, True, True

    @classmethod
    def applies(cls, situation: FilesSituation) -> bool:
        """In the tree, wherever the cursor is: keys that came and went with every row would cost bytes."""
        return situation.opened and situation.in_files and situation.anything


class View(OnFile):
    """Look into a file."""

    keys, shown, title = ("v",), "v", "view"
    help = "Show what is in the file: text, or bytes in hex; of a symbolic link, go to where it leads."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.view_file()


class WriteOut(OnFile):
    """Copy a file to the disk."""

    keys, shown, title = ("W",), "W", "write"
    help = "Write the file to the disk of this machine; asks where, and overwrites nothing unasked."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.write_out()


class Touches(OnFile):
    """Which layers it was."""

    keys, shown, title = ("o",), "o", "touched"
    help = "Show which layers added, modified or removed this path; Enter goes to one."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.show_touches()


class CopyName(FilesCommand):
    """Copy the name."""

    keys, shown, title, group = ("Y",), "Y", "copy name", FILE
    help = "Copy the name without the folders; of a layer, the command that made it."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.copy_name()


class OtherSide(NextPart):
    """Keys to the other side."""

    help = "Go to the other side of the screen: from the layers to the files and back."

    @classmethod
    def applies(cls, situation: object) -> bool:
        """Once there are two."""
        return isinstance(situation, FilesSituation) and situation.opened

    @classmethod
    def label(cls, situation: object) -> str:
        """Where it leads."""
        return "layers" if isinstance(situation, FilesSituation) and situation.in_files else "files"


class Alone(FilesCommand):
    """The layer alone, or all up to it."""

    keys, shown, title, group, footer = ("a",), "a", "layer alone", SHOWING, True
    help = "Show what the layer itself adds, modifies and removes, or all there is up to and with it."

    @classmethod
    def label(cls, situation: FilesSituation) -> str:
        """What it would do here."""
        return "up to it" if situation.alone else "alone"

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.toggle_alone()


class LayerAbove(FilesCommand):
    """The layer above."""

    keys, shown, title, group = ("right_square_bracket",), "]", "layer above", MOVING
    help = "Go to the layer above, wherever the keys are."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.step_layer(1)


class LayerBelow(FilesCommand):
    """The layer below."""

    keys, shown, title, group = ("left_square_bracket",), "[", "layer below", MOVING
    help = "Go to the layer below, wherever the keys are."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.step_layer(-1)


class CopyPath(paths_commands.CopyPath):
    """Copy the path."""

    group = FILE


class Filter(paths_commands.Filter):
    """Only some paths."""

    help = "Show only paths that hold what you type, or match it as a glob: *.pyc, /etc/**/*.conf."


class ToggleAdded(paths_commands.ToggleAdded):
    """Added files."""

    help = "Show or hide what the layer added (+)."


class ToggleModified(paths_commands.ToggleModified):
    """Modified files."""

    help = "Show or hide what the layer modified (~)."


class ToggleRemoved(paths_commands.ToggleRemoved):
    """Removed files."""

    help = "Show or hide what the layer removed (−)."


class ToggleUnmodified(paths_commands.ToggleUnmodified):
    """Everything else."""

    help = "Show or hide what the layer left as it was."


class CycleSort(paths_commands.CycleSort):
    """Another order."""

    help = "Sort by size or by name."


class FocusLayers(paths_commands.FocusLayers):
    """Keys to the layers."""

    group, help = MOVING, "Go to the table of layers."


class FocusFiles(paths_commands.FocusFiles):
    """Keys to the files."""

    group, title, help = MOVING, "files", "Go to the file tree."


class FocusFacts(paths_commands.FocusFacts):
    """Keys to the facts."""

    group, help = MOVING, "Go to the facts below the layers, and scroll them."


class JumpBack(FilesCommand):
    """Return from a jump."""

    keys, shown, title, group, footer = ("backspace",), "⌫", "back", MOVING, True
    comes_and_goes = True
    help = "Return to where the last jump (along a link, to a layer) came from."

    @classmethod
    def applies(cls, situation: FilesSituation) -> bool:
        """After a jump."""
        return situation.opened and situation.can_go_back

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.jump_back()


class Reload(KeyCommand[FilesDesk, FilesSituation]):
    """Read again."""

    keys, shown, title, group = ("r",), "r", "read again", SCREEN
    help = "Read again, after an error or when a container has gone on writing."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.refresh_world()


class GoBack(KeyCommand[FilesDesk, FilesSituation]):
    """Leave the screen."""

    keys, shown, title, group = ("q",), "q", "back", SCREEN
    help = "Go back to where Files was opened from."

    @classmethod
    def run(cls, desk: FilesDesk, situation: FilesSituation) -> None:
        """Do it."""
        desk.go_back()
