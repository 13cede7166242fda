"""A long text to read: wrapped, scrolled, and drawn only where it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import chop_cells
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip

from widgets.scrolled_page import ScrolledPage


class PageView(ScrolledPage, can_focus=True):
    """Shows lines that are safe to show (see ``widgets.literal``); a quarter of a megabyte opens without a stall."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "scroll_by(1)", "Down", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines: Sequence[str] = ()
        self._rows: Sequence[str] = ()
        self._wrapped_at = -1

    def show(self, lines: Sequence[str]) -> None:
        """Show other lines, from the top."""
        self.lines = lines
        self._wrapped_at = -1
        self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self._wrap()
        self.refresh()

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0 or width == self._wrapped_at:
            return
        self._wrapped_at = width
        if isinstance(self.lines, list):
            self._rows = [row for line in self.lines for row in wrapped(line, width)]
        else:
            self._rows = self.lines  # made when asked for, and of a width of its own
        self.virtual_size = Size(width, len(self._rows))

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._wrap()

    def render_line(self, y: int) -> Strip:
        """One row."""
        self._wrap()
        width, index = self.scrollable_content_region.width, y + self.scroll_offset.y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        return Strip([Segment(self._rows[index], self.rich_style)]).adjust_cell_length(width, self.rich_style)


def wrapped(line: str, width: int) -> list[str]:
    """``line`` cut into rows of at most ``width`` cells."""
    if line.isascii():
        if len(line) <= width:
            return [line]
        return [line[begin : begin + width] for begin in range(0, len(line), width)]
    return chop_cells(line, max(2, width)) or [""]
