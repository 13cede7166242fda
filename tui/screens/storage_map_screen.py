"""Where an engine keeps everything: its folders, logs and totals, and the commands to check them with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.timer import Timer
from textual.worker import Worker

from tui import messages
from tui.commands.storage_map import STORAGE_MAP, StorageMapSituation
from tui.engine.errors import EngineError
from tui.keeper import LinkState
from tui.keeper.measured_storage import MeasuredStorage
from tui.model.holdings import Holdings
from tui.model.storage_map import StorageMap, storage_map
from tui.present import figures
from tui.present.container_tree import container_path
from tui.present.reading import elapsed_text
from tui.present.storage_map import LogSpot, command_of, map_nodes, path_of
from tui.present.storage_map_facts import spot_sections
from tui.present.storage_map_rows import describe_spot
from tui.screens.keyed_screen import key_bindings
from tui.screens.two_sided_screen import TwoSidedScreen
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline

if TYPE_CHECKING:
    # For annotations only: see TwoSidedScreen.
    from tui.screens.main_screen import MainScreen

TICK = 0.25
"""Seconds between two looks at how far measuring, or reading images, has come."""


class StorageMapScreen(TwoSidedScreen):
    """The storage map. It is the desk of its commands.

    Args:
        main: the screen it is laid over.
        storage: measures folders and logs, and remembers what it has measured.
    """

    CATALOGUE = STORAGE_MAP
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(STORAGE_MAP)
    DEFAULT_CSS = """
    StorageMapScreen.-narrow #facts { width: 1fr; }
    """

    def __init__(self, main: MainScreen, storage: MeasuredStorage) -> None:
        super().__init__(main)
        self.storage = storage
        self.map: StorageMap | None = None
        self.outline.empty = "the engine has not said yet what it is…"
        self._measuring: Worker[None] | None = None
        self._began = 0.0
        self._read = -1
        self._ticking: Timer | None = None
        self._asked = False

    @property
    def situation(self) -> StorageMapSituation:
        """Everything that which commands apply hangs on."""
        spot = self.spot
        return StorageMapSituation(
            has_command=self.map is not None and bool(command_of(spot, self.map)),
            has_path=bool(path_of(spot)),
            measuring=self._measuring is not None,
            live=self.main.link.state is LinkState.LIVE,
        )

    @property
    def spot(self) -> object:
        """What is highlighted."""
        return self.outline.node.data if self.outline.node is not None else None

    # -- what is shown ----------------------------------------------------------------------------

    def world_changed(self) -> None:
        """Draw the map of what is known, and have read what is not."""
        if not self.is_attached:
            return
        details = self.main.image_details.images
        self._read = len(details)
        holdings = Holdings.of(details.values())
        self.map = storage_map(self.inventory, holdings, self.storage.report)
        if self.map is not None:
            self.outline.replace(map_nodes(self.map, measuring=self._measuring is not None))
        self._ask_for_unread(holdings)
        self._show_title()
        self.row_changed()

    def _ask_for_unread(self, holdings: Holdings) -> None:
        """What a prune would free takes the layers of all images."""
        unread = any(image_id not in holdings.layers for image_id in self.inventory.images_by_id)
        lost = self.main.link.state is LinkState.LOST
        if unread and not lost and not self._asked:
            self._asked = True
            self.post_message(messages.NeighboursRequested())
        if not unread or lost:
            self._asked = False
        self._tick_while(unread and not lost)

    def _tick_while(self, waiting: bool) -> None:
        waiting = waiting or self._measuring is not None
        if waiting and self._ticking is None:
            self._ticking = self.set_interval(TICK, self._tick)
        elif not waiting and self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def _tick(self) -> None:
        if len(self.main.image_details.images) != self._read:
            self.world_changed()
        else:
            self._show_title()

    def _show_title(self) -> None:
        self.show_title((Cell("─ ", Role.MUTED), Cell("Storage map ", Role.STRONG)), (*self._progress(), Cell("─")))

    def _progress(self) -> Line:
        """How far measuring has come, or how old the last measurement is."""
        if self._measuring is not None:
            told, passed = self.storage.progress, elapsed_text(time.monotonic() - self._began)
            done = f"{figures.size(told.done_bytes)} in {figures.count(told.entries, 'file')}, " if told else ""
            return (Cell(f" measuring: {done}{passed}, Esc stops it ", Role.WARNING),)
        if self.storage.taken is not None:
            return (Cell(f" measured {figures.age(self.storage.taken)} ", Role.MUTED),)
        return (Cell(" not measured ", Role.MUTED),)

    def describe(self, node: Node) -> RowText:
        """A row of the map."""
        return describe_spot(node.data, self.map, exact=self.exact) if self.map is not None else RowText(())

    def row_changed(self) -> None:
        """The explanation follows the cursor."""
        node = self.outline.node
        if node is None or self.map is None:
            self.facts.show("", ())
        else:
            sections = [section for section in spot_sections(node.data, self.map) if section.title or section.facts]
            self.facts.show(node.key, tuple(sections))

    # -- measuring --------------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure folders and logs."""
        if self._measuring is None:
            self._began = time.monotonic()
            self._measuring = self.run_worker(self._measure(), group="measuring", exit_on_error=False)
            self.world_changed()
            self.show_keys()

    async def _measure(self) -> None:
        try:
            await self.storage.measure()
        except EngineError as error:
            self.say(str(error), Role.BAD)
        finally:
            self._measuring = None
            if self.is_attached:
                self.world_changed()
                self.show_keys()

    def clear(self) -> None:
        """Escape: stop measuring, back to the outline, or to the main screen."""
        if self._measuring is not None:
            self._measuring.cancel()
            self.say("Stopped measuring.")
        else:
            super().clear()

    # -- what the user does -----------------------------------------------------------------------

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: open or close, go to a log's container, or to the explanation."""
        event.stop()
        data = event.node.data
        if isinstance(data, LogSpot) and data.log.container is not None:
            self.jump(("containers", container_path(data.log.container)))
        elif not event.node.leaf:
            self.outline.set_open(event.node, not self.outline.is_open(event.node))
        else:
            self.set_focus(self.facts)

    def copy_command(self) -> None:
        """The command that checks the row."""
        self.copy(command_of(self.spot, self.map) if self.map is not None else "")

    def copy_path(self) -> None:
        """The path of the row."""
        self.copy(path_of(self.spot))
