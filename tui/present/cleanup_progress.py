"""A cleanup under way, and its receipt, in words: each step with a sign, a colour and a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.model.cleanup_progress import CleanupProgress, RunState, StepProgress, StepState
from tui.model.docker_commands import shell_words
from tui.model.estimate import Certainty
from tui.model.mark import Kind
from tui.present.cleanup_disk import gone_logs, room_change
from tui.present.cleanup_plan import amount, freed_words, step_key, step_name
from tui.present.figures import count, exact_bytes, size
from tui.present.reading import elapsed_text
from tui.present.removal import DOUBTS
from widgets.cell import Cell, Fact, Line, Role, RowText, Section
from widgets.node import Node
from widgets.size_bar import size_bar

_SIGNS = {
    StepState.WAITING: ("·", "waiting", Role.MUTED),
    StepState.CHECKING: ("…", "checking", Role.ACCENT),
    StepState.BACKING_UP: ("…", "backing up", Role.ACCENT),
    StepState.VERIFYING: ("…", "verifying the backup", Role.ACCENT),
    StepState.REMOVING: ("…", "removing", Role.ACCENT),
    StepState.DONE: ("✓", "removed", Role.GOOD),
    StepState.SKIPPED: ("–", "skipped", Role.WARNING),
    StepState.FAILED: ("✗", "failed", Role.BAD),
    StepState.DROPPED: ("–", "let be", Role.MUTED),
}

RECEIPT_KEY = "receipt"


class ReceiptSpot(NamedTuple):
    """The row of the receipt itself."""


class RunSpot(NamedTuple):
    """One step of the run."""

    one: StepProgress
    stopped: bool
    """True when the run was stopped: what waits is not removed."""


def current_step(progress: CleanupProgress) -> StepProgress | None:
    """The step under way."""
    return next((one for one in progress.steps if not one.state.over and one.state is not StepState.WAITING), None)


def progress_nodes(progress: CleanupProgress) -> tuple[Node, ...]:
    """A row for each step; once it is over, the receipt above them."""
    stopped = progress.state is RunState.STOPPED
    rows = tuple(Node(step_key(one.step), RunSpot(one, stopped)) for one in progress.steps)
    return (Node(RECEIPT_KEY, ReceiptSpot()), *rows) if progress.over else rows


def progress_row(data: object, *, exact: bool) -> RowText:
    """A row of the run."""
    match data:
        case ReceiptSpot():
            return RowText((Cell("Receipt", Role.STRONG),))
        case RunSpot():
            one = data.one
            sign, word, role = _SIGNS[one.state]
            if data.stopped and one.state is StepState.WAITING:
                word = "not begun"
            elif one.state is StepState.DONE and not one.step.removes_object:
                word = "untagged"
            elif one.state is StepState.DONE and one.step.device:
                word = f"entry removed, the files in {one.step.device} stay"
            how = _how_far(one)
            said = f"{word}{how}{f': {one.sentence}' if one.sentence else ''}"
            kind = Cell(f"{one.step.kind} ", Role.MUTED)
            left = (Cell(f"{sign} ", role), kind, Cell(step_name(one.step), Role.STRONG), Cell(f"  {said}", role))
            freed = Role.NUMBER if one.state is StepState.DONE else Role.MUTED
            return RowText(left, (Cell(amount(one.step.freed, exact=exact), freed),))
        case _:
            return RowText(())


def _how_far(one: StepProgress) -> str:
    if one.state not in {StepState.BACKING_UP, StepState.VERIFYING} or not one.done_bytes:
        return ""
    whole = one.step.reviewed.size_bytes
    return f" {size(one.done_bytes)}{f' of {size(max(whole, one.done_bytes))}' if whole else ''}"


def bar_line(progress: CleanupProgress, width: int) -> Line:
    """How much is done: of the steps as a bar, of the bytes in figures."""
    over = sum(one.state.over for one in progress.steps)
    now = current_step(progress)
    part = 0.0
    if now is not None and now.done_bytes and now.step.reviewed.size_bytes:
        # A backup is written once and verified once; what follows takes no time beside that.
        half = 0.5 if now.state is StepState.VERIFYING else 0.0
        part = half + min(0.5, now.done_bytes / now.step.reviewed.size_bytes / 2)
    words = f" {over:,} of {count(len(progress.steps), 'step')} · {size(progress.done_planned_bytes)}"
    words += f" of {amount(progress.planned)}"
    bar = size_bar(over + part, len(progress.steps), max(4, min(40, width - len(words) - 3)))
    return (Cell("▕", Role.MUTED), *bar, Cell("▏", Role.MUTED), Cell(words, Role.NUMBER))


def state_line(progress: CleanupProgress) -> Line:
    """What the run is doing, and what can be done about it."""
    now = current_step(progress)
    name = f" {step_name(now.step)}" if now is not None else ""
    match progress.state:
        case RunState.RUNNING if progress.measuring:
            return (Cell("Asking the engine for its figures before anything goes…", Role.ACCENT),)
        case RunState.RUNNING:
            return (Cell(f"Under way:{name or ' …'} · Esc leaves it running, p pauses, s stops", Role.ACCENT),)
        case RunState.PAUSING:
            return (Cell(f"Pausing once{name or ' the current step'} is finished…", Role.WARNING),)
        case RunState.PAUSED:
            return (Cell("Paused: nothing is removed now. p goes on, s stops for good.", Role.WARNING),)
        case RunState.STOPPED | RunState.FINISHED:
            return outcome_line(progress)


def outcome_line(progress: CleanupProgress) -> Line:
    """The end, in a sentence."""
    return (Cell(over_sentence(progress), over_role(progress)),)


def over_role(progress: CleanupProgress) -> Role:
    """How the end is to be taken."""
    if progress.in_state(StepState.FAILED):
        return Role.BAD
    fine = progress.state is RunState.FINISHED and not progress.in_state(StepState.SKIPPED)
    return Role.GOOD if fine else Role.WARNING


def over_sentence(progress: CleanupProgress) -> str:
    """What came of it: how many went, how many did not, and what came back."""
    parts = [f"{len(progress.in_state(StepState.DONE)):,} of {count(len(progress.steps), 'thing')} removed"]
    for state, word in ((StepState.SKIPPED, "skipped"), (StepState.FAILED, "failed"), (StepState.DROPPED, "let be")):
        if number := len(progress.in_state(state)):
            parts.append(f"{number:,} {word}")
    waiting = len(progress.in_state(StepState.WAITING))
    if waiting:
        parts.append(f"{waiting:,} not begun")
    freed = progress.freed_bytes
    if freed is not None:
        logs = gone_logs(progress)
        parts.append(f"{_came_back(freed)}{f' {logs}' if logs else ''}")
    elif progress.measuring:
        parts.append("measuring what came back…")
    head = "Stopped: " if progress.state is RunState.STOPPED else ""
    return f"{head}{', '.join(parts)}."


def _came_back(freed: int) -> str:
    """What the engine's figures have fallen by; while it ran something else may have written more than that."""
    return f"{_signed(freed)} freed" if freed >= 0 else f"{_signed(-freed)} more on the disk than before"


def _signed(freed: int) -> str:
    return f"{size(freed)} ({exact_bytes(freed)})" if abs(freed) >= 1000 else exact_bytes(freed)


# -- the receipt ----------------------------------------------------------------------------------


def progress_sections(data: object, progress: CleanupProgress, journal: str) -> tuple[Section, ...]:
    """What is known of a row of the run."""
    match data:
        case ReceiptSpot():
            return receipt_sections(progress, journal)
        case RunSpot():
            return tuple(_step_sections(data))
        case _:
            return ()


def _step_sections(spot: RunSpot) -> Iterator[Section]:
    one = spot.one
    _sign, word, role = _SIGNS[one.state]
    if spot.stopped and one.state is StepState.WAITING:
        word = "not begun, so it is still there"
    facts = [Fact("State", (Cell(word + _how_far(one), role),))]
    if one.sentence:
        facts.append(Fact("Why", (Cell(one.sentence, role),)))
    if one.state is StepState.FAILED:
        facts.append(Fact("", (Cell("r tries it again, R all that failed, d lets it be.", Role.ACCENT),)))
    if one.step.device:
        facts.append(Fact("", (Cell(f"It only points to {one.step.device}: the files there are not touched."),)))
    facts.append(Fact("To free", (Cell(freed_words(one.step.freed)),)))
    if one.backup_path:
        facts.append(Fact("Backup", (Cell(one.backup_path),)))
    if one.seconds:
        facts.append(Fact("Took", (Cell(elapsed_text(one.seconds)),)))
    if one.step.kind is not Kind.VOLUME:
        facts.append(Fact("ID", (Cell(one.step.id),)))
    yield Section(f"{one.step.kind.capitalize()} {step_name(one.step)}", tuple(facts))
    commands = tuple(Fact("", (Cell(shell_words(command)),)) for command in one.step.commands)
    if commands:
        yield Section("The same with docker (y copies)", commands)


def receipt_sections(progress: CleanupProgress, journal: str) -> tuple[Section, ...]:
    """Planned and really freed, what was not carried out and why, how long it took, and where that is written."""
    facts = [Fact("", outcome_line(progress))]
    if progress.sentence:
        facts.append(Fact("", (Cell(progress.sentence, Role.WARNING),)))
    facts.append(Fact("Planned", (Cell(freed_words(progress.planned)),)))
    facts.append(Fact("Freed", _freed_cells(progress)))
    facts += [Fact("", (Cell(sentence),)) for sentence in difference(progress)]
    if room := room_change(progress):
        facts.append(Fact("Disk free", (Cell(room, Role.NUMBER),)))
    facts.append(Fact("Time", (Cell(elapsed_text(progress.seconds)),)))
    facts.append(Fact("Journal", (Cell(journal), Cell(" " if journal else ""), Cell("(J reads it)", Role.MUTED))))
    sections = [Section("Receipt", tuple(facts))]
    parts = tuple(_part_facts(progress))
    if parts:
        sections.append(Section("The engine's own figures", parts))
    left = tuple(_not_done(progress))
    if left:
        sections.append(Section("Not removed", left))
    return tuple(sections)


def _freed_cells(progress: CleanupProgress) -> Line:
    if progress.freed_bytes is not None:
        freed = progress.freed_bytes
        words = _signed(freed) if freed >= 0 else _came_back(freed)
        logs = gone_logs(progress)
        return (Cell(words, Role.GOOD if freed > 0 else Role.NORMAL), Cell(f" {logs}" if logs else ""))
    if progress.measuring:
        return (Cell("measuring…", Role.ACCENT),)
    if not progress.in_state(StepState.DONE):
        return (Cell("nothing: no step was carried out"),)
    return (Cell("not known: the engine did not say", Role.WARNING),)


def difference(progress: CleanupProgress) -> Iterator[str]:
    """Why what came back is not what was planned, in sentences."""
    freed, planned = progress.freed_bytes, progress.planned.bytes
    if freed is None or planned is None:
        return
    done = progress.done_planned_bytes
    undone = len(progress.steps) - len(progress.in_state(StepState.DONE))
    if freed == planned and not undone:
        yield "To the byte what was planned."
        return
    if undone:
        were = count(undone, "step was", "steps were")
        yield f"{were} not carried out: {_signed(planned - done)} less."
        if freed == done:
            yield "The others freed to the byte what was planned of them."
            return
    off = freed - done
    yield f"That is {_signed(abs(off))} {'more' if off > 0 else 'less'} than the steps that are done were to free."
    if progress.planned.certainty is not Certainty.EXACT and progress.planned.doubts:
        yield f"The plan was not certain: {'; '.join(DOUBTS[doubt] for doubt in progress.planned.doubts)}."
    if off > 0:
        yield "The figures are the whole engine's: something else has removed something meanwhile, too."
    elif progress.planned.certainty is Certainty.EXACT:
        yield "The figures are the whole engine's: something else may have been written or removed meanwhile."


def _part_facts(progress: CleanupProgress) -> Iterator[Fact]:
    before, after = progress.before, progress.after
    if before is None:
        return
    parts = (
        ("Layers", before.layers_bytes, after.layers_bytes if after else None),
        ("Writable", before.writable_bytes, after.writable_bytes if after else None),
        ("Volumes", before.volumes_bytes, after.volumes_bytes if after else None),
        ("Build cache", before.cache_bytes, after.cache_bytes if after else None),
    )
    unknown = "measuring…" if progress.measuring else "not known"
    for label, was, now in parts:
        then = size(now) if now is not None else unknown
        gone = f"  ({_signed(was - now)} less)" if was is not None and now is not None and was > now else ""
        left = size(was) if was is not None else "not known"
        yield Fact(label, (Cell(left, Role.NUMBER), Cell(" → ", Role.MUTED), Cell(then, Role.NUMBER), Cell(gone)))


def _not_done(progress: CleanupProgress) -> Iterator[Fact]:
    for one in progress.steps:
        if one.state is StepState.DONE or not one.state.over:
            continue
        sign, word, role = _SIGNS[one.state]
        why = f": {one.sentence}" if one.sentence else ""
        yield Fact("", (Cell(f"{sign} ", role), Cell(step_name(one.step), Role.STRONG), Cell(f" {word}{why}", role)))
    waiting = len(progress.in_state(StepState.WAITING))
    if waiting:
        yield Fact("", (Cell(f"{count(waiting, 'step')} not begun when it was stopped.", Role.WARNING),))
