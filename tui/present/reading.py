"""How far a reading has come, in words and as a bar."""

from __future__ import annotations

from tui.model.storage import Phase, Reading
from tui.present import figures
from widgets.cell import Cell, Line, Role
from widgets.size_bar import size_bar

WAITING = "the engine is putting the image together on its own disk"
UNWRITTEN = "it is a pipe, and nobody writes into it yet"
_BAR_WIDTH = 40


def elapsed_text(seconds: float) -> str:
    """Whole seconds; minutes and seconds from a minute on."""
    whole = int(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def reading_lines(reading: Reading | None, seconds: float) -> tuple[Line, ...]:
    """What is being done, for how long, and how much of it is done; ``reading`` is ``None`` before anything is told."""
    if reading is None:
        return ((Cell(f"looking for what is known already: {elapsed_text(seconds)}", Role.NORMAL),),)
    if reading.phase is Phase.WAITING:
        return ((Cell(f"{WAITING}: {elapsed_text(seconds)}", Role.NORMAL),),)
    if reading.phase is Phase.UNWRITTEN:
        return ((Cell(f"{UNWRITTEN}: {elapsed_text(seconds)}", Role.NORMAL),),)
    lines: list[Line] = [(Cell(f"reading: {elapsed_text(seconds)}", Role.NORMAL),)]
    done = figures.size(reading.done_bytes)
    if reading.total_bytes:
        bar = size_bar(reading.done_bytes, reading.total_bytes, _BAR_WIDTH)
        part = figures.share(min(reading.done_bytes, reading.total_bytes), reading.total_bytes)
        lines.append((Cell("▕", Role.MUTED), *bar, Cell("▏", Role.MUTED), Cell(f" {part}", Role.NUMBER)))
        lines.append((Cell(f"{done} of {figures.size(reading.total_bytes)}", Role.NUMBER), *_entries(reading)))
    else:
        lines.append((Cell(done, Role.NUMBER), *_entries(reading)))
    return tuple(lines)


def _entries(reading: Reading) -> Line:
    if not reading.entries:
        return ()
    return (Cell(f"   {figures.count(reading.entries, 'entry', 'entries')}", Role.MUTED),)
