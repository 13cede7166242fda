"""A one-line row of tabs."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from widgets.cell import Role
from widgets.role_styles import role_styles

_MORE_BEFORE, _MORE_AFTER = "‹", "›"


class _Piece(NamedTuple):
    """A name as it stands in the row, or a mark that there are more; ``name`` is what a click there chooses."""

    text: str
    name: str


class TabBar(Widget):
    """Names in a row, one of them chosen. Keys are the owner's business; a click chooses here.

    Where they don't all fit, the row moves so far that the chosen one can be read, and a mark at either end
    says that there are more.
    """

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

    def _pieces(self) -> list[_Piece]:
        """What stands in the row, from the left: the chosen name always, as early a stretch of names as holds it."""
        # Brackets as well as colour: which tab is chosen must show without either.
        whole = [_Piece(f"[{name}]" if name == self.chosen else f" {name} ", name) for name in self.names]
        width = self.size.width
        if sum(len(piece.text) for piece in whole) <= width or not whole:
            return whole
        chosen = max(0, next((at for at, piece in enumerate(whole) if piece.name == self.chosen), 0))
        for first in range(chosen + 1):
            room = width - (first > 0)
            last = first
            while last < len(whole):
                more = 1 if last + 1 < len(whole) else 0
                if len(whole[last].text) + more > room:
                    break
                room -= len(whole[last].text)
                last += 1
            if last > chosen:
                break
        shown = whole[first : max(last, first + 1)]
        before = [_Piece(_MORE_BEFORE, whole[first - 1].name)] if first else []
        after = [_Piece(_MORE_AFTER, whole[last].name)] if last < len(whole) else []
        return [*before, *shown, *after]

    def render_line(self, y: int) -> Strip:  # noqa: D102
        base, styles = self.rich_style, role_styles(self.app)
        segments: list[Segment] = []
        for text, name in self._pieces() if y == 0 else ():
            on = name == self.chosen
            style = base + (styles[Role.STRONG] + Style(reverse=True) if on else styles[Role.MUTED])
            segments.append(Segment(text, style))
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse; a mark chooses the next one that it stands for."""
        left = 0
        for text, name in self._pieces():
            if left <= event.x < left + len(text):
                self.post_message(self.Chosen(name))
                return
            left += len(text)
