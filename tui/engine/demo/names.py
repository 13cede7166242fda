"""Container names: which ones an engine accepts, and the ones it makes up."""

from __future__ import annotations

import re

from tui.engine.demo.digest import hex_id
from tui.engine.errors import BadRequestError

_VALID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+\Z")
_MOODS = ("amber", "brisk", "calm", "dapper", "eager", "fond", "gentle", "hazel", "keen", "lucid", "mellow", "noble")
_SCHOLARS = ("noether", "shannon", "hopper", "lovelace", "turing", "curie", "euler", "gauss", "meitner", "ritchie")


def check_name(name: str) -> None:
    """Raise :class:`BadRequestError` when an engine would not take ``name`` for a container."""
    if not _VALID.match(name):
        raise BadRequestError(
            f"{name or 'An empty text'} is no name for a container.",
            "Use letters, digits, and _ . - after the first; at least two characters.",
        )


def made_up_name(key: str, *, taken: set[str]) -> str:
    """A name for a container nobody named, the same for the same ``key``."""
    number = int(hex_id("name", key)[:8], 16)
    name = f"{_MOODS[number % len(_MOODS)]}_{_SCHOLARS[number // len(_MOODS) % len(_SCHOLARS)]}"
    tried, candidate = 1, name
    while candidate in taken:
        tried += 1
        candidate = f"{name}{tried}"
    return candidate
