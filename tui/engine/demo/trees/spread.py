"""Files by the hundred that take just so many bytes together: names are given, sizes follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

from tui.engine.demo.files import File

Group = tuple[int, Sequence[str]]
"""How many parts of the whole these paths take together."""


def within(folder: str, names: str, ending: str = "") -> list[str]:
    """The paths of ``names`` (parted by blanks) in ``folder``, each with ``ending``."""
    return [f"{folder}/{name}{ending}" for name in names.split()]


def spread(size_bytes: int, paths: Sequence[str], *, owner: str = "root") -> dict[str, File]:
    """Files at ``paths`` that take ``size_bytes`` together; a few are large and most are small, as on any disk."""
    shares = [20 + (crc32(path.encode("utf-8", "surrogatepass")) % 1000) ** 3 // 1_000_000 for path in paths]
    whole = sum(shares)
    sizes = [size_bytes * share // whole for share in shares]
    sizes[shares.index(max(shares))] += size_bytes - sum(sizes)
    return {
        path: File("file", size, mode=0o755 if _is_program(path) else 0o644, owner=owner)
        for path, size in zip(paths, sizes, strict=True)
    }


def grow(size_bytes: int, *groups: Group, owner: str = "root") -> dict[str, File]:
    """Files of several groups that take ``size_bytes`` together, divided among the groups by their parts."""
    parts = sum(part for part, _ in groups)
    files: dict[str, File] = {}
    left = size_bytes
    for number, (part, paths) in enumerate(groups):
        size = left if number == len(groups) - 1 else size_bytes * part // parts
        files |= spread(size, paths, owner=owner)
        left -= size
    return files


def besides(size_bytes: int, listed: dict[str, File], *groups: Group, owner: str = "root") -> dict[str, File]:
    """``listed``, and what is missing to ``size_bytes`` grown in ``groups``; what both name is as listed."""
    missing = size_bytes - sum(entry.size_bytes for entry in listed.values())
    left_out = listed.keys()
    rest = [(part, [path for path in paths if path not in left_out]) for part, paths in groups]
    return grow(missing, *((part, paths) for part, paths in rest if paths), owner=owner) | listed


def numbered(folder: str, name: str, count: int, ending: str) -> list[str]:
    """``count`` paths in ``folder`` that differ in a number."""
    return [f"{folder}/{name}{number:03}{ending}" for number in range(count)]


def each_in(folders: Iterable[str], names: str) -> list[str]:
    """Every one of ``names`` in every one of ``folders``."""
    return [f"{folder}/{name}" for folder in folders for name in names.split()]


def _is_program(path: str) -> bool:
    return "/bin/" in path or "/sbin/" in path or path.endswith(".sh")
