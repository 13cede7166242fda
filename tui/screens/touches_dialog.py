"""Which layers touched a path: a list, from which one goes to a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from tui.contents.source import FileStack
from tui.model.file_stack import Touch
from tui.present.layer_stack import touch_row, touches_words
from tui.screens.dialog import Dialog, Words
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline


class TouchesDialog(Dialog):
    """The layers that added, modified or removed a path, the topmost first.

    Args:
        stack: the layers.
        path: whose history it is.
        touches: what each layer did to it, lowest first.
        layer: the layer that is looked at: the cursor begins at it, or at the one below that touched the path last.
        on_layer: called with the number of the layer that was chosen.
    """

    DEFAULT_CSS = """
    TouchesDialog > Vertical { width: 110; }
    TouchesDialog Outline { height: auto; max-height: 20; background: $panel; }
    """
    AUTO_FOCUS = "Outline"

    def __init__(
        self, stack: FileStack, path: str, touches: Sequence[Touch], layer: int, on_layer: Callable[[int], None]
    ) -> None:
        super().__init__()
        self._stack = stack
        self._path = path
        self._touches = tuple(reversed(touches))
        self._looked_at = layer
        self._on_layer = on_layer
        self.outline = Outline(self._describe)

    def title_line(self) -> Line:
        """Whose history."""
        return touches_words(self._path, self._touches)

    def body(self) -> Iterable[Widget]:
        """A row for each layer, and what Enter does."""
        self.outline.styles.height = min(20, len(self._touches))
        yield self.outline
        yield Words(((), (Cell("Enter", Role.ACCENT), Cell(" goes to that layer", Role.MUTED))))

    def on_mount(self) -> None:
        """Begin at the layer that is looked at."""
        self.outline.replace(Node(str(number), touch) for number, touch in enumerate(self._touches))
        at = next((n for n, touch in enumerate(self._touches) if touch.layer <= self._looked_at), 0)
        self.outline.move_to(at)

    def _describe(self, node: Node) -> RowText:
        return touch_row(self._stack, node.data, self._path) if isinstance(node.data, Touch) else RowText(())

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Go to that layer."""
        event.stop()
        if isinstance(event.node.data, Touch) and self.leave():
            self._on_layer(event.node.data.layer)

    def chosen(self, button_id: str) -> None:
        """There is no other button than the one that closes."""
