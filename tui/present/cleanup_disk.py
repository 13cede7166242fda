"""What a cleanup does to the disk besides what the engine counts: logs go too, backups come, and how full it is."""

from __future__ import annotations

from collections.abc import Iterator

from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.cleanup_progress import CleanupProgress, StepState
from tui.model.engine_disk import (
    DiskRoom,
    DiskSight,
    EngineDisk,
    LogSum,
    backups_without_room,
    log_sum,
    removed_containers,
)
from tui.model.mark import Kind
from tui.present.figures import count, exact_bytes, size

# -- logs -----------------------------------------------------------------------------------------


def logs_words(logs: LogSum) -> str:
    """What comes back in logs, beside a figure of the engine's, which never counts them; empty when nothing does."""
    if not logs.size_bytes:
        return "and their logs, not measured" if logs.unmeasured else ""
    return f"and {'at least ' if logs.unmeasured else ''}{size(logs.size_bytes)} of logs"


def plan_logs(plan: CleanupPlan, sight: DiskSight | None) -> str:
    """The same for all containers that a plan removes; empty while nobody has looked."""
    return logs_words(log_sum(sight.engine, removed_containers(plan))) if sight is not None else ""


def gone_logs(progress: CleanupProgress) -> str:
    """The same for the containers that went."""
    return logs_words(progress.logs_gone) if progress.disk_before is not None else ""


def step_logs(step: Step, sight: DiskSight | None) -> str:
    """What becomes of the logs of a container that goes; empty of other steps, and while nobody has looked."""
    if sight is None or step.kind is not Kind.CONTAINER:
        return ""
    logs = log_sum(sight.engine, (step.id,))
    if logs.unmeasured:
        why = f" {sight.engine.reason}" if sight.engine.reason else ""
        return f"How much its logs take is not measured: the engine's figures leave them out.{why}"
    if not logs.size_bytes:
        return "It has no log files."
    exact = f" ({exact_bytes(logs.size_bytes)})" if logs.size_bytes >= 1000 else ""
    return f"Its logs take {size(logs.size_bytes)}{exact}, which come back too; the engine's figures leave them out."


# -- backups --------------------------------------------------------------------------------------

_MOST_NAMES = 3


def backup_warnings(plan: CleanupPlan, back_up: frozenset[str], sight: DiskSight | None) -> Iterator[str]:
    """What is to be known of backups before anything begins: where they take room, and which find none."""
    saved = [step for step in plan.ready if step.kind is Kind.VOLUME and step.id in back_up]
    place = sight.backups if sight is not None else None
    if sight is None or place is None or not saved:
        return
    if sight.backups_beside:
        one = len(saved) == 1
        takes, each = ("The backup takes", "the volume frees") if one else ("Backups take", "their volumes free")
        known = [step.reviewed.size_bytes for step in saved if step.reviewed.size_bytes is not None]
        least = "" if len(known) == len(saved) else "at least "
        amount = f" ({least}{size(sum(known))})" if known else ""
        yield f"{takes} as much as {each}{amount}, on the same disk: {place.folder} lies on the engine's own."
    short = backups_without_room(plan, back_up, sight)
    if short:
        names = ", ".join(_brief(step.name or step.id) for step in short[:_MOST_NAMES])
        more = f" and {len(short) - _MOST_NAMES:,} more" if len(short) > _MOST_NAMES else ""
        it = "it is" if len(short) == 1 else "they are"
        yield (
            f"No room for {'the backup' if len(short) == 1 else count(len(short), 'backup')} of {names}{more}: "
            f"{place.folder} has {size(place.room.free_bytes)} free. Without it {it} skipped, and kept."
        )


def _brief(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:40]}…"


# -- the disk itself ------------------------------------------------------------------------------


def room_words(room: DiskRoom, *, exact: bool = False) -> str:
    """How full a disk is: ``6.6 GB of 63.0 GB``, and what root alone may write besides."""
    say = exact_bytes if exact else size
    reserve = f", and {say(room.reserved_bytes)} for root alone" if room.reserved_bytes else ""
    return f"{say(room.free_bytes)} of {say(room.total_bytes)}{reserve}"


def room_change(progress: CleanupProgress) -> str:
    """Free room on the engine's disk before and after: ``6.6 GB → 6.8 GB (185.0 MB more)``; empty when not known."""
    before, after = _room(progress.disk_before), _room(progress.disk_after)
    if before is None:
        return ""
    if after is None:
        waiting = "measuring…" if progress.measuring else "not known"
        return f"{size(before.free_bytes)} → {waiting}" if progress.in_state(StepState.DONE) else ""
    more = after.free_bytes - before.free_bytes
    by = f"{size(abs(more))} {'more' if more >= 0 else 'less'}" if more else "the same"
    return f"{size(before.free_bytes)} → {size(after.free_bytes)} ({by})"


def _room(disk: EngineDisk | None) -> DiskRoom | None:
    return disk.room if disk is not None else None
