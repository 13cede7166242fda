"""What takes up the engine's disk: one bar of everything, and each of its parts a door to its pane."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui import messages
from tui.commands.usage_commands import USAGE, UsageSituation
from tui.keeper import LinkState
from tui.model.host import DiskUsage
from tui.model.storage import StorageReport
from tui.model.usage_parts import DiskParts, Group, UsageGroup, disk_parts
from tui.present import figures
from tui.present.usage import (
    LogsUnreadSpot,
    bar_parts,
    column_titles,
    door_of,
    free_cells,
    legend,
    pointed_at,
    usage_nodes,
    usage_row,
)
from tui.present.usage_facts import usage_sections
from tui.screens.keyed_screen import key_bindings
from tui.screens.two_sided_screen import TwoSidedScreen
from widgets.cell import Cell, Role, RowText
from widgets.node import Node
from widgets.outline import Outline
from widgets.stacked_bar import StackedBar
from widgets.text_line import TextLine

if TYPE_CHECKING:
    # For annotations only: see TwoSidedScreen.
    from tui.screens.main_screen import MainScreen


class UsageScreen(TwoSidedScreen):
    """The disk usage. It is the desk of its commands.

    Args:
        main: the screen it is laid over.
        report: the last measurement of the engine's folders and logs; ``None`` when there is none.
    """

    CATALOGUE = USAGE
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(USAGE)
    DEFAULT_CSS = """
    UsageScreen.-narrow #facts { width: 1fr; }
    """

    def __init__(self, main: MainScreen, report: StorageReport | None = None) -> None:
        super().__init__(main)
        self.report = report
        self.bar = StackedBar(id="bar")
        self.columns = TextLine(id="columns")
        self.parts = DiskParts(())
        self._asked = False
        self._looked_with: DiskUsage | str | None = "nothing yet"
        """The engine's figures when the disk was looked at last."""

    def above(self) -> Iterable[Widget]:
        """The bar, and what stands above the columns."""
        return (self.bar, self.columns)

    def on_mount(self) -> None:
        """What has been read of images is told apart from the inventory."""
        super().on_mount()
        self.watch(self.main, "holdings_known", self.world_changed, init=False)
        self.watch(self.main, "sight", self.world_changed, init=False)

    @property
    def situation(self) -> UsageSituation:
        """Everything that which commands apply hangs on."""
        return UsageSituation(len(self.main.marks), cleaning=self.main.cleanup is not None)

    @property
    def spot(self) -> object:
        """What is highlighted."""
        return self.outline.node.data if self.outline.node is not None else None

    # -- what is shown ----------------------------------------------------------------------------

    def world_changed(self) -> None:
        """Add everything up anew, and have read what is not."""
        if not self.is_attached:
            return
        self.parts = disk_parts(self.inventory, self.main.holdings, self.report)
        sight = self.main.sight
        disk = sight.engine if sight is not None else None
        self.outline.replace(usage_nodes(self.parts, self.report.reason if self.report else "", disk))
        self._ask_for_unread()
        self._look_at_disk()
        self._show_title()
        self.row_changed()

    def _ask_for_unread(self) -> None:
        """Which layers are shared takes those of all images."""
        lost = self.main.link.state is LinkState.LOST
        if not self._asked and not lost and self.main.holdings.unread(self.inventory):
            self._asked = True
            self.post_message(messages.NeighboursRequested())
        elif lost:
            self._asked = False

    def _look_at_disk(self) -> None:
        """How full it is belongs beside the engine's figures: it is looked at whenever those are new."""
        if self._looked_with is not self.inventory.usage:
            self._looked_with = self.inventory.usage
            self.post_message(messages.DiskSightRequested())

    def _show_title(self) -> None:
        known = self.inventory.usage is not None
        least = "" if self.parts.complete else "≥ "
        amount = figures.exact_bytes(self.parts.total_bytes) if self.exact else figures.size(self.parts.total_bytes)
        total = f"{least}{amount}" if known else "reading sizes…"
        left = (Cell("─ ", Role.MUTED), Cell("Disk usage ", Role.STRONG), Cell(f"{total} ", Role.NUMBER))
        self.show_title((*left, *free_cells(self.main.sight, exact=self.exact)), (*legend(), Cell(" ─")))
        titles = column_titles(exact=self.exact)
        self.columns.show(titles.left, titles.right)

    def describe(self, node: Node) -> RowText:
        """A row of the disk usage."""
        return usage_row(node.data, self.parts, exact=self.exact)

    def row_changed(self) -> None:
        """The explanation and the pointer below the bar follow the cursor."""
        node = self.outline.node
        sections = usage_sections(self.spot, self.parts, self.inventory)
        self.facts.show(node.key if node else "", tuple(one for one in sections if one.title or one.facts))
        self.bar.show(bar_parts(self.parts), pointed_at(self.parts, self.spot))

    def toggle_exact(self) -> None:
        """Exact figures, or readable ones."""
        super().toggle_exact()
        self._show_title()

    # -- doors ------------------------------------------------------------------------------------

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: to the pane of what the row is about, or to the logs of the storage map."""
        event.stop()
        spot = event.node.data
        door = door_of(spot, self.inventory)
        if door is not None:
            self.leave_for(lambda: self.main.open_pane(door.pane, door.selection))
        elif isinstance(spot, LogsUnreadSpot) or (isinstance(spot, UsageGroup) and spot.group is Group.LOGS):
            self.show_storage_map()

    def show_candidates(self) -> None:
        """What could be marked, by rules."""
        self.leave_for(self.main.show_candidates)

    def show_plan(self) -> None:
        """What is marked, as a plan."""
        self.leave_for(self.main.show_plan)

    def show_storage_map(self) -> None:
        """Where the engine keeps everything."""
        self.leave_for(self.main.show_storage_map)
