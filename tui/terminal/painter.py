"""Writes rows of cells in few bytes, knowing what the terminal shows and where its cursor and pen are."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import is_not, ne

from tui.terminal.clusters import agreed
from tui.terminal.motion import motion
from tui.terminal.style import Style, StyleTable

UNKNOWN = "\x00"
"""In place of a character: what the terminal shows in this cell is not known."""

_LONG_BLANK = re.compile("( {12,})")
"""Blanks so many that erasing them and jumping over them is shorter than writing them."""

_WORTH_ERASING = 5
"""Erasing to the end of the line takes three bytes, and sometimes a jump."""

Row = tuple[list[str], list[Style]]
"""The characters and the styles of a row, cell by cell."""


class Painter:
    """Collects output. `x` and `y` are where the terminal's cursor is (see `motion` for -1), `pen` how it writes."""

    def __init__(self, styles: StyleTable, width: int, *, erases_with_background: bool) -> None:
        """Paint rows of *width* cells.

        Args:
            styles: The table that the rows' styles are from.
            width: Columns of the terminal.
            erases_with_background: Whether the terminal knows ECH, and gives erased cells the pen's background
                ("bce"); if not, only to the end of the line and with the default background is anything erased.
        """
        self._styles = styles
        self._width = width
        self._erases = erases_with_background
        self.out: list[str] = []
        self.x = -1
        self.y = -1
        self.pen: Style | None = None

    def go(self, x: int, y: int) -> None:
        """Move the cursor."""
        if x != self.x or y != self.y:
            self.out.append(motion(self.x, self.y, x, y))
            self.x, self.y = x, y

    def wear(self, style: Style) -> None:
        """Change the pen."""
        if style is not self.pen:
            self.out.append(self._styles.transition(self.pen, style))
            self.pen = style

    def row(self, y: int, before: Row, after: Row, *, disputed: bool) -> None:
        """Turn row *y* from *before* into *after*.

        Args:
            y: The row, from 0.
            before: What the terminal shows.
            after: What it shall show.
            disputed: Whether the row holds characters that terminals disagree about: it is then written whole,
                so that no cell is left where some earlier text of another width had put it.
        """
        characters, styles = after
        if before == after:
            return
        old_styles = before[1]
        differences = zip(map(ne, before[0], characters), map(is_not, old_styles, styles), strict=True)
        changed = [
            x
            for x, (character, style) in enumerate(differences)
            if character or (style and (characters[x] != " " or styles[x].blank is not old_styles[x].blank))
        ]
        if not changed:
            return
        if disputed:
            changed = [x for x, character in enumerate(characters) if character != UNKNOWN]
        erased_from = self._erasable_from(changed, characters, styles)
        if erased_from < self._width:
            del changed[bisect_left(changed, erased_from) :]
        for start, end in _runs(changed, characters, styles):
            self._run(y, start, end, characters, styles)
        if erased_from < self._width:
            self.go(erased_from, y)
            self._wear_for_blank(styles[erased_from], None)
            self.out.append("\x1b[K")

    def _erasable_from(self, changed: list[int], characters: list[str], styles: list[Style]) -> int:
        """The changed cell from which erasing to the end of the line is worth it, or the width if none is."""
        blank = styles[-1].blank
        if characters[-1] != " " or not self._can_erase(blank):
            return self._width
        x = self._width - 1
        while x and characters[x - 1] == " " and styles[x - 1].blank is blank:
            x -= 1
        first = bisect_left(changed, x)
        return changed[first] if len(changed) - first >= _WORTH_ERASING else self._width

    def _can_erase(self, style: Style) -> bool:
        return style.erases and (self._erases or not style.blank.background)

    def _run(self, y: int, start: int, end: int, characters: list[str], styles: list[Style]) -> None:
        """Write the cells from *start* up to *end*."""
        x = start
        while x < end:
            style = styles[x]
            stop = x + 1
            while stop < end and styles[stop] is style:
                stop += 1
            text = "".join(characters[x:stop])
            if not text.strip(" "):
                while stop < end and characters[stop] == " " and styles[stop].blank is style.blank:
                    stop += 1
                self._wear_for_blank(style, styles[stop] if stop < end else None)
                self._text(x, y, " " * (stop - x), style)
            else:
                self.wear(style)
                if not agreed(text):
                    self._cells(x, y, characters[x:stop])
                elif len(text) != stop - x or "" in characters[x:stop]:
                    self._write(x, y, text, stop - x)
                else:
                    self._text(x, y, text, style)
            x = stop

    def _wear_for_blank(self, style: Style, following: Style | None) -> None:
        """Make the pen fit for spaces of *style*, with what comes after them in mind."""
        pen = self.pen or self._styles.plain
        if self.pen is not None and self.pen.blank is style.blank:
            return
        fits_both = following is not None and following.blank is style.blank
        self.wear(following if following is not None and fits_both else self._styles.under_blank(pen, style))

    def _text(self, x: int, y: int, text: str, style: Style) -> None:
        """Write text of one cell a character, erasing long blanks instead where the terminal can."""
        if not (self._erases and style.erases and _LONG_BLANK.search(text)):
            self._write(x, y, text, len(text))
            return
        for piece in _LONG_BLANK.split(text):
            if len(piece) >= 12 and not piece.strip(" "):
                self.go(x, y)
                self.out.append(f"\x1b[{len(piece)}X")
            elif piece:
                self._write(x, y, piece, len(piece))
            x += len(piece)

    def _cells(self, x: int, y: int, characters: list[str]) -> None:
        """Write cell by cell, trusting the cursor no further than the widths are agreed upon."""
        for offset, character in enumerate(characters):
            if character:
                following = characters[offset + 1 : offset + 2]
                self._write(x + offset, y, character, 2 if following == [""] else 1)
                if not agreed(character):
                    self.x = -1

    def _write(self, x: int, y: int, text: str, width: int) -> None:
        self.go(x, y)
        self.out.append(text)
        self.x += width
        if self.x >= self._width:
            self.x = -1


def _runs(changed: list[int], characters: list[str], styles: list[Style]) -> list[tuple[int, int]]:
    """The stretches of cells to write: the changed ones, and between them what is shorter to write than to skip."""
    if not changed:
        return []
    runs: list[tuple[int, int]] = []
    start = end = changed[0]
    while characters[start] == "":  # the right half of a wide character is written with its left half
        start -= 1
    if changed[-1] - end == len(changed) - 1:
        end, changed = changed[-1], changed[-1:]
    for x in changed:
        if x > end and not _shorter_than_a_jump(end, x, characters, styles):
            runs.append((start, end))
            start = x
            while characters[start] == "":
                start -= 1
        end = x + 1
        while end < len(characters) and characters[end] == "":
            end += 1
    runs.append((start, end))
    return runs


def _shorter_than_a_jump(start: int, end: int, characters: list[str], styles: list[Style]) -> bool:
    """Whether writing the unchanged cells from *start* up to *end* is no longer than moving over them."""
    jump = len(motion(start, 0, end, 0))
    if end - start > jump:
        return False
    left, right = styles[start - 1], styles[end]
    for x in range(start, end):
        character, style = characters[x], styles[x]
        blank = character == " " and style.blank in (left.blank, right.blank)
        if not (blank or style is left or style is right) or character == UNKNOWN or not agreed(character):
            return False
    return len("".join(characters[start:end]).encode()) <= jump
