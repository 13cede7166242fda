"""What orlop puts on an engine for a moment, and how to know it again when it was left there.

To read or fill a volume, a container that is never started mounts it, made from an image of orlop's own. Both carry
:data:`HELPER_LABEL`, whose value tells who made them: another orlop may be using its own at this very moment.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.model.container import Container
from tui.model.image import Image

HELPER_LABEL = "orlop.helper"
"""On every container and image that orlop makes for itself; the value is a :class:`Maker` as text."""
HELPER_NAME = "orlop-helper"
"""What the names of such containers begin with, and the repository of such images."""
ABANDONED_AFTER = 24 * 3600.0
"""Seconds after which something made on another computer counts as left behind: no backup takes that long."""


class Maker(NamedTuple):
    """Which orlop made a helper, and which of its helpers it is."""

    computer: str
    """Where that orlop runs: its host name."""
    process: int
    """Its process ID."""
    token: str
    """Made up for this one helper; unique."""

    @property
    def text(self) -> str:
        """The label's value."""
        return f"{self.computer}/{self.process}/{self.token}"

    @property
    def name(self) -> str:
        """The helper container's name."""
        return f"{HELPER_NAME}-{self.token}"


def maker_of(value: str) -> Maker | None:
    """Who a label's value tells of; ``None`` when it is no value of ours."""
    parts = value.rsplit("/", 2)
    if len(parts) != 3 or not parts[1].isdecimal() or not parts[1].isascii():
        return None
    return Maker(parts[0], int(parts[1][:12]), parts[2])


def is_leftover(thing: Container | Image) -> bool:
    """True for a container or an image that orlop made for itself. Nothing of the user's is in it."""
    return HELPER_LABEL in thing.labels
