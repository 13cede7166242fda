"""A JSON value as a foldable tree, with search."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline


class JsonSpot(NamedTuple):
    """A value and where it stands."""

    path: tuple[str | int, ...]
    value: Any

    @property
    def path_text(self) -> str:
        """The path as ``jq`` writes it: ``.Config.Env[0]``, ``.Labels["a.b"]``."""
        text = ""
        for step in self.path:
            if isinstance(step, int):
                text += f"[{step}]"
            elif step.isidentifier():
                text += f".{step}"
            else:
                text += f"[{json.dumps(step, ensure_ascii=False)}]"
        return text if text.startswith(".") else f".{text}"

    @property
    def value_text(self) -> str:
        """The value as text: strings bare, everything else as JSON."""
        if isinstance(self.value, str):
            return self.value
        return json.dumps(self.value, indent=2, ensure_ascii=False, default=str)


def _key(path: tuple[str | int, ...]) -> str:
    return json.dumps(path)


def _steps(value: object) -> list[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return list(enumerate(value))
    return []


def json_nodes(value: object, path: tuple[str | int, ...] = ()) -> tuple[Node, ...]:
    """The children of a JSON value as nodes; deeper ones grow when opened."""
    nodes = []
    for step, child in _steps(value):
        here = (*path, step)
        grow = (lambda child=child, here=here: json_nodes(child, here)) if _steps(child) else None
        nodes.append(Node(_key(here), JsonSpot(here, child), grow=grow, open=len(here) == 1))
    return tuple(nodes)


def _every_spot(value: object, path: tuple[str | int, ...] = ()) -> Iterator[JsonSpot]:
    for step, child in _steps(value):
        here = (*path, step)
        yield JsonSpot(here, child)
        yield from _every_spot(child, here)


def describe_json(node: Node) -> RowText:
    """A row: the key, and the value or what is in it."""
    spot = node.data
    if not isinstance(spot, JsonSpot):
        return RowText(())
    step = spot.path[-1]
    key: Line = (Cell(str(step), Role.ACCENT if isinstance(step, str) else Role.MUTED), Cell("  "))
    return RowText(key + _value(spot.value))


def _value(value: object) -> Line:
    if isinstance(value, str):
        return (Cell(value),) if value else (Cell('""', Role.MUTED),)
    if isinstance(value, Mapping | Sequence):
        opening, closing = "{}" if isinstance(value, Mapping) else "[]"
        return (Cell(f"{opening}{len(value) or ''}{closing}", Role.MUTED),)
    if isinstance(value, bool):
        return (Cell(str(value).lower(), Role.GOOD if value else Role.WARNING),)
    if isinstance(value, int | float):
        return (Cell(str(value), Role.NUMBER),)
    return (Cell("null" if value is None else str(value), Role.MUTED),)


class JsonTree(Outline):
    """An outline over a JSON value that can look for text in keys and values."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(describe_json, empty="nothing here", id=id)
        self.value: Any = None

    def show(self, value: object) -> None:
        """Show ``value``, keeping what was opened and where the cursor was."""
        self.value = value
        self.replace(json_nodes(value))

    @property
    def spot(self) -> JsonSpot | None:
        """The value under the cursor."""
        data = self.node.data if self.node else None
        return data if isinstance(data, JsonSpot) else None

    def find(self, text: str, *, backwards: bool = False) -> tuple[int, int]:
        """Go to the next key or value that holds ``text`` (any case), wrapping round.

        Returns:
            Which match this is (from 1) and how many there are; ``(0, 0)`` for none.
        """
        wanted = text.casefold()
        spots = list(_every_spot(self.value))
        hits = [number for number, spot in enumerate(spots) if wanted in _searched(spot)]
        if not hits:
            return 0, 0
        here = self.spot.path if self.spot else ()
        at = next((number for number, spot in enumerate(spots) if spot.path == here), -1)
        if backwards:
            hit = next((h for h in reversed(hits) if h < at), hits[-1])
        else:
            hit = next((h for h in hits if h > at), hits[0])
        path = spots[hit].path
        self.reveal(_key(path[: n + 1]) for n in range(len(path)))
        return hits.index(hit) + 1, len(hits)


def _searched(spot: JsonSpot) -> str:
    value = "" if _steps(spot.value) else str(spot.value)
    return f"{spot.path[-1]} {value}".casefold()
