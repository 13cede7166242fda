"""Reading a layer that lies unpacked on this host: the ``diff`` folder of an overlay2 layer, a container's UpperDir.

What it tells is what the layer's tar tells, with two exceptions. A folder is always there, with mode and owner, where a
tar made by hand may name only what is in it. And sockets are here, which no tar can hold.

Overlay marks what it hides in its own way. Source: https://docs.kernel.org/filesystems/overlayfs.html, "whiteouts and
opaque directories". The marks of folders are extended attributes that only root sees (``trusted.``) unless the layer
belongs to a rootless engine (``user.``): without root a rootful engine's folders are read wrong, but then they can't
be read at all, for nobody else may look into them.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import NamedTuple

from tui.contents.errors import ContentsError, NoSuchFileError
from tui.contents.reading import OnReading
from tui.contents.watch import Stop, Watch
from tui.model.layer_files import WHITEOUT_PREFIX, Kind, LayerBuilder, LayerFiles

_KINDS = {
    stat.S_IFREG: Kind.FILE,
    stat.S_IFDIR: Kind.FOLDER,
    stat.S_IFLNK: Kind.SYMLINK,
    stat.S_IFCHR: Kind.CHARACTER_DEVICE,
    stat.S_IFBLK: Kind.BLOCK_DEVICE,
    stat.S_IFIFO: Kind.FIFO,
    stat.S_IFSOCK: Kind.SOCKET,
}
_KIND_BITS = 0o170000
_DEVICES = frozenset({Kind.CHARACTER_DEVICE, Kind.BLOCK_DEVICE})
_OPAQUE = frozenset({"trusted.overlay.opaque", "user.overlay.opaque"})
_ELSEWHERE = frozenset({"trusted.overlay.redirect", "user.overlay.redirect"})
"""The folder was renamed, and what is in it lies under another name in another layer."""
_FOLDER = (
    os.O_RDONLY
    | getattr(os, "O_DIRECTORY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_NAMES_ARE_UTF8 = sys.getfilesystemencoding() == "utf-8" and sys.getfilesystemencodeerrors() == "surrogateescape"
"""True where Python gives names as layers have them."""
_LOOK_EVERY = 256


class _Open(NamedTuple):
    """A folder on the way down; its descriptor stays open until all below it is read."""

    descriptor: int
    path: str
    """Relative to the layer's root, with a slash behind it; empty for the root."""
    folders: list[str]
    """Names of what is still to be read, as this machine spells them."""


def read_folder(
    folder: str | os.PathLike[str], on_reading: OnReading | None = None, stop: Stop | None = None
) -> LayerFiles:
    """What the layer unpacked in ``folder`` holds. Symbolic links in it are never followed, nor on the way down.

    What vanishes while it is read (a container may be running) is left out.

    Raises:
        NoSuchFileError: there is no such folder.
        ContentsError: it can't be read, or overlay keeps a part of this layer elsewhere.
        StoppedError: nobody wants it any more.
    """
    reading = _FolderReading(os.fspath(folder), Watch(on_reading, stop))
    try:
        return reading.read()
    except FileNotFoundError as error:
        raise NoSuchFileError(f"There is no folder {reading.root}.", "It may have been removed: try again.") from error
    except PermissionError as error:
        raise ContentsError(f"The layer's folder {reading.root} may not be read.", "Run orlop as root.") from error
    except OSError as error:
        raise ContentsError(f"The layer's folder {reading.root} can't be read: {error.strerror}.") from error
    finally:
        reading.close()


class _FolderReading:
    """One walk through a layer's folder, by descriptors: a folder that is swapped for a link leads nowhere."""

    def __init__(self, root: str, watch: Watch) -> None:
        self.root = root
        self._watch = watch
        self._builder = LayerBuilder()
        self._names: dict[tuple[int, int], str] = {}
        """Device and inode of a file with several names -> the first one met."""
        self._open: list[_Open] = []

    def read(self) -> LayerFiles:
        """Walk through it. Raises OSError."""
        # The root itself may be reached through links: /var/lib/docker often is one.
        self._enter(os.open(self.root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0)), "")
        while self._open:
            here = self._open[-1]
            if not here.folders:
                os.close(self._open.pop().descriptor)
                continue
            name = here.folders.pop()
            with suppress(FileNotFoundError, NotADirectoryError):  # gone or swapped since it was listed
                descriptor = os.open(name, _FOLDER, dir_fd=here.descriptor)
                self._enter(descriptor, f"{here.path}{_text(os.fsencode(name))}/")
        self._watch.finish()
        return self._builder.build()

    def close(self) -> None:
        """Close what an error has left open."""
        while self._open:
            os.close(self._open.pop().descriptor)

    def _enter(self, descriptor: int, above: str) -> None:
        """Take all entries of a folder, and leave the folders among them for later."""
        folders: list[str] = []
        self._open.append(_Open(descriptor, above, folders))
        self._read_marks(descriptor, above[:-1])
        rows, kinds, watch = self._builder.rows, _KINDS, self._watch
        count = stored = 0
        with os.scandir(descriptor) as entries:
            for count, entry in enumerate(entries, 1):
                if not count % _LOOK_EVERY:
                    watch.look()
                try:
                    found = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                # Taken apart at once: asking a stat_result for its attributes would take longer than all else here.
                mode, _, _, names, uid, gid, size, _, modified, _ = found
                kind = kinds.get(mode & _KIND_BITS, Kind.UNKNOWN)
                path = above + (entry.name if _NAMES_ARE_UTF8 else _text(os.fsencode(entry.name)))
                if kind is Kind.FOLDER:
                    folders.append(entry.name)
                    rows[path] = (kind, 0, mode & 0o7777, uid, gid, int(modified))
                elif kind is Kind.FILE and names == 1 and WHITEOUT_PREFIX not in path:
                    stored += size
                    rows[path] = (kind, size, mode & 0o7777, uid, gid, int(modified))
                else:
                    self._add(descriptor, entry.name, path, kind, found)
        watch.keep(count, f"The layer's folder {self.root}")
        watch.done_bytes += stored
        watch.look()

    def _add(self, descriptor: int, name: str, path: str, kind: Kind, found: os.stat_result) -> None:
        """Take what is no folder, and no ordinary file with one name."""
        if kind is Kind.CHARACTER_DEVICE and found.st_rdev == 0:
            self._builder.hide(path)
            return
        link = ""
        if kind is Kind.SYMLINK:
            try:
                link = _text(os.fsencode(os.readlink(name, dir_fd=descriptor)))
            except OSError:  # gone or swapped since it was listed
                return
        if found.st_nlink > 1:
            first = self._names.setdefault((found.st_dev, found.st_ino), path)
            if first != path:
                kind, link = Kind.HARD_LINK, first
        size = found.st_size if kind is Kind.FILE else 0
        self._watch.done_bytes += size
        device = (os.major(found.st_rdev), os.minor(found.st_rdev)) if kind in _DEVICES else None
        modified = found.st_mtime_ns // 1_000_000_000
        self._builder.add_named(path, kind, size, found.st_mode, found.st_uid, found.st_gid, modified, link, device)

    def _read_marks(self, descriptor: int, path: str) -> None:
        """See what overlay has to say about a folder."""
        try:
            names = os.listxattr(descriptor) if hasattr(os, "listxattr") else []
        except OSError:  # this file system has no such attributes
            return
        for name in names:
            # "y" hides what is below; "x", which is something else, says that files may be marked as whiteouts.
            if name in _OPAQUE and os.getxattr(descriptor, name) == b"y":
                self._builder.make_opaque(path)
            elif name in _ELSEWHERE:
                raise ContentsError(
                    f"The layer's folder {self.root} does not tell all: overlay has redirected {path or '/'}.",
                    "The engine itself can still read it.",
                )


def _text(name: bytes) -> str:
    """A name as layers have it: that does not depend on this machine's encoding."""
    return name.decode("utf-8", "surrogateescape")
