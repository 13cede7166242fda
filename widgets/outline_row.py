"""How one row of an outline looks: indent, fold mark, text from the left, figures from the right."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.app import App

from widgets.cell import Cell, Line, Role, RowText
from widgets.literal import literal
from widgets.node import Node
from widgets.role_styles import role_styles, styled, styled_end

FOLD_OPEN, FOLD_CLOSED, FOLD_NONE = "▾ ", "▸ ", "  "
_DIM = Style(dim=True, italic=True)


def plain_row(node: Node) -> RowText:
    """The row text of a node whose data is a plain string."""
    return RowText((Cell(str(node.data)),))


class RowPen:
    """Draws rows on one background.

    Args:
        console: for what is to be cut.
        styles: the style of each role, background included.
        plain: the style of what has no role: the room between left and right.
    """

    def __init__(self, console: Console, styles: Mapping[Role, Style], plain: Style) -> None:
        self._console = console
        self._styles = styles
        self._plain = plain

    @classmethod
    def on(cls, background: Style, app: App[object], *, contrast: bool) -> RowPen:
        """A pen in the theme's colours; with ``contrast``, in the background's own foreground and no other colour."""
        # The cursor's own foreground wins over the roles': contrast before meaning.
        colour = Style(color=background.color) if contrast else Style()
        styles = {role: background + style + colour for role, style in role_styles(app).items()}
        return cls(app.console, styles, background + colour)

    def row(self, described: RowText, depth: int, opened: bool | None, width: int, slide: int) -> list[Segment]:
        """A row in exactly ``width`` columns, where there are so many.

        Args:
            described: what stands in it.
            depth: how many nodes are above it.
            opened: whether what is below it is shown; ``None`` for a leaf.
            width: columns there are.
            slide: how many columns its text is scrolled sideways; what stands on the right stays.
        """
        fold = FOLD_NONE if opened is None else FOLD_OPEN if opened else FOLD_CLOSED
        head: Line = (*described.gutter, Cell("  " * depth + fold, Role.MUTED))
        if not slide and not described.dim and (whole := self._whole(head, described, width)) is not None:
            return whole
        text = cut_row(head, described, width, slide, self._styles)
        return list(Segment.apply_style(text.render(self._console), self._plain))

    def _whole(self, head: Line, described: RowText, width: int) -> list[Segment] | None:
        """A row of which nothing has to be cut, as most are: a page of them by way of `Text` would be felt.

        ``None`` when it has to be.
        """
        left, left_width = self._segments((*head, *described.left))
        right, right_width = self._segments(described.right)
        room = width - left_width - right_width
        if room < bool(right):
            return None
        if room:
            left.append(Segment(" " * room, self._plain))
        return left + right

    def _segments(self, line: Line) -> tuple[list[Segment], int]:
        """A line's cells, made literal, and how many columns they take."""
        segments, width, styles = [], 0, self._styles
        for text, role in line:
            shown = literal(text)
            width += len(shown) if shown.isascii() else cell_len(shown)
            if shown:
                segments.append(Segment(shown, styles[role]))
        return segments, width


def cut_row(head: Line, described: RowText, width: int, slide: int, styles: Mapping[Role, Style]) -> Text:
    """A row of which something may have to be cut."""
    # Whatever stands on the right, what the row is about can still be read; what that leaves free, the right may have.
    wanted = sum(cell_len(cell.text) for cell in (*head, *described.left))
    right = styled_end(described.right, styles, max(1, width // 2, width - wanted - 1))
    right_width = right.cell_len + 1 if described.right else 0
    left = styled((*head, *described.left), styles)
    if slide:
        body = styled(described.left, styles)
        left = styled(head, styles) + body[min(slide, sum(len(cell.text) for cell in described.left)) :]
    left.truncate(max(0, width - right_width), overflow="ellipsis", pad=True)
    if right_width:
        left.append(" ")
        left.append_text(right)
    if described.dim:
        left.stylize(_DIM)
    return left
