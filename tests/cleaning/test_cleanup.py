"""Plans are carried out, wholly, in order, and with a line for everything."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.cleaning.reviewed import (
    Run,
    Trapped,
    cache_step,
    container_step,
    everything,
    image_step,
    only,
    plan_of,
    states,
    volume_step,
)
from tests.engine.lab import Lab
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.world import World
from tui.engine.errors import BusyError, ConflictError, EngineFaultError
from tui.engine.port import Engine
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_progress import EngineFigures, RunState, StepState
from tui.model.mark import Kind


async def test_every_kind_goes_and_nothing_else(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("clean/whole:1")
    await lab.tag_image(image, "clean/whole:2")
    await lab.tag_image(image, "other/name:1")
    kept = await lab.create_image("clean/kept:1")
    await lab.tag_image(kept, "clean/kept:2")
    running = await lab.create_container(kept, name="clean-running", state="running")
    stopped = await lab.create_container(image, name="clean-stopped", state="exited")
    volume = await lab.create_volume("clean-volume", labels={"a": "b"})
    records = await lab.create_cache_chain(2)
    before = await everything(engine)
    plan = await plan_of(
        engine,
        await container_step(engine, stopped),
        await container_step(engine, running, force=True),
        await image_step(engine, image),
        await image_step(engine, kept, "clean/kept:2"),
        await volume_step(engine, volume),
        cache_step(records[-1]),
        cache_step(records[0]),
    )
    run = Run(engine, plan, tmp_path)
    progress = await run.to_the_end()
    assert [(one.state, one.sentence) for one in progress.steps] == [(StepState.DONE, "")] * 7
    assert progress.state is RunState.FINISHED
    gone = before - await everything(engine)
    assert gone == {
        (Kind.CONTAINER, stopped),
        (Kind.CONTAINER, running),
        (Kind.IMAGE, image),
        *((Kind.IMAGE, tag) for tag in ("clean/whole:1", "clean/whole:2", "other/name:1", "clean/kept:2")),
        (Kind.VOLUME, volume),
        *((Kind.CACHE_RECORD, record) for record in records),
    }
    (session,) = await run.sessions()
    assert session.ended == "finished"
    assert session.engine_id == plan.engine_id
    assert [step.outcome for step in session.steps] == ["done"] * 7
    lost = [step.lost for step in session.steps]
    assert lost[0].name == "clean-stopped"
    assert lost[0].ways_back[0][:2] == ("docker", "run")
    assert lost[2].tags == ("clean/whole:1", "clean/whole:2", "other/name:1")
    assert lost[3].ways_back == (("docker", "tag", kept, "clean/kept:2"),)
    assert lost[4].labels == (("a", "b"),)
    assert session.freed_bytes == progress.freed_bytes


async def test_figures_before_and_after_are_the_engines(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    image = await lab.create_image("clean/figures:1", layers=2)
    volume = await lab.create_volume("clean-figures")
    await lab.write_volume_file(volume, "file", 30_000)
    plan = await plan_of(engine, await image_step(engine, image), await volume_step(engine, volume))
    before = EngineFigures.of(await engine.disk_usage())
    progress = await Run(engine, plan, tmp_path).to_the_end()
    assert progress.before == before
    assert progress.after == EngineFigures.of(await engine.disk_usage())
    assert not progress.measuring
    assert before.volumes_bytes is not None
    assert progress.after.volumes_bytes == before.volumes_bytes - 30_000
    assert progress.freed_bytes is not None
    assert progress.freed_bytes > 30_000


async def test_what_is_not_ready_stays(tmp_path: Path) -> None:
    engine = DemoEngine()
    before = await everything(engine)
    progress = await Run(engine, CleanupPlan(engine_id=(await engine.host()).id), tmp_path).to_the_end()
    assert progress.state is RunState.FINISHED
    assert await everything(engine) == before


async def test_another_engine_is_not_touched(tmp_path: Path) -> None:
    engine = DemoEngine()
    plan = CleanupPlan((await volume_step(engine, "media"),), engine_id="another")
    run = Run(engine, plan, tmp_path)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert "another engine" in progress.sentence
    assert states(progress) == [StepState.WAITING]
    assert "media" in {volume.name for volume in await engine.volumes()}
    assert await run.sessions() == ()


async def test_read_only_removes_nothing(tmp_path: Path) -> None:
    engine = DemoEngine(read_only=True)
    run = Run(engine, await plan_of(engine, await volume_step(engine, "media")), tmp_path)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert "read-only" in progress.sentence
    assert await run.sessions() == ()


async def test_without_a_journal_nothing_goes(tmp_path: Path) -> None:
    engine = DemoEngine()
    (tmp_path / "state").write_text("a file where the folder should be")
    progress = await Run(engine, await plan_of(engine, await volume_step(engine, "media")), tmp_path).to_the_end()
    assert progress.state is RunState.STOPPED
    assert "ORLOP_STATE_DIR" in progress.sentence
    assert "media" in {volume.name for volume in await engine.volumes()}


async def test_a_journal_that_fails_on_the_way_stops_everything(tmp_path: Path) -> None:
    engine = DemoEngine()
    steps = [await volume_step(engine, name) for name in ("media", "npm-cache", "pg-upgrade-backup")]

    async def break_journal() -> None:
        assert run.journal.path is not None
        run.journal.path.unlink()
        run.journal.path.mkdir()

    trapped = Trapped(engine, after={"remove_volume": break_journal})
    run = Run(trapped.engine, await plan_of(engine, *steps), tmp_path)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert "journal" in progress.sentence
    assert states(progress) == [StepState.DONE, StepState.WAITING, StepState.WAITING]
    assert {"npm-cache", "pg-upgrade-backup"} <= {volume.name for volume in await engine.volumes()}


async def test_pause_resume_and_stop_after_the_current_step(tmp_path: Path) -> None:
    engine = DemoEngine()
    steps = [await volume_step(engine, name) for name in ("media", "npm-cache", "pg-upgrade-backup")]
    pauses = 0

    async def pause_once() -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 1:
            run.cleanup.pause()
            assert run.cleanup.progress.state is RunState.PAUSING
        else:
            run.cleanup.stop()

    run = Run(Trapped(engine, before={"remove_volume": pause_once}).engine, await plan_of(engine, *steps), tmp_path)
    task = asyncio.create_task(run.cleanup.run())
    while run.cleanup.progress.state is not RunState.PAUSED:
        await asyncio.sleep(0.001)
    assert states(run.cleanup.progress) == [StepState.DONE, StepState.WAITING, StepState.WAITING]
    run.cleanup.resume()
    await task
    assert states(run.cleanup.progress) == [StepState.DONE, StepState.DONE, StepState.WAITING]
    assert run.seen[-1].state is RunState.STOPPED
    (session,) = await run.sessions()
    assert session.ended == "stopped"
    assert len(session.steps) == 2


async def test_a_failed_step_can_be_retried_or_dropped(tmp_path: Path) -> None:
    engine = DemoEngine()
    steps = [await volume_step(engine, name) for name in ("media", "npm-cache", "pg-upgrade-backup")]
    engine.fail_next("remove_volume", EngineFaultError("The disk has a bad day."))
    engine.fail_next("remove_volume", EngineFaultError("The disk has a bad day."))
    run = Run(engine, await plan_of(engine, *steps), tmp_path)
    progress = await run.to_the_end()
    assert states(progress) == [StepState.FAILED, StepState.FAILED, StepState.DONE]
    assert progress.steps[0].sentence == "The disk has a bad day."
    await run.cleanup.retry((Kind.VOLUME, "media"))
    await run.cleanup.drop((Kind.VOLUME, "npm-cache"))
    assert states(run.cleanup.progress) == [StepState.DONE, StepState.DROPPED, StepState.DONE]
    await run.cleanup.retry_all()
    assert "npm-cache" in {volume.name for volume in await engine.volumes()}
    (session,) = await run.sessions()
    assert [step.outcome for step in session.steps] == ["done", "dropped", "done"]


async def test_an_engine_that_is_busy_measuring_is_waited_for(tmp_path: Path) -> None:
    engine = DemoEngine()
    engine.fail_next("disk_usage", BusyError("A disk usage operation is already running."))
    plan = await plan_of(engine, await volume_step(engine, "media"))
    progress = await Run(engine, plan, tmp_path).to_the_end()
    assert progress.before is not None
    assert progress.freed_bytes is not None


async def test_one_look_at_the_cache_serves_all_its_records(tmp_path: Path) -> None:
    engine = DemoEngine()
    records = [record.id for record in (await engine.disk_usage()).build_cache if not record.in_use]
    engine.fail_next("prune_cache_record", ConflictError("The record is in use."))
    trapped = Trapped(engine)
    plan = await plan_of(engine, *map(cache_step, reversed(records)))
    progress = await Run(trapped.engine, plan, tmp_path).to_the_end()
    assert states(progress)[0] is StepState.FAILED
    # Before, for the records, once more for the one that was refused, and after.
    assert [name for name, _ in trapped.calls].count("disk_usage") == 4


@pytest.mark.parametrize("tags", [("tags/one:1",), ("tags/one:1", "tags/two:2")])
async def test_several_tags_are_taken_away_alone(tags: tuple[str, ...], tmp_path: Path) -> None:
    engine = DemoEngine(world=World())
    image = engine.world.create_image("tags/one:1", "tags/two:2", "tags/three:3").id
    plan = await plan_of(engine, await image_step(engine, image, *tags))
    assert only(await Run(engine, plan, tmp_path).to_the_end()).state is StepState.DONE
    assert set((await engine.image_detail(image)).tags) == {"tags/one:1", "tags/two:2", "tags/three:3"} - set(tags)


async def test_cut_off_in_a_removal_still_writes_what_came_of_it(tmp_path: Path) -> None:
    engine = DemoEngine()
    begun = asyncio.Event()

    async def slowly() -> None:
        begun.set()
        await asyncio.sleep(0.05)

    trapped = Trapped(engine, before={"remove_volume": slowly})
    steps = [await volume_step(engine, name) for name in ("media", "npm-cache")]
    run = Run(trapped.engine, await plan_of(engine, *steps), tmp_path)
    task = asyncio.create_task(run.cleanup.run())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert run.cleanup.progress.state is RunState.STOPPED
    (session,) = await run.sessions()
    assert [(step.lost.name, step.outcome) for step in session.steps] == [("media", "done")]
    names = {volume.name for volume in await engine.volumes()}
    assert "media" not in names
    assert "npm-cache" in names
