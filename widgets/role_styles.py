"""From colour roles to the styles of the theme in force."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from rich.text import Text
from textual.app import App
from textual.color import Color

from widgets.cell import Line, Role
from widgets.literal import literal

_ATTRIBUTES = frozenset({"bold", "dim", "italic", "underline", "reverse", "strike"})
_cache: dict[tuple[str, bool], Mapping[Role, Style]] = {}


def _style(value: str) -> Style:
    """A style from a theme variable such as ``bold #f2efe6``; unknown colours are left out."""
    words = value.split()
    colour = next((word for word in words if word not in _ATTRIBUTES), "")
    attributes = Style.parse(" ".join(word for word in words if word in _ATTRIBUTES))
    return attributes + Style(color=Color.parse(colour).rich_color if colour else None)


def role_styles(app: App[object]) -> Mapping[Role, Style]:
    """The style of each role under the app's theme; foreground and attributes only."""
    key = (app.theme, app.native_ansi_color)
    if key not in _cache:
        variables = app.theme_variables
        fallback = variables.get("foreground", "ansi_default")
        _cache[key] = {role: _style(variables.get(f"role-{role.value}", fallback)) for role in Role}
    return _cache[key]


def styled(line: Line, styles: Mapping[Role, Style]) -> Text:
    """A line's cells as one styled text, made literal."""
    text = Text(end="")
    for cell in line:
        text.append(literal(cell.text), styles[cell.role])
    return text


def styled_end(line: Line, styles: Mapping[Role, Style], room: int) -> Text:
    """A line in at most ``room`` columns. One that ends with a figure keeps it, and whole cells before it go.

    What is kept is an end of the line, so that columns of rows below each other stay in line; and a figure is never
    cut, which would make it another figure.
    """
    text = styled(line, styles)
    if text.cell_len > room:
        if line[-1].role is Role.NUMBER:
            at = len(line) - 1
            while at and styled(line[at - 1 :], styles).cell_len <= room:
                at -= 1
            text = styled(line[at:], styles)
        text.truncate(room, overflow="ellipsis")
    return text
