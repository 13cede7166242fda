"""Where an engine's bytes lie: its folders, its logs and its totals, put together from what is known. Pure."""

from __future__ import annotations

from typing import NamedTuple

from tui.model.container import Container
from tui.model.disk_account import AccountLine, account
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE, Host
from tui.model.inventory import Inventory
from tui.model.storage import StorageFolder, StorageReport
from tui.model.storage_folders import Purpose, expected_folders, purpose_of
from tui.model.storage_places import CONTAINERD_ROOT
from tui.model.storage_platform import Finding, platform_of


class MappedFolder(NamedTuple):
    """One folder of the engine's data."""

    path: str
    """On the engine's host."""
    name: str
    """Relative to Docker Root Dir; the whole path of what lies elsewhere."""
    purpose: Purpose
    measured: StorageFolder | None
    """``None`` until somebody has measured it."""
    elsewhere: bool = False
    """True when it is not below Docker Root Dir."""


class MappedLog(NamedTuple):
    """What a container's log takes."""

    container_id: str
    container: Container | None
    """``None`` when it is no longer listed."""
    size_bytes: int


class StorageMap(NamedTuple):
    """Everything the storage map shows of one engine."""

    host: Host
    finding: Finding
    root: MappedFolder
    folders: tuple[MappedFolder, ...]
    """What lies in Docker Root Dir, then what lies elsewhere. Measured ones are those that are there, the largest
    first; before that, those an engine of this kind has."""
    lines: tuple[AccountLine, ...]
    logs: tuple[MappedLog, ...]
    """The largest first; empty until measured."""
    log_driver: str
    """What new containers log with, unless they say otherwise; empty when the engine does not tell."""
    report: StorageReport | None

    @property
    def logs_bytes(self) -> int | None:
        """All logs; ``None`` until they have been measured."""
        if self.report is None or self.report.reason:
            return None
        return sum(log.size_bytes for log in self.logs)


ROOT_PURPOSE = Purpose(
    "",
    "Docker Root Dir: the folder in which this engine keeps all it has.",
    "Only the engine knows how its folders hang together: removing, copying or moving single ones loses data. To "
    "move it all, stop the engine, copy everything with cp -a, and name the new folder as data-root.",
    "docker info -f '{{.DockerRootDir}}'",
)
CONTAINERD_PURPOSE = Purpose(
    "containerd",
    "containerd's root: images and layers of the containerd image store, outside Docker Root Dir.",
    "It is shared with whatever else uses containerd on that host, such as Kubernetes: leave it to containerd.",
)


def storage_map(inventory: Inventory, holdings: Holdings, report: StorageReport | None) -> StorageMap | None:
    """The map of the engine behind ``inventory``; ``None`` until the engine has said what it is.

    Args:
        inventory: the world as listed.
        holdings: the layers read so far, for what pruning would free.
        report: the measured folders and logs; ``None`` before anything was measured.
    """
    host = inventory.host
    if host is None:
        return None
    measured = {folder.path.rstrip("/\\"): folder for folder in report.folders} if report else {}
    root_path = host.root_dir.rstrip("/\\") or host.root_dir
    root = MappedFolder(host.root_dir, host.root_dir, ROOT_PURPOSE, measured.pop(root_path, None))
    folders = _measured(measured, root_path, host) if measured else _expected(root_path, host)
    known = inventory.containers_by_id
    measured_logs = report.logs if report else ()
    logs = [MappedLog(log.container_id, known.get(log.container_id), log.size_bytes) for log in measured_logs]
    driver = host.raw.get("LoggingDriver")
    return StorageMap(
        host=host,
        finding=platform_of(host),
        root=root,
        folders=folders,
        lines=account(inventory, holdings),
        logs=tuple(sorted(logs, key=lambda log: (-log.size_bytes, log.container_id))),
        log_driver=driver if isinstance(driver, str) else "",
        report=report,
    )


def separator_of(root_dir: str) -> str:
    """What separates folders on the engine's host."""
    return "\\" if "\\" in root_dir and not root_dir.startswith("/") else "/"


def _measured(measured: dict[str, StorageFolder], root: str, host: Host) -> tuple[MappedFolder, ...]:
    """The folders that are there, those of the data root before the others, the largest first."""
    found = []
    for path, folder in measured.items():
        inside = path.startswith((f"{root}/", f"{root}\\"))
        name = path[len(root) + 1 :] if inside else path
        last = path.replace("\\", "/").rpartition("/")[2]
        purpose = purpose_of(last, host)
        if not inside and last == CONTAINERD_PURPOSE.name:
            purpose = CONTAINERD_PURPOSE
        found.append(MappedFolder(folder.path, name, purpose, folder, elsewhere=not inside))
    found.sort(key=lambda one: (one.elsewhere, -((one.measured and one.measured.disk_bytes) or 0), one.name))
    return tuple(found)


def _expected(root: str, host: Host) -> tuple[MappedFolder, ...]:
    """The folders that an engine of this kind has, before anybody has looked."""
    between = separator_of(host.root_dir)
    folders = [
        MappedFolder(f"{root}{between}{purpose.name}", purpose.name, purpose, None)
        for purpose in expected_folders(host)
    ]
    if host.image_store == CONTAINERD_STORE:
        folders.append(MappedFolder(CONTAINERD_ROOT, CONTAINERD_ROOT, CONTAINERD_PURPOSE, None, elsewhere=True))
    return tuple(folders)
