"""Something that is read from top to bottom: the keys that scroll it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView


class ScrolledPage(ScrollView, can_focus=True):
    """Scrolls by lines, screens and to its ends. Subclasses draw it."""

    DEFAULT_CSS = """
    ScrolledPage { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_by(1)", "Down", show=False),
        Binding("up,k", "scroll_by(-1)", "Up", show=False),
        Binding("pagedown,ctrl+f,space", "scroll_page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "scroll_page(-1)", "Page up", show=False),
        Binding("home,g", "scroll_end_of(-1)", "Top", show=False),
        Binding("end,G", "scroll_end_of(1)", "Bottom", show=False),
    ]

    def action_scroll_by(self, lines: int) -> None:
        """Scroll some lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll screens."""
        self.action_scroll_by(pages * max(1, self.scrollable_content_region.height - 1))

    def action_scroll_end_of(self, end: int) -> None:
        """To the top (-1) or the bottom (1)."""
        self.scroll_to(y=0 if end < 0 else self.max_scroll_y, animate=False, immediate=True)
