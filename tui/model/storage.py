"""What a container changed, what one of its paths is, and what the folders of an engine take."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple

from tui.model.layer_files import Kind


class ChangeKind(IntEnum):
    """How a path of a container differs from its image. The numbers are the API's own (``Kind`` of a change)."""

    MODIFIED = 0
    ADDED = 1
    DELETED = 2


class Change(NamedTuple):
    """One path that a container has written to its writable layer."""

    path: str
    """Relative to the root, without a leading slash."""
    kind: ChangeKind


class PathStat(NamedTuple):
    """What the engine says of one path of a container. It does not tell owners."""

    kind: Kind
    size_bytes: int
    """Bytes of a file's body; 0 for everything else."""
    mode: int
    """Permission bits with setuid, setgid and sticky."""
    modified: float
    """Seconds since the epoch; 0 when it isn't told."""
    link: str = ""
    """Where a symbolic link points, as the engine resolves it."""


class Phase(StrEnum):
    """What a reading is busy with."""

    WAITING = "waiting"
    """The engine puts the image together on its own disk before it sends a byte, and tells nothing meanwhile."""
    UNWRITTEN = "unwritten"
    """A pipe is being opened: that takes until somebody writes into it."""
    READING = "reading"


class Reading(NamedTuple):
    """How far a reading has come."""

    phase: Phase
    done_bytes: int = 0
    total_bytes: int | None = None
    """Expected bytes; ``None`` when that can't be known."""
    entries: int = 0
    """Entries met so far."""


class StorageFolder(NamedTuple):
    """One folder (or file) of an engine's disk, measured."""

    path: str
    """On the engine's host."""
    disk_bytes: int | None
    """What it takes on the disk (blocks, each inode once); ``None`` when it can't be read."""
    file_bytes: int | None = None
    """What its files hold, sparse ones in full; ``None`` when it can't be read."""
    files: int = 0
    reason: str = ""
    """Why it was not measured, in one sentence; empty when it was."""


class ContainerLog(NamedTuple):
    """What a container's log files take, rotated ones included."""

    container_id: str
    size_bytes: int


class StorageReport(NamedTuple):
    """What could be measured of an engine's disk from where orlop runs."""

    folders: tuple[StorageFolder, ...] = ()
    """Docker Root Dir first, then what lies directly in it, then what lies elsewhere (containerd's root)."""
    logs: tuple[ContainerLog, ...] = ()
    reason: str = ""
    """Why nothing could be measured, in one sentence with a next step; empty when something was."""
