"""Looking for files in layers: by path, the biggest, the same ones twice, those with special rights."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.timer import Timer
from textual.worker import Worker

from tui import messages
from tui.commands.find_commands import FIND, FindSituation
from tui.contents.other_images import OtherImages
from tui.contents.source import FileSource, FileStack
from tui.model.file_search import SameFiles
from tui.model.layer_files import WITH_BODY, Kind
from tui.present.files import KIND_WORDS, path_text, shown_path
from tui.present.find import FoundSpot, comparing_words
from tui.screens.find_memory import FindMemory, layer_to_read
from tui.screens.keyed_screen import key_bindings
from tui.screens.lists_screen import TICK, ListsScreen
from tui.told_error import ToldError
from widgets.cell import Role
from widgets.outline import Outline


class FindScreen(ListsScreen):
    """Four lists of files. It is the desk of its commands.

    Args:
        source: what is looked through.
        stack: its layers.
        memory: where the user was before, for these layers.
        go_to: shows a path as a layer leaves it on the screen below; False when it isn't there.
        others: all layers that have been read, of other images too; ``None`` when there can be no others.
    """

    BINDINGS: ClassVar[list[BindingType]] = key_bindings(FIND)

    def __init__(
        self,
        source: FileSource,
        stack: FileStack,
        memory: FindMemory,
        go_to: Callable[[int, str], bool],
        others: OtherImages | None = None,
    ) -> None:
        super().__init__(source, stack, memory, others)
        self._go_to = go_to
        self._reading: Worker[None] | None = None
        self._queued: set[int] = set()
        """Groups to be read when those that are read now are done: by the size of their files."""
        self._reading_begun = 0.0
        self._ticks: Timer | None = None

    @property
    def situation(self) -> FindSituation:
        """Everything that which commands apply hangs on."""
        return FindSituation(
            shown=self.shown,
            on_file=self.current.spot is not None,
            reading=self.is_reading,
            everywhere=self.memory.everywhere,
            has_others=self.others is not None,
        )

    # -- comparing contents -----------------------------------------------------------------------

    @property
    def is_reading(self) -> bool:
        """True while files are read for their digests."""
        return self._reading is not None and self._reading.is_running

    def compare_contents(self, *, everything: bool) -> None:
        """Read the files of the group under the cursor, or of all groups."""
        found, group = self.duplicates.found, self.duplicates.group
        groups = list(found.groups) if everything and found is not None else [group] if group is not None else []
        groups = [one for one in groups if not one.digest]
        if self.is_reading:
            self._queued.update(one.size_bytes for one in groups)
            what = "All groups come" if everything else "This group comes"
            self.say(f"{what} after the one that is being read; Esc stops both.")
        elif not groups:
            self.say("Their contents have been compared: these are the same.")
        else:
            self._queued.clear()
            self._reading_begun = time.monotonic()
            self._ticks = self.set_interval(TICK, self._show_reading)
            self._reading = self.run_worker(self._compare(groups), group="digests")

    async def _compare(self, groups: list[SameFiles]) -> None:
        try:
            while groups:
                await self.memory.digests.read(groups, self._group_done)
                found, queued = self.duplicates.found, self._queued
                groups = [one for one in found.groups if not one.digest and one.size_bytes in queued] if found else []
                self._queued = set()
        except ToldError as error:
            self.say(str(error), Role.BAD)
        finally:
            if self._ticks is not None:
                self._ticks.stop()
            self.duplicates.progress = ()
            if self.is_attached:
                self.duplicates.show_words()

    async def _group_done(self, group: SameFiles) -> None:
        """Show what came of a group; the cursor stays with what is left of it."""
        shown = self.duplicates
        nodes = await asyncio.to_thread(shown.look)
        here = shown.group is not None and shown.group.size_bytes == group.size_bytes
        shown.take(nodes)
        alike = [one for one in shown.found.groups if one.size_bytes == group.size_bytes] if shown.found else []
        if here and not shown.reveal_size(group.size_bytes):
            all_of_them = "Both" if len(group.files) == 2 else f"All {len(group.files)}"
            self.say(f"{all_of_them} differ: no file of this size is there twice.", Role.GOOD)
        elif here and sum(len(one.files) for one in alike) < len(group.files):
            self.say("Some of them differ; those that are listed are the same.")
        self.show_facts()

    def _show_reading(self) -> None:
        digests = self.memory.digests
        words = comparing_words(digests.done, digests.total, digests.reading, time.monotonic() - self._reading_begun)
        self.duplicates.progress = words
        self.duplicates.show_words()

    def cycle_least(self) -> None:
        """Leave out files below the next size."""
        self.duplicates.cycle_least()
        self.memory.least_bytes = self.duplicates.least_bytes
        self.fill(self.duplicates)

    # -- what the user does -----------------------------------------------------------------------

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: open or close a group, or go to the file."""
        event.stop()
        if not event.node.leaf:
            event.outline.set_open(event.node, not event.outline.is_open(event.node))
        elif isinstance(event.node.data, FoundSpot):
            self._go(event.node.data)

    def _go(self, spot: FoundSpot) -> None:
        """To the file in the tree below, or in that of another image over this one."""
        if self._gone:
            return
        if spot.layer is not None:
            if self._go_to(spot.layer, spot.path):
                self.go_back()
            else:
                self.say(f"Layer {spot.layer + 1} deletes {shown_path(spot.path)}, which no layer below has.")
        elif spot.holders:
            holder = spot.holders[0]
            wish = messages.FilesRequested("image", holder.image_id, holder.layer, holder.title, spot.path)
            self.post_message(wish)
        else:
            self.say("No image here has that layer any more: only what lay in it is still known.", Role.WARNING)

    def view_file(self) -> None:
        """Show what is in the file."""
        spot = self.current.spot
        if spot is None:
            return
        where = self._where_to_read(spot)
        if spot.entry is None:
            self.say("The layer deletes it: there is nothing to look at.")
        elif spot.entry.kind not in WITH_BODY:
            self.say(f"This is a {KIND_WORDS[spot.entry.kind]}: there is nothing in it to look at.")
        elif where is None:
            self.say("No image here has that layer any more: it can't be read.", Role.WARNING)
        else:
            from tui.screens.file_dialog import FileDialog  # noqa: PLC0415 - most never look into one

            size = spot.entry.size_bytes if spot.entry.kind is Kind.FILE else None
            self.app.push_screen(FileDialog(*where, spot.entry, size))

    def _where_to_read(self, spot: FoundSpot) -> tuple[FileSource, int] | None:
        if spot.layer is not None:
            return self.source, layer_to_read(self.source, self.stacked, spot.layer, spot.path)
        if spot.holders and self.others is not None:
            return self.others.source(spot.holders[0]), spot.holders[0].layer
        return None

    def copy_path(self) -> None:
        """Copy the path."""
        spot = self.current.spot
        self.copy(path_text(spot.path) if spot is not None else "")

    def toggle_exact(self) -> None:
        """Exact figures, or readable ones."""
        exact = not self.current.exact
        for one in self.lists.values():
            one.set_exact(exact=exact)
        self.say("Exact figures; x shows readable ones again." if exact else "Readable figures.")

    def clear(self) -> None:
        """Escape: stop what is being read, or go back."""
        if self.is_reading and self._reading is not None:
            self._reading.cancel()
            self.say("Stopped reading; what was compared stays.")
        else:
            self.go_back()

    def go_back(self) -> None:
        """Remember where the user is, stop what is being read, and leave."""
        for name, one in self.lists.items():
            if one.outline.node is not None:
                self.memory.cursors[name] = one.outline.node.key
        outline = self.duplicates.outline
        self.memory.opened = frozenset(row.node.key for row in outline.rows if outline.is_open(row.node))
        super().go_back()
