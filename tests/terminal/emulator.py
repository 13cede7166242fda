"""A terminal to test against: pyte, with what pyte leaves out of a modern terminal put back.

pyte 0.8 departs from xterm and its kin in ways that matter here, and each is met below:

* it has no dim, conceal, double underline, frame, overline or hyperlink: `Cell` carries them;
* overwriting one half of a wide character leaves the other half standing, where terminals blank it;
* a zero-width character that is not a combining mark (a joiner, a variation selector) makes it drop the
  rest of the text it was given;
* erasing copies every attribute of the pen; terminals copy the background alone ("bce");
* it knows no alternate screen, no synchronized output, and prints the tail of sequences whose private
  marker it does not know (``CSI < u`` draws a ``u``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import pyte
from pyte import graphics
from pyte.modes import DECAWM
from rich.cells import split_graphemes


class Cell(NamedTuple):
    """One cell: a character (``""`` for the right half of a wide one) and all that a terminal shows with it."""

    data: str
    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italics: bool = False
    underscore: bool = False
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    dim: bool = False
    conceal: bool = False
    double_underscore: bool = False
    fast_blink: bool = False
    framed: bool = False
    encircled: bool = False
    overline: bool = False
    link: str = ""

    @property
    def blank_shows(self) -> bool:
        """Whether a space with these attributes differs from a bare background."""
        return (
            self.underscore
            or self.strikethrough
            or self.reverse
            or self.double_underscore
            or self.framed
            or self.encircled
            or self.overline
            or bool(self.link)
        )

    def as_seen(self) -> Cell:
        """The cell with everything invisible removed: nobody sees the foreground of a space."""
        if self.data == " " and not self.blank_shows:
            return Cell(" ", bg=self.bg)
        return self


_PLAIN = Cell(" ")

_SWITCHES: dict[int, dict[str, Any]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italics": True},
    4: {"underscore": True, "double_underscore": False},
    5: {"blink": True, "fast_blink": False},
    6: {"fast_blink": True, "blink": False},
    7: {"reverse": True},
    8: {"conceal": True},
    9: {"strikethrough": True},
    21: {"double_underscore": True, "underscore": False},
    22: {"bold": False, "dim": False},
    23: {"italics": False},
    24: {"underscore": False, "double_underscore": False},
    25: {"blink": False, "fast_blink": False},
    27: {"reverse": False},
    28: {"conceal": False},
    29: {"strikethrough": False},
    51: {"framed": True, "encircled": False},
    52: {"encircled": True, "framed": False},
    53: {"overline": True},
    54: {"framed": False, "encircled": False},
    55: {"overline": False},
}
"""SGR parameters that switch attributes (ECMA-48 8.3.117); of two underlines, blinks or frames the last counts."""


class EmulatedScreen(pyte.Screen):
    """A `pyte.Screen` whose cells are `Cell`s; see the module for what it does beyond pyte."""

    def __init__(self, columns: int, lines: int, *, erases_with_background: bool = True) -> None:
        self.erases_with_background = erases_with_background
        self.alternate = False
        """Whether the alternate screen is shown."""
        self._main_cells: dict[int, dict[int, Cell]] = {}
        super().__init__(columns, lines)

    @property
    def default_char(self) -> Any:
        """An empty cell without attributes."""
        return _PLAIN

    def reset(self) -> None:
        """RIS: an empty screen and a plain pen."""
        super().reset()
        self.cursor.attrs = cast("Any", _PLAIN)

    def cell(self, x: int, y: int) -> Cell:
        """The cell in column *x* of row *y*, both from 0."""
        return cast("Cell", cast("object", self.buffer[y][x]))

    def rows(self) -> list[str]:
        """The screen's text, one string of `columns` cells a row (a wide character counts as one string item)."""
        return ["".join(self.buffer[y][x].data for x in range(self.columns)) for y in range(self.lines)]

    def picture(self) -> list[list[Cell]]:
        """Everything a person sees, for comparing two screens."""
        return [[self.cell(x, y).as_seen() for x in range(self.columns)] for y in range(self.lines)]

    def draw(self, data: str) -> None:
        """Write text at the cursor, blanking the other half of any wide character that is cut."""
        spans, _width = split_graphemes(data)
        for start, end, width in spans:
            self._place(data[start:end], width)
        self.dirty.add(self.cursor.y)

    def _place(self, cluster: str, width: int) -> None:
        cursor = self.cursor
        if width == 0:
            self._join(cluster)
            return
        if cursor.x + width > self.columns:
            if DECAWM in self.mode:
                self.carriage_return()
                self.linefeed()
            else:
                cursor.x = self.columns - width
        line = cast("dict[int, Cell]", self.buffer[cursor.y])
        pen = cast("Cell", cast("object", cursor.attrs))
        x = cursor.x
        if line[x].data == "" and x:
            line[x - 1] = line[x - 1]._replace(data=" ")
        after = x + width
        if after < self.columns and line[after].data == "":
            line[after] = line[after]._replace(data=" ")
        line[x] = pen._replace(data=cluster)
        if width == 2:
            line[x + 1] = pen._replace(data="")
        cursor.x = after

    def _join(self, mark: str) -> None:
        line = cast("dict[int, Cell]", self.buffer[self.cursor.y])
        x = self.cursor.x - 1
        if x > 0 and line[x].data == "":
            x -= 1
        if x >= 0:
            line[x] = line[x]._replace(data=line[x].data + mark)

    def select_graphic_rendition(self, *attrs: int, **_private: bool) -> None:
        """SGR, with the attributes that pyte leaves out."""
        pen = cast("Cell", cast("object", self.cursor.attrs))
        codes = list(reversed(attrs or (0,)))
        while codes:
            code = codes.pop()
            if code == 0:
                pen = Cell(" ", link=pen.link)
            elif code in _SWITCHES:
                pen = pen._replace(**_SWITCHES[code])
            elif code in (38, 48):
                colour = (
                    graphics.FG_BG_256[codes.pop()]
                    if codes.pop() == 5
                    else f"{codes.pop():02x}{codes.pop():02x}{codes.pop():02x}"
                )
                pen = pen._replace(fg=colour) if code == 38 else pen._replace(bg=colour)
            elif code in graphics.FG_ANSI or code in graphics.FG_AIXTERM:
                pen = pen._replace(fg=graphics.FG_ANSI.get(code) or graphics.FG_AIXTERM[code])
            elif code in graphics.BG_ANSI or code in graphics.BG_AIXTERM:
                pen = pen._replace(bg=graphics.BG_ANSI.get(code) or graphics.BG_AIXTERM[code])
            else:
                raise ValueError(f"SGR {code} is not a code the application should send")
        self.cursor.attrs = cast("Any", pen)

    def set_link(self, target: str) -> None:
        """OSC 8: what is written from now on links to *target* (``""``: to nothing)."""
        pen = cast("Cell", cast("object", self.cursor.attrs))
        self.cursor.attrs = cast("Any", pen._replace(link=target))

    def _erasing(self, erase: Callable[[], None]) -> None:
        pen = self.cursor.attrs
        self.cursor.attrs = cast("Any", Cell(" ", bg=pen.bg) if self.erases_with_background else _PLAIN)
        try:
            erase()
        finally:
            self.cursor.attrs = pen

    def erase_characters(self, count: int | None = None) -> None:
        """ECH, filling with the background alone."""
        self._erasing(lambda: super(EmulatedScreen, self).erase_characters(count))

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """EL, filling with the background alone."""
        self._erasing(lambda: super(EmulatedScreen, self).erase_in_line(how, private))

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """ED, filling with the background alone, also where nothing was ever written."""

        def erase() -> None:
            for y in range(self.lines):
                for x in range(self.columns):
                    self.buffer[y].setdefault(x, cast("Any", _PLAIN))
            super(EmulatedScreen, self).erase_in_display(how, *args, **kwargs)

        self._erasing(erase)

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        """DECSET, with 1049: a cleared alternate screen."""
        if kwargs.get("private") and 1049 in modes and not self.alternate:
            self.alternate = True
            self.save_cursor()
            self._main_cells = cast("dict[int, dict[int, Cell]]", {y: dict(row) for y, row in self.buffer.items()})
            self.buffer.clear()
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        """DECRST, with 1049: the main screen as it was left."""
        super().reset_mode(*modes, **kwargs)
        if kwargs.get("private") and 1049 in modes and self.alternate:
            self.alternate = False
            self.buffer.clear()
            for y, row in self._main_cells.items():
                self.buffer[y].update(cast("Any", row))
            self.restore_cursor()


_APART = re.compile(
    "\x1b\\[(?P<marker>[<>=?]?)(?P<parameters>[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    "|\x1b\\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\\\)"
    "|\x1b[P_^X](?P<string>[^\x1b]*)\x1b\\\\"
)
"""CSI, OSC and string sequences, whole."""

_UNFINISHED = re.compile("\x1b(?:\\[[0-9;:<>=? -/]*|[\\]P_^X][^\x07\x1b]*\x1b?)?$")
"""The beginning of a sequence whose end has not come yet."""


class EmulatedTerminal:
    """Feeds a stream of output to an `EmulatedScreen` and answers the questions applications ask."""

    def __init__(
        self, screen: EmulatedScreen, *, answer: Callable[[str], None] | None = None, synchronized_output: bool = False
    ) -> None:
        """Feed *screen*.

        Args:
            screen: Where the output shows.
            answer: Called with what the terminal replies to a question.
            synchronized_output: Whether to say that mode 2026 is supported.
        """
        self.screen = screen
        self.clipboard: list[str] = []
        """OSC 52 payloads (base64), oldest first."""
        self.bells = 0
        self._answer = answer or (lambda _reply: None)
        self._synchronized_output = synchronized_output
        self._stream = pyte.Stream(screen)
        self._carried = ""

    def feed(self, output: str) -> None:
        """Take more output; a sequence may be cut anywhere between two calls."""
        text = self._carried + output
        if unfinished := _UNFINISHED.search(text):
            self._carried = unfinished[0]
            text = text[: unfinished.start()]
        else:
            self._carried = ""
        at = 0
        for match in _APART.finditer(text):
            self._plain(text[at : match.start()])
            at = match.end()
            if match["osc"] is not None:
                self._operating_system_command(match["osc"])
            elif match["final"] is not None:
                self._control(match)
        self._plain(text[at:])

    def _plain(self, text: str) -> None:
        if text:
            self.bells += text.count("\a")
            self._stream.feed(text)

    def _control(self, match: re.Match[str]) -> None:
        marker, parameters, final = match["marker"], match["parameters"], match["final"]
        if match["middle"] == "$" and marker == "?" and final == "p":
            state = 2 if parameters == "2026" and self._synchronized_output else 0
            self._answer(f"\x1b[?{parameters};{state}$y")
        elif final == "n" and not marker and parameters == "6":
            self._answer(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
        elif final == "c" and not marker:
            self._answer("\x1b[?62;22c")
        elif not match["middle"] and (not marker or (marker == "?" and final in "hl")):
            self._stream.feed(match[0])

    def _operating_system_command(self, command: str) -> None:
        number, _, payload = command.partition(";")
        if number == "8":
            self.screen.set_link(payload.partition(";")[2])
        elif number == "52":
            self.clipboard.append(payload.partition(";")[2])
        elif number in ("0", "2"):
            self.screen.set_title(payload)
