"""One file as a container sees it, out of the engine's archive of it: never longer than the container can bear it.

While an archive is sent, the engine holds the container's lock, and inspect, logs, stop and the like wait for it. So
the file is looked at first, without a lock that lasts; what is sent is taken as fast as it comes; and when it comes
to nothing, the connection is closed, which frees the container.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tui.contents.byte_source import ChunkSource
from tui.contents.reading import OnReading, Take
from tui.contents.tar_walk import TarWalk
from tui.contents.watch import Watch
from tui.engine.container_reading import container_path
from tui.engine.errors import EngineHungError, NotFoundError
from tui.engine.failures import named
from tui.engine.long_reading import LongReading, LongReadings
from tui.model.layer_files import Kind
from tui.model.storage import Phase, Reading

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import SdkClient

LONGEST = 60.0
"""Seconds at most that a container is held: many gigabytes from an engine on this host."""
SILENCE = 10.0
"""Seconds at most between two pieces from the engine."""
_PIECE = 1 << 18
_NOT_FILES = {
    Kind.FOLDER: "a folder",
    Kind.SYMLINK: "a symbolic link",
    Kind.CHARACTER_DEVICE: "a device",
    Kind.BLOCK_DEVICE: "a device",
    Kind.FIFO: "a pipe",
    Kind.SOCKET: "a socket",
}


async def hand_over(  # noqa: PLR0917 - the port's arguments, in its order
    readings: LongReadings, container_id: str, path: str, take: Take, limit: int | None, on_reading: OnReading
) -> None:
    """Hand the body of the file at ``path`` to ``take``, at most ``limit`` bytes of it.

    Raises NotFoundError when there is no file, and EngineHungError after :data:`LONGEST` seconds.
    """
    try:
        async with asyncio.timeout(LONGEST) as deadline:
            await readings.run(lambda reading: _hand_over(reading, container_id, path, take, limit), on_reading)
    except TimeoutError as error:
        if not deadline.expired():
            raise
        raise EngineHungError(
            f"{path} was not read to its end: the engine holds the container meanwhile, "
            f"and orlop does not let it for more than {LONGEST:.0f} seconds.",
            f"docker cp {container_id[:12]}:/{path} copies it, however long that takes.",
        ) from error


def _hand_over(reading: LongReading, container_id: str, path: str, take: Take, limit: int | None) -> None:
    reading.tell_at_once(Reading(Phase.WAITING))
    found = container_path(reading.connection, container_id, path)
    who = f"the {named('container', container_id).removeprefix('The ')}"
    if found is None:
        raise NotFoundError(f"There is no {path} in {who}.", "It may have been removed meanwhile: refresh.")
    if found.kind is not Kind.FILE:
        raise _no_file(path, who, _NOT_FILES.get(found.kind, "something else"))
    total = found.size_bytes if limit is None else min(limit, found.size_bytes)
    reading.tell_at_once(Reading(Phase.READING, 0, total, 1))
    if total == 0:
        return
    done = 0

    def send(sdk: SdkClient) -> None:
        nonlocal done
        body = sdk.archive_stream(container_id, path, silence=SILENCE)
        for piece in _body(iter(lambda: body.read(_PIECE), b""), f"{path} in {who}"):
            wanted = piece if limit is None else piece[: limit - done]
            reading.hand_over(take, wanted)
            done += len(wanted)
            reading.tell(Reading(Phase.READING, done, max(total, done), 1))
            if done == limit:
                return

    reading.ask(send, f"{path} in {who} could not be read")
    reading.tell_at_once(Reading(Phase.READING, done, done, 1))


def _body(chunks: Iterable[bytes], where: str) -> Iterator[bytes]:
    """The file's body: it is the one entry of the archive that the engine sends of a file."""
    source = ChunkSource(chunks, f"What the engine sent of {where}", Watch())
    entry = TarWalk(source).next()
    if entry is None or entry.header.kind is not Kind.FILE:
        raise NotFoundError(f"{where} is no file any more.", "Refresh to see what is there.")
    yield from entry.body(source)


def _no_file(path: str, who: str, what: str) -> NotFoundError:
    return NotFoundError(f"{path or '/'} in {who} is {what}, and no file that could be read.", "Choose a file.")
