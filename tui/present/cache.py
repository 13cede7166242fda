"""Records of the build cache: rows of their tree, and the facts about them."""

from __future__ import annotations

from collections.abc import Iterable

from tui.model.build_cache import BuildCacheRecord
from tui.model.inventory import Inventory
from tui.model.place import CachePlace
from tui.present import figures
from tui.present.image import IN_USE, UNUSED
from widgets.cell import Cell, Fact, Line, Role, RowText, Section

_FOLLOWS = "↳ "
"""Before a record that was made from the one above it."""
_SHELLS = ("mount / from exec /bin/sh -c ", "mount / from exec /bin/bash -c ")
"""How BuildKit begins the description of a step's result; what follows is the command of a ``RUN``."""

_TYPES = {
    "regular": "The result of one build step: the files a RUN or a COPY made. The next build takes it from here when "
    "nothing before the step has changed, and does not run the step again.",
    "source.local": "What the client sent for builds: a Dockerfile, or the build context. The next build sends only "
    "what differs from it.",
    "source.git.checkout": "A git repository that a build was given as its context.",
    "exec.cachemount": "The folder behind a RUN --mount=type=cache, such as a package manager's downloads. Builds fill "
    "it and find it again; without it they download everything anew.",
    "frontend": 'The program that reads Dockerfiles, as pulled for a "# syntax=" line.',
    "internal": "BuildKit's own notes on builds, such as what an image's layers are for.",
}
_OTHER_TYPE = "A kind of record that orlop does not know."

_SHARED = (
    "An image has this layer too. BuildKit and the image hold the same files, which lie on the disk once: removing the "
    "record alone frees nothing, and removing the image alone frees nothing either. Both have to go."
)
_IN_USE = "A build is using it right now: the engine does not remove it before that is over."
_WITH_CHILDREN = "It can't go before the records that were made from it: they need its files below theirs."
_FREE = "It can go. The next build that needs it makes it again, which takes time but loses nothing."


def title_of(record: BuildCacheRecord) -> str:
    """What it is, short: the command of a step, or the description; its type where there is none."""
    for shell in _SHELLS:
        if record.description.startswith(shell):
            return f"RUN {record.description.removeprefix(shell)}"
    return record.description or record.type or figures.short_id(record.id)


def cache_row(place: CachePlace, *, by_age: bool = False) -> RowText:
    """A record, marked when a build is using it."""
    record = place.record
    sign = Cell(IN_USE, Role.GOOD) if record.in_use else Cell(UNUSED, Role.MUTED)
    left: list[Cell] = [Cell(_FOLLOWS, Role.MUTED)] if place.chained else []
    left += [sign, Cell(title_of(record))]
    if record.in_use:
        left.append(Cell("  in use", Role.GOOD))
    right: list[Cell] = [Cell("shared  ", Role.MUTED)] if record.shared else []
    if by_age:
        right.append(Cell(f"{figures.brief_age(record.last_used or record.created)}  ", Role.MUTED))
    right.append(Cell(figures.size(record.size_bytes), Role.NUMBER))
    return RowText(tuple(left), tuple(right))


def total_cells(records: Iterable[BuildCacheRecord], *, room: int) -> Line:
    """How many records there are, and what they take by themselves; as much more as fits in ``room`` cells."""
    records = tuple(records)
    own = sum(record.size_bytes for record in records if not record.shared)
    shared = sum(record.size_bytes for record in records if record.shared)
    used = sum(record.in_use for record in records)
    said = f" {len(records):,} "
    for more in (
        f"· {figures.size(own)} " if records else "",
        f"· {used:,} in use " if used else "",
        f"· {figures.size(shared)} shared " if shared else "",
    ):
        if len(said) + len(more) > room:
            break
        said += more
    return (Cell(said, Role.MUTED),)


def cache_sections(record: BuildCacheRecord, inventory: Inventory) -> tuple[Section, ...]:
    """A record in plain words."""
    facts = (
        Fact("ID", (Cell(record.id, Role.STRONG),)),
        Fact("Type", (Cell(record.type or "not said"),)),
        Fact("", (Cell(_TYPES.get(record.type, _OTHER_TYPE), Role.MUTED),)),
        Fact("Description", (Cell(record.description or "none"),)),
        Fact(
            "Size", (Cell(figures.size(record.size_bytes), Role.NUMBER),), exact=figures.exact_bytes(record.size_bytes)
        ),
        Fact("Created", (Cell(figures.age(record.created)),), exact=figures.date(record.created)),
        _last_used(record),
        Fact("Used", (Cell("never" if not record.usage_count else figures.count(record.usage_count, "time")),)),
    )
    sections = [Section("", facts), Section("Can it go?", _state(record, inventory))]
    children = inventory.cache_children_by_id.get(record.id, ())
    if record.parents:
        known = inventory.cache_records_by_id
        parents = (_link(known[one]) if one in known else _gone(one) for one in record.parents)
        sections.append(Section("Made from", (*parents, _HINT)))
    if children:
        sections.append(Section("Made from it", (*map(_link, children), _HINT)))
    return tuple(sections)


_HINT = Fact("", (Cell("They stand around it in the tree; w leads there.", Role.MUTED),))


def _last_used(record: BuildCacheRecord) -> Fact:
    if not record.last_used:
        return Fact("Last used", (Cell("not since it was made"),))
    return Fact("Last used", (Cell(figures.age(record.last_used)),), exact=figures.date(record.last_used))


def _state(record: BuildCacheRecord, inventory: Inventory) -> tuple[Fact, ...]:
    said = []
    if record.in_use:
        said.append(Fact("In use", (Cell(_IN_USE, Role.WARNING),)))
    if record.id in inventory.cache_children_by_id:
        said.append(Fact("Needed", (Cell(_WITH_CHILDREN),)))
    if record.shared:
        said.append(Fact("Shared", (Cell(_SHARED),)))
    return tuple(said) or (Fact("", (Cell(_FREE),)),)


def _link(record: BuildCacheRecord) -> Fact:
    left = Cell(f"{title_of(record)}  ", Role.LINK)
    return Fact("", (left, Cell(figures.size(record.size_bytes), Role.NUMBER)))


def _gone(record_id: str) -> Fact:
    return Fact("", (Cell(f"{figures.short_id(record_id)}, no longer there", Role.MUTED),))
