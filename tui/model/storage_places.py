"""Where engines keep their data on each platform: a table for people to read. Nothing here is ever opened.

Sources: https://docs.docker.com/desktop/ (Docker.raw, the WSL 2 disks), https://docs.docker.com/engine/security/rootless/,
https://docs.podman.io/ (graphroot), https://github.com/abiosoft/colima (its FAQ); the paths as users meet them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

DOCKER_ROOT = "/var/lib/docker"
"""Docker Root Dir, unless data-root says otherwise."""
CONTAINERD_ROOT = "/var/lib/containerd"
"""Where a system's own containerd keeps images and layers."""
DESKTOP_LINUX_SOCKET = "~/.docker/desktop/docker.sock"
"""Where Docker Desktop on Linux answers."""


class Platform(StrEnum):
    """A way to run an engine, as far as it decides where its data lies."""

    LINUX = "Linux"
    MAC = "macOS, Docker Desktop"
    WINDOWS = "Windows, Docker Desktop"
    DESKTOP_LINUX = "Linux, Docker Desktop"
    WSL = "Windows, engine in WSL 2"
    WINDOWS_CONTAINERS = "Windows containers"
    ROOTLESS = "Linux, rootless"
    PODMAN = "podman"
    COLIMA = "Colima"


class DiskPlace(NamedTuple):
    """One place where data lies."""

    path: str
    what: str
    inside: bool = False
    """True when it is inside a virtual machine, and not a path of the computer one sits at."""


class PlatformPlaces(NamedTuple):
    """A platform's places, and what can be done there."""

    platform: Platform
    summary: str
    places: tuple[DiskPlace, ...]
    commands: tuple[tuple[str, str], ...] = ()
    """(command, what it shows)."""
    warning: str = ""


_VM_DISK = (
    "The disk file is one file system for all images, containers and volumes: nothing in it can be deleted from "
    "outside, and deleting the file deletes every volume too. It grows by itself, and shrinks late or never."
)
_VM_SHELL = "docker run -it --rm --privileged --pid=host alpine nsenter -t 1 -m -u -n -i sh"

PLATFORMS: tuple[PlatformPlaces, ...] = (
    PlatformPlaces(
        Platform.LINUX,
        "The engine runs on the host itself, and its data are ordinary folders that only root may read.",
        (DiskPlace("/var/lib/docker/", "Docker Root Dir: everything, unless data-root says otherwise"),
         DiskPlace("/var/lib/docker/overlay2/", "image layers and containers' writable layers"),
         DiskPlace("/var/lib/docker/volumes/", "volume data, NAME/_data"),
         DiskPlace("/var/lib/containerd/", "images and layers, with the containerd image store"),
         DiskPlace("/etc/docker/daemon.json", "where data-root and the log options are set"),
         DiskPlace("/var/snap/docker/common/var-lib-docker/", "Docker Root Dir, where Docker is a snap")),
        (("docker info -f '{{.DockerRootDir}}'", "where this engine keeps its data"),
         ("docker info | grep Root", "the same, among everything else"),
         ("sudo du -xsh /var/lib/docker", "what it takes on the disk"),
         ("df -h /var/lib/docker", "how full that disk is")),
        "Touching this data is likely a bad idea: how layers, metadata and containers hang together differs from "
        "driver to driver, and a folder that is deleted by hand is missed only later.",
    ),
    PlatformPlaces(
        Platform.MAC,
        "Containers need Linux, so Docker Desktop runs a small virtual machine. All data lies inside it, and "
        "all of it is one disk file under your Library; Finder shows nothing of what is in it.",
        (DiskPlace("~/Library/Containers/com.docker.docker/", "everything Docker Desktop keeps"),
         DiskPlace("~/Library/Containers/com.docker.docker/Data/vms/", "its virtual machines"),
         DiskPlace("~/Library/Containers/com.docker.docker/Data/vms/0/", "the one that runs the engine"),
         DiskPlace("~/Library/Containers/com.docker.docker/Data/vms/0/data/Docker.raw", "its disk: a sparse file"),
         DiskPlace("/var/lib/docker/", "Docker Root Dir", inside=True)),
        (("ls -lsh ~/Library/Containers/com.docker.docker/Data/vms/0/data/Docker.raw",
          "first what the file takes, then what it may grow to"),
         (_VM_SHELL, "a shell inside the virtual machine")),
        _VM_DISK,
    ),
    PlatformPlaces(
        Platform.WINDOWS,
        "Docker Desktop runs the engine in WSL 2 (or in Hyper-V), on a virtual disk of its own: one file on drive C:, "
        "and nothing of what is in it can be browsed from outside, save through the \\\\wsl$ share.",
        (DiskPlace("%LOCALAPPDATA%\\Docker\\wsl\\disk\\docker_data.vhdx", "the virtual disk, since 4.30"),
         DiskPlace("%LOCALAPPDATA%\\Docker\\wsl\\data\\ext4.vhdx", "the virtual disk before that"),
         DiskPlace("\\\\wsl$\\docker-desktop-data\\version-pack-data\\community\\docker\\overlay2\\",
                   "image layers as Explorer shows them, before 4.30"),
         DiskPlace("C:\\ProgramData\\DockerDesktop", "Docker Desktop's data; with Hyper-V, the disk in vm-data"),
         DiskPlace("/var/lib/docker/", "Docker Root Dir", inside=True)),
        (("wsl -l -v", "which WSL distributions there are"),
         ("dir %LOCALAPPDATA%\\Docker\\wsl\\disk", "what the virtual disk takes"),
         (_VM_SHELL, "a shell inside the virtual machine")),
        _VM_DISK + " wsl --unregister docker-desktop-data deletes all of it at once.",
    ),
    PlatformPlaces(
        Platform.DESKTOP_LINUX,
        "Docker Desktop on Linux runs a virtual machine too: its data lies in a disk file under your home, not in "
        "/var/lib/docker of the host.",
        (DiskPlace("~/.docker/desktop/vms/0/data/Docker.raw", "the virtual machine's disk: a sparse file"),
         DiskPlace(DESKTOP_LINUX_SOCKET, "its socket"),
         DiskPlace("/var/lib/docker/", "Docker Root Dir", inside=True)),
        (("ls -lsh ~/.docker/desktop/vms/0/data/Docker.raw", "first what the file takes, then what it may grow to"),
         ("docker context ls", "whether docker talks to this engine or to the host's own")),
        _VM_DISK,
    ),
    PlatformPlaces(
        Platform.WSL,
        "The engine was installed in a Linux distribution under WSL 2: folders as on any Linux, inside that "
        "distribution's virtual disk.",
        (DiskPlace("/var/lib/docker/", "Docker Root Dir", inside=True),
         DiskPlace("%LOCALAPPDATA%\\wsl\\{ID}\\ext4.vhdx", "the distribution's virtual disk"),
         DiskPlace("%LOCALAPPDATA%\\Packages\\…\\LocalState\\ext4.vhdx", "the same, of one from the Store"),
         DiskPlace("\\\\wsl$\\DISTRIBUTION\\var\\lib\\docker\\", "the same folders as Explorer shows them, for root")),
        (("sudo du -xsh /var/lib/docker", "what it takes, inside the distribution"),),
        "The virtual disk grows with the engine's data and does not shrink with it.",
    ),
    PlatformPlaces(
        Platform.ROOTLESS,
        "The engine runs as an ordinary user, and keeps its data under that user's home. Files of containers belong to "
        "subordinate user IDs: even their owner reads some of them only through the engine.",
        (DiskPlace("~/.local/share/docker/", "Docker Root Dir of rootless Docker"),
         DiskPlace("~/.config/docker/daemon.json", "where its data-root and log options are set"),
         DiskPlace("$XDG_RUNTIME_DIR/docker.sock", "its socket")),
        (("docker info -f '{{.SecurityOptions}}'", "name=rootless, if it is"),
         ("rootlesskit du -xsh ~/.local/share/docker", "what it takes; du alone may not enter all of it")),
        "rm -rf leaves files of other user IDs behind; rootlesskit rm -rf does not, and asks nothing either.",
    ),
    PlatformPlaces(
        Platform.PODMAN,
        "podman has no daemon: each user has a store of their own, root another. On macOS and Windows it runs in a "
        "virtual machine, podman machine.",
        (DiskPlace("/var/lib/containers/storage/", "root's store"),
         DiskPlace("~/.local/share/containers/storage/", "a user's own store"),
         DiskPlace("~/.local/share/containers/podman/machine/", "the disks of podman machine"),
         DiskPlace("/etc/containers/storage.conf", "where graphroot is set")),
        (("podman info -f '{{.Store.GraphRoot}}'", "where this store is"),
         ("podman system df", "what podman counts; shared layers count again for every image"),
         ("podman unshare du -xsh ~/.local/share/containers/storage", "what a user's store takes")),
        "podman system reset deletes every image, container and volume of the store.",
    ),
    PlatformPlaces(
        Platform.COLIMA,
        "Colima runs the engine in a Lima virtual machine, with its disks under your home.",
        (DiskPlace("~/.colima/_lima/_disks/colima/datadisk", "the data disk of newer versions"),
         DiskPlace("~/.colima/_lima/colima/diffdisk", "the machine's disk, with the data in older versions"),
         DiskPlace("~/.colima/default/docker.sock", "its socket"),
         DiskPlace("/var/lib/docker/", "Docker Root Dir", inside=True)),
        (("colima ssh -- sudo du -xsh /var/lib/docker", "what it takes, inside the machine"),
         ("colima list", "which machines there are, and how large their disks may grow")),
        _VM_DISK + " colima delete --data deletes it.",
    ),
    PlatformPlaces(
        Platform.WINDOWS_CONTAINERS,
        "The engine runs Windows containers on Windows itself.",
        (DiskPlace("C:\\ProgramData\\docker\\", "Docker Root Dir"),
         DiskPlace("C:\\ProgramData\\docker\\windowsfilter\\", "image layers and containers' writable layers")),
        (("docker info -f '{{.DockerRootDir}}'", "where this engine keeps its data"),),
        "Deleting layers by hand leaves links that Windows can no longer remove.",
    ),
)  # fmt: skip
"""In the order in which they are shown."""


def places_of(platform: Platform) -> PlatformPlaces:
    """What is known of a platform."""
    return next(places for places in PLATFORMS if places.platform is platform)
