"""What the members of an image archive are: layers, documents, links, and what an archive is that is no image's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from tui.contents.archive_image import ArchiveImage, shown
from tui.contents.byte_source import ByteSource, ChunkSource, FileSource, take
from tui.contents.compression import SNIFF_BYTES, Compression, sniff, unpacked
from tui.contents.errors import BrokenArchiveError
from tui.contents.image_manifest import DOCKER_MANIFEST, OCI_INDEX, images_of
from tui.contents.tar_header import BLOCK, NO_BYTES, checksum_fits
from tui.contents.tar_walk import Member
from tui.contents.watch import Watch
from tui.model.layer_files import Kind, clean_path

_DOCUMENT_LIMIT_BYTES = 4 << 20
"""No manifest, index or configuration is larger; the OCI distribution specification asks for no more of a registry."""
_DOCUMENTS_LIMIT_BYTES = 32 << 20
"""What is kept of all documents together while their use is not known yet."""
_LONGEST_CHAIN = 10
_BLOBS = "blobs/sha256/"
_ROOT_FOLDERS = frozenset({"bin", "dev", "etc", "home", "lib", "proc", "sbin", "sys", "tmp", "usr", "var"})
_SEEMS = (
    (b"PK\x03\x04", "a zip file"),
    (b"\x7fELF", "a program"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ\0", "compressed with xz: unpack it first"),
    (b"hsqs", "a squashfs image"),
    (b"QFI\xfb", "a disk of a virtual machine"),
    (b"{", "a JSON document"),
    (b"#!", "a script"),
)


class Part(Enum):
    """What a member may be of an image."""

    LAYER = auto()
    DOCUMENT = auto()
    OTHER = auto()


class Sniffed(NamedTuple):
    """A member by how its body begins."""

    part: Part
    compression: Compression = Compression.PLAIN


def sniff_member(source: ByteSource, member: Member) -> Sniffed:
    """What the member may be whose body comes next in ``source``; nothing of it is taken."""
    size = member.header.body_bytes
    if member.header.kind is not Kind.FILE or member.pieces or member.map_in_body or not size:
        return Sniffed(Part.OTHER)
    source.ensure(min(size, BLOCK))
    head = source.buffer[source.at : source.at + min(size, BLOCK)]
    compression = sniff(head)
    if compression is not Compression.PLAIN:
        return Sniffed(Part.LAYER, compression)
    if len(head) == BLOCK and _begins_tar(head):
        return Sniffed(Part.LAYER)
    small = size <= _DOCUMENT_LIMIT_BYTES
    return Sniffed(Part.DOCUMENT if small and head.lstrip()[:1] in {b"{", b"["} else Part.OTHER)


def _begins_tar(block: bytes) -> bool:
    """Whether a tar begins so. One without any entry, such as an empty layer, is nothing but zeros."""
    return block == NO_BYTES or checksum_fits(block)


def no_tar(member_name: str, archive_name: str) -> BrokenArchiveError:
    """The error for a layer that is none."""
    return BrokenArchiveError(f"{layer_name(member_name, archive_name)} is no tar archive.", "Save the image anew.")


def blob_digest(member_name: str) -> str | None:
    """The digest that a blob of an OCI layout is named by: a layer's diff ID, if it is not compressed."""
    return f"sha256:{member_name[len(_BLOBS) :]}" if member_name.startswith(_BLOBS) else None


def layer_name(member_name: str, archive_name: str) -> str:
    """A layer, to begin a sentence with."""
    return f"The layer {shown(member_name)} in {archive_name}"


def opening(name: str) -> str:
    """The name of an archive, to begin a sentence with."""
    return f"The {name[4:]}" if name.startswith("the ") else name


class ArchiveContents:
    """The members of an archive whose names are known so far. See :class:`tui.contents.archive_image.Documents`."""

    def __init__(self, name: str) -> None:
        self.name = opening(name)
        self._documents: dict[str, bytes] = {}
        self._kept_bytes = 0
        self._files: set[str] = set()
        self._links: dict[str, str] = {}
        self._folders: set[str] = set()

    def note(self, member: Member) -> str:
        """Take note that there is such a member, and return its name."""
        path, kind = member.path, member.header.kind
        self._files.discard(path)
        self._links.pop(path, None)
        self._folders.add(path.partition("/")[0])
        if kind is Kind.FILE:
            self._files.add(path)
        elif kind is Kind.HARD_LINK:
            self._links[path] = member.link
        elif kind is Kind.SYMLINK:
            link = member.link
            self._links[path] = clean_path(link if link.startswith("/") else f"{path.rpartition('/')[0]}/{link}")
        return path

    def keep(self, name: str, source: ByteSource, member: Member) -> None:
        """Keep the document whose body comes next, if there is room."""
        size = member.header.body_bytes
        if self._kept_bytes + size <= _DOCUMENTS_LIMIT_BYTES:
            self._kept_bytes += size
            self._documents[name] = take(source, size)

    def document(self, name: str) -> bytes | None:
        """See the protocol."""
        found = self.member(name)
        return None if found is None else self._documents.get(found)

    def member(self, name: str) -> str | None:
        """See the protocol."""
        name = clean_path(name)
        for _ in range(_LONGEST_CHAIN):
            if name in self._files:
                return name
            if name not in self._links:
                return None
            name = self._links[name]
        return None

    def images(self) -> tuple[ArchiveImage, ...]:
        """The images in it, once all members are known.

        Raises:
            BrokenArchiveError: there are none, or their manifests are broken.
        """
        if self.document(DOCKER_MANIFEST) is not None or self.document(OCI_INDEX) is not None:
            return images_of(self)
        if len(self._folders & _ROOT_FOLDERS) >= 3:
            raise BrokenArchiveError(
                f"{self.name} holds one filesystem, as docker export writes it, and no image with layers.",
                "Save the image with docker save; docker import makes an image of such a file.",
            )
        raise BrokenArchiveError(
            f"{self.name} is a tar, but no image: it has neither {DOCKER_MANIFEST} nor {OCI_INDEX}.",
            "Save an image with docker save.",
        )


class FileContents(ArchiveContents):
    """The members of an archive that is an open file: documents are read when they are asked for."""

    def __init__(self, name: str, descriptor: int, watch: Watch) -> None:
        super().__init__(name)
        self._descriptor = descriptor
        self._watch = watch
        self._places: dict[str, tuple[int, int]] = {}

    def note_file(self, member: Member, place: int) -> None:
        """Take note of a member whose body begins at ``place``."""
        path = self.note(member)
        if member.header.kind is Kind.FILE and not member.pieces and not member.map_in_body:
            self._places[path] = (place, place + member.header.body_bytes)

    def place(self, name: str) -> tuple[int, int]:
        """Where the body of a member begins and ends in the file."""
        return self._places[name]

    def document(self, name: str) -> bytes | None:
        """See the protocol."""
        found = self.member(name)
        begin, end = self._places.get(found or "", (0, 0))
        if not 0 < end - begin <= _DOCUMENT_LIMIT_BYTES:
            return None
        return take(FileSource(self._descriptor, begin, end, self.name, self._watch), end - begin)

    def layer(self, name: str) -> ByteSource:
        """The unpacked tar of the layer that is this member.

        Raises:
            BrokenArchiveError: it can't be read.
        """
        begin, end = self.place(name)
        what = layer_name(name, self.name)
        source = FileSource(self._descriptor, begin, end, what, self._watch)
        head = b"".join(source.pieces(min(SNIFF_BYTES, end - begin)))
        compression = sniff(head)
        source = FileSource(self._descriptor, begin, end, what, self._watch)
        if compression is Compression.PLAIN:
            if not source.ensure(BLOCK) or not _begins_tar(source.buffer[:BLOCK]):
                raise no_tar(name, self.name)
            return source
        return ChunkSource(unpacked(compression, source.pieces(end - begin), what), what, self._watch)


def opened(chunks: Iterator[bytes], name: str, watch: Watch) -> ChunkSource:
    """The archive in ``chunks``, unpacked if all of it is compressed.

    Raises:
        BrokenArchiveError: it is no tar.
    """
    what = opening(name)
    source = ChunkSource(chunks, what, watch)
    source.ensure(SNIFF_BYTES)
    compression = sniff(source.buffer[source.at : source.at + SNIFF_BYTES])
    if compression is not Compression.PLAIN:
        source = ChunkSource(unpacked(compression, source.rest(), what), what, watch)
    refuse_foreign(source)
    return source


def refuse_foreign(source: ByteSource) -> None:
    """Look at the first block of an archive, and say what it seems to be if it is no tar's.

    Raises:
        BrokenArchiveError: it is no tar.
    """
    whole = source.ensure(BLOCK)
    head = source.buffer[source.at : source.at + BLOCK]
    if whole and _begins_tar(head):
        return
    if not head:
        raise BrokenArchiveError(f"{source.name} is empty.", "Save the image anew.")
    seems = next((f": it seems to be {what}" for magic, what in _SEEMS if head.startswith(magic)), "")
    raise BrokenArchiveError(f"{source.name} is no tar archive{seems}.", "Save an image with docker save.")


def read_chunks(descriptor: int, name: str) -> Iterator[bytes]:
    """What is left of an open file, in chunks.

    Raises:
        BrokenArchiveError: reading failed.
    """
    try:
        while chunk := os.read(descriptor, 1 << 20):
            yield chunk
    except OSError as error:
        raise BrokenArchiveError(f"{opening(name)} can't be read: {error.strerror}.", "Look at the disk.") from error
