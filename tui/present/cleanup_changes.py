"""How a plan has changed by itself, and whether what it does is still what was agreed to."""

from __future__ import annotations

from tui.model.cleanup_plan import CleanupPlan, Standing, Step
from tui.present.cleanup_plan import short_reason, step_name
from tui.present.figures import count

_MOST_CHANGES = 2


def change_words(before: CleanupPlan, after: CleanupPlan) -> str:
    """How the plan has changed by itself, in a sentence or two; empty when it only says its bytes differently."""
    old = {step.key: step for step in before.steps}
    new = {step.key: step for step in after.steps}
    said = [f"{_called(step)} is no longer there." for key, step in old.items() if key not in new]
    for key, step in new.items():
        was = old.get(key)
        if was is None:
            said.append(f"{_called(step)} is in the plan now.")
        elif was.standing is Standing.READY and step.standing is not Standing.READY:
            why = "; ".join(short_reason(obstacle) for obstacle in step.obstacles)
            said.append(f"{_called(step)} can't go any more: {why or f'your rule {step.protected_by} keeps it'}.")
        elif was.standing is not Standing.READY and step.standing is Standing.READY:
            said.append(f"{_called(step)} can go now.")
        elif deed_of(was) != deed_of(step):
            said.append(f"{_called(step)} has changed.")
    more = len(said) - _MOST_CHANGES
    return " ".join((*said[:_MOST_CHANGES], *([f"And {count(more, 'other change')}."] if more > 0 else [])))


def _called(step: Step) -> str:
    return f"{step.kind.capitalize()} {step_name(step)}"


def deed_of(step: Step) -> tuple[object, ...]:
    """What is done by a step, and to what: all that is agreed to when a plan is confirmed, apart from figures."""
    reviewed = step.reviewed._replace(size_bytes=None)
    return (step.key, step.standing, step.untags, step.removes_object, step.force, reviewed)


def deeds_of(plan: CleanupPlan) -> tuple[tuple[object, ...], ...]:
    """Everything that carrying out ``plan`` does."""
    return ((plan.engine_id,), *(deed_of(step) for step in plan.ready))
