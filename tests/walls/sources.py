"""The sources as the walls look at them: every Python and style file of the three rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("tui", "widgets", "themes")


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @property
    def name(self) -> str:
        """Its path below the repository, with slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """The package it stands in, such as ``tui.engine``."""
        return ".".join(self.path.relative_to(ROOT).parts[:-1])

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.path.read_text(encoding="utf-8"), self.name)

    @cached_property
    def texts(self) -> list[tuple[int, str]]:
        """Line and value of every string that is no docstring (an attribute's included)."""
        documentation = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        return [
            (node.lineno, node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
        ]


def sources(*rooms: str) -> Iterator[Source]:
    """Every Python file of ``rooms`` (all three by default)."""
    for room in rooms or ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield Source(path)


def style_files() -> Iterator[Path]:
    """Every Textual style file."""
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.tcss"))
