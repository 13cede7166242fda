"""The engine's own folders, when they lie on this host and can be read: layers, their records, writable layers.

Nothing here trusts that a folder of the right name belongs to the engine: a socket may lead into a virtual machine or
to another host, which has a ``/var/lib/docker`` too. What is found is checked against something only this engine knows.

Source of the layout: ``layer/filestore.go`` and ``daemon/graphdriver/overlay2`` in https://github.com/moby/moby
"""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from tui.engine.raw import text, texts
from tui.model.container import ContainerDetail
from tui.model.host import Host

DRIVER = "overlay2"
"""The storage driver whose layer folders are plain folders with overlay's own whiteouts."""
_ID = re.compile(r"[0-9a-f]{64}(-init)?")
"""Cache IDs, chain IDs and container IDs: nothing else is ever made part of a path."""
_NO_NAMES = frozenset({"", ".", ".."})
"""What stands between slashes and names nothing: such paths are nobody's, and ``..`` leads out of the folder."""
_LONGEST_RECORD = 4096
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class StoredLayer(NamedTuple):
    """Where one layer lies."""

    folder: Path
    """Its unpacked files, whiteouts in overlay's own form."""
    tar_split: Path
    """What its tar was made of but for the files' bodies, as the engine wrote it down to make the same tar again."""


class LocalStore:
    """The classic overlay2 store of a Docker engine, whose root dir is on this host.

    Its methods read a few small files and never raise: what can't be read, or isn't this engine's, is not there.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._layers = root / "image" / DRIVER / "layerdb"

    @classmethod
    def of(cls, host: Host) -> LocalStore | None:
        """The store of this engine; ``None`` when it can't be read in this way from here.

        Not with user namespaces and not rootless: there the owners on the disk are other numbers than those in the
        layers. And only where overlay's folders hold all there is to know ("Native Overlay Diff").
        """
        if not may_be_here(host) or host.product != "Docker" or host.storage_driver != DRIVER:
            return None
        security = texts(host.raw.get("SecurityOptions"))
        if host.rootless or any(option.startswith(("name=userns", "name=rootless")) for option in security):
            return None
        if _driver_status(host).get("Native Overlay Diff") != "true":
            return None
        return cls(Path(host.root_dir))

    def layer(self, chain_id: str, diff_id: str) -> StoredLayer | None:
        """The layer with this chain ID, when what lies there says that it has this diff ID."""
        if not _ID.fullmatch(_digits(chain_id)):
            return None
        record = self._layers / "sha256" / _digits(chain_id)
        cache_id = _short_text(record / "cache-id")
        if _short_text(record / "diff") != diff_id or not _ID.fullmatch(cache_id):
            return None
        return StoredLayer(self._root / DRIVER / cache_id / "diff", record / "tar-split.json.gz")

    def writable_folder(self, container: ContainerDetail) -> Path | None:
        """The container's writable layer, when the engine's own record of this container names the same folder."""
        upper = container.storage.get("UpperDir", "")
        if not upper or not _ID.fullmatch(container.id):
            return None
        mount_id = _short_text(self._layers / "mounts" / container.id / "mount-id")
        expected = self._root / DRIVER / mount_id / "diff"
        return expected if _ID.fullmatch(mount_id) and Path(upper) == expected else None


def may_be_here(host: Host) -> bool:
    """False when the engine is certainly elsewhere: reached over a network, or known to run in a virtual machine."""
    return host.endpoint.url.startswith("unix://") and host.root_dir.startswith("/") and not in_virtual_machine(host)


def in_virtual_machine(host: Host) -> bool:
    """True for the engines that say so: Docker Desktop's and OrbStack's."""
    return host.operating_system in {"Docker Desktop", "OrbStack"} or host.name == "docker-desktop"


def _driver_status(host: Host) -> dict[str, str]:
    """``DriverStatus`` of the engine's facts: pairs of texts."""
    found = host.raw.get("DriverStatus")
    pairs = [texts(pair) for pair in found] if isinstance(found, list) else []
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _digits(digest: str) -> str:
    return text(digest).removeprefix("sha256:")


def _short_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_RECORD).decode("ascii", "replace").strip()
    except OSError:
        return ""


def open_below(folder: Path, path: str) -> int:
    """Open the plain file at ``path`` below ``folder``, and never what a symbolic link or ``..`` leads to.

    Returns a descriptor for the caller to close. Raises FileNotFoundError when nothing is there, or something else
    than a plain file, and another OSError when a folder on the way is none, or may not be looked into.
    """
    *above, name = path.split("/")
    if not _NO_NAMES.isdisjoint((*above, name)):
        raise FileNotFoundError(errno.ENOENT, "no path below the folder", path)
    here = os.open(folder, _FOLDER)
    try:
        for part in above:
            below = os.open(part, _FOLDER, dir_fd=here)
            os.close(here)
            here = below
        if not stat.S_ISREG(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode):
            raise FileNotFoundError(errno.ENOENT, "no plain file", path)
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
    finally:
        os.close(here)
