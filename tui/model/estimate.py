"""How many bytes come back, how far that can be trusted, and why not further."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How far an :class:`Estimate` can be trusted."""

    EXACT = "exact"
    AT_LEAST = "at least"
    UP_TO = "up to"
    ABOUT = "about"
    """It may be more, and it may be less."""
    UNKNOWN = "unknown"


class Doubt(StrEnum):
    """Why an estimate is not exact."""

    LAYERS_UNREAD = "layers unread"
    """The layers of something that goes have not been read."""
    HOLDERS_UNREAD = "holders unread"
    """The layers of something that stays have not been read: it may hold the same ones."""
    IMAGE_GONE = "image gone"
    """An image under a container was removed by force: which layers it has can't be read any more."""
    LAYER_SIZE = "layer size"
    """The size of a layer is not known."""
    WRITABLE_SIZE = "writable size"
    """The size of a container's writable layer is not known."""
    VOLUME_SIZE = "volume size"
    """The size of a volume is not known."""
    BUILD_CACHE = "build cache"
    """The build cache shares layers with images and may keep them until it is pruned."""
    CACHE_SIZE = "cache size"
    """The engine does not say what a record of the build cache holds: it counts a local image's layers as nothing."""
    BUILD_CACHE_UNREAD = "build cache unread"
    """The build cache has not been read: it may keep layers."""
    CONTAINERD_STORE = "containerd store"
    """The engine does not say what its compressed copies take."""
    OTHER_ENGINE = "other engine"
    """Not Docker's own engine: its figures have not been held against its disk."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many bytes come back."""

    bytes: int | None
    """``None`` only when ``certainty`` is unknown."""
    certainty: Certainty = Certainty.EXACT
    doubts: tuple[Doubt, ...] = ()
    """Why it is not exact, in the order of :class:`Doubt`; empty when it is."""


NOTHING = Estimate(0)
"""Not a byte, and surely so."""
