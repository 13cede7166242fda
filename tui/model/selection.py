"""Filter and sort as values: what a pane shows of its records and in which order, replayed on every photograph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container
from tui.model.image import Image
from tui.model.volume import Volume

Item = TypeVar("Item")

_DIGITS = re.compile(r"([0-9]+)")

STATE_ORDER = ("running", "restarting", "paused", "created", "exited", "removing", "dead")
"""Container states, the liveliest first; a state not listed here comes last."""

IN_USE, UNUSED = "in-use", "unused"
"""What stands in for a state where images and volumes are concerned."""


class Sort(StrEnum):
    """By what rows are ordered."""

    NAME = "name"
    """Naturally: ``v2`` before ``v10``."""
    SIZE = "size"
    """Largest first; unknown sizes last."""
    AGE = "age"
    """Newest first; without a date last."""
    STATE = "state"
    """Running first; what is in use before what is not."""

    def following(self, among: Sequence[Sort] | None = None) -> Sort:
        """The next one in ``among`` (all by default), around the end. The first when this one isn't in it."""
        choices = tuple(among or Sort)
        return choices[(choices.index(self) + 1) % len(choices)] if self in choices else choices[0]


class Traits(NamedTuple):
    """What of a record is searched and sorted by."""

    key: str
    """Its identity: the last word on order, so that equals never change places."""
    name: str
    size_bytes: int | None = None
    created: float | None = None
    state: str = ""
    ids: tuple[str, ...] = ()
    """Found by how they begin."""
    states: tuple[str, ...] = ()
    """Found by how they begin too: ``nn`` is not to find, and mark, whatever is running."""
    words: tuple[str, ...] = ()
    """Found by any part of them."""


class Selection(NamedTuple):
    """What a pane shows: the records that fit ``query``, in the order of ``sort``."""

    query: str = ""
    sort: Sort = Sort.NAME

    def asking(self, query: str) -> Selection:
        """The same order, another query."""
        return self._replace(query=query)

    def sorted_by(self, sort: Sort) -> Selection:
        """The same query, another order."""
        return self._replace(sort=sort)

    def shows(self, traits: Traits) -> bool:
        """True when a record with these traits fits the query."""
        return matches(self.query, *traits.words, ids=(*traits.ids, *traits.states))

    def apply(self, items: Iterable[Item], traits_of: Callable[[Item], Traits]) -> tuple[Item, ...]:
        """The items that fit, in order. The same items give the same answer, however they came in."""
        found = [(traits_of(item), item) for item in items]
        if self.query.strip():
            found = [(traits, item) for traits, item in found if self.shows(traits)]
        # By name, keys of two strings are compared first; only names that differ in a number need more.
        found.sort(key=lambda pair: sort_key(pair[0], self.sort))
        return tuple(item for _traits, item in found)


def matches(query: str, *words: str, ids: Iterable[str] = ()) -> bool:
    """True when every space-separated term of ``query`` is in one of ``words``, or begins one of ``ids``.

    Case does not matter. An ID is found with or without its ``sha256:``. An empty query fits all.
    """
    terms = query.casefold().split()
    if not terms:
        return True
    folded = [word.casefold() for word in words]
    starts = [start for whole in ids for start in (whole, whole.removeprefix("sha256:"))]
    return all(
        any(term in word for word in folded) or any(start.startswith(term) for start in starts) for term in terms
    )


@lru_cache(maxsize=8192)
def natural(text: str) -> tuple[tuple[str, int, str], ...]:
    """A key that orders names as people do: ``v2`` before ``v10``, ``a`` and ``A`` together."""
    parts = _DIGITS.split(text.casefold())
    # Words stand at even places and numbers at odd ones. A number is compared by its length and then
    # as text, without leading zeros: the same as by value, and no name is too long for it.
    key = [
        (word, len(number := digits.lstrip("0")), number) for word, digits in zip(parts[::2], parts[1::2], strict=False)
    ]
    key.append((parts[-1], 0, ""))
    return tuple(key)


def sort_key(traits: Traits, sort: Sort) -> tuple[object, ...]:
    """Where a record with these traits stands; equal in ``sort`` go by name, then by identity."""
    by_name = (natural(traits.name), traits.name, traits.key)
    match sort:
        case Sort.NAME:
            return by_name
        case Sort.SIZE:
            return (*_largest_first(traits.size_bytes), *by_name)
        case Sort.AGE:
            return (*_largest_first(traits.created), *by_name)
        case Sort.STATE:
            return (_state_rank(traits.state), traits.state, *by_name)


def _largest_first(value: float | None) -> tuple[bool, float]:
    return (value is None, 0 if value is None else -value)


def _state_rank(state: str) -> int:
    if state in {IN_USE, UNUSED}:
        return (IN_USE, UNUSED).index(state)
    return STATE_ORDER.index(state) if state in STATE_ORDER else len(STATE_ORDER)


def image_traits(image: Image, *, in_use: bool = False) -> Traits:
    """An image by its first tag; found by every tag, digest, label, ID and whether it is in use."""
    state = IN_USE if in_use else UNUSED
    dangling = () if image.tags else ("dangling",)
    untagged = () if image.tags else ("<none>",)
    return Traits(
        key=image.id,
        name=image.tags[0] if image.tags else "",
        size_bytes=image.size_bytes,
        created=image.created,
        state=state,
        ids=(image.id,),
        states=(*dangling, *state.split()),
        words=(*image.tags, *image.digests, *_labels(image.labels.items()), *untagged),
    )


def container_traits(container: Container) -> Traits:
    """A container by its first name; found by names, image, labels, ID and state. Its size is its writable layer."""
    return Traits(
        key=container.id,
        name=container.name,
        size_bytes=container.size_rw_bytes,
        created=container.created,
        state=container.state,
        ids=(container.id, container.image_id),
        states=(container.state,),
        words=(*container.names, container.image, *_labels(container.labels.items())),
    )


def volume_traits(volume: Volume, *, in_use: bool = False) -> Traits:
    """A volume by its name; found by name, driver, labels, and whether it is in use or anonymous."""
    state = IN_USE if in_use else UNUSED
    anonymous = ("anonymous",) if volume.anonymous else ()
    return Traits(
        key=volume.name,
        name=volume.name,
        size_bytes=volume.size_bytes,
        created=volume.created,
        state=state,
        states=(*anonymous, *state.split()),
        words=(volume.name, volume.driver, *_labels(volume.labels.items())),
    )


def cache_traits(record: BuildCacheRecord) -> Traits:
    """A record of the build cache by its description; found by that, its ID, its type, and whether it is in use or
    shared with an image. Its age is that of its last use."""
    state = IN_USE if record.in_use else UNUSED
    return Traits(
        key=record.id,
        name=record.description,
        size_bytes=record.size_bytes,
        created=record.last_used or record.created,
        state=state,
        ids=(record.id,),
        states=(*state.split(), "shared" if record.shared else "private"),
        words=(record.description, record.type),
    )


def _labels(items: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Labels as ``key=value``, so that a key, a value and both are found."""
    return tuple(f"{key}={value}" for key, value in items)
