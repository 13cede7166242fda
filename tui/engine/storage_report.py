"""Whether the engine's folders can be measured from here, whether they are this engine's, and what they take."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from tui import locations
from tui.engine import reading as asking
from tui.engine.connection import Connection
from tui.engine.local_store import in_virtual_machine
from tui.engine.long_reading import LongReading
from tui.engine.storage_measure import Counted, Measuring, container_logs, whole
from tui.model.host import Endpoint, Host
from tui.model.storage import ContainerLog, Phase, Reading, StorageFolder, StorageReport

_OWN_BLOCKS = {"btrfs", "zfs"}
"""Storage drivers whose layers share blocks below what any program can count by walking folders."""


def storage_report(reading: LongReading, endpoint: Endpoint) -> StorageReport:
    """Measure the engine's root dir, what lies directly in it, and containerd's root; see :class:`StorageReport`."""
    reading.tell_at_once(Reading(Phase.WAITING))
    host = asking.host(reading.connection, endpoint)
    reason = why_not_here(host) or why_not_readable(host, reading.connection)
    if reason:
        return StorageReport(reason=reason)
    root = Path(host.root_dir)

    def counted(so_far: Counted) -> None:
        reading.check()
        reading.tell(Reading(Phase.READING, so_far.file_bytes, None, so_far.files))

    measuring = Measuring(counted)
    try:
        inside = [_measured(measuring, path, host) for path in sorted(root.iterdir())]
        own = whole(root, inside)
    except OSError as error:  # it was there a moment ago
        return StorageReport(reason=f"{root} could not be measured to its end: {error.strerror}.")
    elsewhere = [measuring.folder(path) for path in _elsewhere(host, root)]
    return StorageReport((own, *inside, *elsewhere), _logs(host, root))


def why_not_here(host: Host) -> str:
    """Why the engine's disk is out of reach, told by where the engine is; empty when it may be here."""
    url, root = host.endpoint.url, host.root_dir
    if url.startswith(("tcp://", "ssh://", "http://", "https://")):
        return (
            f"The engine runs on another host ({url}), where {root} lies: "
            "run orlop there, as root, to measure it."
        )  # fmt: skip
    if in_virtual_machine(host):
        return (
            f"{host.operating_system} keeps {root} inside its virtual machine: from here only the "
            "machine's disk file as a whole can be seen."
        )
    if sys.platform != "linux" or host.os_type not in {"", "linux"}:
        return f"{root} lies inside the virtual machine that the engine runs in: run orlop in there to measure it."
    return "" if root.startswith("/") else "The engine does not say where it keeps its data (Docker Root Dir)."


def why_not_readable(host: Host, connection: Connection) -> str:
    """Why the root dir can't be measured, told by looking at it; empty when it is there, readable and the engine's."""
    root = Path(host.root_dir)
    elsewhere = (
        f"The folder {root} of this host is not the one of this engine, which seems to run in a virtual machine, "
        "a container or on another host: run orlop there to measure it."
    )
    try:
        if not stat.S_ISDIR(root.stat().st_mode):
            return elsewhere
        list(root.iterdir())
        return "" if _is_the_engines(host, root, connection) else elsewhere
    except PermissionError:
        return f"{root} can't be read by this user: run orlop as root on its host to measure it."
    except OSError:
        return elsewhere


def _is_the_engines(host: Host, root: Path, connection: Connection) -> bool:
    """Compare what the engine says with what lies in ``root``. Raises OSError.

    Engines since 23.0 keep their ID there. Of an older one, and of podman, a container must have its folder there
    (its ID is like no other), or else all volumes; and where it has none of either, no other's may be there.
    """
    engine_id = root / "engine-id"
    if engine_id.exists():
        return engine_id.read_text(encoding="ascii", errors="replace").strip() == host.id
    there, volumes_there = _folders(containers_folder(host, root)), _folders(root / "volumes")
    containers = {container.id for container in asking.containers(connection)}
    if containers:
        return bool(containers & there)
    volumes = {volume.name for volume in asking.volumes(connection) if volume.driver == "local"}
    return volumes <= volumes_there if volumes else not there and not volumes_there


def _folders(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir() if entry.is_dir()} if folder.exists() else set()


def containers_folder(host: Host, root: Path) -> Path:
    """The folder that has one for each container."""
    return root / (f"{host.storage_driver}-containers" if host.product == "Podman" else "containers")


def _measured(measuring: Measuring, path: Path, host: Host) -> StorageFolder:
    if path.name in _OWN_BLOCKS and path.name == host.storage_driver:
        why = f"{path.name} shares blocks between layers, which can't be counted by walking: ask {path.name} itself."
        return StorageFolder(str(path), None, reason=why)
    return measuring.folder(path)


def _elsewhere(host: Host, root: Path) -> list[Path]:
    """Containerd's root, when images are kept there and it isn't below the engine's own."""
    if (
        host.image_store != "containerd"
        or (root / "containerd" / "daemon").is_dir()
        or root in locations.CONTAINERD_ROOT.parents
    ):
        return []
    return [locations.CONTAINERD_ROOT]


def _logs(host: Host, root: Path) -> tuple[ContainerLog, ...]:
    try:
        return container_logs(containers_folder(host, root))
    except OSError:
        return ()
