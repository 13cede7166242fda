"""What can be seen at once of the disk that an engine keeps its data on: its free room, and some containers' logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.estimate import Certainty
from tui.model.mark import Kind


class DiskRoom(NamedTuple):
    """How full a file system is. Source: statvfs(3)."""

    total_bytes: int
    free_bytes: int
    """What every program may still write (``f_bavail``)."""
    reserved_bytes: int = 0
    """What is free besides, for root alone (``f_bfree`` less ``f_bavail``)."""


class EngineDisk(NamedTuple):
    """The disk at one moment, as far as it can be seen from where orlop runs."""

    room: DiskRoom | None = None
    """Of the file system of Docker Root Dir; ``None`` when that is not on this machine."""
    device: int | None = None
    """That file system's device number (``st_dev``), to hold against other folders' on this machine."""
    logs: Mapping[str, int] | None = None
    """Container ID -> bytes of its log files, rotated ones too, 0 when it has none; of those that were asked for and
    have a folder. ``None`` when nobody can look."""
    reason: str = ""
    """Why something of this is ``None``, in one sentence with a next step; empty when nothing is."""


class LogSum(NamedTuple):
    """What the logs of some containers come to."""

    size_bytes: int
    """Of those that were measured."""
    unmeasured: int
    """How many containers were not."""


class BackupPlace(NamedTuple):
    """Where backups of volumes go, on this machine."""

    folder: str
    room: DiskRoom
    device: int


class DiskSight(NamedTuple):
    """What was looked at for a plan."""

    engine: EngineDisk
    backups: BackupPlace | None = None
    """``None`` when nobody knows where they go, or for an engine that is made up."""

    @property
    def backups_beside(self) -> bool:
        """True when backups lie on the very file system that the engine keeps its data on."""
        return self.backups is not None and self.backups.device == self.engine.device


BACKUP_SPARE_BYTES = 16 << 20
"""What a backup leaves free on its file system: it must not be what fills that up."""
NO_LOGS: Mapping[str, int] = MappingProxyType({})


def log_sum(disk: EngineDisk, container_ids: Iterable[str]) -> LogSum:
    """What the logs of these containers come to."""
    logs = NO_LOGS if disk.logs is None else disk.logs
    sizes = [logs.get(one) for one in container_ids]
    return LogSum(sum(size or 0 for size in sizes), sizes.count(None))


def removed_containers(plan: CleanupPlan) -> tuple[str, ...]:
    """IDs of the containers that go, in the plan's order."""
    return tuple(step.id for step in plan.ready if step.kind is Kind.CONTAINER)


def backups_without_room(plan: CleanupPlan, back_up: frozenset[str], sight: DiskSight) -> tuple[Step, ...]:
    """The volumes whose backups will not fit where backups go, as far as sizes are known. They would be skipped.

    Carried out in the plan's order: on the engine's own file system, what went before made room, and a backup takes
    as much as its volume frees; elsewhere, each backup leaves less for the next.
    """
    place = sight.backups
    if place is None:
        return ()
    beside, room = sight.backups_beside, place.room.free_bytes
    short: list[Step] = []
    for step in plan.ready:
        size_bytes = step.reviewed.size_bytes
        if step.kind is Kind.VOLUME and step.id in back_up and size_bytes is not None:
            if size_bytes + BACKUP_SPARE_BYTES > room:
                short.append(step)
                continue
            room -= size_bytes
        if beside and step.freed.certainty in {Certainty.EXACT, Certainty.AT_LEAST}:
            room += step.freed.bytes or 0
    return tuple(short)
