"""One file out of one layer of an image archive that is a file: looked for, and handed over piece by piece.

What the last entry of a path holds is the file, as for who unpacks the layer; so the headers of the whole layer are
looked at before a byte of it is handed over. In a plain archive that costs some milliseconds.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from tui.contents.archive_contents import opened, opening, read_chunks, sniff_member
from tui.contents.archive_image import shown
from tui.contents.byte_source import ByteSource
from tui.contents.errors import BrokenArchiveError, NoSuchFileError
from tui.contents.image_archive import file_contents, inner_layer, opened_file
from tui.contents.layer_entry import LayerEntry, last_entry
from tui.contents.reading import OnReading, Take
from tui.contents.tar_walk import TarWalk
from tui.contents.watch import Stop, Watch
from tui.model.layer_files import Kind

_MOST_HOPS = 10
"""Hard links to hard links, before it is given up."""

_OpenLayer = Callable[[], ByteSource]
"""The layer's tar, from its beginning."""


def read_archived_file(
    archive: Path,
    member: str,
    path: str,
    take: Take,
    *,
    limit: int | None = None,
    on_reading: OnReading | None = None,
    stop: Stop | None = None,
) -> None:
    """Hand the body of the file at ``path`` to ``take``, at most ``limit`` bytes; of a hard link, the body of its file.

    Args:
        archive: the archive file.
        member: its member that is the layer.
        path: relative to the root.
        take: called in this thread, which waits for it.
        limit: bytes; ``None`` for all.
        on_reading: told how far it has come in the archive.
        stop: asked many times a second whether anybody still wants this.

    Raises:
        NoSuchFileError: there is no such archive, layer or file in it.
        BrokenArchiveError: the archive is cut short or damaged.
        StoppedError: nobody wants it any more.
    """
    with opened_file(archive) as (descriptor, size):
        watch = Watch(on_reading, stop, size or os.fstat(descriptor).st_size)
        name = archive.name
        if size is None:
            _refuse_pipe(descriptor, name)

        def open_layer() -> ByteSource:
            if size is None:
                return _streamed_layer(descriptor, name, member, watch)
            contents = file_contents(descriptor, size, name, watch)
            found = contents.member(member)
            if found is None:
                raise _no_layer(name, member)
            return contents.layer(found)

        _hand_over(open_layer, _file_at(open_layer, path), take, limit)
        watch.finish()


def _refuse_pipe(descriptor: int, name: str) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise NoSuchFileError(f"{opening(name)} is no file that could be read twice.", "Save it to a file first.")


def _streamed_layer(descriptor: int, name: str, wanted: str, watch: Watch) -> ByteSource:
    """The layer in an archive that is compressed as a whole."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    watch.done_bytes = 0
    source = opened(watch.over(read_chunks(descriptor, name)), name, watch)
    for member in TarWalk(source).members():
        if member.path == wanted and member.header.kind is Kind.FILE:
            return inner_layer(source, member, sniff_member(source, member), wanted, opening(name))
    raise _no_layer(name, wanted)


def _no_layer(name: str, member: str) -> NoSuchFileError:
    return NoSuchFileError(f"{opening(name)} lacks the layer {shown(member)}.", "It has changed: open it again.")


def _file_at(open_layer: _OpenLayer, path: str) -> LayerEntry:
    """The entry with the body that ``path`` stands for."""
    name, before = path, None
    for _ in range(_MOST_HOPS):
        found = last_entry(open_layer(), name, before)
        if found is None:
            break
        if found.member.header.kind is Kind.FILE:
            return found
        if found.member.header.kind is not Kind.HARD_LINK:
            raise NoSuchFileError(f"{shown(path)} is no plain file.", "Choose another one.")
        # A link is to what its name stood for when it was made.
        name, before = found.member.link, found.number
    raise NoSuchFileError(f"There is no file {shown(path)} in that layer.", "It may be in another layer.")


def _hand_over(open_layer: _OpenLayer, found: LayerEntry, take: Take, limit: int | None) -> None:
    size = found.member.header.size_bytes
    left = size if limit is None else min(limit, size)
    if left <= 0:
        return
    source = open_layer()
    for number, member in enumerate(TarWalk(source).members()):
        if number == found.number:
            for piece in member.body(source):
                take(piece[:left])
                left -= len(piece)
                if left <= 0:
                    return
    raise BrokenArchiveError(f"{source.name} is not what it was a moment ago.", "Open it again.")
