"""Whether the engine is there."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from tui.engine.errors import EngineError


class LinkState(StrEnum):
    """How the connection to the engine stands."""

    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"


class Link(NamedTuple):
    """The connection's state, and while it is lost why, and when it is tried again."""

    state: LinkState = LinkState.CONNECTING
    error: EngineError | None = None
    retry_in: int = 0
    """Whole seconds until the next try; 0 while a try is under way."""
