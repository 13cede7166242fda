"""Tars of every format, as the standard library writes them, and what it reads out of them."""

from __future__ import annotations

import io
import math
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress

from hypothesis import strategies as st

from tui.contents.byte_source import ByteSource, ChunkSource, FileSource
from tui.contents.errors import BrokenArchiveError
from tui.contents.tar_walk import read_layer
from tui.contents.watch import Watch
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles, clean_path

FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
KINDS = {
    tarfile.REGTYPE: Kind.FILE,
    tarfile.AREGTYPE: Kind.FILE,
    tarfile.CONTTYPE: Kind.FILE,
    tarfile.GNUTYPE_SPARSE: Kind.FILE,
    tarfile.DIRTYPE: Kind.FOLDER,
    tarfile.SYMTYPE: Kind.SYMLINK,
    tarfile.LNKTYPE: Kind.HARD_LINK,
    tarfile.CHRTYPE: Kind.CHARACTER_DEVICE,
    tarfile.BLKTYPE: Kind.BLOCK_DEVICE,
    tarfile.FIFOTYPE: Kind.FIFO,
}
_PARTS = st.one_of(
    st.sampled_from(
        ["usr", "lib", "a", "b", ".", "..", "", ".wh.a", ".wh..wh..opq", ".wh..wh.plnk", ".hidden", "x" * 90]
    ),
    st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.binary(min_size=1, max_size=6).map(
        lambda raw: raw.replace(b"\0", b"_").replace(b"/", b"_").decode("utf-8", "surrogateescape")
    ),
)
NAMES = st.lists(_PARTS, min_size=1, max_size=5).map("/".join).filter(lambda name: bool(name.strip("/")))
_OWNERS = st.one_of(st.integers(0, 70_000), st.integers(0, 2**31))


@st.composite
def entries(draw: st.DrawFn) -> tarfile.TarInfo:
    """An entry of any kind."""
    entry = tarfile.TarInfo(draw(NAMES))
    entry.type = draw(st.sampled_from([kind for kind in KINDS if kind != tarfile.GNUTYPE_SPARSE]))
    if entry.type in {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}:
        entry.name = entry.name.rstrip("/")
        if len(entry.name.encode("utf-8", "surrogateescape")) > 99:
            entry.type = tarfile.REGTYPE  # a name of the old type is told from a folder's by its 100th byte
        entry.size = draw(st.one_of(st.integers(0, 1100), st.sampled_from([511, 512, 513, 1024])))
    entry.mode = draw(st.integers(0, 0o7777))
    entry.uid, entry.gid = draw(_OWNERS), draw(_OWNERS)
    entry.mtime = draw(
        st.one_of(
            st.integers(0, 2**33 - 1),
            st.integers(-(2**40), 2**40),
            st.integers(-(2**40), 2**40).map(lambda quarters: quarters / 4),
        )
    )
    if entry.type in {tarfile.SYMTYPE, tarfile.LNKTYPE}:
        entry.linkname = draw(NAMES)
    if entry.type in {tarfile.CHRTYPE, tarfile.BLKTYPE}:
        entry.devmajor, entry.devminor = draw(st.integers(0, 2**20)), draw(st.integers(0, 2**20))
    if draw(st.booleans()):
        entry.pax_headers = {
            "SCHILY.xattr.user.mark": draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=9))
        }
    return entry


@st.composite
def tars(draw: st.DrawFn) -> bytes:
    """A whole archive."""
    format_ = draw(st.sampled_from(FORMATS))
    pax = draw(st.one_of(st.none(), st.just({"mtime": "12345.5", "comment": "for all"})))
    buffer = io.BytesIO()
    with tarfile.open(
        fileobj=buffer, mode="w", format=format_, encoding="utf-8", errors="surrogateescape",
        pax_headers=pax if format_ == tarfile.PAX_FORMAT else None,
    ) as archive:  # fmt: skip
        for entry in draw(st.lists(entries(), max_size=12)):
            with suppress(ValueError):  # this format can't hold it
                archive.addfile(entry, io.BytesIO(bytes(range(256)) * (entry.size // 256 + 1)))
        archive.addfile(tarfile.TarInfo("last"))  # the standard library wants something behind a header about all
    return buffer.getvalue()


def told_by_tarfile(data: bytes) -> LayerFiles:
    """What the standard library reads."""
    builder = LayerBuilder()
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
        for member in archive:
            path, kind = clean_path(member.name), KINDS[member.type]
            link = clean_path(member.linkname) if kind is Kind.HARD_LINK else member.linkname
            device = (member.devmajor, member.devminor) if member.type in {b"3", b"4"} else None
            if path:
                builder.add_named(
                    path, kind, member.size if kind is Kind.FILE else 0, member.mode, member.uid, member.gid,
                    math.floor(member.mtime), link if kind in {Kind.HARD_LINK, Kind.SYMLINK} else "", device,
                )  # fmt: skip
    return builder.build()


def streamed(data: bytes, chunk_bytes: int = 700) -> ChunkSource:
    """The bytes in chunks of one size."""
    chunks: Iterator[bytes] = (data[at : at + chunk_bytes] for at in range(0, len(data), chunk_bytes))
    return ChunkSource(chunks, "The layer", Watch())


Read = Callable[[ByteSource], LayerFiles]


def from_file(data: bytes, read: Read = read_layer) -> LayerFiles:
    """What is read of the same bytes in the middle of a file."""
    with tempfile.TemporaryFile() as file:
        file.write(b"before" + data + b"behind")
        file.flush()
        return read(FileSource(file.fileno(), 6, 6 + len(data), "The layer", Watch()))


def outcome(data: bytes, chunk_bytes: int = 700) -> LayerFiles | str:
    """The layer, or what is said to be wrong with it; both drives agree."""
    results: list[LayerFiles | str] = []
    drives: tuple[Callable[[], LayerFiles], ...] = (
        lambda: read_layer(streamed(data, chunk_bytes)),
        lambda: from_file(data),
    )
    for read in drives:
        try:
            results.append(read())
        except BrokenArchiveError as error:
            results.append(str(error))
    assert results[0] == results[1]
    return results[0]


def with_checksum(block: bytes) -> bytes:
    """A header block whose checksum fits."""
    blank = block[:148] + b" " * 8 + block[156:]
    return block[:148] + b"%06o\0 " % sum(blank) + block[156:]


def made(*items: tarfile.TarInfo, format_: int = tarfile.GNU_FORMAT, body: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format_) as archive:
        for item in items:
            archive.addfile(item, io.BytesIO(body.ljust(item.size, b"x")))
    return buffer.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0, link: str = "", **more: int) -> tarfile.TarInfo:
    item = tarfile.TarInfo(name)
    item.type, item.size, item.linkname = kind, size, link
    for key, value in more.items():
        setattr(item, key, value)
    return item


def header(**fields: bytes) -> bytes:
    """A header block with some fields written as they are given."""
    places = {"name": 0, "mode": 100, "uid": 108, "gid": 116, "size": 124, "mtime": 136, "flag": 156, "link": 157,
              "magic": 257, "major": 329, "minor": 337, "prefix": 345, "sparse": 386}  # fmt: skip
    block = bytearray(entry("file").tobuf(tarfile.GNU_FORMAT))
    for name, value in fields.items():
        block[places[name] : places[name] + len(value)] = value
    return with_checksum(bytes(block))


def pax(records: bytes, flag: bytes = b"x") -> bytes:
    return header(name=b"pax", flag=flag, size=b"%011o\0" % len(records)) + records.ljust(
        -(-len(records) // 512) * 512, b"\0"
    )


def record(key: bytes, value: bytes) -> bytes:
    length = len(key) + len(value) + 3
    while length != len(b"%d %s=%s\n" % (length, key, value)):
        length = len(b"%d %s=%s\n" % (length, key, value))
    return b"%d %s=%s\n" % (length, key, value)


END = bytes(1024)


def layer(data: bytes) -> LayerFiles:
    found = outcome(data)
    assert not isinstance(found, str), found
    return found


def problem(data: bytes) -> str:
    found = outcome(data)
    assert isinstance(found, str), found
    return found
