"""Images with the files of a real system, made once with debootstrap and kept under ``build/``."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KEPT = Path(__file__).parents[2] / "build" / "bench"
_PACKAGES = (
    "build-essential", "git", "vim", "python3-dev", "linux-headers-amd64", "linux-headers-rt-amd64", "perl-doc", "zsh",
)  # fmt: skip
_SUITE = "bookworm"


class NoFilesError(Exception):
    """There is nothing to fill the images with; the message says why."""


@dataclass(frozen=True, slots=True)
class FileWorld:
    """One image: which parts of the system go into which layer."""

    name: str
    layers: tuple[tuple[str, ...], ...]
    """For each layer the folders it holds; those of the layers above are left out."""
    deleted: tuple[str, ...] = ()
    """Folders that one more layer deletes."""

    @property
    def tag(self) -> str:
        """The image's tag."""
        return f"files-{self.name}:1"


MEDIUM = FileWorld("medium", (("",), ("usr/share",), ("usr/lib",)), deleted=("usr/share/doc",))
"""About 600 MB and 20,000 entries."""
BIG = FileWorld(
    "big", (("",), ("usr/share",), ("usr/lib",), ("usr/src", "var/cache", "var/lib/apt")), deleted=("var/cache/apt",)
)
"""About 1 GB and 50,000 entries."""
_ONLY_BIG = ("usr/src", "var/cache", "var/lib/apt")


def archive(world: FileWorld) -> Path:
    """The world as a docker-archive; made on the first call, which takes a minute or two. Raises NoFilesError."""
    made = KEPT / f"{world.name}.tar"
    if not made.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        unfinished = made.with_suffix(".part")
        _write(world, _system(), unfinished)
        unfinished.rename(made)
    return made


def _system() -> Path:
    """The folder with a whole system."""
    root = KEPT / "system"
    if root.exists():
        return root
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        raise NoFilesError("debootstrap makes the files, as root: apt-get install debootstrap")
    unfinished = KEPT / "system.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(_PACKAGES)}", _SUITE, str(unfinished)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoFilesError(f"debootstrap failed: {done.stdout[-300:]}")
    unfinished.rename(root)
    return root


class _Digesting(io.RawIOBase):
    """Writes through, and knows the digest of what went by."""

    def __init__(self, target: io.BufferedIOBase) -> None:
        self._target = target
        self.sha256 = hashlib.sha256()
        self.size_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.sha256.update(data)
        self.size_bytes += len(data)
        return self._target.write(data)


def _write(world: FileWorld, root: Path, to: Path) -> None:
    above = {folder for layer in world.layers for folder in layer if folder}
    absent = set(_ONLY_BIG) - above
    makers: list[Callable[[tarfile.TarFile], None]] = []
    for folders in world.layers:
        hidden = (above | absent) - set(folders)
        makers.append(lambda tar, folders=folders, hidden=hidden: _add_folders(tar, root, folders, hidden))  # type: ignore[misc]
    if world.deleted:
        makers.append(lambda tar: _add_whiteouts(tar, world.deleted))
    diff_ids = []
    with tarfile.open(to, "w") as outer:
        for number, make in enumerate(makers):
            part = to.with_suffix(".layer")
            with part.open("wb") as file:
                counted = _Digesting(file)
                with tarfile.open(fileobj=counted, mode="w|") as tar:
                    make(tar)
            diff_ids.append(f"sha256:{counted.sha256.hexdigest()}")
            outer.add(part, f"layer{number}/layer.tar")
            part.unlink()
        history = [
            {"created_by": f"ADD part {number}", "created": "2020-09-13T12:26:40Z"} for number in range(len(makers))
        ]
        config = {
            "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/bin/sh"]}, "history": history,
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        }  # fmt: skip
        layers = [f"layer{number}/layer.tar" for number in range(len(makers))]
        manifest = [{"Config": "config.json", "RepoTags": [world.tag], "Layers": layers}]
        for name, content in (("config.json", config), ("manifest.json", manifest)):
            data = json.dumps(content).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            outer.addfile(entry, io.BytesIO(data))


def _add_folders(tar: tarfile.TarFile, root: Path, folders: tuple[str, ...], hidden: set[str]) -> None:
    def wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        entry.mtime = int(entry.mtime)  # as Docker writes layers: a fraction would need a header of its own
        return None if entry.name.removeprefix("./") in hidden else entry

    for folder in folders:
        tar.add(root / folder, folder or ".", filter=wanted)


def _add_whiteouts(tar: tarfile.TarFile, deleted: tuple[str, ...]) -> None:
    for folder in deleted:
        head, _, tail = folder.rpartition("/")
        tar.addfile(tarfile.TarInfo(f"{head}/.wh.{tail}"))
