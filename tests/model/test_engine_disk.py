"""Logs and backups as figures: what is known, what is not, and whose backup finds no room."""

from __future__ import annotations

from tui.model.cleanup_plan import CleanupPlan, Reviewed, Standing, Step
from tui.model.engine_disk import (
    BACKUP_SPARE_BYTES,
    BackupPlace,
    DiskRoom,
    DiskSight,
    EngineDisk,
    backups_without_room,
    log_sum,
    removed_containers,
)
from tui.model.estimate import Certainty, Estimate
from tui.model.mark import Kind, Mark

MB = 1_000_000
HERE, ELSEWHERE = 7, 8


def step(kind: Kind, name: str, freed: Estimate, size: int | None = None, standing: Standing = Standing.READY) -> Step:
    marks = (Mark(kind, name),)
    return Step(kind, name, name, marks, standing, reviewed=Reviewed(size_bytes=size), freed=freed)


def volume(name: str, size: int | None) -> Step:
    return step(Kind.VOLUME, name, Estimate(size or 0), size)


def sight(free: int, device: int) -> DiskSight:
    place = BackupPlace("/state/backups", DiskRoom(10_000 * MB, free + BACKUP_SPARE_BYTES), device)
    return DiskSight(EngineDisk(DiskRoom(10_000 * MB, free), HERE, {}), place)


def short(plan: CleanupPlan, seen: DiskSight) -> list[str]:
    everything = frozenset(one.id for one in plan.ready if one.kind is Kind.VOLUME)
    return [one.name for one in backups_without_room(plan, everything, seen)]


def test_elsewhere_each_backup_leaves_less_for_the_next() -> None:
    plan = CleanupPlan((volume("a", 300 * MB), volume("b", 300 * MB), volume("c", 50 * MB)))
    assert short(plan, sight(1_000 * MB, ELSEWHERE)) == []
    # The second finds no room and is skipped; what is smaller still fits.
    assert short(plan, sight(400 * MB, ELSEWHERE)) == ["b"]
    assert short(plan, sight(0, ELSEWHERE)) == ["a", "b", "c"]


def test_on_the_engines_own_disk_what_goes_makes_room() -> None:
    volumes = (volume("a", 300 * MB), volume("b", 300 * MB))
    assert short(CleanupPlan(volumes), sight(300 * MB, HERE)) == []
    assert short(CleanupPlan(volumes), sight(299 * MB, HERE)) == ["a", "b"]
    first = step(Kind.CONTAINER, "web", Estimate(10 * MB))
    assert short(CleanupPlan((first, *volumes)), sight(290 * MB, HERE)) == []
    assert short(CleanupPlan((first, *volumes)), sight(290 * MB, ELSEWHERE)) == ["a", "b"]
    perhaps = step(Kind.IMAGE, "web:1", Estimate(10 * MB, Certainty.UP_TO))
    assert short(CleanupPlan((perhaps, *volumes)), sight(290 * MB, HERE)) == ["a", "b"]


def test_what_is_not_backed_up_or_of_unknown_size_is_not_short_of_room() -> None:
    plan = CleanupPlan((volume("a", 300 * MB), volume("unknown", None)))
    assert backups_without_room(plan, frozenset({"unknown"}), sight(0, HERE)) == ()
    assert backups_without_room(plan, frozenset({"a"}), DiskSight(EngineDisk())) == ()


def test_an_engine_elsewhere_has_no_disk_to_share() -> None:
    place = BackupPlace("/state", DiskRoom(1, 1), HERE)
    assert not DiskSight(EngineDisk(), place).backups_beside
    assert DiskSight(EngineDisk(device=HERE), place).backups_beside


def test_logs_that_nobody_measured_are_counted_as_such() -> None:
    disk = EngineDisk(logs={"a": 500, "b": 0})
    assert log_sum(disk, ("a", "b")) == (500, 0)
    assert log_sum(disk, ("a", "gone")) == (500, 1)
    assert log_sum(EngineDisk(), ("a", "b")) == (0, 2)


def test_only_containers_that_go_count() -> None:
    blocked = step(Kind.CONTAINER, "stays", Estimate(0), standing=Standing.BLOCKED)
    plan = CleanupPlan((blocked, step(Kind.CONTAINER, "goes", Estimate(0)), volume("a", 1)))
    assert removed_containers(plan) == ("goes",)
