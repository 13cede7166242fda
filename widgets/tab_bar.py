"""A one-line row of tabs."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from widgets.cell import Role
from widgets.role_styles import role_styles


class TabBar(Widget):
    """Names in a row, one of them chosen. Keys are the owner's business; a click chooses here."""

    DEFAULT_CSS = "TabBar { height: 1; width: 1fr; }"

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names: tuple[str, ...] = ()
        self.chosen = ""

    def show(self, names: tuple[str, ...], chosen: str) -> None:
        """Show ``names`` with ``chosen`` marked."""
        if (names, chosen) != (self.names, self.chosen):
            self.names, self.chosen = names, chosen
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: D102
        base, styles = self.rich_style, role_styles(self.app)
        segments: list[Segment] = []
        for name in self.names if y == 0 else ():
            on = name == self.chosen
            # Brackets as well as colour: which tab is chosen must show without either.
            style = base + (styles[Role.STRONG] + Style(reverse=True) if on else styles[Role.MUTED])
            segments.append(Segment(f"[{name}]" if on else f" {name} ", style))
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        left = 0
        for name in self.names:
            if left <= event.x < left + len(name) + 2:
                self.post_message(self.Chosen(name))
            left += len(name) + 2
