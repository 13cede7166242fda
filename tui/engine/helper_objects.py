"""Helpers of our own: a container that is never started and mounts one volume, on an image that holds no file.

The engine's archive calls read and fill a volume through it, without a program running and without being root on
the engine's host. Blocking; called in worker threads. Only EngineError leaves here (and what the caller raises).
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tui.engine import decode, helper_makers
from tui.engine import reading as asking
from tui.engine.connection import Connection
from tui.engine.errors import ConflictError, EngineError, EngineFaultError, NotFoundError
from tui.engine.long_reading import LongReading
from tui.engine.raw import text
from tui.model.leftovers import ABANDONED_AFTER, HELPER_LABEL, HELPER_NAME, Maker, maker_of
from tui.model.volume import Volume

if TYPE_CHECKING:
    # For annotations only: importing the SDK costs 100 ms, and no wall stands here.
    from tui.engine.sdk import SdkClient

MOUNTED_AT = "/volume"
"""Where the helper container has the volume."""

_EMPTY_TAR = bytes(1024)
"""Two blocks of zeros: an archive without entries."""


@contextmanager
def helper_on(reading: LongReading, volume: str, *, read_only: bool) -> Iterator[str]:
    """The ID of a helper container that mounts ``volume``; it is gone after the block, however that ends.

    The mount copies nothing into the volume, which an engine otherwise does when an empty one is first mounted.
    Raises NotFoundError when there is no such volume. When only the removal of the helper fails, that is raised:
    what stays holds the volume.
    """
    helper = _Helper(reading, helper_makers.begin())
    try:
        try:
            yield helper.made(volume, read_only=read_only)
        except BaseException:
            with suppress(EngineError):  # the first error says more; what stays is swept at the next start
                helper.remove()
            raise
        helper.remove()
    finally:
        helper_makers.end(helper.maker)


class _Helper:
    def __init__(self, reading: LongReading, maker: Maker) -> None:
        self._reading = reading
        self._connection = reading.connection
        self.maker = maker
        self._image = ""

    def made(self, volume: str, *, read_only: bool) -> str:
        """Make the image, then the container; return the container's ID."""
        failed = f"The volume {volume} could not be mounted for reading or writing its files"
        before = _volume(self._connection, volume)
        self._reading.check()
        answer = self._connection.ask(lambda sdk: _import_image(sdk, self.maker), failed)
        self._image = _imported(answer)
        self._reading.check()
        made = self._connection.ask(
            lambda sdk: _create(sdk, self._image, volume, self.maker, read_only=read_only), failed
        )
        self._check_same(volume, before)
        self._reading.check()
        return text(made.get("Id"))

    def _check_same(self, volume: str, before: Volume) -> None:
        """Raise NotFoundError when the volume vanished just before it was mounted: mounting makes an empty one."""
        now = _volume(self._connection, volume)
        ours = now.labels.get(HELPER_LABEL) == self.maker.text
        if not ours and now.created == before.created:
            return
        self.remove()
        if ours:
            self._connection.ask(lambda sdk: sdk.remove_volume(volume), f"The volume {volume} could not be removed")
        raise NotFoundError(f"The volume {volume} was removed at this very moment.", "Refresh to see what is there.")

    def remove(self) -> None:
        """Remove the container, then the image, as far as they are there."""
        name = self.maker.name
        with suppress(NotFoundError):
            self._connection.ask(
                lambda sdk: sdk.remove_container(name, v=False, force=True),
                f"orlop's own container {name} could not be removed",
            )
        # By its name when the answer to its making never came.
        image = self._image or f"{HELPER_NAME}:{self.maker.token}"
        with suppress(NotFoundError):
            self._connection.ask(lambda sdk: sdk.remove_image(image), f"orlop's own image {image} could not be removed")


def _volume(connection: Connection, name: str) -> Volume:
    return asking.volume_detail(connection, name).volume


def _import_image(sdk: SdkClient, maker: Maker) -> str:
    answer: str = sdk.import_image_from_data(
        _EMPTY_TAR, repository=HELPER_NAME, tag=maker.token, changes=[f"LABEL {HELPER_LABEL}={json.dumps(maker.text)}"]
    )
    return answer


def _imported(answer: str) -> str:
    """The ID in the engine's last word on an import; podman writes it without ``sha256:`` at times."""
    lines = answer.strip().splitlines()
    try:
        told = json.loads(lines[-1]) if lines else None
    except ValueError:
        told = None
    found = text(told.get("status")) if isinstance(told, dict) else ""
    if not found:
        raise EngineFaultError("The engine did not say which image it made for orlop's own use.", "Try again.")
    return found


def _create(sdk: SdkClient, image: str, volume: str, maker: Maker, *, read_only: bool) -> dict[str, Any]:
    from docker.types import Mount  # noqa: PLC0415 - the SDK's import is put off until it is wanted

    labels = {HELPER_LABEL: maker.text}
    mount = Mount(
        # The labels are those of the volume that the engine makes when there is none of this name any more.
        MOUNTED_AT, volume, type="volume", read_only=read_only, no_copy=True, labels=labels,
    )  # fmt: skip
    made: dict[str, Any] = sdk.create_container(
        image,
        ["/orlop-never-starts-this"],
        name=maker.name,
        labels=labels,
        network_disabled=True,
        host_config=sdk.create_host_config(network_mode="none", mounts=[mount]),
    )
    return made


def remove_leftovers(connection: Connection, spare: Collection[str] = ()) -> int:
    """Remove the helpers that nobody uses any more; return how many containers and images those were.

    What has one of the IDs in ``spare`` stays.

    Left behind is what this process does not use now, what a process that has ended made on this computer, and
    what is older than :data:`ABANDONED_AFTER`. What another orlop may be using stays.
    """
    only_ours = {"label": HELPER_LABEL}
    failed = "What orlop itself left on the engine could not be looked for"
    containers = decode.containers(connection.ask(lambda sdk: sdk.containers(all=True, filters=only_ours), failed))
    removed = sum(
        _removed(connection, container.id, image=False)
        for container in containers
        if container.id not in spare and _abandoned(container.labels.get(HELPER_LABEL), container.created)
    )
    images = decode.images(connection.ask(lambda sdk: sdk.images(filters=only_ours), failed))
    return removed + sum(
        _removed(connection, image.id, image=True)
        for image in images
        if image.id not in spare and _abandoned(image.labels.get(HELPER_LABEL), image.created)
    )


def _removed(connection: Connection, identity: str, *, image: bool) -> bool:
    """Remove one; False when it was gone already, or somebody uses it after all."""
    failed = f"orlop's own {'image' if image else 'container'} {identity[:19]} could not be removed"
    try:
        if image:
            connection.ask(lambda sdk: sdk.remove_image(identity), failed)
        else:
            connection.ask(lambda sdk: sdk.remove_container(identity, v=False), failed)
    except (NotFoundError, ConflictError):
        return False
    return True


def _abandoned(value: str | None, created: float | None) -> bool:
    maker = maker_of(value) if value is not None else None
    if maker is None:
        return False  # somebody else's label of the same name
    if helper_makers.in_use_here(maker):
        return False
    if helper_makers.is_gone(maker):
        return True
    return created is not None and time.time() - created > ABANDONED_AFTER
