"""What orlop has removed before, and how to get it back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from tui.cleaning.backup import BackupFolder
from tui.cleaning.history import History, read_history
from tui.cleaning.journal import Journal
from tui.cleaning.part_file import LeftPart
from tui.cleaning.restoring import free_name, restore
from tui.commands.history_commands import HISTORY, HistorySituation
from tui.engine.errors import EngineError
from tui.engine.port import Engine
from tui.keeper import LinkState
from tui.model.journal_record import StepRecord
from tui.model.mark import Kind
from tui.model.storage import Reading
from tui.present.figures import count, size
from tui.present.history import (
    RecordSpot,
    history_nodes,
    history_row,
    history_sections,
    journal_words,
    left_words,
    lost_name,
    seconds_to_another_age,
    ways_back,
)
from tui.screens.dialog import Words
from tui.screens.keyed_screen import key_bindings
from tui.screens.restore_dialog import RestoreDialog
from tui.screens.two_sided_screen import TwoSidedScreen
from tui.told_error import ToldError
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline

if TYPE_CHECKING:
    # For annotations only: see TwoSidedScreen.
    from tui.screens.main_screen import MainScreen

TICK = 0.25
"""Seconds between two looks at how far a restoring has come."""


class HistoryScreen(TwoSidedScreen):
    """The journal as a tree. It is the desk of its commands.

    Args:
        main: the screen it is laid over.
        engine: where volumes are put back.
        journal: what is shown, and where it is written down that a volume was put back.
        backups: where backups are; what an orlop that was killed has left there is told of.
    """

    CATALOGUE = HISTORY
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(HISTORY)
    DEFAULT_CSS = """
    HistoryScreen {
        &.-narrow #facts { width: 1fr; }
        #where { background: $panel; padding: 0 1; max-height: 4; }
    }
    """

    def __init__(self, main: MainScreen, engine: Engine, journal: Journal, backups: BackupFolder) -> None:
        super().__init__(main)
        self.engine = engine
        self.journal = journal
        self.backups = backups
        self.history: History | None = None
        """What the journal tells; ``None`` until it has been read."""
        self.outline.empty = "reading the journal…"
        self._where = Words()
        self._where.id = "where"
        self._restoring: Worker[None] | None = None
        self._told: Reading | None = None
        self._ticking: Timer | None = None
        self._left: tuple[LeftPart, ...] = ()
        self._aging: Timer | None = None

    def below(self) -> Iterable[Widget]:
        """Where the journal lies."""
        return (self._where,)

    def on_mount(self) -> None:
        """Read the journal, and again whenever a cleanup has written to it."""
        self.watch(self.main, "cleanup", self._cleanup_changed, init=False)
        self.read_again()

    @property
    def situation(self) -> HistorySituation:
        """Everything that which commands apply hangs on."""
        record = self.record
        live = self.main.link.state is LinkState.LIVE
        return HistorySituation(
            ways_back=bool(ways_back(self.spot)),
            backup=record is not None and record.lost.kind is Kind.VOLUME and bool(record.lost.backup_path),
            may_restore=live and not self.main.read_only and self._restoring is None,
        )

    @property
    def spot(self) -> object:
        """What is highlighted."""
        return self.outline.node.data if self.outline.node is not None else None

    @property
    def record(self) -> StepRecord | None:
        """The step that is highlighted."""
        return self.spot.record if isinstance(self.spot, RecordSpot) else None

    # -- reading ----------------------------------------------------------------------------------

    def read_again(self) -> None:
        """Read the journal again."""
        self.run_worker(self._read(), group="journal", exclusive=True, exit_on_error=False)

    async def _read(self) -> None:
        self.history = await read_history(self.journal.path)
        self._left = await self.backups.left()
        if self.is_attached:
            self._draw()

    def _cleanup_changed(self) -> None:
        progress = self.main.cleanup
        if progress is not None and progress.over and not progress.measuring:
            self.read_again()

    def refresh_world(self) -> None:
        """Read everything again, and the journal, too."""
        super().refresh_world()
        self.read_again()

    # -- what is shown ----------------------------------------------------------------------------

    def world_changed(self) -> None:
        """The journal does not hang on the world."""
        self._show_title()

    def _draw(self) -> None:
        if self.history is None:
            return
        self.outline.empty = "nothing has been removed yet"
        self.outline.replace(history_nodes(self.history.sessions))
        path = str(self.journal.path or "")
        left = left_words([(one.path.name, one.size_bytes) for one in self._left])
        self._where.show(journal_words(path, len(self.history.sessions), (*self.history.problems, *left)))
        self._age_later()
        self._show_title()
        self.row_changed()
        self.show_keys()

    def _age_later(self) -> None:
        """Say ages anew as soon as the newest one reads differently, and no sooner."""
        if self._aging is not None:
            self._aging.stop()
            self._aging = None
        if self.history is not None and self.history.sessions:
            wait = seconds_to_another_age(self.history.sessions[0].time)
            self._aging = self.set_timer(wait, self._age, name="ages")

    def _age(self) -> None:
        self._aging = None
        self.outline.refresh()
        self.row_changed()
        self._age_later()

    def _show_title(self) -> None:
        self.show_title((Cell("─ ", Role.MUTED), Cell("History ", Role.STRONG)), (*self._progress(), Cell("─")))

    def _progress(self) -> Line:
        """How far putting a volume back has come."""
        if self._restoring is None:
            return ()
        told = self._told
        whole = f" of {size(told.total_bytes)}" if told is not None and told.total_bytes else ""
        done = f": {size(told.done_bytes)}{whole}" if told is not None else "…"
        return (Cell(f" restoring{done}, Esc stops it ", Role.WARNING),)

    def describe(self, node: Node) -> RowText:
        """A row of the history."""
        return history_row(node.data, exact=self.exact)

    def row_changed(self) -> None:
        """The explanation follows the cursor."""
        node = self.outline.node
        self.facts.show(node.key if node is not None else "", history_sections(self.spot))

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: open or close a session, or go to the explanation."""
        event.stop()
        if event.node.leaf:
            self.set_focus(self.facts)
        else:
            self.outline.set_open(event.node, not self.outline.is_open(event.node))

    # -- putting back -----------------------------------------------------------------------------

    def restore_here(self) -> None:
        """Find a free name, and ask."""
        spot = self.spot
        if isinstance(spot, RecordSpot):
            self.run_worker(self._ask(spot), group="asking", exclusive=True, exit_on_error=False)

    async def _ask(self, spot: RecordSpot) -> None:
        lost = spot.record.lost
        try:
            name = await free_name(self.engine, lost.id)
        except EngineError as error:
            self.say(str(error), Role.BAD)
            return
        if self.app.screen is self:
            self.app.push_screen(RestoreDialog(lost, name, lambda chosen: self._begin(spot, chosen)))

    def _begin(self, spot: RecordSpot, name: str) -> None:
        if self._restoring is None:
            self._told = None
            self._ticking = self.set_interval(TICK, self._show_title)
            self._restoring = self.run_worker(self._restore(spot, name), group="restoring", exit_on_error=False)
            self._show_title()

    async def _restore(self, spot: RecordSpot, name: str) -> None:
        try:
            await restore(self.engine, spot.record, spot.session, name, self.journal, on_reading=self._take_reading)
        except ToldError as error:
            self.say(str(error), Role.BAD)
            self.read_again()
        except asyncio.CancelledError:
            self.say("Stopped restoring: nothing of it stays.")
            raise
        else:
            self.say(f"Volume {lost_name(spot.record.lost)} is back as {name}.", Role.GOOD)
            self.read_again()
        finally:
            self._restoring = None
            if self._ticking is not None:
                self._ticking.stop()
            if self.is_attached:
                self._show_title()
                self.row_changed()

    def _take_reading(self, reading: Reading) -> None:
        # Called in the thread that reads; it is only looked at when the next tick comes.
        self._told = reading

    def clear(self) -> None:
        """Escape: stop restoring, back to the outline, or to the main screen."""
        if self._restoring is not None:
            self._restoring.cancel()
            self.say("Stopping; what is there of it already is taken away again.")
        else:
            super().clear()

    # -- copying ----------------------------------------------------------------------------------

    def copy_ways_back(self) -> None:
        """The commands that bring it back."""
        commands = ways_back(self.spot)
        self.copy("\n".join(commands))
        if len(commands) > 1:
            self.say(f"Copied {count(len(commands), 'docker command')}, a line each", Role.GOOD)

    def copy_backup_path(self) -> None:
        """Where the backup lies."""
        if self.record is not None:
            self.copy(self.record.lost.backup_path)
