"""What the demo engine answers about the files inside layers and containers, and where its bytes lie."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Mapping
from typing import Protocol

from tui.contents.reading import OnReading, Reader, Take
from tui.engine.demo.change_answers import changes, path_stat, writable_files
from tui.engine.demo.faults import Faults
from tui.engine.demo.file_bytes import pieces
from tui.engine.demo.files import File
from tui.engine.demo.layer_answers import file_of_layer, layer_files
from tui.engine.demo.storage_answers import disk_now, logs, places, whole_root
from tui.engine.demo.volume_tar import Unpacking, pack
from tui.engine.demo.world import World
from tui.engine.errors import ConflictError, NotFoundError
from tui.model.engine_disk import EngineDisk
from tui.model.layer_files import LayerFiles
from tui.model.storage import Change, PathStat, Phase, Reading, StorageReport

_STEPS = 4
"""In how many steps a layer is read by an engine that takes its time."""

_HELPER_REQUESTS = 7
"""What a real engine is sent for a volume's files: a helper made, mounted and looked at, read, and removed again."""


class Request(Protocol):
    """Sends one request: takes the engine's delay, and fails where trouble was arranged."""

    def __call__(self, method: str, *, requests: int = 1) -> Awaitable[None]:
        """Return once the engine would answer."""
        ...


class Inside:
    """The methods of :class:`tui.engine.port.Engine` that look inside, over ``world``.

    Args:
        world: what the engine stores.
        faults: what is to go wrong.
        delay: seconds each request takes, and each layer.
        request: sends a request of a method.
    """

    def __init__(self, world: World, faults: Faults, delay: float, request: Request) -> None:
        self._world, self._faults, self._delay, self._request = world, faults, delay, request

    async def layer_files(
        self, image_id: str, diff_ids: Collection[str], on_reading: OnReading
    ) -> Mapping[str, LayerFiles]:
        """What these layers hold, by diff ID; the engine sends the whole image for it, one layer after the other."""
        on_reading(Reading(Phase.WAITING))
        await self._request("layer_files")
        with self._world.lock:
            image = self._world.image(image_id)
        total, done, entries = image.size_bytes, 0, 0
        on_reading(Reading(Phase.READING, 0, total))
        found: dict[str, LayerFiles] = {}
        for layer in image.layers:
            if layer.diff_id in diff_ids and layer.diff_id not in found:
                # In a thread: a layer of fifty thousand files takes a while, and the screen goes on meanwhile.
                found[layer.diff_id] = await asyncio.to_thread(layer_files, image, layer.diff_id)
                entries += len(found[layer.diff_id])
            for step in range(1, _STEPS + 1 if self._delay else 1):
                await asyncio.sleep(self._delay / _STEPS)
                on_reading(Reading(Phase.READING, done + layer.size_bytes * step // _STEPS, total, entries))
            self._faults.check_connection()
            done += layer.size_bytes
            on_reading(Reading(Phase.READING, done, total, entries))
        for diff_id in diff_ids:
            if diff_id not in found:
                raise NotFoundError(f"The image {image_id[:19]} has no layer {diff_id[:19]}.", "Choose one of its own.")
        return found

    async def layer_file(
        self, image_id: str, diff_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand over one file of one layer."""
        on_reading(Reading(Phase.WAITING))
        await self._request("layer_file")
        with self._world.lock:
            name, file = file_of_layer(self._world.image(image_id), diff_id, path)
        await self._hand_over(name, file, take, limit, on_reading)

    async def container_changes(self, container_id: str) -> tuple[Change, ...]:
        """The container's differences from its image, by path."""
        await self._request("container_changes")
        with self._world.lock:
            return changes(self._world.container(container_id))

    async def container_path(self, container_id: str, path: str) -> PathStat | None:
        """What is at ``path`` of the container's view."""
        await self._request("container_path")
        with self._world.lock:
            container = self._world.container(container_id)
            return path_stat(container, self._world.tree(container), path)

    async def container_file(
        self, container_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand over a file as the container sees it; a link is not followed."""
        on_reading(Reading(Phase.WAITING))
        await self._request("container_file")
        with self._world.lock:
            container = self._world.container(container_id)
            try:
                file = self._world.tree(container).lookup(f"/{path}", follow=False)
            except OSError:
                file = None
        if file is None or file.kind != "file":
            raise NotFoundError(
                f"The container {container.name or container.id[:12]} has no file {path}.",
                "Refresh to see what is there.",
            )
        await self._hand_over(path, file, take, limit, on_reading)

    async def writable_layer(self, container_id: str) -> LayerFiles:
        """What the container's writable layer holds."""
        await self._request("writable_layer", requests=0)
        with self._world.lock:
            return writable_files(self._world.container(container_id))

    async def storage_report(self, on_reading: OnReading) -> StorageReport:
        """Every place of the made-up disk, measured one after the other."""
        on_reading(Reading(Phase.WAITING))
        await self._request("storage_report", requests=0)
        with self._world.lock:
            known, told = places(self._world), logs(self._world)
        measured = []
        done = files = 0
        for place in known:
            await asyncio.sleep(self._delay)
            measured.append(await asyncio.to_thread(place.measure))
            self._faults.check_connection()
            done += measured[-1].file_bytes or 0
            files += measured[-1].files
            on_reading(Reading(Phase.READING, done, None, files))
        return StorageReport((whole_root(measured), *measured), told)

    async def engine_disk(self, container_ids: Collection[str]) -> EngineDisk:
        """How full the made-up disk is, and what these containers have logged."""
        await self._request("engine_disk", requests=0)
        with self._world.lock:
            return disk_now(self._world, container_ids)

    async def volume_archive(self, name: str, take: Take, on_reading: OnReading) -> None:
        """Hand over a volume as a tar: all of it as it is at this moment."""
        on_reading(Reading(Phase.WAITING))
        await self._request("volume_archive", requests=_HELPER_REQUESTS)
        with self._world.lock:
            packed = tuple(pack(self._world.volume(name)))
        done = 0
        for entries, piece in enumerate(packed, 1):
            take(piece)
            done += len(piece)
            on_reading(Reading(Phase.READING, done, None, entries))
            await asyncio.sleep(self._delay / len(packed))  # cancelling ends it here
            self._faults.check_connection()

    async def restore_volume(
        self,
        name: str,
        archive: Reader,
        *,
        driver: str,
        labels: Mapping[str, str],
        options: Mapping[str, str],
        on_reading: OnReading,
    ) -> None:
        """Make a volume of what is in a tar; it is there once all of that has been read."""
        on_reading(Reading(Phase.WAITING))
        await self._request("restore_volume", requests=_HELPER_REQUESTS)
        self._check_free(name)
        unpacking = Unpacking(name, archive)
        try:
            files = await asyncio.to_thread(unpacking.files)
        except asyncio.CancelledError:
            unpacking.stop()
            raise
        self._faults.check_connection()
        with self._world.lock:
            self._check_free(name)
            self._world.create_volume(name, labels=labels, options=options, files=files).driver = driver
        on_reading(Reading(Phase.READING, unpacking.done_bytes, None, len(files)))

    def _check_free(self, name: str) -> None:
        if name in self._world.volumes:
            raise ConflictError(
                f"There is a volume {name} already.", "Choose another name, or remove that volume first."
            )

    async def _hand_over(self, path: str, file: File, take: Take, limit: int | None, on_reading: OnReading) -> None:
        total = file.size_bytes if limit is None else min(limit, file.size_bytes)
        done = 0
        on_reading(Reading(Phase.READING, 0, total, 1))
        for piece in pieces(path, file, limit):
            take(piece)
            done += len(piece)
            on_reading(Reading(Phase.READING, done, total, 1))
            await asyncio.sleep(0)  # cancelling ends it here
            self._faults.check_connection()
