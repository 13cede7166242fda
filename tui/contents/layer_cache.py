"""What lies in layers, kept on disk by diff ID: a layer never changes, so it is read once for all images that have it.

The cache is a convenience and nothing else. Whatever is wrong with it (a full disk, a folder that is read-only or
somebody else's, a damaged file) means that layers are read again, with one sentence in :attr:`LayerCache.reason`.
Several processes may use one folder: files appear whole and vanish whole, and nobody waits for anybody.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from tui.contents.layer_blob import DamagedBlobError, decode, encode
from tui.model.layer_files import LayerFiles

LIMIT_BYTES = 256_000_000
"""What the files may take together, if nobody says otherwise: some 500 layers of 50,000 entries."""

_DIFF_ID = re.compile(r"(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})", re.ASCII)
_FILE = re.compile(r"(sha256-[0-9a-f]{64}|sha512-[0-9a-f]{128})\.layer", re.ASCII)
_UNFINISHED = re.compile(r"\..*\.layer\.[0-9]+-[0-9]+\.new", re.ASCII)
_ABANDONED_SECONDS = 3600.0
"""An unfinished file this old belongs to a process that died over it."""

_numbers = itertools.count(1)


class LayerCache:
    """The cache in ``folder``, which need not exist yet. Methods block, and may be called in any thread.

    Args:
        folder: where the files are; ``None`` when there is no place for them, so that nothing is ever kept.
        limit_bytes: what they may take together; those that were not used for longest go first.
    """

    def __init__(self, folder: Path | None, limit_bytes: int = LIMIT_BYTES) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self.reason = "" if folder else "Nothing is kept in a cache: it isn't known where your home folder is."
        """Why something could not be kept or read, in one sentence; empty while all is well."""

    def get(self, diff_id: str) -> LayerFiles | None:
        """What the layer holds, if that is known. A file that is no good is removed."""
        path = self._path(diff_id)
        if path is None or not self._is_ours(path.parent):
            return None
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                # No foreign file is read into memory, however large.
                blob = file.read(size) if size <= self.limit_bytes else b""
        except FileNotFoundError:
            return None
        except OSError as error:
            self._note("read", error)
            return None
        try:
            files = decode(diff_id, blob)
        except DamagedBlobError:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):  # Gone by now, or on a disk that can't be written: no matter.
            os.utime(path)
        return files

    def put(self, diff_id: str, files: LayerFiles) -> None:
        """Keep what the layer holds, and let go of what was not used for longest."""
        path = self._path(diff_id)
        if path is None or not self._is_ours(path.parent):
            return
        blob = encode(diff_id, files)
        if len(blob) > self.limit_bytes:
            return
        try:
            _make_folder(path.parent)
            # Where somebody clears the cache at this moment, what isn't finished goes too: as if they had come later.
            with contextlib.suppress(FileNotFoundError):
                self._write(path, blob)
        except OSError as error:
            self._note("written", error)
        else:
            self._make_room(path)

    def known(self) -> tuple[str, ...]:
        """The diff IDs of all layers that are kept, sorted. A file may still turn out to be damaged."""
        return tuple(sorted(entry.name.removesuffix(".layer").replace("-", ":") for entry in self._files()))

    def size_bytes(self) -> int:
        """What the files take together."""
        return sum(size for _, size, _ in self._by_age())

    def clear(self) -> None:
        """Forget everything."""
        for entry in (*self._files(), *self._files(_UNFINISHED)):
            with contextlib.suppress(OSError):
                os.unlink(entry.path)

    def _path(self, diff_id: str) -> Path | None:
        """Where the layer is kept; ``None`` for what is no diff ID: names of ours come from nothing but hex digits."""
        if self.folder is None or not _DIFF_ID.fullmatch(diff_id):
            return None
        return self.folder / f"{diff_id.replace(':', '-')}.layer"

    def _is_ours(self, folder: Path) -> bool:
        """False when what is in the folder may be somebody else's work, as after ``sudo`` with one's own HOME."""
        try:
            owner = folder.stat().st_uid
        except FileNotFoundError:
            return True
        except OSError as error:
            self._note("read", error)
            return False
        if hasattr(os, "geteuid") and owner != os.geteuid():
            self.reason = f"Nothing is kept in the cache folder {folder}: it belongs to another user."
            return False
        return True

    def _write(self, path: Path, blob: bytes) -> None:
        """All of it or nothing: readers see the old file, or none, until the new one is whole."""
        unfinished = path.with_name(f".{path.name}.{os.getpid()}-{next(_numbers)}.new")
        try:
            with open(unfinished, "xb", opener=_private) as file:
                file.write(blob)
            os.replace(unfinished, path)
        except BaseException:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise

    def _make_room(self, newest: Path) -> None:
        """Remove the files that were not used for longest until the rest is within the limit."""
        files = sorted(self._by_age())
        excess = sum(size for _, size, _ in files) - self.limit_bytes
        for _, size, path in files:
            if excess <= 0:
                break
            if path == os.fspath(newest):  # A clock that was set back must not make the newest the oldest.
                continue
            with contextlib.suppress(OSError):
                with contextlib.suppress(FileNotFoundError):  # Another process makes room as well: it takes none now.
                    os.unlink(path)
                excess -= size
        long_ago = time.time() - _ABANDONED_SECONDS
        for used, _, path in self._by_age(_UNFINISHED):
            if used < long_ago:
                with contextlib.suppress(OSError):
                    os.unlink(path)

    def _by_age(self, names: re.Pattern[str] = _FILE) -> Iterator[tuple[float, int, str]]:
        """When each file was last used, its size and its path."""
        for entry in self._files(names):
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                yield found.st_mtime, found.st_size, entry.path

    def _files(self, names: re.Pattern[str] = _FILE) -> list[os.DirEntry[str]]:
        if self.folder is None:
            return []
        try:
            with os.scandir(self.folder) as entries:
                return [entry for entry in entries if names.fullmatch(entry.name)]
        except OSError:  # It does not exist yet, or can't be read: nothing is known.
            return []

    def _note(self, doing: str, error: OSError) -> None:
        self.reason = f"The cache folder {self.folder} can't be {doing}: {error.strerror or error}."


def _private(path: str, flags: int) -> int:
    """Open a new file that nobody else can read."""
    return os.open(path, flags, 0o600)


def _make_folder(folder: Path) -> None:
    """A folder that nobody else can look into."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
