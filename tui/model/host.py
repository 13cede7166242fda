"""The engine itself: where it answers, what it is, and what its disk usage amounts to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tui.model.build_cache import BuildCacheRecord

CONTAINERD_STORE = "containerd"
"""What ``Host.image_store`` says of an engine whose images lie in containerd's store."""
DOCKER = "Docker"
"""What ``Host.product`` says of Docker's own engine."""


_VOLUME_DATES_HOLD = (1, 45)
"""The API of engine 26: nothing between that and 20.10 was looked at."""


class Endpoint(NamedTuple):
    """Where an engine is asked for, and who said so."""

    url: str
    """``unix:///run/docker.sock``, ``tcp://…``, ``ssh://…``, ``npipe://…`` or ``demo:``."""
    context: str = ""
    """Name of the docker context it came from; empty when none did."""
    source: str = ""
    """Who chose it, in words for the user: ``--host``, ``DOCKER_HOST``, ``docker context 'x'`` …"""

    @property
    def made_up(self) -> bool:
        """True for the demo, which keeps nothing that ever was."""
        return self.url == "demo:"

    @property
    def label(self) -> str:
        """What the header shows: the context's name when there is one, else the address."""
        return self.context or self.url.removesuffix(":")


class Host(NamedTuple):
    """What the engine says of itself."""

    endpoint: Endpoint
    id: str
    name: str
    """The engine's host name."""
    product: str
    """``Docker`` or ``Podman``."""
    server_version: str
    api_version: str
    """The version both sides speak."""
    storage_driver: str
    image_store: str
    """``classic`` (graph drivers) or ``containerd`` (snapshotters)."""
    root_dir: str
    """Docker Root Dir: where everything lies, on the engine's host."""
    operating_system: str
    os_type: str
    architecture: str
    kernel: str
    cpus: int
    memory_bytes: int
    rootless: bool
    raw: Mapping[str, Any] = MappingProxyType({})
    """The engine's info answer, untouched."""

    @property
    def volume_dates_hold(self) -> bool:
        """False where a volume's date of creation moves with every file made or removed in it.

        Old engines tell the last change of its folder (moby ``volume/local``: seen on 20.10, and not on 26).
        """
        parts = self.api_version.split(".")
        return all(part.isdecimal() for part in parts) and tuple(map(int, parts)) >= _VOLUME_DATES_HOLD


class VolumeUsage(NamedTuple):
    """What one volume takes, as the engine last walked it."""

    size_bytes: int | None
    """``None`` when the engine does not say (it reports -1)."""
    reference_count: int | None


class DiskUsage(NamedTuple):
    """The engine's own account of its disk, read at one moment."""

    layers_size_bytes: int | None
    """All image layers, each counted once; ``None`` when the engine does not say (podman)."""
    volumes: Mapping[str, VolumeUsage]
    """By volume name."""
    containers: Mapping[str, tuple[int | None, int | None]]
    """By container ID: (writable layer, image + writable layer), in bytes."""
    build_cache: tuple[BuildCacheRecord, ...]
    images_reclaimable_bytes: int | None = None
    """What ``docker system df`` prints as RECLAIMABLE of images; ``None`` when the engine does not say.

    It is not what a prune would free: see :mod:`tui.model.disk_account`.
    """
