"""What keeps the bytes of something in words, and as rows that lead to what keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.model.container import Container
from tui.model.engine_disk import LogSum
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, marks_of_image
from tui.model.why_kept import Kept, LayersShared
from tui.present.cleanup_disk import logs_words
from tui.present.cleanup_plan import freed_words
from tui.present.container import container_name, state_cells
from tui.present.figures import count, short_id, size
from tui.present.image import image_name
from tui.present.removal import DOUBTS
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node


class Keeper(NamedTuple):
    """One thing that keeps bytes: how its row reads, where it is, and what would have to be marked as well."""

    row: RowText
    mark: Mark | None = None
    """Where Enter goes; ``None`` for headings, and for what has no row."""
    helps: tuple[Mark, ...] = ()
    """What to mark so that it keeps them no longer."""


def why_title(name: str) -> Line:
    """Whose bytes."""
    return (Cell("What keeps the bytes of ", Role.STRONG), Cell(name, Role.ACCENT))


def why_lines(kept: Kept, logs: LogSum | None = None, *, marked: bool) -> tuple[Line, ...]:
    """What it frees, ``logs`` of a container besides, and the reasons that are no other object's."""
    return ((Cell(_frees(kept, logs, marked=marked), _role(kept)),), *((Cell(reason),) for reason in _reasons(kept)))


def _role(kept: Kept) -> Role:
    return Role.GOOD if kept.freed.bytes else Role.WARNING if kept.reasons else Role.NORMAL


def _frees(kept: Kept, logs: LogSum | None, *, marked: bool) -> str:
    whole = kept.whole_bytes
    of_all = f" of its {size(whole)}" if whole and kept.freed.bytes != whole else ""
    if not kept.goes:
        return f"It can't go{' with what is marked now' if marked else ''}, so it frees nothing{of_all}."
    if marked:
        return f"Of what is marked it frees {_freed(kept, logs, of_all)}."
    return f"Marked as well, it would free {_freed(kept, logs, of_all)}."


def _freed(kept: Kept, logs: LogSum | None, of_all: str) -> str:
    words = freed_words(kept.freed) + of_all
    also = logs_words(logs) if logs is not None else ""
    if not also:
        return words
    # "nothing but 46.3 MB of logs", not "nothing and": that is what there is to gain.
    nothing = not of_all and kept.freed.bytes == 0 and also.startswith("and ")
    return f"{words} but {also.removeprefix('and ')}" if nothing else f"{words} {also}"


def _reasons(kept: Kept) -> Iterator[str]:
    if kept.device:
        yield f"The volume only points to {kept.device}: the files there are not the engine's, and stay."
    if kept.in_use:
        yield "A build is using this record."
    if kept.shared:
        yield "Its layer is an image's as well; the engine does not say which image's. It goes when both have gone."
    if kept.being_removed:
        yield "The engine is removing it already."
    for doubt in kept.doubts:
        words = DOUBTS[doubt]
        yield f"Not certain: {words}."
    if not kept.reasons:
        yield "Nothing else keeps them." if kept.whole_bytes else "It has no bytes of its own."


def keeper_nodes(kept: Kept, inventory: Inventory, marks: frozenset[Mark]) -> tuple[Node, ...]:
    """A row for each thing that keeps bytes, under headings that can't be chosen."""
    nodes: list[Node] = []
    for heading, keepers in _groups(kept, inventory):
        if keepers:
            nodes.append(Node(f"heading {heading}", Keeper(RowText((Cell(heading, Role.STRONG),))), selectable=False))
            nodes += (Node(f"{heading} {number}", _signed(keeper, marks)) for number, keeper in enumerate(keepers))
    return tuple(nodes)


def _signed(keeper: Keeper, marks: frozenset[Mark]) -> Keeper:
    sign = Cell("✓ ", Role.MARKED) if keeper.helps and marks.issuperset(keeper.helps) else Cell("  ")
    return keeper._replace(row=keeper.row._replace(left=(sign, *keeper.row.left)))


def _groups(kept: Kept, inventory: Inventory) -> Iterable[tuple[str, list[Keeper]]]:
    image_id = kept.mark.id
    record = kept.mark.kind is Kind.CACHE_RECORD
    tags = [_tag(Mark(Kind.IMAGE, image_id, tag)) for tag in kept.tags]
    users = [_container(container) for container in kept.containers]
    yield "It stays under another tag", tags
    yield "Containers mount it" if kept.mark.kind is Kind.VOLUME else "Containers are on it", users
    yield "Images have the same layers", [_sharer(one, inventory) for one in kept.images]
    if record:
        yield "Records were made from it", [_record(one, inventory) for one in kept.children]
        yield "It was made from, and keeps", [_record(one, inventory) for one in kept.parents]
    else:
        yield "Images were built on it", [_image(one, inventory) for one in kept.children]


def _tag(mark: Mark) -> Keeper:
    return Keeper(RowText((Cell(mark.tag, Role.LINK),)), mark, (mark,))


def _container(container: Container) -> Keeper:
    icon, word = state_cells(container.state)
    mark = Mark(Kind.CONTAINER, container.id)
    return Keeper(RowText((icon, Cell(" "), Cell(container_name(container), Role.LINK)), (word,)), mark, (mark,))


def _sharer(shared: LayersShared, inventory: Inventory) -> Keeper:
    held: Line = (Cell(f"{count(shared.layers, 'layer')}  ", Role.MUTED), Cell(f"{size(shared.bytes):>9}", Role.NUMBER))
    if shared.image_id in inventory.images_by_id:
        keeper = _image(shared.image_id, inventory)
        return keeper._replace(row=keeper.row._replace(right=held))
    marks = tuple(Mark(Kind.CONTAINER, container_id) for container_id in shared.containers)
    names = ", ".join(
        container_name(inventory.containers_by_id[one])
        for one in shared.containers
        if one in inventory.containers_by_id
    )
    said = f"  no longer listed, but under {names}" if names else "  a step of a build, not listed"
    left = (Cell(short_id(shared.image_id), Role.LINK if marks else Role.NORMAL), Cell(said, Role.MUTED))
    return Keeper(RowText(left, held), marks[0] if marks else None, marks)


def _image(image_id: str, inventory: Inventory) -> Keeper:
    image = inventory.images_by_id.get(image_id)
    if image is None:
        said = Cell("  a step of a build, not listed", Role.MUTED)
        return Keeper(RowText((Cell(short_id(image_id)), said)))
    marks = marks_of_image(inventory, image_id)
    return Keeper(RowText((Cell(image_name(image), Role.LINK),)), marks[0], marks)


def _record(record_id: str, inventory: Inventory) -> Keeper:
    record = inventory.cache_records_by_id.get(record_id)
    mark = Mark(Kind.CACHE_RECORD, record_id)
    if record is None:
        return Keeper(RowText((Cell(short_id(record_id)),)))
    right = (Cell(size(record.size_bytes), Role.NUMBER),)
    return Keeper(
        RowText((Cell(short_id(record_id), Role.LINK), Cell(f"  {record.description}")), right), mark, (mark,)
    )
