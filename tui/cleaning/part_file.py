"""A backup on its way to the disk: under another name until it is whole and verified.

Everything here blocks: call it in a thread.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tui.cleaning.errors import BackupError, reason_of
from tui.contents.byte_source import FileSource
from tui.contents.errors import ContentsError, StoppedError
from tui.contents.tar_header import BLOCK
from tui.contents.tar_walk import TarWalk
from tui.contents.watch import Watch
from tui.model.engine_disk import BACKUP_SPARE_BYTES

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST_STEM = 100
"""Characters of a volume's name that its backup's name keeps; no file system takes more than 255 bytes in all."""
_SUFFIX = ".part"
_PIECE_BYTES = 1 << 20


def file_stem(volume: str) -> str:
    """A volume's name as the beginning of a file's: nobody says that the engine lets only harmless ones through."""
    stem = _UNSAFE.sub("_", volume)[:_LONGEST_STEM].lstrip(".-")
    return stem or "volume"


def make_folder(folder: Path) -> None:
    """Make the folder, for the user alone. Raises BackupError."""
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_mode & 0o077 and status.st_uid == os.geteuid():
            folder.chmod(_PRIVATE_FOLDER)
    except OSError as error:
        raise _error(f"The folder for backups {folder} can't be made", error) from error


def check_room(folder: Path, volume: str, expected_bytes: int | None) -> None:
    """Raise BackupError when ``expected_bytes`` (``None``: nobody knows) surely find no room in ``folder``."""
    if expected_bytes is None:
        return
    try:
        disk = os.statvfs(folder)
    except OSError as error:
        raise _error(f"The folder for backups {folder} can't be looked at", error) from error
    free = disk.f_bavail * disk.f_frsize
    if free < expected_bytes + BACKUP_SPARE_BYTES:
        raise BackupError(
            f"There is no room for a backup of volume {volume}: it takes {expected_bytes:,} bytes, "
            f"and {folder} has {free:,} free.",
            "Make room there, or let ORLOP_STATE_DIR name a folder on another disk.",
        )


class PartFile:
    """One backup being written. :meth:`take` may come from another thread than the rest.

    Args:
        folder: where it is to lie.
        volume: whose files it holds.
        moment: what tells it from earlier ones, in seconds since the epoch.

    Raises:
        BackupError: it can't be made.
    """

    def __init__(self, folder: Path, volume: str, moment: float) -> None:
        self.volume = volume
        self.written_bytes = 0
        self.problem: BackupError | None = None
        """Why writing failed; :meth:`take` has raised it, to whomever read the volume."""
        self._folder = folder
        self._stem = f"{file_stem(volume)}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime(moment))}"
        self._digest = hashlib.sha256()
        self._lock = threading.Lock()
        try:
            self.path, descriptor = self._create()
        except OSError as error:
            raise _error(f"No backup of volume {volume} can be written to {folder}", error) from error
        _hold(descriptor)
        self._file = os.fdopen(descriptor, "wb", buffering=_PIECE_BYTES)

    def _create(self) -> tuple[Path, int]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        number = 1
        while True:
            path = self._folder / f"{self._numbered(number)}{_SUFFIX}"
            try:
                return path, os.open(path, flags, _PRIVATE_FILE)
            except FileExistsError:
                number += 1

    def _numbered(self, number: int) -> str:
        return f"{self._stem}.tar" if number == 1 else f"{self._stem}-{number}.tar"

    @property
    def sha256(self) -> str:
        """The digest of everything taken so far, as hex digits."""
        return self._digest.hexdigest()

    def take(self, data: bytes) -> None:
        """Write the next piece.

        Raises:
            BackupError: it could not be written: no room, for example.
            StoppedError: it was discarded meanwhile.
        """
        with self._lock:
            if self._file.closed:
                raise StoppedError("Writing was stopped.")
            try:
                self._file.write(data)
            except OSError as error:
                self.problem = self._failed(error)
                raise self.problem from error
            self._digest.update(data)
            self.written_bytes += len(data)

    def finish(self) -> None:
        """Put everything on the disk. Raises BackupError."""
        with self._lock:
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
                # So that reading it again reads the disk, not the memory it was written from.
                if hasattr(os, "posix_fadvise"):
                    os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            except OSError as error:
                self.problem = self._failed(error)
                raise self.problem from error

    def give_name(self) -> Path:
        """Let it be a backup: under a name that nothing has yet. Raises BackupError."""
        number = 1
        try:
            while True:
                path = self._folder / self._numbered(number)
                try:
                    _rename_to_free(self.path, path)
                    break
                except FileExistsError:
                    number += 1
            _flush_folder(self._folder)
        except OSError as error:
            raise self._failed(error) from error
        with self._lock:
            self._file.close()
        return path

    def discard(self) -> None:
        """Leave nothing behind. May be called at any time, and twice."""
        with self._lock:
            with contextlib.suppress(OSError):  # what is not written yet, and can't be, is thrown away in any case
                self._file.close()
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _failed(self, error: OSError) -> BackupError:
        return _error(f"Writing the backup of volume {self.volume} to {self._folder} failed", error)


def _error(sentence: str, error: OSError) -> BackupError:
    return BackupError(
        f"{sentence}: {reason_of(error)}.", "Make room there, or let ORLOP_STATE_DIR name a folder on another disk."
    )


def _rename_to_free(old: Path, new: Path) -> None:
    """Rename, but never over something. Raises FileExistsError and other OSErrors."""
    try:
        # A link can't be made where something is already.
        os.link(old, new, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # Not every file system has hard links. The folder is ours alone, and names hold the second they are from.
        if os.path.lexists(new):
            raise FileExistsError(new) from None
        old.rename(new)
    else:
        old.unlink()


def _flush_folder(folder: Path) -> None:
    """Put the file's new name on the disk, where the file system allows to ask for it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _hold(descriptor: int) -> None:
    """Lock the part file for as long as it is written: one that nobody holds was left by an orlop that was killed."""
    with contextlib.suppress(ImportError, OSError):
        import fcntl  # noqa: PLC0415 - Windows has none

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class LeftPart(NamedTuple):
    """The beginning of a backup that nobody writes any more."""

    path: Path
    size_bytes: int


def left_parts(folder: Path) -> tuple[LeftPart, ...]:
    """The part files that were left by an orlop that was killed; none where that can't be told."""
    return tuple(_left(folder, unlink=False))


def sweep(folder: Path) -> int:
    """Remove part files that nobody writes any more; return how many bytes they held."""
    return sum(left.size_bytes for left in _left(folder, unlink=True))


def _left(folder: Path, *, unlink: bool) -> Iterator[LeftPart]:
    try:
        import fcntl  # noqa: PLC0415 - as above
    except ImportError:
        return
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob(f"*.tar{_SUFFIX}")):
            with contextlib.suppress(OSError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                size = os.fstat(file.fileno()).st_size
                if unlink:
                    path.unlink()
                yield LeftPart(path, size)


def digest_of(path: Path, watch: Watch) -> tuple[str, int]:
    """SHA-256 (as hex digits) and length of the file, as the disk has it. Raises OSError, StoppedError."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
            watch.done_bytes += len(piece)
            watch.look()
    watch.finish()
    return digest.hexdigest(), watch.done_bytes


def count_entries(path: Path, watch: Watch) -> int:
    """How many entries the tar at ``path`` holds, every header read and its end mark seen.

    Raises:
        ContentsError: it is broken or cut short.
        OSError: it can't be read.
    """
    entries = 0
    with path.open("rb", buffering=0) as file:
        source = FileSource(file.fileno(), 0, os.fstat(file.fileno()).st_size, f"The backup {path.name}", watch)
        for _member in TarWalk(source).members():
            entries += 1
        # The walk has gone past the first block of zeros; behind it stands at least one more, and nothing else.
        file.seek(max(0, source.place - BLOCK))
        end = file.read(2 * BLOCK)
    if len(end) != 2 * BLOCK or any(end):
        raise ContentsError(f"The backup {path.name} has no end mark.")
    return entries
