"""Looking for a path in the layers of all images, for whoever shows only one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tui.contents.source import FileSource
from tui.model.known_paths import Holder, KnownSearch

OnSearched = Callable[[int, int], None]
"""Told how many layers have been searched, of how many; called in the thread that searches."""


class OtherImages(Protocol):
    """All layers that have been read at some time."""

    async def search(self, query: str, on_searched: OnSearched) -> KnownSearch:
        """Look for ``query``, a glob or a part of a path, in all of them. Cancelling stops it."""
        ...

    def source(self, holder: Holder) -> FileSource:
        """The files of an image that has a layer."""
        ...
