"""What one layer holds, in columns: fifty thousand entries are a few arrays, not fifty thousand objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from operator import itemgetter
from typing import NamedTuple

WHITEOUT_PREFIX = ".wh."
"""``.wh.NAME`` in a layer's tar deletes NAME of the layers below.

Source: OCI image specification, ``layer.md``, "Whiteouts".
"""
OPAQUE_MARK = ".wh..wh..opq"
"""In a folder of a layer's tar: nothing of the layers below shows through that folder."""
AUFS_PREFIX = ".wh..wh."
"""Other names that begin so are AUFS's own book-keeping, and no part of the layer."""


class Kind(IntEnum):
    """What an entry is."""

    FILE = 0
    FOLDER = 1
    SYMLINK = 2
    HARD_LINK = 3
    """Another name of a file of the same layer: takes no bytes of its own."""
    CHARACTER_DEVICE = 4
    BLOCK_DEVICE = 5
    FIFO = 6
    SOCKET = 7
    UNKNOWN = 8
    """Not looked at yet: a change that the engine has named and not described."""


WITH_BODY = frozenset({Kind.FILE, Kind.HARD_LINK, Kind.UNKNOWN})
"""What there may be bytes in to look at."""


class Entry(NamedTuple):
    """One entry of a layer."""

    path: str
    """Relative to the root, without a leading or trailing slash; not UTF-8 bytes are surrogate-escaped."""
    kind: Kind
    size_bytes: int | None = 0
    """Bytes of a file's body, as they lie in the layer; 0 for everything else; ``None`` when not known yet."""
    mode: int = 0o644
    """Permission bits with setuid (0o4000), setgid (0o2000) and sticky (0o1000)."""
    uid: int = 0
    gid: int = 0
    modified: int = 0
    """Whole seconds since the epoch."""
    link: str = ""
    """Where a symbolic link points, as written; the path of the file a hard link is another name of."""
    device: tuple[int, int] = (0, 0)
    """Major and minor number of a device."""


_UNKNOWN_SIZE = -1


@dataclass(frozen=True, slots=True)
class LayerFiles:
    """Everything one layer adds, changes and hides. Columns have one value per entry, in the order of ``paths``.

    A path stands here once: where a tar names it twice, the last one counts, as it does for who unpacks it.
    Of a file with several names in the layer, the name that sorts first is the ``FILE`` and the others are
    ``HARD_LINK`` entries that point to it, whichever of them a tar names first.
    The root folder itself is left out.
    """

    paths: tuple[str, ...]
    """Sorted, so that a folder comes before what is in it."""
    kinds: bytes
    """:class:`Kind` values."""
    sizes: array[int]
    """``q``; -1 where not known yet."""
    modes: array[int]
    """``H``."""
    uids: array[int]
    """``q``."""
    gids: array[int]
    """``q``."""
    modified: array[int]
    """``q``."""
    links: Mapping[int, str]
    """Index -> target, for symbolic and hard links."""
    devices: Mapping[int, tuple[int, int]]
    """Index -> major and minor number, for devices."""
    whiteouts: tuple[str, ...] = ()
    """Paths of the layers below that are deleted, with all below them; sorted. What this layer itself
    holds at such a path, or below it, stays."""
    opaques: tuple[str, ...] = ()
    """Folders through which nothing of the layers below shows (``""`` is the root); sorted."""

    def __len__(self) -> int:
        return len(self.paths)

    def entry(self, index: int) -> Entry:
        """One entry as a record."""
        size = self.sizes[index]
        return Entry(
            self.paths[index],
            Kind(self.kinds[index]),
            None if size == _UNKNOWN_SIZE else size,
            self.modes[index],
            self.uids[index],
            self.gids[index],
            self.modified[index],
            self.links.get(index, ""),
            self.devices.get(index, (0, 0)),
        )

    def __iter__(self) -> Iterator[Entry]:
        return map(self.entry, range(len(self.paths)))

    @property
    def stored_bytes(self) -> int:
        """The bytes of all its files, each counted once however many names it has; unknown ones as 0."""
        return sum(size for size in self.sizes if size > 0)


Row = tuple[int, int, int, int, int, int]
"""Kind, size, mode, uid, gid, modified."""
_CLEARED: Row = (-1, 0, 0, 0, 0, 0)
"""Stands in a builder's rows where a folder made way for something else: what lies in it and came before is gone."""


class LayerBuilder:
    """Collects what a tar or a folder names, in any order, and makes :class:`LayerFiles` of it."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        """Clean path -> row, in the order they came. A reader in a hurry may put a file or folder here by itself, if
        nothing is there yet; its mode has to be free of other bits. All else goes through the methods."""
        self._links: dict[str, str] = {}
        self._devices: dict[str, tuple[int, int]] = {}
        self._whiteouts: set[str] = set()
        self._opaques: set[str] = set()
        self._inodes: dict[str, int] = {}
        """Of files with several names: path -> index in ``_linked``."""
        self._linked: list[tuple[Row, str, tuple[int, int] | None]] = []
        """What such a file is: row, link and device. A replaced name leaves the file to its other names."""
        self._late: dict[str, str] = {}
        """Hard links to a path that was not there yet."""
        self._has_cleared = False

    def add(  # noqa: PLR0917 - called for every entry of every layer: by position is faster
        self,
        path: str,
        kind: int,
        size_bytes: int,
        mode: int,
        uid: int,
        gid: int,
        modified: int,
        link: str = "",
        device: tuple[int, int] | None = None,
    ) -> None:
        """Take one entry; ``path`` is clean (see :func:`clean_path`). One with the same path replaces the earlier.

        ``size_bytes`` is -1 where it is not known. ``link`` of a hard link is a clean path.
        """
        if path in self.rows:
            self._replace(path, kind)
        self.rows[path] = (kind, size_bytes, mode & 0o7777, uid, gid, modified)
        if link:
            self._links[path] = link
        if device is not None:
            self._devices[path] = device
        if kind == Kind.HARD_LINK:
            self._link(path, link)

    def _link(self, path: str, target: str) -> None:
        """Note whose other name ``path`` is: that of the file which lies at ``target`` now."""
        row = self.rows.get(target)
        inode = self._inodes.get(target)
        if inode is None:
            if row is None or row[0] in {Kind.HARD_LINK, Kind.FOLDER}:
                self._late[path] = target
                return
            inode = len(self._linked)
            self._linked.append((row, self._links.get(target, ""), self._devices.get(target)))
            self._inodes[target] = inode
        self._inodes[path] = inode
        file, link, device = self._linked[inode]
        if file[0] != Kind.SYMLINK and path not in self._late:
            # Who unpacks it sets mode, owner and time by every name, and all names are one file. Source: Docker's
            # createTarFile in https://github.com/moby/moby/blob/v28.5.2/pkg/archive/archive.go
            self._linked[inode] = ((*file[:2], *self.rows[path][2:]), link, device)

    def _replace(self, path: str, kind: int) -> None:
        """Forget what is known of ``path``; all below it too, if a folder makes way for something else."""
        row = self.rows.pop(path)
        self._forget(path)
        if row[0] == Kind.FOLDER and kind != Kind.FOLDER:
            # Only written down, and done at the end: a tar that does this all the time must not keep us busy for hours.
            mark = f"{path}//"
            self.rows.pop(mark, None)
            self.rows[mark] = _CLEARED
            self._has_cleared = True

    def _forget(self, path: str) -> None:
        self._links.pop(path, None)
        self._devices.pop(path, None)
        self._inodes.pop(path, None)
        self._late.pop(path, None)

    def hide(self, path: str) -> None:
        """The layers below lose ``path``."""
        self._whiteouts.add(path)

    def make_opaque(self, folder: str) -> None:
        """Nothing of the layers below shows through ``folder``."""
        self._opaques.add(folder)

    def add_named(  # noqa: PLR0917 - as above
        self,
        path: str,
        kind: int,
        size_bytes: int,
        mode: int,
        uid: int,
        gid: int,
        modified: int,
        link: str = "",
        device: tuple[int, int] | None = None,
    ) -> None:
        """As :meth:`add`, for a name in a layer's tar: whiteouts are told by their names."""
        name = path[path.rfind("/") + 1 :]
        if not name.startswith(WHITEOUT_PREFIX):
            self.add(path, kind, size_bytes, mode, uid, gid, modified, link, device)
            return
        folder = path[: max(0, len(path) - len(name) - 1)]
        if name == OPAQUE_MARK:
            self.make_opaque(folder)
        elif not name.startswith(AUFS_PREFIX) and len(name) > len(WHITEOUT_PREFIX):
            hidden = name[len(WHITEOUT_PREFIX) :]
            self.hide(f"{folder}/{hidden}" if folder else hidden)

    def build(self) -> LayerFiles:
        """The layer."""
        rows, links = self.rows, self._links
        if self._has_cleared:
            self._clear_folders()
        self._settle_hard_links()
        paths = tuple(sorted(rows))
        ordered = list(map(rows.__getitem__, paths))
        # One column at a time: all six at once would be the most memory that reading a layer takes.
        kind, size, mode, uid, gid, modified = (map(itemgetter(field), ordered) for field in range(6))
        numbers = {path: index for index, path in enumerate(paths)} if links or self._devices else {}
        return LayerFiles(
            paths,
            bytes(kind),
            array("q", size),
            array("H", mode),
            array("q", uid),
            array("q", gid),
            array("q", modified),
            {numbers[path]: target for path, target in sorted(links.items())},
            {numbers[path]: device for path, device in sorted(self._devices.items())},
            tuple(sorted(self._whiteouts)),
            tuple(sorted(self._opaques)),
        )

    def _clear_folders(self) -> None:
        """Take out what lay in folders that made way for something else later."""
        cleared: set[str] = set()
        for path, row in reversed(list(self.rows.items())):
            if row is _CLEARED:
                cleared.add(path[:-2])
                del self.rows[path]
            elif any(path[:end] in cleared for end, letter in enumerate(path) if letter == "/"):
                del self.rows[path]
                self._forget(path)
        self._has_cleared = False

    def _settle_hard_links(self) -> None:
        """Make the first name of every linked file the file, and let the others point to it."""
        for path in list(self._late):
            self._link_late(path)
        names: dict[int, list[str]] = {}
        for path, inode in self._inodes.items():
            names.setdefault(inode, []).append(path)
        for inode, paths in names.items():
            row, link, device = self._linked[inode]
            first = min(paths)
            for path in paths:
                self._links.pop(path, None)
                self._devices.pop(path, None)
                self.rows[path] = row if path == first else (Kind.HARD_LINK, 0, *row[2:])
                if path != first:
                    self._links[path] = first
            if link:
                self._links[first] = link
            if device is not None:
                self._devices[first] = device

    def _link_late(self, path: str) -> None:
        """Link what points to a path that came after it. What leads nowhere or in a circle stays as it was written."""
        chain = []
        while path in self._late:
            chain.append(path)
            path = self._late.pop(path)
        for name in reversed(chain):
            self._link(name, path)
            self._late.pop(name, None)


def clean_path(name: str) -> str:
    """A name from a tar as a path below the root: no leading slash, no ``.`` or ``..``; ``""`` for the root itself.

    ``..`` goes up, but never out of the root, as for who unpacks it.
    """
    if name.startswith("./"):
        name = name[2:]
    if name and not name.startswith(("/", ".")) and "//" not in name and "/." not in name:
        return name[:-1] if name.endswith("/") else name
    parts: list[str] = []
    for part in name.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part and part != ".":
            parts.append(part)
    return "/".join(parts)
