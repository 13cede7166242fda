"""A real engine behind the port: Docker, or podman's Docker-compatible API.

Reading and changing goes over the SDK's low-level client, called in worker threads. It is imported there when it
is first wanted: the import takes 100 ms of CPU, and what is shown at start does not wait for it, but comes from
:mod:`tui.engine.first_look`. Both speak the same API version to the same address, and every request is counted.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tui.contents.reading import OnReading, Reader, Take
from tui.engine import reading
from tui.engine.address import TlsFiles, parse
from tui.engine.connection import Connection
from tui.engine.errors import ConnectionLostError, ReadOnlyError
from tui.engine.event_stream import DockerEventStream
from tui.engine.exec_channel import DockerExecChannel, open_channel
from tui.engine.failures import named
from tui.engine.first_look import FirstLook
from tui.engine.lines import Lines
from tui.engine.long_reading import LongReadings
from tui.engine.port import NONE_SET, ExecRequest, ImageRemoval
from tui.engine.threads import DaemonPool, in_own_thread
from tui.model import late_records
from tui.model.container import Container, ContainerDetail
from tui.model.host import DiskUsage, Endpoint, Host
from tui.model.image import Image, ImageDetail
from tui.model.volume import Volume, VolumeDetail

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.layer_reading import LayerReading
    from tui.engine.sdk import SdkClient

T = TypeVar("T")

_WORKERS = 6
_CLOSING = 1.0


class DockerEngine:
    """See :class:`tui.engine.port.Engine`.

    The constructor returns at once; connecting begins in a worker thread, and failing to is raised by whatever
    is asked first. With ``prefetch`` the event stream is opened and the engine's facts and lists are
    read right away too, and given to the first call of each: for a caller that listens to the events, which tell of
    everything since, and that has an import or two to do meanwhile.

    ``connect_to`` is the URL to really connect to when it isn't the endpoint's, such as a tunnel's local socket.
    Raises BadEndpointError when the address can't be understood.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        read_only: bool = False,
        tls: TlsFiles | None = None,
        timeout: float = 60.0,
        connect_to: str = "",
        prefetch: bool = False,
    ) -> None:
        self._endpoint = endpoint
        self._read_only = read_only
        address = parse(connect_to or endpoint.url, tls)
        self._connection = Connection(endpoint, address, timeout=timeout, workers=_WORKERS)
        self._pool = DaemonPool(_WORKERS, "orlop-engine")
        self._long = LongReadings(self._connection)
        self._layers: LayerReading | None = None
        self._streams: set[DockerEventStream] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._first_look: FirstLook | None = None
        if prefetch:
            self._first_look = FirstLook(self._pool, self._connection, endpoint, self._opened)
        else:
            self._pool.submit(self._connection.agree)

    @property
    def endpoint(self) -> Endpoint:
        """Where this engine is."""
        return self._endpoint

    @property
    def read_only(self) -> bool:
        """True when every changing method raises ReadOnlyError before anything is sent."""
        return self._read_only

    @property
    def requests_sent(self) -> int:
        """How many requests have been sent so far."""
        return self._connection.requests_sent

    @property
    def open_connections(self) -> int:
        """How many connections are open, idle ones included."""
        return self._connection.open_connections

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            raise ConnectionLostError(f"The engine at {self._endpoint.url} has been closed.") from None
        return await asyncio.wrap_future(future)

    async def _first(self, name: str, read: Callable[[], T]) -> T:
        seen = self._first_look.take(name) if self._first_look else None
        if seen is None:
            return await self._run(read)
        found: T = await asyncio.wrap_future(seen)
        return found

    async def ping(self, timeout: float = 5.0) -> None:
        """Ask for a sign of life, on a new connection and in a thread of its own: the workers may all be stuck."""
        await in_own_thread(lambda: self._connection.ping(timeout), "orlop-ping")

    async def host(self) -> Host:
        """What the engine is: one request, beside the one for the version that every connection begins with."""
        return await self._first("host", partial(reading.host, self._connection, self._endpoint))

    async def images(self) -> tuple[Image, ...]:
        """All top-level and dangling images, newest first."""
        return await self._first("images", partial(reading.images, self._connection))

    async def containers(self) -> tuple[Container, ...]:
        """All containers, newest first, without sizes."""
        return await self._first("containers", partial(reading.containers, self._connection))

    async def volumes(self) -> tuple[Volume, ...]:
        """All volumes, by name, without sizes."""
        return await self._first("volumes", partial(reading.volumes, self._connection))

    async def image_detail(self, image_id: str) -> ImageDetail:
        """Inspect and history of one image: two requests, and one more per step whose layer they leave in doubt."""
        return await self._run(partial(reading.image_detail, self._connection, image_id))

    async def container_detail(self, container_id: str) -> ContainerDetail:
        """Inspect of one container."""
        return await self._run(partial(reading.container_detail, self._connection, container_id))

    async def volume_detail(self, name: str) -> VolumeDetail:
        """Inspect of one volume."""
        return await self._run(partial(reading.volume_detail, self._connection, name))

    async def disk_usage(self) -> DiskUsage:
        """The engine's account of its disk. Raises BusyError on an engine before 23.0 that is at it already."""
        return await self._run(partial(reading.disk_usage, self._connection))

    def _layer_reading(self) -> LayerReading:
        if self._layers is None:
            # Here, since readers of archives are not wanted before someone looks into an image.
            from tui.engine.layer_reading import LayerReading  # noqa: PLC0415 - as it says

            self._layers = LayerReading(self._endpoint)
        return self._layers

    async def layer_files(
        self, image: ImageDetail, diff_ids: Collection[str], on_reading: OnReading
    ) -> Mapping[str, late_records.LayerFiles]:
        """What these layers hold: from the engine's own folders where they can be read, else from its save stream."""
        layers = self._layer_reading()
        return await self._long.run(lambda r: layers.files(r, image, frozenset(diff_ids)), on_reading)

    async def layer_file(
        self, image: ImageDetail, diff_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand over one file of one layer: from its folder where it can be read, else from the save stream."""
        layers = self._layer_reading()
        await self._long.run(lambda r: layers.file(r, image, diff_id, path, take, limit=limit), on_reading)

    async def container_changes(self, container_id: str) -> tuple[late_records.Change, ...]:
        """The container's differences from its image: one request, and one more on podman."""
        from tui.engine.container_reading import container_changes  # noqa: PLC0415 - as above

        return await self._run(partial(container_changes, self._connection, container_id))

    async def container_path(self, container_id: str, path: str) -> late_records.PathStat | None:
        """What is at ``path`` of the container: one request, and one more when nothing is."""
        from tui.engine.container_reading import container_path  # noqa: PLC0415 - as above

        return await self._run(partial(container_path, self._connection, container_id, path))

    async def container_file(
        self, container_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand over a file as the container sees it; a minute at most, for the engine locks the container meanwhile."""
        from tui.engine.container_files import hand_over  # noqa: PLC0415 - as above

        await hand_over(self._long, container_id, path, take, limit, on_reading)

    async def writable_layer(self, container: ContainerDetail) -> late_records.LayerFiles | None:
        """The container's writable layer, read from its folder on this host; ``None`` where that is not possible."""
        layers = self._layer_reading()
        return await self._long.run(lambda r: layers.writable(r, container))

    async def storage_report(self, on_reading: OnReading) -> late_records.StorageReport:
        """Measure the engine's root dir and containerd's, when they are on this host."""
        from tui.engine.storage_report import storage_report  # noqa: PLC0415 - as above

        return await self._long.run(lambda r: storage_report(r, self._endpoint), on_reading, name="orlop-measuring")

    async def engine_disk(self, container_ids: Collection[str] = ()) -> late_records.EngineDisk:
        """Look at the engine's root dir, when it is on this host. One request, and two more on engines before 23.0."""
        from tui.engine.engine_disk import engine_disk  # noqa: PLC0415 - as above

        return await self._run(partial(engine_disk, self._connection, self._endpoint, container_ids))

    async def _change(self, what: str, work: Callable[[SdkClient], T]) -> T:
        """Do ``work`` with the SDK, unless read-only. ``what`` reads as in "The container web … be started"."""
        self._check_writable(what)
        return await self._run(lambda: self._connection.ask(work, what.replace("…", "could not")))

    def _check_writable(self, what: str) -> None:
        if self._read_only:
            raise ReadOnlyError(
                f"{what.replace('…', 'can not')}: orlop runs read-only.",
                "Start it without --read-only to change things.",
            )

    async def remove_image(self, reference: str, *, force: bool = False) -> ImageRemoval:
        """Remove an image by whole ID, or one of its tags."""
        what = f"{named('image', reference)} … be removed"
        return reading.image_removal(await self._change(what, lambda sdk: sdk.remove_image(reference, force=force)))

    async def remove_container(
        self, container_id: str, *, force: bool = False, anonymous_volumes: bool = False
    ) -> None:
        """Remove one container, with its anonymous volumes if asked to."""
        what = f"{named('container', container_id)} … be removed"
        await self._change(what, lambda sdk: sdk.remove_container(container_id, v=anonymous_volumes, force=force))

    async def remove_volume(self, name: str, *, force: bool = False) -> None:
        """Remove one volume and its files."""
        await self._change(f"{named('volume', name)} … be removed", lambda sdk: sdk.remove_volume(name, force=force))

    async def volume_archive(self, name: str, take: Take, on_reading: OnReading) -> None:
        """Hand over a volume's files as a tar, through a helper container that is never started."""
        self._check_writable(f"{named('volume', name)} … be read through a helper container")
        from tui.engine.volume_archives import read_volume  # noqa: PLC0415 - as above

        await self._long.run(lambda r: read_volume(r, name, take), on_reading, name="orlop-backup", tidies=True)

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
        """Make a volume and fill it from a tar, through a helper container that is never started."""
        self._check_writable(f"{named('volume', name)} … be restored")
        from tui.engine.volume_archives import fill_new_volume  # noqa: PLC0415 - as above

        fill = partial(fill_new_volume, name=name, archive=archive, driver=driver, marks=labels, options=options)
        await self._long.run(fill, on_reading, name="orlop-restore", tidies=True)

    async def prune_cache_record(self, record_id: str) -> int:
        """Remove one record of the build cache; one request, and one more to tell why it stayed."""
        self._check_writable(f"The record {record_id} of the build cache … be removed")
        from tui.engine.cache_pruning import prune_cache_record  # noqa: PLC0415 - as above

        return await self._run(partial(prune_cache_record, self._connection, record_id))

    async def remove_leftovers(self, spare: Collection[str] = ()) -> int:
        """Remove helpers that an orlop left behind."""
        self._check_writable("What orlop itself left on the engine … be removed")
        from tui.engine.helper_objects import remove_leftovers  # noqa: PLC0415 - as above

        return await self._run(partial(remove_leftovers, self._connection, spare))

    async def start(self, container_id: str) -> None:
        """Start a stopped container."""
        await self._change(f"{named('container', container_id)} … be started", lambda sdk: sdk.start(container_id))

    async def stop(self, container_id: str, *, timeout: int = 10) -> None:
        """Ask the main process to end; kill it after ``timeout`` seconds."""
        what = f"{named('container', container_id)} … be stopped"
        await self._change(what, lambda sdk: sdk.stop(container_id, timeout=timeout))

    async def restart(self, container_id: str, *, timeout: int = 10) -> None:
        """Stop, then start."""
        what = f"{named('container', container_id)} … be restarted"
        await self._change(what, lambda sdk: sdk.restart(container_id, timeout=timeout))

    async def pause(self, container_id: str) -> None:
        """Freeze all processes."""
        await self._change(f"{named('container', container_id)} … be paused", lambda sdk: sdk.pause(container_id))

    async def unpause(self, container_id: str) -> None:
        """Let them go on."""
        await self._change(f"{named('container', container_id)} … be unpaused", lambda sdk: sdk.unpause(container_id))

    async def kill(self, container_id: str, *, signal: str = "SIGKILL") -> None:
        """Send a signal to the main process."""
        what = f"{named('container', container_id)} … be killed"
        await self._change(what, lambda sdk: sdk.kill(container_id, signal=signal))

    async def rename(self, container_id: str, name: str) -> None:
        """Give the container another name."""
        what = f"{named('container', container_id)} … be renamed"
        await self._change(what, lambda sdk: sdk.rename(container_id, name))

    async def find_shell(self, container_id: str) -> str | None:
        """Path of the first shell in the container, in any state. Up to one request per candidate and link."""
        from tui.engine.container_reading import shell_of  # noqa: PLC0415 - as above

        return await self._run(partial(shell_of, self._connection, container_id))

    async def exec(self, request: ExecRequest, *, rows: int, columns: int) -> DockerExecChannel:
        """Start a command on a terminal of its own. Raises ConflictError when the container isn't running."""
        self._check_writable(f"A command … be run in {named('container', request.container_id)[4:]}")
        return await self._run(lambda: open_channel(self._connection, request, rows, columns))

    async def events(self) -> DockerEventStream:
        """Start listening. With ``prefetch``, the first stream has been listening since the construction."""
        return await self._first("events", lambda: self._opened(reading.event_lines(self._connection)))

    def _opened(self, lines: Lines) -> DockerEventStream:
        stream = DockerEventStream(lines)
        with self._lock:
            self._streams = {old for old in self._streams if old.open}
            self._streams.add(stream)
            closed = self._closed
        if closed:
            stream.shut()
        return stream

    async def close(self) -> None:
        """Close every connection and end the threads; never waits longer than about a second.

        Whoever waits for a hung engine wakes up, since its connection is closed. A thread that is in the middle
        of connecting to a far host is left behind: it is a daemon, so it does not keep the program from ending.
        """
        with self._lock:
            self._closed = True
            streams = list(self._streams)
        for stream in streams:
            stream.shut()
        self._long.close()
        await self._long.tidied()
        self._connection.close()
        await in_own_thread(lambda: self._pool.close(_CLOSING), "orlop-close")
