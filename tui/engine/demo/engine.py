"""The demo engine: the Engine protocol over a made-up world, without Docker."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeVar

from tui.contents.reading import OnReading, Reader, Take
from tui.engine.demo import container_life, records, removal
from tui.engine.demo.event_hub import DemoEventStream
from tui.engine.demo.faults import Faults
from tui.engine.demo.host_facts import host as host_record
from tui.engine.demo.world import World
from tui.engine.errors import EngineError, EngineUnavailableError, ReadOnlyError
from tui.engine.port import NONE_SET, ExecChannel, ExecRequest, ImageRemoval
from tui.model import late_records
from tui.model.container import Container, ContainerDetail
from tui.model.host import DiskUsage, Endpoint, Host
from tui.model.image import Image, ImageDetail
from tui.model.volume import Volume, VolumeDetail

if TYPE_CHECKING:  # start-up speed: what it needs is imported when something inside a layer is asked for
    from tui.engine.demo.inside import Inside

T = TypeVar("T")

SHELLS = ("/bin/bash", "/bin/sh", "/bin/ash", "/busybox/sh")
"""Where shells are looked for, in this order."""


class DemoEngine:
    """An engine over ``world``. Several may share one, as several clients share a daemon.

    Args:
        read_only: refuse to change anything.
        delay: seconds each request takes.
        world: what it stores; ``None`` for the stock world.
        now: where the stock world's clock stands (seconds since the epoch); ``None`` for the real time.
    """

    def __init__(
        self, read_only: bool = False, delay: float = 0.0, world: World | None = None, *, now: float | None = None
    ) -> None:
        if world is None:
            # Imported here: whoever brings a world of their own need not wait for the stock one.
            from tui.engine.demo.stock import stock_world  # noqa: PLC0415

            world = stock_world(now)
        self.world = world
        self.delay = delay
        self.faults = Faults()
        self._read_only = read_only
        self._requests = 0
        self._streams: list[DemoEventStream] = []
        self._closed = False

    # -- trouble, for tests --------------------------------------------------------------------------------

    def fail_next(self, method: str, error: EngineError) -> None:
        """Let the next call of the Engine method ``method`` raise ``error``."""
        self.faults.fail_next(method, error)

    def hang(self, method: str) -> None:
        """Let calls of ``method`` get no answer; ``ping`` gives up after its time-out."""
        self.faults.hang(method)

    def release(self, method: str) -> None:
        """Let a hung ``method`` answer again, the waiting calls included."""
        self.faults.release(method)

    def go_away(self, error: EngineUnavailableError | None = None) -> None:
        """Be gone as a killed daemon is: streams end normally, calls raise ``error`` (a missing socket, if not given).

        The world stays, and may be changed while nobody can look.
        """
        self.faults.go_away(error)
        for stream in self._streams:
            self.world.hub.end(stream)
        self._streams.clear()

    def come_back(self) -> None:
        """Answer again, on the world as it is by now."""
        self.faults.come_back()

    # -- the Engine protocol -------------------------------------------------------------------------------

    @property
    def endpoint(self) -> Endpoint:
        """``demo:``."""
        return Endpoint("demo:", source="the demo world")

    @property
    def read_only(self) -> bool:
        """True when every changing method raises ``ReadOnlyError``."""
        return self._read_only

    @property
    def requests_sent(self) -> int:
        """How many requests a real engine would have been sent."""
        return self._requests

    async def ping(self, timeout: float = 5.0) -> None:
        """Return at once, unless trouble was arranged."""
        await self._request("ping", timeout=timeout)

    async def host(self) -> Host:
        """What the demo engine is (info and version: two requests)."""
        return await self._read("host", lambda: host_record(self.world, self.endpoint), requests=2)

    async def images(self) -> tuple[Image, ...]:
        """All images, newest first."""
        return await self._read("images", lambda: records.list_images(self.world))

    async def containers(self) -> tuple[Container, ...]:
        """All containers, newest first."""
        return await self._read("containers", lambda: records.list_containers(self.world))

    async def volumes(self) -> tuple[Volume, ...]:
        """All volumes, by name."""
        return await self._read("volumes", lambda: records.list_volumes(self.world))

    async def image_detail(self, image_id: str) -> ImageDetail:
        """Inspect and history of one image."""
        find = self.world.image
        return await self._read("image_detail", lambda: records.image_detail(find(image_id)), requests=2)

    async def container_detail(self, container_id: str) -> ContainerDetail:
        """Inspect of one container."""
        world = self.world
        return await self._read(
            "container_detail", lambda: records.container_detail(world, world.container(container_id))
        )

    async def volume_detail(self, name: str) -> VolumeDetail:
        """Inspect of one volume."""
        return await self._read("volume_detail", lambda: records.volume_detail(self.world.volume(name)))

    async def disk_usage(self) -> DiskUsage:
        """The demo's account of its made-up disk."""
        return await self._read("disk_usage", lambda: records.disk_usage(self.world))

    async def layer_files(
        self, image: ImageDetail, diff_ids: Collection[str], on_reading: OnReading
    ) -> Mapping[str, late_records.LayerFiles]:
        """What these layers of ``image`` hold, by diff ID."""
        return await self._look_inside().layer_files(image.id, diff_ids, on_reading)

    async def layer_file(
        self, image: ImageDetail, diff_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand over a file of one layer, made up where nobody wrote it."""
        await self._look_inside().layer_file(image.id, diff_id, path, take, limit=limit, on_reading=on_reading)

    async def container_changes(self, container_id: str) -> tuple[late_records.Change, ...]:
        """The container's differences from its image, by path."""
        return await self._look_inside().container_changes(container_id)

    async def container_path(self, container_id: str, path: str) -> late_records.PathStat | None:
        """What is at ``path`` of the container's view."""
        return await self._look_inside().container_path(container_id, path)

    async def container_file(
        self, container_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand over a file as the container sees it."""
        await self._look_inside().container_file(container_id, path, take, limit=limit, on_reading=on_reading)

    async def writable_layer(self, container: ContainerDetail) -> late_records.LayerFiles | None:
        """What the container's writable layer holds: the demo plays an engine whose folders can be read."""
        return await self._look_inside().writable_layer(container.id)

    async def storage_report(self, on_reading: OnReading) -> late_records.StorageReport:
        """What the made-up disk holds by now."""
        return await self._look_inside().storage_report(on_reading)

    async def engine_disk(self, container_ids: Collection[str] = ()) -> late_records.EngineDisk:
        """How full the made-up disk is, and what these containers have logged."""
        return await self._look_inside().engine_disk(container_ids)

    async def remove_image(self, reference: str, *, force: bool = False) -> ImageRemoval:
        """Remove by whole ID, or take one tag away."""
        return await self._change("remove_image", lambda: removal.remove_image(self.world, reference, force=force))

    async def remove_container(
        self, container_id: str, *, force: bool = False, anonymous_volumes: bool = False
    ) -> None:
        """Remove one container; ``force`` kills it first."""
        await self._change(
            "remove_container",
            lambda: removal.remove_container(
                self.world, container_id, force=force, anonymous_volumes=anonymous_volumes
            ),
        )

    async def remove_volume(self, name: str, *, force: bool = False) -> None:
        """Remove one volume and its files."""
        await self._change("remove_volume", lambda: removal.remove_volume(self.world, name, force=force))

    async def volume_archive(self, name: str, take: Take, on_reading: OnReading) -> None:
        """Hand over a volume's made-up files as a real tar, large ones with a hole in them."""
        self._check_writable()
        await self._look_inside().volume_archive(name, take, on_reading)

    async def restore_volume(
        self,
        name: str,
        archive: Reader,
        *,
        driver: str = "local",
        labels: Mapping[str, str] = NONE_SET,
        options: Mapping[str, str] = NONE_SET,
        on_reading: OnReading,
    ) -> None:
        """Make a volume again from such a tar."""
        self._check_writable()
        await self._look_inside().restore_volume(
            name, archive, driver=driver, labels=labels, options=options, on_reading=on_reading
        )

    async def prune_cache_record(self, record_id: str) -> int:
        """Remove one record of the build cache."""
        return await self._change("prune_cache_record", lambda: removal.prune_cache_record(self.world, record_id))

    async def remove_leftovers(self, spare: Collection[str] = ()) -> int:
        """Remove helpers that an orlop left behind."""
        return await self._change("remove_leftovers", lambda: removal.remove_leftovers(self.world, spare), requests=2)

    async def start(self, container_id: str) -> None:
        """Start a stopped container."""
        await self._change("start", lambda: container_life.start(self.world, container_id))

    async def stop(self, container_id: str, *, timeout: int = 10) -> None:
        """Stop a container. The demo's processes end when they are asked to, so ``timeout`` never passes."""
        await self._change("stop", lambda: container_life.stop(self.world, container_id))

    async def restart(self, container_id: str, *, timeout: int = 10) -> None:
        """Stop, then start."""
        await self._change("restart", lambda: container_life.restart(self.world, container_id))

    async def pause(self, container_id: str) -> None:
        """Freeze a container."""
        await self._change("pause", lambda: container_life.pause(self.world, container_id))

    async def unpause(self, container_id: str) -> None:
        """Let it go on."""
        await self._change("unpause", lambda: container_life.unpause(self.world, container_id))

    async def kill(self, container_id: str, *, signal: str = "SIGKILL") -> None:
        """Send a signal to the main process."""
        await self._change("kill", lambda: container_life.kill(self.world, container_id, signal))

    async def rename(self, container_id: str, name: str) -> None:
        """Give the container another name."""
        await self._change("rename", lambda: container_life.rename(self.world, container_id, name))

    async def find_shell(self, container_id: str) -> str | None:
        """Path of the first of :data:`SHELLS` that the container has."""

        def look() -> str | None:
            tree = self.world.tree(self.world.container(container_id))
            for path in SHELLS:
                self._requests += 1
                if tree.exists(path):
                    return path
            return None

        return await self._read("find_shell", look, requests=0)

    async def exec(self, request: ExecRequest, *, rows: int, columns: int) -> ExecChannel:
        """Start the pretend shell, or one of its commands, over the container's made-up files."""

        def begin() -> ExecChannel:
            # Imported here: most sessions with the demo never open a shell.
            from tui.engine.demo.exec_session import open_session  # noqa: PLC0415

            return open_session(self.world, request, rows, columns)

        return await self._change("exec", begin, requests=3)

    async def events(self) -> DemoEventStream:
        """Start listening."""

        def listen() -> DemoEventStream:
            stream = self.world.hub.listen()
            self._streams = [*(old for old in self._streams if not old.ended), stream]
            return stream

        return await self._read("events", listen)

    async def close(self) -> None:
        """End the event streams; later calls raise. May be called twice."""
        self._closed = True
        for stream in self._streams:
            self.world.hub.end(stream)
        self._streams.clear()

    # -- how a call goes -----------------------------------------------------------------------------------

    async def _request(self, method: str, *, requests: int = 1, timeout: float | None = None) -> None:
        if self._closed:
            raise EngineUnavailableError("This engine's connection has been closed.", "Open another one.")
        self._requests += requests
        await self.faults.meet(method, self.delay * requests, timeout)

    def _look_inside(self) -> Inside:
        # Imported here: the first screen shows nothing of what lies inside layers.
        from tui.engine.demo.inside import Inside  # noqa: PLC0415

        return Inside(self.world, self.faults, self.delay, self._request)

    async def _read(self, method: str, look: Callable[[], T], *, requests: int = 1) -> T:
        await self._request(method, requests=requests)
        with self.world.lock:
            return look()

    async def _change(self, method: str, change: Callable[[], T], *, requests: int = 1) -> T:
        self._check_writable()
        return await self._read(method, change, requests=requests)

    def _check_writable(self) -> None:
        if self._read_only:
            raise ReadOnlyError("Nothing is changed: orlop was started read-only.", "Start it without --read-only.")
