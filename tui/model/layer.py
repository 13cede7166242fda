"""Layers and the history that made them: chain IDs, and which history entry made which layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple


class HistoryEntry(NamedTuple):
    """One line of an image's history: the instruction, and what it added."""

    created: float | None
    """Seconds since the epoch."""
    created_by: str
    """The instruction as the builder wrote it down."""
    size_bytes: int
    comment: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One filesystem layer of an image."""

    index: int
    """0 is the lowest."""
    diff_id: str
    """Digest of the layer's uncompressed tar, ``sha256:…``."""
    chain_id: str
    """Identity of this layer *on top of* all below it: what the engine stores once."""
    size_bytes: int | None
    """Bytes of the files the layer holds; ``None`` when history and layers could not be matched."""
    created: float | None
    created_by: str
    comment: str = ""


def chain_ids(diff_ids: Sequence[str]) -> tuple[str, ...]:
    """The chain ID of each layer, lowest first.

    ``chain(0) = diff(0)``; ``chain(n) = sha256(chain(n-1) + " " + diff(n))``, prefixes included.
    Source: OCI image specification, ``config.md``, "Layer ChainID".
    """
    import hashlib  # noqa: PLC0415 - it loads OpenSSL, and nothing of the first screen is hashed

    chain: list[str] = []
    for diff_id in diff_ids:
        if not chain:
            chain.append(diff_id)
        else:
            digest = hashlib.sha256(f"{chain[-1]} {diff_id}".encode()).hexdigest()
            chain.append(f"sha256:{digest}")
    return tuple(chain)


class _Made(Enum):
    """Whether a history entry made a layer."""

    YES = auto()
    NO = auto()
    MAYBE = auto()


_BUILDKIT = "buildkit.dockerfile.v0"
_BUILDKIT_LAYERS = ("RUN ", "COPY ", "ADD ", "WORKDIR ")
_CLASSIC_METADATA = "#(nop) "
_CLASSIC_LAYERS = ("COPY ", "ADD ", "WORKDIR ")


def _made_by(entry: HistoryEntry) -> _Made:
    """What the entry alone tells.

    Bytes prove a layer. Without any: BuildKit makes one for every RUN, COPY, ADD and WORKDIR (but
    ``WORKDIR /``); the classic builder makes one only if a file changed, so that a zero-size RUN may
    have made an empty file or nothing; its ``#(nop)`` lines of other kinds are metadata.
    """
    if entry.size_bytes > 0:
        return _Made.YES
    if entry.comment == _BUILDKIT:
        instruction = entry.created_by
        return _Made.YES if instruction.startswith(_BUILDKIT_LAYERS) and instruction != "WORKDIR /" else _Made.NO
    _, nop, instruction = entry.created_by.partition(_CLASSIC_METADATA)
    if nop and not instruction.lstrip().startswith(_CLASSIC_LAYERS):
        return _Made.NO
    return _Made.MAYBE


def _made_by_size_only(entry: HistoryEntry) -> _Made:
    """What is left to go by when the rules of the builders don't fit: other tools write other history."""
    return _Made.YES if entry.size_bytes > 0 else _Made.MAYBE


def _choice(made: Sequence[_Made], maybes: int, *, first: bool) -> list[int]:
    """Indexes of the entries that made layers if the first (or last) ``maybes`` doubtful ones did."""
    doubtful = [index for index, verdict in enumerate(made) if verdict is _Made.MAYBE]
    taken = set(doubtful[:maybes] if first else doubtful[len(doubtful) - maybes :])
    return [index for index, verdict in enumerate(made) if verdict is _Made.YES or index in taken]


def _bounds(history: Sequence[HistoryEntry], layers: int) -> tuple[list[int], list[int]] | None:
    """For each layer the earliest and the latest entry that can have made it; ``None`` when nothing fits.

    Every reading that fits lies between these two, so what both give a layer, all do.
    """
    for rule in (_made_by, _made_by_size_only):
        made = [rule(entry) for entry in history]
        missing = layers - made.count(_Made.YES)
        if 0 <= missing <= made.count(_Made.MAYBE):
            return _choice(made, missing, first=True), _choice(made, missing, first=False)
    return None


def doubtful_entries(history: Sequence[HistoryEntry], diff_ids: Sequence[str]) -> tuple[int, ...]:
    """Indexes of the entries about which one would have to know more to align every layer; empty when all is clear."""
    bounds = _bounds(history, len(diff_ids))
    if bounds is None or bounds[0] == bounds[1]:
        return ()
    return tuple(index for index, entry in enumerate(history) if _made_by(entry) is _Made.MAYBE)


def align_layers(
    history: Sequence[HistoryEntry], diff_ids: Sequence[str], depths: Mapping[int, int] | None = None
) -> tuple[Layer, ...]:
    """The image's layers, lowest first, each with the history entry that made it.

    ``history`` is oldest first. The API leaves out the ``empty_layer`` flag of the image config, so the
    entries that made a layer are told by their size and their builder's habits, and the doubtful ones
    by counting against ``diff_ids``. ``depths`` helps where it is known how many layers there were after an
    entry (from the classic builder's intermediate image): index of the entry -> number of layers.
    Where more than one reading is left, a layer all readings agree on keeps its entry; any other has
    an empty ``created_by`` and a size only if every reading gives the same.
    """
    chains = chain_ids(diff_ids)
    layers: list[Layer] = []
    begin = 0
    for end, depth in sorted({**(depths or {}), len(history) - 1: len(diff_ids)}.items()):
        if not len(layers) <= depth <= len(diff_ids):
            continue  # it contradicts the rest: do without it
        part = history[begin : end + 1]
        bounds = _bounds(part, depth - len(layers))
        below = len(layers)
        for offset in range(depth - below):
            candidates = part[bounds[0][offset] : bounds[1][offset] + 1] if bounds else ()
            index = below + offset
            layers.append(_layer(index, diff_ids[index], chains[index], candidates))
        begin = end + 1
    return tuple(layers)


def _layer(index: int, diff_id: str, chain_id: str, candidates: Sequence[HistoryEntry]) -> Layer:
    if not candidates:
        return Layer(index, diff_id, chain_id, None, None, "")
    first = candidates[0]
    if len(candidates) == 1:
        return Layer(index, diff_id, chain_id, first.size_bytes, first.created, first.created_by, first.comment)
    same_size = all(entry.size_bytes == first.size_bytes for entry in candidates)
    return Layer(index, diff_id, chain_id, first.size_bytes if same_size else None, None, "")
