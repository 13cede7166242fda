"""Of pictures in several sizes and themes, `make test` takes the small one; `make test-all` takes all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_SMALL = "80x24"
_ALL_OF_IT = "test_snapshots.py"
"""The main screen, in every size and theme each time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark those slow that have a small sister."""
    ours = [item for item in items if item.path.parent == _HERE and item.path.name != _ALL_OF_IT]
    small = {(item.path, getattr(item, "originalname", "")) for item in ours if _SMALL in item.name}
    for item in ours:
        if (item.path, getattr(item, "originalname", "")) in small and _SMALL not in item.name:
            item.add_marker(pytest.mark.slow)
