"""Paths found in layers that have been read at some time, and the images that have those layers."""

from __future__ import annotations

from typing import NamedTuple

from tui.model.file_search import FoundPath


class Holder(NamedTuple):
    """An image that has a layer."""

    image_id: str
    title: str
    """Its first tag, or the first digits of its ID."""
    layer: int
    """The layer's number in it; 0 is the lowest."""


class KnownPath(NamedTuple):
    """A path in a layer, and which images have that layer (none: it was read from something that is gone)."""

    found: FoundPath
    holders: tuple[Holder, ...]


class KnownSearch(NamedTuple):
    """What was found, and where it was looked for."""

    found: tuple[KnownPath, ...]
    cut_off: bool
    """True when there is more than is told."""
    layers: int
    """How many layers were searched."""
    images: int
    """Of how many images every layer is at hand."""
    unread: int
    """How many images have a layer that nobody has read yet."""
    problem: str = ""
    """Why it isn't known which images have which layers, in a sentence; mostly empty."""
