"""The demo's file system: layers stacked into one tree, with a writable one on top and mounts over it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple

MAX_LINKS = 40
"""How many symbolic links one path may lead through (Linux's own limit)."""


class File(NamedTuple):
    """One entry of a layer: a file, a folder, a link, or the whiteout of what lies below."""

    kind: str
    """``file``, ``dir``, ``link``, ``hardlink`` or ``whiteout``."""
    size_bytes: int = 0
    content: bytes | None = None
    """``None`` for a file whose size is all the demo made up."""
    target: str = ""
    """Where a symbolic link points; the absolute path of the file, in the same layer, a hard link is a name of."""
    mode: int = 0o644
    owner: str = "root"
    modified: float | None = None
    """Seconds since the epoch; ``None`` when it came with its image."""
    opaque: bool = False
    """For a folder: nothing of the layers below shows through it."""
    group: str = ""
    """Empty when it is called like the owner."""


def text(content: str, *, mode: int = 0o644, owner: str = "root") -> File:
    """A file with something to read in it."""
    data = content.encode("utf-8", "surrogatepass")
    return File("file", len(data), data, mode=mode, owner=owner)


def blob(size_bytes: int, *, mode: int = 0o644, owner: str = "root") -> File:
    """A file of a given size whose bytes nobody has made up."""
    return File("file", size_bytes, mode=mode, owner=owner)


def program(size_bytes: int) -> File:
    """A :func:`blob` that can be executed."""
    return blob(size_bytes, mode=0o755)


def folder(*, mode: int = 0o755, owner: str = "root") -> File:
    """A folder."""
    return File("dir", mode=mode, owner=owner)


def link(target: str) -> File:
    """A symbolic link."""
    return File("link", len(target), target=target, mode=0o777)


def hard_link(target: str, *, mode: int = 0o644) -> File:
    """Another name of the file at ``target`` (an absolute path of the same layer), which takes no bytes of its own."""
    return File("hardlink", target=target, mode=mode)


WHITEOUT = File("whiteout")
"""Hides the entry of that name in the layers below, and everything under it."""


def total_bytes(files: Iterable[File]) -> int:
    """What ``files`` take together."""
    return sum(entry.size_bytes for entry in files)


def stack(layers: Iterable[Mapping[str, File]], on: Mapping[str, File] | None = None) -> dict[str, File]:
    """The tree that shows when ``layers`` lie on each other, lowest first, by absolute path; ``/`` included.

    ``on`` is a tree already stacked, which lies below them all. Hard links show as the files they are.
    """
    seen: dict[str, File] = {"/": folder()} if on is None else dict(on)
    for layer in layers:
        _hide(seen, layer)
        for raw, entry in layer.items():
            if entry.kind == "whiteout":
                continue
            path = raw if raw.startswith("/") and "//" not in raw else _clean(raw)
            if entry.kind != "dir":
                _drop(seen, path)
            parent = dirname(path)
            while parent not in seen or seen[parent].kind != "dir":
                seen[parent] = folder()
                parent = dirname(parent)
            seen[path] = linked_file(layer, entry)
    return seen


def linked_file(layer: Mapping[str, File], entry: File) -> File:
    """What ``entry`` of ``layer`` is when it is a hard link: the file itself. Any other entry is what it is."""
    return layer.get(entry.target, entry) if entry.kind == "hardlink" else entry


def _hide(seen: dict[str, File], layer: Mapping[str, File]) -> None:
    """Take away what ``layer`` hides of those below, before anything of its own is added."""
    for raw, entry in layer.items():
        if entry.kind == "whiteout" or entry.opaque:
            _drop(seen, _clean(raw))


def _clean(path: str) -> str:
    return "/" + "/".join(part for part in path.split("/") if part)


def _drop(tree: dict[str, File], path: str) -> None:
    gone = tree.pop(path, None)
    if gone is not None and gone.kind == "dir":  # nothing lies below anything else
        below = f"{path}/"
        for known in [known for known in tree if known.startswith(below)]:
            del tree[known]


class Mounted(NamedTuple):
    """Something mounted over the container's own files."""

    destination: str
    files: MutableMapping[str, File]
    """By path below the destination, starting with ``/``."""
    read_only: bool = False


class ContainerTree:
    """What one container sees as its file system; changes go to its writable layer or into a mount.

    Its methods raise :class:`OSError` as the system calls they stand for would.

    Args:
        lower: the image's stacked tree.
        upper: the writable layer, changed in place.
        mounts: what is mounted over both.
        now: gives the time a change is stamped with.
    """

    def __init__(
        self,
        lower: Mapping[str, File],
        upper: MutableMapping[str, File],
        mounts: Sequence[Mounted],
        now: Callable[[], float],
    ) -> None:
        self._lower, self._upper, self._now = lower, upper, now
        self._mounts = sorted(mounts, key=lambda mount: len(mount.destination))

    def view(self) -> dict[str, File]:
        """Everything there is, by absolute path."""
        return stack([self._upper, *map(_as_layer, self._mounts)], on=self._lower)

    def resolve(self, path: str, *, follow: bool = True) -> str:
        """``path`` without dots and links; the last part stays a link unless ``follow``. It need not exist."""
        tree, done, left = self.view(), "/", [part for part in path.split("/") if part not in {"", "."}]
        links = 0
        while left:
            part = left.pop(0)
            if part == "..":
                done = dirname(done)
                continue
            step = join(done, part)
            entry = tree.get(step)
            if entry is None or entry.kind != "link" or not (left or follow):
                done = step
                continue
            links += 1
            if links > MAX_LINKS:
                raise _os_error(errno.ELOOP, path)
            done = "/" if entry.target.startswith("/") else done
            left = [part for part in entry.target.split("/") if part not in {"", "."}] + left
        return done

    def lookup(self, path: str, *, follow: bool = True) -> File:
        """The entry at ``path``."""
        tree, resolved = self.view(), self.resolve(path, follow=follow)
        if resolved not in tree:
            self._check_parents(tree, resolved, path)
            raise _os_error(errno.ENOENT, path)
        if path.endswith("/") and tree[resolved].kind == "file":
            raise _os_error(errno.ENOTDIR, path)
        return tree[resolved]

    def exists(self, path: str) -> bool:
        """True when ``path`` leads to something."""
        try:
            self.lookup(path)
        except OSError:
            return False
        return True

    def children(self, path: str) -> dict[str, File]:
        """Name -> entry of what the folder at ``path`` holds, by name."""
        if self.lookup(path).kind != "dir":
            raise _os_error(errno.ENOTDIR, path)
        resolved = self.resolve(path)
        tree = self.view()
        names = sorted(known for known in tree if known != "/" and dirname(known) == resolved)
        return {basename(known): tree[known] for known in names}

    def write(self, path: str, data: bytes, *, append: bool = False) -> None:
        """Write ``data`` as the file at ``path``, or to its end."""
        resolved = self._place(path)
        old = self.view().get(resolved)
        if old is not None and old.kind == "dir":
            raise _os_error(errno.EISDIR, path)
        if old is not None and append:
            # A file whose bytes nobody made up stays so; it only grows.
            content = None if old.content is None else old.content + data
            new = old._replace(size_bytes=old.size_bytes + len(data), content=content, modified=self._now())
        else:
            mode, owner = (old.mode, old.owner) if old else (0o644, "root")
            new = File("file", len(data), data, mode=mode, owner=owner, modified=self._now())
        self._put(resolved, new)

    def touch(self, path: str) -> None:
        """Make an empty file at ``path``, or stamp what is there with the present moment."""
        if self.exists(path):
            self._put(self._place(path), self.lookup(path)._replace(modified=self._now()))
        else:
            self.write(path, b"")

    def make_dir(self, path: str) -> None:
        """Make one folder; its parent must be there."""
        resolved = self._place(path)
        if resolved in self.view():
            raise _os_error(errno.EEXIST, path)
        self._put(resolved, folder()._replace(modified=self._now(), opaque=True))

    def remove(self, path: str) -> None:
        """Remove the entry at ``path`` with everything below it."""
        resolved = self._place(path, follow=False)
        if resolved not in self.view():
            raise _os_error(errno.ENOENT, path)
        if any(resolved == mount.destination or mount.destination.startswith(f"{resolved}/") for mount in self._mounts):
            raise _os_error(errno.EBUSY, path)
        layer, key = self._layer_of(resolved)
        for gone in [known for known in layer if known == key or known.startswith(f"{key}/")]:
            del layer[gone]
        if layer is self._upper and resolved in self.view():  # what showed is gone, and shows through from below
            layer[key] = WHITEOUT

    def _put(self, resolved: str, entry: File) -> None:
        layer, key = self._layer_of(resolved)
        if layer.get(key) == WHITEOUT and entry.kind == "dir":
            entry = entry._replace(opaque=True)
        layer[key] = entry

    def _place(self, path: str, *, follow: bool = True) -> str:
        """The resolved ``path``, once its parent is known to be a folder one may write to."""
        resolved = self.resolve(path, follow=follow)
        if resolved == "/":
            raise _os_error(errno.EBUSY, path)
        self._check_parents(self.view(), resolved, path)
        mount = self._mount_of(resolved)
        if mount is not None and mount.read_only:
            raise _os_error(errno.EROFS, path)
        return resolved

    @staticmethod
    def _check_parents(tree: Mapping[str, File], resolved: str, path: str) -> None:
        parent = dirname(resolved)
        if parent not in tree:
            raise _os_error(errno.ENOENT, path)
        if tree[parent].kind != "dir":
            raise _os_error(errno.ENOTDIR, path)

    def _mount_of(self, resolved: str) -> Mounted | None:
        over = [m for m in self._mounts if resolved == m.destination or resolved.startswith(f"{m.destination}/")]
        return over[-1] if over else None

    def _layer_of(self, resolved: str) -> tuple[MutableMapping[str, File], str]:
        mount = self._mount_of(resolved)
        if mount is None:
            return self._upper, resolved
        return mount.files, resolved.removeprefix(mount.destination) or "/"


def _as_layer(mount: Mounted) -> dict[str, File]:
    if set(mount.files) == {"/"} and mount.files["/"].kind == "file":  # one file mounted over one file
        return {mount.destination: mount.files["/"]}
    over: dict[str, File] = {mount.destination: folder()._replace(opaque=True)}
    over.update({normpath(mount.destination + path): entry for path, entry in mount.files.items() if path != "/"})
    return over


def _os_error(code: int, path: str) -> OSError:
    return OSError(code, os.strerror(code), path)
