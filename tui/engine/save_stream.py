"""An engine's save stream of one image: its layers' contents, or one file out of one of them, and nothing kept of it.

The classic store puts the whole archive together on its disk first, which takes seconds or minutes, and tells nothing
until then. The image is asked for by its ID, which nobody can give to another one meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tui.contents.archive_contents import ArchiveContents, Part, blob_digest, opened, sniff_member
from tui.contents.byte_source import ChunkSource
from tui.contents.image_archive import ImageArchive, inner_layer, read_stream
from tui.contents.layer_entry import last_entry
from tui.contents.reading import Take
from tui.contents.tar_walk import Member, TarWalk
from tui.contents.watch import Watch
from tui.engine import reading as asking
from tui.engine.errors import EngineFaultError, NotFoundError
from tui.engine.failures import named
from tui.engine.long_reading import LongReading
from tui.model.image import ImageDetail
from tui.model.layer_files import Kind
from tui.model.storage import Reading

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import SdkClient

T = TypeVar("T")

_PIECE = 1 << 18
_HELD_BYTES = 8 << 20
"""A file up to this size is kept in memory until the layer's end shows that no later entry replaces it."""
_MOST_HOPS = 3
"""A hard link may lead to another name, which stands before it in the tar: then it takes one more pass."""
_OTHER_PASSES = 2
"""One to find out which member of the archive is the layer, and one more for a large file."""


def read_layers(reading: LongReading, image: ImageDetail, wanted: Collection[str]) -> ImageArchive:
    """Read these layers of the image (by diff ID), in one pass."""
    name = _name(image)

    def read(sdk: SdkClient) -> ImageArchive:
        return read_stream(
            _chunks(sdk, image), wanted, told_by(reading), lambda: reading.stopped,
            name=name, total_bytes=image.size_bytes,
        )  # fmt: skip

    return _asked(reading, image, read, f"T{name[1:]} could not be read")


def _asked(reading: LongReading, image: ImageDetail, work: Callable[[SdkClient], T], failed: str) -> T:
    """Of an image that is gone, an engine says that it could not save it, and not that there is none."""
    try:
        return reading.ask(work, failed)
    except EngineFaultError:
        reading.check()
        asking.check_image(reading.connection, image.id)
        raise


def told_by(reading: LongReading) -> Callable[[Reading], None]:
    """Tell what a :class:`Watch` tells, which counts the time by itself; an estimated total is never less than done."""

    def tell(far: Reading) -> None:
        total = far.total_bytes
        reading.tell_at_once(far if total is None else far._replace(total_bytes=max(total, far.done_bytes)))

    return tell


def _name(image: ImageDetail) -> str:
    """What is read, in the middle of a sentence."""
    return f"the save stream of the {named('image', image.tags[0] if image.tags else image.id)[4:]}"


def _chunks(sdk: SdkClient, image: ImageDetail) -> Iterator[bytes]:
    body = sdk.save_stream(image.id)
    return iter(lambda: body.read(_PIECE), b"")


class _Wanted(NamedTuple):
    """What a pass looks for in the layer's tar."""

    path: str
    before: int | None = None
    """The number of the entry that is a hard link to ``path``."""
    number: int | None = None
    """The number of the file's own entry, once that is known."""


class _Held:
    """The body of the last entry that may be the file, as long as it isn't too large to keep."""

    def __init__(self, source: ChunkSource, limit: int | None) -> None:
        self._source = source
        self._limit = limit
        self.pieces: list[bytes] | None = None
        """``None`` when it is too large, or no file."""

    def take(self, entry: Member) -> None:
        """Keep this one's instead."""
        self.pieces = None
        if entry.header.kind is Kind.FILE and _wanted_bytes(entry, self._limit) <= _HELD_BYTES:
            self.pieces = list(_body(entry, self._source, self._limit))


class FileSearch:
    """Looks for one file of one layer in the stream, and hands it over.

    Which member of the archive is which layer stands at its end. It takes one pass where that is known already, or can
    be told from the member's name; else a first one to find out. That no later entry of the layer replaces the file
    is known at the layer's end: a small file is kept until then, a large one takes a pass of its own.

    Args:
        members: diff ID -> name of its member in the archive, as far as known of this image; added to.
    """

    def __init__(
        self, reading: LongReading, image: ImageDetail, diff_id: str, members: MutableMapping[str, str]
    ) -> None:
        self._reading = reading
        self._image = image
        self._diff_id = diff_id
        self._members = members
        self._layer = f"the {named('layer', diff_id)[4:]}"

    def hand_over(self, path: str, take: Take, limit: int | None) -> None:
        """Hand the body of the file at ``path`` to ``take``, at most ``limit`` bytes of it.

        Raises NotFoundError when there is no file. Of one that the layer's tar names twice, the last is taken.
        """
        failed = f"{path} in {self._layer} could not be read"
        wanted: _Wanted | None = _Wanted(path)
        for _ in range(1 + _MOST_HOPS + _OTHER_PASSES):
            if wanted is None:
                return
            wanted = _asked(self._reading, self._image, partial(self._pass, wanted, take, limit), failed)
        if wanted is not None:
            raise NotFoundError(f"{path} in {self._layer} is a link that leads nowhere.", "Choose another file.")

    def _pass(self, wanted: _Wanted, take: Take, limit: int | None, sdk: SdkClient) -> _Wanted | None:
        """One pass. Returns ``None`` when the file was handed over, else what to look for in the next."""
        watch = Watch(told_by(self._reading), lambda: self._reading.stopped, self._image.size_bytes)
        source = opened(watch.over(_chunks(sdk, self._image)), _name(self._image), watch)
        contents = ArchiveContents(_name(self._image))
        for member in TarWalk(source).members():
            name = contents.note(member)
            sniffed = sniff_member(source, member)
            if sniffed.part is Part.DOCUMENT:
                contents.keep(name, source, member)
            elif sniffed.part is Part.LAYER and self._is_it(name):
                return self._in_layer(inner_layer(source, member, sniffed, name, contents.name), wanted, take, limit)
        known = {diff_id: name for image in contents.images() for diff_id, name in image.members.items()}
        if self._diff_id in self._members or self._diff_id not in known:
            raise NotFoundError(f"T{_name(self._image)[1:]} lacks {self._layer}.", "Try again.")
        self._members.update(known)
        return wanted

    def _is_it(self, name: str) -> bool:
        known = self._members.get(self._diff_id)
        return name == known if known else blob_digest(name) == self._diff_id

    def _in_layer(self, source: ChunkSource, wanted: _Wanted, take: Take, limit: int | None) -> _Wanted | None:
        if wanted.number is not None:
            self._copy(source, wanted.number, take, limit)
            return None
        held = _Held(source, limit)
        found = last_entry(source, wanted.path, wanted.before, on_candidate=held.take)
        if found is not None and found.member.header.kind is Kind.HARD_LINK:
            return _Wanted(found.member.link, before=found.number)
        if found is None or found.member.header.kind is not Kind.FILE:
            raise no_file(wanted.path, self._layer)
        if held.pieces is None:
            return _Wanted(wanted.path, number=found.number)
        for piece in held.pieces:
            self._reading.hand_over(take, piece)
        return None

    def _copy(self, source: ChunkSource, number: int, take: Take, limit: int | None) -> None:
        for at, entry in enumerate(TarWalk(source).members()):
            if at == number:
                for piece in _body(entry, source, limit):
                    self._reading.hand_over(take, piece)
                return


def _wanted_bytes(entry: Member, limit: int | None) -> int:
    return entry.header.size_bytes if limit is None else min(limit, entry.header.size_bytes)


def _body(entry: Member, source: ChunkSource, limit: int | None) -> Iterator[bytes]:
    """As much of a file's body as is wanted of it."""
    left = _wanted_bytes(entry, limit)
    if left <= 0:
        return
    for piece in entry.body(source):
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def no_file(path: str, layer: str) -> NotFoundError:
    """There is no file at ``path`` in the layer."""
    return NotFoundError(f"There is no file {path} in {layer}.", "It may be in another layer, or no plain file.")
