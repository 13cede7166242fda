"""The ordinary headers of a layer, read as fast as Python can: nine of ten entries need no more than this.

Fields that recur (mode and owner, time, checksum) are looked up; a header's bytes are summed up by ``adler32``.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from types import MappingProxyType
from zlib import adler32

from tui.contents.byte_source import ByteSource
from tui.contents.entry_limit import LONG_NAME_SHIFT
from tui.contents.tar_header import (
    ADLER_MODULUS,
    BLOCK,
    FieldError,
    body_size,
    checksum_fits,
    number,
    pax_records,
    text,
    whole_number,
)
from tui.model.layer_files import WHITEOUT_PREFIX, Kind, LayerBuilder, clean_path

_FIELDS = Struct("100s24s12s12s8s1s100x8s80x1s166x")
"""Name; mode, uid and gid; size; mtime; checksum; type flag; magic; first byte of the prefix."""
_KINDS = {b"0": int(Kind.FILE), b"2": int(Kind.SYMLINK), b"5": int(Kind.FOLDER)}
_FILE, _SYMLINK = int(Kind.FILE), int(Kind.SYMLINK)
_USTAR = b"ustar\x0000"
_GNU = b"ustar  \0"
_ROOTS = frozenset({"", ".", "/"})
"""How a path begins that has to be cleaned."""
_PAX = ord("x")
_LONGEST_PAX = 1 << 12
"""Bytes of a pax header, with the block before and the header behind it, that are read here."""
_NAMES = frozenset({b"path", b"linkpath"})
_OTHERS = frozenset({b"mtime", b"atime", b"ctime", b"uname", b"gname", b"comment"})
_ATTRIBUTES = (b"SCHILY.xattr.", b"LIBARCHIVE.")
"""How records begin that say nothing that is asked for here."""
_NOTHING: Mapping[bytes, bytes] = MappingProxyType({})
_AT_ONCE = 512
_REMEMBERED = 1 << 13
"""So many values of a field are kept; then they are forgotten, and kept anew."""


class PlainHeaders:
    """What has been learned of the fields that recur, for one layer."""

    def __init__(self) -> None:
        self._sums: dict[bytes, int] = {}
        self._owners: dict[bytes, tuple[int, int, int]] = {}
        self._times: dict[bytes, int] = {}
        self._long = 0

    def take_long(self) -> int:
        """As how many more entries those that were taken count, because of the length of their names; then 0."""
        long, self._long = self._long, 0
        return long

    def fill(  # noqa: PLR0912, PLR0915 - one loop, because a call for every entry would take as long as reading it
        self, source: ByteSource, padding: int, builder: LayerBuilder
    ) -> tuple[int, int]:
        """Put files, folders and symbolic links whose whole story is in their own header into ``builder``.

        In any doubt the header is left to who reads it with more care, who also judges how the archive ends.

        Returns how many entries were taken, and what rounds up the last one's body (before: ``padding``). The source
        then stands at a header that is something else (or seems to be), at its end, or there were very many.

        Raises:
            BrokenArchiveError: reading failed.
        """
        rows, unpack, kinds, sums = builder.rows, _FIELDS.unpack, _KINDS, self._sums
        owners, times = self._owners, self._times
        buffer, at, held = source.buffer, source.at, len(source.buffer)
        taken = 0
        while taken < _AT_ONCE:
            begun = at + BLOCK
            if begun > held:
                source.at = at
                if not source.ensure(BLOCK):
                    return taken, padding
                buffer, at, held = source.buffer, source.at, len(source.buffer)
                begun = at + BLOCK
            block = buffer[at:begun]
            pax: Mapping[bytes, bytes] = _NOTHING
            if block[156] == _PAX:
                size = self._size_of_pax(block)
                begun += size + (-size & 511) + BLOCK
                if not size or begun - at > _LONGEST_PAX:
                    break
                self._long += size >> LONG_NAME_SHIFT
                if begun > held:
                    length = begun - at
                    source.at = at
                    there = source.ensure(length)
                    buffer, at, held = source.buffer, source.at, len(source.buffer)
                    if not there:
                        break
                    begun = at + length
                pax = self._records(buffer[at + BLOCK : at + BLOCK + size])
                block = buffer[begun - BLOCK : begun]
                if not pax:
                    break
            raw_name, owner, raw_size, raw_time, checksum, flag, magic, prefix = unpack(block)
            if flag not in kinds or (magic != _USTAR and (magic != _GNU or prefix != b"\0")):
                break
            try:
                expected = sums[checksum] if checksum in sums else self._sum(checksum)
                if adler32(block) & 0xFFFF != expected:
                    break
                mode, uid, gid = owners[owner] if owner in owners else self._owner(owner)
                modified = times[raw_time] if raw_time in times else self._time(raw_time)
                raw_size = raw_size.rstrip(b" \0")
                if not raw_size.isdigit():
                    break
                size = int(raw_size, 8)
                cut = raw_name.find(b"\0")
                path = (raw_name if cut < 0 else raw_name[:cut]).decode()
                if prefix != b"\0":
                    path = f"{text(block[345:500]).decode()}/{path}"
                if pax:
                    path = pax[b"path"].decode() if b"path" in pax else path
                    modified = whole_number(pax[b"mtime"]) if b"mtime" in pax else modified
            except ValueError:  # what is not UTF-8 is one
                break
            if path[:1] in _ROOTS or "/." in path or "//" in path:
                path = clean_path(path)
            elif path[-1:] == "/":
                path = path[:-1]
            kind = kinds[flag]
            at = begun
            if kind == _FILE:
                padding = -size & 511
                at += size + padding
            else:
                size = padding = 0
            taken += 1
            if not path:
                continue  # the root itself
            if kind == _SYMLINK or path in rows or WHITEOUT_PREFIX in path:
                link = ""
                if kind == _SYMLINK:
                    link = (pax.get(b"linkpath") or text(block[157:257])).decode("utf-8", "surrogateescape")
                builder.add_named(path, kind, size, mode, uid, gid, modified, link)
            else:
                rows[path] = (kind, size, mode, uid, gid, modified)
        source.at = at
        return taken, padding

    def _sum(self, checksum: bytes) -> int:
        """What ``adler32`` gives in its lower half for a block with this checksum, the field itself included."""
        if len(self._sums) >= _REMEMBERED:
            self._sums.clear()
        expected = (number(checksum) - 8 * 0x20 + sum(checksum) + 1) % ADLER_MODULUS
        self._sums[checksum] = expected
        return expected

    def _owner(self, fields: bytes) -> tuple[int, int, int]:
        if len(self._owners) >= _REMEMBERED:
            self._owners.clear()
        owner = number(fields[:8]) & 0o7777, number(fields[8:16]), number(fields[16:])
        self._owners[fields] = owner
        return owner

    def _time(self, field: bytes) -> int:
        if len(self._times) >= _REMEMBERED:
            self._times.clear()
        digits = field.rstrip(b" \0")
        modified = int(digits, 8) if digits.isdigit() else number(field)
        self._times[field] = modified
        return modified

    def _size_of_pax(self, block: bytes) -> int:
        """The size of the pax header that this block begins; 0 when it had better be left alone."""
        try:
            return body_size(block) if checksum_fits(block) else 0
        except FieldError:
            return 0

    def _records(self, data: bytes) -> Mapping[bytes, bytes]:
        """The records, if they say nothing out of the ordinary; else none."""
        try:
            pax = dict(pax_records(data))
        except FieldError:
            return _NOTHING
        for key, value in pax.items():
            if key in _NAMES:
                if not value or b"\0" in value:
                    return _NOTHING
            elif key not in _OTHERS and not key.startswith(_ATTRIBUTES):
                return _NOTHING
        return pax
