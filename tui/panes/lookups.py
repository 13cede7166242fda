"""What the details look up in what others have read; never a question to the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui.model import late_records
from tui.model.image import ImageDetail
from tui.panes.layers_view import SharersOf

DetailOf = Callable[[str], ImageDetail | None]
"""Image ID -> its detail; ``None`` while it has not been read."""
OriginOf = Callable[[str, str], str | None]
"""(image ID, path) -> the layer of the image that holds the path in the end, such as ``layer 2``; empty when none does,
``None`` while nobody has read the image's layers."""


def _unread(*_: str) -> None:
    return None


class Lookups(NamedTuple):
    """Where the details look."""

    sharers_of: SharersOf
    """Who else holds a layer."""
    detail_of: DetailOf
    """What an inspect told of an image."""
    origin_of: OriginOf = _unread
    """Which layer a container's file was copied up from."""
    waste_of: Callable[[str], late_records.Waste | None] = _unread
    """Image ID -> what of it is waste; ``None`` while nobody has read its layers."""
