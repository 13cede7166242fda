"""Asks where on this machine a file is to be written, and writes it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from tui.contents.extraction import extract, safe_name
from tui.contents.source import FileSource
from tui.locations import typed_path, working_folder
from tui.model.layer_files import Entry
from tui.model.storage import Reading
from tui.present import figures
from tui.present.files import mode_text, shown_path
from tui.present.reading import reading_lines
from tui.screens.dialog import Dialog, Field, Words
from tui.told_error import ToldError
from widgets.cell import Cell, Line, Role
from widgets.literal import literal
from widgets.push_button import PushButton
from widgets.tick_box import TickBox

_TICK = 0.25


class WriteDialog(Dialog):
    """A destination, whether to overwrite, and then how far it is.

    Args:
        source: where the file comes from.
        layer: which layer's copy of it.
        entry: what is known of it.
        size_bytes: how big it is; ``None`` when that isn't known.
        on_done: told in one sentence what was written where.
    """

    DEFAULT_CSS = """
    WriteDialog Input { height: 1; border: none; padding: 0 1; background: $background; margin-bottom: 1; }
    WriteDialog #problem { margin-top: 1; }
    """
    AUTO_FOCUS = "Field"

    def __init__(
        self,
        source: FileSource,
        layer: int,
        entry: Entry,
        size_bytes: int | None,
        on_done: Callable[[str, Role], None],
    ) -> None:
        super().__init__()
        self.source = source
        self.layer_number = layer
        self.entry = entry
        self.size_bytes = size_bytes
        self._on_done = on_done
        self._destination = Field(
            str(working_folder() / safe_name(entry.path)), id="destination", on_enter=lambda _field: self._begin()
        )
        self._overwrite = TickBox("overwrite what is there", id="overwrite")
        self._problem = Words()
        self._problem.id = "problem"
        self._reading: Reading | None = None
        self._begun = 0.0
        self._worker: Worker[None] | None = None
        self._ticks: Timer | None = None

    def title_line(self) -> Line:
        """Which file."""
        return (Cell("Write out ", Role.STRONG), Cell(shown_path(self.entry.path), Role.ACCENT))

    def body(self) -> Iterable[Widget]:
        """What becomes of it, where to, and whether over something else."""
        size = "" if self.size_bytes is None else f"{figures.size(self.size_bytes)}, "
        yield Words(
            (
                (
                    Cell(f"{size}{mode_text(self.entry)} in layer {self.layer_number + 1}; ", Role.MUTED),
                    Cell("written as -rw-r--r--, and yours.", Role.MUTED),
                ),
                (),
                (Cell("Destination on this machine", Role.MUTED),),
            )
        )
        yield self._destination
        yield self._overwrite
        yield self._problem

    def buttons(self) -> Iterable[PushButton]:
        """Cancel or write."""
        yield PushButton("Cancel", id="cancel")
        yield PushButton("Write", id="go")

    def chosen(self, button_id: str) -> None:
        """Write."""
        self._begin()

    def leave(self) -> bool:
        """Stop writing and close: what is not whole is not kept."""
        if self._worker is not None:
            self._worker.cancel()
        self._stop_ticks()
        return super().leave()

    def _begin(self) -> None:
        """Begin to write, unless that is being done."""
        if self._left or (self._worker is not None and self._worker.is_running):
            return
        text = self._destination.value.strip()
        if not text:
            self._complain("Type where the file is to go.")
            return
        self._reading, self._begun = None, time.monotonic()
        self._problem.show(())
        self._ticks = self.set_interval(_TICK, self._show_progress)
        self._worker = self.run_worker(self._write(text), group="write")

    async def _write(self, text: str) -> None:
        destination = typed_path(text)
        try:
            written = await extract(
                self.source,
                self.layer_number,
                self.entry.path,
                destination,
                overwrite=self._overwrite.ticked,
                # A container may go on writing: of its files nobody knows how long they will be.
                expected_bytes=None if self.source.kind == "container" else self.size_bytes,
                on_reading=self._note,
            )
        except ToldError as error:
            self._complain(str(error))
        else:
            self._on_done(f"Wrote {figures.size(written)} to {literal(str(destination))}", Role.GOOD)
            super().leave()
        finally:
            self._stop_ticks()

    def _note(self, reading: Reading) -> None:
        """Called in whichever thread reads: the next tick looks at it."""
        self._reading = reading

    def _show_progress(self) -> None:
        lines = reading_lines(self._reading, time.monotonic() - self._begun)
        if lines != self._problem.lines:
            self._problem.show(lines)

    def _stop_ticks(self) -> None:
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None

    def _complain(self, sentence: str) -> None:
        self._stop_ticks()
        self._problem.show(((Cell(sentence, Role.BAD),),))
