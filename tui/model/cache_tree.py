"""The records of the build cache as a tree: every record below one that it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tui.model.build_cache import BuildCacheRecord


class Branch(NamedTuple):
    """A record, and what follows from it.

    Builds make long chains, a record for every step. A chain is kept flat: ``members`` are the record and those that
    follow it one by one, each made from the one before. Where several were made from the same one, each of them begins
    a branch of its own, below the last member.
    """

    members: tuple[BuildCacheRecord, ...]
    branches: tuple[Branch, ...]


def cache_tree(
    shown: Sequence[BuildCacheRecord], every: Mapping[str, BuildCacheRecord], *, by_best: bool = False
) -> tuple[Branch, ...]:
    """The branches of ``shown``, which are in order; records below each other keep to it.

    Args:
        shown: the records that the tree is of. One whose parents are not among them stands below the nearest record
            further down that is; when there is none it is a root.
        every: record ID -> record, of all that there are.
        by_best: put a branch where the first of all its records stands, not where its own first one does: by size,
            say, so that a small record with large ones above it comes with those.
    """
    known = {record.id: record for record in shown}
    below = _parents(shown, known, every)
    ranks = {record.id: rank for rank, record in enumerate(shown)}
    children: dict[str, list[BuildCacheRecord]] = {}
    for record in shown:
        children.setdefault(below[record.id], []).append(record)
    if by_best:
        _raise_ranks(shown, below, ranks)
        for found in children.values():
            found.sort(key=lambda record: ranks[record.id])
    return tuple(_branch(root, children) for root in children.get("", ()))


def _parents(
    shown: Iterable[BuildCacheRecord], known: Mapping[str, BuildCacheRecord], every: Mapping[str, BuildCacheRecord]
) -> dict[str, str]:
    """Record ID -> ID of the shown record it stands below; empty for roots.

    A record merged from several stands below the first of them. Records that were made from each other, which no
    engine says, would not be in the tree at all: the chain is cut where it comes round.
    """
    below: dict[str, str] = {}
    for record in shown:
        seen = {record.id}
        parent = _first_known(record, every)
        while parent and parent not in known and parent not in seen:
            seen.add(parent)
            parent = _first_known(every[parent], every)
        below[record.id] = parent if parent in known and not _leads_to(record.id, parent, below) else ""
    return below


def _first_known(record: BuildCacheRecord, every: Mapping[str, BuildCacheRecord]) -> str:
    return next((parent for parent in record.parents if parent in every), "")


def _leads_to(record_id: str, start: str, below: Mapping[str, str]) -> bool:
    """True when going down from ``start`` comes to ``record_id``."""
    at = start
    while at:
        if at == record_id:
            return True
        at = below.get(at, "")
    return False


def _raise_ranks(shown: Iterable[BuildCacheRecord], below: Mapping[str, str], ranks: dict[str, int]) -> None:
    """Give every record the rank of the first of those that follow from it."""
    for record in shown:  # the first come first: whoever has been passed has a better rank already
        rank, at = ranks[record.id], below[record.id]
        while at and ranks[at] > rank:
            ranks[at] = rank
            at = below[at]


def _branch(head: BuildCacheRecord, children: Mapping[str, list[BuildCacheRecord]]) -> Branch:
    members = [head]
    following = children.get(head.id, [])
    while len(following) == 1:
        members.append(following[0])
        following = children.get(members[-1].id, [])
    return Branch(tuple(members), tuple(_branch(child, children) for child in following))
