"""Running ``orlop layers`` in the tests, and an image with waste in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.layered_images import Item, file, folder, gone

Orlop = Callable[..., tuple[int, str, str]]
"""Runs the command with arguments: exit code, stdout, stderr."""

WASTEFUL: tuple[tuple[Item, ...], ...] = (
    (folder("etc"), file("etc/kept", bytes(6_000_000)), file("etc/changed", bytes(1_000_000))),
    (folder("cache"), file("cache/a", bytes(2_000_000)), file("cache/b", bytes(1_000_000))),
    (gone("cache"), file("etc/changed", bytes(1_000_000))),
)
"""11 MB stored, 7 MB visible, 4 MB wasted, of 4 MB above the lowest layer."""


def parsed(text: str) -> dict[str, Any]:
    assert text.isascii()
    assert not [character for character in text if not character.isprintable() and character != "\n"]
    document: dict[str, Any] = json.loads(text, parse_constant=pytest.fail)
    return document
