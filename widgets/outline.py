"""An outline: a tree of keyed rows that stays where it is when the world under it changes.

It differs from a general tree widget in three ways. Rows are described only when they come into
view, so ten thousand nodes cost no more to show than forty. The cursor and the opened nodes are
kept *by key*, so a new version of the tree can be handed over whole at any time. And it scrolls
half a screen at a time, so that holding a key down sends two rows over the wire, not the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from widgets.cell import Cell, Role, RowText
from widgets.folding_rows import FoldingRows, nearest_place
from widgets.node import Node
from widgets.outline_row import RowPen, plain_row
from widgets.role_styles import role_styles, styled


class Outline(FoldingRows, ScrollView, can_focus=True):
    """A tree of keyed rows; see the module's words on how it differs from a general tree."""

    DEFAULT_CSS = """
    Outline {
        height: 1fr;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        & > .outline--cursor {
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .outline--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"outline--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,ctrl+f", "move_page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "move_page(-1)", "Page up", show=False),
        Binding("home,g", "move_to_end(-1)", "First row", show=False),
        Binding("end,G", "move_to_end(1)", "Last row", show=False),
        Binding("right,l", "unfold", "Open", show=False),
        Binding("left,h", "fold", "Close", show=False),
        Binding("enter", "activate", "Choose", show=False),
        Binding("ctrl+right,L", "slide(8)", "Scroll right", show=False),
        Binding("ctrl+left,H", "slide(-8)", "Scroll left", show=False),
    ]

    class Highlighted(Message):
        """The cursor came to another node (``None`` in an empty outline)."""

        def __init__(self, outline: Outline, node: Node | None) -> None:
            super().__init__()
            self.outline = outline
            self.node = node

    class Activated(Message):
        """Enter, or a double click, on a node."""

        def __init__(self, outline: Outline, node: Node) -> None:
            super().__init__()
            self.outline = outline
            self.node = node

    class Unfolded(Message):
        """A node was opened by the user."""

        def __init__(self, outline: Outline, node: Node) -> None:
            super().__init__()
            self.outline = outline
            self.node = node

    class EdgeReached(Message):
        """The user moved past the first (-1) or last (1) row, or out to the right (2) or left (-2)."""

        def __init__(self, outline: Outline, direction: int) -> None:
            super().__init__()
            self.outline = outline
            self.direction = direction

    def __init__(
        self,
        describe: Callable[[Node], RowText] = plain_row,
        *,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        ScrollView.__init__(self, id=id, classes=classes)
        FoldingRows.__init__(self)
        self.describe = describe
        self.empty = empty
        """What an outline without rows says."""
        self.stride = 0.5
        """How much of its height it scrolls when the cursor leaves it: the more, the fewer rows go over the wire."""
        self._slide = 0
        self._background = Style()
        self._pens: dict[bool, RowPen] = {}
        """Of the drawing under way: by whether a row is the cursor's."""

    # -- the tree ---------------------------------------------------------------------------------

    def replace(self, roots: Iterable[Node], *, all_open: bool = False, memory: str = "") -> None:
        """Show another version of the tree, keeping cursor, opened nodes and place by key.

        When the cursor's node is gone it moves to the nearest one that is left: the next below it,
        else the next above. ``all_open`` shows every node with given children opened (a filter is on).
        What the user opens and closes is remembered under ``memory``: other versions of the tree come back
        as they were left.
        """
        before, old_cursor = self.rows, self.cursor
        offset = old_cursor - self.scroll_offset.y
        self.roots = tuple(roots)
        self.all_open, self.memory = all_open, memory
        self.flatten()
        self.cursor = nearest_place(before, old_cursor, self.rows)
        self._resize()
        if before and self.rows and self.is_attached:
            self._scroll_rows_to(self.cursor - offset)
        self.refresh()
        if not self.is_same_node(before, old_cursor):
            self.post_message(self.Highlighted(self, self.node))

    def set_open(self, node: Node, opened: bool) -> None:
        """Open or close a node and keep the cursor on its row."""
        before = self.node
        if self.fold(node, opened):
            self._resize()
            self.refresh()
            if opened:
                self.post_message(self.Unfolded(self, node))
            if self.node is not before:
                self.post_message(self.Highlighted(self, self.node))

    def open_more(self, limit: int) -> bool:
        """Open closed nodes, those nearest to the roots first, until there are ``limit`` rows or more.

        Returns:
            True when everything is open now.
        """
        everything = self.unfold_to(limit)
        self._lay_out_again()
        return everything

    def close_all(self) -> None:
        """Close every node; the cursor goes to the root it was below."""
        self.fold_all()
        self._lay_out_again()

    def _lay_out_again(self) -> None:
        """Show the same tree with other nodes opened."""
        before, old_cursor = self.rows, self.cursor
        self.flatten()
        self.cursor = nearest_place(before, old_cursor, self.rows)
        self._resize()
        self._scroll_into_view()
        self.refresh()
        if not self.is_same_node(before, old_cursor):
            self.post_message(self.Highlighted(self, self.node))

    def reveal(self, path: Iterable[str]) -> bool:
        """Open the nodes along ``path`` (keys, root first) and put the cursor on the last.

        Returns:
            False, with nothing moved, when the last key is not in the tree.
        """
        keys = list(path)
        for key in keys[:-1]:
            node = next((row.node for row in self.rows if row.node.key == key), None)
            if node is not None:
                self.set_open(node, True)
        index = next((number for number, row in enumerate(self.rows) if row.node.key == keys[-1]), None)
        if index is None:
            return False
        self.move_to(index)
        return True

    # -- the cursor -------------------------------------------------------------------------------

    def move_to(self, index: int) -> None:
        """Put the cursor on row ``index`` (clamped) and scroll it into view."""
        if not self.rows:
            return
        index = max(0, min(index, len(self.rows) - 1))
        if index == self.cursor:
            self._scroll_into_view()
            return
        old, self.cursor = self.cursor, index
        self.refresh_row(old)
        self.refresh_row(index)
        self._scroll_into_view()
        self.post_message(self.Highlighted(self, self.node))

    def action_move(self, by: int) -> None:
        """One row down or up; past the end it says so."""
        wanted = self.cursor + by
        while 0 <= wanted < len(self.rows) and not self.rows[wanted].node.selectable:
            wanted += by
        if 0 <= wanted < len(self.rows):
            self.move_to(wanted)
        else:
            self.post_message(self.EdgeReached(self, by))

    def action_move_page(self, pages: int) -> None:
        """A screen down or up."""
        self.move_to(self.cursor + pages * max(1, self.scrollable_content_region.height - 1))

    def action_move_to_end(self, end: int) -> None:
        """To the first (-1) or last (1) row."""
        self.move_to(0 if end < 0 else len(self.rows) - 1)

    def action_unfold(self) -> None:
        """Open the node, or go to its first child when it is open, or leave to the right."""
        node = self.node
        if node is None or node.leaf:
            self.post_message(self.EdgeReached(self, 2))
        elif not self.is_open(node):
            self.set_open(node, True)
            self._show_offspring()
        else:
            self.action_move(1)

    def action_fold(self) -> None:
        """Close the node, or go to its parent, or leave to the left."""
        node = self.node
        if node is not None and self.is_open(node):
            self.set_open(node, False)
        elif self.parent_of(self.cursor) >= 0:
            self.move_to(self.parent_of(self.cursor))
        else:
            self.post_message(self.EdgeReached(self, -2))

    def action_activate(self) -> None:
        """Say that the node was chosen."""
        if self.node is not None:
            self.post_message(self.Activated(self, self.node))

    def action_slide(self, by: int) -> None:
        """Scroll long rows sideways."""
        self._slide = max(0, self._slide + by)
        self.refresh()

    # -- mouse ------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the click is; the fold mark opens, a double click chooses."""
        index = event.y + self.scroll_offset.y
        if not 0 <= index < len(self.rows):
            return
        row = self.rows[index]
        self.move_to(index)
        mark = sum(cell_len(cell.text) for cell in self.describe(row.node).gutter) + row.depth * 2
        on_mark = mark <= event.x < mark + 2
        if on_mark and not row.node.leaf:
            self.set_open(row.node, not self.is_open(row.node))
        elif event.chain == 2:
            self.action_activate()

    # -- drawing ----------------------------------------------------------------------------------

    def _resize(self) -> None:
        size = Size(self.scrollable_content_region.width, max(1, len(self.rows)))
        if not self.container_size or self.styles.is_auto_height:
            self.virtual_size = size
        elif size != self.virtual_size:
            # By the reactive the whole screen would be laid out anew, though nothing has another place: the gutter of
            # the scroll bar is kept free. Whether the bar itself is shown is a reactive of its own.
            self.set_reactive(Outline.virtual_size, size)
            self._scroll_update(size)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._resize()
        self._scroll_into_view()

    def refresh_row(self, index: int) -> None:
        """Draw one row again."""
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def _scroll_rows_to(self, top: int) -> None:
        height = self.scrollable_content_region.height
        limit = max(0, len(self.rows) - height)
        self.scroll_to(y=max(0, min(top, limit)), animate=False, force=True, immediate=True)

    def _scroll_into_view(self) -> None:
        height = self.scrollable_content_region.height
        if height <= 0:
            return
        top, stride = self.scroll_offset.y, int(height * self.stride)
        if self.cursor < top:
            self._scroll_rows_to(self.cursor - (stride if self.cursor == top - 1 else 0))
        elif self.cursor >= top + height:
            self._scroll_rows_to(self.cursor - height + 1 + (stride if self.cursor == top + height else 0))

    def _show_offspring(self) -> None:
        """Scroll so far that as many rows of what was opened can be seen as fit below the cursor."""
        height = self.scrollable_content_region.height
        last = self.end_of(self.cursor) - 1
        if last >= self.scroll_offset.y + height:
            self._scroll_rows_to(min(self.cursor, last - height + 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """All rows of a drawing share one background: to find it, Textual goes through the styles of every ancestor."""
        self._background = self.rich_style
        self._pens.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One row as a strip: indent, fold mark, text from the left, figures from the right."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        background = self._background
        if index >= len(self.rows):
            if index == 0 and self.empty:
                words = styled((Cell(self.empty, Role.MUTED),), role_styles(self.app))
                segments = Segment.apply_style(words.render(self.app.console), background)
                return Strip(segments).adjust_cell_length(width, background)
            return Strip.blank(width, background)
        row = self.rows[index]
        opened = None if row.node.leaf else self.is_open(row.node)
        pen = self._pen(under_cursor=index == self.cursor)
        return Strip(pen.row(self.describe(row.node), row.depth, opened, width, self._slide)).adjust_cell_length(
            width, background
        )

    def _pen(self, *, under_cursor: bool) -> RowPen:
        """What this drawing's rows are written with."""
        if under_cursor not in self._pens:
            look = self.get_component_rich_style("outline--cursor") if under_cursor else Style()
            contrast = under_cursor and self.has_focus
            self._pens[under_cursor] = RowPen.on(self._background + look, self.app, contrast=contrast)
        return self._pens[under_cursor]
