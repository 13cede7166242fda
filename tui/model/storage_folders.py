"""What each folder of an engine's data is for, and what happens to who touches it by hand.

The names are those that dockerd (https://github.com/moby/moby), containerd (https://github.com/containerd/containerd,
``docs/ops.md``) and podman (https://github.com/containers/storage) make below their data roots.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.model.host import CONTAINERD_STORE, DOCKER, Host


class Purpose(NamedTuple):
    """One folder or file of an engine's data."""

    name: str
    """As it is called in the folder it lies in, without slashes."""
    holds: str
    """What it is for, in a sentence or two."""
    by_hand: str
    """What touching it by hand would do, and what to do instead."""
    check: str = ""
    """A command that shows what it says; ``{path}`` stands for its path. Empty: ``sudo du -xsh {path}``."""


_BREAKS_LAYERS = (
    "Deleting a folder in here breaks every image and container that stands on that layer. The engine does not "
    "notice: it goes on listing them, and a new pull skips the layer it believes to have. Remove images and "
    "containers instead; their layers go with the last that needs them."
)
_METADATA = (
    "Without it the engine has forgotten what lies beside it: the bytes stay, and nothing can name or free them. "
    "Never edit or delete it, and never copy it from another engine."
)
_BY_ITSELF = "The engine makes and clears it by itself. Leave it alone while the engine runs."

DRIVERS: tuple[Purpose, ...] = (
    Purpose(
        "overlay2",
        "Image layers and containers' writable layers, a folder each: diff holds the layer's files, lower names the "
        "layers below it, work is the kernel's own, merged is the sum of them, there while a container runs.",
        _BREAKS_LAYERS,
        "docker image inspect -f '{{json .GraphDriver.Data}}' IMAGE",
    ),
    Purpose(
        "fuse-overlayfs",
        "Image layers and containers' writable layers, a folder each, joined by a program instead of the kernel: for "
        "rootless engines on kernels that don't let users mount overlays.",
        _BREAKS_LAYERS,
    ),
    Purpose(
        "vfs",
        "A whole copy of the file system for every layer and every container: nothing is shared, so that this takes "
        "many times what the layers hold. For tests, and where nothing else works.",
        _BREAKS_LAYERS,
    ),
    Purpose(
        "btrfs",
        "A btrfs subvolume for every layer and container. du counts what snapshots share again and again; "
        "btrfs filesystem usage tells the truth.",
        _BREAKS_LAYERS + " Subvolumes are removed with btrfs subvolume delete, which the engine does itself.",
        "sudo btrfs filesystem usage {path}",
    ),
    Purpose(
        "zfs",
        "Where the ZFS datasets of layers and containers are mounted. The bytes lie in the pool.",
        _BREAKS_LAYERS + " The engine destroys datasets itself.",
        "sudo zfs list -o space",
    ),
    Purpose(
        "devicemapper",
        "Layers as thin block devices, and their data in two sparse files unless a disk of its own was given. "
        "Removed from the engine in 25.0.",
        _BREAKS_LAYERS,
    ),
    Purpose(
        "aufs",
        "Image layers and containers' writable layers of the AUFS driver, removed from the engine in 24.0: what still "
        "lies here after an upgrade is used by nobody, and its images are not listed.",
        "Only an engine that still has the driver can show what is in it. Save those images with it first.",
    ),
    Purpose(
        "windowsfilter",
        "Image layers and containers' writable layers of Windows containers, a folder each.",
        _BREAKS_LAYERS + " Links and protected files in it make deleting by hand fail half-way besides.",
    ),
)
"""The folder of each storage driver of the classic store, named as the driver is."""

DOCKER_FOLDERS: tuple[Purpose, ...] = (
    Purpose(
        "image",
        "Metadata about images, by storage driver: which tag names which image, each image's configuration, and "
        "which layer lies in which folder of the driver (layerdb). Small; the layers' files lie elsewhere.",
        _METADATA,
        "docker image inspect IMAGE",
    ),
    Purpose(
        "containers",
        "Running and stopped containers' data, a folder each: configuration, hosts and resolv.conf, and the log, "
        "which docker system df leaves out.",
        "Deleting a folder here loses the container at the next start of the engine, and its writable layer "
        "stays behind. A log may be emptied in place, never deleted: the engine keeps it open.",
        "docker inspect CONTAINER",
    ),
    Purpose(
        "volumes",
        "Volume data: NAME/_data holds the files of volume NAME, metadata.db which volumes there are.",
        "Files in a volume's _data may be read, and changed while no container uses them. The folder itself and "
        "metadata.db are the engine's: deleted data is gone for good, no image brings it back.",
        "docker volume inspect VOLUME",
    ),
    Purpose(
        "network",
        "Network configuration: the networks and their addresses, in files/local-kv.db.",
        _METADATA,
        "docker network ls",
    ),
    Purpose(
        "buildkit",
        "BuildKit's cache: what it knows of each build step, and contexts it was sent. The files of cached layers lie "
        "with the image layers.",
        "Deleting it while the cache still names layers leaves them behind for ever. docker builder prune "
        "empties it in order.",
        "docker buildx du",
    ),
    Purpose(
        "containerd",
        "Data of the containerd that the engine starts itself, where the system has none of its own. With the "
        "containerd image store, all images and layers lie in here.",
        _BREAKS_LAYERS,
    ),
    Purpose(
        "rootfs",
        "Where containers' file systems are mounted while they run, with the containerd image store.",
        "What looks like files here is the running containers' own file system, seen once more: deleting it "
        "deletes it in them.",
        "mount -t overlay",
    ),
    Purpose(
        "tmp",
        "Half-way files: layers being pulled, images being saved or loaded. Empty when nothing is going on.",
        "Left-overs of a crash may go while the engine is stopped; never while it runs.",
    ),
    Purpose(
        "swarm",
        "A swarm's state on this node: its keys and certificates, and on managers the whole swarm's configuration.",
        "Deleting it throws this node out of its swarm; on the only manager it deletes every service and secret. "
        "Use docker swarm leave.",
        "docker info -f '{{.Swarm.LocalNodeState}}'",
    ),
    Purpose("plugins", "Managed plugins: volume, network and log drivers installed with docker plugin install.",
            "Its volumes and networks are lost to the engine with it. Use docker plugin rm.", "docker plugin ls"),
    Purpose("runtimes", "Small scripts that start other OCI runtimes than runc. Made anew at every start.", _BY_ITSELF,
            "docker info -f '{{json .Runtimes}}'"),
    Purpose("trust", "Keys with which old engines signed what they pushed. No longer used.",
            "Only an engine before 1.11 reads it. It takes next to nothing."),
    Purpose("builder", "The classic builder's cache of remote contexts. Its layers are ordinary images.", _BY_ITSELF),
    Purpose("engine-id", "A file with the ID by which this engine is known to others.",
            "The engine makes itself a new ID when it is gone.", "docker info -f '{{.ID}}'"),
)  # fmt: skip

CONTAINERD_FOLDERS: tuple[Purpose, ...] = (
    Purpose(
        "io.containerd.content.v1.content",
        "Images as they were pulled: every blob under its digest, layers still compressed. docker system df counts "
        "them with the unpacked layers.",
        "Without its blobs an image can be neither pushed nor saved, and containerd does not fetch them again by "
        "itself. docker image rm frees them.",
        "sudo ctr -n moby content ls",
    ),
    Purpose(
        "io.containerd.snapshotter.v1.",
        "Layers unpacked, and containers' writable layers: snapshots/NUMBER/fs holds the files of one.",
        _BREAKS_LAYERS,
        "sudo ctr -n moby snapshots ls",
    ),
    Purpose("io.containerd.metadata.v1.bolt", "containerd's database: which image has which blobs and snapshots.",
            _METADATA),
    Purpose("io.containerd.runtime.", "State of the containers that run now, a folder each.", _BY_ITSELF, "docker ps"),
    Purpose("io.containerd.sandbox.", "State of sandboxes, for engines that group containers.", _BY_ITSELF),
    Purpose("io.containerd.mount-manager.", "Which mounts containerd has made and must undo.", _BY_ITSELF),
    Purpose("io.containerd.", "Working data of one of containerd's plugins.", _BY_ITSELF),
    Purpose("tmpmounts", "Where containerd mounts a snapshot for a moment, to unpack or to look into it.", _BY_ITSELF),
)  # fmt: skip
"""A name that ends with a dot stands for all that begin so; the first that fits counts."""

PODMAN_FOLDERS: tuple[Purpose, ...] = (
    Purpose("overlay", "Image layers and containers' writable layers, a folder each; their files are in diff.",
            _BREAKS_LAYERS, "podman image inspect -f '{{json .GraphDriver.Data}}' IMAGE"),
    Purpose("overlay-images", "Metadata about images: which there are, what they are called, their configuration.",
            _METADATA, "podman image ls"),
    Purpose("overlay-layers", "Which layer stands on which, and the list of files of each, compressed.", _METADATA),
    Purpose("overlay-containers", "Containers' data, a folder each: configuration, and userdata/ctr.log, the log.",
            "Deleting a folder here loses the container. Use podman rm.", "podman inspect CONTAINER"),
    Purpose("volumes", "Volume data: NAME/_data holds the files of volume NAME.",
            "Files may be read, and changed while no container uses them. Deleted data is gone for good.",
            "podman volume inspect VOLUME"),
    Purpose("libpod", "podman's database of containers, pods and volumes.", _METADATA),
    Purpose("db.sql", "podman's database of containers, pods and volumes.", _METADATA),
    Purpose("networks", "Network configuration of rootless podman.", _METADATA, "podman network ls"),
    Purpose("secrets", "Secrets, as podman secret create stores them: not encrypted.",
            "Containers that use one do not start without it.", "podman secret ls"),
    Purpose("tmp", "Half-way files of pulls.", _BY_ITSELF),
    Purpose("mounts", "Where image mounts of podman go.", _BY_ITSELF),
    Purpose("defaultNetworkBackend", "A file that names the network backend.", _BY_ITSELF),
    Purpose("storage.lock", "A lock, so that two programs do not change the store at once.", _BY_ITSELF),
    Purpose("userns.lock", "A lock, for containers with user namespaces of their own.", _BY_ITSELF),
)  # fmt: skip

UNKNOWN_PURPOSE = Purpose(
    "",
    "Not one of the folders that are known here: an older or newer engine's, or a file system's own.",
    "Find out what made it before you touch it.",
)


def purpose_of(name: str, host: Host | None) -> Purpose:
    """What the folder ``name`` in an engine's data root, or in containerd's, is for."""
    known = PODMAN_FOLDERS if _is_podman(host) else (*DOCKER_FOLDERS, *DRIVERS)
    for purpose in (*known, *CONTAINERD_FOLDERS):
        if purpose.name == name or (purpose.name.endswith(".") and name.startswith(purpose.name)):
            return purpose
    if _is_podman(host) and (driver := next((one for one in DRIVERS if name.startswith(one.name)), None)):
        return driver
    return UNKNOWN_PURPOSE


def expected_folders(host: Host | None) -> tuple[Purpose, ...]:
    """The folders that an engine like ``host`` has in its data root, those with the most data first."""
    if _is_podman(host):
        return PODMAN_FOLDERS[:6]
    driver = host.storage_driver if host is not None else "overlay2"
    own = tuple(purpose for purpose in DRIVERS if purpose.name == driver)
    common = tuple(purpose for purpose in DOCKER_FOLDERS if purpose.name not in _RARE)
    if host is not None and host.image_store == CONTAINERD_STORE:
        return tuple(purpose for purpose in common if purpose.name != "image")
    return (*own, *(purpose for purpose in common if purpose.name != "rootfs"))


_RARE = frozenset({"trust", "builder"})
"""Folders of engines of long ago: named when they are met, not expected."""


def _is_podman(host: Host | None) -> bool:
    return host is not None and bool(host.product) and host.product != DOCKER


class DriverWords(NamedTuple):
    """A storage driver in words."""

    what: str
    implies: tuple[str, ...]


def driver_words(host: Host) -> DriverWords:
    """What the storage driver of an engine does, and what follows from it."""
    if host.image_store == CONTAINERD_STORE:
        what = (
            f"containerd keeps images and layers; its {host.storage_driver} snapshotter stacks them. The default of "
            "new installations since engine 29."
        )
        return DriverWords(what, _CONTAINERD_IMPLIES)
    return _DRIVER_WORDS.get(host.storage_driver, DriverWords(f"Layers are kept by {host.storage_driver}.", ()))


_COPY_UP = "A file of the image is copied up whole the first time a container writes to it, however small the change."
_SHARED = "A layer is stored once, however many images and containers stand on it."
_CONTAINERD_IMPLIES = (
    "Every layer is there twice: compressed, as it was pulled, and unpacked. Sizes in docker image ls are the sum.",
    "Images and layers lie in containerd's root, /var/lib/containerd, unless the engine runs a containerd of its own: "
    "then below containerd/ in Docker Root Dir. Moving Docker Root Dir does not move the first.",
    _SHARED + " " + _COPY_UP,
    "Images that the classic store still holds are not listed. They stay on the disk until you switch back.",
)
_OVERLAY = DriverWords(
    "The kernel's overlay file system lays the folders of the layers on one another, and a container's own on top.",
    (_SHARED, _COPY_UP,
     "Deleting a file of a lower layer only hides it: the layer keeps its bytes. T and f show which do.",
     "Needs a file system below that tells file types (xfs with ftype=1, ext4); docker info: Supports d_type."),
)  # fmt: skip
_DRIVER_WORDS = {
    "overlay2": _OVERLAY,
    "overlay": _OVERLAY,
    "fuse-overlayfs": DriverWords(
        "A program lays the folders of the layers on one another, because the kernel does not let this user do it.",
        (_SHARED, _COPY_UP, "Slower than the kernel's own; a kernel from 5.11 on makes it unnecessary."),
    ),
    "vfs": DriverWords(
        "Every layer and every container is a whole copy of the file system.",
        ("Nothing is shared: an image of 10 layers may take ten times its size on the disk.",
         "The sizes the engine tells are those of the differences, not of the copies: du shows far more."),
    ),
    "btrfs": DriverWords(
        "Layers and containers are btrfs subvolumes and snapshots.",
        ("Blocks are shared by the file system: a change copies blocks, not whole files.",
         "du counts shared blocks once for every snapshot."),
    ),
    "zfs": DriverWords(
        "Layers and containers are ZFS datasets and clones.",
        ("Blocks are shared by the file system: a change copies blocks, not whole files.",
         "du shows what is mounted; zfs list shows what is used."),
    ),
    "devicemapper": DriverWords(
        "Layers and containers are thin block devices.",
        ("Removed from the engine in 25.0.", "Deleted blocks may stay taken in the pool's file."),
    ),
    "windowsfilter": DriverWords(
        "Layers are folders of differences that Windows itself lays on one another.",
        (_SHARED, "Base images are large, and shared by all that stand on them."),
    ),
}  # fmt: skip
