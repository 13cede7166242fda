"""A reviewed list of what goes, step by step: the records. :mod:`tui.model.cleanup_planning` fills them in.

A plan does nothing by itself. :mod:`tui.cleaning` carries out its ready steps, each after a look whether what was
reviewed still holds, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tui.model.estimate import NOTHING, Estimate
from tui.model.mark import Kind, Mark
from tui.model.removal import Obstacle


class Standing(StrEnum):
    """Whether a step will be carried out."""

    READY = "ready"
    BLOCKED = "blocked"
    """The engine would refuse: see ``obstacles``, and ``helped_by`` for what to add."""
    PROTECTED = "protected"
    """A rule of the user's own keeps it."""


class Reviewed(NamedTuple):
    """What the thing was like when the plan was made. What has changed is skipped, never removed."""

    tags: tuple[str, ...] = ()
    """An image's tags, sorted."""
    digests: tuple[str, ...] = ()
    """An image's repo digests, sorted."""
    state: str = ""
    """A container's state."""
    alive: bool = False
    """A container ran (or was paused or restarting): then, and only then, it is killed."""
    created: float | None = None
    """When the volume was made: another one may have its name by now."""
    size_bytes: int | None = None
    """A volume's files or a cache record."""
    driver: str = ""
    """A volume's driver; empty where nobody looked."""


NOT_REVIEWED = Reviewed()


@dataclass(frozen=True, slots=True)
class Step:
    """One removal: a container, an image (or some of its tags), a volume, or a record of the build cache."""

    kind: Kind
    id: str
    """Whole ID; for a volume its name."""
    name: str
    """What people call it; empty when it has none."""
    marks: tuple[Mark, ...]
    """The marks it comes from: of an image, one for each tag that goes."""
    standing: Standing = Standing.READY
    untags: tuple[str, ...] = ()
    """Tags to take away one by one, each only while it points to ``id``."""
    removes_object: bool = True
    """False when only tags go and the image stays."""
    force: bool = False
    """A running container is killed first. Never set on anything else."""
    reviewed: Reviewed = NOT_REVIEWED
    freed: Estimate = NOTHING
    """What comes back at this point, after all ready steps before it; nothing when it is not ready."""
    obstacles: tuple[Obstacle, ...] = ()
    """Why it is blocked."""
    helped_by: tuple[Mark, ...] = ()
    """What would make it removable if it went too; empty when nothing in our hands does."""
    protected_by: str = ""
    """The rule that keeps it, as the user wrote it."""
    named_volume: bool = False
    """A volume somebody gave a name to."""
    device: str = ""
    """The folder or share that a volume only points to: its entry goes, the files there stay. For people to read:
    what is done to the volume does not hang on it."""
    commands: tuple[tuple[str, ...], ...] = ()
    """The docker commands that do the same, as words."""

    @property
    def key(self) -> tuple[Kind, str]:
        """Its identity within a plan."""
        return (self.kind, self.id)


@dataclass(frozen=True, slots=True)
class CleanupPlan:
    """Every step in the order it will run: containers, images, volumes, cache records."""

    steps: tuple[Step, ...] = ()
    freed: Estimate = NOTHING
    """What all ready steps free together."""
    engine_id: str = ""
    """Which engine it was made for."""

    @property
    def ready(self) -> tuple[Step, ...]:
        """The steps that will be carried out."""
        return tuple(step for step in self.steps if step.standing is Standing.READY)

    @property
    def kills(self) -> tuple[Step, ...]:
        """Ready steps that kill a running container."""
        return tuple(step for step in self.ready if step.force)

    @property
    def named_volumes(self) -> tuple[Step, ...]:
        """Ready steps that remove a volume with a name."""
        return tuple(step for step in self.ready if step.named_volume)

    @property
    def pointing(self) -> tuple[Step, ...]:
        """Ready steps that remove the entry of a volume whose files are elsewhere, and stay."""
        return tuple(step for step in self.ready if step.device)

    @property
    def emptied(self) -> tuple[Step, ...]:
        """Ready steps that delete a volume's files."""
        return tuple(step for step in self.ready if step.kind is Kind.VOLUME and not step.device)

    @property
    def asks_for_word(self) -> bool:
        """True when the user is to type a word first."""
        return bool(self.kills or self.named_volumes)
