"""What holds for all methods alike: read-only, cancelling, closing, counting."""

from __future__ import annotations

import asyncio
import io

import pytest

from tests.engine.contract.conftest import PATIENCE
from tests.engine.lab import Lab
from tui.engine.errors import EngineError, ReadOnlyError
from tui.engine.port import Engine, ExecRequest


async def test_read_only_refuses_every_change_before_anything_is_sent(lab: Lab) -> None:
    image_id = await lab.create_image("contract/ro:1")
    container_id = await lab.create_container(image_id, name="contract-ro", state="running")
    volume = await lab.create_volume("contract-ro")
    engine = await lab.engine(read_only=True)
    assert engine.read_only
    assert await engine.images()
    sent = engine.requests_sent
    for call in (
        engine.remove_image(image_id, force=True),
        engine.remove_container(container_id, force=True),
        engine.remove_volume(volume, force=True),
        engine.volume_archive(volume, lambda _: None, lambda _: None),
        engine.restore_volume("contract-ro-2", io.BytesIO(), on_reading=lambda _: None),
        engine.prune_cache_record("a" * 25),
        engine.remove_leftovers(),
        engine.start(container_id),
        engine.stop(container_id),
        engine.restart(container_id),
        engine.pause(container_id),
        engine.unpause(container_id),
        engine.kill(container_id),
        engine.rename(container_id, "contract-other"),
        engine.exec(ExecRequest(container_id, ("/bin/sh",)), rows=24, columns=80),
    ):
        with pytest.raises(ReadOnlyError) as caught:
            await call
        assert caught.value.message
        assert caught.value.next_step
    assert engine.requests_sent == sent
    detail = await engine.container_detail(container_id)
    assert (detail.state, detail.name) == ("running", "contract-ro")
    assert await engine.find_shell(container_id) == "/bin/sh"


async def test_requests_are_counted(engine: Engine) -> None:
    await engine.host()
    sent = engine.requests_sent
    await engine.images()
    await engine.containers()
    await engine.volumes()
    assert engine.requests_sent == sent + 3


async def test_ping_answers(engine: Engine) -> None:
    await engine.ping()
    await engine.ping(timeout=1.0)


async def test_calls_run_side_by_side(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE):
        results = await asyncio.gather(*(engine.images() for _ in range(40)))
    assert all(result == results[0] for result in results)


async def test_a_cancelled_call_leaves_the_engine_usable(engine: Engine) -> None:
    for _ in range(10):
        task = asyncio.create_task(engine.disk_usage())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with asyncio.timeout(PATIENCE):
        assert await engine.host()
        assert await engine.images() is not None


async def test_closing_twice_is_fine_and_closed_is_closed(lab: Lab) -> None:
    engine = await lab.engine()
    await engine.host()
    await engine.close()
    await engine.close()
    with pytest.raises(EngineError):
        await engine.images()


async def test_closing_an_engine_that_was_never_used(lab: Lab) -> None:
    engine = await lab.engine()
    async with asyncio.timeout(PATIENCE):
        await engine.close()
