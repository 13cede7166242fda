"""What is told of an image's waste. How it is counted stands in :mod:`tui.model.waste`, which is loaded later."""

from __future__ import annotations

from typing import NamedTuple


class Offender(NamedTuple):
    """A path whose stored bytes are not all seen in the end."""

    path: str
    """Of a file with several names, the first of them."""
    wasted_bytes: int
    copies: int
    """How many layers store a body for the path, the one that is kept included."""
    added_by: tuple[int, ...]
    """The layers whose copy is wasted, lowest first."""
    hidden_by: tuple[int, ...]
    """For each of those the layer that hid its copy."""
    deleted: bool
    """Whether the last wasted copy was deleted; else it was overwritten."""


class Loss(NamedTuple):
    """What one layer hides of what another has stored: a sentence about what would shrink the image."""

    added_by: int
    hidden_by: int
    deleted: bool
    """Deleted, or overwritten."""
    wasted_bytes: int
    files: int
    folder: str
    """The deepest folder that all of them lie in; ``""`` is the root."""
    stored_again_bytes: int = 0
    """Those of ``wasted_bytes`` that the later layer holds again with the same size and the same time of change: only
    owner or mode of such files were set, as by chown, and the layer stores them whole all the same."""


class Waste(NamedTuple):
    """What an image stores, shows and wastes; ``stored_bytes = visible_bytes + wasted_bytes``, always."""

    stored_bytes: int
    visible_bytes: int
    wasted_bytes: int
    offenders: tuple[Offender, ...]
    """Worst first, then by path."""
    losses: tuple[Loss, ...]
    """By pair of layers, worst first."""
    per_layer_wasted: tuple[int, ...]
    """Layer -> how many of the bytes it stores are wasted."""
    per_layer_stored: tuple[int, ...]
    """Layer -> the bytes it stores."""

    @property
    def efficiency(self) -> float:
        """Visible over stored, from 0 to 1; 1.0 when nothing is stored."""
        return self.visible_bytes / self.stored_bytes if self.stored_bytes else 1.0
