"""The Engine protocol: what orlop asks of an engine. Records in, records out, all of it async.

Every method may raise :class:`tui.engine.errors.EngineError` and nothing else (besides
``asyncio.CancelledError``). Cancelling the awaiting task never blocks the event loop.
Objects are named by whole ID (volumes by name, which is their identity).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from tui.contents.reading import OnReading, Reader, Take
from tui.model import late_records
from tui.model.container import Container, ContainerDetail
from tui.model.event import EngineEvent
from tui.model.host import DiskUsage, Endpoint, Host
from tui.model.image import Image, ImageDetail
from tui.model.volume import Volume, VolumeDetail

NONE_SET: Mapping[str, str] = MappingProxyType({})
"""No labels, or no options."""


class ImageRemoval(NamedTuple):
    """What the engine says it did when asked to remove an image."""

    untagged: tuple[str, ...] = ()
    """References that were taken away."""
    deleted: tuple[str, ...] = ()
    """Image IDs (classic store: also layer chain IDs) that are gone."""


class ExecRequest(NamedTuple):
    """A command to run in a container, on a terminal of its own."""

    container_id: str
    command: tuple[str, ...]
    user: str = ""
    """Empty for the container's own user."""
    working_dir: str = ""
    """Empty for the container's own working folder."""
    environment: tuple[tuple[str, str], ...] = ()


class ExecChannel(Protocol):
    """A running exec's terminal, as a plain blocking byte channel.

    Used from the thread that owns the real terminal (see ``tui.engine.shell``), never from the
    event loop.
    """

    def fileno(self) -> int:
        """A socket's file descriptor: ``select`` waits on it for output, and for room to type."""
        ...

    def receive(self, limit: int) -> bytes:
        """Up to ``limit`` bytes of output; ``b""`` at the end of the session."""
        ...

    def send(self, data: bytes) -> None:
        """Type ``data``. Up to 4096 bytes, right after ``select`` saw room for them, don't block."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """Tell the session how large the terminal is."""
        ...

    def exit_code(self) -> int | None:
        """The command's exit code once it has ended; ``None`` while it runs or when unknown."""
        ...

    def close(self) -> None:
        """End the session: what still runs in it is asked to leave, then the connection is closed."""
        ...


class EventStream(Protocol):
    """The engine's events, one by one. Ends when the engine goes away."""

    def __aiter__(self) -> AsyncIterator[EngineEvent]: ...

    async def aclose(self) -> None:
        """Stop listening and close the connection. May be called at any time, and twice."""
        ...


class Engine(Protocol):
    """One engine, at one endpoint, for as long as the app runs."""

    @property
    def endpoint(self) -> Endpoint:
        """Where this engine is."""
        ...

    @property
    def read_only(self) -> bool:
        """True when every changing method raises ``ReadOnlyError``."""
        ...

    @property
    def requests_sent(self) -> int:
        """How many requests have been sent so far; for the benchmark and the tests."""
        ...

    async def ping(self, timeout: float = 5.0) -> None:
        """Return when the engine answers; raise ``EngineHungError`` after ``timeout`` seconds."""
        ...

    async def host(self) -> Host:
        """What the engine is."""
        ...

    async def images(self) -> tuple[Image, ...]:
        """All top-level images and dangling ones, newest first; no intermediates. One request."""
        ...

    async def containers(self) -> tuple[Container, ...]:
        """All containers, in every state, newest first. One request, without sizes."""
        ...

    async def volumes(self) -> tuple[Volume, ...]:
        """All volumes, by name. One request, without sizes."""
        ...

    async def image_detail(self, image_id: str) -> ImageDetail:
        """Inspect and history of one image (two requests)."""
        ...

    async def container_detail(self, container_id: str) -> ContainerDetail:
        """Inspect of one container."""
        ...

    async def volume_detail(self, name: str) -> VolumeDetail:
        """Inspect of one volume."""
        ...

    async def disk_usage(self) -> DiskUsage:
        """The engine's account of its disk. Slow: it may walk every volume."""
        ...

    async def layer_files(
        self, image: ImageDetail, diff_ids: Collection[str], on_reading: OnReading
    ) -> Mapping[str, late_records.LayerFiles]:
        """What the layers with these diff IDs hold, by diff ID; all of them are layers of ``image``.

        File bodies are neither kept nor written anywhere. The engine may need many seconds before its first byte.
        Cancelling stops the reading and hangs up.
        """
        ...

    async def layer_file(
        self, image: ImageDetail, diff_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand the body of one file of one layer to ``take``, at most ``limit`` bytes of it.

        ``path`` is relative to the root; of a hard link, the file's body is handed over.
        Raises ``NotFoundError`` when that layer has no file there.
        """
        ...

    async def container_changes(self, container_id: str) -> tuple[late_records.Change, ...]:
        """What the container's writable layer holds, by path; mount points that podman lists are left out."""
        ...

    async def container_path(self, container_id: str, path: str) -> late_records.PathStat | None:
        """What is at ``path`` (relative to the root), a link not followed; ``None`` when nothing is."""
        ...

    async def container_file(
        self, container_id: str, path: str, take: Take, *, limit: int | None, on_reading: OnReading
    ) -> None:
        """Hand the body of a file as the container sees it to ``take``, at most ``limit`` bytes of it.

        The engine locks the container while it sends: ``take`` must not wait for a person, and the connection is
        closed as soon as the limit is reached. Raises ``NotFoundError`` when there is no such file.
        """
        ...

    async def writable_layer(self, container: ContainerDetail) -> late_records.LayerFiles | None:
        """What the container's writable layer holds, where its folder can be read from here; else ``None``."""
        ...

    async def storage_report(self, on_reading: OnReading) -> late_records.StorageReport:
        """Measure the folders the engine keeps its data in, where they can be read from here. May take minutes.

        ``on_reading`` is told the bytes and files counted so far.
        """
        ...

    async def engine_disk(self, container_ids: Collection[str] = ()) -> late_records.EngineDisk:
        """Look at the free room of the engine's disk and at these containers' logs: a few looks, no walk of folders.

        What can't be seen from here is ``None`` in the answer, which then has a reason.
        """
        ...

    async def remove_image(self, reference: str, *, force: bool = False) -> ImageRemoval:
        """Remove by whole ID, or take one ``repository:tag`` away (and the image with its last tag)."""
        ...

    async def remove_container(
        self, container_id: str, *, force: bool = False, anonymous_volumes: bool = False
    ) -> None:
        """Remove one container; ``force`` kills it first."""
        ...

    async def remove_volume(self, name: str, *, force: bool = False) -> None:
        """Remove one volume and all its files."""
        ...

    async def volume_archive(self, name: str, take: Take, on_reading: OnReading) -> None:
        """Hand all files of a volume to ``take``, as an uncompressed tar with names relative to the volume's root.

        Nothing runs in a container and nothing in the volume changes; but a helper container, never started, is made
        on the engine and removed again, so this is refused read-only. What is written meanwhile may or may not be in
        the archive. Raises ``ConnectionLostError`` when it is cut short: what was handed over is of no use then.
        """
        ...

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
        """Make a volume and put the files of ``archive`` into it, as :meth:`volume_archive` hands them over.

        Raises ``ConflictError`` when there is a volume of that name. When it fails or is cancelled, the volume is
        removed again.
        """
        ...

    async def prune_cache_record(self, record_id: str) -> int:
        """Remove one record of the build cache by its whole ID, and never another; return the bytes freed.

        Those are the engine's own word: of a shared record too it says the whole size. Raises ``NotFoundError``,
        ``ConflictError`` when a build uses it or others build on it, ``UnsupportedError`` where the engine has none.
        """
        ...

    async def remove_leftovers(self, spare: Collection[str] = ()) -> int:
        """Remove helpers that an orlop left behind; return how many containers and images those were.

        See :mod:`tui.model.leftovers`. What another orlop may be using at this moment stays, and so does what has one
        of the whole IDs in ``spare``.
        """
        ...

    async def start(self, container_id: str) -> None:
        """Start a stopped container. Starting a running one is no error."""
        ...

    async def stop(self, container_id: str, *, timeout: int = 10) -> None:
        """Ask the main process to end, and kill it after ``timeout`` seconds."""
        ...

    async def restart(self, container_id: str, *, timeout: int = 10) -> None:
        """Stop, then start."""
        ...

    async def pause(self, container_id: str) -> None:
        """Freeze all its processes."""
        ...

    async def unpause(self, container_id: str) -> None:
        """Let them go on."""
        ...

    async def kill(self, container_id: str, *, signal: str = "SIGKILL") -> None:
        """Send a signal to the main process."""
        ...

    async def rename(self, container_id: str, name: str) -> None:
        """Give the container another name."""
        ...

    async def find_shell(self, container_id: str) -> str | None:
        """Path of the first shell it has (bash, sh, ash, busybox), found without running code."""
        ...

    async def exec(self, request: ExecRequest, *, rows: int, columns: int) -> ExecChannel:
        """Start a command on a terminal of its own inside a running container.

        Raises ``ConflictError`` when the container is stopped or paused.
        """
        ...

    async def events(self) -> EventStream:
        """Start listening; returns once the stream is open, so nothing after that is missed.

        Events that our own reading calls cause are left out.
        """
        ...

    async def close(self) -> None:
        """Close every connection and stop the threads. May be called twice."""
        ...
