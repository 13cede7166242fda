"""What the Files screen shows of an engine: an image, or a container's image with what the container changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tui.contents.reading import OnReading, Take
from tui.contents.source import FileStack
from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.keeper.details import Details
from tui.keeper.layer_shelf import LayerShelf
from tui.model.container import ContainerDetail, all_mounts
from tui.model.file_stack import StackedFiles
from tui.model.image import ImageDetail
from tui.model.layer import Layer
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles
from tui.model.storage import Change, ChangeKind, PathStat
from tui.model.told_paths import REPLACED, paths_told_as

LOOKED_AT = 500
"""So many changes of a container are looked at one by one before its files are shown; the others' sizes stay unknown.

Looking takes 3 to 10 ms each over the API, four at a time.
"""
UNKNOWN_OWNER = -1
"""The API does not tell who owns a path of a container."""
_AT_ONCE = 4


class ImageSource:
    """The files of one image, layer by layer.

    Args:
        title: what the user knows the image by.
        image_id: its whole ID.
    """

    kind = "image"

    def __init__(self, title: str, image_id: str, engine: Engine, details: Details, shelf: LayerShelf) -> None:
        self.title = title
        self.image_id = image_id
        self._engine = engine
        self._details = details
        self._shelf = shelf

    async def open(self, on_reading: OnReading) -> FileStack:
        """Read what lies in every layer."""
        detail = await self._details.image(self.image_id)
        stacked = await self._shelf.stack(detail, on_reading)
        return FileStack(detail.layers, stacked.layers, stacked=stacked)

    async def read_file(self, layer: int, path: str, take: Take, *, limit: int | None, on_reading: OnReading) -> None:
        """Hand a file's body over, as it lies in that layer."""
        detail = await self._details.image(self.image_id)
        await self._engine.layer_file(detail, detail.diff_ids[layer], path, take, limit=limit, on_reading=on_reading)


class ContainerSource:
    """The files that a container sees: its image's, and on top what it changed itself.

    Args:
        title: the container's name.
        container_id: its whole ID.
    """

    kind = "container"

    def __init__(self, title: str, container_id: str, engine: Engine, details: Details, shelf: LayerShelf) -> None:
        self.title = title
        self.container_id = container_id
        self._engine = engine
        self._details = details
        self._shelf = shelf

    async def open(self, on_reading: OnReading) -> FileStack:
        """Read the image's layers, then the container's own."""
        container = await self._engine.container_detail(self.container_id)
        image = await self._image(container)
        below = await self._shelf.stack(image, on_reading)
        upper = await self._engine.writable_layer(container)
        if upper is None:
            upper = await self._described(await self._engine.container_changes(self.container_id), below)
        writable = Layer(len(image.layers), "", "", upper.stored_bytes, None, "")
        return FileStack((*image.layers, writable), (*below.layers, upper), writable=True, mounts=all_mounts(container))

    async def _image(self, container: ContainerDetail) -> ImageDetail:
        try:
            return await self._details.image(container.image_id)
        except NotFoundError as error:
            raise NotFoundError(
                f"The image under {container.name or container.id[:12]} was removed by force: "
                "which layers it had can't be read any more.",
                "The Changes tab still shows what the container wrote itself.",
            ) from error

    async def read_file(self, layer: int, path: str, take: Take, *, limit: int | None, on_reading: OnReading) -> None:
        """Hand a file's body over: as the container sees it, or as it lies in a layer of its image."""
        container = await self._engine.container_detail(self.container_id)
        image = await self._image(container)
        if layer < len(image.layers):
            diff_id = image.diff_ids[layer]
            await self._engine.layer_file(image, diff_id, path, take, limit=limit, on_reading=on_reading)
        else:
            await self._engine.container_file(self.container_id, path, take, limit=limit, on_reading=on_reading)

    async def _described(self, changes: Sequence[Change], below: StackedFiles) -> LayerFiles:
        """The container's own layer, as far as the engine tells of it path by path."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def look(path: str) -> PathStat | None:
            async with gate:
                return await self._engine.container_path(self.container_id, path)

        changes = await self._spelled(changes, below, look)
        looks = [asyncio.ensure_future(look(change.path)) for change in changes[:LOOKED_AT]]
        try:
            stats = await asyncio.gather(*looks)
        finally:
            for one in looks:  # after a failure the others would be asked for all the same, and nobody waits for them
                one.cancel()
        folders = {change.path.rpartition("/")[0] for change in changes}
        builder = LayerBuilder()
        for number, change in enumerate(changes):
            stat = stats[number] if number < len(stats) else None
            if change.kind is ChangeKind.DELETED and stat is None:
                builder.hide(change.path)
            else:
                _add(builder, change, stat, below, holds_others=change.path in folders)
        return builder.build()

    async def _spelled(
        self, changes: Sequence[Change], below: StackedFiles, look: Callable[[str], Awaitable[PathStat | None]]
    ) -> list[Change]:
        """The changes, by the names that the image has for them: an answer can't spell one that is not UTF-8.

        Where several names are told alike, what is there is looked at to know which of them is meant.
        """
        spelled: dict[Change, None] = {}
        for change in changes:
            paths = paths_told_as(below, change.path) if REPLACED in change.path and below.layers else ()
            if len(paths) < 2:
                spelled[Change(paths[0], change.kind) if paths else change] = None
                continue
            for path in paths:
                kind = _difference(await look(path), below, path)
                if kind is not None:
                    spelled[Change(path, kind)] = None
        return list(spelled)


def _difference(stat: PathStat | None, below: StackedFiles, path: str) -> ChangeKind | None:
    """What became of a path that the image has; ``None`` when it looks as it did."""
    if stat is None:
        return ChangeKind.DELETED
    node = below.node(path)
    found = below.entry_at(node, below.top) if node is not None else None
    if found is None:
        return ChangeKind.ADDED
    entry = found[1]
    is_file = stat.kind is Kind.FILE
    same = (
        (entry.kind is stat.kind or (is_file and entry.kind is Kind.HARD_LINK))
        and entry.mode == stat.mode
        and entry.modified == int(stat.modified)
        and (not is_file or entry.kind is Kind.HARD_LINK or entry.size_bytes == stat.size_bytes)
    )
    return None if same else ChangeKind.MODIFIED


def _add(
    builder: LayerBuilder, change: Change, stat: PathStat | None, below: StackedFiles, *, holds_others: bool
) -> None:
    """Take a path that is there: its owner is that of the same path in the image, or not known."""
    node = below.node(change.path)
    beneath = below.entry_at(node, len(below.layers) - 1) if node is not None and below.layers else None
    uid, gid = (beneath[1].uid, beneath[1].gid) if beneath else (UNKNOWN_OWNER, UNKNOWN_OWNER)
    if change.kind is ChangeKind.DELETED:
        # Named as deleted and yet there: what lay there was removed and made anew.
        builder.hide(change.path)
    if stat is None:
        kind = Kind.FOLDER if holds_others else beneath[1].kind if beneath else Kind.UNKNOWN
        size = -1 if kind in {Kind.FILE, Kind.UNKNOWN} else 0
        builder.add(change.path, kind, size, beneath[1].mode if beneath else 0, uid, gid, 0)
    else:
        link = stat.link if stat.kind is Kind.SYMLINK else ""
        builder.add(change.path, stat.kind, stat.size_bytes, stat.mode, uid, gid, int(stat.modified), link)
