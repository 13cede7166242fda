"""The files of an image archive, for the Files screen: no engine is asked for anything."""

from __future__ import annotations

from pathlib import Path

from tui.contents.archive_choice import chosen_image
from tui.contents.archive_image import ArchiveImage, described_layers
from tui.contents.archived_file import read_archived_file
from tui.contents.image_archive import ImageArchive, read_file
from tui.contents.own_thread import in_own_thread
from tui.contents.reading import OnReading, Take
from tui.contents.source import FileStack
from tui.contents.watch import Stop

_THREAD = "orlop-archive"


class ArchiveSource:
    """What lies in the layers of one image of an archive file. See :class:`tui.contents.source.FileSource`.

    Every opening reads the file anew, and the cache of layers is left alone: that a layer in a file is what its diff ID
    says, nobody has checked.

    Args:
        path: the archive, as :func:`tui.contents.image_archive.read_file` takes it.
        image: which image is meant, if it holds several; as :func:`tui.contents.archive_choice.chosen_image` takes it.
    """

    kind = "archive"

    def __init__(self, path: Path, image: str = "") -> None:
        self.path = path
        self.image = image
        self._chosen: ArchiveImage | None = None

    @property
    def title(self) -> str:
        """The file's name, and the image's if one was asked for."""
        return f"{self.path.name}: {self.image}" if self.image else self.path.name

    async def open(self, on_reading: OnReading) -> FileStack:
        """Read what lies in every layer."""

        def read(stop: Stop) -> FileStack:
            archive = read_file(self.path, None, on_reading, stop)
            image = self._choose(archive)
            files = tuple(archive.layers[diff_id] for diff_id in image.diff_ids)
            return FileStack(described_layers(image, files), files, platform=image.platform)

        return await in_own_thread(read, _THREAD)

    async def read_file(self, layer: int, path: str, take: Take, *, limit: int | None, on_reading: OnReading) -> None:
        """Hand a file's body over, as it lies in that layer. Cancelling stops it at the next piece."""

        def read(stop: Stop) -> None:
            image = self._chosen or self._choose(read_file(self.path, (), None, stop))
            member = image.members[image.diff_ids[layer]]
            read_archived_file(self.path, member, path, take, limit=limit, on_reading=on_reading, stop=stop)

        await in_own_thread(read, _THREAD)

    def _choose(self, archive: ImageArchive) -> ArchiveImage:
        self._chosen = chosen_image(archive.images, self.path.name, self.image)
        return self._chosen
