"""IDs that look like the engine's and are the same on every run: digests of the demo's own names."""

from __future__ import annotations

import hashlib


def hex_id(*parts: str) -> str:
    """64 hex digits that stand for ``parts``; lone surrogates are allowed in them."""
    text = "\x1f".join(("orlop demo", *parts))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest(*parts: str) -> str:
    """Like :func:`hex_id`, with the ``sha256:`` in front."""
    return f"sha256:{hex_id(*parts)}"
