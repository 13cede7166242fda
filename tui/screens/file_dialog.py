"""What is in a file: its text, or its bytes in hex, from the beginning as far as is good for a screen."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.worker import Worker

from tui.contents.source import FileSource
from tui.model.layer_files import Entry
from tui.model.storage import Reading
from tui.present import figures
from tui.present.file_page import Page, hex_page, page_of
from tui.present.files import mode_text, owner_text, shown_path
from tui.present.footer import key_line
from tui.present.reading import reading_lines
from tui.screens.dialog import Words
from tui.told_error import ToldError
from widgets.cell import Cell, Line, Role
from widgets.page_view import PageView
from widgets.text_line import TextLine

MOST_BYTES = 256_000
"""So much of a file is read to be looked at."""
_TICK = 0.25


class FileDialog(ModalScreen[None]):
    """Reads the beginning of a file and shows it; Escape stops reading, or closes.

    Args:
        source: where the file comes from.
        layer: which layer's copy of it.
        entry: what is known of it.
        size_bytes: how big it is; ``None`` when that isn't known.
    """

    DEFAULT_CSS = """
    FileDialog { align: center middle; }
    FileDialog > Vertical {
        width: 100%; max-width: 124; height: 100%;
        background: $panel; border: round $rule-focused; padding: 0 1;
    }
    FileDialog PageView, FileDialog Words { background: $panel; }
    FileDialog Words { margin: 1 1; height: 1fr; }
    FileDialog PageView { display: none; }
    FileDialog.-read PageView { display: block; }
    FileDialog.-read Words { display: none; }
    FileDialog #rule { color: $rule; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,v,left,h", "close", "Close", show=False),
        Binding("x", "toggle_hex", "Hex", show=False),
    ]
    AUTO_FOCUS = None

    def __init__(self, source: FileSource, layer: int, entry: Entry, size_bytes: int | None) -> None:
        super().__init__()
        self.source = source
        self.layer_number = layer
        self.entry = entry
        self.size_bytes = size_bytes
        self.data = b""
        self.page: Page | None = None
        self._as_hex = False
        self._whole = False
        self._left = False
        self._reading: Reading | None = None
        self._begun = 0.0
        self._pieces: list[bytes] = []
        self._worker: Worker[None] | None = None
        self._ticks: Timer | None = None
        self.words = Words()
        self.page_view = PageView()
        self.info = TextLine(fill="─", id="rule")

    def compose(self) -> ComposeResult:
        """Path and figures, the page, what it is and the keys."""
        with Vertical():
            title = TextLine()
            title.show(
                (Cell(shown_path(self.entry.path), Role.STRONG),),
                (Cell(f" {mode_text(self.entry)} {owner_text(self.entry)} ", Role.MUTED), *self._size_cells()),
            )
            yield title
            yield self.info
            yield self.words
            yield self.page_view
            keys = TextLine()
            keys.show(key_line([("↑ ↓ PgUp PgDn", "scroll"), ("x", "text or hex"), ("Esc", "close")]))
            yield keys

    def _size_cells(self) -> Line:
        return () if self.size_bytes is None else (Cell(figures.size(self.size_bytes), Role.NUMBER),)

    def on_mount(self) -> None:
        """Begin to read."""
        self._begun = time.monotonic()
        self._ticks = self.set_interval(_TICK, self._show_progress)
        self._worker = self.run_worker(self._read(), group="read")

    async def _read(self) -> None:
        try:
            await self.source.read_file(
                self.layer_number, self.entry.path, self._pieces.append, limit=MOST_BYTES + 1, on_reading=self._note
            )
        except ToldError as error:
            self._stop_ticks()
            self.words.show(_problem_lines(error))
            return
        self._stop_ticks()
        # One byte more than is shown was asked for, to know whether there is more.
        data = b"".join(self._pieces)
        self.data, self._whole = data[:MOST_BYTES], len(data) <= MOST_BYTES
        self.page = page_of(self.data, whole=self._whole)
        self.add_class("-read")
        self._show_page(self.page)

    def _note(self, reading: Reading) -> None:
        """Called in whichever thread reads: the next tick looks at it."""
        self._reading = reading

    def _show_progress(self) -> None:
        lines = (
            *reading_lines(self._reading, time.monotonic() - self._begun),
            (),
            (Cell("Esc", Role.ACCENT), Cell(" stops it.", Role.MUTED)),
        )
        if lines != self.words.lines:
            self.words.show(lines)

    def _stop_ticks(self) -> None:
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None

    def _show_page(self, page: Page) -> None:
        self.info.show((Cell(f"─ {page.what} ", Role.MUTED),), (*self._how_much(), Cell("─")))
        self.set_focus(self.page_view)
        # Its room is known when it has been laid out.
        self.call_after_refresh(self.page_view.show, page.lines)

    def _how_much(self) -> Iterable[Cell]:
        if not self.data:
            return (Cell(" empty ", Role.MUTED),)
        if self._whole:
            return (Cell(" all of it ", Role.MUTED),)
        known = self.size_bytes is not None and self.size_bytes > MOST_BYTES
        whole = figures.size(self.size_bytes) if known else "more"
        return (Cell(f" first {figures.size(MOST_BYTES)} of {whole} ", Role.WARNING),)

    def action_toggle_hex(self) -> None:
        """Text as hex, and back."""
        if self.page is not None:
            self._as_hex = not self._as_hex
            self._show_page(hex_page(self.data) if self._as_hex else self.page)

    def action_close(self) -> None:
        """Stop reading and go away, once."""
        if not self._left:
            self._left = True
            if self._worker is not None:
                self._worker.cancel()
            self.dismiss(None)


def _problem_lines(error: ToldError) -> tuple[Line, ...]:
    lines: list[Line] = [(Cell(error.message, Role.BAD),)]
    if error.next_step:
        lines.append((Cell(error.next_step),))
    return (*lines, (), (Cell("Esc", Role.ACCENT), Cell(" closes.", Role.MUTED)))
