"""One line of text with roles, such as a header, a title in a rule, or a row of key hints."""

from __future__ import annotations

from rich.segment import Segment
from rich.text import Text
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from widgets.cell import Line
from widgets.role_styles import role_styles, styled


class TextLine(Widget):
    """Text from the left and text from the right on one row; what does not fit ends in an ellipsis.

    Args:
        fill: the character between the two, such as ``─`` for a rule.
    """

    DEFAULT_CSS = "TextLine { height: 1; width: 1fr; }"

    def __init__(self, *, fill: str = " ", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.fill = fill
        self.left: Line = ()
        self.right: Line = ()

    def show(self, left: Line, right: Line = ()) -> None:
        """Show other text; nothing is drawn when it is the same."""
        if (left, right) != (self.left, self.right):
            self.left, self.right = left, right
            self.refresh()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All the width there is."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """The one line; rows below it are blank."""
        width, base = self.size.width, self.rich_style
        if y:
            return Strip.blank(width, base)
        styles = role_styles(self.app)
        left, right = styled(self.left, styles), styled(self.right, styles)
        right.truncate(max(width // 3, width - left.cell_len - 1), overflow="ellipsis")
        left.truncate(max(0, width - right.cell_len - 1), overflow="ellipsis")
        gap = Text(self.fill * max(0, width - left.cell_len - right.cell_len))
        segments = Segment.apply_style((left + gap + right).render(self.app.console), base)
        return Strip(segments).adjust_cell_length(width, base)
