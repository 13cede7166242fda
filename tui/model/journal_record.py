"""What the journal keeps of a cleanup: enough to find everything again. Plain data, one JSON object a line.

Lines of one session share ``session``. They come in this order: one ``begun``; for every step a ``step`` line before
anything is touched, then an ``outcome`` line; one ``ended``, and another once the engine has measured what came back,
or after something was tried again: the last one counts. A session without ``ended`` was cut off, and a step without an
outcome may or may not have happened. Whenever a backup is put back later, a ``restoring`` line comes first, and then
``restored`` or ``not restored``; without either, the volume may be half filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tui.model.estimate import Estimate
from tui.model.mark import Kind


class LineKind(StrEnum):
    """What a line of the journal tells."""

    BEGUN = "begun"
    STEP = "step"
    OUTCOME = "outcome"
    ENDED = "ended"
    RESTORING = "restoring"
    """A backup is about to be put back; ``session`` and ``step`` are those of the removal."""
    RESTORED = "restored"
    """It was put back."""
    NOT_RESTORED = "not restored"
    """It was not, and nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Lost:
    """One thing as it was before it went, with the ways back."""

    kind: Kind
    id: str
    name: str
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    image: str = ""
    """A container's image as it was named at creation."""
    image_id: str = ""
    command: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    """``volume name:/path``, ``/folder:/path:ro`` …, as ``docker run -v`` takes them."""
    ports: tuple[str, ...] = ()
    """``127.0.0.1:8080:80/tcp``, as ``docker run -p`` takes them."""
    labels: tuple[tuple[str, str], ...] = ()
    driver: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """A volume's driver and its options."""
    size_bytes: int | None = None
    backup_path: str = ""
    backup_sha256: str = ""
    backup_bytes: int | None = None
    ways_back: tuple[tuple[str, ...], ...] = ()
    """docker commands, as words, that bring it (or one like it) back: ``docker pull …``, ``docker run …``."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a session as the journal has it."""

    number: int
    lost: Lost
    freed: Estimate | None = None
    """What was to come back at that point; ``None`` when the journal does not say."""
    whole: bool = True
    """False when only tags were to go, and the image was to stay."""
    outcome: str = ""
    """A :class:`~tui.model.cleanup_progress.StepState`; empty when the journal breaks off before it."""
    sentence: str = ""
    time: float = 0.0
    """Seconds since the epoch, when it was begun."""
    restored_as: tuple[str, ...] = ()
    """Names of volumes its backup was put back as."""
    half_restored_as: tuple[str, ...] = ()
    """Names of volumes that were to be filled from its backup, and may hold only a part: how that ended is not told."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One cleanup as the journal has it."""

    session: str
    """Made up at its beginning; unique."""
    time: float
    """Seconds since the epoch."""
    engine_id: str
    engine: str
    """The endpoint as the header shows it."""
    orlop: str
    """The version of orlop that did it."""
    planned_bytes: int | None = None
    freed_bytes: int | None = None
    seconds: float | None = None
    ended: str = ""
    """``finished`` or ``stopped``; empty when it was cut off."""
    steps: tuple[StepRecord, ...] = ()


JournalLine = Mapping[str, Any]
"""A line as it is written: ``kind`` (a :class:`LineKind`), ``session``, ``time`` and what that kind tells."""
