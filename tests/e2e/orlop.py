"""The installed command at a terminal, and the eyes and hands of somebody who uses it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.terminal.emulator import Cell
from tests.terminal.pty_terminal import Terminal
from themes.palettes import THEMES

PATIENCE = 30.0
"""Seconds to wait for something to show: far more than it takes, for machines that are busy."""

COMMAND = Path(sys.executable).with_name("orlop")
"""The command as it was installed beside this Python."""

PANES = {"images": "1", "containers": "2", "volumes": "3"}
"""The key that leads to each pane."""

_CURSOR = THEMES[0].variables["block-cursor-background"].removeprefix("#")
"""What the row under the cursor is painted with, in the theme that orlop starts with."""


class Orlop(Terminal):
    """``orlop`` with ``arguments`` in a terminal; ``run_by`` is a command to put before it, such as a shell."""

    def __init__(
        self,
        *arguments: str,
        rows: int = 40,
        columns: int = 120,
        env: Mapping[str, str | None] | None = None,
        run_by: Iterable[str] = (),
    ) -> None:
        super().__init__([*run_by, str(COMMAND), *arguments], rows=rows, columns=columns, env=env)

    # -- looking ----------------------------------------------------------------------------------

    @property
    def header(self) -> str:
        """The first row."""
        return self.lines()[0]

    @property
    def footer(self) -> str:
        """The last row."""
        return self.lines()[-1]

    @property
    def trees(self) -> list[str]:
        """The rows between header and footer as far as the line to the details: row by row, without it."""
        return [line.split("│")[0].rstrip() for line in self.lines()[1:-1]]

    def tree_row(self, *texts: str) -> str:
        """The first row of the trees that holds all of ``texts``; empty when there is none."""
        return next((row for row in self.trees if all(text in row for text in texts)), "")

    @property
    def details(self) -> str:
        """What stands to the right of the trees."""
        return "\n".join(line.partition("│")[2] for line in self.lines()[1:-1])

    @property
    def cursor_row(self) -> str:
        """The row of the trees that is under the cursor; empty while the keys go elsewhere."""
        y = self._cursor_at
        return self.trees[y - 1] if y else ""

    @property
    def cursor_pane(self) -> str:
        """The pane that the cursor is in; empty while the keys go elsewhere."""
        titles = [row for row in self.trees[: self._cursor_at] if row.startswith("─ ")]
        return titles[-1].split()[2].lower() if titles else ""

    @property
    def _cursor_at(self) -> int:
        """Number of the row under the cursor; 0 without one."""
        rows = [y for y in range(1, self.screen.lines - 1) if self.screen.cell(0, y).bg == _CURSOR]
        return rows[0] if len(rows) == 1 else 0

    @property
    def _cursor_is_first(self) -> bool:
        return self._cursor_at > 1 and self.trees[self._cursor_at - 2].startswith("─ ")

    @property
    def dialog(self) -> str:
        """The text in the frame of the dialog, its lines joined with single spaces; empty when none is open."""
        inside = re.compile("│  (?P<words>[^│]*)│")
        lines = self.lines()
        top = next((y for y, line in enumerate(lines) if "╭" in line), None)
        bottom = next((y for y, line in enumerate(lines) if "╰" in line), None)
        if top is None or bottom is None:
            return ""
        left = lines[top].index("╭")
        found = (inside.match(line, left) for line in lines[top + 1 : bottom])
        return " ".join(" ".join(match["words"] for match in found if match).split())

    def picture(self) -> list[list[Cell]]:
        """Everything a person sees, cell by cell, for comparing two moments."""
        with self._changed:
            return self.screen.picture()

    # -- waiting ----------------------------------------------------------------------------------

    def see(self, *texts: str) -> None:
        """Wait until each of ``texts`` is somewhere on the screen."""
        for text in texts:
            self.wait_for(text, PATIENCE)

    def see_no_more(self, text: str) -> None:
        """Wait until ``text`` is nowhere on the screen."""
        self.wait_gone(text, PATIENCE)

    def see_row(self, *texts: str) -> None:
        """Wait until one row of the trees holds all of ``texts``."""
        self.wait_until(lambda: bool(self.tree_row(*texts)), timeout=PATIENCE, what=f"a row with {texts}")

    def see_no_row(self, *texts: str) -> None:
        """Wait until no row of the trees holds all of ``texts``."""
        self.wait_until(lambda: not self.tree_row(*texts), timeout=PATIENCE, what=f"no row with {texts}")

    def see_in_header(self, text: str) -> None:
        """Wait until ``text`` is in the first row."""
        self.wait_until(lambda: text in self.header, timeout=PATIENCE, what=f"{text!r} in the header")

    def see_not_in_header(self, text: str) -> None:
        """Wait until ``text`` is not in the first row."""
        self.wait_until(lambda: text not in self.header, timeout=PATIENCE, what=f"no {text!r} in the header")

    def see_in_footer(self, text: str) -> None:
        """Wait until ``text`` is in the last row."""
        self.wait_until(lambda: text in self.footer, timeout=PATIENCE, what=f"{text!r} in the footer")

    def see_not_in_footer(self, text: str) -> None:
        """Wait until ``text`` is not in the last row."""
        self.wait_until(lambda: text not in self.footer, timeout=PATIENCE, what=f"no {text!r} in the footer")

    def see_in_details(self, text: str) -> None:
        """Wait until ``text`` is among the details."""
        self.wait_until(lambda: text in self.details, timeout=PATIENCE, what=f"{text!r} in the details")

    def see_dialog(self, *texts: str) -> None:
        """Wait until a dialog says each of ``texts``."""
        self.wait_until(
            lambda: all(text in self.dialog for text in texts), timeout=PATIENCE, what=f"a dialog with {texts}"
        )

    def see_no_dialog(self) -> None:
        """Wait until no dialog is open."""
        self.wait_until(lambda: not self.dialog, timeout=PATIENCE, what="no dialog")

    def see_in_transcript(self, output: bytes) -> None:
        """Wait until ``output`` has been written, whatever has become of it on the screen."""
        self.wait_until(lambda: output in self.transcript, timeout=PATIENCE, what=repr(output))

    def left(self) -> int:
        """Wait until the command has ended; its exit code."""
        return self.wait(PATIENCE)

    # -- moving -----------------------------------------------------------------------------------

    def go_to(self, pane: str, text: str) -> None:
        """Put the cursor on the first row of a pane that holds ``text``, by its key and then row by row."""
        self.see_row(text)
        self.press(PANES[pane])
        self.wait_until(lambda: self.cursor_pane == pane, timeout=PATIENCE, what=f"the cursor among the {pane}")
        self.press("home")
        self.wait_until(lambda: self._cursor_is_first, timeout=PATIENCE, what=f"the cursor on the first of the {pane}")
        for _ in range(100):
            here = self.cursor_row
            if text in here:
                return
            self.press("down")
            self._see_cursor_leave(here)
        raise AssertionError(f"never came to {text!r}:\n{self.screen_text()}")

    def _see_cursor_leave(self, row: str) -> None:
        self.wait_until(lambda: self.cursor_row not in ("", row), timeout=PATIENCE, what=f"the cursor past {row!r}")

    def see_cursor_on(self, text: str) -> None:
        """Wait until the cursor is on a row that holds ``text``."""
        self.wait_until(lambda: text in self.cursor_row, timeout=PATIENCE, what=f"the cursor on {text!r}")

    def quit(self) -> int:
        """Press q; the exit code."""
        self.press("q")
        return self.left()
