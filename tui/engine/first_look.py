"""What is shown first, asked for over :mod:`tui.engine.wire` while the app is still being imported.

Reading is the SDK's business (:mod:`tui.engine.reading`), but for this: importing it takes 100 ms of CPU,
and the first picture would wait for it. So the events, the engine's facts and the three lists are asked for once
without it, in the same words; the answers go through the same decoders. Each is given away once, and whoever
asks again gets the SDK's answer.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from tui.engine import decode
from tui.engine.connection import Connection
from tui.engine.event_stream import DockerEventStream
from tui.engine.lines import Lines
from tui.engine.threads import DaemonPool
from tui.model.container import Container
from tui.model.host import Endpoint, Host
from tui.model.image import Image
from tui.model.volume import Volume

T = TypeVar("T")


def event_lines(connection: Connection) -> Lines:
    """The engine's events, one per line."""
    return connection.look_on("/events", "The engine's events can't be followed")


def host(connection: Connection, endpoint: Endpoint) -> Host:
    """What the engine is."""
    info = connection.look("/info", "The engine's facts could not be read")
    api_version, release = connection.agree()
    return decode.host(info, release, api_version, endpoint)


def images(connection: Connection) -> tuple[Image, ...]:
    """All top-level and dangling images."""
    return decode.images(connection.look("/images/json", "The images could not be listed"))


def containers(connection: Connection) -> tuple[Container, ...]:
    """All containers, in every state."""
    return decode.containers(connection.look("/containers/json?all=1", "The containers could not be listed"))


def volumes(connection: Connection) -> tuple[Volume, ...]:
    """All volumes."""
    return decode.volumes(connection.look("/volumes", "The volumes could not be listed"))


class FirstLook:
    """The first look, taken in the threads of ``pool``. ``opened`` makes a stream of the lines of events."""

    def __init__(
        self,
        pool: DaemonPool,
        connection: Connection,
        endpoint: Endpoint,
        opened: Callable[[Lines], DockerEventStream],
    ) -> None:
        events = pool.submit(lambda: opened(event_lines(connection)))

        def after_events(read: Callable[[], T]) -> Future[T]:
            def wait_and_read() -> T:
                events.exception()  # only waits: what was not listed must still be told by an event
                return read()

            return pool.submit(wait_and_read)

        self._answers: dict[str, Future[Any]] = {
            "events": events,
            "containers": after_events(lambda: containers(connection)),
            "images": after_events(lambda: images(connection)),
            "volumes": after_events(lambda: volumes(connection)),
            "host": after_events(lambda: host(connection, endpoint)),
        }

    def take(self, name: str) -> Future[Any] | None:
        """The answer of this name, to whoever asks first; ``None`` to everyone else."""
        return self._answers.pop(name, None)
