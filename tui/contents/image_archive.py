"""Reading the layers of an image archive: docker's own (of any age), an OCI layout, from a stream or from a file.

The members of an archive come in any order, and what says which of them are layers may come last. So each member that
looks like a layer is read as it goes by, and they are assigned to diff IDs in the end. That a blob has the digest it
is named by is not verified: it would cost more than all the rest, and who saved or pushed it has done so.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tui.contents.archive_contents import (
    ArchiveContents,
    FileContents,
    Part,
    Sniffed,
    blob_digest,
    layer_name,
    no_tar,
    opened,
    opening,
    read_chunks,
    refuse_foreign,
    sniff_member,
)
from tui.contents.archive_image import ArchiveImage
from tui.contents.byte_source import ByteSource, ChunkSource, FileSource
from tui.contents.compression import SNIFF_BYTES, Compression, sniff, unpacked
from tui.contents.errors import BrokenArchiveError, NoSuchFileError
from tui.contents.reading import OnReading
from tui.contents.tar_walk import Member, TarWalk, read_layer
from tui.contents.watch import Stop, Watch
from tui.model.layer_files import LayerFiles
from tui.model.storage import Phase, Reading


class ImageArchive(NamedTuple):
    """What an archive holds."""

    images: tuple[ArchiveImage, ...]
    layers: Mapping[str, LayerFiles]
    """Diff ID -> what the layer holds: of all layers, or those that were asked for."""


def read_stream(
    chunks: Iterable[bytes],
    wanted: Collection[str] | None = None,
    on_reading: OnReading | None = None,
    stop: Stop | None = None,
    *,
    name: str = "the image",
    total_bytes: int | None = None,
    limit: int | None = None,
) -> ImageArchive:
    """Read an archive that comes in chunks, once.

    Args:
        chunks: the archive, compressed or not. Closing it is for whoever opened it.
        wanted: diff IDs of the layers to read; ``None`` for all. Those that the archive lacks are left out.
        on_reading: told how far it has come, ten times a second.
        stop: asked many times a second whether anybody still wants this.
        name: what it is, as in the middle of a sentence.
        total_bytes: how much is expected to come, for ``on_reading``.
        limit: how many entries all layers may have together; as many as fit into this machine by default.

    Raises:
        BrokenArchiveError: it is no image archive, or it is cut short or damaged.
        TooManyEntriesError: its layers hold more than fits into memory.
        StoppedError: nobody wants it any more.
    """
    watch = Watch(on_reading, stop, total_bytes, limit=limit)
    source = opened(watch.over(chunks), name, watch)
    contents = ArchiveContents(name)
    layers: dict[str, LayerFiles | BrokenArchiveError] = {}
    for member in TarWalk(source).members():
        member_name = contents.note(member)
        sniffed = sniff_member(source, member)
        if sniffed.part is Part.DOCUMENT:
            contents.keep(member_name, source, member)
        elif sniffed.part is Part.LAYER and may_be_wanted(member_name, sniffed, wanted):
            open_layer = partial(inner_layer, source, member, sniffed, member_name, contents.name)
            layers[member_name] = _read_or_say_why(open_layer)
    images = contents.images()
    watch.finish()
    return _assigned(images, layers, wanted, contents.name)


def read_file(
    path: str | os.PathLike[str],
    wanted: Collection[str] | None = None,
    on_reading: OnReading | None = None,
    stop: Stop | None = None,
    *,
    limit: int | None = None,
) -> ImageArchive:
    """Read an archive that is a file: as :func:`read_stream`, and of what lies in layers only the headers.

    A file that is compressed as a whole, or a pipe, is read as a stream.

    Raises:
        NoSuchFileError: there is no such file, or it can't be opened.
        BrokenArchiveError: it is no image archive, or it is cut short or damaged.
        TooManyEntriesError: its layers hold more than fits into memory.
        StoppedError: nobody wants it any more.
    """
    if on_reading is not None and is_pipe(path):
        on_reading(Reading(Phase.UNWRITTEN))
    with opened_file(path) as (descriptor, size):
        name = Path(path).name
        if size is None:
            return read_stream(
                read_chunks(descriptor, name), wanted, on_reading, stop, name=name,
                total_bytes=os.fstat(descriptor).st_size or None, limit=limit,
            )  # fmt: skip
        watch = Watch(on_reading, stop, size, limit=limit)
        contents = file_contents(descriptor, size, name, watch)
        images = contents.images()
        members = {
            member
            for image in images
            for diff_id, member in image.members.items()
            if wanted is None or diff_id in wanted
        }
        layers: dict[str, LayerFiles | BrokenArchiveError] = {
            member: _read_or_say_why(partial(contents.layer, member)) for member in sorted(members, key=contents.place)
        }
        watch.done_bytes = size
        watch.finish()
        return _assigned(images, layers, wanted, contents.name)


def may_be_wanted(member_name: str, sniffed: Sniffed, wanted: Collection[str] | None) -> bool:
    """False for a blob whose name tells that it is another layer than those wanted."""
    if wanted is None or sniffed.compression is not Compression.PLAIN:
        return True
    digest = blob_digest(member_name)
    return digest is None or digest in wanted


def inner_layer(source: ByteSource, member: Member, sniffed: Sniffed, member_name: str, archive: str) -> ChunkSource:
    """The unpacked tar of the layer whose bytes come next in ``source``."""
    name = layer_name(member_name, archive)
    pieces = unpacked(sniffed.compression, source.pieces(member.header.body_bytes), name)
    return ChunkSource(pieces, name, source.watch)


def is_pipe(path: str | os.PathLike[str]) -> bool:
    """Whether there is a named pipe at ``path``."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


@contextmanager
def opened_file(path: str | os.PathLike[str]) -> Iterator[tuple[int, int | None]]:
    """A file's descriptor, and its size; ``None`` in place of that when it has to be read from front to back.

    Raises:
        NoSuchFileError: it can't be opened.
    """
    name = os.fspath(path)
    try:
        descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise NoSuchFileError(f"{name} can't be opened: {error.strerror}.", "Check its path.") from error
    except ValueError as error:
        raise NoSuchFileError(f"{name!a} is no file's name.", "Check its path.") from error
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise NoSuchFileError(f"{name} is a folder, not an archive.", "Name a file that docker save wrote.")
        yield descriptor, found.st_size if stat.S_ISREG(found.st_mode) and _is_plain(descriptor, name) else None
    finally:
        os.close(descriptor)


def _is_plain(descriptor: int, name: str) -> bool:
    try:
        return hasattr(os, "pread") and sniff(os.pread(descriptor, SNIFF_BYTES, 0)) is Compression.PLAIN
    except OSError as error:
        raise NoSuchFileError(f"{name} can't be read: {error.strerror}.", "Look at the disk.") from error


def file_contents(descriptor: int, size: int, name: str, watch: Watch) -> FileContents:
    """The members of an archive that is an open file.

    Raises:
        BrokenArchiveError: it is no tar, or it is cut short.
    """
    source = FileSource(descriptor, 0, size, opening(name), watch)
    refuse_foreign(source)
    contents = FileContents(name, descriptor, watch)
    for member in TarWalk(source).members():
        contents.note_file(member, source.place)
    return contents


def _read_or_say_why(open_layer: Callable[[], ByteSource]) -> LayerFiles | BrokenArchiveError:
    """The layer; or what is wrong with it, in case that it is none: other things lie in archives too."""
    try:
        return _whole_layer(open_layer())
    except BrokenArchiveError as error:
        return error


def _whole_layer(source: ByteSource) -> LayerFiles:
    """The layer, and what its compression says of its very end."""
    layer = read_layer(source)
    if isinstance(source, ChunkSource):
        for _ in source.rest():
            pass
    return layer


def _assigned(
    images: Sequence[ArchiveImage],
    layers: Mapping[str, LayerFiles | BrokenArchiveError],
    wanted: Collection[str] | None,
    archive: str,
) -> ImageArchive:
    """The layers by diff ID, of all images whose layers can be read; what is wrong with the others is noted.

    Raises:
        BrokenArchiveError: there is none that can be read.
    """
    assigned: dict[str, LayerFiles] = {}
    checked: list[ArchiveImage] = []
    first_error: BrokenArchiveError | None = None
    for image in images:
        asked = [diff_id for diff_id in image.diff_ids if wanted is None or diff_id in wanted]
        read = {diff_id: layers.get(image.members[diff_id]) for diff_id in asked}
        errors = [_error(layer, image.members[diff_id], archive) for diff_id, layer in read.items()]
        error = next((one for one in errors if one is not None), None)
        first_error = first_error or error
        if error is None:
            assigned.update({diff_id: layer for diff_id, layer in read.items() if isinstance(layer, LayerFiles)})
        checked.append(image if error is None else image._replace(diff_ids=(), made_by=(), problem=error.message))
    if first_error is not None and all(image.problem for image in checked):
        raise first_error
    return ImageArchive(tuple(checked), assigned)


def _error(layer: LayerFiles | BrokenArchiveError | None, member: str, archive: str) -> BrokenArchiveError | None:
    """Why a layer can't be had; ``None`` when it can."""
    if layer is None:
        return no_tar(member, archive)
    return layer if isinstance(layer, BrokenArchiveError) else None
