"""The line above the footer that sums up what is marked or says how a cleanup goes, as long as there is either."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from tui import messages
from widgets.cell import Line
from widgets.text_line import TextLine


class MarkedLine(TextLine, can_focus=True):
    """One row; Tab comes by, and Enter opens the plan."""

    DEFAULT_CSS = """
    MarkedLine {
        display: none; background: $panel;
        &.-any { display: block; }
        &:focus {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open_plan", "Plan", show=False),
        Binding("up,k,left,h", "leave", "Back", show=False),
    ]

    class Left(Message):
        """The user moved out of it, to where the marks are."""

    def __init__(self) -> None:
        super().__init__(id="marked")
        self._fit: Callable[[int], Line] | None = None

    def show_fitting(self, fit: Callable[[int], Line] | None) -> None:
        """Show what ``fit`` says there is room for in so many columns; ``None``: there is nothing to say."""
        self._fit = fit
        self.set_class(fit is not None, "-any")
        self._lay_out()

    @property
    def any(self) -> bool:
        """True while it is shown."""
        return self._fit is not None

    def on_resize(self) -> None:
        """More room, or less."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._fit is not None and self.size.width:  # before it has been laid out nobody knows what fits
            self.show(self._fit(self.size.width))

    def action_open_plan(self) -> None:
        """The plan of what is marked."""
        self.post_message(messages.PlanRequested())

    def action_leave(self) -> None:
        """Up, out of the line."""
        self.post_message(self.Left())

    def on_focus(self) -> None:
        """Look like a row under the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """No longer."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Its cells; with the keys here, contrast goes before what colours mean."""
        strip = super().render_line(y)
        if not self.has_focus:
            return strip
        colour = Style(color=self.rich_style.color)
        return Strip([Segment(text, (style or Style()) + colour) for text, style, _ in strip], strip.cell_length)
