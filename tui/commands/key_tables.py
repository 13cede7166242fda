"""The keys of all screens, as the README lists them."""

from __future__ import annotations

from typing import Any

from tui.commands.candidates_commands import CANDIDATES
from tui.commands.catalogue import MAIN
from tui.commands.compare_commands import COMPARE
from tui.commands.files_catalogue import FILES
from tui.commands.find_commands import FIND
from tui.commands.history_commands import HISTORY
from tui.commands.key_catalogue import KeyCatalogue
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


def key_tables() -> str:
    """A table for each screen, under its name; the main screen's has no heading of its own."""
    first, *others = SCREENS
    return "\n\n".join((first.keys_table(), *(f"### {one.title}\n\n{one.keys_table()}" for one in others)))
