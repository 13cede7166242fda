"""Paths of an image by the names an engine's answers give them: JSON can't hold a name that is not UTF-8.

Go writes U+FFFD in the place of each byte that is none. Source: ``appendString`` in
https://github.com/golang/go/blob/go1.23.0/src/encoding/json/encode.go
"""

from __future__ import annotations

from tui.model.file_stack import StackedFiles
from tui.model.path_tree import ROOT

REPLACED = "\ufffd"
"""What stands in an answer for one byte that is not UTF-8."""


def told_as(path: str) -> str:
    """``path``, with its surrogate-escaped bytes, as an answer spells it."""
    if path.isascii():
        return path
    return path.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def paths_told_as(stack: StackedFiles, told: str) -> tuple[str, ...]:
    """What the finished image has at a path of an answer: mostly one, and several where names differ in such bytes.

    Empty when nothing is seen there.
    """
    nodes = [ROOT]
    for name in told.split("/"):
        nodes = [child for node in nodes for child in _children(stack, node, name)]
    return tuple(stack.paths[node] for node in nodes if stack.entry_at(node, stack.top) is not None)


def _children(stack: StackedFiles, node: int, name: str) -> list[int]:
    if REPLACED in name:
        return [child for child in stack.children(node) if told_as(stack.paths[child].rpartition("/")[2]) == name]
    child = stack.node(f"{stack.paths[node]}/{name}".removeprefix("/"))
    return [] if child is None else [child]
