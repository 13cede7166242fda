"""The escape sequences of a frame, told apart (ECMA-48, xterm's ctlseqs, the OSC 8 proposal)."""

from __future__ import annotations

import re

_TEXT = "[^\x00-\x1f\x7f-\x9f]+"

TOKEN = re.compile(
    f"\x1b\\[(?P<look>[0-9;]+)m(?P<segment>{_TEXT})\x1b\\[0?m"  # the way Textual writes nearly everything
    "|\x1b\\[(?P<row>[0-9]*)(?:;(?P<column>[0-9]*))?[Hf]"
    f"|(?P<text>{_TEXT})"
    "|\x1b\\[(?P<sgr>[0-9;]*)m"
    "|\x1b\\]8;(?P<link>[^\x07\x1b]*)(?:\x07|\x1b\\\\)"
    "|(?P<other>"
    "\x1b\\[[0-?]*[ -/]*[@-~]"  # CSI
    "|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)"  # OSC
    "|\x1b[PX^_][^\x1b]*\x1b\\\\"  # DCS, SOS, PM, APC
    "|\x1b[ -/]*[0-OQ-WYZ`-~]"  # other escape sequences
    "|[\x00-\x1f\x7f-\x9f])"  # controls, and whatever began one of the above without ending it
)
"""One piece of output; every character belongs to one. The names of the groups say which kind it is."""

LOOK, SEGMENT, ROW, COLUMN, TEXT, SGR, LINK, OTHER = range(1, 9)
"""The groups of `TOKEN`, for `re.Match.lastindex`."""

_HARMLESS_MODES = frozenset(
    [
        "1",
        "7",
        "12",
        "25",
        "1000",
        "1001",
        "1002",
        "1003",
        "1004",
        "1005",
        "1006",
        "1007",
        "1015",
        "1016",
        "2004",
        "2026",
        "2027",
        "2031",
        "2048",
    ]
)
"""Private modes that neither change what is on the screen nor what later output does to it."""

_HARMLESS = re.compile(
    "\x07"  # bell
    "|\x1b[=>]"  # keypad
    "|\x1b\\][0-79][^\x07\x1b]*(?:\x07|\x1b\\\\)"  # OSC: title, colours, pointer, clipboard (links are not among these)
    "|\x1b\\][0-9]{2,}[^\x07\x1b]*(?:\x07|\x1b\\\\)"
    "|\x1b\\[[<>=?][0-9;]*u"  # kitty's keyboard protocol
    "|\x1b\\[[>?]?[0-9;]*[nc]"  # status and attribute reports
    "|\x1b\\[\\??[0-9;]*\\$p"  # mode reports
    "|\x1b\\[>[0-9;]*q"  # version report
    "|\x1b\\[[0-9]* q"  # cursor shape
    "|\x1b\\[1[3-9](?:;[0-9]*)?t"  # size reports
)

_MODES = re.compile("\x1b\\[\\?([0-9;]+)[hl]")

_KEEPS_PEN = re.compile("\x1b\\[\\??[0-9;]*[@A-Zabd-l]")

_LAST_SGR = re.compile("\x1b\\[([0-9;:]*)m")


def is_harmless(sequence: str) -> bool:
    """Whether the screen, the cursor and the pen are the same after *sequence* as before."""
    if _HARMLESS.fullmatch(sequence):
        return True
    modes = _MODES.fullmatch(sequence)
    return modes is not None and _HARMLESS_MODES.issuperset(modes[1].split(";"))


def keeps_pen(sequence: str) -> bool:
    """Whether the pen is the same after *sequence* as before, whatever else it does."""
    return is_harmless(sequence) or _KEEPS_PEN.fullmatch(sequence) is not None


def last_rendition(output: str) -> str | None:
    """The parameters of the last SGR in *output*, or ``None`` if there is none."""
    found = _LAST_SGR.findall(output)
    return found[-1] if found else None
