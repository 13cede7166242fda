"""What the Find screen leaves behind when it goes away, so that it comes back as it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.contents.file_digest import FileDigests
from tui.contents.source import FileSource
from tui.model.file_stack import StackedFiles


@dataclass(slots=True)
class FindMemory:
    """Where the user was in the lists, and what has been read for them."""

    stacked: StackedFiles
    """Which files it is about: of others nothing is remembered."""
    digests: FileDigests
    """What reading files took is not thrown away."""
    shown: str = "paths"
    """The list that was shown."""
    text: str = ""
    """What was looked for."""
    everywhere: bool = False
    """Whether all images were."""
    least_bytes: int = 10_000
    cursors: dict[str, str] = field(default_factory=dict)
    """List -> key of the row the cursor was on."""
    opened: frozenset[str] = frozenset()
    """Keys of the groups that were open."""

    @classmethod
    def of(cls, source: FileSource, stacked: StackedFiles) -> FindMemory:
        """Nothing remembered yet of the files of ``source``."""
        return cls(stacked, FileDigests(source, lambda file: layer_to_read(source, stacked, file.layer, file.path)))


def layer_to_read(source: FileSource, stacked: StackedFiles, layer: int, path: str) -> int:
    """Which layer to read a file from: what a container sees is read through it, for that is one file."""
    node = stacked.node(path)
    if source.kind != "container" or node is None:
        return layer
    # From a layer of its image it may mean reading the whole image.
    seen = stacked.entry_at(node, stacked.top)
    return stacked.top if seen is not None and seen[0] == layer else layer
