"""Images: one record per image ID, as the engine lists them, and the fuller answer of an inspect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tui.model.layer import HistoryEntry, Layer

_DIGEST_OR_ID = re.compile(r"^(?:sha256:)?[0-9a-f]{64}$")


class Reference(NamedTuple):
    """A name an image goes by: ``repository`` (with its registry, if any) and ``tag``.

    ``localhost:5000/a/b:1`` is repository ``localhost:5000/a/b``, tag ``1``: the colon that
    separates a tag is the last one, and only when no slash follows it.
    Source: https://github.com/distribution/reference (the grammar in ``reference.go``).
    """

    repository: str
    tag: str

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Split ``text`` into repository and tag; a missing tag is the empty string."""
        name, _, _digest = text.partition("@")
        head, colon, tail = name.rpartition(":")
        if not colon or "/" in tail:
            return cls(name, "")
        return cls(head, tail)

    def __str__(self) -> str:
        return f"{self.repository}:{self.tag}" if self.tag else self.repository


class Image(NamedTuple):
    """One image as the engine's list gives it."""

    id: str
    """Whole image ID, ``sha256:`` and 64 hex digits (config digest; manifest digest on containerd)."""
    tags: tuple[str, ...] = ()
    """Every ``repository:tag`` that points here; empty for a dangling image."""
    digests: tuple[str, ...] = ()
    """``repository@sha256:…`` as known from a registry."""
    parent_id: str = ""
    """ID of the image it was built on by the classic builder; empty for pulled and BuildKit images."""
    created: float | None = None
    """Seconds since the epoch; ``None`` when the engine gives no date."""
    size_bytes: int | None = None
    """All its layers together, shared ones included; ``None`` when unknown."""
    labels: Mapping[str, str] = MappingProxyType({})

    @property
    def dangling(self) -> bool:
        """True when no tag points at it."""
        return not self.tags

    @property
    def references(self) -> tuple[Reference, ...]:
        """The tags, split into repository and tag."""
        return tuple(Reference.parse(tag) for tag in self.tags)


class ImageDetail(NamedTuple):
    """Everything an inspect and a history tell of one image. Immutable for a given image ID."""

    id: str
    tags: tuple[str, ...]
    digests: tuple[str, ...]
    parent_id: str
    created: str
    """RFC 3339 text as the engine gives it; may be empty."""
    architecture: str
    os: str
    variant: str
    author: str
    comment: str
    size_bytes: int | None
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: tuple[str, ...]
    """``NAME=value`` strings in the image's order."""
    user: str
    working_dir: str
    exposed_ports: tuple[str, ...]
    volumes: tuple[str, ...]
    labels: Mapping[str, str]
    diff_ids: tuple[str, ...]
    """RootFS.Layers: the digest of each uncompressed layer, lowest first."""
    history: tuple[HistoryEntry, ...]
    """Oldest first (the engine lists newest first)."""
    layers: tuple[Layer, ...]
    """Lowest first; one per diff ID."""
    raw: Mapping[str, Any]
    """The engine's inspect answer, untouched."""
    raw_history: tuple[Mapping[str, Any], ...]
    """The engine's history answer, untouched, newest first."""

    @property
    def platform(self) -> str:
        """What machine it is for, such as ``linux/arm64`` or ``linux/arm/v7``; empty when nobody says."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


def is_image_id(text: str) -> bool:
    """True when ``text`` is a whole image ID (with or without ``sha256:``), not a name."""
    return bool(_DIGEST_OR_ID.match(text))
