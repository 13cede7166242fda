"""How far a cleanup has come, and what came of it: immutable pictures that the cleaning room hands out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.engine_disk import EngineDisk, LogSum, log_sum
from tui.model.estimate import Estimate
from tui.model.host import DiskUsage
from tui.model.mark import Kind


class StepState(StrEnum):
    """What has become of a step."""

    WAITING = "waiting"
    CHECKING = "checking"
    """The engine is asked whether what was reviewed still holds."""
    BACKING_UP = "backing up"
    VERIFYING = "verifying"
    """The backup is read again and held against the volume."""
    REMOVING = "removing"
    DONE = "done"
    SKIPPED = "skipped"
    """Something has changed since the review, or its backup failed: nothing was removed."""
    FAILED = "failed"
    """The engine refused, or went away. May be retried or dropped."""
    DROPPED = "dropped"
    """Failed, and the user let it be."""

    @property
    def over(self) -> bool:
        """True when nothing more happens to it unless somebody asks."""
        return self in {StepState.DONE, StepState.SKIPPED, StepState.FAILED, StepState.DROPPED}


class RunState(StrEnum):
    """What the whole run is doing."""

    RUNNING = "running"
    PAUSING = "pausing"
    """The current step is being finished."""
    PAUSED = "paused"
    STOPPED = "stopped"
    """By the user, or because the journal can't be written or the engine is lost: what waits is not removed."""
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step, now."""

    step: Step
    state: StepState = StepState.WAITING
    sentence: str = ""
    """Why it was skipped or failed; empty otherwise."""
    done_bytes: int = 0
    """Bytes backed up or verified so far, while that goes on."""
    backup_path: str = ""
    """Where its backup lies, once that is verified."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """The engine's own figures at one moment, in bytes; ``None`` where it does not say."""

    layers_bytes: int | None = None
    writable_bytes: int | None = None
    volumes_bytes: int | None = None
    cache_bytes: int | None = None

    @classmethod
    def of(cls, usage: DiskUsage) -> EngineFigures:
        """What the engine says, as ``docker system df`` adds it up.

        Volumes whose size it does not tell are left out. So are cache records that share their bytes with an image:
        those are among the layers.
        """
        own = [own for own, _whole in usage.containers.values()]
        volumes = [volume.size_bytes for volume in usage.volumes.values()]
        known = [size for size in volumes if size is not None]
        return cls(
            usage.layers_size_bytes,
            None if None in own else sum(size or 0 for size in own),
            sum(known) if known or not volumes else None,
            sum(record.size_bytes for record in usage.build_cache if not record.shared),
        )

    @property
    def total_bytes(self) -> int | None:
        """All of it; ``None`` when a part is not known."""
        parts = (self.layers_bytes, self.writable_bytes, self.volumes_bytes, self.cache_bytes)
        return None if None in parts else sum(part or 0 for part in parts)


@dataclass(frozen=True, slots=True)
class CleanupProgress:
    """The whole run, now. Its steps are the plan's ready ones, in order."""

    plan: CleanupPlan
    steps: tuple[StepProgress, ...]
    state: RunState = RunState.RUNNING
    sentence: str = ""
    """Why it was stopped; empty otherwise."""
    seconds: float = 0.0
    before: EngineFigures | None = None
    after: EngineFigures | None = None
    """``None`` until the engine has measured again."""
    disk_before: EngineDisk | None = None
    """The engine's disk before anything went, with the logs of the containers that go; ``None`` until it was asked."""
    disk_after: EngineDisk | None = None
    """The same disk once the engine has measured again."""
    measuring: bool = False
    """True while the figures after it are being read."""

    def in_state(self, *states: StepState) -> tuple[StepProgress, ...]:
        """The steps in one of ``states``."""
        return tuple(one for one in self.steps if one.state in states)

    @property
    def planned(self) -> Estimate:
        """What the plan said would come back."""
        return self.plan.freed

    @property
    def done_planned_bytes(self) -> int:
        """What the steps that are done were to free."""
        return sum(one.step.freed.bytes or 0 for one in self.in_state(StepState.DONE))

    @property
    def logs_gone(self) -> LogSum:
        """The logs of the containers that went, as they were before: no figure of the engine's counts them."""
        gone = [one.step.id for one in self.in_state(StepState.DONE) if one.step.kind is Kind.CONTAINER]
        return log_sum(self.disk_before or EngineDisk(), gone)

    @property
    def freed_bytes(self) -> int | None:
        """What really came back, by the engine's own figures before and after; ``None`` until they are known."""
        before = self.before.total_bytes if self.before else None
        after = self.after.total_bytes if self.after else None
        return None if before is None or after is None else before - after

    @property
    def over(self) -> bool:
        """True when no step is under way and none will begin by itself."""
        return self.state in {RunState.STOPPED, RunState.FINISHED}
