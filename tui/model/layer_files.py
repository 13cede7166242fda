"""What one layer holds, in columns: fifty thousand entries are a few arrays, not fifty thousand objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
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


@dataclass(slots=True)
class LayerBuilder:
    """Collects what a tar or a folder names, in any order, and makes :class:`LayerFiles` of it."""

    _rows: dict[str, tuple[int, int, int, int, int, int]] = field(default_factory=dict)
    """path -> kind, size, mode, uid, gid, modified."""
    _links: dict[str, str] = field(default_factory=dict)
    _devices: dict[str, tuple[int, int]] = field(default_factory=dict)
    _whiteouts: set[str] = field(default_factory=set)
    _opaques: set[str] = field(default_factory=set)

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
        if path in self._rows:
            self._replace(path, kind)
        self._rows[path] = (kind, size_bytes, mode & 0o7777, uid, gid, modified)
        if link:
            self._links[path] = link
        if device is not None:
            self._devices[path] = device

    def _replace(self, path: str, kind: int) -> None:
        """Forget what is known of ``path``; all below it too, if a folder makes way for something else."""
        self._links.pop(path, None)
        self._devices.pop(path, None)
        if self._rows[path][0] == Kind.FOLDER and kind != Kind.FOLDER:
            below = f"{path}/"
            for gone in [known for known in self._rows if known.startswith(below)]:
                del self._rows[gone]
                self._links.pop(gone, None)
                self._devices.pop(gone, None)

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
        rows, links = self._rows, self._links
        self._settle_hard_links()
        paths = tuple(sorted(rows))
        columns = list(zip(*(rows[path] for path in paths), strict=True)) or [()] * 6
        numbers = {path: index for index, path in enumerate(paths)} if links or self._devices else {}
        return LayerFiles(
            paths,
            bytes(columns[0]),
            array("q", columns[1]),
            array("H", columns[2]),
            array("q", columns[3]),
            array("q", columns[4]),
            array("q", columns[5]),
            {numbers[path]: target for path, target in sorted(links.items())},
            {numbers[path]: device for path, device in sorted(self._devices.items())},
            tuple(sorted(self._whiteouts)),
            tuple(sorted(self._opaques)),
        )

    def _settle_hard_links(self) -> None:
        """Make the first name of every linked file the file, and let the others point to it."""
        groups: dict[str, list[str]] = {}
        for path, row in self._rows.items():
            if row[0] == Kind.HARD_LINK:
                groups.setdefault(self._linked_file(path), []).append(path)
        for file, names in groups.items():
            if file not in self._rows or self._rows[file][0] == Kind.HARD_LINK:
                continue  # it points nowhere, or in a circle: it stays as it was written
            first = min(file, *names)
            row = self._rows[file]
            for name in (file, *names):
                if name == first:
                    self._rows[name] = row
                    self._keep(
                        name, self._links.get(file, "") if row[0] == Kind.SYMLINK else "", self._devices.get(file)
                    )
            for name in (file, *names):
                if name != first:
                    self._rows[name] = (Kind.HARD_LINK, 0, *row[2:])
                    self._keep(name, first, None)

    def _linked_file(self, path: str) -> str:
        """Where the hard links from ``path`` lead: a path that is no hard link, or not there, or a circle's member."""
        seen = {path}
        while True:
            row = self._rows.get(path)
            target = self._links.get(path, "")
            if row is None or row[0] != Kind.HARD_LINK or target in seen:
                return path
            seen.add(target)
            path = target

    def _keep(self, path: str, link: str, device: tuple[int, int] | None) -> None:
        self._links.pop(path, None)
        self._devices.pop(path, None)
        if link:
            self._links[path] = link
        if device is not None:
            self._devices[path] = device


def clean_path(name: str) -> str:
    """A name from a tar as a path below the root: no leading slash, no ``.`` or ``..``; ``""`` for the root itself.

    ``..`` goes up, but never out of the root, as for who unpacks it.
    """
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
