"""One image of an archive, as its configuration document tells of it.

Sources: https://github.com/moby/moby/blob/master/image/spec/v1.2.md ("Image JSON Description"); OCI image
specification, ``config.md``.
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

DIGEST = re.compile(r"[a-z0-9]+:[0-9a-f]{32,128}")
"""What a blob, a configuration or a layer is named by."""
SAVE_ANEW = "Save the image anew."


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
    variant: str = ""
    """Of the architecture, such as ``v7``; mostly empty."""
    problem: str = ""
    """Why its layers can't be read, as a plain sentence; it has no ``diff_ids`` then. Empty for nearly all."""

    @property
    def platform(self) -> str:
        """What machine it is for, such as ``linux/arm64`` or ``linux/arm/v7``; empty when nobody says."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


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


def described_layers(image: ArchiveImage, files: Sequence[LayerFiles]) -> tuple[Layer, ...]:
    """The image's layers, lowest first, with their sizes and what made them."""
    layers = []
    for index, (diff_id, chain_id) in enumerate(zip(image.diff_ids, chain_ids(image.diff_ids), strict=True)):
        number = image.made_by[index]
        entry = HistoryEntry(None, "", 0) if number is None else image.history[number]
        size = files[index].stored_bytes
        layers.append(Layer(index, diff_id, chain_id, size, entry.created, entry.created_by, entry.comment))
    return tuple(layers)


def image_of(archive: Documents, config_name: str, members: Sequence[str], tags: Sequence[str]) -> ArchiveImage:
    """The image that a configuration document and the members with its layers, lowest first, make.

    One that has not as many layers as it says comes with its ``problem``: there may be others in the archive.

    Raises:
        BrokenArchiveError: there is no such document, or it is no image's configuration.
    """
    config = parsed(archive, config_name)
    diff_ids = diff_ids_of(config)
    if not isinstance(config, dict) or diff_ids is None:
        raise odd(archive, config_name)
    problem = ""
    if len(diff_ids) != len(members):
        problem = f"{archive.name} holds {len(members)} layers for an image of {len(diff_ids)}."
        diff_ids = ()
    history, makers = _history(config.get("history"))
    return ArchiveImage(
        f"sha256:{hashlib.sha256(archive.document(config_name) or b'').hexdigest()}",
        tuple(tags),
        config,
        diff_ids,
        history,
        tuple(makers) if len(makers) == len(diff_ids) else (None,) * len(diff_ids),
        dict(zip(diff_ids, members, strict=not problem)),
        str(config.get("architecture") or ""),
        str(config.get("os") or ""),
        str(config.get("variant") or ""),
        problem,
    )


def diff_ids_of(config: object) -> tuple[str, ...] | None:
    """The diff IDs in a configuration document; ``None`` when it is no image's."""
    root = mapping(config).get("rootfs")
    found = mapping(root).get("diff_ids")
    if found is None and isinstance(root, dict):
        found = []  # an image of no layers
    if not are_texts(found) or not all(map(DIGEST.fullmatch, found)):
        return None
    return tuple(found)


def _history(entries: object) -> tuple[tuple[HistoryEntry, ...], list[int]]:
    """The history, oldest first, and the indexes of the entries that made a layer."""
    history: list[HistoryEntry] = []
    makers = []
    for entry in entries if isinstance(entries, list) else ():
        known = mapping(entry)
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


def parsed(archive: Documents, name: str) -> object:
    """A JSON document of the archive.

    Raises:
        BrokenArchiveError: there is none of that name, or it is no JSON.
    """
    data = archive.document(name)
    if data is None:
        raise BrokenArchiveError(f"{archive.name} lacks {shown(name)}.", SAVE_ANEW)
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BrokenArchiveError(f"{archive.name} has a {shown(name)} that is no JSON.", SAVE_ANEW) from error
    return found


def odd(archive: Documents, name: str) -> BrokenArchiveError:
    """The error for a document that has another shape than it should."""
    return BrokenArchiveError(
        f"{archive.name} has a {shown(name)} that is not what it should be.", "Save the image anew, with docker save."
    )


def shown(name: str) -> str:
    """A name that an archive gave, for a sentence: nothing in it may move a terminal's cursor."""
    return name if name.isprintable() else ascii(name)[1:-1]


def mapping(value: object) -> Mapping[str, object]:
    """``value``, or nothing when it is no JSON object."""
    return value if isinstance(value, dict) else {}


def are_texts(value: object) -> TypeGuard[list[str]]:
    """Whether ``value`` is a list of nothing but texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
