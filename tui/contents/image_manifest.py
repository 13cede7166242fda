"""Which images an archive holds, by its manifests: docker's ``manifest.json``, or an OCI layout's ``index.json``.

Sources: https://github.com/moby/moby/blob/master/image/spec/v1.2.md ("Combined Image JSON + Filesystem Changeset
Format"); OCI image specification, ``image-layout.md``, ``image-index.md``, ``manifest.md`` and ``config.md``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeGuard

from tui.contents.errors import BrokenArchiveError
from tui.model.layer import HistoryEntry, Layer, chain_ids
from tui.model.layer_files import LayerFiles

DOCKER_MANIFEST = "manifest.json"
OCI_INDEX = "index.json"

_DIGEST = re.compile(r"[a-z0-9]+:[0-9a-f]{32,128}")
_DEEPEST_INDEX = 5
_MOST_ENTRIES = 10_000
"""An archive whose indexes lead to more than this leads in circles."""
_CONTAINERD_NAME = "io.containerd.image.name"
_OCI_NAME = "org.opencontainers.image.ref.name"
_ATTESTATION = "vnd.docker.reference.type"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "armv6l": "arm", "i686": "386", "i386": "386"}
"""What machines call themselves -> what images call them; the others agree."""


class ArchiveImage(NamedTuple):
    """One image of an archive."""

    id: str
    """Digest of its configuration, ``sha256:…``: what the classic store of an engine calls its ID."""
    tags: tuple[str, ...]
    """What the archive calls it; empty for an image saved by its ID."""
    config: Mapping[str, object]
    """The whole configuration document."""
    diff_ids: tuple[str, ...]
    """Lowest layer first."""
    history: tuple[HistoryEntry, ...]
    """Oldest first. Sizes are not told by an archive: they are 0."""
    made_by: tuple[int | None, ...]
    """For each layer the index of the history entry that made it; ``None`` when the history doesn't tell."""
    members: Mapping[str, str]
    """Diff ID -> the archive's member with that layer, compressed or not."""
    architecture: str
    os: str


class Documents(Protocol):
    """An archive, as far as its manifests ask."""

    name: str
    """What it is, to begin a sentence with: ``image.tar``, ``The image nginx:1``."""

    def document(self, name: str) -> bytes | None:
        """The body of a small member; ``None`` when there is none of that name (or it is far too large)."""
        ...

    def member(self, name: str) -> str | None:
        """The name of the file that ``name`` is, or is a link to; ``None`` when there is none."""
        ...


def images_of(archive: Documents) -> tuple[ArchiveImage, ...]:
    """All images; of an image for several machines, this machine's comes first.

    Digests are taken at their word: that a blob has the digest it is named by is not verified.

    Raises:
        BrokenArchiveError: there is no manifest, or it is not what it should be, or names what is not there.
    """
    if archive.document(DOCKER_MANIFEST) is not None:
        entries = _parsed(archive, DOCKER_MANIFEST)
        if isinstance(entries, list) and entries and all(isinstance(entry, dict) for entry in entries):
            return tuple(_docker_image(archive, entry) for entry in entries)
        raise _odd(archive, DOCKER_MANIFEST)
    found = _Layout(archive)
    found.read(_parsed(archive, OCI_INDEX), (), 0)
    if not found.images:
        why = "names images, but their layers are not in it" if found.absent else "holds no image"
        raise BrokenArchiveError(f"{archive.name} {why}.", "Save the image anew.")
    here = _this_architecture()
    images = [image._replace(tags=tuple(dict.fromkeys(found.tags[key]))) for key, image in found.images.items()]
    return tuple(sorted(images, key=lambda image: image.os != "linux" or image.architecture != here))


def described_layers(image: ArchiveImage, files: Sequence[LayerFiles]) -> tuple[Layer, ...]:
    """The image's layers, lowest first, with their sizes and what made them."""
    layers = []
    for index, (diff_id, chain_id) in enumerate(zip(image.diff_ids, chain_ids(image.diff_ids), strict=True)):
        number = image.made_by[index]
        entry = HistoryEntry(None, "", 0) if number is None else image.history[number]
        size = files[index].stored_bytes
        layers.append(Layer(index, diff_id, chain_id, size, entry.created, entry.created_by, entry.comment))
    return tuple(layers)


def _docker_image(archive: Documents, entry: Mapping[str, object]) -> ArchiveImage:
    config, layers, tags = entry.get("Config"), entry.get("Layers") or [], entry.get("RepoTags") or []
    if not isinstance(config, str) or not _are_texts(layers) or not _are_texts(tags):
        raise _odd(archive, DOCKER_MANIFEST)
    members = []
    for layer in layers:
        member = archive.member(layer)
        if member is None:
            raise BrokenArchiveError(f"{archive.name} lacks the layer {shown(layer)}.", "Save the image anew.")
        members.append(member)
    return _image(archive, config, members, tags)


class _Layout:
    """An OCI layout, read from its index down."""

    def __init__(self, archive: Documents) -> None:
        self._archive = archive
        self.images: dict[str, ArchiveImage] = {}
        """Digest of the manifest -> the image."""
        self.tags: dict[str, list[str]] = {}
        self.absent = False
        """True when an image is named that is not all there: an archive may hold one platform of many."""
        self._entries = 0
        self._seen: set[tuple[str, tuple[str, ...]]] = set()

    def read(self, index: object, tags: tuple[str, ...], depth: int) -> None:
        """Take all images of an index, or of the indexes in it."""
        entries = index.get("manifests") if isinstance(index, dict) else None
        if not isinstance(entries, list) or depth > _DEEPEST_INDEX:
            raise _odd(self._archive, OCI_INDEX)
        self._entries += len(entries)
        for entry in entries:
            if not isinstance(entry, dict) or self._entries > _MOST_ENTRIES:
                raise _odd(self._archive, OCI_INDEX)
            self._read_entry(entry, tags, depth)

    def _read_entry(self, entry: Mapping[str, object], tags: tuple[str, ...], depth: int) -> None:
        notes = _mapping(entry.get("annotations"))
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
        document = _parsed(self._archive, member)
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
        config = self._blob(_mapping(manifest.get("config")))
        members = [self._blob(_mapping(entry)) for entry in entries]
        if config is None or None in members:
            self.absent = True
            return
        # Other things are kept in layouts as well: signatures, charts. Only an image has a root filesystem.
        if _diff_ids(_parsed(self._archive, config)) is not None:
            known = [member for member in members if member is not None]
            self.images[digest] = _image(self._archive, config, known, ())

    def _blob(self, descriptor: Mapping[str, object]) -> str | None:
        digest = descriptor.get("digest")
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise _odd(self._archive, OCI_INDEX)
        return self._archive.member(f"blobs/{digest.replace(':', '/')}")


def _image(archive: Documents, config_name: str, members: Sequence[str], tags: Sequence[str]) -> ArchiveImage:
    config = _parsed(archive, config_name)
    diff_ids = _diff_ids(config)
    if not isinstance(config, dict) or diff_ids is None:
        raise _odd(archive, config_name)
    if len(diff_ids) != len(members):
        raise BrokenArchiveError(
            f"{archive.name} holds {len(members)} layers for an image of {len(diff_ids)}.", "Save the image anew."
        )
    history, makers = _history(config.get("history"))
    return ArchiveImage(
        f"sha256:{hashlib.sha256(archive.document(config_name) or b'').hexdigest()}",
        tuple(tags),
        config,
        diff_ids,
        history,
        tuple(makers) if len(makers) == len(diff_ids) else (None,) * len(diff_ids),
        dict(zip(diff_ids, members, strict=True)),
        str(config.get("architecture") or ""),
        str(config.get("os") or ""),
    )


def _diff_ids(config: object) -> tuple[str, ...] | None:
    root = _mapping(config).get("rootfs")
    found = _mapping(root).get("diff_ids")
    if found is None and isinstance(root, dict):
        found = []  # an image of no layers
    if not _are_texts(found) or not all(map(_DIGEST.fullmatch, found)):
        return None
    return tuple(found)


def _history(entries: object) -> tuple[tuple[HistoryEntry, ...], list[int]]:
    """The history, oldest first, and the indexes of the entries that made a layer."""
    history: list[HistoryEntry] = []
    makers = []
    for entry in entries if isinstance(entries, list) else ():
        known = _mapping(entry)
        if known.get("empty_layer") is not True:
            makers.append(len(history))
        created_by, comment = known.get("created_by"), known.get("comment")
        history.append(
            HistoryEntry(
                _moment(known.get("created")),
                created_by if isinstance(created_by, str) else "",
                0,
                comment if isinstance(comment, str) else "",
            )
        )
    return tuple(history), makers


def _moment(value: object) -> float | None:
    """A date as seconds since the epoch; ``None`` for Go's zero time and nonsense."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.timestamp() if moment is not None and moment.year > 1 else None
    except (ValueError, OverflowError):
        return None


def _parsed(archive: Documents, name: str) -> object:
    data = archive.document(name)
    if data is None:
        raise BrokenArchiveError(f"{archive.name} lacks {shown(name)}.", "Save the image anew.")
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BrokenArchiveError(
            f"{archive.name} has a {shown(name)} that is no JSON.", "Save the image anew."
        ) from error
    return found


def _odd(archive: Documents, name: str) -> BrokenArchiveError:
    return BrokenArchiveError(
        f"{archive.name} has a {shown(name)} that is not what it should be.", "Save the image anew, with docker save."
    )


def shown(name: str) -> str:
    """A name that an archive gave, for a sentence: nothing in it may move a terminal's cursor."""
    return name if name.isprintable() else ascii(name)[1:-1]


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _this_architecture() -> str:
    import platform  # noqa: PLC0415 - only an OCI layout needs it

    machine = platform.machine().lower()
    return _ARCHITECTURES.get(machine, machine)
