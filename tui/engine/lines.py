"""Endless answers, line by line: what the event stream needs, whichever way it was opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol


class Lines(Protocol):
    """An endless answer on a connection of its own. Iterated in one thread, closed from any."""

    def __iter__(self) -> Iterator[bytes]:
        """The lines as they arrive. Ends when either side closes the connection, whatever way it breaks."""
        ...

    def close(self) -> None:
        """Close the connection; a reader blocked on it wakes up. May be called twice."""
        ...


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines that ``chunks`` make up, without the empty ones; a last one that was cut off comes along."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())
    if rest.strip():
        yield rest
