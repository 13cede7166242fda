"""How one row of an outline looks: indent, fold mark, text from the left, figures from the right."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from widgets.cell import Cell, Line, Role, RowText
from widgets.role_styles import styled, styled_end

FOLD_OPEN, FOLD_CLOSED, FOLD_NONE = "▾ ", "▸ ", "  "
_DIM = Style(dim=True, italic=True)


def row_text(  # noqa: PLR0917 - what a row hangs on, called for every row that is drawn
    described: RowText, depth: int, opened: bool | None, width: int, slide: int, styles: Mapping[Role, Style]
) -> Text:
    """A row in exactly ``width`` columns, where there are so many.

    Args:
        described: what stands in it.
        depth: how many nodes are above it.
        opened: whether what is below it is shown; ``None`` for a leaf.
        width: columns there are.
        slide: how many columns its text is scrolled sideways; what stands on the right stays.
        styles: the style of each role.
    """
    fold = FOLD_NONE if opened is None else FOLD_OPEN if opened else FOLD_CLOSED
    head: Line = (*described.gutter, Cell("  " * depth + fold, Role.MUTED))
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
