"""The fields of a tar's headers: numbers, names, checksums, and the records of pax headers.

Sources: POSIX.1-2017 ``pax``, "ustar Interchange Format" and "pax Extended Header"; the GNU tar manual, "Basic Tar
Format". Where they leave room, a field is read as Go's ``archive/tar`` does: that is what Docker unpacks layers with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zlib import adler32

from tui.model.layer_files import Kind

BLOCK = 512
"""A header, and what bodies are rounded up to."""
NO_BYTES = bytes(BLOCK)
"""Two of these end an archive."""
ADLER_MODULUS = 65521
"""``zlib.adler32`` sums bytes up modulo this; Python alone would take as long for that as for all the rest."""
EXTENDED_LIMIT_BYTES = 1 << 20
"""The longest pax header and long name that are read, as in Go's ``archive/tar``."""

_NEWLINE = ord("\n")
_USTAR = b"ustar\x0000"
_GNU = b"ustar  \x00"
_MOST = (1 << 63) - 1
_KINDS = {
    b"\0": Kind.FILE,
    b"0": Kind.FILE,
    b"7": Kind.FILE,
    b"1": Kind.HARD_LINK,
    b"2": Kind.SYMLINK,
    b"3": Kind.CHARACTER_DEVICE,
    b"4": Kind.BLOCK_DEVICE,
    b"5": Kind.FOLDER,
    b"6": Kind.FIFO,
    b"D": Kind.FOLDER,
    b"S": Kind.FILE,
}
"""Type flag -> what it is. ``D`` is a folder of GNU tar with a list of names as its body."""
_BODILESS = b"123456"
"""Type flags of entries that have no body, whatever their size says."""


class FieldError(ValueError):
    """A header is not what it should be; the message says in which respect, as the end of a sentence."""


class Header(NamedTuple):
    """One header block, or the entry that it and what stands before it describe."""

    name: bytes
    flag: bytes
    mode: int
    uid: int
    gid: int
    size_bytes: int
    """Bytes of the entry's body, as it is unpacked."""
    modified: int
    link: bytes
    device: tuple[int, int]
    body_bytes: int
    """Bytes that follow in the archive, without what rounds them up. Fewer than ``size_bytes`` for a sparse file."""

    @property
    def kind(self) -> Kind:
        """What it is. Flags that nobody knows are files, as POSIX has it."""
        if self.flag == b"\0" and self.name.endswith(b"/"):
            return Kind.FOLDER  # before 1988 there was no flag for folders
        return _KINDS.get(self.flag, Kind.FILE)


def number(field: bytes) -> int:
    """A number of a header: octal digits, or base-256 with the highest bit set.

    Raises:
        FieldError: it is neither, or does not fit into 64 bits.
    """
    digits = field.strip(b" \0")
    if digits.isdigit():
        if digits.strip(b"01234567"):
            raise FieldError("has a number that is none")
        return int(digits, 8)  # a field has 12 digits at most, which are 36 bits
    if not digits:
        return 0
    if field[0] >= 0x80:
        # Two's complement of what is left when the mark is taken away.
        value = int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
        if field[0] & 0x40:
            value -= 1 << (8 * len(field) - 1)
    else:
        digits = digits.partition(b"\0")[0].strip(b" ")
        if not digits or digits.strip(b"01234567"):
            raise FieldError("has a number that is none")
        value = int(digits, 8)
    if not -_MOST <= value <= _MOST:
        raise FieldError("has a number that is far too large")
    return value


def checksum_fits(block: bytes) -> bool:
    """Whether the block adds up to what it says, its bytes taken as unsigned, or as signed as some old tars did."""
    try:
        told = number(block[148:156])
    except FieldError:
        return False
    field = block[148:156]
    # The lower half is one more than the sum of all bytes, modulo the largest prime below 65536; no sum of 512 bytes
    # and no number of 8 digits that differ are equal by that and come from a damaged header.
    if (told - 8 * 0x20 + sum(field) + 1) % ADLER_MODULUS != adler32(block) & 0xFFFF:
        signed = sum(byte - 256 if byte >= 0x80 else byte for byte in block[:148] + block[156:]) + 8 * 0x20
        return told == signed
    return True


def body_size(block: bytes) -> int:
    """The size that a header block tells.

    Raises:
        FieldError: it makes no sense.
    """
    size = number(block[124:136])
    if size < 0:
        raise FieldError("has a size below zero")
    return size


def parse(block: bytes) -> Header:
    """The header in a block whose checksum fits.

    Raises:
        FieldError: one of its fields makes no sense.
    """
    flag = block[156:157]
    size = 0 if flag in _BODILESS else body_size(block)
    device = (number(block[329:337]), number(block[337:345])) if flag in b"34" else (0, 0)
    name, prefix = text(block[:100]), _prefix(block)
    return Header(
        prefix + b"/" + name if prefix else name,
        flag,
        number(block[100:108]),
        number(block[108:116]),
        number(block[116:124]),
        size,
        number(block[136:148]),
        text(block[157:257]) if flag in b"12" else b"",
        device,
        size,
    )


def text(field: bytes) -> bytes:
    """A field up to its first NUL."""
    return field.partition(b"\0")[0]


def _prefix(block: bytes) -> bytes:
    """What goes before the name: only ustar has that, and GNU archives that early versions of Go wrote."""
    magic = block[257:265]
    if magic == _USTAR:
        return text(block[345:500])
    if magic != _GNU or not block[345]:
        return b""
    try:
        # GNU keeps two more times there.
        number(block[345:357])
        number(block[357:369])
    except FieldError:
        # Images that Docker made before 2016 have this: https://github.com/golang/go/issue/12594
        prefix = text(block[345:500])
        return prefix if prefix.isascii() else b""
    return b""


def pax_records(data: bytes) -> list[tuple[bytes, bytes]]:
    """The records of a pax header, ``LENGTH KEY=VALUE`` and a newline each, in order.

    Raises:
        FieldError: they are not.
    """
    records = []
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 10)
        digits = data[at : max(at, space)]
        end = at + int(digits) if digits.isdigit() else 0
        if not at < space < end <= len(data) or data[end - 1] != _NEWLINE:
            raise FieldError("has a pax header that can't be read")
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if not (key and equals):
            raise FieldError("has a pax header that can't be read")
        records.append((key, value))
        at = end
    return records


def with_pax(header: Header, pax: Mapping[bytes, bytes]) -> Header:
    """The header with what the pax headers before it say instead. An empty value says nothing.

    Raises:
        FieldError: a value makes no sense.
    """
    changes: dict[str, object] = {}
    for key, attribute in ((b"path", "name"), (b"linkpath", "link")):
        if value := pax.get(key):
            if b"\0" in value:
                raise FieldError("has a name with a zero byte in it")
            changes[attribute] = value
    for key, attribute in ((b"uid", "uid"), (b"gid", "gid"), (b"mtime", "modified")):
        if value := pax.get(key):
            changes[attribute] = whole_number(value)
    if (value := pax.get(b"size")) and header.flag not in _BODILESS:
        size = whole_number(value)
        if size < 0:
            raise FieldError("has a size below zero")
        changes["size_bytes"] = changes["body_bytes"] = size
    return header._replace(**changes) if changes else header  # type: ignore[arg-type]


def whole_number(value: bytes) -> int:
    """A decimal number of a pax header; a fraction is rounded down, as who asks a file for whole seconds gets it.

    Raises:
        FieldError: it is no number, or does not fit into 64 bits.
    """
    whole, _, fraction = value.partition(b".")
    negative = whole.startswith(b"-")
    digits = whole[1:] if whole[:1] in {b"-", b"+"} else whole
    if not digits.isdigit() or len(digits) > 19 or (fraction and not fraction.isdigit()):
        raise FieldError("has a number in its pax header that is none")
    number_ = int(digits)
    if negative:
        number_ = -number_ - (1 if fraction.strip(b"0") else 0)
    if not -_MOST <= number_ <= _MOST:
        raise FieldError("has a number that is far too large")
    return number_
