"""A tree of files with their figures: what is shown of it, in which order, and where the user is in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer

from tui.model.file_stack import Status
from tui.model.file_view import ALL_STATUSES, FileOrder, Matching, ShownFiles
from tui.model.path_tree import ROOT
from tui.present import figures
from tui.present.files import columns_for, file_row, heads_line, status_line
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline
from widgets.query_line import QueryLine
from widgets.text_line import TextLine

MANY = 5_000
"""Paths from which on a filter waits for a pause in typing."""
PAUSE = 0.12
"""Seconds without a key that are a pause."""
OPENED_AT_ONCE = 1_000
"""Rows that opening all folders adds; more would be felt, and nobody reads them."""
OPENED_BY_ITSELF = 300
"""Rows up to which folders are opened that only lead to what the user looks for."""


class FileTree(Vertical):
    """Title, column heads, tree, and which kinds of files are shown.

    The cursor and the opened folders stay where they are, by path, whatever files are shown next.
    """

    DEFAULT_CSS = """
    FileTree > #files-title { color: $rule; }
    FileTree:focus-within > #files-title { color: $rule-focused; }
    """

    def __init__(self) -> None:
        super().__init__(id="files")
        self.files: ShownFiles | None = None
        self.order = FileOrder.SIZE
        self.statuses = ALL_STATUSES
        self.query_text = ""
        """What paths have to match; empty when all are shown."""
        self.matching: Matching | None = None
        self.exact = False
        self.words: Line = ()
        """What is shown, for the title."""
        self.elsewhere = ""
        """What could show more than what is shown here, in words; empty when nothing could."""
        self.mounts: Mapping[str, str] = {}
        """Path -> what is mounted there, in words."""
        self._lead_to_changes = False
        self._wanted = ("", "")
        """The path the user was on when it went out of sight, and where the cursor went instead."""
        self._pause: Timer | None = None
        self.title = TextLine(fill="─", id="files-title")
        self.heads = TextLine()
        self.outline = Outline(self._describe)
        self.outline.stride = 0.75
        self.status = TextLine()

    def compose(self) -> ComposeResult:
        """One below the other; the filter line comes when it is wanted."""
        yield self.title
        yield self.heads
        yield self.outline
        yield self.status

    # -- what is shown ----------------------------------------------------------------------------

    def show(self, files: ShownFiles, words: Line, *, lead_to_changes: bool = False) -> None:
        """Show other files; ``words`` say which. With ``lead_to_changes`` folders that hold any are opened at first."""
        if files is not self.files and self.query_text:
            self.matching = Matching.of(files, self.query_text)
        self.files, self.words, self._lead_to_changes = files, words, lead_to_changes
        self.rebuild()

    def rebuild(self) -> None:
        """Make the tree again; the outline keeps the user's place."""
        files = self.files
        if files is None:
            return
        if self.query_text and self.matching is not None and self.matching.count:
            self.outline.empty = "what matches the filter is not to be shown: the line below says what is"
        elif self.query_text:
            self.outline.empty = f"no path matches the filter{self.elsewhere}"
        elif self.statuses != ALL_STATUSES:
            self.outline.empty = "nothing of what is to be shown"
        else:
            self.outline.empty = "no files"
        self._opened = self._open_by_itself(files)
        memory = f"/{self.query_text}\n" if self.query_text else ""
        wanted, instead = self._wanted
        if self.path != instead:
            wanted = self.path
        self.outline.replace(self._grown(files, ROOT), memory=memory)
        self._return_to(files, wanted)
        self._wanted = (wanted, self.path)
        self._show_words()

    def _return_to(self, files: ShownFiles, path: str) -> None:
        """Put the cursor on ``path`` or, while that is not shown, on the folder that it is in."""
        node = files.node(path)
        if node is None or self.path == path:
            return
        for place in (node, *files.tree.above(node)):
            if place != ROOT and self.outline.reveal(self._way_to(files, place)):
                return

    def _grown(self, files: ShownFiles, folder: int) -> tuple[Node, ...]:
        """What lies directly in a folder; deeper ones grow when they are opened."""
        paths, opened, ends = files.paths, self._opened, files.tree.ends
        grow, statuses, matching = self._grown, self.statuses, self.matching
        # Files are most of it, and of them it is plain that they hold nothing.
        return tuple(
            Node(paths[node], node, grow=partial(grow, files, node), open=node in opened)
            if ends[node] > node + 1 and files.holds(node, statuses, matching)
            else Node(paths[node], node)
            for node in self._children(files, folder)
        )

    def _children(self, files: ShownFiles, folder: int) -> tuple[int, ...]:
        return files.children(folder, self.order, self.statuses, self.matching)

    def _open_by_itself(self, files: ShownFiles) -> frozenset[int]:
        """The folders that only lead to what is looked for, as long as that is not too much; the upper ones first."""
        matching = self.matching
        only_changes = self._lead_to_changes or Status.UNCHANGED not in self.statuses
        if matching is None and not only_changes:
            return frozenset()
        opened: set[int] = set()
        level, rows = self._children(files, ROOT), 0
        while level:
            below: list[int] = []
            for node in level:
                leads = not matching.flags[node] if matching else files.status(node) is Status.MODIFIED
                if leads and files.holds(node, self.statuses, matching):
                    children = self._children(files, node)
                    rows += len(children)
                    if rows > OPENED_BY_ITSELF:
                        return frozenset(opened)
                    opened.add(node)
                    below += children
            level = tuple(below)
        return frozenset(opened)

    # -- drawing ----------------------------------------------------------------------------------

    def _describe(self, node: Node) -> RowText:
        if self.files is None or not isinstance(node.data, int):
            return RowText(())
        width = self.outline.scrollable_content_region.width
        mounted = self.mounts.get(node.key, "")
        return file_row(self.files, node.data, columns_for(width, exact=self.exact), mounted)

    def _show_words(self) -> None:
        """Title, column heads and status line, all for what is shown now."""
        query: Line = ()
        if self.query_text and self.matching is not None:
            count = figures.count(self.matching.count, "match", "matches")
            query = (Cell(f" /{self.query_text} ", Role.WARNING), Cell(f"{count} ", Role.MUTED))
        self.title.show(
            (Cell("─ ", Role.MUTED), Cell("2 ", Role.ACCENT), *self.words, Cell(" "), *query),
            (Cell(f" by {self.order.value} ", Role.MUTED), Cell("─")),
        )
        width = self.outline.scrollable_content_region.width
        self.heads.show((Cell("    name", Role.MUTED),), heads_line(columns_for(width, exact=self.exact)))
        changes = self.files.changes() if self.files is not None else None
        self.status.show(status_line(self.statuses, changes, self.size.width))

    def on_resize(self) -> None:
        """Other columns, perhaps."""
        self.call_after_refresh(self._show_words)

    # -- where the user is ------------------------------------------------------------------------

    @property
    def node(self) -> int | None:
        """What is under the cursor."""
        node = self.outline.node
        return node.data if node is not None and isinstance(node.data, int) else None

    @property
    def path(self) -> str:
        """Its path; empty when there are no rows."""
        return self.outline.node.key if self.outline.node is not None else ""

    def reveal(self, node: int) -> bool:
        """Put the cursor on ``node``, open what it is in and drop what hides it; False when it isn't shown here."""
        files = self.files
        if files is None or not files.shows(node):
            return False
        if self.matching is not None and not self.matching.lets_through(node):
            self.clear_filter()
        if files.status(node) not in self.statuses:
            self.statuses |= {files.status(node)}
            self.rebuild()
        return self.outline.reveal(self._way_to(files, node))

    @staticmethod
    def _way_to(files: ShownFiles, node: int) -> Sequence[str]:
        way = [*files.tree.above(node)][::-1][1:]
        return [files.paths[folder] for folder in (*way, node)]

    # -- what the user does -----------------------------------------------------------------------

    def toggle_fold(self) -> bool:
        """Open or close the folder under the cursor; False when there is nothing to open."""
        node = self.outline.node
        if node is None or node.leaf:
            return False
        self.outline.set_open(node, not self.outline.is_open(node))
        return True

    def open_more(self) -> bool:
        """Open folders, the upper ones first, as many as can be looked at; True when everything is open now."""
        return self.outline.open_more(len(self.outline.rows) + OPENED_AT_ONCE)

    def toggle_status(self, status: Status) -> None:
        """Show the files with this status, or not."""
        self.statuses ^= {status}
        self.rebuild()

    def cycle_order(self) -> FileOrder:
        """Sort by the other thing."""
        self.order = FileOrder.NAME if self.order is FileOrder.SIZE else FileOrder.SIZE
        self.rebuild()
        return self.order

    def set_exact(self, *, exact: bool) -> None:
        """Exact figures, or readable ones."""
        self.exact = exact
        self.outline.refresh()
        self._show_words()

    # -- the filter -------------------------------------------------------------------------------

    def begin_filter(self) -> None:
        """Show the filter line and let the user type."""
        found = self.query(QueryLine)
        line = found.first() if found else QueryLine("part of a path, or a glob", self._typed, self._end_filter)
        if not found:
            self.mount(line, after=self.title)
        line.ask()

    def _typed(self, text: str) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        if self.files is None or text == self.query_text:
            return
        if len(self.files.paths) < MANY:
            self._filter(text)
        else:
            # Every letter of it would cost a look at every path.
            self._pause = self.set_timer(PAUSE, partial(self._filter_soon, self.files, text))

    def _filter_soon(self, files: ShownFiles, text: str) -> None:
        self.run_worker(self._filter_in_thread(files, text), group="filter", exclusive=True)

    async def _filter_in_thread(self, files: ShownFiles, text: str) -> None:
        matching = await asyncio.to_thread(Matching.of, files, text) if text else None
        line = self.query_one(QueryLine)
        # What was typed meanwhile, or Enter, has been or will be seen to.
        if files is self.files and line.value == text != self.query_text:
            self._filter(text, matching)

    def _end_filter(self, _kept: bool) -> None:
        # What comes after Enter is typed at what the filter has left: it can't wait for the pause.
        for line in self.query(QueryLine):
            self._filter(line.value)
        self.screen.set_focus(self.outline)

    def _filter(self, text: str, matching: Matching | None = None) -> None:
        """Show only what matches ``text``; ``matching``, where it has been made already, says what that is."""
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        if self.files is None or text == self.query_text:
            return
        self.query_text = text
        self.matching = matching or (Matching.of(self.files, text) if text else None)
        self.rebuild()
        if text:
            self.step_match(1, here=True)

    def clear_filter(self) -> bool:
        """Drop the filter; False when there was none."""
        if not self.query_text:
            return False
        for line in self.query(QueryLine):
            line.value = ""
        self._filter("")
        return True

    def step_match(self, by: int, *, here: bool = False) -> bool:
        """Go to the next (1) or previous (-1) path that matches, opening what it is in; round at the ends.

        ``here``: the one under the cursor will do. False when there is none.
        """
        outline, matching, files = self.outline, self.matching, self.files
        if matching is None or files is None or not outline.rows:
            return False
        at = outline.cursor - (by if here else 0)
        # Folders that are opened on the way add rows; no path is met twice before the one it began with.
        left = len(outline.rows) + 1
        while left > 0:
            left -= 1
            at = (at + by) % len(outline.rows)
            node = outline.rows[at].node
            number = node.data
            assert isinstance(number, int)  # as _grown makes them
            if matching.flags[number]:
                if not matching.flags[files.parents[number]]:
                    outline.move_to(at)
                    return True
            elif not outline.is_open(node) and not node.leaf:
                before = len(outline.rows)
                outline.set_open(node, True)
                left += len(outline.rows) - before
                if by < 0:
                    at = outline.end_of(at)
        return False
