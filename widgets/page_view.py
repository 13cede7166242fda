"""A long text to read: wrapped, scrolled, and drawn only where it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import chop_cells
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class PageView(ScrollView, can_focus=True):
    """Shows lines that are safe to show (see ``widgets.literal``); a quarter of a megabyte opens without a stall."""

    DEFAULT_CSS = """
    PageView { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,enter", "scroll_by(1)", "Down", show=False),
        Binding("up,k", "scroll_by(-1)", "Up", show=False),
        Binding("pagedown,ctrl+f,space", "scroll_page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "scroll_page(-1)", "Page up", show=False),
        Binding("home,g", "scroll_end_of(-1)", "Top", show=False),
        Binding("end,G", "scroll_end_of(1)", "Bottom", show=False),
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

    def action_scroll_by(self, lines: int) -> None:
        """Scroll some lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll screens."""
        self.action_scroll_by(pages * max(1, self.scrollable_content_region.height - 1))

    def action_scroll_end_of(self, end: int) -> None:
        """To the top (-1) or the bottom (1)."""
        self.scroll_to(y=0 if end < 0 else self.max_scroll_y, animate=False, immediate=True)


def wrapped(line: str, width: int) -> list[str]:
    """``line`` cut into rows of at most ``width`` cells."""
    if line.isascii():
        if len(line) <= width:
            return [line]
        return [line[begin : begin + width] for begin in range(0, len(line), width)]
    return chop_cells(line, max(2, width)) or [""]
