"""One bar of several parts, each as long as its share of the whole, and a mark below one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from widgets.cell import Cell, Line, Role
from widgets.role_styles import role_styles, styled

_POINTER = "▔"


class BarPart(NamedTuple):
    """One part of a bar."""

    amount: int
    """How much it is; parts of nothing are not drawn."""
    role: Role
    texture: str = "█"
    """The character it is drawn with: what tells it from its neighbours where there are no colours."""


def part_widths(amounts: Sequence[int], width: int) -> tuple[int, ...]:
    """Cells of each part in a bar of ``width``: they add up to it, and whatever is more than nothing has at least one.

    Shares are rounded so that those with the largest rest get the cells that are left. Where there are more parts than
    cells, the largest have one each.
    """
    total = sum(amounts)
    if total <= 0 or width <= 0:
        return tuple(0 for _ in amounts)
    shown = [at for at, amount in enumerate(amounts) if amount > 0]
    if len(shown) >= width:
        largest = set(sorted(shown, key=lambda at: -amounts[at])[:width])
        return tuple(int(at in largest) for at in range(len(amounts)))
    widths = [max(1, amount * width // total) if amount > 0 else 0 for amount in amounts]
    rest = sorted(shown, key=lambda at: -(amounts[at] * width % total))
    for at in rest[: max(0, width - sum(widths))]:
        widths[at] += 1
    while sum(widths) > width:  # small parts were given more than their share: the longest gives it back
        widths[max(shown, key=lambda at: widths[at])] -= 1
    return tuple(widths)


class StackedBar(Widget):
    """Two rows: the bar, and below it a line under the part that is pointed at. It can't take the keys."""

    DEFAULT_CSS = "StackedBar { height: 2; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.parts: tuple[BarPart, ...] = ()
        self.pointed: frozenset[int] = frozenset()

    def show(self, parts: tuple[BarPart, ...], pointed: frozenset[int] = frozenset()) -> None:
        """Show other parts, and point at those with these numbers; nothing is drawn when all is the same."""
        if (parts, pointed) != (self.parts, self.pointed):
            self.parts, self.pointed = parts, pointed
            self.refresh()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All the width there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """The bar, or the line below it; rows below those are blank."""
        width, base = self.size.width, self.rich_style
        if y > 1:
            return Strip.blank(width, base)
        line = self._bar(width) if y == 0 else self._pointer(width)
        segments = Segment.apply_style(styled(line, role_styles(self.app)).render(self.app.console), base)
        return Strip(segments).adjust_cell_length(width, base)

    def _bar(self, width: int) -> Line:
        widths = part_widths([part.amount for part in self.parts], width)
        return tuple(Cell(part.texture * cells, part.role) for part, cells in zip(self.parts, widths, strict=True))

    def _pointer(self, width: int) -> Line:
        widths = part_widths([part.amount for part in self.parts], width)
        return tuple(
            Cell((_POINTER if number in self.pointed else " ") * cells, Role.STRONG)
            for number, cells in enumerate(widths)
        )
