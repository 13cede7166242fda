"""The build cache as a tree of rows, and the way to a record's row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.model.cache_tree import Branch, cache_tree
from tui.model.inventory import Inventory
from tui.model.place import CachePlace, Place
from tui.model.selection import Selection, Sort, cache_traits
from tui.present.cache import cache_row
from widgets.cell import RowText
from widgets.node import Node


def cache_nodes(inventory: Inventory, selection: Selection) -> tuple[Node, ...]:
    """The tree's roots: records that nothing else which is shown was needed for."""
    shown = selection.apply(inventory.cache_records_by_id.values(), cache_traits)
    branches = cache_tree(shown, inventory.cache_records_by_id, by_best=selection.sort is not Sort.NAME)
    return tuple(_node(branch) for branch in branches)


def describe_cache_place(place: Place, selection: Selection) -> RowText:
    """The row of a place in this tree."""
    return cache_row(place, by_age=selection.sort is Sort.AGE) if isinstance(place, CachePlace) else RowText(())


def key_of(record_id: str) -> str:
    """The key of a record's row."""
    return f"cache {record_id}"


def cache_path(record_id: str, inventory: Inventory) -> tuple[str, ...]:
    """Keys from the root to the record's row, in the tree of all records."""
    key = key_of(record_id)
    return next((path for path in _paths(cache_nodes(inventory, Selection()), ()) if path[-1] == key), (key,))


def _paths(nodes: Sequence[Node], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        path = (*above, node.key)
        yield path
        yield from _paths(node.children, path)


def _node(branch: Branch) -> Node:
    """The first record's row; below it the others of its chain, and below the last what branches off."""
    head, *chain = branch.members
    branches = tuple(map(_node, branch.branches))
    if not chain:
        return Node(key_of(head.id), CachePlace(head), branches, open=True)
    rows = [Node(key_of(record.id), CachePlace(record, chained=True)) for record in chain]
    rows[-1] = rows[-1]._replace(children=branches, open=True)
    return Node(key_of(head.id), CachePlace(head), tuple(rows), open=True)
