"""Turns the output of an application into the output that changes the screen in the same way with fewer bytes.

`ScreenDiff` keeps a shadow of the terminal: a character and a style for each cell, or "not known". Output is read
into the shadow; what then differs from before is painted. What is not text, style or cursor position goes through
as it is, in its place. Output whose effect is not certain goes through whole, and the shadow is forgotten: the
worst that can happen is what would have happened anyway.
"""

from __future__ import annotations

from tui.terminal import clusters
from tui.terminal.painter import UNKNOWN, Painter, Row
from tui.terminal.sequences import COLUMN, LINK, ROW, SEGMENT, SGR, TEXT, TOKEN, is_harmless, keeps_pen, last_rendition
from tui.terminal.style import Style, StyleTable

_MANY_STYLES = 4096
"""Animated colours make new styles without end; beyond this many the table is begun anew."""


_SEVERAL = -2
"""As the row that a part of the output writes into: more than one."""


class Surprise(ValueError):
    """Output whose effect on the screen is not certain."""


class ScreenDiff:
    """A memory of what a terminal shows.

    The terminal must not wrap at the right margin (DECAWM off, as Textual has it) or the output must not reach
    beyond it; scroll margins and origin mode must be off. The pen is taken to be plain at the beginning.
    """

    def __init__(self, width: int, height: int, *, erases_with_background: bool = False) -> None:
        """Begin with nothing known.

        Args:
            width: Columns of the terminal.
            height: Rows of the terminal.
            erases_with_background: Whether erased cells get the pen's background; see `Painter`.
        """
        self.size = (width, height)
        self._erases_with_background = erases_with_background
        self._absorbing = False
        self._left_coloured = False
        """The terminal was forgotten with a pen that was not plain: it has to be told of a plain one."""
        self._forget_styles()

    # -- what callers do

    def feed(self, output: str) -> str:
        """Take what the application writes, and return what to send to the terminal for it (perhaps nothing)."""
        painter, pen = self._painter, self._pen
        painter.out = []
        try:
            self._read(output)
            self._settle()
        except (ValueError, LookupError, TypeError, AttributeError):
            # Surprises are ValueErrors; the rest would be a mistake in here, which must not cost anybody their screen.
            self._lose_track(output, pen)
            return output
        if self._styles.overgrown(_MANY_STYLES):
            self._forget_styles(pen_is_plain=self._pen is self._styles.plain)
        return "".join(painter.out)

    def absorb(self, output: str) -> None:
        """Take what the application wrote and the terminal has got already, as it was."""
        self._absorbing = True
        try:
            self.feed(output)
        finally:
            self._absorbing = False

    def forget(self) -> None:
        """Take nothing of what the terminal shows for granted any more."""
        width, height = self.size
        self._characters = [[UNKNOWN] * width for _ in range(height)]
        self._looks = [[self._styles.plain] * width for _ in range(height)]
        self._disputed = [False] * height
        self._before: dict[int, Row] = {}
        self._part_of_row: dict[int, str] = {}
        self._row_of_part: dict[str, int] = {}
        self._part_row = -1
        self._x = self._y = -1
        self._painter.x = self._painter.y = -1
        self._painter.pen = None
        self._left_coloured = self._pen is not self._styles.plain

    def resize(self, width: int, height: int) -> None:
        """Follow the terminal to another size; nothing is known of what it then shows."""
        self.size = (width, height)
        self._forget_styles()

    # -- reading

    def _forget_styles(self, *, pen_is_plain: bool = True) -> None:
        self._styles = StyleTable()
        self._pen: Style | None = self._styles.plain if pen_is_plain else None
        self._painter = Painter(self._styles, self.size[0], erases_with_background=self._erases_with_background)
        self.forget()

    def _lose_track(self, output: str, pen: Style | None) -> None:
        self.forget()
        rendition = last_rendition(output)
        if rendition is None:
            self._pen = pen
        else:
            self._pen = self._styles.plain if rendition in ("", "0") else None

    def _read(self, output: str) -> None:
        """Read output into the shadow.

        Textual ends each row of a frame with a line feed and begins the next with a cursor position. A row that
        is the same text as last time, with nothing else written into that row since, is not looked at again:
        most rows of most full frames.
        """
        parts = output.split("\n")
        last = parts.pop()
        plain = self._styles.plain
        for part in parts:
            if not (part in self._row_of_part and self._pen is plain):
                begun_plain = self._pen is plain
                self._part_row = -1
                if self._read_part(part) and begun_plain and self._pen is plain and self._part_row >= 0:
                    self._part_of_row[self._part_row] = part
                    self._row_of_part[part] = self._part_row
            # A line feed may scroll, and may or may not return the carriage: only a position helps now.
            self._x = self._y = -1
        self._part_row = -1
        self._read_part(last)

    def _read_part(self, part: str) -> bool:
        """Read what stands between two line feeds; say whether it does nothing but write into one row, in place."""
        if not part:
            return False
        plain = self._styles.plain
        first = TOKEN.match(part)
        in_place = first is not None and first.lastindex in (ROW, COLUMN)
        for token in TOKEN.finditer(part):
            kind = token.lastindex
            if kind == SEGMENT:
                pen = self._pen_after(token[1])
                self._write(token[2], pen)
                self._pen = self._styles.linked(plain, pen.link) if pen.link else plain
            elif kind in (ROW, COLUMN):
                self._x, self._y = max(int(token[4] or 1) - 1, 0), max(int(token[3] or 1) - 1, 0)
            elif kind == TEXT:
                self._write(token[5], self._pen_after(""))
            elif kind == SGR:
                self._pen = plain if token[6] in ("", "0") else self._pen and self._pen_after(token[6])
            elif kind == LINK:
                pen = self._pen_after("")
                self._pen = self._styles.linked(pen, token[7] if token[7].partition(";")[2] else "")
            else:
                in_place = False
                self._pass(token[0])
        return in_place and self._part_row != _SEVERAL

    def _pen_after(self, parameters: str) -> Style:
        """The pen, after these SGR parameters if there are any."""
        if self._pen is None:
            raise Surprise("the pen is not known")
        return self._styles.applied(self._pen, parameters) if parameters else self._pen

    def _pass(self, sequence: str) -> None:
        """Let through what is neither text nor style nor position, after all that came before it."""
        if sequence == "\r":
            if self._y < 0:
                raise Surprise("a carriage return in an unknown row")
            self._x = 0
            return
        if len(sequence) == 1 and sequence != "\a":
            raise Surprise(f"control character {ord(sequence):#x}")
        self._settle()
        self._painter.out.append(sequence)
        if not is_harmless(sequence):
            self.forget()
            self._pen = self._pen if keeps_pen(sequence) else None

    def _write(self, text: str, style: Style) -> None:
        """Put text into the shadow, at the cursor."""
        x, y = self._x, self._y
        width, height = self.size
        if not (0 <= y < height and x >= 0):
            raise Surprise("text outside the screen")
        cells: str | list[str] = text
        if not (text.isascii() or clusters.narrow(text)):
            cells = self._cut(text, x, y)
        end = x + len(cells)
        if end == x:
            return
        if end > width:
            raise Surprise("text beyond the right margin")
        characters, looks = self._characters[y], self._looks[y]
        if y != self._part_row:
            self._enter_row(y)
        if x < width and characters[x] == "":
            _blank_halves(characters, x - 1, -1)
        if end < width and characters[end] == "":
            _blank_halves(characters, end, 1)
        characters[x:end] = cells
        looks[x:end] = [style] * (end - x)
        self._x = end

    def _enter_row(self, y: int) -> None:
        """Note that row *y* is being written into: keep what it was, and drop what was remembered of its text."""
        if y not in self._before:
            self._before[y] = (self._characters[y][:], self._looks[y][:])
        self._part_row = y if self._part_row in (-1, y) else _SEVERAL
        known = self._part_of_row.pop(y, None)
        if known is not None:
            del self._row_of_part[known]

    def _cut(self, text: str, x: int, y: int) -> list[str]:
        """Cut text with wide or zero-width characters into cells."""
        leading, cells = clusters.cells(text)
        if not clusters.agreed(text):
            self._disputed[y] = True
        if leading:
            # Marks with no character of their own in this text join the one before it.
            characters = self._characters[y]
            base = x - 1
            while base >= 0 and characters[base] == "":
                base -= 1
            if base < 0 or x > self.size[0] or characters[base] == UNKNOWN:
                raise Surprise("a mark with nothing to stand on")
            self._enter_row(y)
            characters[base] += leading
        return cells

    # -- painting

    def _settle(self) -> None:
        """Bring the terminal to where the reading is: its cells, its cursor and its pen."""
        painter = self._painter
        if self._absorbing:
            painter.x, painter.y, painter.pen = self._x, self._y, self._pen
            self._before.clear()
            return
        for y in sorted(self._before):
            row = (self._characters[y], self._looks[y])
            painter.row(y, self._before[y], row, disputed=self._disputed[y])
            if self._disputed[y]:
                self._disputed[y] = not all(map(clusters.agreed, filter(UNKNOWN.__ne__, row[0])))
        self._before.clear()
        if 0 <= self._x < self.size[0] and 0 <= self._y < self.size[1]:
            painter.go(self._x, self._y)
        elif (self._x, self._y) != (painter.x, painter.y):
            raise Surprise("the cursor's place is not known")
        known = painter.pen is not None or self._left_coloured
        if self._pen is not None and (known or self._pen is not self._styles.plain):
            painter.wear(self._pen)
            self._left_coloured = False


def _blank_halves(characters: list[str], x: int, step: int) -> None:
    """Blank what is left of a wide character, going from *x*: terminals do it too, if not all in the same way."""
    while 0 <= x < len(characters):
        half = characters[x] == ""
        if not half and step == 1:
            return
        characters[x] = " "
        if not half:
            return
        x += step
