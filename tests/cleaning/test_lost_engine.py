"""The engine goes away in the middle of a plan: what is not known is said, and nothing more is begun."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.cleaning.reviewed import (
    Run,
    Trapped,
    container_step,
    everything,
    image_step,
    plan_of,
    states,
    volume_step,
)
from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import ConnectionLostError
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_progress import RunState, StepState
from tui.model.mark import Kind

VOLUMES = ("media", "npm-cache", "pg-upgrade-backup")


async def _volumes(engine: DemoEngine) -> set[str]:
    return {volume.name for volume in await engine.volumes()} & set(VOLUMES)


async def _plan(engine: DemoEngine) -> CleanupPlan:
    return await plan_of(engine, *[await volume_step(engine, name) for name in VOLUMES])


async def test_gone_before_the_answer_and_not_back(tmp_path: Path) -> None:
    """The engine has removed the volume and died before it could say so."""
    engine = DemoEngine()
    plan = await _plan(engine)

    async def die() -> None:
        engine.go_away()
        raise ConnectionLostError("The engine went away in the middle of an answer.")

    run = Run(Trapped(engine, after={"remove_volume": die}).engine, plan, tmp_path)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert "has not come back" in progress.sentence
    assert states(progress) == [StepState.FAILED, StepState.WAITING, StepState.WAITING]
    assert "Volume media may or may not have been removed." in progress.steps[0].sentence
    engine.come_back()
    assert await _volumes(engine) == {"npm-cache", "pg-upgrade-backup"}
    (session,) = await run.sessions()
    assert session.ended == "stopped"
    assert [(step.lost.name, step.outcome) for step in session.steps] == [("media", "failed")]
    await run.cleanup.retry_all()
    assert states(run.cleanup.progress) == [StepState.DONE, StepState.WAITING, StepState.WAITING]
    (session,) = await run.sessions()
    assert session.steps[0].outcome == "done"
    assert session.steps[0].lost.ways_back, "what was seen of it at first is still known"


async def test_what_did_happen_is_not_repeated_against_a_namesake(tmp_path: Path) -> None:
    """The engine dies with the answer; before the step is tried again somebody makes a volume of the same name."""
    engine = DemoEngine()
    plan = await plan_of(engine, await volume_step(engine, "media"))

    async def die() -> None:
        engine.go_away()
        raise ConnectionLostError("The engine went away in the middle of an answer.")

    trapped = Trapped(engine, after={"remove_volume": die})
    run = Run(trapped.engine, plan, tmp_path, back_up=["media"])
    assert states(await run.to_the_end()) == [StepState.FAILED]
    (backup,) = run.parts
    engine.come_back()
    engine.world.create_volume("media")
    trapped.calls.clear()
    await run.cleanup.retry_all()
    assert states(run.cleanup.progress) == [StepState.DONE]
    assert "not touched" in run.cleanup.progress.steps[0].sentence
    assert run.cleanup.progress.steps[0].backup_path == str(backup)
    assert "remove_volume" not in {name for name, _arguments in trapped.calls}
    assert "media" in await _volumes(engine)
    (session,) = await run.sessions()
    assert session.steps[0].lost.backup_path == str(backup)


async def test_what_did_not_happen_is_not_taken_for_done(tmp_path: Path) -> None:
    """The engine dies before it has done anything, and somebody else removes the volume and makes another."""
    engine = DemoEngine()
    plan = await plan_of(engine, await volume_step(engine, "media"))

    deaths = 0

    async def die() -> None:
        nonlocal deaths
        deaths += 1
        if deaths == 1:
            engine.go_away()

    run = Run(Trapped(engine, before={"volume_detail": die}).engine, plan, tmp_path)
    assert states(await run.to_the_end()) == [StepState.FAILED]
    engine.come_back()
    await engine.remove_volume("media")
    await run.cleanup.retry_all()
    assert states(run.cleanup.progress) == [StepState.SKIPPED], "nobody had asked for it yet"


@pytest.mark.parametrize("moved", [False, True])
async def test_a_tag_whose_answer_was_lost_is_not_taken_from_its_next_image(tmp_path: Path, moved: bool) -> None:
    engine = DemoEngine()
    made = engine.world.create_image("lost/tag:1", "lost/tag:2", "lost/tag:3", layers=1)
    other = engine.world.create_image("lost/other:1", layers=1)
    plan = await plan_of(engine, await image_step(engine, made.id, "lost/tag:1", "lost/tag:2"))
    deaths = 0

    async def die() -> None:
        nonlocal deaths
        deaths += 1
        if deaths == 1:
            engine.go_away()
            raise ConnectionLostError("The engine went away in the middle of an answer.")

    run = Run(Trapped(engine, after={"remove_image": die}).engine, plan, tmp_path)
    assert states(await run.to_the_end()) == [StepState.FAILED]
    engine.come_back()
    if moved:
        engine.world.tag_image(other.id, "lost/tag:1")
    await run.cleanup.retry_all()
    assert states(run.cleanup.progress) == [StepState.DONE]
    tags = {image.id: set(image.tags) for image in await engine.images()}
    assert tags[made.id] == {"lost/tag:3"}
    assert tags[other.id] == {"lost/other:1"} | ({"lost/tag:1"} if moved else set())


@pytest.mark.parametrize("done", [True, False])
async def test_gone_and_back_and_found_out(tmp_path: Path, done: bool) -> None:
    engine = DemoEngine()
    plan = await _plan(engine)
    deaths = 0

    async def die() -> None:
        nonlocal deaths
        deaths += 1
        if deaths == 1:
            engine.go_away()
            asyncio.get_running_loop().call_later(0.01, engine.come_back)
            raise ConnectionLostError("The engine went away in the middle of an answer.")

    traps = {"remove_volume": die}
    trapped = Trapped(engine, after=traps) if done else Trapped(engine, before=traps)
    progress = await Run(trapped.engine, plan, tmp_path, patience=20).to_the_end()
    assert progress.state is RunState.FINISHED
    assert states(progress) == [StepState.DONE if done else StepState.FAILED, StepState.DONE, StepState.DONE]
    assert await _volumes(engine) == (set() if done else {"media"})
    if not done:
        assert "is still there" in progress.steps[0].sentence


async def test_gone_while_it_was_only_asked(tmp_path: Path) -> None:
    engine = DemoEngine()
    plan = await _plan(engine)

    async def die() -> None:
        engine.go_away()

    trapped = Trapped(engine, before={"volume_detail": die})
    run = Run(trapped.engine, plan, tmp_path)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert states(progress) == [StepState.FAILED, StepState.WAITING, StepState.WAITING]
    assert "Nothing was removed." in progress.steps[0].sentence
    engine.come_back()
    assert await _volumes(engine) == set(VOLUMES)


async def test_another_engine_in_its_place_is_not_touched(tmp_path: Path) -> None:
    engine, other = DemoEngine(), DemoEngine()
    plan = await _plan(engine)

    class Swapped(Trapped):
        async def host(self) -> object:
            host = await self._engine.host()
            return host._replace(id="another") if self._engine is other else host

    async def swap() -> None:
        trapped._engine = other
        raise ConnectionLostError("The engine went away in the middle of an answer.")

    trapped = Swapped(engine, before={"remove_volume": swap})
    progress = await Run(trapped.engine, plan, tmp_path).to_the_end()
    assert progress.state is RunState.STOPPED
    assert await _volumes(other) == set(VOLUMES)


async def test_an_engine_that_was_never_there(tmp_path: Path) -> None:
    engine = DemoEngine()
    plan = await _plan(engine)
    engine.go_away()
    run = Run(engine, plan, tmp_path)
    progress = await run.to_the_end()
    assert progress.state is RunState.STOPPED
    assert "Nothing was removed." in progress.sentence
    assert await run.sessions() == ()


@pytest.fixture
def own_dockerd(dockerd: PrivateDockerd) -> Iterator[PrivateDockerd]:
    """Another one, which may be killed."""
    made = PrivateDockerd.from_environment()
    yield made
    made.stop()


@pytest_asyncio.fixture
async def own_lab(own_dockerd: PrivateDockerd) -> AsyncIterator[DockerLab]:
    made = DockerLab(own_dockerd)
    yield made
    if own_dockerd.answers():
        await made.close()


@pytest.mark.parametrize("back", [True, False])
async def test_a_real_engine_is_killed_in_the_middle(
    own_dockerd: PrivateDockerd, own_lab: DockerLab, tmp_path: Path, back: bool
) -> None:
    engine = await own_lab.engine()
    image = await own_lab.create_image("lost/image:1")
    container = await own_lab.create_container(image)
    volumes = [await own_lab.create_volume(f"lost-{number}") for number in range(3)]
    kept = await own_lab.create_volume("lost-kept")
    steps = [await container_step(engine, container), await image_step(engine, image)]
    steps += [await volume_step(engine, name) for name in volumes]
    plan = await plan_of(engine, *steps)
    before = await everything(engine)
    calls = 0

    async def kill() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            own_dockerd.halt()
            if back:
                own_dockerd.start()

    trapped = Trapped(engine, before={"remove_volume": kill})
    run = Run(trapped.engine, plan, tmp_path, patience=20 if back else 0.5)
    progress = await run.to_the_end()
    if back:
        # The removal was sent to the engine that had come back already: it never knew of the death.
        assert states(progress) == [StepState.DONE] * 5
    else:
        assert progress.state is RunState.STOPPED
        done = [StepState.DONE] * 3
        assert states(progress) == [*done, StepState.FAILED, StepState.WAITING]
        own_dockerd.start()
    again = await own_lab.engine()
    planned = {(step.kind, step.id) for step in steps} | {(Kind.IMAGE, "lost/image:1")}
    gone = before - await everything(again)
    assert gone <= planned
    assert (Kind.VOLUME, kept) in await everything(again)
    if not back:
        assert gone == planned - {(Kind.VOLUME, volumes[1]), (Kind.VOLUME, volumes[2])}
        (session,) = await run.sessions()
        assert [step.outcome for step in session.steps] == ["done", "done", "done", "failed"]
    await own_lab.close()
