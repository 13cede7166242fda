"""A one-line button that reads as one without colour: ``[ Cancel ]``, ``‹ Cancel ›`` under the focus."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from widgets.literal import literal


class PushButton(Widget, can_focus=True):
    """Words to press. While it is disabled it can't be focused.

    Args:
        words: what it says.
        grave: marks a deed that can't be undone.
    """

    DEFAULT_CSS = """
    PushButton { width: auto; height: 1; text-style: bold; }
    PushButton.-grave { color: $error; }
    PushButton:focus { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
    PushButton.-grave:focus { background: $error; color: $background; }
    PushButton:disabled { color: $foreground 40%; text-style: dim; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", "Press", show=False)]

    class Pressed(Message):
        """The button was pressed."""

        def __init__(self, button: PushButton) -> None:
            super().__init__()
            self.button = button

    def __init__(self, words: str, *, grave: bool = False, id: str | None = None) -> None:
        super().__init__(id=id, classes="-grave" if grave else None)
        self.words = literal(words)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The words and what is around them."""
        return len(self.words) + 4

    def render_line(self, y: int) -> Strip:
        """The words in brackets, which turn into arrows under the focus."""
        left, right = ("‹ ", " ›") if self.has_focus else ("[ ", " ]")
        text = f"{left}{self.words}{right}" if y == 0 else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self) -> None:
        """The mouse presses it too."""
        self.action_press()

    def action_press(self) -> None:
        """Say that it was pressed."""
        if not self.disabled:
            self.post_message(self.Pressed(self))
