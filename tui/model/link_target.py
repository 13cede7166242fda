"""Where a symbolic link of an image leads: inside the image, whatever it says."""

from __future__ import annotations

from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Kind

MOST_LINKS = 40
"""So many links are followed one after the other, as in Linux (``path_resolution(7)``): then it is a circle."""


def link_target(stack: StackedFiles, layer: int, path: str) -> int | None:
    """The node that ``path``, if it is a symbolic link, leads to after ``layer``, all links on the way followed.

    ``None`` when nothing is there, or when it leads in a circle. The root stands for whatever is above it.
    """
    links = 0
    here: list[str] = []
    ahead = path.split("/")[::-1]
    while ahead:
        part = ahead.pop()
        if part in {"", "."}:
            continue
        if part == "..":
            del here[-1:]
            continue
        node = stack.node("/".join((*here, part)))
        found = None if node is None else stack.entry_at(node, layer)
        if found is None:
            return None
        entry = found[1]
        if entry.kind is not Kind.SYMLINK:
            here.append(part)
            continue
        links += 1
        if links > MOST_LINKS:
            return None
        if entry.link.startswith("/"):
            here = []
        ahead += entry.link.split("/")[::-1]
    return stack.node("/".join(here))
