"""Writing a file out of a layer to the user's disk: under another name until it is whole, never over a surprise."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import stat
import tempfile
import threading
from pathlib import Path

from tui.contents.errors import BrokenArchiveError, ContentsError, StoppedError
from tui.contents.reading import OnReading
from tui.contents.source import FileSource

_MODE = 0o644
"""What an extracted file may do: never what it may in its image, where it can be setuid root."""
_UNSAFE = re.compile(r"[^\w .,+@=~()-]")
"""Not for a file's name: controls, slashes of any system, what shells and Windows give a meaning to."""
_LONGEST_NAME = 120
"""Characters; no file system takes more than 255 bytes."""


class ExtractionError(ContentsError):
    """A file could not be written to the disk."""


class ExistsError(ExtractionError):
    """Something is there already, and nobody said that it may be overwritten."""


class Extraction:
    """One file on its way to the disk.

    Its bytes go to a temporary file in the same folder, which takes the name it is to have when :meth:`finish` is
    called. Until then nothing is changed, and :meth:`discard` leaves nothing behind. A symbolic link at the
    destination is never followed: it is something that is there already, and would itself be replaced.

    Blocking: call it in a thread. :meth:`take` may come from another thread than the rest.

    Args:
        destination: where it is to go.
        overwrite: whether a file (or link) that is there already may be replaced.
    """

    def __init__(self, destination: Path, *, overwrite: bool) -> None:
        self.destination = destination
        self.written_bytes = 0
        self.problem: ContentsError | None = None
        """Why writing failed; :meth:`take` has raised it, to whomever read the file."""
        self._overwrite = overwrite
        self._lock = threading.Lock()
        self._refuse_surprises()
        try:
            descriptor, name = tempfile.mkstemp(prefix=".orlop-", dir=destination.parent)
        except OSError as error:
            raise _error(f"Nothing can be written into {destination.parent}", error) from error
        self._temporary = Path(name)
        self._file = os.fdopen(descriptor, "wb")

    def _refuse_surprises(self) -> None:
        """Raise when the destination can't be what it is to be."""
        try:
            if not self.destination.parent.is_dir():
                raise ExtractionError(
                    f"There is no folder {self.destination.parent}.", "Name one that exists, or make it first."
                )
            there = os.lstat(self.destination)
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            raise _error(f"{self.destination} can't be looked at", error) from error
        if stat.S_ISDIR(there.st_mode):
            raise ExtractionError(f"{self.destination} is a folder.", "Add a file name.")
        if not (stat.S_ISREG(there.st_mode) or stat.S_ISLNK(there.st_mode)):
            raise ExtractionError(f"{self.destination} is neither a file nor a link.", "Choose another name.")
        if not self._overwrite:
            raise ExistsError(f"{self.destination} is there already.", "Choose another name, or tick the box.")

    def take(self, data: bytes) -> None:
        """Write the next piece.

        Raises:
            ExtractionError: it could not be written: no room, for example.
            StoppedError: it was discarded meanwhile.
        """
        with self._lock:
            if self._file.closed:
                raise StoppedError("Writing was stopped.")
            try:
                self._file.write(data)
            except OSError as error:
                self.problem = _error(f"Writing {self.destination} failed", error)
                raise self.problem from error
            self.written_bytes += len(data)

    def finish(self) -> None:
        """Give the file its name.

        Raises:
            ExistsError: something has come to lie there meanwhile.
            ExtractionError: it could not be done.
        """
        try:
            with self._lock:
                self._file.close()
            self._temporary.chmod(_MODE)
            if self._overwrite:
                self._temporary.replace(self.destination)
            else:
                self._take_free_name()
        except ContentsError:
            self.discard()
            raise
        except OSError as error:
            self.discard()
            raise _error(f"Writing {self.destination} failed", error) from error

    def _take_free_name(self) -> None:
        """A link can't be made where something is already: whatever came since the first look is safe."""
        try:
            os.link(self._temporary, self.destination, follow_symlinks=False)
        except FileExistsError as error:
            raise ExistsError(
                f"{self.destination} is there already.", "Choose another name, or tick the box."
            ) from error
        except (OSError, NotImplementedError):
            # Not every file system has hard links; the look is then as near to the deed as it can be.
            self._refuse_surprises()
            self._temporary.replace(self.destination)
        else:
            self._temporary.unlink()

    def discard(self) -> None:
        """Leave nothing behind. May be called at any time, and twice."""
        with self._lock:
            with contextlib.suppress(OSError):  # what is not written yet, and can't be, is thrown away in any case
                self._file.close()
            self._temporary.unlink(missing_ok=True)


def _error(sentence: str, error: OSError | ValueError) -> ExtractionError:
    reason = getattr(error, "strerror", None) or str(error)
    return ExtractionError(f"{sentence}: {reason[:1].lower()}{reason[1:]}.", "Choose another place.")


def safe_name(path: str) -> str:
    """The last part of ``path`` as a name for a file on the user's disk."""
    name = _UNSAFE.sub("_", path[path.rfind("/") + 1 :])[:_LONGEST_NAME].strip(" ")
    if name.startswith("-"):
        name = f"_{name}"  # else the next command it is given to takes it for an option
    return name if name.strip(".") else "file"


async def extract(
    source: FileSource,
    layer: int,
    path: str,
    destination: Path,
    *,
    overwrite: bool,
    expected_bytes: int | None,
    on_reading: OnReading,
) -> int:
    """Write the file at ``path`` of a layer to ``destination``; return how many bytes that were.

    Cancelling leaves nothing behind. So does failing: raises ContentsError and EngineError.
    ``expected_bytes`` is ``None`` when it is not known how many it will be.
    """
    making = asyncio.ensure_future(asyncio.to_thread(Extraction, destination, overwrite=overwrite))
    try:
        extraction = await asyncio.shield(making)
    except asyncio.CancelledError:
        making.add_done_callback(_discard_late)
        raise
    try:
        await source.read_file(layer, path, extraction.take, limit=None, on_reading=on_reading)
        if expected_bytes is not None and extraction.written_bytes != expected_bytes:
            raise BrokenArchiveError(
                f"Only {extraction.written_bytes:,} of {expected_bytes:,} bytes of /{path} came.", "Try again."
            )
        await asyncio.to_thread(extraction.finish)
    except BaseException as error:
        extraction.discard()
        if extraction.problem is not None and not isinstance(error, asyncio.CancelledError):
            # Whoever read the file has put the failure to write it into words of its own.
            raise extraction.problem from error
        raise
    return extraction.written_bytes


def _discard_late(making: asyncio.Future[Extraction]) -> None:
    """Nobody waited for it any more."""
    if not making.cancelled() and making.exception() is None:
        making.result().discard()
