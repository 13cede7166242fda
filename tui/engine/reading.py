"""Everything that is asked of an engine without changing it: which call of the SDK, and which record comes of it.

Blocking; called in worker threads. Only EngineError leaves here.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from tui.engine import decode, decode_detail
from tui.engine.connection import Connection
from tui.engine.errors import BusyError, EngineFaultError, NotFoundError
from tui.engine.failures import named
from tui.engine.lines import Lines
from tui.engine.port import ImageRemoval
from tui.engine.raw import fields, part, parts, text
from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container, ContainerDetail
from tui.model.host import DiskUsage, Endpoint, Host
from tui.model.image import Image, ImageDetail
from tui.model.volume import Volume, VolumeDetail

_FIRST_PARALLEL_WALK = (1, 42)
"""Before this API version a second disk usage walk at the same time is refused, with status 500."""
_INTERMEDIATES = 20
"""At most so many intermediate images are looked at to settle which steps of the classic builder made layers."""


def host(connection: Connection, endpoint: Endpoint) -> Host:
    """What the engine is."""
    info = connection.ask(lambda sdk: sdk.info(), "The engine's facts could not be read")
    api_version, release = connection.agree()
    return decode.host(info, release, api_version, endpoint)


def image_removal(answer: Any) -> ImageRemoval:
    """What the engine says it did: its answer to a removal."""
    done = parts(answer)
    return ImageRemoval(
        untagged=tuple(text(row["Untagged"]) for row in done if "Untagged" in row),
        deleted=tuple(text(row["Deleted"]) for row in done if "Deleted" in row),
    )


def images(connection: Connection) -> tuple[Image, ...]:
    """All top-level and dangling images."""
    return decode.images(connection.ask(lambda sdk: sdk.images(), "The images could not be listed"))


def containers(connection: Connection) -> tuple[Container, ...]:
    """All containers, in every state."""
    listed = connection.ask(lambda sdk: sdk.containers(all=True), "The containers could not be listed")
    return decode.containers(listed)


def volumes(connection: Connection) -> tuple[Volume, ...]:
    """All volumes."""
    return decode.volumes(connection.ask(lambda sdk: sdk.volumes(), "The volumes could not be listed"))


def image_detail(connection: Connection, image_id: str) -> ImageDetail:
    """Inspect and history of one image, and what settles the doubtful steps of the classic builder."""
    failed = f"{named('image', image_id)} could not be read"
    inspected = _inspect_image(connection, image_id, failed)
    history = connection.ask(lambda sdk: sdk.history(image_id), failed)  # type: ignore[no-untyped-call]
    depths = _depths(connection, decode_detail.doubtful_steps(inspected, history))
    return decode_detail.image_detail(inspected, history, depths)


def _depths(connection: Connection, intermediates: dict[int, str]) -> dict[int, int]:
    """How many layers each intermediate image has; those that are gone are left out."""
    found = {}
    for index, image_id in list(intermediates.items())[:_INTERMEDIATES]:
        with suppress(NotFoundError):
            inspected = _inspect_image(connection, image_id, "The image's history could not be read")
            found[index] = len(decode_detail.diff_ids(inspected))
    return found


def check_image(connection: Connection, image_id: str) -> None:
    """Raise NotFoundError when there is no such image."""
    _inspect_image(connection, image_id, f"{named('image', image_id)} could not be read")


def _inspect_image(connection: Connection, image_id: str, failed: str) -> Any:
    return connection.ask(lambda sdk: sdk.inspect_image(image_id), failed)  # type: ignore[no-untyped-call]


def container_detail(connection: Connection, container_id: str) -> ContainerDetail:
    """Inspect of one container."""
    return decode_detail.container_detail(inspect_container(connection, container_id))


def container_state(connection: Connection, container_id: str) -> str:
    """The state of one container, as its inspect gives it."""
    inspected = fields(inspect_container(connection, container_id), "the container")
    return text(part(inspected.get("State")).get("Status"))


def inspect_container(connection: Connection, container_id: str) -> Any:
    """The engine's inspect answer about one container. Raises NotFoundError when it is gone."""
    failed = f"{named('container', container_id)} could not be read"
    return connection.ask(lambda sdk: sdk.inspect_container(container_id), failed)


def volume_detail(connection: Connection, name: str) -> VolumeDetail:
    """Inspect of one volume."""
    failed = f"{named('volume', name)} could not be read"
    return decode_detail.volume_detail(connection.ask(lambda sdk: sdk.inspect_volume(name), failed))


def build_cache(connection: Connection) -> tuple[BuildCacheRecord, ...]:
    """The records of the build cache alone, without a walk where the engine can do that. Raises BusyError as below."""
    if _numbers(connection) < _FIRST_PARALLEL_WALK:
        return disk_usage(connection).build_cache
    answer = connection.ask(lambda sdk: sdk.df_of_build_cache(), "The build cache could not be read")
    return decode.disk_usage(answer).build_cache


def _numbers(connection: Connection) -> tuple[int, ...]:
    return tuple(int(number) for number in connection.agree()[0].split("."))


def disk_usage(connection: Connection) -> DiskUsage:
    """The engine's account of its disk.

    Raises BusyError where one walk at a time is allowed, and when things keep vanishing under the walk: the
    containerd store answers 404 then, for something nobody asked for.
    """
    try:
        try:
            answer = _walk(connection)
        except NotFoundError:
            answer = _walk(connection)
    except NotFoundError as error:
        raise BusyError(error.message, "Something was removed while the engine was counting: try again.") from error
    except EngineFaultError as error:
        release = connection.agree()[1]
        if _numbers(connection) < _FIRST_PARALLEL_WALK and decode.product(release) == "Docker":
            raise BusyError(error.message, "Another program asked for it just now: try again later.") from error
        raise
    return decode.disk_usage(answer)


def _walk(connection: Connection) -> Any:
    return connection.ask(lambda sdk: sdk.df(), "The disk usage could not be read")


def event_lines(connection: Connection) -> Lines:
    """The engine's events, one per line."""
    return connection.ask(lambda sdk: sdk.event_lines(), "The engine's events can't be followed")
