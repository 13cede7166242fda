"""What stands beside "frees exactly": logs, backups that take as much, and how full the disk is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from tui.model.cleanup_plan import CleanupPlan, Reviewed, Step
from tui.model.cleanup_progress import CleanupProgress, EngineFigures, RunState, StepProgress, StepState
from tui.model.engine_disk import BackupPlace, DiskRoom, DiskSight, EngineDisk
from tui.model.estimate import NOTHING, Estimate
from tui.model.mark import Kind, Mark
from tui.present.cleanup_disk import backup_warnings, room_change, room_words
from tui.present.cleanup_facts import go_lines, plan_sections
from tui.present.cleanup_plan import StepSpot, sum_lines
from tui.present.cleanup_progress import over_sentence, receipt_sections
from widgets.cell import Line, Section

NO_BACKUPS: frozenset[str] = frozenset()
WEB, DB = "a" * 64, "b" * 64
GB = 1_000_000_000
ROOM = DiskRoom(40 * GB, 2 * GB)


def container(identity: str, freed: int = 0) -> Step:
    mark = Mark(Kind.CONTAINER, identity)
    return Step(Kind.CONTAINER, identity, f"c-{identity[0]}", (mark,), freed=Estimate(freed))


def volume(name: str, size: int) -> Step:
    mark = Mark(Kind.VOLUME, name)
    return Step(Kind.VOLUME, name, name, (mark,), reviewed=Reviewed(size_bytes=size), freed=Estimate(size))


PLAN = CleanupPlan((container(WEB, 185_000_000), container(DB)), Estimate(185_000_000))
MEASURED = DiskSight(EngineDisk(ROOM, 1, {WEB: 46_000_000, DB: 312_334}))
UNMEASURED = DiskSight(EngineDisk(reason="The engine runs on another host (tcp://far): run orlop there."))


def text(lines: Iterable[Line]) -> str:
    return "\n".join("".join(cell.text for cell in line) for line in lines)


def facts(sections: Iterable[Section]) -> str:
    return "\n".join(
        f"{fact.label} {''.join(cell.text for cell in fact.value)}" for section in sections for fact in section.facts
    )


@pytest.mark.parametrize(
    ("sight", "said"),
    [
        (MEASURED, "exactly 185.0 MB (185,000,000 B) and 46.3 MB of logs"),
        (UNMEASURED, "exactly 185.0 MB (185,000,000 B) and their logs, not measured"),
        (DiskSight(EngineDisk(logs={WEB: 46_000_000})), "(185,000,000 B) and at least 46.0 MB of logs"),
    ],
)
def test_logs_stand_beside_what_the_engine_counts(sight: DiskSight, said: str) -> None:
    assert said in text(sum_lines(PLAN, NO_BACKUPS, sight))
    assert f"{said}." in text(go_lines(PLAN, NO_BACKUPS, sight))


def test_no_word_of_logs_where_there_are_none_or_nobody_has_looked() -> None:
    volumes = CleanupPlan((volume("data", 5),), Estimate(5))
    for plan, sight in ((PLAN, None), (volumes, UNMEASURED), (PLAN, DiskSight(EngineDisk(logs={WEB: 0, DB: 0})))):
        assert "logs" not in text(sum_lines(plan, NO_BACKUPS, sight))
        assert "logs" not in text(go_lines(plan, NO_BACKUPS, sight))


def test_a_containers_facts_tell_of_its_own_logs() -> None:
    spot = StepSpot(PLAN.steps[1], 2)
    told = facts(plan_sections(spot, NO_BACKUPS, (), MEASURED))
    assert "Frees no space." in told
    assert "Its logs take 312.3 kB (312,334 B), which come back too; the engine's figures leave them out." in told
    assert "tcp://far" in facts(plan_sections(spot, NO_BACKUPS, (), UNMEASURED))
    none = DiskSight(EngineDisk(logs={DB: 0}))
    assert "It has no log files." in facts(plan_sections(spot, NO_BACKUPS, (), none))


def beside(free: int, device: int = 1) -> DiskSight:
    return DiskSight(EngineDisk(ROOM, 1, {}), BackupPlace("/state/backups", DiskRoom(40 * GB, free), device))


def test_backup_on_the_engines_disk_frees_nothing() -> None:
    data = volume("data", 300_000_000)
    plan = CleanupPlan((data,), Estimate(300_000_000))
    both = frozenset({"data"})
    said = (
        "The backup takes as much as the volume frees (300.0 MB), on the same disk: "
        "/state/backups lies on the engine's own."
    )
    assert said in text(go_lines(plan, both, beside(2 * GB)))
    assert said in text(sum_lines(plan, both, beside(2 * GB)))
    assert said in facts(plan_sections(StepSpot(data, 1), both, (), beside(2 * GB)))
    assert "on the same disk" not in text(go_lines(plan, NO_BACKUPS, beside(2 * GB)))
    assert "on the same disk" not in text(go_lines(plan, both, beside(2 * GB, device=2)))


def test_backups_without_room_are_named_before_anything_begins() -> None:
    plan = CleanupPlan(tuple(volume(name, GB) for name in ("one", "two", "three", "four", "five")))
    everything = frozenset(step.id for step in plan.steps)
    (said,) = backup_warnings(plan, everything, beside(1_100_000_000, device=2))
    assert said == (
        "No room for 4 backups of two, three, four and 1 more: /state/backups has 1.1 GB free. "
        "Without it they are skipped, and kept."
    )
    (one,) = backup_warnings(plan, frozenset({"one"}), beside(5, device=2))
    assert "No room for the backup of one: /state/backups has 5 B free. Without it it is skipped, and kept." in one


def test_room_tells_what_root_has_besides() -> None:
    assert room_words(ROOM) == "2.0 GB of 40.0 GB"
    reserve = DiskRoom(40 * GB, 0, 2 * GB)
    assert room_words(reserve) == "0 B of 40.0 GB, and 2.0 GB for root alone"
    assert room_words(reserve, exact=True) == "0 B of 40,000,000,000 B, and 2,000,000,000 B for root alone"


def finished(*states: StepState) -> CleanupProgress:
    figures = EngineFigures(500_000_000, 0, 0, 0)
    return CleanupProgress(
        PLAN,
        tuple(StepProgress(step, state) for step, state in zip(PLAN.steps, states, strict=True)),
        RunState.FINISHED,
        before=figures,
        after=replace(figures, layers_bytes=315_000_000),
        disk_before=MEASURED.engine,
        disk_after=EngineDisk(DiskRoom(40 * GB, 2 * GB + 231_312_334), 1, {}),
    )


def test_receipt_tells_logs_beside_the_figure_that_is_compared_and_how_full_the_disk_is() -> None:
    progress = finished(StepState.DONE, StepState.DONE)
    assert over_sentence(progress) == ("2 of 2 things removed, 185.0 MB (185,000,000 B) freed and 46.3 MB of logs.")
    told = facts(receipt_sections(progress, "journal"))
    assert "To the byte what was planned." in told
    assert "Freed 185.0 MB (185,000,000 B) and 46.3 MB of logs" in told
    assert "Disk free 2.0 GB → 2.2 GB (231.3 MB more)" in told
    # What was skipped keeps its logs.
    assert "and 46.0 MB of logs" in over_sentence(finished(StepState.DONE, StepState.SKIPPED))


def test_room_that_can_not_be_seen_is_not_mentioned() -> None:
    progress = replace(finished(StepState.DONE, StepState.DONE), disk_before=UNMEASURED.engine, disk_after=None)
    assert room_change(progress) == ""
    assert "and their logs, not measured" in over_sentence(progress)
    full = replace(progress, disk_before=EngineDisk(ROOM), disk_after=EngineDisk(DiskRoom(40 * GB, GB)))
    assert room_change(full) == "2.0 GB → 1.0 GB (1.0 GB less)"
    assert NOTHING.bytes == 0
