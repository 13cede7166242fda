"""Containers: the list record, its mounts and ports, and the fuller answer of an inspect."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

COMPOSE_PROJECT = "com.docker.compose.project"
COMPOSE_SERVICE = "com.docker.compose.service"

RUNNING_STATES = frozenset({"running", "paused", "restarting"})
"""States in which the container's main process exists (or is about to be started again)."""


class Mount(NamedTuple):
    """One place where something else shows through a container's filesystem."""

    type: str
    """``volume``, ``bind``, ``tmpfs``, ``npipe``, ``cluster`` or ``image``."""
    name: str
    """The volume's name; empty for every other type."""
    source: str
    """Path on the engine's host; empty for a tmpfs."""
    destination: str
    """Path inside the container."""
    read_only: bool = False
    driver: str = ""


class Port(NamedTuple):
    """A port of the container, and where it is published, if it is."""

    private: int
    protocol: str = "tcp"
    public: int | None = None
    address: str = ""


class Container(NamedTuple):
    """One container as the engine's list gives it."""

    id: str
    """Whole ID, 64 hex digits."""
    names: tuple[str, ...] = ()
    """Without the leading slash; may be empty while a container is being removed."""
    image: str = ""
    """The image as it was named at creation; an ID when the name has moved on."""
    image_id: str = ""
    command: str = ""
    created: float | None = None
    state: str = ""
    """``created``, ``running``, ``paused``, ``restarting``, ``removing``, ``exited`` or ``dead``."""
    status: str = ""
    """The engine's own sentence, such as ``Up 3 hours (healthy)``."""
    ports: tuple[Port, ...] = ()
    mounts: tuple[Mount, ...] = ()
    networks: tuple[str, ...] = ()
    labels: Mapping[str, str] = MappingProxyType({})
    size_rw_bytes: int | None = None
    """Bytes in its writable layer; ``None`` until the disk usage has been read."""
    size_root_fs_bytes: int | None = None
    """Its image plus its writable layer; ``None`` until the disk usage has been read."""

    @property
    def name(self) -> str:
        """Its first name; empty when it has none."""
        return self.names[0] if self.names else ""

    @property
    def alive(self) -> bool:
        """True when its main process exists, so that removing it needs force."""
        return self.state in RUNNING_STATES

    @property
    def compose_project(self) -> str:
        """The Compose project it belongs to; empty for a standalone container."""
        return self.labels.get(COMPOSE_PROJECT, "")

    @property
    def compose_service(self) -> str:
        """The Compose service it is an instance of; empty when it is none."""
        return self.labels.get(COMPOSE_SERVICE, "")

    @property
    def volume_names(self) -> tuple[str, ...]:
        """Names of the volumes it mounts."""
        return tuple(mount.name for mount in self.mounts if mount.type == "volume" and mount.name)


class ContainerDetail(NamedTuple):
    """What an inspect tells of one container, at one moment."""

    id: str
    name: str
    image: str
    image_id: str
    created: str
    """RFC 3339 text, as are ``started`` and ``finished``; empty when it never happened."""
    state: str
    started: str
    finished: str
    exit_code: int | None
    error: str
    oom_killed: bool
    health: str
    """``healthy``, ``unhealthy``, ``starting`` or empty without a health check."""
    restart_count: int
    restart_policy: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: tuple[str, ...]
    user: str
    working_dir: str
    hostname: str
    tty: bool
    labels: Mapping[str, str]
    mounts: tuple[Mount, ...]
    networks: Mapping[str, str]
    """Network name -> the container's IP address on it (empty while it is stopped)."""
    log_driver: str
    log_path: str
    storage_driver: str
    storage: Mapping[str, str]
    """GraphDriver.Data: UpperDir, LowerDir, WorkDir, MergedDir; empty on the containerd store."""
    raw: Mapping[str, Any]
    """The engine's inspect answer, untouched."""


def all_mounts(detail: ContainerDetail) -> tuple[Mount, ...]:
    """Every mount, by path; those of ``--tmpfs`` stand in ``HostConfig.Tmpfs`` alone, and not among ``Mounts``."""
    known = {mount.destination for mount in detail.mounts}
    tmpfs = _mapping(_mapping(detail.raw.get("HostConfig")).get("Tmpfs"))
    others = [Mount("tmpfs", "", "", str(path)) for path in tmpfs if str(path) not in known]
    return tuple(sorted((*detail.mounts, *others), key=lambda mount: mount.destination))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
