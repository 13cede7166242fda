"""Which images an archive holds, by its manifests: docker's ``manifest.json``, or an OCI layout's ``index.json``.

Sources: https://github.com/moby/moby/blob/master/image/spec/v1.2.md ("Combined Image JSON + Filesystem Changeset
Format"); OCI image specification, ``image-layout.md``, ``image-index.md`` and ``manifest.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.contents.archive_image import (
    DIGEST,
    SAVE_ANEW,
    ArchiveImage,
    Documents,
    are_texts,
    diff_ids_of,
    image_of,
    mapping,
    odd,
    parsed,
    shown,
)
from tui.contents.errors import BrokenArchiveError

DOCKER_MANIFEST = "manifest.json"
OCI_INDEX = "index.json"

_DEEPEST_INDEX = 5
_MOST_ENTRIES = 10_000
"""An archive whose indexes lead to more than this leads in circles."""
_CONTAINERD_NAME = "io.containerd.image.name"
_OCI_NAME = "org.opencontainers.image.ref.name"
_ATTESTATION = "vnd.docker.reference.type"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "armv6l": "arm", "i686": "386", "i386": "386"}
"""What machines call themselves -> what images call them; the others agree."""


def images_of(archive: Documents) -> tuple[ArchiveImage, ...]:
    """All images; of an image for several machines, this machine's comes first.

    Digests are taken at their word: that a blob has the digest it is named by is not verified.

    Raises:
        BrokenArchiveError: there is no manifest, or it is not what it should be, or names what is not there.
    """
    if archive.document(DOCKER_MANIFEST) is not None:
        entries = parsed(archive, DOCKER_MANIFEST)
        if isinstance(entries, list) and entries and all(isinstance(entry, dict) for entry in entries):
            return _sound([_docker_image(archive, entry) for entry in entries])
        raise odd(archive, DOCKER_MANIFEST)
    found = _Layout(archive)
    found.read(parsed(archive, OCI_INDEX), (), 0)
    if not found.images and found.problem is not None:
        raise found.problem
    if not found.images:
        why = "names images, but their layers are not in it" if found.absent else "holds no image"
        raise BrokenArchiveError(f"{archive.name} {why}.", SAVE_ANEW)
    here = _this_architecture()
    images = [image._replace(tags=tuple(dict.fromkeys(found.tags[key]))) for key, image in found.images.items()]
    return _sound(sorted(images, key=lambda image: image.os != "linux" or image.architecture != here))


def _sound(images: Sequence[ArchiveImage]) -> tuple[ArchiveImage, ...]:
    """All of them, if there is one among them that can be read."""
    if all(image.problem for image in images):
        raise BrokenArchiveError(images[0].problem, SAVE_ANEW)
    return tuple(images)


def _docker_image(archive: Documents, entry: Mapping[str, object]) -> ArchiveImage:
    config, layers, tags = entry.get("Config"), entry.get("Layers") or [], entry.get("RepoTags") or []
    if not isinstance(config, str) or not are_texts(layers) or not are_texts(tags):
        raise odd(archive, DOCKER_MANIFEST)
    members = []
    for layer in layers:
        member = archive.member(layer)
        if member is None:
            raise BrokenArchiveError(f"{archive.name} lacks the layer {shown(layer)}.", SAVE_ANEW)
        members.append(member)
    return image_of(archive, config, members, tags)


class _Layout:
    """An OCI layout, read from its index down."""

    def __init__(self, archive: Documents) -> None:
        self._archive = archive
        self.images: dict[str, ArchiveImage] = {}
        """Digest of the manifest -> the image."""
        self.tags: dict[str, list[str]] = {}
        self.problem: BrokenArchiveError | None = None
        """What is wrong with an image that is not among ``images``."""
        self.absent = False
        """True when an image is named that is not all there: an archive may hold one platform of many."""
        self._entries = 0
        self._seen: set[tuple[str, tuple[str, ...]]] = set()

    def read(self, index: object, tags: tuple[str, ...], depth: int) -> None:
        """Take all images of an index, or of the indexes in it."""
        entries = index.get("manifests") if isinstance(index, dict) else None
        if not isinstance(entries, list) or depth > _DEEPEST_INDEX:
            raise odd(self._archive, OCI_INDEX)
        self._entries += len(entries)
        for entry in entries:
            if not isinstance(entry, dict) or self._entries > _MOST_ENTRIES:
                raise odd(self._archive, OCI_INDEX)
            self._read_entry(entry, tags, depth)

    def _read_entry(self, entry: Mapping[str, object], tags: tuple[str, ...], depth: int) -> None:
        notes = mapping(entry.get("annotations"))
        if _ATTESTATION in notes:
            return
        name = notes.get(_CONTAINERD_NAME) or notes.get(_OCI_NAME)
        tags = (name,) if isinstance(name, str) and name else tags
        digest = str(entry.get("digest"))
        member = self._blob(entry)
        if (digest, tags) in self._seen:
            return
        self._seen.add((digest, tags))
        if member is None or self._archive.document(member) is None:
            self.absent = True
            return
        document = parsed(self._archive, member)
        if isinstance(document, dict) and "manifests" in document:
            self.read(document, tags, depth + 1)
        elif isinstance(document, dict):
            self._read_manifest(digest, document, tags)

    def _read_manifest(self, digest: str, manifest: Mapping[str, object], tags: tuple[str, ...]) -> None:
        self.tags.setdefault(digest, []).extend(tags)
        if digest in self.images:
            return
        entries = manifest.get("layers")
        if not isinstance(entries, list):
            return
        config = self._blob(mapping(manifest.get("config")))
        members = [self._blob(mapping(entry)) for entry in entries]
        if config is None or None in members:
            self.absent = True
            return
        try:
            # Other things are kept in layouts as well: signatures, charts. Only an image has a root filesystem.
            if diff_ids_of(parsed(self._archive, config)) is not None:
                known = [member for member in members if member is not None]
                self.images[digest] = image_of(self._archive, config, known, ())
        except BrokenArchiveError as error:  # another one may be as it should be
            self.problem = self.problem or error

    def _blob(self, descriptor: Mapping[str, object]) -> str | None:
        digest = descriptor.get("digest")
        if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
            raise odd(self._archive, OCI_INDEX)
        return self._archive.member(f"blobs/{digest.replace(':', '/')}")


def _this_architecture() -> str:
    import platform  # noqa: PLC0415 - only an OCI layout needs it

    machine = platform.machine().lower()
    return _ARCHITECTURES.get(machine, machine)
