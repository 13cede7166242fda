"""Reading the journal: what was cleaned up, when, and what came of it.

The file may be cut off in the middle of a line (orlop was killed, the disk was full), hold lines of a later version,
or have been edited: whatever can't be read is skipped and said, and never keeps the rest from being read.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from tui.cleaning import journal_lines
from tui.cleaning.errors import reason_of
from tui.model.journal_record import LineKind, Lost, SessionRecord, StepRecord

_LONGEST_LINE = 8 * 1024 * 1024
"""Bytes. An engine takes no labels that would make a line longer."""
_NAMED_LINES = 5
"""A problem names this many lines; of more, it says how many."""


class History(NamedTuple):
    """What the journal tells."""

    sessions: tuple[SessionRecord, ...] = ()
    """Newest first."""
    problems: tuple[str, ...] = ()
    """What could not be read, a sentence each."""


async def read_history(path: Path | None) -> History:
    """Everything that the journal at ``path`` tells; nothing when there is none yet. Never raises."""
    if path is None:
        return History()
    return await asyncio.to_thread(_read, path)


def _read(path: Path) -> History:
    found = _Found()
    try:
        with path.open("rb") as file:
            for number, data in _lines(file):
                found.take(number, data)
    except FileNotFoundError:
        return History()
    except OSError as error:
        return History(found.sessions(), (f"The journal {path} can't be read: {reason_of(error)}.", *found.problems()))
    return History(found.sessions(), found.problems())


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number; ``None`` for one that is too long to be kept."""
    number = 0
    while data := file.readline(_LONGEST_LINE):
        number += 1
        whole = data.endswith(b"\n") or len(data) < _LONGEST_LINE
        while not (data.endswith(b"\n") or len(data) < _LONGEST_LINE):
            data = file.readline(_LONGEST_LINE)
            if not data:
                break
        yield number, data if whole else None


@dataclass(slots=True)
class _Session:
    record: SessionRecord
    steps: dict[int, StepRecord] = field(default_factory=dict)


class _Found:
    """The sessions met so far."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}
        self._broken: list[int] = []
        self._unknown: list[int] = []
        self._takers: Mapping[str, Callable[[_Session, Mapping[str, Any]], bool]] = {
            LineKind.BEGUN: _begun,
            LineKind.STEP: _step,
            LineKind.OUTCOME: _outcome,
            LineKind.ENDED: _ended,
            LineKind.RESTORING: _restored,
            LineKind.RESTORED: _restored,
            LineKind.NOT_RESTORED: _restored,
        }

    def take(self, number: int, data: bytes | None) -> None:
        if data is not None and not data.strip():
            return
        line: object = None
        # RecursionError: a line of nothing but brackets.
        with contextlib.suppress(ValueError, RecursionError):
            line = json.loads(data) if data is not None else None
        if not isinstance(line, Mapping) or not journal_lines.text(line.get("session")):
            self._broken.append(number)
            return
        taker = self._takers.get(journal_lines.text(line.get("kind")))
        if taker is None:
            self._unknown.append(number)
            return
        name, time = line["session"], journal_lines.moment(line.get("time")) or 0.0
        session = self._sessions.get(name)
        if session is None:
            # Also for a session whose first line is missing: what it removed is to be found all the same.
            session = self._sessions[name] = _Session(SessionRecord(name, time, "", "", ""))
        if not taker(session, line):
            self._broken.append(number)
        version = journal_lines.count(line.get("v"))
        if version is None or version > journal_lines.VERSION:
            self._unknown.append(number)

    def sessions(self) -> tuple[SessionRecord, ...]:
        made = [
            replace(one.record, steps=tuple(step for _number, step in sorted(one.steps.items())))
            for one in self._sessions.values()
        ]
        # Stable: sessions that began at the same moment stand in the order they were written, the later first.
        return tuple(sorted(reversed(made), key=lambda record: record.time, reverse=True))

    def problems(self) -> tuple[str, ...]:
        found = []
        if self._broken:
            found.append(f"{_named(self._broken)} of the journal can't be read and was left out.")
        if self._unknown:
            found.append(f"{_named(self._unknown)} of the journal comes from another version of orlop.")
        return tuple(found)


def _named(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"Line {numbers[0]}"
    named = ", ".join(map(str, numbers[:_NAMED_LINES]))
    rest = len(numbers) - _NAMED_LINES
    return f"Each of the lines {named} and {rest} more" if rest > 0 else f"Each of the lines {named}"


def _begun(session: _Session, line: Mapping[str, Any]) -> bool:
    text = journal_lines.text
    session.record = replace(
        session.record,
        time=journal_lines.moment(line.get("time")) or 0.0,
        engine_id=text(line.get("engine_id")),
        engine=text(line.get("engine")),
        orlop=text(line.get("orlop")),
        planned_bytes=journal_lines.count(line.get("planned_bytes")),
    )
    return True


def _step(session: _Session, line: Mapping[str, Any]) -> bool:
    number, lost = journal_lines.count(line.get("number")), journal_lines.lost_of(line.get("lost"))
    if number is None or lost is None:
        return False
    before = session.steps.get(number)
    if before is not None and before.lost.id == lost.id:
        lost = _together(before.lost, lost)
    # A step that is tried again: its outcome is open again, and what was put back before stays known.
    time = journal_lines.moment(line.get("time")) or 0.0
    freed, whole = journal_lines.freed_of(line), line.get("whole") is not False
    record = replace(before or StepRecord(number, lost), lost=lost, freed=freed, whole=whole)
    session.steps[number] = replace(record, time=time, outcome="", sentence="")
    return True


def _together(before: Lost, lost: Lost) -> Lost:
    """A step that was tried again, when there was less to see of the thing, or no backup: what was known stays."""
    if not lost.ways_back:
        lost = before
    if lost.backup_path or not before.backup_path:
        return lost
    return replace(
        lost, backup_path=before.backup_path, backup_sha256=before.backup_sha256, backup_bytes=before.backup_bytes
    )


def _outcome(session: _Session, line: Mapping[str, Any]) -> bool:
    number = journal_lines.count(line.get("number"))
    step = session.steps.get(number) if number is not None else None
    if number is None or step is None:
        return False
    outcome, sentence = journal_lines.text(line.get("outcome")), journal_lines.text(line.get("sentence"))
    session.steps[number] = replace(step, outcome=outcome, sentence=sentence)
    return True


def _ended(session: _Session, line: Mapping[str, Any]) -> bool:
    freed = journal_lines.count(line.get("freed_bytes"))
    session.record = replace(
        session.record,
        ended=journal_lines.text(line.get("ended")),
        freed_bytes=session.record.freed_bytes if freed is None else freed,
        seconds=journal_lines.moment(line.get("seconds")),
    )
    return True


def _restored(session: _Session, line: Mapping[str, Any]) -> bool:
    number, name = journal_lines.count(line.get("number")), journal_lines.text(line.get("name"))
    step = session.steps.get(number) if number is not None else None
    if number is None or step is None or not name:
        return False
    kind = journal_lines.text(line.get("kind"))
    half = tuple(one for one in step.half_restored_as if one != name)
    if kind == LineKind.RESTORING:
        half = (*half, name)
    elif kind == LineKind.RESTORED:
        step = replace(step, restored_as=(*step.restored_as, name))
    session.steps[number] = replace(step, half_restored_as=half)
    return True
