"""Text cut into cells, and which text every terminal cuts the same way.

Terminals agree on the width of most characters and differ on some: joined emoji, variation selectors, marks,
what the newest Unicode added. `agreed` tells them apart, so that nothing depends on a disputed width.
"""

from __future__ import annotations

from rich.cells import cell_len

# Sets and comparisons, not patterns: compiling a pattern of these takes milliseconds at start-up.
_NARROW = (
    " ~\u00a0\u00ac\u00ae\u02ff\u0370\u0377\u037a\u037f\u0384\u0482\u048a\u052f"  # Latin, Greek, Cyrillic
    "\u2010\u2015\u2018\u2022\u2026\u2026\u2030\u2030\u2032\u2033\u2039\u203a\u20ac\u20ac"  # punctuation
    "\u2190\u2193\u2200\u2211\u2248\u2248\u2260\u2260\u2264\u2265\u2400\u2421"  # arrows, signs, pictures of controls
    "\u2500\u25fa\u2713\u2713\u2717\u2717\u276f\u276f\u2800\u28ff"  # lines, blocks, shapes, ticks, braille
)
"""First and last of each range of characters that take one cell on every terminal."""

_WIDE = (("\u3041", "\u3096"), ("\u30a1", "\u30fa"), ("\u4e00", "\u9fef"), ("\uac00", "\ud7a3"), ("\uff01", "\uff60"))
"""First and last of ranges that take two: kana, CJK, Hangul, full-width forms."""

_NARROW_CHARACTERS = frozenset(
    chr(code)
    for first, last in zip(_NARROW[::2], _NARROW[1::2], strict=True)
    for code in range(ord(first), ord(last) + 1)
)

narrow = _NARROW_CHARACTERS.issuperset
"""Whether each character of a text takes one cell, on every terminal."""


def agreed(text: str) -> bool:
    """Whether there is no doubt about the width of each character of *text* (which may be empty)."""
    return narrow(text) or all(
        character in _NARROW_CHARACTERS or any(first <= character <= last for first, last in _WIDE)
        for character in text
    )


_JOINER = "\u200d"
"""Makes one character of its neighbours (a family out of people)."""


class DisputedWidth(ValueError):
    """Text whose cells do not add up to the width that the layout gave it."""


def cells(text: str) -> tuple[str, list[str]]:
    """Cut *text* into cells.

    Returns:
        The zero-width characters that *text* begins with (they belong to the cell before it), and one string
        for each cell: a character with its marks, or ``""`` for the further cells of a wide one.

    Raises:
        DisputedWidth: If the clusters' widths do not add up to the width of the whole text.
    """
    leading = ""
    clusters: list[str] = []
    joining = False
    for character in text:
        if clusters and (joining or cell_len(character) == 0):
            clusters[-1] += character
        elif cell_len(character) == 0:
            leading += character
        else:
            clusters.append(character)
        joining = character == _JOINER
    result: list[str] = []
    for cluster in clusters:
        result.append(cluster)
        result.extend([""] * (cell_len(cluster) - 1))
    if len(result) != cell_len(text):
        raise DisputedWidth(text)
    return leading, result
