"""What is known of one row of a plan, and what is asked before a plan is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tui.model.cleanup_plan import CleanupPlan, Standing, Step
from tui.model.cleanup_suggestions import Suggestion
from tui.model.docker_commands import shell_words
from tui.model.engine_disk import DiskSight
from tui.model.mark import Kind
from tui.present.cleanup_disk import backup_warnings, plan_logs, step_logs
from tui.present.cleanup_plan import (
    Heading,
    StepSpot,
    SuggestionSpot,
    freed_words,
    obstacle_lines,
    step_name,
)
from tui.present.figures import count
from tui.present.removal import freed_text
from widgets.cell import Cell, Fact, Line, Role, Section

WORD = "delete"
"""What has to be typed before running containers or named volumes go."""


def _say(text: str, role: Role = Role.NORMAL) -> Fact:
    return Fact("", (Cell(text, role),))


def plan_sections(
    data: object, back_up: frozenset[str], offered: Sequence[Suggestion], sight: DiskSight | None = None
) -> tuple[Section, ...]:
    """What is known of a row of the plan; ``sight`` is what was seen of the disks, if anybody has looked."""
    match data:
        case Heading():
            return (Section(data.title, tuple(_heading_facts(data))),)
        case StepSpot():
            return tuple(_step_sections(data, back_up, offered, sight))
        case SuggestionSpot():
            names = tuple(_say(f"  {name}", Role.STRONG) for name in data.names)
            gain = f"Comes back on top of the plan: {freed_words(data.suggestion.freed)}."
            return (
                Section("Could go as well", (_say(gain, Role.GOOD), _say("Enter or a adds it to the plan."))),
                Section("What it is", names),
            )
        case _:
            return ()


_HEADING_WORDS = {
    "Containers": "Go first: then nothing holds what comes after. Logs, and what they wrote outside volumes, go too.",
    "Images": "Go after the containers. Layers that something else holds stay.",
    "Volumes": "Go with every file in them: this can't be undone. b backs one up first, B all of them.",
    "Build cache": "Goes last, record by record. Builds take longer the next time.",
    "Can't go": "The engine would refuse these, so they are not tried. On each it says what would help; a adds that.",
    "Protected": "Your own rules keep these. P on the main screen lifts that for one object, for this session.",
    "Could go as well": "Not in the plan. Enter or a adds one of them.",
}


_ENTRIES_GO = "Only their entries go: the files are elsewhere, and stay."


def _heading_facts(heading: Heading) -> Iterator[Fact]:
    pointing = bool(heading.steps) and all(step.device for step in heading.steps)
    yield _say(_ENTRIES_GO if pointing and heading.title == "Volumes" else _HEADING_WORDS[heading.title])
    for step in heading.steps:
        yield _say(f"  {step_name(step)}", Role.STRONG)


def _step_sections(
    spot: StepSpot, back_up: frozenset[str], offered: Sequence[Suggestion], sight: DiskSight | None
) -> Iterator[Section]:
    step = spot.step
    title = f"{step.kind.capitalize()} {step_name(step)}"
    match step.standing:
        case Standing.READY:
            facts = [_say(sentence, role) for sentence, role in _deed(step, back_up)]
            at_this_point = " at this point" if step.freed.bytes else ""
            freed = freed_text(step.freed).replace("Frees", f"Frees{at_this_point}", 1)
            facts.append(_say(freed, Role.GOOD if step.freed.bytes else Role.NORMAL))
            yield Section(title, (*facts, *_beside(step, back_up, sight)))
        case Standing.BLOCKED:
            lines = [line for obstacle in step.obstacles for line in obstacle_lines(obstacle)]
            yield Section(title, (_say("Can't go:", Role.BAD), *(Fact("", line) for line in lines)))
            yield Section("What would help", tuple(_help(step, offered)))
        case Standing.PROTECTED:
            yield Section(
                title,
                (
                    _say(f"Your rule {step.protected_by} keeps it, so it is not removed."),
                    _say("P on it, on the main screen, lifts that on purpose and for this session."),
                ),
            )
    identity = () if step.kind is Kind.VOLUME else (Fact("ID", (Cell(step.id),)),)
    commands = tuple(_say(shell_words(command)) for command in step.commands)
    if identity:
        yield Section("", identity)
    if commands:
        yield Section("The same with docker (y copies)", commands)


def _beside(step: Step, back_up: frozenset[str], sight: DiskSight | None) -> Iterator[Fact]:
    """What the disk gains and loses besides what the engine counts."""
    if logs := step_logs(step, sight):
        yield _say(logs)
    if step.id in back_up:
        yield from (_say(sentence, Role.WARNING) for sentence in backup_warnings(CleanupPlan((step,)), back_up, sight))


def _deed(step: Step, back_up: frozenset[str]) -> Iterator[tuple[str, Role]]:
    """What is done, in sentences."""
    match step.kind:
        case Kind.CONTAINER if step.force:
            yield "Killed, without a chance to finish, and removed with its logs and own files.", Role.WARNING
        case Kind.CONTAINER:
            yield "Removed, with its logs and the files it wrote outside volumes.", Role.NORMAL
        case Kind.IMAGE if not step.removes_object:
            noun = "name goes" if len(step.untags) == 1 else "names go"
            yield f"Only the {noun}. The image stays under another one.", Role.NORMAL
        case Kind.IMAGE:
            yield "Removed, with every layer that nothing else holds.", Role.NORMAL
            if len(step.reviewed.tags) > 1:
                yield f"All its names go: {', '.join(step.reviewed.tags)}.", Role.NORMAL
        case Kind.VOLUME if step.device:
            yield f"The volume only points to {step.device}. Its entry goes; the files there stay.", Role.NORMAL
            if step.id in back_up:
                yield "What is there now is backed up first and verified; if that fails the entry stays.", Role.GOOD
        case Kind.VOLUME:
            yield "Every file in it is deleted. This can't be undone.", Role.WARNING
            if step.id in back_up:
                yield "Backed up first and verified; if that fails it stays.", Role.GOOD
            else:
                yield "It is not backed up; b does that first.", Role.WARNING
        case Kind.CACHE_RECORD:
            yield "This one record is removed from the build cache.", Role.NORMAL


def _help(step: Step, offered: Sequence[Suggestion]) -> Iterator[Fact]:
    if not step.helped_by:
        yield _say("Nothing that could be added to the plan.")
        return
    things = {(mark.kind, mark.id) for mark in step.helped_by}
    kinds = {kind for kind, _identity in things}
    noun = str(next(iter(kinds))) if len(kinds) == 1 else "thing"
    yield _say(f"a adds {count(len(things), noun)} to the plan, and then it can go.", Role.ACCENT)
    found = next((one for one in offered if step.key in one.steps), None)
    if found is not None:
        yield _say(f"Comes back on top of the plan: {freed_words(found.freed)}.", Role.GOOD)


# -- before it is carried out ---------------------------------------------------------------------


def go_title(plan: CleanupPlan) -> Line:
    """The question."""
    things = "1 thing" if len(plan.ready) == 1 else f"these {len(plan.ready):,} things"
    return (Cell(f"Remove {things}?", Role.STRONG),)


def go_lines(plan: CleanupPlan, back_up: frozenset[str], sight: DiskSight | None = None) -> tuple[Line, ...]:
    """What will go, and what is grave in it; ``sight`` is what was seen of the disks, if anybody has looked."""
    logs = plan_logs(plan, sight)
    lines: list[Line] = [(Cell(f"Frees {freed_words(plan.freed)}{f' {logs}' if logs else ''}.", Role.GOOD),)]
    lines += ((Cell(sentence, Role.WARNING),) for sentence in backup_warnings(plan, back_up, sight))
    lines.append((Cell(f"{', '.join(_counts(plan))}. Nothing that is not in the plan is touched."),))
    if plan.kills:
        lines += [(), (Cell("Killed while they run, without a chance to finish:", Role.WARNING),)]
        lines += _names(plan.kills)
    for title, role, steps in _volume_groups(plan, back_up):
        if steps:
            lines += [(), (Cell(title, role),)]
            lines += _names(steps)
    return tuple(lines)


def _volume_groups(plan: CleanupPlan, back_up: frozenset[str]) -> Iterator[tuple[str, Role, tuple[Step, ...]]]:
    """Volumes by what becomes of their files."""
    bare = tuple(step for step in plan.emptied if step.id not in back_up)
    saved = tuple(step for step in plan.emptied if step.id in back_up)
    yield "Deleted with all their files, and without a backup:", Role.BAD, bare
    yield "Backed up and verified first, then deleted:", Role.WARNING, saved
    yield "Only the entry goes, the files stay where they are:", Role.NORMAL, plan.pointing


_MOST_NAMES = 8
_LONGEST_NAME = 100
"""Characters. No name that a person gives is longer, and one that is must not hide what else goes."""


def _names(steps: Sequence[Step]) -> Iterable[Line]:
    for step in steps[:_MOST_NAMES]:
        where = Cell(f"  in {_brief(step.device)}" if step.device else "", Role.MUTED)
        yield (Cell(f"  {_brief(step_name(step))}", Role.STRONG), where)
    if len(steps) > _MOST_NAMES:
        yield (Cell(f"  and {len(steps) - _MOST_NAMES:,} more: see the plan", Role.MUTED),)


def _brief(name: str) -> str:
    """A name in at most a row or two: its beginning and its end; the plan shows all of it."""
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[-half:]}"


def _counts(plan: CleanupPlan) -> Iterator[str]:
    whole = [step.kind for step in plan.ready if step.removes_object]
    for kind in Kind:
        if kind in whole:
            yield count(whole.count(kind), str(kind))
    names = sum(len(step.untags) for step in plan.ready if not step.removes_object)
    if names:
        yield f"{count(names, 'tag')} of images that stay"


def typing_line() -> Line:
    """The request to type the word."""
    return (Cell("To go on, type "), Cell(WORD, Role.STRONG), Cell(":"))
