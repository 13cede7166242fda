"""Where the Files screen gets its files from, whatever it shows: an image, a container or an archive."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tui.contents.reading import OnReading, Take
from tui.model.container import Mount
from tui.model.file_stack import StackedFiles
from tui.model.layer import Layer
from tui.model.layer_files import LayerFiles


class FileStack(NamedTuple):
    """Layers with their files, lowest first."""

    layers: tuple[Layer, ...]
    """What each layer is. A container's writable layer is the last, with an empty diff ID and chain ID."""
    files: tuple[LayerFiles, ...]
    """What each holds, in the same order."""
    writable: bool = False
    """True when the last one is a container's writable layer."""
    stacked: StackedFiles | None = None
    """The same, laid on each other, where somebody has done that already."""
    mounts: tuple[Mount, ...] = ()
    """What is mounted into a container: its files are no part of any layer, and hide what the layers have there."""
    platform: str = ""
    """What machine the image in an archive is for, such as ``linux/arm64``: an archive may hold it for several."""


class FileSource(Protocol):
    """Something whose files can be looked at. Methods raise ContentsError or EngineError, each with a sentence."""

    @property
    def title(self) -> str:
        """What it is, for the head of the screen: a tag, a container's name, a file's name."""
        ...

    @property
    def kind(self) -> str:
        """``image``, ``container`` or ``archive``."""
        ...

    async def open(self, on_reading: OnReading) -> FileStack:
        """Read what lies in every layer, from the cache where it is known. Cancelling really stops the reading."""
        ...

    async def read_file(self, layer: int, path: str, take: Take, *, limit: int | None, on_reading: OnReading) -> None:
        """Hand the body of the file at ``path`` in layer number ``layer`` to ``take``, at most ``limit`` bytes of it.

        Of a container, the topmost layer stands for what the container sees: any file there can be asked for.

        Raises:
            NoSuchFileError: there is no such file (any more).
        """
        ...
