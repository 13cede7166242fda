"""What a word on the command line means: an archive file, or an image of an engine."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path
from typing import NamedTuple

from tui.contents.errors import NoSuchFileError

_ARCHIVE_NAME = re.compile(r"\.(?:tar(?:\.\w+)?|tgz|tzst|oci)$", re.IGNORECASE)
_PATH = re.compile(r"\.{0,2}/|~|\.{1,2}$|[A-Za-z]:[\\/]|.*\\")
"""How a path may begin that no image's name can."""
_IMAGE_NAME = re.compile(r"[a-z0-9][a-z0-9._/:@-]*[a-z0-9]|[a-z0-9]", re.IGNORECASE)


class WrongUsageError(Exception):
    """Arguments that make no sense together; the text is one plain sentence."""


class Which(NamedTuple):
    """What is to be read."""

    file: Path | None
    """An archive file; ``None`` when an image of an engine is meant."""
    remark: str = ""
    """A sentence for who may have meant the other; empty when there is no doubt."""


def what_is_meant(arguments: Namespace) -> Which:
    """A file when there is one of that name, or when the name can be nothing else; an image otherwise.

    Raises:
        NoSuchFileError: it can only be a file, and there is none.
        WrongUsageError: it can be neither, or ``--image`` goes with what is no archive.
    """
    name: str = arguments.subject
    if not name:
        raise WrongUsageError("An empty name means neither a file nor an image.")
    if name == "-":
        raise WrongUsageError("- is neither a file nor an image; what comes through a pipe is /dev/stdin.")
    path = Path(name)
    if _PATH.match(name) or _ARCHIVE_NAME.search(name) or path.is_file() or path.is_fifo():
        return _file(name, path)
    if arguments.image is not None:
        raise WrongUsageError(
            f"--image names an image in an archive file, and there is no file {name}: as an image of the engine it "
            "is one already."
        )
    if path.is_dir():
        return Which(
            None, f"{name} is a folder here, and is read as an image of the engine; ./{name} means the folder."
        )
    return Which(None)


def _file(name: str, path: Path) -> Which:
    if path.is_dir():
        raise NoSuchFileError(f"{name} is a folder, not an archive.", "Give the file that `docker save -o` wrote.")
    if not path.exists():
        raise NoSuchFileError(f"There is no file {name}.", "Without a path or an ending, an engine's image is meant.")
    if _PATH.match(name) or not _IMAGE_NAME.fullmatch(name) or _ARCHIVE_NAME.search(name):
        return Which(path)
    tagged = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
    other = f"for the image write {tagged}" if tagged != name else "move it away to read the image of that name"
    return Which(path, f"{name} is read as the file of that name here; {other}.")
