"""Every command, in the order of help and footer, and what may be done with the list."""

from __future__ import annotations

from collections.abc import Iterable

from tui.commands import changing, general, moving
from tui.commands.command import Command
from tui.commands.desk import Situation

COMMANDS: tuple[type[Command], ...] = (
    changing.Shell,
    changing.Execute,
    changing.Delete,
    changing.StartOrStop,
    changing.Restart,
    changing.PauseOrUnpause,
    changing.Kill,
    changing.Rename,
    moving.FocusImages,
    moving.FocusContainers,
    moving.FocusVolumes,
    moving.FocusDetails,
    moving.NextPane,
    moving.PreviousPane,
    moving.Back,
    moving.Filter,
    moving.SearchNext,
    moving.SearchPrevious,
    moving.Clear,
    moving.CycleSort,
    moving.Inspect,
    moving.OpenAll,
    moving.CloseAll,
    moving.NextTab,
    moving.PreviousTab,
    moving.Exact,
    moving.Zoom,
    moving.CopyId,
    moving.CopyName,
    moving.NextTheme,
    general.Refresh,
    general.Help,
    general.Palette,
    general.Redraw,
    general.Quit,
)

CURSOR_KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓  k j", "Move; past the end, to the neighbouring pane."),
    ("→ ←  l h", "Open and close; out of the tree, to the details and back."),
    ("Enter", "Open, or jump to the object a row leads to."),
    ("PgUp PgDn  Ctrl+B Ctrl+F", "A screen up or down."),
    ("Home End  g G", "First and last row."),
    ("H L", "Scroll long rows sideways."),
)
"""The keys that the trees themselves answer to, for the help and the README."""


def every_key() -> tuple[str, ...]:
    """Every Textual key name that a command answers to, once."""
    return tuple(dict.fromkeys(key for command in COMMANDS for key in command.keys))


def command_for(key: str, situation: Situation) -> type[Command] | None:
    """The first command for ``key`` that applies here."""
    return next((command for command in COMMANDS if key in command.keys and command.applies(situation)), None)


def applicable(situation: Situation) -> Iterable[type[Command]]:
    """The commands that apply here."""
    return (command for command in COMMANDS if command.applies(situation))


def grouped() -> dict[str, list[type[Command]]]:
    """The commands under their headings."""
    groups: dict[str, list[type[Command]]] = {}
    for command in COMMANDS:
        groups.setdefault(command.group, []).append(command)
    return groups


def keys_table() -> str:
    """All keys as the Markdown table of the README."""
    rows = ["| Key | What it does |", "| --- | --- |"]
    rows += [f"| {_code(keys)} | {words} |" for keys, words in CURSOR_KEYS]
    rows += [f"| {_code(command.shown)} | {command.help} |" for command in COMMANDS]
    return "\n".join(rows)


def _code(keys: str) -> str:
    return " ".join(f"`{key}`" for key in keys.split())
