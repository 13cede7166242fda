from __future__ import annotations

import asyncio

import pytest

from tests.engine.contract.conftest import PATIENCE, watching
from tests.engine.lab import Lab
from tui.engine.errors import ConflictError, EngineError
from tui.engine.port import Engine


async def state_of(engine: Engine, container_id: str) -> str:
    """Its state in the inspect answer, and a moment later (26.1 updates its list after it answers) in the list."""
    detail = await engine.container_detail(container_id)
    async with asyncio.timeout(PATIENCE):
        while {container.id: container.state for container in await engine.containers()}[container_id] != detail.state:
            await asyncio.sleep(0.01)
    return detail.state


async def made(lab: Lab, state: str) -> str:
    return await lab.create_container(await lab.create_image("contract/life:1"), name="contract-life", state=state)


async def test_start_and_stop(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "created")
    await engine.start(container_id)
    assert await state_of(engine, container_id) == "running"
    await engine.start(container_id)  # no error
    await engine.stop(container_id)
    assert await state_of(engine, container_id) == "exited"
    detail = await engine.container_detail(container_id)
    assert detail.exit_code == 0
    assert detail.finished
    await engine.stop(container_id)  # no error
    await engine.start(container_id)
    assert await state_of(engine, container_id) == "running"


async def test_restart_starts_anew(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "running")
    before = (await engine.container_detail(container_id)).started
    await engine.restart(container_id)
    assert await state_of(engine, container_id) == "running"
    assert (await engine.container_detail(container_id)).started != before
    await engine.stop(container_id)
    await engine.restart(container_id)
    assert await state_of(engine, container_id) == "running"


async def test_pause_and_unpause(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "running")
    await engine.pause(container_id)
    assert await state_of(engine, container_id) == "paused"
    with pytest.raises(ConflictError):
        await engine.pause(container_id)
    await engine.unpause(container_id)
    assert await state_of(engine, container_id) == "running"


async def test_what_a_state_forbids_is_a_conflict_or_fault_and_changes_nothing(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "exited")
    for call in (engine.pause(container_id), engine.kill(container_id)):
        with pytest.raises(ConflictError):
            await call
    with pytest.raises(EngineError):  # 500 on engines up to 28, 409 by the API's own description
        await engine.unpause(container_id)
    assert await state_of(engine, container_id) == "exited"


async def test_kill_ends_it_with_the_signals_code(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "running")
    async with watching(engine) as watch:
        await engine.kill(container_id)
        await watch.until("container", "die", container_id)
    detail = await engine.container_detail(container_id)
    assert detail.state == "exited"
    assert detail.exit_code == 137


async def test_kill_with_another_signal(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "running")
    async with watching(engine) as watch:
        await engine.kill(container_id, signal="SIGTERM")
        await watch.until("container", "die", container_id)
    detail = await engine.container_detail(container_id)
    assert detail.state == "exited"
    assert detail.exit_code == 0


async def test_rename(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "created")
    await engine.rename(container_id, "contract-renamed")
    assert (await engine.container_detail(container_id)).name == "contract-renamed"
    assert {c.id: c.name for c in await engine.containers()}[container_id] == "contract-renamed"


async def test_a_name_that_is_taken_is_a_conflict(lab: Lab, engine: Engine) -> None:
    container_id = await made(lab, "created")
    await lab.create_container("contract/life:1", name="contract-taken")
    with pytest.raises(ConflictError) as caught:
        await engine.rename(container_id, "contract-taken")
    assert "contract-taken" in caught.value.message
    assert (await engine.container_detail(container_id)).name == "contract-life"


@pytest.mark.parametrize("name", ["two words", "a/b", "-dash", "x;rm -rf", "ü"])
async def test_a_name_that_is_none_is_refused(lab: Lab, engine: Engine, name: str) -> None:
    container_id = await made(lab, "created")
    with pytest.raises(EngineError):
        await engine.rename(container_id, name)
    assert (await engine.container_detail(container_id)).name == "contract-life"
