"""The bytes of the demo's files: what somebody wrote for them, or as many made-up ones as they are said to have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from posixpath import basename

from tui.engine.demo.files import File

PIECE_BYTES = 1 << 20
"""How much is handed over at once."""

_ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00\x01\x00\x00\x00"
"""How a program for x86-64 begins. Source: elf(5)."""
_BEGINNINGS = {
    ".gz": b"\x1f\x8b\x08\x00", ".tgz": b"\x1f\x8b\x08\x00", ".xz": b"\xfd7zXZ\x00", ".zst": b"\x28\xb5\x2f\xfd",
    ".jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", ".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF-1.7\n",
    ".zip": b"PK\x03\x04", ".whl": b"PK\x03\x04", ".so": _ELF, ".a": b"!<arch>\n", ".o": _ELF,
    ".mo": b"\xde\x12\x04\x95", ".rdb": b"REDIS0011", ".pyc": b"\xcb\r\r\n", ".db": b"SQLite format 3\x00",
}  # fmt: skip
"""How files with these endings begin."""
_TEXTS = frozenset({
    ".py", ".js", ".mjs", ".cjs", ".ts", ".json", ".md", ".txt", ".list", ".conf", ".cnf", ".h", ".c", ".cc", ".go",
    ".pl", ".pm", ".sh", ".toml", ".yaml", ".yml", ".css", ".html", ".csv", ".log", ".map", ".md5sums", ".cmake",
    ".rst", ".crt", ".pem", ".zi", ".sql", ".control", ".sample", ".1",
})  # fmt: skip


def pieces(path: str, file: File, limit: int | None) -> Iterator[bytes]:
    """The bytes of ``file``, at most ``limit`` of them, piece by piece.

    Made-up ones follow from the file's name and size: two files that agree in both are copies of each other.
    """
    left = file.size_bytes if limit is None else max(0, min(limit, file.size_bytes))
    if file.content is not None:
        yield from (file.content[at : min(at + PIECE_BYTES, left)] for at in range(0, left, PIECE_BYTES))
        return
    beginning, pattern = _made_up(path, file)
    first = True
    while left:
        size = min(left, PIECE_BYTES)
        piece = pattern * (size // len(pattern) + 1)
        yield (beginning + piece)[:size] if first else piece[:size]
        left -= size
        first = False


def _made_up(path: str, file: File) -> tuple[bytes, bytes]:
    """What the file begins with, and what it repeats after that."""
    name = basename(path)
    suffixes = {f".{part}" for part in name.split(".")[1:]}
    if suffixes & _TEXTS and not suffixes & _BEGINNINGS.keys():
        said = "".join(char if char.isprintable() else "?" for char in name)
        line = f"The demo made up how long {said} is, and nothing of what it says.\n"
        return b"", line.encode("utf-8", "replace")
    beginning = next((_BEGINNINGS[suffix] for suffix in sorted(suffixes & _BEGINNINGS.keys())), b"")
    if not beginning and file.mode & 0o111:
        beginning = _ELF
    key = f"{name}\x1f{file.size_bytes}".encode("utf-8", "surrogatepass")
    return beginning, hashlib.shake_128(key).digest(8192)
