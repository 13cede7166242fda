"""Which entry of a layer's tar is the file at a path: tars may name a path twice, and a file by several names."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tui.contents.byte_source import ByteSource
from tui.contents.tar_walk import Member, TarWalk


class LayerEntry(NamedTuple):
    """An entry of a layer's tar."""

    number: int
    """How many stand before it."""
    member: Member


def last_entry(
    source: ByteSource,
    path: str,
    before: int | None = None,
    *,
    on_candidate: Callable[[Member], None] | None = None,
) -> LayerEntry | None:
    """The entry that ``path`` stands for in the layer whose tar begins in ``source``; ``None`` when there is none.

    Of several the last one counts, as for who unpacks the layer. Where ``before`` is the number of a hard link, it is
    the last one before that, which is what the link's target was when the link was made; a target that only comes
    later is found too. This is how :class:`~tui.model.layer_files.LayerBuilder` has it.

    Args:
        on_candidate: told of each entry that may be it, the right one last; its body comes next in ``source``.

    Raises:
        BrokenArchiveError: the tar is cut short or damaged.
        StoppedError: nobody wants it any more.
    """
    found = None
    for number, member in enumerate(TarWalk(source).members()):
        if found is not None and before is not None and found.number < before <= number:
            break
        if member.path == path:
            found = LayerEntry(number, member)
            if on_candidate is not None:
                on_candidate(member)
    return found
