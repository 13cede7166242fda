"""The journal in words: cleanups, newest first, what went in each, and the ways back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tui.model.cleanup_progress import StepState
from tui.model.docker_commands import shell_words
from tui.model.estimate import Certainty, Estimate
from tui.model.journal_record import Lost, SessionRecord, StepRecord
from tui.model.mark import Kind
from tui.model.reclaim import device_in
from tui.present import figures
from tui.present.cleanup_plan import amount, freed_words, short_name
from tui.present.figures import count, exact_bytes, short_id, size
from tui.present.reading import elapsed_text
from widgets.cell import Cell, Fact, Role, RowText, Section
from widgets.node import Node

_OUTCOMES = {
    StepState.DONE: ("✓", "removed", Role.GOOD),
    StepState.SKIPPED: ("–", "skipped", Role.WARNING),
    StepState.FAILED: ("✗", "failed", Role.BAD),
    StepState.DROPPED: ("–", "let be", Role.MUTED),
}
_CUT_OFF = ("?", "begun, outcome not recorded", Role.WARNING)


class SessionSpot(NamedTuple):
    """A cleanup in the journal."""

    session: SessionRecord


class RecordSpot(NamedTuple):
    """One of its steps. ``session`` is the name of the cleanup."""

    session: str
    record: StepRecord


def history_nodes(sessions: Iterable[SessionRecord]) -> tuple[Node, ...]:
    """The journal as a tree; the newest cleanup starts out opened."""
    return tuple(
        Node(
            f"session {session.session}",
            SessionSpot(session),
            tuple(
                Node(f"session {session.session} {record.number}", RecordSpot(session.session, record))
                for record in session.steps
            ),
            open=not number,
        )
        for number, session in enumerate(sessions)
    )


def history_row(data: object, *, exact: bool) -> RowText:
    """A row of the history."""
    match data:
        case SessionSpot(session=session):
            return _session_row(session, exact=exact)
        case RecordSpot(record=record):
            return _record_row(record, exact=exact)
        case _:
            return RowText(())


def _session_row(session: SessionRecord, *, exact: bool) -> RowText:
    when = figures.date(session.time) if exact else figures.age(session.time)
    head = Cell(f"{when}  ", Role.STRONG)
    how = Cell("  was cut off", Role.WARNING) if not session.ended else Cell("")
    if session.ended and session.ended != "finished":
        how = Cell(f"  {session.ended}", Role.WARNING)
    left = (head, Cell(", ".join(_counts(session)) or "nothing was begun"), how)
    return RowText(left, (Cell(_bytes(session.freed_bytes, exact=exact), Role.NUMBER),))


def _bytes(number: int | None, *, exact: bool) -> str:
    if number is None:
        return "?"
    return exact_bytes(number) if exact else size(number)


def _counts(session: SessionRecord) -> Iterator[str]:
    outcomes = [record.outcome for record in session.steps]
    for state, (_sign, word, _role) in _OUTCOMES.items():
        if number := outcomes.count(state):
            yield f"{number:,} {word}"
    if unknown := sum(outcome not in _OUTCOMES for outcome in outcomes):
        yield f"{unknown:,} unknown"


def _record_row(record: StepRecord, *, exact: bool) -> RowText:
    lost = record.lost
    sign, word, role = _outcome(record)
    if record.restored_as:
        word += f", restored as {', '.join(record.restored_as)}"
    if record.half_restored_as:
        word += f", half restored as {', '.join(record.half_restored_as)}"
        role = Role.WARNING
    begun = record.restored_as or record.half_restored_as
    if not begun and lost.backup_path and record.outcome == StepState.DONE:
        word += ", backed up (w restores)"
    left = (Cell(f"{sign} ", role), Cell(f"{lost.kind} ", Role.MUTED), Cell(lost_name(lost), Role.STRONG))
    return RowText((*left, Cell(f"  {word}", role)), (Cell(amount(freed_by(record), exact=exact), Role.NUMBER),))


def freed_by(record: StepRecord) -> Estimate:
    """What a step was to free. Of a volume and of a cache record that is all it held, also in older journals."""
    size_bytes = record.lost.size_bytes
    if record.freed is not None:
        return record.freed
    if record.lost.kind in {Kind.VOLUME, Kind.CACHE_RECORD} and size_bytes is not None:
        return Estimate(size_bytes, Certainty.UP_TO)
    return Estimate(None, Certainty.UNKNOWN)


def _outcome(record: StepRecord) -> tuple[str, str, Role]:
    if not record.outcome:
        return _CUT_OFF
    known = {str(state): words for state, words in _OUTCOMES.items()}
    sign, word, role = known.get(record.outcome, ("?", record.outcome, Role.WARNING))
    return sign, word if record.whole or record.outcome != StepState.DONE else "untagged", role


def lost_name(lost: Lost) -> str:
    """What the thing was called."""
    return short_name(lost.name) or ", ".join(lost.tags) or short_id(lost.id)


def ways_back(data: object) -> tuple[str, ...]:
    """The commands that bring back what the row is about, as a shell takes them."""
    match data:
        case SessionSpot(session=session):
            # What was skipped or let be is still there.
            gone = (record for record in session.steps if record.outcome in {"", StepState.DONE})
            return tuple(shell_words(words) for record in gone for words in record.lost.ways_back)
        case RecordSpot(record=record):
            return tuple(shell_words(words) for words in record.lost.ways_back)
        case _:
            return ()


# -- facts ----------------------------------------------------------------------------------------


def history_sections(data: object) -> tuple[Section, ...]:
    """What is known of a row."""
    match data:
        case SessionSpot(session=session):
            return (Section("Cleanup", tuple(_session_facts(session))),)
        case RecordSpot(record=record):
            return tuple(section for section in _record_sections(record) if section.facts)
        case _:
            return ()


def _fact(label: str, text: str, role: Role = Role.NORMAL, exact: str = "") -> Fact:
    return Fact(label, (Cell(text, role),), exact)


def _session_facts(session: SessionRecord) -> Iterator[Fact]:
    yield _fact("Begun", f"{figures.age(session.time)}, {figures.date(session.time)}")
    yield _fact("Engine", session.engine or "not recorded")
    if not session.ended:
        yield _fact("Ended", "It was cut off: the journal does not say how it ended.", Role.WARNING)
    else:
        yield _fact("Ended", session.ended, Role.NORMAL if session.ended == "finished" else Role.WARNING)
    yield _fact("Planned", _amount(session.planned_bytes))
    yield _fact("Freed", _amount(session.freed_bytes), Role.GOOD if session.freed_bytes else Role.NORMAL)
    if session.seconds is not None:
        yield _fact("Took", elapsed_text(session.seconds))
    yield _fact("Steps", ", ".join(_counts(session)) or "none")
    yield _fact("orlop", session.orlop or "not recorded")


def _amount(number: int | None) -> str:
    if number is None:
        return "not recorded"
    return f"{size(number)} ({exact_bytes(number)})" if abs(number) >= 1000 else exact_bytes(number)


def _record_sections(record: StepRecord) -> Iterator[Section]:
    lost = record.lost
    _sign, word, role = _outcome(record)
    if not record.outcome:
        word = "was begun; whether it happened isn't recorded"
    facts = [_fact("Outcome", f"{word[:1].upper()}{word[1:]}", role)]
    if record.sentence:
        facts.append(_fact("Why", record.sentence, role))
    if record.time:
        facts.append(_fact("When", f"{figures.age(record.time)}, {figures.date(record.time)}"))
    facts.append(_fact("To free", freed_words(freed_by(record)), Role.NUMBER))
    facts += [_fact("Restored as", name, Role.GOOD) for name in record.restored_as]
    facts += [
        _fact("Half restored", f"{name}: it may hold only a part. Remove it, and w restores again.", Role.WARNING)
        for name in record.half_restored_as
    ]
    yield Section(f"{lost.kind.capitalize()} {lost_name(lost)}", tuple(facts))
    yield Section("Ways back (y copies)", tuple(_ways(lost)))
    yield Section("Backup", tuple(_backup(lost)))
    yield Section("What it was", tuple(_was(lost)))


def _ways(lost: Lost) -> Iterator[Fact]:
    for words in lost.ways_back:
        yield _fact("", shell_words(words), Role.ACCENT)
    if lost.kind is Kind.VOLUME and lost.ways_back:
        if device := device_in(lost.driver or "local", dict(lost.options)):
            yield _fact("", f"The volume only pointed to {device}: the files there were not touched.")
            if lost.backup_path:
                yield _fact("", "w puts what was backed up into a volume of its own, not there.")
        elif lost.backup_path:
            yield _fact("", "w puts its files back, too.")
        else:
            yield _fact("", "Made again, it is empty: its files are gone.", Role.WARNING)
    elif not lost.ways_back:
        yield _fact("", "None is known.", Role.WARNING)


def _backup(lost: Lost) -> Iterator[Fact]:
    if lost.backup_path:
        yield _fact("File", lost.backup_path)
        yield _fact("SHA-256", lost.backup_sha256)
        yield _fact("Size", _amount(lost.backup_bytes))


def _was(lost: Lost) -> Iterator[Fact]:
    if lost.id != lost.name:
        yield _fact("ID", lost.id)
    told = (
        ("Tag", lost.tags),
        ("Digest", lost.digests),
        ("Image", (lost.image or lost.image_id,)),
        ("Command", (shell_words(lost.command),)),
        ("Mount", lost.mounts),
        ("Port", lost.ports),
        ("Label", tuple(f"{key}={value}" for key, value in lost.labels)),
        ("Driver", (lost.driver,)),
        ("Option", tuple(f"{key}={value}" for key, value in lost.options)),
    )
    for label, values in told:
        for value in values:
            if value:
                yield _fact(label, value)
    if lost.size_bytes is not None:
        yield _fact("Size", size(lost.size_bytes), Role.NUMBER, exact_bytes(lost.size_bytes))


def journal_words(path: str, sessions: int, problems: Iterable[str]) -> tuple[tuple[Cell, ...], ...]:
    """Where the journal lies, and what of it can't be read."""
    where = f"{count(sessions, 'cleanup')} in {path}" if path else "Nobody knows where the journal is."
    return ((Cell(where, Role.MUTED),), *((Cell(problem, Role.WARNING),) for problem in problems))


def left_words(parts: Sequence[tuple[str, int]]) -> Iterator[str]:
    """What an orlop that was killed has left among the backups: files by name, with their bytes."""
    if parts:
        names = ", ".join(name for name, _size in parts[:_MOST_NAMES])
        more = f" and {len(parts) - _MOST_NAMES:,} more" if len(parts) > _MOST_NAMES else ""
        whole = size(sum(size_bytes for _name, size_bytes in parts))
        what = count(len(parts), "unfinished backup")
        verb = "takes" if len(parts) == 1 else "take"
        yield f"{what} of an orlop that was killed {verb} up {whole}: {names}{more}. The next cleanup removes that."


_MOST_NAMES = 3
_STEPS = ((60, 1.0), (3_600, 60.0), (86_400, 3_600.0))
"""An age below so many seconds is told in steps of so many."""


def seconds_to_another_age(moment: float) -> float:
    """In how many seconds the age of ``moment`` is to be said anew."""
    past = figures.now() - moment
    step = next((step for below, step in _STEPS if past < below), 86_400.0)
    # A step of its own for what is said to be in the future: clocks differ.
    return step - past % step if past >= 0 else min(60.0, -past) + 0.1
