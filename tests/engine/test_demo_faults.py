"""Trouble on demand, counting of requests, and the event stream's ends."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import (
    ConnectionLostError,
    EngineFaultError,
    EngineHungError,
    EngineUnavailableError,
    ReadOnlyError,
    SocketMissingError,
    StaleSocketError,
)
from tui.engine.port import ExecRequest
from tui.model.event import EngineEvent

NOW = 1_737_500_000.0


async def heard(engine: DemoEngine, count: int) -> asyncio.Task[list[EngineEvent]]:
    """Start listening now; the task gives the next ``count`` events."""
    stream = await engine.events()

    async def collect() -> list[EngineEvent]:
        found = []
        async for event in stream:
            found.append(event)
            if len(found) == count:
                break
        return found

    return asyncio.create_task(collect())


async def test_fail_next_fails_once() -> None:
    engine = DemoEngine(now=NOW)
    engine.fail_next("images", EngineFaultError("The disk is full.", "Make room."))
    with pytest.raises(EngineFaultError, match="disk is full"):
        await engine.images()
    assert await engine.images()


async def test_failed_change_changes_nothing() -> None:
    engine = DemoEngine(now=NOW)
    engine.fail_next("remove_volume", EngineFaultError("No."))
    with pytest.raises(EngineFaultError):
        await engine.remove_volume("npm-cache")
    assert "npm-cache" in engine.world.volumes


async def test_hung_ping_gives_up_and_hung_list_waits() -> None:
    engine = DemoEngine(now=NOW)
    engine.hang("ping")
    engine.hang("images")
    with pytest.raises(EngineHungError):
        await engine.ping(timeout=0.01)
    waiting = asyncio.create_task(engine.images())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    engine.release("images")
    assert await asyncio.wait_for(waiting, 1)


async def test_hung_call_can_be_cancelled() -> None:
    engine = DemoEngine(now=NOW)
    engine.hang("containers")
    waiting = asyncio.create_task(engine.containers())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_go_away_and_come_back() -> None:
    engine = DemoEngine(now=NOW)
    events = await heard(engine, 99)
    engine.hang("disk_usage")
    in_flight = asyncio.create_task(engine.disk_usage())
    await asyncio.sleep(0.01)
    engine.go_away()
    assert await asyncio.wait_for(events, 1) == [], "the stream ends normally"
    with pytest.raises(ConnectionLostError):
        await asyncio.wait_for(in_flight, 1)
    with pytest.raises(SocketMissingError):
        await engine.ping()
    with pytest.raises(SocketMissingError):
        await engine.events()
    engine.world.create_volume("made-while-away")
    engine.come_back()
    assert "made-while-away" in {volume.name for volume in await engine.volumes()}
    again = await heard(engine, 1)
    engine.world.create_volume("made-after")
    assert [event.subject for event in await asyncio.wait_for(again, 1)] == ["made-after"]


async def test_go_away_with_a_reason_of_its_own() -> None:
    engine = DemoEngine(now=NOW)
    engine.go_away(StaleSocketError("Nobody listens."))
    with pytest.raises(StaleSocketError):
        await engine.containers()


async def test_one_engine_going_away_leaves_the_others() -> None:
    engine = DemoEngine(now=NOW)
    other = DemoEngine(world=engine.world)
    events = await heard(other, 1)
    engine.go_away()
    other.world.create_volume("still-heard")
    assert [event.subject for event in await asyncio.wait_for(events, 1)] == ["still-heard"]


async def test_several_listeners_hear_the_same_from_any_thread() -> None:
    engine = DemoEngine(now=NOW)
    one, other = await heard(engine, 2), await heard(engine, 2)

    def outside() -> None:
        engine.world.create_volume("first")
        engine.world.create_volume("second")

    thread = threading.Thread(target=outside)
    thread.start()
    first = await asyncio.wait_for(one, 1)
    assert [event.subject for event in first] == ["first", "second"]
    assert await asyncio.wait_for(other, 1) == first
    assert first[0].time_ns < first[1].time_ns
    thread.join()


async def test_closing_a_stream_ends_it_twice_over() -> None:
    engine = DemoEngine(now=NOW)
    stream = await engine.events()
    waiting = asyncio.create_task(stream.__anext__())
    await asyncio.sleep(0)
    await stream.aclose()
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(waiting, 1)
    assert engine.world.hub.listeners == 0


async def test_closed_engine_answers_nothing() -> None:
    engine = DemoEngine(now=NOW)
    events = await heard(engine, 99)
    await engine.close()
    await engine.close()
    assert await asyncio.wait_for(events, 1) == []
    with pytest.raises(EngineUnavailableError):
        await engine.images()


async def test_requests_are_counted_as_a_real_engine_would_be_asked() -> None:
    engine = DemoEngine(now=NOW)
    image = (await engine.images())[0]
    assert engine.requests_sent == 1
    await engine.image_detail(image.id)
    assert engine.requests_sent == 3
    await engine.containers()
    await engine.volumes()
    await engine.disk_usage()
    assert engine.requests_sent == 6


async def test_delay_is_taken() -> None:
    engine = DemoEngine(delay=0.02, now=NOW)
    begun = asyncio.get_running_loop().time()
    await engine.images()
    assert asyncio.get_running_loop().time() - begun >= 0.02


async def test_read_only_refuses_every_change() -> None:
    engine = DemoEngine(read_only=True, now=NOW)
    before = await engine.containers()
    container = before[0].id
    for change in (
        engine.remove_image("shop/web:2.3.1"),
        engine.remove_container(container, force=True),
        engine.remove_volume("npm-cache"),
        engine.start(container),
        engine.stop(container),
        engine.restart(container),
        engine.pause(container),
        engine.unpause(container),
        engine.kill(container),
        engine.rename(container, "other-name"),
        engine.exec(ExecRequest(container, ("sh",)), rows=24, columns=80),
    ):
        with pytest.raises(ReadOnlyError):
            await change
    assert await engine.containers() == before


async def test_idle_is_idle() -> None:
    engine = DemoEngine()
    events = await heard(engine, 1)
    threads = threading.active_count()
    await asyncio.sleep(0.1)
    assert not events.done()
    assert threading.active_count() == threads
    events.cancel()
