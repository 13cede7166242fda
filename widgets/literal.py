"""Untrusted text made safe to show: what it says is shown, what it could do is not."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0 and C1 controls: escape sequences start here
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"  # bidi, zero width
    "\U000e0000-\U000e0fff"  # tags and variation selectors
    "\ud800-\udfff]"  # what is left of invalid UTF-8
)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"<{code:04X}>"


def literal(text: str) -> str:
    """``text`` on one line with every control, direction and invisible character made visible.

    Control characters become their pictures (``␛``, ``␊``), others their code point (``<202E>``),
    lone surrogates the replacement character; combining marks are composed where they can be, and a
    leading one gets a dotted circle to stand on. The result holds no character that moves the cursor.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _UNSAFE.sub(_visible, unicodedata.normalize("NFC", text))
    return f"\u25cc{shown}" if shown and unicodedata.combining(shown[0]) else shown


def literal_lines(text: str) -> list[str]:
    """Like :func:`literal`, with line breaks kept as breaks and tabs as four spaces."""
    return [literal(line) for line in text.replace("\t", "    ").replace("\r\n", "\n").split("\n")]
