"""What lost engines and killed orlops leave behind is in nobody's way for long."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from tests.cleaning.reviewed import Run, Trapped, container_step, image_step, only, plan_of, states, volume_step
from tests.engine.contract.test_leftovers import ended_process, left_behind
from tests.engine.contract.test_volume_archives import everything
from tests.engine.lab import Lab
from tui.engine.errors import ConnectionLostError
from tui.engine.port import Engine
from tui.model.cleanup_progress import StepState
from tui.model.leftovers import Maker


async def test_our_own_helper_does_not_block_the_second_attempt(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    """The engine is stopped during a backup and started again: it could not be told to remove the helper."""
    volume = await lab.create_volume("left-lost")
    plan = await plan_of(engine, await volume_step(engine, volume))
    lost: list[str] = []

    async def die() -> None:
        if not lost:
            lost.extend(await left_behind(lab, Maker(platform.node(), os.getpid(), "lost").text, volume))
            raise ConnectionLostError("The engine went away in the middle of an answer.")

    run = Run(Trapped(engine, before={"volume_archive": die}).engine, plan, tmp_path, back_up=[volume])
    assert only(await run.to_the_end()).state is StepState.FAILED
    await run.cleanup.retry_all()
    step = only(run.cleanup.progress)
    assert (step.state, step.sentence) == (StepState.DONE, "")
    assert (await everything(engine)).isdisjoint({*lost, volume})


async def test_what_a_killed_orlop_left_is_taken_away_when_a_cleanup_begins(
    lab: Lab, engine: Engine, tmp_path: Path
) -> None:
    volume = await lab.create_volume("left-killed")
    left = await left_behind(lab, Maker(platform.node(), ended_process(), "left").text, volume)
    run = Run(engine, await plan_of(engine, await volume_step(engine, volume)), tmp_path)
    assert run.backups.path is not None
    run.backups.path.mkdir(parents=True)
    part = run.backups.path / "left-killed-20260101T000000Z.tar.part"
    part.write_bytes(bytes(1000))
    assert [(one.path, one.size_bytes) for one in await run.backups.left()] == [(part, 1000)]
    assert only(await run.to_the_end()).state is StepState.DONE
    assert (await everything(engine)).isdisjoint({*left, volume})
    assert run.parts == []
    assert await run.backups.left() == ()


async def test_helpers_that_are_in_the_plan_are_left_to_their_steps(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    volume = await lab.create_volume("left-planned")
    image, container = await left_behind(lab, Maker(platform.node(), ended_process(), "left").text, volume)
    plan = await plan_of(engine, await container_step(engine, container), await image_step(engine, image))
    progress = await Run(engine, plan, tmp_path).to_the_end()
    assert states(progress) == [StepState.DONE, StepState.DONE]
    assert (await everything(engine)).isdisjoint({image, container})
