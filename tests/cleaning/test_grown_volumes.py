"""A volume that holds something else than it did when it was reviewed stays, unless it was backed up just now."""

from __future__ import annotations

import asyncio
import tarfile
from dataclasses import replace
from pathlib import Path

from tests.cleaning.reviewed import Run, Trapped, only, plan_of, states, volume_step
from tests.engine.lab import Lab
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.files import blob
from tui.engine.errors import ConnectionLostError, EngineFaultError
from tui.engine.port import Engine
from tui.model.cleanup_plan import Step
from tui.model.cleanup_progress import RunState, StepState


async def _sized_step(engine: Engine, name: str) -> Step:
    """As reviewed with the engine's figures at hand."""
    step = await volume_step(engine, name)
    size = (await engine.disk_usage()).volumes[name].size_bytes
    return replace(step, reviewed=step.reviewed._replace(size_bytes=size))


async def _names(engine: Engine) -> set[str]:
    return {volume.name for volume in await engine.volumes()}


async def test_one_that_was_written_to_stays_and_the_sizes_are_said(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    grown = await lab.create_volume("grown")
    same = await lab.create_volume("grown-not")
    await lab.write_volume_file(grown, "file", 100_000)
    await lab.write_volume_file(same, "file", 100_000)
    plan = await plan_of(engine, await _sized_step(engine, grown), await _sized_step(engine, same))
    await lab.write_volume_file(grown, "file", 3_000_000)
    run = Run(engine, plan, tmp_path)
    progress = await run.to_the_end()
    assert states(progress) == [StepState.SKIPPED, StepState.DONE]
    reviewed = plan.steps[0].reviewed.size_bytes
    now = (await engine.disk_usage()).volumes[grown].size_bytes
    assert progress.steps[0].sentence == (
        f"Volume grown was written to or emptied meanwhile: it holds {now:,} bytes now "
        f"and held {reviewed:,} when it was reviewed."
    )
    assert await _names(engine) >= {grown}
    assert same not in await _names(engine)
    (session,) = await run.sessions()
    assert [step.outcome for step in session.steps] == ["skipped", "done"]


async def test_with_a_backup_nothing_is_lost_and_it_goes(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    grown = await lab.create_volume("grown-saved")
    await lab.write_volume_file(grown, "more", 1)  # a new file would move the date that old engines tell
    plan = await plan_of(engine, await _sized_step(engine, grown))
    await lab.write_volume_file(grown, "more", 3_000_000)
    run = Run(engine, plan, tmp_path, back_up=[grown])
    step = only(await run.to_the_end())
    assert step.state is StepState.DONE
    with tarfile.open(step.backup_path) as backup:
        assert "more" in {Path(name).name for name in backup.getnames()}


async def test_where_nobody_knows_the_size_the_other_checks_hold(tmp_path: Path) -> None:
    engine = DemoEngine()
    plan = await plan_of(engine, await _sized_step(engine, "npm-cache"))

    async def fail() -> None:
        raise EngineFaultError("No sizes today.")

    trapped = Trapped(engine, before={"disk_usage": fail})
    step = only(await Run(trapped.engine, plan, tmp_path).to_the_end())
    assert step.state is StepState.DONE
    assert [name for name, _arguments in trapped.calls].count("disk_usage") == 2, "before and after all steps"


async def test_what_is_tried_again_is_measured_again(tmp_path: Path) -> None:
    """Written to between the failure and the second attempt; and that is not taken for another of the same name."""
    engine = DemoEngine()
    plan = await plan_of(engine, await _sized_step(engine, "npm-cache"))
    failed = False

    async def die() -> None:
        nonlocal failed
        if not failed:
            failed = True
            raise ConnectionLostError("The engine went away in the middle of a request.")

    run = Run(Trapped(engine, before={"remove_volume": die}).engine, plan, tmp_path)
    assert only(await run.to_the_end()).state is StepState.FAILED
    engine.world.volume("npm-cache").files["/more"] = blob(5_000_000)
    await run.cleanup.retry_all()
    step = only(run.cleanup.progress)
    assert step.state is StepState.SKIPPED
    assert "was written to or emptied" in step.sentence
    assert "npm-cache" in await _names(engine)


async def test_after_a_pause_it_is_measured_again(tmp_path: Path) -> None:
    engine = DemoEngine()
    names = ("npm-cache", "pg-upgrade-backup")
    plan = await plan_of(engine, *[await _sized_step(engine, name) for name in names])
    runs: list[Run] = []

    async def pause() -> None:
        runs[0].cleanup.pause()

    runs.append(Run(Trapped(engine, after={"remove_volume": pause}).engine, plan, tmp_path))
    run = runs[0]
    task = asyncio.create_task(run.to_the_end())
    while run.cleanup.progress.state is not RunState.PAUSED:
        await asyncio.sleep(0.01)
    engine.world.volume(names[1]).files["/more"] = blob(5_000_000)
    run.cleanup.resume()
    progress = await task
    assert states(progress) == [StepState.DONE, StepState.SKIPPED]
