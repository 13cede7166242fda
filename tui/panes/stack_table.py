"""The layers beside a file tree: a table, and below it all there is to know of the layer that is highlighted."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer

from tui.contents.source import FileStack
from tui.model.file_stack import Status
from tui.model.waste import Waste
from tui.present.layer_stack import layer_heads, layer_line, position_words, stack_sections, stored_bytes
from widgets.cell import Cell, Role, RowText
from widgets.fact_sheet import FactSheet
from widgets.node import Node
from widgets.outline import Outline
from widgets.text_line import TextLine

REST = 0.12
"""Seconds the cursor has to stay on a layer before its files are shown: longer than a held key's period."""
_MOST_ROWS = 14
"""So many layers are shown at once while there is room for the facts below."""
_FEWEST_FACTS = 8


class StackTable(Vertical):
    """Layers, the topmost first: as they lie on each other, and as the main screen has them."""

    DEFAULT_CSS = """
    StackTable > TextLine { color: $rule; }
    StackTable:focus-within > #stack-title { color: $rule-focused; }
    StackTable > Outline { height: 5; }
    StackTable > FactSheet { height: 1fr; }
    """

    class LayerRested(Message):
        """The cursor has come to rest on another layer."""

    def __init__(self) -> None:
        super().__init__(id="layers")
        self.stack: FileStack | None = None
        self.waste: Waste | None = None
        self.exact = False
        self._sizes: tuple[int | None, ...] = ()
        self._changes: Mapping[Status, tuple[int, int]] | None = None
        self._timer: Timer | None = None
        self.title = TextLine(fill="─", id="stack-title")
        self.heads = TextLine()
        self.outline = Outline(self._describe)
        self.rule = TextLine(fill="─")
        self.facts = FactSheet(id="layer-facts")

    def compose(self) -> ComposeResult:
        """Table above, facts below."""
        yield self.title
        yield self.heads
        yield self.outline
        yield self.rule
        yield self.facts

    def show(self, stack: FileStack) -> None:
        """Show other layers; the cursor stays on the layer it was on, or begins on the topmost."""
        self.stack, self.waste, self._changes = stack, None, None
        self._sizes = tuple(stored_bytes(stack, layer) for layer in range(len(stack.layers)))
        count = len(stack.layers)
        self.outline.empty = "no layers"
        self.outline.replace(Node(f"layer {number}", number) for number in range(count - 1, -1, -1))
        self.title.show(
            (
                Cell("─ ", Role.MUTED),
                Cell("1 ", Role.ACCENT),
                Cell("Layers"),
                Cell(f" {count:,} ", Role.MUTED),
            )
        )
        self._fit()
        self._show_facts()

    def show_waste(self, waste: Waste) -> None:
        """What is wasted has been counted."""
        self.waste = waste
        self.outline.refresh()
        self._show_facts()

    def show_changes(self, changes: Mapping[Status, tuple[int, int]] | None) -> None:
        """What the highlighted layer did has been counted."""
        self._changes = changes
        self._show_facts()

    def set_exact(self, *, exact: bool) -> None:
        """Exact figures, or readable ones."""
        self.exact = exact
        self.outline.refresh()
        self.facts.set_exact(exact)
        self._show_heads()

    # -- where the user is ------------------------------------------------------------------------

    @property
    def chosen(self) -> int:
        """The number of the highlighted layer; -1 when there are none."""
        node = self.outline.node
        return node.data if node is not None and isinstance(node.data, int) else -1

    def choose(self, layer: int) -> None:
        """Put the cursor on a layer, and say nothing of it: whoever asks for it knows."""
        if self.stack is not None and 0 <= layer < len(self.stack.layers):
            self.outline.move_to(len(self.stack.layers) - 1 - layer)
            self._stop_waiting()

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """Wait until the cursor rests."""
        event.stop()
        self._stop_waiting()
        self._timer = self.set_timer(REST, self._rest)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _rest(self) -> None:
        self._timer = None
        self.post_message(self.LayerRested())

    # -- drawing ----------------------------------------------------------------------------------

    def _describe(self, node: Node) -> RowText:
        if self.stack is None or not isinstance(node.data, int):
            return RowText(())
        width = self.outline.scrollable_content_region.width
        return layer_line(self.stack, node.data, self._sizes[node.data], self.waste, width=width, exact=self.exact)

    def _show_facts(self) -> None:
        stack, layer = self.stack, self.chosen
        if stack is None or layer < 0:
            self.facts.show("", ())
            return
        self.rule.show((Cell(f"─ {position_words(stack, layer)} ", Role.MUTED),))
        self.facts.show(f"layer {layer}", stack_sections(stack, layer, self.waste, self._changes))

    def on_resize(self, _event: events.Resize) -> None:
        """Share the room anew."""
        self._fit()
        # The table inside learns of its new width only now.
        self.call_after_refresh(self._show_heads)

    def _fit(self) -> None:
        """As many rows as there are layers, as long as enough is left for the facts."""
        count = len(self.stack.layers) if self.stack is not None else 1
        room = max(3, self.size.height - 3 - _FEWEST_FACTS)
        self.outline.styles.height = max(1, min(count, room, max(_MOST_ROWS, self.size.height // 2)))
        self._show_heads()

    def _show_heads(self) -> None:
        width = self.outline.scrollable_content_region.width or self.size.width
        self.heads.show((Cell("  # made by", Role.MUTED),), layer_heads(width=width, exact=self.exact))
