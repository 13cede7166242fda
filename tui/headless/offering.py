"""What could go along with a plan, in the flags that would add it, and what a saved plan tells people besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tui.headless.world import World
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_suggestions import Suggestion
from tui.model.docker_commands import shell_words
from tui.model.engine_disk import EngineDisk, log_sum, removed_containers
from tui.model.mark import Kind, Mark
from tui.present.cleanup_plan import SuggestionSpot, amount, names_of, suggestion_words
from widgets.literal import literal

_FLAGS = {Kind.CONTAINER: "--container", Kind.IMAGE: "--image", Kind.VOLUME: "--volume"}


def could_go(offered: Sequence[Suggestion], world: World) -> Iterator[str]:
    """What could be added to a plan, what each of that would free on top of it, and how to ask for it."""
    if not offered:
        return
    yield ""
    yield "Could go as well (not in this plan; say so with these flags, or choose it in the explorer's plan, D):"
    for one in offered:
        words = suggestion_words(SuggestionSpot(one, names_of(one.marks, world.inventory)))
        yield f"  {'+ ' + amount(one.freed):>12}  {literal(words)}"
        all_cache = any(mark.kind is Kind.CACHE_RECORD for mark in one.marks)
        takes = "   (with every other record that no build uses)" if all_cache else ""
        yield f"  {'':12}  {literal(shell_words(flags_of(one.marks)))}{takes}"


def flags_of(marks: Sequence[Mark]) -> tuple[str, ...]:
    """The flags of ``orlop plan`` that add these marks. A record of the build cache can't be named there: all go."""
    words: list[str] = []
    for mark in marks:
        if mark.kind is not Kind.CACHE_RECORD:
            words += (_FLAGS[mark.kind], mark.tag or mark.id)
    if any(mark.kind is Kind.CACHE_RECORD for mark in marks):
        words.append("--cache")
    return tuple(words)


def notes_document(plan: CleanupPlan, offered: Sequence[Suggestion], disk: EngineDisk) -> Mapping[str, Any]:
    """What stands beside a saved plan for people and scripts to read; nothing of it is ever carried out."""
    logs = log_sum(disk, removed_containers(plan))
    return {
        "logs_bytes": logs.size_bytes if not logs.unmeasured else None,
        "logs_not_measured": logs.unmeasured,
        "could_go_as_well": [
            {
                "reason": one.reason.value,
                "frees": {"bytes": one.freed.bytes, "certainty": one.freed.certainty.value},
                "flags": list(flags_of(one.marks)),
            }
            for one in offered
        ],
    }
