"""Four lists of files, one of which is shown: which, where the user is in it, and looking for paths."""

from __future__ import annotations

import asyncio
import time

from textual.app import ComposeResult
from textual.timer import Timer

from tui.commands.find_commands import FIND
from tui.contents.other_images import OtherImages
from tui.contents.source import FileSource, FileStack
from tui.model.file_search import SameFiles
from tui.model.file_stack import StackedFiles
from tui.panes.find_lists import MANY, BiggestList, DuplicatesList, FindList, PathsList, SetuidList
from tui.present.find import group_facts, searching_words, spot_facts
from tui.screens.find_memory import FindMemory
from tui.screens.keyed_screen import KeyedScreen
from widgets.cell import Cell, Role
from widgets.fact_sheet import FactSheet
from widgets.outline import Outline
from widgets.query_line import QueryLine
from widgets.tab_bar import TabBar
from widgets.text_line import TextLine

TITLES = {"paths": "1 Paths", "biggest": "2 Biggest", "duplicates": "3 Duplicates", "setuid": "4 Setuid"}
PAUSE = 0.15
"""Seconds without a key before much is searched."""
TICK = 0.25
"""Seconds between two looks at how far something has come."""


class ListsScreen(KeyedScreen):
    """Four lists of files, and facts about what is under the cursor.

    Args:
        source: what is looked through.
        stack: its layers.
        memory: where the user was before, for these layers.
        others: all layers that have been read, of other images too; ``None`` when there can be no others.
    """

    CATALOGUE = FIND
    DEFAULT_CSS = """
    ListsScreen {
        #header, #footer { background: $panel; }
        #facts-rule { color: $rule; }
        #find-facts { height: 5; }
    }
    """

    def __init__(self, source: FileSource, stack: FileStack, memory: FindMemory, others: OtherImages | None) -> None:
        super().__init__()
        self.source = source
        self.stack = stack
        self.stacked: StackedFiles = memory.stacked
        self.memory = memory
        self.others = others
        self.header = TextLine(id="header")
        self.tabs = TabBar(id="find-tabs")
        self.paths = PathsList(stack, self.stacked, source.title)
        self.duplicates = DuplicatesList(
            stack, self.stacked, lambda: memory.digests.known, least_bytes=memory.least_bytes
        )
        lists = (self.paths, BiggestList(stack, self.stacked), self.duplicates, SetuidList(stack, self.stacked))
        self.lists: dict[str, FindList] = {one.NAME: one for one in lists}
        self.line = QueryLine("part of a path, or a glob; Tab: the other lists", self._typed, self._end_typing)
        self.footer.typing_keys = (*self.footer.typing_keys, ("Tab", "other lists"))
        self.rule = TextLine(fill="─", id="facts-rule")
        self.facts = FactSheet(id="find-facts")
        self._pause: Timer | None = None
        self._searched = (0, 0)
        self._begun = 0.0

    def compose(self) -> ComposeResult:
        """Header, the names of the lists, one list, facts, footer."""
        yield self.header
        yield self.tabs
        yield self.line
        yield from self.lists.values()
        yield self.rule
        yield self.facts
        yield self.footer

    def on_mount(self) -> None:
        """Where the user was before; the first time, ask for a path."""
        self.facts.can_focus = False
        self.header.show(
            (
                Cell(" orlop ", Role.ACCENT),
                Cell(f" find in {self.source.kind} "),
                Cell(self.source.title, Role.STRONG),
            )
        )
        self.paths.text = self.memory.text
        self.line.value = self.memory.text
        self.show_list(self.memory.shown)
        if self.memory.text:
            self._look_for_paths()
        elif self.shown == "paths":
            self.begin_filter()

    # -- which list is shown ----------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The name of the list that is shown."""
        return self.memory.shown

    @property
    def current(self) -> FindList:
        """The list that is shown."""
        return self.lists[self.shown]

    def show_list(self, name: str) -> None:
        """Turn to a list by name; it looks when it is shown for the first time."""
        self.memory.shown = name
        for one in self.lists.values():
            one.display = name == one.NAME
        if self.line.has_class("-shown"):  # Tab was pressed while typing
            self.line.remove_class("-shown")
            if self.line.value != self.paths.text:
                self._look_for_paths()
        self.tabs.show(tuple(TITLES.values()), TITLES[name])
        shown = self.lists[name]
        if not shown.filled and shown is not self.paths:
            self.fill(shown)
        self.set_focus(shown.outline)
        shown.show_words()
        self.show_facts()
        self.show_keys()

    def fill(self, shown: FindList) -> None:
        """Let a list look: at once, or in a thread where there is much to look through."""
        if len(self.stacked) < MANY:
            shown.fill()
            self._restore(shown)
        else:
            self.run_worker(self._fill_in_thread(shown), group=f"fill {shown.NAME}", exclusive=True)

    async def _fill_in_thread(self, shown: FindList) -> None:
        await shown.fill_in_thread()
        self._restore(shown)

    def _restore(self, shown: FindList) -> None:
        """Put the cursor where it was."""
        outline = shown.outline
        for row in [row for row in outline.rows if row.node.key in self.memory.opened]:
            outline.set_open(row.node, True)
        key = self.memory.cursors.pop(shown.NAME, "")
        if key:
            outline.reveal([key])

    def step_focus(self, by: int) -> None:
        """The next list, or the one before."""
        names = list(self.lists)
        self.show_list(names[(names.index(self.shown) + by) % len(names)])

    def on_tab_bar_chosen(self, event: TabBar.Chosen) -> None:
        """A list was clicked."""
        event.stop()
        self.show_list(next(name for name, title in TITLES.items() if title == event.name))

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """The facts follow the cursor."""
        event.stop()
        if event.outline is self.current.outline:
            self.show_facts()
            self.show_keys()

    def on_outline_edge_reached(self, event: Outline.EdgeReached) -> None:
        """There is nothing beside the lists."""
        event.stop()

    def show_facts(self) -> None:
        """All there is to know of what is under the cursor."""
        spot, node = self.current.spot, self.current.outline.node
        if node is not None and isinstance(node.data, SameFiles):
            self.facts.show(node.key, group_facts(node.data))
            return
        if spot is None or node is None:
            self.facts.show("", ())
            return
        digest = self.memory.digests.known.get((spot.layer, spot.path), "") if spot.layer is not None else ""
        self.facts.show(node.key, spot_facts(spot, self.stack, self.stacked, digest))

    # -- looking for paths ------------------------------------------------------------------------

    def begin_filter(self) -> None:
        """Let the user type what to look for."""
        if self.shown != "paths":
            self.show_list("paths")
        self.line.ask()

    def _typed(self, text: str) -> None:
        self._stop_pause()
        if text == self.paths.text:
            return
        if len(self.stacked) < MANY and not self.memory.everywhere:
            self._look_for_paths()
        else:
            self._pause = self.set_timer(PAUSE, self._look_for_paths)

    def _end_typing(self, _kept: bool) -> None:
        # What comes after Enter is meant for what was found: it can't wait for the pause, or for a thread.
        if self.line.value != self.paths.text or not self.paths.filled:
            self._stop_pause()
            self._look_for_paths(at_once=True)
        self.set_focus(self.current.outline)

    def _stop_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    def _look_for_paths(self, *, at_once: bool = False) -> None:
        """Look for what has been typed: here, or in all images."""
        self._stop_pause()
        self.paths.text = self.memory.text = self.line.value
        if self.memory.everywhere and self.others is not None and self.paths.text:
            self._begun, self._searched = time.monotonic(), (0, 0)
            self.paths.outline.empty = "searching…"
            self.run_worker(self._search(self.others, self.paths.text), group="search", exclusive=True)
            return
        self.workers.cancel_group(self, "search")
        self.paths.search = None
        if at_once or len(self.stacked) < MANY:
            self.paths.fill()
            self._restore(self.paths)
        else:
            self.run_worker(self._look_in_thread(self.paths.text), group="search", exclusive=True)

    async def _look_in_thread(self, text: str) -> None:
        nodes = await asyncio.to_thread(self.paths.look)
        if text == self.paths.text:
            self.paths.take(nodes)
            self._restore(self.paths)

    async def _search(self, others: OtherImages, text: str) -> None:
        ticks = self.set_interval(TICK, self._show_searching)
        try:
            search = await others.search(text, self._note_searched)
        finally:
            ticks.stop()
        self.paths.take_search(search)
        self._restore(self.paths)
        self.show_facts()

    def _note_searched(self, done: int, total: int) -> None:
        """Called in the thread that searches."""
        self._searched = (done, total)

    def _show_searching(self) -> None:
        self.paths.status.show(searching_words(*self._searched, time.monotonic() - self._begun))

    def toggle_everywhere(self) -> None:
        """Look for paths in all images, or only in this one."""
        self.memory.everywhere = not self.memory.everywhere
        self._look_for_paths()
        self.show_keys()
