"""Digests of files in layers: two files of the same size and digest hold the same."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence

from tui.contents.reading import OnReading
from tui.contents.source import FileSource
from tui.model.file_search import SameFiles, StoredFile
from tui.model.storage import Reading


async def file_digest(source: FileSource, layer: int, path: str, on_reading: OnReading) -> str:
    """``sha256:…`` of all bytes of the file at ``path`` in layer number ``layer``; nothing of it is kept.

    Cancelling stops the reading. Raises what :meth:`FileSource.read_file` raises.
    """
    digest = hashlib.sha256()
    await source.read_file(layer, path, digest.update, limit=None, on_reading=on_reading)
    return f"sha256:{digest.hexdigest()}"


class FileDigests:
    """Digests of the files of a stack, read group by group, and how far that has come.

    Args:
        source: where the files come from.
        layer_of: which layer's copy of a file to read.
    """

    def __init__(self, source: FileSource, layer_of: Callable[[StoredFile], int]) -> None:
        self._source = source
        self._layer_of = layer_of
        self._read: dict[tuple[int, str], str] = {}
        self.known: dict[tuple[int, str], str] = {}
        """(layer, path) -> digest, for the files of groups that were read to the end. Of a group that was given up
        half way nothing stands here: its files would be told apart from ones that were never read."""
        self.done = 0
        """How many files the reading under way has read."""
        self.total = 0
        """How many it is to read."""
        self.reading: Reading | None = None
        """How far it is with the file it reads."""

    async def read(self, groups: Sequence[SameFiles], on_group: Callable[[SameFiles], Awaitable[None]]) -> None:
        """Read the files of ``groups`` that have not been read; ``on_group`` is told of each that is done.

        Cancelling stops it. Raises what :meth:`FileSource.read_file` raises; the groups done by then stay known.
        """
        self.done, self.total = 0, sum(1 for group in groups for _ in self._unread(group))
        for group in groups:
            for file in self._unread(group):
                self.reading = None
                digest = await file_digest(self._source, self._layer_of(file), file.path, self._note)
                self._read[file.layer, file.path] = digest
                self.done += 1
            self.known.update(((file.layer, file.path), self._read[file.layer, file.path]) for file in group.files)
            await on_group(group)

    def _unread(self, group: SameFiles) -> Iterable[StoredFile]:
        return [file for file in group.files if (file.layer, file.path) not in self._read]

    def _note(self, reading: Reading) -> None:
        """Called in whichever thread reads."""
        self.reading = reading
