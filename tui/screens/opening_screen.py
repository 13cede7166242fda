"""A screen that has to read before it can show anything: it says how far that has come, and stops when told to."""

from __future__ import annotations

from time import monotonic

from textual.timer import Timer
from textual.worker import Worker

from tui.contents.source import FileSource, FileStack
from tui.model.storage import Reading
from tui.present.reading import reading_lines
from tui.screens.dialog import Words
from tui.screens.keyed_screen import KeyedScreen
from tui.told_error import ToldError
from widgets.cell import Cell, Line, Role

_TICK = 0.25
"""Seconds from one look at how far the reading has come to the next."""


class OpeningScreen(KeyedScreen):
    """Reads a source, in words; Escape really stops it. Subclasses show what was read.

    Args:
        source: what is read.
    """

    DEFAULT_CSS = """
    OpeningScreen #opening { display: none; height: 1fr; padding: 2 4; }
    OpeningScreen.-opening #opening { display: block; }
    """

    def __init__(self, source: FileSource) -> None:
        super().__init__()
        self.source = source
        self.opening = Words()
        self.opening.id = "opening"
        self._reading: Reading | None = None
        self._begun = 0.0
        self._worker: Worker[None] | None = None
        self._ticks: Timer | None = None

    async def take_stack(self, stack: FileStack) -> None:
        """Show what was read. It may take its time, in threads."""
        raise NotImplementedError

    def open_source(self) -> None:
        """Read everything, from the beginning."""
        self.stop_opening()
        self._reading, self._begun = None, monotonic()
        self.add_class("-opening")
        # What comes from the cache is there before anybody could read this: no words for the first moment.
        self.opening.show(())
        self._ticks = self.set_interval(_TICK, self._show_progress)
        self._worker = self.run_worker(self._open(), group="open", exclusive=True)
        self.show_keys()

    @property
    def is_opening(self) -> bool:
        """True while it is being read."""
        return self._worker is not None and self._worker.is_running

    def stop_opening(self) -> None:
        """Stop reading, if anything is being read."""
        self._stop_ticks()
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None

    def _stop_ticks(self) -> None:
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None

    def _note(self, reading: Reading) -> None:
        """Called in whichever thread reads: the next tick looks at it."""
        self._reading = reading

    async def _open(self) -> None:
        try:
            stack = await self.source.open(self._note)
            await self.take_stack(stack)
        except ToldError as error:
            self._stop_ticks()
            self.tell_problem(error)
        else:
            self._stop_ticks()
            self.remove_class("-opening")

    def tell_problem(self, error: ToldError) -> None:
        """Say why there is nothing to show."""
        self.opening.show(self._problem_lines(error))

    def _show_progress(self) -> None:
        lines: list[Line] = [
            (Cell(f"Reading what lies in {self.source.kind} "), Cell(self.source.title, Role.STRONG)),
            (),
            *reading_lines(self._reading, monotonic() - self._begun),
            (),
            (Cell("Esc", Role.ACCENT), Cell(" stops it and goes back.", Role.MUTED)),
        ]
        if tuple(lines) != self.opening.lines:
            self.opening.show(lines)

    def _problem_lines(self, error: ToldError) -> tuple[Line, ...]:
        return (
            (Cell(f"What lies in {self.source.kind} "), Cell(self.source.title, Role.STRONG), Cell(" can't be shown.")),
            (),
            (Cell(error.message, Role.BAD),),
            *(((Cell(error.next_step),),) if error.next_step else ()),
            (),
            (
                Cell("r", Role.ACCENT),
                Cell(" tries again, ", Role.MUTED),
                Cell("Esc", Role.ACCENT),
                Cell(" goes back.", Role.MUTED),
            ),
        )
