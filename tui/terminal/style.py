"""How a cell looks: SGR parameters taken apart, and the shortest way from one look to another.

SGR ("select graphic rendition", ECMA-48 8.3.117) is a list of numbers, each switching one thing. Colours are
kept as the parameters that set them (``38;2;1;2;3``, ``31``) and never changed: what the application asked
for is what the terminal gets, in fewer bytes where the palette of 256 has the very same colour.
"""

from __future__ import annotations

_OFF_GROUPS: tuple[tuple[int, tuple[int, ...], bool], ...] = (
    (22, (1, 2), True),
    (23, (3,), True),
    (24, (4, 21), False),
    (25, (5, 6), False),
    (27, (7,), True),
    (28, (8,), True),
    (29, (9,), True),
    (54, (51, 52), False),
    (55, (53,), True),
)
"""For each parameter that switches off: what it switches off, and whether those can be on together.
(Where they cannot, the last one given wins: single and double underline, the two speeds of blinking.)"""

_ON = frozenset(code for _off, codes, _additive in _OFF_GROUPS for code in codes)
_REPLACED = {
    code: sum(1 << other for other in codes if other != code)
    for _off, codes, additive in _OFF_GROUPS
    for code in codes
    if not additive
}
_OFF = {str(off): sum(1 << code for code in codes) for off, codes, _additive in _OFF_GROUPS}
_SHOWN_ON_BLANKS = sum(1 << code for code in (4, 7, 9, 21, 51, 52, 53))
"""Attributes that a space shows: lines through, under, over and around it, and reverse video."""


_CUBE = {level: step for step, level in enumerate((0, 95, 135, 175, 215, 255))}
"""Levels of the 6x6x6 colour cube, numbers 16 to 231 of the 256-colour palette (xterm's 256colres.pl)."""


def _short(operands: list[str]) -> str:
    """The operands of SGR 38 or 48, as a number of the 256-colour palette where that is the very same colour.

    ``2;135;175;215`` takes 13 bytes and ``5;110`` five, and more than half of all that a screen full of
    coloured words costs is colours. Numbers below 16 are the user's own and are never chosen.
    """
    if operands[0] != "2":
        return ";".join(operands)
    red, green, blue = (int(operand) for operand in operands[1:])
    if red in _CUBE and green in _CUBE and blue in _CUBE:
        return f"5;{16 + 36 * _CUBE[red] + 6 * _CUBE[green] + _CUBE[blue]}"
    if red == green == blue and 8 <= red <= 238 and (red - 8) % 10 == 0:
        return f"5;{232 + (red - 8) // 10}"
    return ";".join(operands)


class UnknownRendition(ValueError):
    """An SGR parameter whose effect is not modelled here."""


class Style:
    """One look. Equal looks are one object within a `StyleTable`: compare with ``is``."""

    __slots__ = ("attributes", "background", "blank", "foreground", "link")

    def __init__(self, foreground: str, background: str, attributes: int, link: str) -> None:
        self.foreground = foreground
        """SGR parameters of the foreground; empty for the default."""
        self.background = background
        """SGR parameters of the background; empty for the default."""
        self.attributes = attributes
        """Bit *n* is set when SGR *n* (1 bold, 4 underline …) is on."""
        self.link = link
        """``params;URI`` of an OSC 8 hyperlink; empty for none."""
        self.blank: Style = self
        """What of this look can be seen on a space: spaces whose `blank` is the same object look the same."""

    @property
    def erases(self) -> bool:
        """Whether an erased cell can look like a space of this style: a background and nothing else."""
        return not (self.blank.attributes or self.blank.link)


class StyleTable:
    """Interns styles, and remembers how to get from one to another."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str, int, str], Style] = {}
        self._applied: dict[tuple[Style, str], Style] = {}
        self._transitions: dict[tuple[Style | None, Style], str] = {}
        self._blanks: dict[tuple[Style, Style], Style] = {}
        self._links = False
        self.plain = self.style("", "", 0, "")
        """The look after a reset."""

    def overgrown(self, limit: int) -> bool:
        """Whether more than *limit* styles, or more than four times as many of their relations, are kept."""
        return len(self._styles) > limit or len(self._transitions) + len(self._applied) > 4 * limit

    def style(self, foreground: str, background: str, attributes: int, link: str) -> Style:
        """The one object for this look."""
        key = (foreground, background, attributes, link)
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = Style(foreground, background, attributes, link)
            self._links = self._links or bool(link)
            if not (attributes & _SHOWN_ON_BLANKS or link) and (foreground or attributes):
                style.blank = self.style("", background, 0, "")
        return style

    def linked(self, pen: Style, link: str) -> Style:
        """*pen*, writing a hyperlink (OSC 8) from now on, or none if *link* is empty."""
        return self.style(pen.foreground, pen.background, pen.attributes, link)

    def applied(self, pen: Style, parameters: str) -> Style:
        """*pen* after SGR *parameters*.

        Raises:
            UnknownRendition: If a parameter is not one that is modelled.
        """
        key = (pen, parameters)
        style = self._applied.get(key)
        if style is None:
            style = self._applied[key] = self._apply(pen, parameters)
        return style

    def _apply(self, pen: Style, parameters: str) -> Style:
        foreground, background, attributes = pen.foreground, pen.background, pen.attributes
        codes = parameters.split(";")
        at = 0
        while at < len(codes):
            code = codes[at].lstrip("0")
            at += 1
            number = int(code) if code.isdecimal() else 0 if not code else -1
            if number == 0:
                foreground, background, attributes = "", "", 0
            elif number in _ON:
                attributes = attributes & ~_REPLACED.get(number, 0) | 1 << number
            elif code in _OFF:
                attributes &= ~_OFF[code]
            elif number in (38, 48):
                length = {"5": 2, "2": 4}.get(codes[at] if at < len(codes) else "", 0)
                operands = codes[at : at + length]
                if not length or len(operands) < length or not all(operand.isdecimal() for operand in operands):
                    raise UnknownRendition(parameters)
                colour = f"{code};{_short(operands)}"
                foreground, background = (colour, background) if number == 38 else (foreground, colour)
                at += length
            elif 30 <= number <= 37 or 90 <= number <= 97:
                foreground = code
            elif 40 <= number <= 47 or 100 <= number <= 107:
                background = code
            elif number == 39:
                foreground = ""
            elif number == 49:
                background = ""
            else:
                raise UnknownRendition(parameters)
        return self.style(foreground, background, attributes, pen.link)

    def under_blank(self, pen: Style, wanted: Style) -> Style:
        """The style nearest to *pen* in which a space looks like one in *wanted*."""
        blank = wanted.blank
        if blank.attributes or blank.link:
            return wanted
        key = (pen, blank)
        style = self._blanks.get(key)
        if style is None:
            attributes = pen.attributes & ~_SHOWN_ON_BLANKS
            style = self._blanks[key] = self.style(pen.foreground, blank.background, attributes, "")
        return style

    def transition(self, pen: Style | None, wanted: Style) -> str:
        """The shortest sequence after which a terminal whose pen is *pen* (``None``: unknown) writes as *wanted*."""
        if pen is wanted:
            return ""
        key = (pen, wanted)
        sequence = self._transitions.get(key)
        if sequence is None:
            sequence = _link_change(pen, wanted, self._links) + _rendition_change(pen, wanted)
            self._transitions[key] = sequence
        return sequence


def _link_change(pen: Style | None, wanted: Style, links: bool) -> str:
    known = links if pen is None else pen.link != wanted.link
    return f"\x1b]8;{wanted.link or ';'}\x1b\\" if known else ""


def _rendition_change(pen: Style | None, wanted: Style) -> str:
    from_reset = [str(code) for code in range(1, 54) if wanted.attributes >> code & 1]
    from_reset += [colour for colour in (wanted.foreground, wanted.background) if colour]
    reset = f"\x1b[0;{';'.join(from_reset)}m" if from_reset else "\x1b[m"
    if pen is None:
        return reset
    steps: list[str] = []
    for off, codes, additive in _OFF_GROUPS:
        had = [code for code in codes if pen.attributes >> code & 1]
        wants = [code for code in codes if wanted.attributes >> code & 1]
        if had == wants:
            continue
        if had and not (additive and set(had) <= set(wants)):
            steps.append(str(off))
            had = []
        steps += [str(code) for code in wants if code not in had]
    if pen.foreground != wanted.foreground:
        steps.append(wanted.foreground or "39")
    if pen.background != wanted.background:
        steps.append(wanted.background or "49")
    if not steps:
        return ""
    change = f"\x1b[{';'.join(steps)}m"
    return change if len(change) <= len(reset) else reset
