"""The Files screen: what lies in the layers of an image, a container or an archive. Its commands work at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from tui.commands.files_catalogue import FILES
from tui.commands.files_desk import FilesSituation
from tui.commands.key_catalogue import KeyCatalogue
from tui.contents.other_images import OtherImages
from tui.contents.source import FileSource
from tui.present.files import file_name, path_text
from tui.present.layer import readable_command
from tui.present.layer_stack import is_writable
from tui.screens.file_questions import FileQuestions
from tui.screens.keyed_screen import key_bindings
from tui.screens.stack_screen import StackScreen
from widgets.outline import Outline

if TYPE_CHECKING:
    # For annotations only: it comes with the Find screen.
    from tui.screens.find_memory import FindMemory


class FilesScreen(StackScreen):
    """What lies in the layers of an image, a container or an archive. It is the desk that its commands work at.

    Args:
        source: where the files come from.
        layer: number of the layer to begin with, 0 being the lowest; the topmost by default.
        path: the file to begin with, if any.
        others: all layers that have been read, of other images too; ``None`` when there can be no others.
    """

    CATALOGUE: ClassVar[KeyCatalogue[Any, Any]] = FILES
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(FILES)

    def __init__(
        self, source: FileSource, *, layer: int | None = None, path: str = "", others: OtherImages | None = None
    ) -> None:
        super().__init__(source, layer=layer, path=path)
        self.questions = FileQuestions(self)
        self._others = others
        self._find_memory: FindMemory | None = None

    # -- keys and focus ---------------------------------------------------------------------------

    @property
    def situation(self) -> FilesSituation:
        """Everything that which commands apply hangs on."""
        return FilesSituation(
            opened=self.has_opened,
            in_files=self.in_files,
            anything=self.tree_pane.node is not None,
            alone=self.alone,
            filtered=bool(self.tree_pane.query_text),
            can_go_back=bool(self._came_from) or self.jumped_here,
        )

    @property
    def has_opened(self) -> bool:
        """True once the files are there, and not being read again."""
        return self.stack is not None and not self.has_class("-opening")

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: from a layer to its files; a folder opens, a file is shown, a link followed."""
        event.stop()
        if event.outline is self.table.outline:
            self.focus_part("files")
        elif isinstance(event.node.data, int):
            self.questions.look_into(event.node.data)

    # -- the desk ---------------------------------------------------------------------------------

    def go_back(self) -> None:
        """Stop what is being read and leave; an app of which this is the only screen ends."""
        self.stop_opening()
        if len(self.app.screen_stack) > 1:
            super().go_back()
        else:
            self.leave()

    def refresh_world(self) -> None:
        """Read again, unless that is what it does; counting waste, which comes after, begins anew with it."""
        if not (self.is_opening and self.has_class("-opening")):
            self.settle()
            self.open_source()

    def copy_path(self) -> None:
        """The path, or the layer's diff ID."""
        if self.in_files:
            self.copy(path_text(self.tree_pane.path) if self.tree_pane.node is not None else "")
        elif self.stack is not None:
            self.copy(self.stack.layers[self.table.chosen].diff_id)

    def copy_name(self) -> None:
        """The name, or the layer's command."""
        if self.in_files:
            self.copy(path_text(file_name(self.tree_pane.path))[1:])
        elif self.stack is not None:
            chosen = self.table.chosen
            self.copy("" if is_writable(self.stack, chosen) else readable_command(self.stack.layers[chosen].created_by))

    def view_file(self) -> None:
        """Look into the file under the cursor."""
        if self.tree_pane.node is not None:
            self.questions.look_into(self.tree_pane.node)

    def write_out(self) -> None:
        """Write the file under the cursor to the disk."""
        if self.tree_pane.node is not None:
            self.questions.ask_where_to(self.tree_pane.node)

    def open_find(self) -> None:
        """Look for files, in other images too."""
        from tui.screens.find_memory import FindMemory  # noqa: PLC0415 - most never look for anything
        from tui.screens.find_screen import FindScreen  # noqa: PLC0415 - as above

        if self.stack is None or self.views is None:
            return
        if self._find_memory is None or self._find_memory.stacked is not self.views.stack:
            self._find_memory = FindMemory.of(self.source, self.views.stack)
        self.app.push_screen(FindScreen(self.source, self.stack, self._find_memory, self.go_to, self._others))

    def show_touches(self) -> None:
        """Which layers it was."""
        if self.tree_pane.node is not None:
            self.questions.show_touches(self.tree_pane.node)
