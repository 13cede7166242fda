"""What the strata of the Storage tab are, one line each, for people who meet them for the first time."""

from __future__ import annotations

MERGED = "What the container sees as /: all strata at once, a file above hiding the one of the same path below."
TOGETHER = "in all strata together, what is hidden included; f tells how much of it is seen"
MERGED_NOW = "Mounted there now, while it runs."
NOT_MERGED = "Not mounted now: the folder is only there while the container runs."
UPPER = "All it writes comes here; a file of the image is copied up whole before it changes. Goes with the container."
WORK = "Where the kernel gets a copy ready before it appears in the upper; nothing for other hands."
INIT = "The engine's own: empty places for /etc/hosts, /etc/resolv.conf and the like, which it mounts its files over."
LAYER = "Read only, and stored once for all images and containers that have it under them."
ALL_READ_ONLY = "All of it is read only. Every container made from it gets a writable layer of its own on top."
MOUNTS = "They pierce the strata: what the layers hold there is hidden, and what is written there goes behind them."
OWN = "All it writes comes here, and goes with the container."
READ_ONLY = "Read only, for every container."
READING_IMAGE = "Reading what made the image's layers…"
NO_IMAGE = "So it is not known what made the layers of its image, nor how large each is."

CHAIN = (
    "containerd keeps these layers as snapshots, each named by its chain ID (a container's by the container's ID) "
    "and standing on the one below. It mounts them on each other when the container starts."
)
CHAIN_UNKNOWN = (
    "Not known: the folder of each snapshot. containerd numbers them, and the engine does not tell the numbers; "
    "`ctr -n moby snapshots ls` lists the keys on the engine's host."
)
UPPER_SNAPSHOT = (
    "All it writes comes here; a file of the image is copied up whole before it changes. Goes with the container."
)
INIT_SNAPSHOT = "The engine's own: empty places for /etc/hosts, /etc/resolv.conf and the like."

_DRIVERS = {
    "vfs": "vfs stacks nothing: every layer, and every container, is a whole copy of all that is below it.",
    "btrfs": "btrfs makes a subvolume of every layer, a snapshot of the one below: only what differs takes room.",
    "zfs": "zfs makes a dataset of every layer, a clone of the one below: only what differs takes room.",
    "devicemapper": "devicemapper makes a thin block device of every layer, a snapshot of the one below.",
    "windowsfilter": "windowsfilter keeps every layer in a folder of its own, and Windows shows them as one.",
    "aufs": "aufs stacks a folder for every layer, as overlay does, with the writable one on top.",
}
_FOLDERS = {
    "vfs": "vfs/dir",
    "btrfs": "btrfs/subvolumes",
    "zfs": "zfs",
    "devicemapper": "devicemapper",
    "windowsfilter": "windowsfilter",
    "aufs": "aufs/diff",
}


def driver_words(driver: str, root_dir: str) -> tuple[str, str]:
    """What a storage driver does with layers, and what is said when the engine tells nothing of where they are."""
    if not driver:
        return "The engine does not say how it stores layers.", "Nor does it tell where they lie."
    sentence = _DRIVERS.get(driver, f"The engine stores layers with the {driver} driver, and tells nothing more.")
    folder = _FOLDERS.get(driver)
    if folder and root_dir:
        separator = "\\" if "\\" in root_dir else "/"
        place = f"{root_dir.rstrip(separator)}{separator}{folder.replace('/', separator)}"
        return sentence, f"They lie below {place}; which folder is which layer the engine does not tell."
    return sentence, "Where they lie the engine does not tell."
