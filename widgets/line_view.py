"""Lines of styled text that scroll: the ground that fact sheets and long texts stand on."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from widgets.scrolled_page import ScrolledPage


class LineView(ScrolledPage, can_focus=True):
    """A scrolling column of lines, laid out anew for the width it has."""

    BINDINGS: ClassVar[list[BindingType]] = [
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

    def action_leave(self) -> None:
        """Say that the user wants out to the left."""
        self.post_message(self.Left())
