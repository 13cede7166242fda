"""What is asked about one file of the Files screen: what is in it, where to write it, which layers it was."""

from __future__ import annotations

from tui.model.file_stack import Status
from tui.model.file_view import FileView
from tui.model.layer_files import WITH_BODY, Entry, Kind
from tui.model.link_target import link_target
from tui.present.files import KIND_WORDS, shown_path
from tui.screens.stack_screen import StackScreen
from widgets.cell import Role
from widgets.literal import literal


class FileQuestions:
    """The dialogs of the Files screen.

    Args:
        screen: over which they come up.
    """

    def __init__(self, screen: StackScreen) -> None:
        self._screen = screen

    def look_into(self, node: int) -> None:
        """Open or close a folder, go where a link leads, show what is in a file."""
        view = self._screen.view
        if view is None:
            return
        entry = view.entry(node)
        if entry is None or entry.kind is Kind.FOLDER:
            if not self._screen.tree_pane.toggle_fold():
                self._screen.say("There is nothing in this folder.")
        elif entry.kind is Kind.SYMLINK:
            self._follow_link(view, node, entry)
        elif entry.kind in WITH_BODY:
            from tui.screens.file_dialog import FileDialog  # noqa: PLC0415 - most never look into one

            layer = self._layer_to_read(view, node)
            self._screen.app.push_screen(FileDialog(self._screen.source, layer, entry, self._known_bytes(view, node)))
        else:
            self._screen.say(f"This is a {KIND_WORDS[entry.kind]}: there is nothing in it to look at.")

    def _follow_link(self, view: FileView, node: int, entry: Entry) -> None:
        target = link_target(view.stack, self._layer_shown(view, node), view.paths[node])
        if target is not None and target and self._screen.go_to(view.layer, view.paths[target]):
            return
        where = "the root folder" if target == 0 else f"{literal(entry.link)}, which is not there"
        self._screen.say(f"The link leads to {where}.", Role.NORMAL if target == 0 else Role.WARNING)

    def ask_where_to(self, node: int) -> None:
        """Ask where a file is to be written, and write it."""
        view = self._screen.view
        entry = view.entry(node) if view is not None else None
        if view is None:
            return
        if entry is None or entry.kind is Kind.FOLDER:
            self._screen.say("Only single files can be written out, not folders.", Role.WARNING)
        elif entry.kind is Kind.SYMLINK:
            self._screen.say(
                f"This is a link to {literal(entry.link)}; Enter goes there, and what is there can be written out."
            )
        elif entry.kind not in WITH_BODY:
            self._screen.say(f"This is a {KIND_WORDS[entry.kind]}: there is nothing in it to write out.")
        else:
            from tui.screens.write_dialog import WriteDialog  # noqa: PLC0415 - as above

            layer = self._layer_to_read(view, node)
            dialog = WriteDialog(
                self._screen.source, layer, entry, self._known_bytes(view, node), on_done=self._screen.say
            )
            self._screen.app.push_screen(dialog)

    def show_touches(self, node: int) -> None:
        """Which layers added, modified or removed a path."""
        view, stack = self._screen.view, self._screen.stack
        if view is None or stack is None:
            return
        touches = view.stack.touches(node)
        path = view.paths[node]
        if not touches:
            self._screen.say(f"No layer names {shown_path(path)}: it is there for what lies in it.")
            return
        from tui.screens.touches_dialog import TouchesDialog  # noqa: PLC0415 - as above

        self._screen.app.push_screen(
            TouchesDialog(stack, path, touches, view.layer, on_layer=lambda layer: self._go(layer, path))
        )

    def _go(self, layer: int, path: str) -> None:
        if not self._screen.go_to(layer, path):
            self._screen.say(f"Layer {layer + 1} has no trace of {shown_path(path)}.", Role.WARNING)

    def _layer_to_read(self, view: FileView, node: int) -> int:
        """Which layer to read a file from."""
        if self._screen.source.kind == "container" and self._is_seen_at_the_top(view, node):
            # As the container sees it: one file, where reading it from a layer may mean reading the whole image.
            return len(view.stack.layers) - 1
        return view.layer_of(node)

    @staticmethod
    def _is_seen_at_the_top(view: FileView, node: int) -> bool:
        top = len(view.stack.layers) - 1
        seen = view.stack.entry_at(node, top)
        return seen is not None and view.status(node) is not Status.REMOVED and seen[0] == view.layer_of(node)

    @staticmethod
    def _layer_shown(view: FileView, node: int) -> int:
        """After which layer what is shown at ``node`` is there: a removed link led somewhere before."""
        return view.layer - 1 if view.status(node) is Status.REMOVED else view.layer

    @staticmethod
    def _known_bytes(view: FileView, node: int) -> int | None:
        """How big a file is; ``None`` when that isn't known: of another name of a file, too."""
        entry = view.entry(node)
        return entry.size_bytes if entry is not None and entry.kind is Kind.FILE else None
