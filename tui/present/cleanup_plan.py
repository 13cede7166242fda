"""A plan in words: its steps in the order they run, what can't go and why, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.model.cleanup_plan import CleanupPlan, Standing, Step
from tui.model.cleanup_suggestions import Reason, Suggestion
from tui.model.engine_disk import DiskSight
from tui.model.estimate import Certainty, Estimate
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark
from tui.model.removal import Hindrance, Obstacle
from tui.present.cleanup_disk import backup_warnings, plan_logs
from tui.present.figures import count, exact_bytes, short_id, size
from tui.present.removal import DOUBTS
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node

_HEADINGS = {
    Kind.CONTAINER: "Containers",
    Kind.IMAGE: "Images",
    Kind.VOLUME: "Volumes",
    Kind.CACHE_RECORD: "Build cache",
}


class Heading(NamedTuple):
    """A heading in the plan, with what stands below it."""

    title: str
    steps: tuple[Step, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


class StepSpot(NamedTuple):
    """A step in the plan. ``number`` counts those that will be carried out, from 1 on; 0 for the others."""

    step: Step
    number: int = 0


class SuggestionSpot(NamedTuple):
    """Something that could go as well. ``names`` are what its objects are called."""

    suggestion: Suggestion
    names: tuple[str, ...]


def short_name(name: str) -> str:
    """A name, with the made-up ones of anonymous volumes (64 hex digits) shortened."""
    return short_id(name) if len(name) == 64 else name


def names_of(marks: Iterable[Mark], inventory: Inventory) -> tuple[str, ...]:
    """What the objects of ``marks`` are called, each once."""
    return tuple(dict.fromkeys(_name_of(mark, inventory) for mark in marks))


def _name_of(mark: Mark, inventory: Inventory) -> str:
    container = inventory.containers_by_id.get(mark.id)
    record = inventory.cache_records_by_id.get(mark.id)
    if mark.kind is Kind.CONTAINER and container is not None and container.name:
        return container.name
    if mark.kind is Kind.CACHE_RECORD and record is not None and record.description:
        return record.description
    if mark.kind is Kind.VOLUME:
        return short_name(mark.id)
    return mark.tag or short_id(mark.id)


def step_name(step: Step) -> str:
    """What a step's object is called."""
    if step.kind is Kind.IMAGE and not step.removes_object:
        return ", ".join(step.untags)
    return short_name(step.name) or short_id(step.id)


def plan_nodes(plan: CleanupPlan, offered: Iterable[SuggestionSpot]) -> tuple[Node, ...]:
    """The plan as a tree: what goes, by kind and in order; what can't; what is protected; what could go as well."""
    numbers = {step.key: number for number, step in enumerate(plan.ready, 1)}
    groups = [(title, tuple(step for step in plan.ready if step.kind is kind)) for kind, title in _HEADINGS.items()]
    groups.append(("Can't go", in_standing(plan, Standing.BLOCKED)))
    groups.append(("Protected", in_standing(plan, Standing.PROTECTED)))
    nodes = [
        Node(
            f"heading {title}",
            Heading(title, steps),
            tuple(Node(step_key(step), StepSpot(step, numbers.get(step.key, 0))) for step in steps),
            open=True,
        )
        for title, steps in groups
        if steps
    ]
    spots = tuple(offered)
    if spots:
        suggestions = tuple(spot.suggestion for spot in spots)
        rows = tuple(Node(_suggestion_key(spot.suggestion), spot) for spot in spots)
        nodes.append(Node("heading could", Heading("Could go as well", suggestions=suggestions), rows, open=True))
    return tuple(nodes)


def in_standing(plan: CleanupPlan, standing: Standing) -> tuple[Step, ...]:
    """The steps that stand so."""
    return tuple(step for step in plan.steps if step.standing is standing)


def step_key(step: Step) -> str:
    """The key of a step's row; the same in every version of the plan."""
    return f"step {step.kind} {step.id}"


def _suggestion_key(suggestion: Suggestion) -> str:
    if suggestion.reason is Reason.UNBLOCKS:
        return f"could {suggestion.reason} {sorted(suggestion.marks)[0]}"
    return f"could {suggestion.reason}"


# -- rows -----------------------------------------------------------------------------------------


def amount(freed: Estimate, *, exact: bool = False) -> str:
    """What comes back, short: ``1.2 GB``, ``≤ 1.2 GB``, ``≥ 1.2 GB``, ``~ 1.2 GB``; ``?`` when nobody knows."""
    if freed.bytes is None or freed.certainty is Certainty.UNKNOWN:
        return "?"
    sign = {Certainty.UP_TO: "≤ ", Certainty.AT_LEAST: "≥ ", Certainty.ABOUT: "~ "}.get(freed.certainty, "")
    return sign + (exact_bytes(freed.bytes) if exact else size(freed.bytes))


def plan_row(data: object, back_up: frozenset[str], *, exact: bool) -> RowText:
    """A row of the plan."""
    match data:
        case Heading():
            return _heading_row(data)
        case StepSpot():
            return _step_row(data, back_up, exact=exact)
        case SuggestionSpot():
            freed = Cell(f"+ {amount(data.suggestion.freed, exact=exact)}", Role.NUMBER)
            return RowText((Cell("+ ", Role.ACCENT), Cell(suggestion_words(data))), (freed,))
        case _:
            return RowText(())


def _heading_row(heading: Heading) -> RowText:
    number = len(heading.steps or heading.suggestions)
    return RowText((Cell(heading.title, Role.STRONG), Cell(f"  {number:,}", Role.MUTED)))


def _step_row(spot: StepSpot, back_up: frozenset[str], *, exact: bool) -> RowText:
    step = spot.step
    name = Cell(step_name(step), Role.STRONG)
    if step.standing is Standing.BLOCKED:
        why = "; ".join(short_reason(obstacle) for obstacle in step.obstacles)
        helps = "  a helps" if step.helped_by else ""
        return RowText((Cell("✗ ", Role.BAD), name, Cell(f"  {why}", Role.WARNING)), (Cell(helps, Role.ACCENT),))
    if step.standing is Standing.PROTECTED:
        return RowText((Cell("– ", Role.MUTED), name, Cell(f"  kept by your rule {step.protected_by}", Role.MUTED)))
    told = tuple(_notes(step, back_up))
    notes = "".join(f"  {note}" for note, _role in told)
    grave = any(role is Role.WARNING for _note, role in told)
    left = (Cell(f"{spot.number:>2} ", Role.MUTED), name, Cell(notes, Role.WARNING if grave else Role.MUTED))
    return RowText(left, (Cell(amount(step.freed, exact=exact), Role.NUMBER),))


def _notes(step: Step, back_up: frozenset[str]) -> Iterator[tuple[str, Role]]:
    """What a row says besides the name, and how much that matters."""
    if step.force:
        yield f"{step.reviewed.state or 'running'}: killed", Role.WARNING
    elif step.kind is Kind.CONTAINER and step.reviewed.state:
        yield step.reviewed.state, Role.MUTED
    if step.kind is Kind.IMAGE and not step.removes_object:
        yield f"only the name{'s' if len(step.untags) > 1 else ''}", Role.MUTED
    if step.kind is Kind.VOLUME:
        if step.device:
            yield f"only points to {step.device}, whose files stay", Role.MUTED
        if step.id in back_up:
            yield "backed up first", Role.MUTED
        elif step.named_volume and not step.device:
            yield "no backup", Role.WARNING


def short_reason(obstacle: Obstacle) -> str:
    """What stands in the way, in a few words."""
    number = len(obstacle.containers) or len(obstacle.images) or len(obstacle.names)
    match obstacle.hindrance:
        case Hindrance.RUNNING_CONTAINERS:
            return f"{count(number, 'container runs', 'containers run')} on it"
        case Hindrance.STOPPED_CONTAINERS:
            return f"{count(number, 'stopped container')} on it"
        case Hindrance.SEVERAL_NAMES:
            return f"it has {count(number, 'name')}"
        case Hindrance.CHILD_IMAGES:
            built = "built on it" if obstacle.certain else "may be built on it"
            return f"{count(number, 'image')} {built}"
        case Hindrance.ALIVE:
            return "it is running"
        case Hindrance.BEING_REMOVED:
            return "it is being removed already"
        case Hindrance.VOLUME_USED:
            return f"{count(number, 'container mounts', 'containers mount')} it"
        case Hindrance.CACHE_IN_USE:
            return "a build is using it"
        case Hindrance.CACHE_CHILDREN:
            return f"{count(number, 'record')} made from it"
        case Hindrance.NOT_LISTED:
            return "what uses it is still being listed"


def obstacle_lines(obstacle: Obstacle) -> tuple[Line, ...]:
    """Why a step can't be carried out, and what stands in its way, one a line."""
    names = [short_name(one.name) or short_id(one.id) for one in obstacle.containers]
    names += [", ".join(one.tags) or short_id(one.id) for one in obstacle.images]
    names += [short_id(name) for name in obstacle.names]
    reason = short_reason(obstacle)
    first: Line = (Cell(f"{reason[:1].upper()}{reason[1:]}{':' if names else '.'}", Role.WARNING),)
    return (first, *((Cell(f"  {name}", Role.STRONG),) for name in names))


def suggestion_words(spot: SuggestionSpot) -> str:
    """What a suggestion adds."""
    suggestion = spot.suggestion
    number = len({(mark.kind, mark.id) for mark in suggestion.marks})
    match suggestion.reason:
        case Reason.UNBLOCKS:
            steps = len(suggestion.steps)
            return f"{_things(suggestion.marks, spot.names)}, so that {count(steps, 'blocked one')} can go"
        case Reason.LEFT_VOLUMES:
            return f"{count(number, 'anonymous volume')} that the plan leaves without a container"
        case Reason.LEFT_DANGLING:
            return f"{count(number, 'untagged image')} that the plan leaves without a container"
        case Reason.LEFT_UNUSED:
            return f"{count(number, 'image')} that the plan leaves without a container"
        case Reason.LEFT_PARENTS:
            return f"{count(number, 'image')} that only what goes was built on"
        case Reason.LEFT_CACHE:
            return f"{count(number, 'cache record')} that only what goes was made from"


def _things(marks: Iterable[Mark], names: tuple[str, ...]) -> str:
    kinds = {mark.kind for mark in marks}
    noun = str(next(iter(kinds))) if len(kinds) == 1 else "thing"
    return f"{noun} {names[0]}" if len(names) == 1 else count(len(names), noun)


# -- what it comes to -----------------------------------------------------------------------------


def freed_words(freed: Estimate) -> str:
    """What comes back, with its bytes and how far to trust it, but not why: ``exactly 1.2 GB (1,243,112,448 B)``."""
    if freed.bytes is None or freed.certainty is Certainty.UNKNOWN:
        return "an unknown amount"
    if not freed.bytes:
        return "nothing" if freed.certainty is Certainty.EXACT else "little or nothing"
    bytes_too = f" ({exact_bytes(freed.bytes)})" if freed.bytes >= 1000 else ""
    return f"{'exactly' if freed.certainty is Certainty.EXACT else freed.certainty} {size(freed.bytes)}{bytes_too}"


def sum_lines(
    plan: CleanupPlan, back_up: frozenset[str], sight: DiskSight | None = None, *, reading: bool = False
) -> tuple[Line, ...]:
    """What stands at the bottom: how many steps, what they free and how certain that is, and what is grave in it.

    The figure is of what the engine counts, so that it can be held against the engine's own figures afterwards; what
    ``sight`` tells of logs and of backups stands beside it.
    """
    blocked, kept = len(in_standing(plan, Standing.BLOCKED)), len(in_standing(plan, Standing.PROTECTED))
    parts: list[Cell] = [Cell(count(len(plan.ready), "step"), Role.STRONG)]
    if plan.ready:
        freed = Cell(f" free{'s' if len(plan.ready) == 1 else ''} {freed_words(plan.freed)}", Role.GOOD)
        parts.append(freed)
        if logs := plan_logs(plan, sight):
            parts.append(Cell(f" {logs}", Role.GOOD))
    if blocked:
        parts.append(Cell(f" · {blocked:,} can't go", Role.WARNING))
    if kept:
        parts.append(Cell(f" · {kept:,} protected", Role.MUTED))
    lines: list[Line] = [tuple(parts)]
    if reading:
        lines.append((Cell("Layers are still being read: the figures may change.", Role.WARNING),))
    elif plan.freed.doubts:
        why = "; ".join(DOUBTS[doubt] for doubt in plan.freed.doubts)
        lines.append((Cell(f"Not certain: {why}.", Role.WARNING),))
    grave = grave_words(plan, back_up)
    if grave:
        lines.append((Cell(grave, Role.WARNING),))
    lines += ((Cell(sentence, Role.WARNING),) for sentence in backup_warnings(plan, back_up, sight))
    return tuple(lines)


def grave_words(plan: CleanupPlan, back_up: frozenset[str]) -> str:
    """What in it can't be undone, in one sentence; empty when there is nothing of the kind."""
    parts = []
    if plan.kills:
        parts.append(f"kills {count(len(plan.kills), 'running container')}")
    named = [step for step in plan.emptied if step.named_volume]
    if named:
        bare = sum(step.id not in back_up for step in named)
        number = len(named)
        some = "no backup" if bare == number else f"{bare:,} of them without a backup"
        saved = f" ({some}: b, B)" if bare else " (backed up first)"
        parts.append(f"deletes {count(number, 'named volume')}{saved}")
    return f"It {' and '.join(parts)}." if parts else ""
