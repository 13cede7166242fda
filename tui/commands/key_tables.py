"""The keys of all screens, as the documents list them."""

from __future__ import annotations

from typing import Any

from tui.commands.candidates_commands import CANDIDATES
from tui.commands.catalogue import MAIN
from tui.commands.compare_commands import COMPARE
from tui.commands.files_catalogue import FILES
from tui.commands.find_commands import FIND
from tui.commands.history_commands import HISTORY
from tui.commands.key_catalogue import KeyCatalogue, in_code
from tui.commands.layer_tree import LAYER_TREE
from tui.commands.plan_commands import PLAN
from tui.commands.storage_map import STORAGE_MAP
from tui.commands.usage_commands import USAGE

SCREENS: tuple[KeyCatalogue[Any, Any], ...] = (
    MAIN,
    FILES,
    FIND,
    COMPARE,
    LAYER_TREE,
    STORAGE_MAP,
    USAGE,
    CANDIDATES,
    PLAN,
    HISTORY,
)
"""The commands of every screen, the main one first."""


_INTRODUCTION = """# Keys

Every screen, with every key it answers to. `?` shows the same in orlop, for the screen one is on; `:` finds a command
by its name and runs it. The footer offers only keys that can do something where the cursor is."""


def keys_document() -> str:
    """A table for each screen, under its name: the whole of ``docs/keys.md``."""
    tables = (f"## {one.title}\n\n{one.keys_table()}" for one in SCREENS)
    return "\n\n".join((_INTRODUCTION, *tables)) + "\n"


def keys_summary() -> str:
    """The main screen's keys in the README: a row for each heading of the help, commands by their titles."""
    rows = ["| | |", "| --- | --- |"]
    for heading, commands in MAIN.grouped().items():
        rows.append(f"| {heading} | {' · '.join(f'{in_code(one.shown)} {one.title}' for one in commands)} |")
    return "\n".join(rows)
