"""The entries of a tar, from their headers alone: nothing of a file's body is copied, kept or (in a file) read.

How an archive may end, as Docker has it: with two blocks of zeros, with one, or with none at all behind the last
entry; what rounds up the last body may be missing too. Cut short is one that ends within a header, within a body, or
between a header and the entry that it is about. What stands behind two blocks of zeros is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.contents import sparse_file
from tui.contents.byte_source import ByteSource, cut_short, take
from tui.contents.entry_limit import LONG_NAME_SHIFT
from tui.contents.errors import BrokenArchiveError
from tui.contents.plain_headers import PlainHeaders
from tui.contents.tar_header import (
    BLOCK,
    EXTENDED_LIMIT_BYTES,
    NO_BYTES,
    FieldError,
    Header,
    body_size,
    checksum_fits,
    parse,
    pax_records,
    text,
    with_pax,
)
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles, clean_path

_LOOK_EVERY = 256
_LONGEST_NAME = 1 << 12
"""Linux's PATH_MAX: no layer with a longer name can ever have been unpacked."""
_PAX_KEYS = frozenset({b"path", b"linkpath", b"uid", b"gid", b"mtime", b"size"})
_SPARSE_KEYS = b"GNU.sparse."
"""Records with these keys are kept: of all others an archive may have as many as it likes, before a single entry."""
_NO_ENTRIES = frozenset({b"V", b"M", b"N"})
"""GNU tar's own flags that are no entries: a volume's label, the rest of a file on another volume, old names."""


class Member(NamedTuple):
    """One entry; the source stands where its body begins."""

    header: Header
    pieces: tuple[sparse_file.Piece, ...] | None = None
    """Of a sparse file, where its pieces go."""
    map_in_body: bool = False
    """True for a sparse file whose pieces are told at the beginning of its body."""

    @property
    def path(self) -> str:
        """Its clean path."""
        return clean_path(decoded(self.header.name))

    @property
    def link(self) -> str:
        """Where a symbolic link points, as written; the clean path of the file that a hard link names."""
        link = decoded(self.header.link)
        return clean_path(link) if self.header.kind is Kind.HARD_LINK else link

    def body(self, source: ByteSource) -> Iterator[bytes]:
        """The file's bytes, holes included; to be taken to the end, or not at all.

        Raises:
            BrokenArchiveError: they end too early, or their map makes no sense.
        """
        body_bytes, pieces = self.header.body_bytes, self.pieces
        try:
            if self.map_in_body:
                pieces, body_bytes = sparse_file.map_in_body(source, body_bytes)
            if pieces is None:
                yield from source.pieces(body_bytes)
            else:
                yield from sparse_file.whole_file(source, pieces, self.header.size_bytes, body_bytes)
        except FieldError as error:
            raise broken(source, str(error)) from error


def decoded(name: bytes) -> str:
    """A name as text; bytes that are no UTF-8 are surrogate-escaped."""
    return name.decode("utf-8", "surrogateescape")


def broken(source: ByteSource, how: str) -> BrokenArchiveError:
    """The error for a source that is not the tar it should be; ``how`` ends the sentence."""
    return BrokenArchiveError(f"{source.name} {how}.", "Make or download it again.")


class TarWalk:
    """Walks over a tar, one entry at a time."""

    def __init__(self, source: ByteSource) -> None:
        self.source = source
        self._global: dict[bytes, bytes] = {}
        self._padding = 0
        """Zeros behind the body of the last entry, which may be missing at the very end."""

    def members(self) -> Iterator[Member]:
        """Every entry, in order. Its body may be taken, wholly or in part, before asking for the next one.

        Raises:
            BrokenArchiveError: this is no tar, or it is cut short.
            StoppedError: nobody wants the answer any more.
        """
        source = self.source
        met = 0
        while (member := self.next()) is not None:
            met += 1
            if not met % _LOOK_EVERY:
                source.watch.look()
            end = source.place + member.header.body_bytes + self._padding
            yield member
            source.at += end - source.place

    def fill(self, builder: LayerBuilder) -> None:
        """Put every entry that is left into ``builder``.

        Raises:
            BrokenArchiveError: this is no tar, or it is cut short.
            TooManyEntriesError: it holds more than fits into memory.
            StoppedError: nobody wants the answer any more.
        """
        source, watch = self.source, self.source.watch
        headers = PlainHeaders()
        while True:
            if not self._global:
                taken, self._padding = headers.fill(source, self._padding, builder)
                watch.keep(taken, source.name, headers.take_long())
            watch.look()
            # What is out of the ordinary is read with more care, and slowly.
            member = self.next()
            if member is None:
                return
            long = (len(member.header.name) + len(member.header.link)) >> LONG_NAME_SHIFT
            watch.keep(1, source.name, long)
            _add(builder, member)
            source.at += member.header.body_bytes + self._padding

    def next(self) -> Member | None:
        """The next entry, the source standing at its body; ``None`` at the end.

        Raises:
            BrokenArchiveError: this is no tar, or it is cut short.
        """
        try:
            return self._next()
        except FieldError as error:
            raise broken(self.source, str(error)) from error

    def _next(self) -> Member | None:
        long_name = long_link = b""
        local: dict[bytes, bytes] = {}
        announced = False
        while (block := self._block(announced=announced)) is not None:
            flag = block[156:157]
            if flag == b"L":
                long_name = text(self._extension(block))
            elif flag == b"K":
                long_link = text(self._extension(block))
            elif flag in b"xX":
                local.update(_pax(self._extension(block)))
            elif flag == b"g":
                self._global.update(_pax(self._extension(block)))
                continue  # nothing need follow
            elif flag in _NO_ENTRIES:
                self._pass(body_size(block))
                continue
            else:
                header = parse(block)
                header = with_pax(header, {**self._global, **local})
                header = header._replace(name=long_name or header.name, link=long_link or header.link)
                member = self._member(block, header, local)
                if max(len(member.header.name), len(member.header.link)) > _LONGEST_NAME:
                    raise FieldError("has a name that is longer than any file system takes")
                self._padding = -member.header.body_bytes % BLOCK
                return member
            announced = True
        return None

    def _member(self, block: bytes, header: Header, pax: dict[bytes, bytes]) -> Member:
        if header.flag == b"S":
            extensions: list[bytes] = []
            while sparse_file.goes_on(extensions[-1] if extensions else block, extension=bool(extensions)):
                if len(extensions) * BLOCK >= EXTENDED_LIMIT_BYTES:
                    raise FieldError("has a sparse file whose map is far too long")
                extensions.append(take(self.source, BLOCK))
            size, pieces = sparse_file.old_gnu(block, extensions)
            return Member(header._replace(size_bytes=size), pieces)
        if header.kind is Kind.FILE and (sparse := sparse_file.of_pax(header, pax)):
            return Member(*sparse, map_in_body=sparse[1] is None)
        return Member(header)

    def _block(self, *, announced: bool) -> bytes | None:
        """The next header block, its checksum verified; ``None`` at the end of the archive.

        ``announced`` says that something has to follow.
        """
        source = self.source
        if not source.ensure(BLOCK):
            here = len(source.buffer) - source.at
            if announced or here > 0 or -here > self._padding:
                raise cut_short(source)
            return None
        block = source.buffer[source.at : source.at + BLOCK]
        source.at += BLOCK
        if block == NO_BYTES:
            if announced:
                raise cut_short(source)
            # One block of zeros alone is fine; one with something else behind it is a hole torn into the archive.
            if source.ensure(BLOCK) and source.buffer[source.at : source.at + BLOCK] != NO_BYTES:
                raise broken(source, "is broken: there are zeros where a header should be")
            return None
        if not checksum_fits(block):
            raise broken(source, "is broken: a header's checksum does not fit")
        return block

    def _extension(self, block: bytes) -> bytes:
        """The body of a header that is about another; only its size counts of its own fields."""
        size = body_size(block)
        if size > EXTENDED_LIMIT_BYTES:
            raise FieldError("has a header that claims to be far too long")
        data = take(self.source, size)
        self._pass(0, -size % BLOCK)
        return data

    def _pass(self, count: int, padding: int | None = None) -> None:
        """Pass over a body and what rounds it up."""
        self._padding = -count % BLOCK if padding is None else padding
        self.source.at += count + self._padding


def _add(builder: LayerBuilder, member: Member) -> None:
    path, header = member.path, member.header
    if path:
        size = header.size_bytes if header.kind is Kind.FILE else 0
        builder.add_named(
            path, header.kind, size, header.mode, header.uid, header.gid, header.modified, member.link,
            header.device if header.flag in b"34" else None,
        )  # fmt: skip


def _pax(data: bytes) -> dict[bytes, bytes]:
    records = [(key, value) for key, value in pax_records(data) if key in _PAX_KEYS or key.startswith(_SPARSE_KEYS)]
    pax = dict(records)
    if (pieces := sparse_file.merged_map(records)) is not None:
        pax.setdefault(b"GNU.sparse.map", pieces)
    return pax


def read_layer(source: ByteSource) -> LayerFiles:
    """What the layer whose tar begins in ``source`` holds.

    Raises:
        BrokenArchiveError: it is no tar, or it is cut short.
        TooManyEntriesError: it holds more than fits into memory.
        StoppedError: nobody wants the answer any more.
    """
    builder = LayerBuilder()
    TarWalk(source).fill(builder)
    return builder.build()
