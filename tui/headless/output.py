"""What commands print: results on stdout, sentences on stderr, and nothing foreign that could act on a terminal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable

from tui import exit_codes
from widgets.cell import Line
from widgets.literal import literal


def write(pieces: Iterable[str], code: int) -> int:
    """Write to stdout; ``code`` unless that fails."""
    try:
        with contextlib.suppress(AttributeError):  # A test's stdout may be any stream.
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has enough
        _drop_the_rest()
        return exit_codes.READER_GONE
    except OSError as error:
        _drop_the_rest()
        return complain(f"The report can't be written: {error.strerror}.", exit_codes.NOT_WRITTEN)
    return code


def _drop_the_rest() -> None:
    """What is left in the buffer would fail once more when Python ends, and change the exit code."""
    with contextlib.suppress(OSError):  # A test's stdout may be no file.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(sentence: str, code: int) -> int:
    """Say why it ends, and hand back ``code``."""
    say(sentence)
    return code


def say(sentence: str) -> None:
    """A sentence on stderr."""
    with contextlib.suppress(OSError):  # The terminal may be gone.
        print(f"orlop: {literal(sentence)}", file=sys.stderr)


def plain(line: Line) -> str:
    """A line of cells as plain text; foreign words only show what they say."""
    return "".join(literal(cell.text) for cell in line)
