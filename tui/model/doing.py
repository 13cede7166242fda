"""What is being done to an object right now, or why it could not be done."""

from __future__ import annotations

from typing import NamedTuple


class Doing(NamedTuple):
    """An action on one object: under way, or refused by the engine."""

    word: str
    """``removing``, ``stopping`` …"""
    refusal: str = ""
    """The engine's refusal in plain words; empty while the action is under way."""
