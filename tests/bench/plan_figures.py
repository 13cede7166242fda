"""How long a plan takes to be made from everything marked, and to be written and read: the model alone."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.bench.figures import Figure
from tests.bench.recompute_figures import every_mark, photograph
from tui.model.cleanup_plan import Step
from tui.model.cleanup_planning import plan_cleanup
from tui.model.cleanup_suggestions import suggestions
from tui.model.docker_commands import removal_commands
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.plan_document import plan_of, to_document

GOAL_MILLISECONDS = 300
GOAL_RATIO = 15.0
"""So many times as long as a bare list of the same steps: order, readiness, obstacles and figures are in it."""
_WORLD = "plan"


def plan_figures(*, quick: bool = False) -> Iterator[Figure]:
    """Everything marked, and then everything but the containers: half of the images are blocked then."""
    inventory, holdings = photograph()
    marks = frozenset(every_mark(inventory))
    without = frozenset(mark for mark in marks if mark.kind is not Kind.CONTAINER)
    times = 5 if quick else 25

    # Each time from a fresh photograph: its indexes are a part of what the plan costs.
    ours = _timed(lambda: plan_cleanup(replace(inventory), holdings, marks), times)
    plain = _timed(lambda: bare_list(replace(inventory), marks), times)
    plan = plan_cleanup(inventory, holdings, marks)
    if sum(step.freed.bytes or 0 for step in plan.ready) != plan.freed.bytes:
        raise AssertionError("the steps do not add up to the plan")
    note = f"{len(plan.steps):,} steps, {len(plan.ready):,} ready"
    yield Figure("plan made, median", _WORLD, statistics.median(ours), "ms", GOAL_MILLISECONDS, note=note)
    yield Figure("plan made, p95", _WORLD, statistics.quantiles(ours, n=20)[-1], "ms", GOAL_MILLISECONDS)
    yield Figure(
        "plan made, against a bare list of its steps", _WORLD, statistics.median(ours), "ms", GOAL_RATIO,
        reference=statistics.median(plain), note="median",
    )  # fmt: skip
    blocked = plan_cleanup(inventory, holdings, without)
    made = _timed(lambda: plan_cleanup(replace(inventory), holdings, without), times)
    note = f"{len(blocked.steps) - len(blocked.ready):,} blocked"
    yield Figure("plan without the containers, median", _WORLD, statistics.median(made), "ms", note=note)
    asked = _timed(lambda: suggestions(blocked, inventory, holdings), times)
    yield Figure("what could be added to it, median", _WORLD, statistics.median(asked), "ms")
    text = json.dumps(to_document(blocked, 0.0))
    written = _timed(lambda: json.dumps(to_document(blocked, 0.0)), times)
    yield Figure("plan written, median", _WORLD, statistics.median(written), "ms", note=f"{len(text) / 1e6:.1f} MB")
    read = _timed(lambda: plan_of(json.loads(text)), times)
    yield Figure("plan read and checked, median", _WORLD, statistics.median(read), "ms")


def bare_list(inventory: Inventory, marks: frozenset[Mark]) -> list[Step]:
    """A step with its commands for everything marked, as it comes: the least that any plan costs."""
    by_thing: dict[tuple[Kind, str], list[Mark]] = {}
    for mark in marks:
        by_thing.setdefault((mark.kind, mark.id), []).append(mark)
    known = {
        Kind.CONTAINER: inventory.containers_by_id,
        Kind.IMAGE: inventory.images_by_id,
        Kind.VOLUME: inventory.volumes_by_name,
        Kind.CACHE_RECORD: inventory.cache_records_by_id,
    }
    steps = []
    for (kind, identity), found in by_thing.items():
        if identity in known[kind]:
            step = Step(kind, identity, identity, tuple(found))
            steps.append(replace(step, commands=removal_commands(step)))
    return steps


def _timed(work: Callable[[], object], times: int) -> list[float]:
    """Milliseconds for each time, after one that does not count."""
    work()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return found
