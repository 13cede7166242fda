"""An engine's save stream of one image: its layers' contents, or one file out of one of them, and nothing kept of it.

The classic store puts the whole archive together on its disk first, which takes seconds or minutes, and tells nothing
until then. The image is asked for by its ID, which nobody can give to another one meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tui.contents.archive_contents import ArchiveContents, Part, blob_digest, opened, sniff_member
from tui.contents.byte_source import ChunkSource
from tui.contents.image_archive import ImageArchive, inner_layer, read_stream
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
_MOST_HOPS = 3
"""A hard link may lead to another name, which stands before it in the tar: then it takes one more pass."""


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


class FileSearch:
    """Looks for one file of one layer in the stream, and hands it over as it comes.

    Which member of the archive is which layer stands at its end. It takes one pass where that is known already, or can
    be told from the member's name; else a first one to find out.

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

        Raises NotFoundError when there is no file. Of one that the layer's tar names twice, the first is taken.
        """
        failed = f"{path} in {self._layer} could not be read"
        name: str | None = path
        for _ in range(_MOST_HOPS + 1):
            wanted = name or path
            name = _asked(self._reading, self._image, partial(self._pass, wanted, take, limit), failed)
            if name is None:
                return
        raise NotFoundError(f"{path} in {self._layer} is a link that leads nowhere.", "Choose another file.")

    def _pass(self, path: str, take: Take, limit: int | None, sdk: SdkClient) -> str | None:
        """One pass. Returns ``None`` when the file was handed over, else which path to look for in the next."""
        watch = Watch(told_by(self._reading), lambda: self._reading.stopped, self._image.size_bytes)
        source = opened(watch.over(_chunks(sdk, self._image)), _name(self._image), watch)
        contents = ArchiveContents(_name(self._image))
        for member in TarWalk(source).members():
            name = contents.note(member)
            sniffed = sniff_member(source, member)
            if sniffed.part is Part.DOCUMENT:
                contents.keep(name, source, member)
            elif sniffed.part is Part.LAYER and self._is_it(name):
                return self._in_layer(inner_layer(source, member, sniffed, name, contents.name), path, take, limit)
        known = {diff_id: name for image in contents.images() for diff_id, name in image.members.items()}
        if self._diff_id in self._members or self._diff_id not in known:
            raise NotFoundError(f"T{_name(self._image)[1:]} lacks {self._layer}.", "Try again.")
        self._members.update(known)
        return path

    def _is_it(self, name: str) -> bool:
        known = self._members.get(self._diff_id)
        return name == known if known else blob_digest(name) == self._diff_id

    def _in_layer(self, source: ChunkSource, path: str, take: Take, limit: int | None) -> str | None:
        entry = next((entry for entry in TarWalk(source).members() if entry.path == path), None)
        if entry is not None and entry.header.kind is Kind.HARD_LINK:
            return entry.link
        if entry is None or entry.header.kind is not Kind.FILE:
            raise no_file(path, self._layer)
        self._copy(entry, source, take, limit)
        return None

    def _copy(self, entry: Member, source: ChunkSource, take: Take, limit: int | None) -> None:
        left = entry.header.size_bytes if limit is None else min(limit, entry.header.size_bytes)
        if left == 0:
            return
        for piece in entry.body(source):
            self._reading.hand_over(take, piece[:left])
            left -= len(piece)
            if left <= 0:
                return


def no_file(path: str, layer: str) -> NotFoundError:
    """There is no file at ``path`` in the layer."""
    return NotFoundError(f"There is no file {path} in {layer}.", "It may be in another layer, or no plain file.")
