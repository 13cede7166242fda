"""A tar with every name moved below one folder, as it goes by.

An engine that unpacks an archive in a folder leaves that folder's own mode and owner as they are, and those before 28
refuse links that lead out of it (measured on 20.10, 26 and 28). Unpacked in the root, with the folder's name before
every name, the folder is an entry like any other, and no link leads out.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from io import BufferedIOBase

from tui.engine.tar_end import TarEnd

_PIECE = 1 << 18
_TOLD_BY_HEADER = frozenset({"path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime", "hdrcharset"})
"""Records of an extended header that are written anew where they are needed."""


class _Source(BufferedIOBase):
    """What the reader of tars takes for a file."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read

    def read(self, size: int | None = -1, /) -> bytes:
        return self._read(_PIECE if size is None or size < 0 else size)


class _Passing(tarfile.TarFile):
    """Entries that go by."""

    members: list[tarfile.TarInfo]
    """All it has met so far: kept for nobody here, and a million of them take a gigabyte."""


def moved_below(folder: str, read: Callable[[int], bytes], end: TarEnd) -> Iterator[bytes]:
    """The tar that ``read`` gives, in pieces, its names moved below ``folder``; read to its very end.

    ``end`` is told of every entry. With an empty ``folder`` names only lose the dot in front.

    Raises:
        tarfile.TarError: it is no tar, or is cut short within an entry.
    """
    waiting: list[bytes] = []
    length = 0
    with _Passing.open(fileobj=_Source(read), mode="r|", bufsize=_PIECE, encoding="utf-8") as archive:
        for member in archive:
            end.note_entry(member.offset_data, member.size if member.isreg() else 0)
            for piece in _moved(archive, member, folder):
                waiting.append(piece)
                length += len(piece)
                if length >= _PIECE:
                    yield b"".join(waiting)
                    waiting, length = [], 0
            archive.members = []
    while read(_PIECE):
        pass
    yield b"".join((*waiting, bytes(2 * tarfile.BLOCKSIZE)))


def _moved(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: str) -> Iterator[bytes]:
    """Its header and body, with new names."""
    if member.issparse():
        raise tarfile.ReadError("a sparse file, which no engine sends")
    body = archive.extractfile(member) if member.isreg() else None
    member.name = _below(folder, member.name)
    if member.islnk():
        member.linkname = _below(folder, member.linkname)
    member.pax_headers = {key: text for key, text in member.pax_headers.items() if key not in _TOLD_BY_HEADER}
    yield member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
    if body is None:
        return
    while piece := body.read(_PIECE):
        yield piece
    yield bytes(-member.size % tarfile.BLOCKSIZE)


def _below(folder: str, name: str) -> str:
    inner = name.removeprefix(".").strip("/") if name in {".", "./"} or name.startswith("./") else name.strip("/")
    return "/".join(filter(None, (folder, inner))) or "."
