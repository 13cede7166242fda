"""What the folders of an engine take on this host's disk: walked, counted in blocks, each inode once."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tui.model.engine_disk import DiskRoom
from tui.model.storage import ContainerLog, StorageFolder

_BLOCK = 512
"""Bytes that ``st_blocks`` counts in, whatever the file system's own blocks are. Source: stat(2)."""
_LOGS = ("{id}-json.log*", "local-logs/container.log*", "container-cached.log*", "userdata/ctr.log*")
"""In a container's folder, the files of the log drivers that write there: json-file, local, what the engine keeps
beside a driver that sends logs elsewhere so that ``docker logs`` can read them (seen on 20.10), and podman's."""
_ID = re.compile(r"[A-Za-z0-9]+")
_AS_ROOT = "Run orlop as root on the engine's host to measure it."


class Counted(NamedTuple):
    """So far, over everything measured."""

    file_bytes: int
    files: int


class Measuring:
    """Measures one folder after the other; a file with several names is counted where it is met first.

    ``on_counted`` is told how far it has come, often. Whatever it raises ends the measuring.
    """

    def __init__(self, on_counted: Callable[[Counted], None]) -> None:
        self._on_counted = on_counted
        self._linked: set[tuple[int, int]] = set()
        self._file_bytes = 0
        self._files = 0

    def folder(self, path: Path) -> StorageFolder:
        """What is at ``path``, and all below it that lies on the same file system.

        What is mounted below is left out: a running container's ``merged`` shows its layers once more, and a
        volume on another machine's disk takes nothing here.
        """
        try:
            status = path.lstat()
        except OSError as error:
            return StorageFolder(str(path), None, reason=f"{path} can't be looked at: {error.strerror}. {_AS_ROOT}")
        if not stat.S_ISDIR(status.st_mode):
            self._take(status)
            return StorageFolder(str(path), _disk_bytes(status), _file_bytes(status), 1)
        return self._walked(str(path), status)

    def _walked(self, top: str, status: os.stat_result) -> StorageFolder:
        disk, file_bytes, files, closed = _disk_bytes(status), 0, 0, 0
        waiting = [top]
        while waiting:
            self._on_counted(Counted(self._file_bytes, self._files))
            inside = waiting.pop()
            try:
                found = list(_statuses(inside))
            except PermissionError:
                closed += 1
                continue
            except OSError:
                continue  # removed meanwhile
            for path, below in found:
                if below.st_dev != status.st_dev or not self._first_name(below):
                    continue
                disk += _disk_bytes(below)
                if stat.S_ISDIR(below.st_mode):
                    waiting.append(path)
                    continue
                self._take(below)
                file_bytes += _file_bytes(below)
                files += 1
        if closed:
            what = "A folder" if closed == 1 else f"{closed} folders"
            return StorageFolder(top, None, None, files, f"{what} in {top} can't be read by this user. {_AS_ROOT}")
        return StorageFolder(top, disk, file_bytes, files)

    def _first_name(self, status: os.stat_result) -> bool:
        if status.st_nlink == 1 or stat.S_ISDIR(status.st_mode):
            return True
        known = len(self._linked)
        self._linked.add((status.st_dev, status.st_ino))
        return len(self._linked) > known

    def _take(self, status: os.stat_result) -> None:
        self._file_bytes += _file_bytes(status)
        self._files += 1


def _statuses(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                yield entry.path, entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # removed meanwhile


def _disk_bytes(status: os.stat_result) -> int:
    return status.st_blocks * _BLOCK


def _file_bytes(status: os.stat_result) -> int:
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def whole(root: Path, parts: Iterable[StorageFolder]) -> StorageFolder:
    """``root`` itself with all that lies directly in it; not known when one of those isn't."""
    own, disk, file_bytes, files = root.lstat(), 0, 0, 0
    unknown = []
    for part in parts:
        files += part.files
        if part.disk_bytes is None or part.file_bytes is None:
            unknown.append(Path(part.path).name)
        else:
            disk += part.disk_bytes
            file_bytes += part.file_bytes
    if unknown:
        return StorageFolder(
            str(root), None, None, files, f"What {' and '.join(unknown)} takes is not known. {_AS_ROOT}"
        )
    return StorageFolder(str(root), disk + _disk_bytes(own), file_bytes, files)


def container_logs(containers: Path) -> tuple[ContainerLog, ...]:
    """What the containers' log files hold, the largest first; those without any are left out.

    ``containers`` is the folder that has one for each container. Raises OSError when it can't be read.
    """
    logs = []
    for folder in sorted(containers.iterdir()):
        size_bytes = _log_bytes(folder)
        if size_bytes is not None:
            logs.append(ContainerLog(folder.name, size_bytes))
    return tuple(sorted(logs, key=lambda log: -log.size_bytes))


def logs_of(containers: Path, container_ids: Iterable[str]) -> Mapping[str, int]:
    """What the log files of just these containers hold: 0 of one without any, nothing of one without a folder.

    ``containers`` is as for :func:`container_logs`. Raises OSError when it can't be read.
    """
    logs: dict[str, int] = {}
    for container_id in container_ids:
        # An ID becomes part of a path and of a pattern: nothing that could mean more than itself in either.
        if _ID.fullmatch(container_id) and stat.S_ISDIR(_mode(containers / container_id)):
            logs[container_id] = _log_bytes(containers / container_id) or 0
    return logs


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except FileNotFoundError:
        return 0  # removed meanwhile


def _log_bytes(folder: Path) -> int | None:
    """What the log files in a container's folder hold; ``None`` when there are none."""
    sizes = [_size(log) for pattern in _LOGS for log in folder.glob(pattern.format(id=folder.name))]
    return sum(sizes) if sizes else None


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0  # rotated away meanwhile


def room_of(folder: Path) -> DiskRoom:
    """How full the file system of ``folder`` is. Raises OSError."""
    told = os.statvfs(folder)
    free = told.f_bavail * told.f_frsize
    return DiskRoom(told.f_blocks * told.f_frsize, free, max(0, told.f_bfree * told.f_frsize - free))
