"""The four lists of the Find screen: each looks for its own, and shows what it has found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.contents.source import FileStack
from tui.model.file_search import (
    SameFiles,
    SameFilesSearch,
    StoredFile,
    biggest,
    find_paths,
    same_size_groups,
    setuid_files,
)
from tui.model.file_stack import StackedFiles
from tui.model.known_paths import KnownPath, KnownSearch
from tui.model.layer_files import Kind
from tui.present.find import (
    FoundSpot,
    biggest_words,
    duplicates_words,
    entry_in,
    group_heads,
    group_row,
    paths_words,
    setuid_words,
    spot_heads,
    spot_row,
)
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline
from widgets.text_line import TextLine

MANY = 5_000
"""Paths from which on looking is done in a thread."""
MOST_PATHS = 5_000
"""So many places are listed."""
MOST_FILES = 1_000
"""So many big files are listed."""
LEAST_BYTES = (10_000, 100_000, 1_000_000, 1)
"""Sizes below which files are left out of the duplicates, in turn."""


class FindList(Vertical):
    """Column heads, rows, and what was looked for.

    Args:
        stack: the layers.
        stacked: the same, on each other.
    """

    NAME: ClassVar[str]

    def __init__(self, stack: FileStack, stacked: StackedFiles) -> None:
        super().__init__(id=f"list-{self.NAME}")
        self.stack = stack
        self.stacked = stacked
        self.exact = False
        self.filled = False
        """True once it has looked."""
        self.heads = TextLine()
        self.outline = Outline(self._describe)
        self.status = TextLine()

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield self.heads
        yield self.outline
        yield self.status

    # -- for subclasses ---------------------------------------------------------------------------

    def look(self) -> Sequence[Node]:
        """Look for what it lists. Blocking; may be called in a thread."""
        raise NotImplementedError

    def words(self) -> Line:
        """What was looked for, below the rows."""
        raise NotImplementedError

    def left_head(self) -> str:
        """What the rows are."""
        return "path"

    def right_heads(self) -> Line:
        """What the columns are."""
        return spot_heads(width=self._width, exact=self.exact)

    # -- showing ----------------------------------------------------------------------------------

    @property
    def spot(self) -> FoundSpot | None:
        """The place under the cursor."""
        node = self.outline.node
        return node.data if node is not None and isinstance(node.data, FoundSpot) else None

    @property
    def _width(self) -> int:
        return self.outline.scrollable_content_region.width

    def fill(self) -> None:
        """Look at once, and show what is found."""
        self.take(self.look())

    async def fill_in_thread(self) -> None:
        """The same without holding anybody up."""
        self.outline.empty = "looking…"
        self.take(await asyncio.to_thread(self.look))

    def take(self, nodes: Sequence[Node]) -> None:
        """Show what was found; the cursor stays where it is, by key."""
        self.filled = True
        self.outline.empty = "nothing found"
        self.outline.replace(nodes)
        self.show_words()

    def show_words(self) -> None:
        """Heads and status."""
        self.heads.show((Cell(f"    {self.left_head()}", Role.MUTED),), self.right_heads())
        self.status.show((Cell(" "), *self.words()))

    def set_exact(self, *, exact: bool) -> None:
        """Exact figures, or readable ones."""
        self.exact = exact
        self.outline.refresh()
        self.show_words()

    def on_resize(self) -> None:
        """Other columns, perhaps."""
        self.call_after_refresh(self.show_words)

    def _describe(self, node: Node) -> RowText:
        if isinstance(node.data, FoundSpot):
            return spot_row(node.data, self.stacked, width=self._width, exact=self.exact)
        if isinstance(node.data, SameFiles):
            return group_row(node.data, exact=self.exact)
        return RowText(())

    def _stored_spot(self, file: StoredFile) -> FoundSpot:
        entry = entry_in(self.stack.files[file.layer], file.path)
        if entry is not None and entry.kind is Kind.HARD_LINK:
            # The name the file was stored under is gone, and this one keeps its body: the bytes stand here, or nowhere.
            entry = entry._replace(size_bytes=file.size_bytes)
        return FoundSpot(file.path, entry, file.layer, wasted=file.wasted)


class PathsList(FindList):
    """Where a part of a path, or a glob, is found."""

    NAME = "paths"

    def __init__(self, stack: FileStack, stacked: StackedFiles, title: str) -> None:
        super().__init__(stack, stacked)
        self._title = title
        self.text = ""
        """What to look for."""
        self.search: KnownSearch | None = None
        """What was found in all images; ``None`` while only this one is looked through."""
        self.cut_off = False

    def look(self) -> Sequence[Node]:
        """In every layer of this stack."""
        if not self.text:
            return ()
        layers = [(str(number), f"layer {number}", files) for number, files in enumerate(self.stack.files)]
        found = list(islice(find_paths(layers, self.text), MOST_PATHS + 1))
        self.cut_off = len(found) > MOST_PATHS
        return [_spot_node(FoundSpot(one.path, one.entry, int(one.name))) for one in found[:MOST_PATHS]]

    def take_search(self, search: KnownSearch) -> None:
        """Show what was found in all images."""
        self.search, self.cut_off = search, search.cut_off
        numbers = {layer.diff_id: layer.index for layer in self.stack.layers if layer.diff_id}
        self.take([_spot_node(self._known_spot(one, numbers)) for one in search.found])

    def _known_spot(self, known: KnownPath, numbers: Mapping[str, int]) -> FoundSpot:
        # Of several images that have the layer, this one is where Enter leads.
        holders = tuple(sorted(known.holders, key=lambda holder: holder.title != self._title))
        found = known.found
        return FoundSpot(found.path, found.entry, numbers.get(found.diff_id), diff_id=found.diff_id, holders=holders)

    def words(self) -> Line:
        """How much was found, and where."""
        return paths_words(self.text, len(self.outline.rows), self.search, cut_off=self.cut_off)

    def right_heads(self) -> Line:
        """In all images, which one."""
        return spot_heads(width=self._width, exact=self.exact, elsewhere=self.search is not None)


class BiggestList(FindList):
    """The biggest files that layers store."""

    NAME = "biggest"

    def look(self) -> Sequence[Node]:
        """In every layer."""
        return [_spot_node(self._stored_spot(file)) for file in biggest(self.stacked, MOST_FILES)]

    def words(self) -> Line:
        """How many."""
        shown = len(self.outline.rows)
        return biggest_words(shown, all_of_them=shown < MOST_FILES)


class SetuidList(FindList):
    """Files that run with their owner's or group's rights."""

    NAME = "setuid"

    def look(self) -> Sequence[Node]:
        """In the final filesystem."""
        return [_spot_node(FoundSpot(one.entry.path, one.entry, one.layer)) for one in setuid_files(self.stacked)]

    def words(self) -> Line:
        """What they are."""
        return setuid_words(len(self.outline.rows))


class DuplicatesList(FindList):
    """Files that are, or may be, the same.

    Args:
        digests: (layer, path) -> digest, of the files that have been read; looked at each time it looks.
        least_bytes: smaller files are left out.
    """

    NAME = "duplicates"

    def __init__(
        self,
        stack: FileStack,
        stacked: StackedFiles,
        digests: Callable[[], Mapping[tuple[int, str], str]],
        least_bytes: int = LEAST_BYTES[0],
    ) -> None:
        super().__init__(stack, stacked)
        self._digests = digests
        self.least_bytes = least_bytes
        self.found: SameFilesSearch | None = None
        self.progress: Line = ()
        """How far a reading has come, in place of what was compared."""

    def look(self) -> Sequence[Node]:
        """In the final filesystem."""
        digests = dict(self._digests())
        self.found = same_size_groups(self.stacked, self.least_bytes, digests)
        return [self._group_node(group) for group in self.found.groups]

    def _group_node(self, group: SameFiles) -> Node:
        return Node(f"{group.size_bytes} {group.digest}", group, grow=partial(self._file_nodes, group))

    def _file_nodes(self, group: SameFiles) -> tuple[Node, ...]:
        return tuple(
            Node(f"{group.size_bytes} {file.layer} {file.path}", self._stored_spot(file)) for file in group.files
        )

    @property
    def group(self) -> SameFiles | None:
        """The group under the cursor, or that of the file under it."""
        outline = self.outline
        nodes = [outline.node, *outline.nodes_above(outline.cursor)] if outline.node is not None else []
        return next((node.data for node in nodes if node is not None and isinstance(node.data, SameFiles)), None)

    def reveal_size(self, size_bytes: int) -> bool:
        """Put the cursor on the first group of files of this size; False when none is left."""
        for number, row in enumerate(self.outline.rows):
            if isinstance(row.node.data, SameFiles) and row.node.data.size_bytes == size_bytes:
                self.outline.move_to(number)
                return True
        return False

    def cycle_least(self) -> None:
        """Leave out files below the next size."""
        at = LEAST_BYTES.index(self.least_bytes) if self.least_bytes in LEAST_BYTES else 0
        self.least_bytes = LEAST_BYTES[(at + 1) % len(LEAST_BYTES)]

    def left_head(self) -> str:
        """What the rows are."""
        return "files of the same size"

    def right_heads(self) -> Line:
        """What the column is."""
        return group_heads(exact=self.exact)

    def words(self) -> Line:
        """What was compared, or how far comparing has come."""
        if self.progress:
            return self.progress
        return duplicates_words(self.found, len(self._digests())) if self.found is not None else ()


def _spot_node(spot: FoundSpot) -> Node:
    sign = "−" if spot.entry is None else "+"
    return Node(f"{sign} {spot.diff_id or spot.layer} {spot.path}", spot)
