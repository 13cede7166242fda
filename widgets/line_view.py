"""Lines of styled text that scroll: the ground that fact sheets and long texts stand on."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip


class LineView(ScrollView, can_focus=True):
    """A scrolling column of lines, laid out anew for the width it has."""

    DEFAULT_CSS = """
    LineView { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_by(1)", "Down", show=False),
        Binding("up,k", "scroll_by(-1)", "Up", show=False),
        Binding("pagedown,ctrl+f,space", "scroll_page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "scroll_page(-1)", "Page up", show=False),
        Binding("home,g", "scroll_end_of(-1)", "Top", show=False),
        Binding("end,G", "scroll_end_of(1)", "Bottom", show=False),
        Binding("left,h", "leave", "Back", show=False),
    ]

    class Left(Message):
        """The user wants out to the left."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._laid_out_for = (-1, "")

    def lay_out(self, width: int) -> list[Text]:
        """The lines to show at ``width`` cells; subclasses say."""
        raise NotImplementedError

    def renew(self, *, top: bool = False) -> None:
        """Lay the lines out again, and go to the top when the subject is another one."""
        self._laid_out_for = (-1, "")
        if top and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self._ensure_laid_out()
        self.refresh()

    def _ensure_laid_out(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0 or self._laid_out_for == (width, self.app.theme):
            return
        self._laid_out_for = (width, self.app.theme)
        base, console = self.rich_style, self.app.console
        self._strips = [
            Strip(Segment.apply_style(line.render(console), base)).adjust_cell_length(width, base)
            for line in self.lay_out(width)
        ]
        self.virtual_size = Size(width, len(self._strips))

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap for the new width."""
        self._ensure_laid_out()

    def render_line(self, y: int) -> Strip:
        """One line."""
        self._ensure_laid_out()
        index = y + self.scroll_offset.y
        if index < len(self._strips):
            return self._strips[index]
        return Strip.blank(self.scrollable_content_region.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Colours are part of the laid-out lines, so another theme lays them out again."""
        super().notify_style_update()
        self._laid_out_for = (-1, "")

    def action_scroll_by(self, lines: int) -> None:
        """Scroll some lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def action_scroll_page(self, pages: int) -> None:
        """Scroll screens."""
        self.action_scroll_by(pages * max(1, self.scrollable_content_region.height - 1))

    def action_scroll_end_of(self, end: int) -> None:
        """To the top (-1) or the bottom (1)."""
        self.scroll_to(y=0 if end < 0 else self.max_scroll_y, animate=False, immediate=True)

    def action_leave(self) -> None:
        """Say that the user wants out to the left."""
        self.post_message(self.Left())
