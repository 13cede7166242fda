"""Every screen's keys: each command has words of its own, and no key is promised twice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tui.commands.key_catalogue import KeyCatalogue
from tui.commands.key_tables import SCREENS, keys_document
from tui.commands.layer_tree import LAYER_TREE
from tui.commands.storage_map import STORAGE_MAP


@pytest.mark.parametrize("catalogue", SCREENS, ids=lambda one: one.title)
def test_every_command_has_words_of_its_own(catalogue: KeyCatalogue[Any, Any]) -> None:
    assert len({command.help for command in catalogue.commands}) == len(catalogue.commands)
    assert all(command.help.endswith(".") and command.title and command.group for command in catalogue.commands)
    assert catalogue.keys_table() in keys_document()


@pytest.mark.parametrize("catalogue", [LAYER_TREE, STORAGE_MAP], ids=lambda one: one.title)
def test_no_key_stands_for_two_commands(catalogue: KeyCatalogue[Any, Any]) -> None:
    keys = Counter(key for command in catalogue.commands for key in command.keys)
    assert max(keys.values()) == 1, keys
