"""Marks: which objects somebody has picked to be cleaned up. Values, by identity, replayed on every photograph."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from tui.model.inventory import Inventory


class Kind(StrEnum):
    """What kind of thing goes."""

    IMAGE = "image"
    CONTAINER = "container"
    VOLUME = "volume"
    CACHE_RECORD = "cache record"
    """A record of BuildKit's cache."""


class Mark(NamedTuple):
    """One thing that is picked."""

    kind: Kind
    id: str
    """Whole ID; for a volume its name, which is its identity."""
    tag: str = ""
    """Of an image with tags, which of them; an image goes whole once all its tags are marked."""


class Going(NamedTuple):
    """What marks come to: what goes, and which images only lose names."""

    images: frozenset[str] = frozenset()
    """IDs of images that go whole: without tags, or with every tag marked."""
    untagged: frozenset[Mark] = frozenset()
    """Tags that are taken away from images that stay under another one."""
    containers: frozenset[str] = frozenset()
    volumes: frozenset[str] = frozenset()
    cache_records: frozenset[str] = frozenset()


NO_MARKS: frozenset[Mark] = frozenset()


def marks_of_image(inventory: Inventory, image_id: str) -> tuple[Mark, ...]:
    """The marks that let an image go whole: one for each tag, or one without a tag; none when it isn't listed."""
    image = inventory.images_by_id.get(image_id)
    if image is None:
        return ()
    return tuple(Mark(Kind.IMAGE, image.id, tag) for tag in image.tags or ("",))


def surviving(marks: frozenset[Mark], inventory: Inventory) -> frozenset[Mark]:
    """The marks whose object is still there; the very same set when all are.

    A marked tag goes with its tag, also when it only points to another image now. What has not been listed yet
    keeps its marks, and so do cache records while the disk usage has not been read.
    """
    kept = frozenset(mark for mark in marks if _is_there(mark, inventory))
    return marks if len(kept) == len(marks) else kept


def toggled(marks: frozenset[Mark], chosen: Iterable[Mark]) -> frozenset[Mark]:
    """All of ``chosen`` marked, or none of them when they all were."""
    group = frozenset(chosen)
    return marks - group if group <= marks else marks | group


def going(marks: Iterable[Mark], inventory: Inventory) -> Going:
    """What goes when everything marked goes."""
    by_kind: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    tags: dict[str, set[str]] = {}
    image_kind = Kind.IMAGE
    for kind, identity, tag in marks:
        if kind is image_kind:
            tags.setdefault(identity, set()).add(tag)
        else:
            by_kind[kind].add(identity)
    whole: set[str] = set()
    untagged: set[Mark] = set()
    for image_id, marked in tags.items():
        image = inventory.images_by_id.get(image_id)
        if image is None:
            continue
        if marked.issuperset(image.tags or ("",)):
            whole.add(image_id)
        else:
            untagged.update(Mark(Kind.IMAGE, image_id, tag) for tag in marked if tag)
    return Going(
        frozenset(whole),
        frozenset(untagged),
        frozenset(by_kind[Kind.CONTAINER]),
        frozenset(by_kind[Kind.VOLUME]),
        frozenset(by_kind[Kind.CACHE_RECORD]),
    )


def _is_there(mark: Mark, inventory: Inventory) -> bool:
    match mark.kind:
        case Kind.IMAGE:
            if "images" not in inventory.listed:
                return True
            image = inventory.images_by_id.get(mark.id)
            return image is not None and mark.tag in (image.tags or ("",))
        case Kind.CONTAINER:
            return "containers" not in inventory.listed or mark.id in inventory.containers_by_id
        case Kind.VOLUME:
            return "volumes" not in inventory.listed or mark.id in inventory.volumes_by_name
        case Kind.CACHE_RECORD:
            return inventory.usage is None or mark.id in inventory.cache_records_by_id
