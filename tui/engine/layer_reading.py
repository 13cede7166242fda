"""What lies in the layers of an image: read from the engine's own records where that is possible, else its save stream.

Where the engine's root dir is on this host and may be read, its records of the layers' tars tell in a second what
its save stream tells in ten: see :mod:`tui.engine.tar_split`. Both tell exactly the same. Whatever is in the way of the
former is no error, since the latter always works.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from tui.contents.byte_source import ChunkSource
from tui.contents.errors import ContentsError, StoppedError, TooManyEntriesError
from tui.contents.layer_folder import read_folder
from tui.contents.reading import Take
from tui.contents.tar_walk import read_layer
from tui.contents.watch import Watch
from tui.engine import reading as asking
from tui.engine.errors import NotFoundError
from tui.engine.failures import named
from tui.engine.local_store import LocalStore, StoredLayer, open_below
from tui.engine.long_reading import LongReading
from tui.engine.save_stream import FileSearch, no_file, read_layers, told_by
from tui.engine.tar_split import recorded_tar
from tui.model.container import ContainerDetail
from tui.model.host import Endpoint
from tui.model.image import ImageDetail
from tui.model.layer_files import LayerFiles
from tui.model.storage import Phase, Reading

_PIECE = 1 << 18
_IMAGES_KNOWN = 50
"""Of so many images it is remembered which member of their archive is which layer."""


class LayerReading:
    """Reads layers of the engine at ``endpoint``. Methods block; they are called in threads of their own."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._members: dict[str, dict[str, str]] = {}
        """Image ID -> diff ID -> name of the layer in the image's save stream."""

    def files(self, reading: LongReading, image: ImageDetail, diff_ids: Collection[str]) -> Mapping[str, LayerFiles]:
        """What the layers with these diff IDs hold, by diff ID."""
        reading.tell_at_once(Reading(Phase.WAITING))
        for diff_id in diff_ids:
            _check_layer(image, diff_id)
        if not diff_ids:
            return {}
        stored = layer_folders(reading, self._endpoint, image, diff_ids)
        found = _recorded(reading, image, stored) if stored is not None else None
        return self._streamed(reading, image, diff_ids) if found is None else found

    def _streamed(
        self, reading: LongReading, image: ImageDetail, diff_ids: Collection[str]
    ) -> Mapping[str, LayerFiles]:
        archive = read_layers(reading, image, diff_ids)
        members = self._known(image)
        for saved in archive.images:
            members.update(saved.members)
        for diff_id in diff_ids:
            if diff_id not in archive.layers:
                raise NotFoundError(
                    f"The save stream of {_name(image)} lacks the {named('layer', diff_id)[4:]}.",
                    "Pull the image again.",
                )
        return archive.layers

    def file(
        self, reading: LongReading, image: ImageDetail, diff_id: str, path: str, take: Take, *, limit: int | None
    ) -> None:
        """Hand the body of the file at ``path`` in one layer to ``take``, at most ``limit`` bytes of it."""
        reading.tell_at_once(Reading(Phase.WAITING))
        _check_layer(image, diff_id)
        stored = layer_folders(reading, self._endpoint, image, [diff_id])
        file = _opened(stored[diff_id], path, f"the {named('layer', diff_id)[4:]}") if stored else None
        if file is None:
            FileSearch(reading, image, diff_id, self._known(image)).hand_over(path, take, limit)
            return
        try:
            _hand_over(reading, file, path, take, limit)
        finally:
            os.close(file)

    def writable(self, reading: LongReading, container: ContainerDetail) -> LayerFiles | None:
        """What the container's writable layer holds; ``None`` when its folder can't be read from here."""
        store = _store(reading, self._endpoint) if container.storage else None
        folder = store.writable_folder(container) if store is not None else None
        if folder is None:
            return None
        try:
            return read_folder(folder, None, lambda: reading.stopped)
        except (StoppedError, TooManyEntriesError):
            raise
        except ContentsError:
            return None

    def _known(self, image: ImageDetail) -> dict[str, str]:
        if image.id not in self._members and len(self._members) >= _IMAGES_KNOWN:
            self._members.pop(next(iter(self._members)), None)
        return self._members.setdefault(image.id, {})


def layer_folders(
    reading: LongReading, endpoint: Endpoint, image: ImageDetail, diff_ids: Collection[str]
) -> Mapping[str, StoredLayer] | None:
    """Where these layers of the image lie, by diff ID; ``None`` unless all of them are found on this host."""
    store = _store(reading, endpoint)
    if store is None:
        return None
    found = {}
    for layer in image.layers:
        if layer.diff_id in diff_ids and layer.diff_id not in found:
            stored = store.layer(layer.chain_id, layer.diff_id)
            if stored is None:
                return None
            found[layer.diff_id] = stored
    return found


def _store(reading: LongReading, endpoint: Endpoint) -> LocalStore | None:
    if not endpoint.url.startswith("unix://"):
        return None
    return LocalStore.of(asking.host(reading.connection, endpoint))


def _recorded(
    reading: LongReading, image: ImageDetail, stored: Mapping[str, StoredLayer]
) -> Mapping[str, LayerFiles] | None:
    """Read the layers' tars from the engine's records; ``None`` when one of them can't be read."""
    watch = Watch(told_by(reading), lambda: reading.stopped, image.size_bytes)
    found = {}
    try:
        for diff_id, layer in stored.items():
            name = f"The record of the {named('layer', diff_id)[4:]}"
            found[diff_id] = read_layer(ChunkSource(watch.over(recorded_tar(layer.tar_split)), name, watch))
    except (StoppedError, TooManyEntriesError):
        raise
    except ContentsError:
        return None
    watch.finish()
    return found


def _opened(stored: StoredLayer, path: str, layer: str) -> int | None:
    """A descriptor of the file; ``None`` when the folder tells nothing that could be relied on.

    Where the layer's tar has entries below a symbolic link of its own, what is in the folder lies elsewhere.
    Raises NotFoundError when there is no such file.
    """
    try:
        return open_below(stored.folder, path)
    except FileNotFoundError as error:
        if stored.folder.is_dir():
            raise no_file(path, layer) from error
        return None
    except OSError:
        return None


def _hand_over(reading: LongReading, file: int, path: str, take: Take, limit: int | None) -> None:
    size = os.fstat(file).st_size
    total = size if limit is None else min(limit, size)
    done = 0
    while done < total:
        piece = os.read(file, min(_PIECE, total - done))
        if not piece:
            break
        reading.hand_over(take, piece)
        done += len(piece)
        reading.tell(Reading(Phase.READING, done, total, 1))
    reading.tell_at_once(Reading(Phase.READING, done, total, 1))


def _check_layer(image: ImageDetail, diff_id: str) -> None:
    if diff_id not in image.diff_ids:
        raise NotFoundError(
            f"There is no {named('layer', diff_id)[4:]} in {_name(image)}.", "Choose one of its own layers."
        )


def _name(image: ImageDetail) -> str:
    return f"the {named('image', image.tags[0] if image.tags else image.id)[4:]}"
