"""Sizes that only have to be asked for."""

from __future__ import annotations

from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.host import DiskUsage
from tui.model.mark import Kind
from tui.present.figures import count


def unmeasured_words(plan: CleanupPlan, usage: DiskUsage | None) -> str:
    """What a key would bring to light, in a sentence; empty where the engine has been asked and does not say.

    Args:
        plan: what is shown.
        usage: what the engine has said of its disk last; ``None`` before that.
    """
    waiting = [step for step in plan.ready if _not_asked_for(step, usage)]
    if not waiting:
        return ""
    if usage is None:
        return "Sizes have not been measured yet: r reads them."
    were = "was" if len(waiting) == 1 else "were"
    return f"The size of {count(len(waiting), 'thing')} {were} not measured yet: r reads sizes again."


def _not_asked_for(step: Step, usage: DiskUsage | None) -> bool:
    """Whether the engine has not been asked since the thing is there."""
    match step.kind:
        case Kind.VOLUME:
            return usage is None or (step.reviewed.size_bytes is None and step.id not in usage.volumes)
        case Kind.CONTAINER:
            return usage is None or step.id not in usage.containers
        case _:
            return False
