"""A choice that is made or not, readable without colour: ``[x] take it along``."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from widgets.literal import literal


class TickBox(Widget, can_focus=True):
    """Words with a box before them; Space or Enter ticks it."""

    DEFAULT_CSS = """
    TickBox { width: 1fr; height: 1; }
    TickBox:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "tick", "Tick", show=False)]

    ticked: reactive[bool] = reactive(False)

    class Changed(Message):
        """The box was ticked or unticked."""

        def __init__(self, box: TickBox) -> None:
            super().__init__()
            self.box = box

    def __init__(self, words: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.words = literal(words)

    def render_line(self, y: int) -> Strip:
        """The box and the words."""
        text = f"[{'x' if self.ticked else ' '}] {self.words}" if y == 0 else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self) -> None:
        """The mouse ticks it too."""
        self.action_tick()

    def action_tick(self) -> None:
        """Tick or untick."""
        self.ticked = not self.ticked
        self.post_message(self.Changed(self))
