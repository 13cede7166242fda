"""Faults of orlop's own, of which no code knows: a step fails with a sentence, and the run comes to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cleaning.reviewed import Run, Trapped, plan_of, states, volume_step
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.files import blob
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_progress import CleanupProgress, RunState, StepState
from tui.model.journal_record import JournalLine

NAMES = ("npm-cache", "pg-upgrade-backup")


async def _plan(engine: DemoEngine) -> CleanupPlan:
    return await plan_of(engine, *[await volume_step(engine, name) for name in NAMES])


class _Once:
    """A fault that comes once: a name that can't be written, say."""

    def __init__(self) -> None:
        self.left = 1

    async def __call__(self) -> None:
        if self.left:
            self.left -= 1
            "a\ud800b".encode()


@pytest.mark.parametrize("method", ["volume_detail", "volume_archive", "containers"])
async def test_before_the_removal_the_step_fails_and_the_next_one_is_begun(tmp_path: Path, method: str) -> None:
    engine = DemoEngine()
    trapped = Trapped(engine, before={method: _Once()})
    run = Run(trapped.engine, await _plan(engine), tmp_path, back_up=NAMES)
    progress = await run.to_the_end()
    assert progress.state is RunState.FINISHED
    assert states(progress) == [StepState.FAILED, StepState.DONE]
    sentence = progress.steps[0].sentence
    assert "orlop met a fault of its own (UnicodeEncodeError" in sentence
    assert sentence.endswith("Nothing was removed.")
    assert NAMES[0] in {volume.name for volume in await engine.volumes()}
    (session,) = await run.sessions()
    assert [step.outcome for step in session.steps] == ["failed", "done"]
    await run.cleanup.retry_all()
    assert states(run.cleanup.progress) == [StepState.DONE, StepState.DONE]


async def test_after_the_removal_was_asked_for_it_may_have_happened(tmp_path: Path) -> None:
    engine = DemoEngine()
    run = Run(Trapped(engine, after={"remove_volume": _Once()}).engine, await _plan(engine), tmp_path)
    progress = await run.to_the_end()
    assert states(progress) == [StepState.FAILED, StepState.DONE]
    assert progress.steps[0].sentence.endswith("Volume npm-cache may or may not have been removed.")
    assert await engine.volumes()
    await run.cleanup.retry_all()
    assert states(run.cleanup.progress) == [StepState.DONE, StepState.DONE], "it had happened"


async def test_around_the_steps_the_run_ends(tmp_path: Path) -> None:
    engine = DemoEngine()
    run = Run(Trapped(engine, before={"host": _Once()}).engine, await _plan(engine), tmp_path)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert "a fault of its own" in progress.sentence
    assert states(progress) == [StepState.WAITING] * 2


async def test_one_while_a_step_is_written_down_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DemoEngine()
    run = Run(engine, await _plan(engine), tmp_path)
    append, lines = run.journal.append, 0

    async def fail(line: JournalLine) -> None:
        nonlocal lines
        lines += 1
        if lines == 3:  # the outcome of the first step
            raise TypeError("no such thing in JSON")
        await append(line)

    monkeypatch.setattr(run.journal, "append", fail)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert states(progress) == [StepState.DONE, StepState.WAITING]


async def test_figures_that_break_are_not_known_and_nobody_waits_for_them(tmp_path: Path) -> None:
    engine = DemoEngine()
    asked = 0

    async def break_the_second() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise KeyError("Volumes")

    seen: list[CleanupProgress] = []
    run = Run(Trapped(engine, before={"disk_usage": break_the_second}).engine, await _plan(engine), tmp_path)
    run.cleanup._on_progress = seen.append
    await run.to_the_end()
    assert seen[-1].over
    assert not seen[-1].measuring
    assert seen[-1].freed_bytes is None


async def test_half_a_character_in_a_files_name_is_no_fault(tmp_path: Path) -> None:
    engine = DemoEngine()
    files = engine.world.volume(NAMES[0]).files
    files["/half\ud800"], files["/byte\udcff"] = blob(100_000), blob(10)
    progress = await Run(engine, await _plan(engine), tmp_path, back_up=NAMES).to_the_end()
    assert states(progress) == [StepState.DONE, StepState.DONE]
