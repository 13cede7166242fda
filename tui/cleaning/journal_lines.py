"""The journal's lines: made here, and read again here.

Every line is an object with ``v`` (the version of this layout), ``kind`` (a :class:`LineKind`), ``session`` and
``time`` (seconds since the epoch), and then:

- ``begun``: ``engine_id``, ``engine``, ``orlop``, ``planned_by``, ``planned_bytes``, ``steps`` (how many there are);
- ``step``: ``number`` (from 1 on), ``untags`` (tags that are taken away one by one), ``whole`` (false when only tags
  go), ``freed_bytes`` and ``freed_certainty`` (what was to come back with this step), ``lost`` (a :class:`Lost` as an
  object);
- ``outcome``: ``number``, ``outcome`` (a :class:`StepState`), ``sentence``, ``seconds``;
- ``ended``: ``ended`` (``finished`` or ``stopped``), ``sentence``, ``freed_bytes``, ``seconds``;
- ``restoring``, ``restored`` and ``not restored``: ``number``, ``name`` (of the volume that is, was or was not filled).

What is read may have been written by another version, cut off or edited: whatever does not fit is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.cleanup_progress import CleanupProgress, RunState
from tui.model.estimate import NOTHING, Certainty, Estimate
from tui.model.host import Host
from tui.model.journal_record import JournalLine, LineKind, Lost
from tui.model.mark import Kind

VERSION = 1
"""Of this layout. A reader takes what it understands of a later one."""

_TEXTS = ("id", "name", "image", "image_id", "driver", "backup_path", "backup_sha256")
_LISTS = ("tags", "digests", "command", "mounts", "ports")
_PAIRS = ("labels", "options")
_COUNTS = ("size_bytes", "backup_bytes")


def _line(kind: LineKind, session: str, time: float, **more: Any) -> JournalLine:
    return {"v": VERSION, "kind": kind.value, "session": session, "time": round(time, 3), **more}


def begun(session: str, time: float, host: Host, plan: CleanupPlan, *, orlop: str, planned_by: str) -> JournalLine:
    """A cleanup begins."""
    return _line(
        LineKind.BEGUN,
        session,
        time,
        engine_id=host.id,
        engine=host.endpoint.label,
        orlop=orlop,
        planned_by=planned_by,
        planned_bytes=plan.freed.bytes,
        steps=len(plan.ready),
    )


def step(session: str, time: float, number: int, planned: Step, lost: Lost) -> JournalLine:
    """A step is about to be carried out; or it has been skipped, and this is what stays."""
    untags, whole = list(planned.untags), planned.removes_object
    freed = {"freed_bytes": planned.freed.bytes, "freed_certainty": planned.freed.certainty.value}
    return _line(LineKind.STEP, session, time, number=number, untags=untags, whole=whole, **freed, lost=_object(lost))


def outcome(session: str, time: float, number: int, state: str, *, sentence: str, seconds: float) -> JournalLine:
    """What came of a step."""
    told = {"outcome": str(state), "sentence": sentence, "seconds": round(seconds, 3)}
    return _line(LineKind.OUTCOME, session, time, number=number, **told)


def ended(
    session: str, time: float, how: str, *, sentence: str, freed_bytes: int | None, seconds: float
) -> JournalLine:
    """A cleanup is over."""
    told = {"ended": str(how), "sentence": sentence, "freed_bytes": freed_bytes, "seconds": round(seconds, 3)}
    return _line(LineKind.ENDED, session, time, **told)


def end_of(session: str, time: float, told: CleanupProgress) -> JournalLine:
    """The end of a cleanup that has come so far."""
    how = "finished" if told.state is RunState.FINISHED else "stopped"
    return ended(session, time, how, sentence=told.sentence, freed_bytes=told.freed_bytes, seconds=told.seconds)


def restoring(kind: LineKind, session: str, time: float, number: int, name: str) -> JournalLine:
    """The backup of a step's volume is about to be put back as ``name``; it was; or it was not, and nothing stays."""
    return _line(kind, session, time, number=number, name=name)


def _object(lost: Lost) -> dict[str, Any]:
    """The record as JSON takes it; what is empty is left out."""
    found: dict[str, Any] = {}
    for one in fields(lost):
        value = getattr(lost, one.name)
        if value or (value == 0 and one.name in _COUNTS):
            found[one.name] = value
    found["kind"] = lost.kind.value
    for name in _PAIRS:
        if name in found:
            found[name] = dict(found[name])
    return found


def lost_of(told: object) -> Lost | None:
    """The record that a line's object tells; ``None`` when it is not one."""
    if not isinstance(told, Mapping) or not isinstance(told.get("id"), str):
        return None
    try:
        kind = Kind(told.get("kind", ""))
    except ValueError:
        return None
    values: dict[str, Any] = {name: text(told.get(name)) for name in _TEXTS}
    values.update({name: _texts(told.get(name)) for name in _LISTS})
    values.update({name: _pairs(told.get(name)) for name in _PAIRS})
    values.update({name: count(told.get(name)) for name in _COUNTS})
    ways = told.get("ways_back")
    found = tuple(_texts(way) for way in ways) if isinstance(ways, list) else ()
    return Lost(kind=kind, ways_back=tuple(way for way in found if way), **values)


def freed_of(line: Mapping[str, Any]) -> Estimate | None:
    """What was to come back with the step that a line tells of; ``None`` in journals of before that was kept."""
    try:
        certainty = Certainty(line.get("freed_certainty", ""))
    except ValueError:
        # Only names went, and the image stayed.
        return NOTHING if line.get("whole") is False else None
    freed = count(line.get("freed_bytes"))
    return Estimate(freed, Certainty.UNKNOWN if freed is None else certainty)


def text(told: object) -> str:
    """A text; empty when it is none."""
    return told if isinstance(told, str) else ""


def count(told: object) -> int | None:
    """A whole number; ``None`` when it is none."""
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def moment(told: object) -> float | None:
    """A number of seconds; ``None`` when it is none that a clock could show."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) < 1e12:
        return None
    return float(told)


def _texts(told: object) -> tuple[str, ...]:
    return tuple(one for one in told if isinstance(one, str)) if isinstance(told, list) else ()


def _pairs(told: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(told, Mapping):
        return ()
    return tuple((key, value) for key, value in told.items() if isinstance(key, str) and isinstance(value, str))
