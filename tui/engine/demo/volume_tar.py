"""The demo's volumes as real tars, and back. Small ones: a file of two gigabytes is packed with a hole in it.

That is a sparse file in the pax format 1.0, which every tar can unpack, so the archive still says how large the file
is. The same volume gives the same bytes every time.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from io import BytesIO
from posixpath import basename, dirname

from tui.contents.reading import Reader
from tui.engine.demo.file_bytes import pieces
from tui.engine.demo.files import File, folder
from tui.engine.demo.layer_answers import number_of
from tui.engine.demo.objects import DemoVolume
from tui.engine.errors import BadRequestError
from tui.engine.tar_end import TarEnd

_WHOLE_UP_TO = 1 << 16
"""Made-up files of up to so many bytes are packed whole."""
_BEGINNING = 1 << 12
"""Of longer ones, so many bytes are packed, and a hole."""
_PIECE = 1 << 18
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Lone surrogates but those that stand for bytes which are no UTF-8 (PEP 383)."""
_TYPES = {"dir": tarfile.DIRTYPE, "link": tarfile.SYMTYPE, "hardlink": tarfile.LNKTYPE, "file": tarfile.REGTYPE}
_KINDS = {kind: name for name, kind in _TYPES.items()}


def pack(volume: DemoVolume) -> Iterator[bytes]:
    """The tar, one entry at a time: named as a real engine names them, ``./`` first."""
    for path, entry in _entries(volume):
        member = tarfile.TarInfo(f".{path}" if path != "/" else ".")
        member.type = _TYPES[entry.kind]
        member.mode, member.uname, member.gname = entry.mode, entry.owner, entry.group or entry.owner
        member.uid, member.gid = number_of(member.uname), number_of(member.gname)
        member.mtime = int(volume.created if entry.modified is None else entry.modified)
        if entry.kind in {"link", "hardlink"}:
            member.linkname = entry.target if entry.kind == "link" else f".{entry.target}"
        yield _packed(member, path, entry)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _entries(volume: DemoVolume) -> list[tuple[str, File]]:
    """Everything with the folders above it, each before what is in it; other names of files come last."""
    found = {"/": folder(), **volume.files}
    for path in volume.files:
        parent = dirname(path)
        while parent not in found:
            found[parent] = folder()
            parent = dirname(parent)
    known = [(path, entry) for path, entry in found.items() if entry.kind in _TYPES]
    return sorted(known, key=lambda item: (item[1].kind == "hardlink", item[0].split("/")))


def _packed(member: tarfile.TarInfo, path: str, entry: File) -> bytes:
    if entry.kind != "file":
        return _header(member)
    if entry.content is not None or entry.size_bytes <= _WHOLE_UP_TO:
        body = b"".join(pieces(path, entry, None))
        member.size = len(body)
    else:
        member.pax_headers = {
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.name": member.name,
            "GNU.sparse.realsize": str(entry.size_bytes),
        }
        member.name = f"{dirname(member.name)}/GNUSparseFile.0/{basename(member.name)}"
        # Two pieces: the beginning, and one of no bytes, where the hole ends.
        numbers = f"2\n0\n{_BEGINNING}\n{entry.size_bytes}\n0\n".encode()
        body = _whole_blocks(numbers) + b"".join(pieces(path, entry, _BEGINNING))
        member.size = len(body)
    return _header(member) + _whole_blocks(body)


def _header(member: tarfile.TarInfo) -> bytes:
    # A real archive holds bytes. Of half a character that stands for none of them there is nothing to write.
    member.name, member.linkname = _as_bytes_can_be(member.name), _as_bytes_can_be(member.linkname)
    member.pax_headers = {key: _as_bytes_can_be(value) for key, value in member.pax_headers.items()}
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _as_bytes_can_be(name: str) -> str:
    return _NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", name)


def _whole_blocks(data: bytes) -> bytes:
    return data + bytes(-len(data) % tarfile.BLOCKSIZE)


class Unpacking:
    """One tar being read, in a thread. The whole of it is kept for that: the demo's are small.

    Args:
        name: of the volume that is to hold it.
        archive: where it is read from; what that raises is passed on.
    """

    def __init__(self, name: str, archive: Reader) -> None:
        self._name, self._archive = name, archive
        self._end = TarEnd()
        self._stopped = False

    @property
    def done_bytes(self) -> int:
        """How much has been read."""
        return self._end.done_bytes

    def stop(self) -> None:
        """Read no further; from any thread."""
        self._stopped = True

    def files(self) -> dict[str, File]:
        """Everything that is in it, by path. Raises BadRequestError when it is no tar, or cut short."""
        whole = BytesIO()
        while not self._stopped and (piece := self._archive.read(_PIECE)):
            self._end.note(piece)
            whole.write(piece)
        whole.seek(0)
        found: dict[str, File] = {}
        try:
            with tarfile.open(fileobj=whole, mode="r:") as archive:
                for member in archive:
                    self._end.note_entry(archive.offset, 0)  # where the next one begins
                    if _path(member) != "/":
                        found[_path(member)] = _unpacked(archive, member)
        except tarfile.TarError as error:
            raise self._broken() from error
        if not self._end.reached:
            raise self._broken()
        return found

    def _broken(self) -> BadRequestError:
        return BadRequestError(
            f"The backup of the volume {self._name} is no whole tar, or cut short.", "Restore from another backup."
        )


def _path(member: tarfile.TarInfo) -> str:
    return "/" + "/".join(part for part in member.name.split("/") if part not in {"", "."})


def _unpacked(archive: tarfile.TarFile, member: tarfile.TarInfo) -> File:
    kind = _KINDS.get(member.type, "file") if not member.issparse() else "file"
    content = None
    if kind == "file" and not member.issparse():
        body = archive.extractfile(member)
        content = (body or BytesIO()).read()
    size = {"file": member.size, "link": len(member.linkname)}.get(kind, 0)
    target = f"/{member.linkname.removeprefix('./')}" if kind == "hardlink" else member.linkname
    group = "" if member.gname == member.uname else member.gname
    owner = member.uname or str(member.uid)
    return File(kind, size, content, target, member.mode, owner, float(member.mtime), group=group)
