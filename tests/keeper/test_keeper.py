"""The keeper over a demo engine: what it asks, when, and what it hands out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.large import large_world
from tui.engine.demo.world import World
from tui.engine.errors import BusyError, EngineFaultError, EngineHungError, SocketMissingError
from tui.keeper import Keeper, Link, LinkState
from tui.keeper.dirt import Part
from tui.model.inventory import Inventory

PATIENCE = 20.0


class Watched:
    """A keeper at work, and everything it said."""

    def __init__(self, engine: DemoEngine) -> None:
        self.engine = engine
        self.pictures: list[Inventory] = []
        self.links: list[Link] = []
        self.keeper = Keeper(engine, self.pictures.append, self.links.append)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to be so."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"never so; links: {self.links[-3:]}"
            await asyncio.sleep(0.005)

    async def until_live(self) -> None:
        """Wait for the first whole picture."""
        await self.until(lambda: self.keeper.link.state is LinkState.LIVE and self.keeper.inventory.usage is not None)


@asynccontextmanager
async def watching(engine: DemoEngine) -> AsyncIterator[Watched]:
    """Run a keeper until the block ends."""
    watched = Watched(engine)
    task = asyncio.create_task(watched.keeper.run())
    try:
        yield watched
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await engine.close()


def small_world() -> World:
    world = World()
    world.create_image("base:1", layers=2)
    world.create_container("base:1", name="one")
    world.create_volume("data")
    return world


async def test_first_picture_takes_few_requests_whatever_the_size() -> None:
    for world in (small_world(), large_world(300, 400, 200)):
        async with watching(DemoEngine(world=world)) as watched:
            await watched.until_live()
            assert watched.engine.requests_sent <= 8
            assert watched.keeper.inventory.listed == {"images", "containers", "volumes"}


async def test_change_outside_is_one_reading_of_what_changed() -> None:
    world = small_world()
    async with watching(DemoEngine(world=world)) as watched:
        await watched.until_live()
        images = watched.keeper.inventory.images
        before = watched.engine.requests_sent
        world.create_container("base:1", name="two")
        await watched.until(lambda: len(watched.keeper.inventory.containers) == 2)
        assert watched.keeper.inventory.images is images
        assert watched.engine.requests_sent - before <= 2


async def test_busy_engine_does_not_starve_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.keeper.keeper.QUIET", 0.1)
    world = small_world()
    async with watching(DemoEngine(world=world)) as watched:
        await watched.until_live()

        async def chatter() -> None:
            for number in range(100):
                world.create_container("base:1", name=f"c{number}")
                await asyncio.sleep(0.01)

        talking = asyncio.create_task(chatter())
        # Events come faster than the quiet ever lasts; the upper bound shows some of them all the same.
        await watched.until(lambda: len(watched.keeper.inventory.containers) > 5)
        assert not talking.done()
        await talking
        await watched.until(lambda: len(watched.keeper.inventory.containers) == 101)


async def test_equal_listing_hands_out_nothing_new() -> None:
    world = small_world()
    async with watching(DemoEngine(world=world)) as watched:
        await watched.until_live()
        handed_out = len(watched.pictures)
        before = watched.engine.requests_sent
        watched.keeper.mark(Part.LISTS)
        await watched.until(lambda: watched.engine.requests_sent >= before + 3)
        await asyncio.sleep(0.05)
        assert len(watched.pictures) == handed_out


async def test_first_failure_is_raised() -> None:
    engine = DemoEngine(world=small_world())
    engine.go_away(SocketMissingError("There is no socket."))
    watched = Watched(engine)
    with pytest.raises(SocketMissingError):
        await watched.keeper.run()


async def test_lost_engine_counts_down_keeps_its_picture_and_recovers() -> None:
    world = small_world()
    async with watching(DemoEngine(world=world)) as watched:
        await watched.until_live()
        watched.engine.go_away()
        await watched.until(lambda: watched.keeper.link.state is LinkState.LOST)
        assert watched.keeper.inventory.containers
        assert watched.keeper.link.error is not None
        world.create_volume("meanwhile")
        watched.engine.come_back()
        await watched.until(lambda: watched.keeper.link.state is LinkState.LIVE)
        assert "meanwhile" in watched.keeper.inventory.volumes_by_name
        assert any(link.retry_in == 1 for link in watched.links)


async def test_back_off_grows_and_a_wish_ends_it() -> None:
    async with watching(DemoEngine(world=small_world())) as watched:
        await watched.until_live()
        watched.engine.go_away()
        await watched.until(lambda: watched.keeper.link.retry_in == 2)
        watched.engine.come_back()
        watched.keeper.refresh()
        began = time.monotonic()
        await watched.until(lambda: watched.keeper.link.state is LinkState.LIVE)
        assert time.monotonic() - began < 1.5


async def test_cut_stream_of_a_living_engine_is_reopened_without_an_alarm() -> None:
    world = small_world()
    async with watching(DemoEngine(world=world)) as watched:
        await watched.until_live()
        for stream in list(watched.engine._streams):
            await stream.aclose()
        await asyncio.sleep(0.1)
        world.create_volume("after the cut")
        await watched.until(lambda: "after the cut" in watched.keeper.inventory.volumes_by_name)
        assert all(link.state is not LinkState.LOST for link in watched.links)


async def test_hung_engine_is_found_by_the_ping_that_activity_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.keeper.keeper.PING_ACTIVE", 0.05)
    async with watching(DemoEngine(world=small_world())) as watched:
        await watched.until_live()
        await asyncio.sleep(0.1)
        watched.engine.fail_next("ping", EngineHungError("No answer."))
        watched.keeper.note_activity()
        await watched.until(lambda: watched.keeper.link.state is LinkState.LOST)
        assert isinstance(watched.keeper.link.error, EngineHungError)


async def test_idle_engine_is_pinged_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.keeper.keeper.PING_IDLE", 0.1)
    monkeypatch.setattr("tui.keeper.keeper.PING_ACTIVE", 0.05)
    async with watching(DemoEngine(world=small_world())) as watched:
        await watched.until_live()
        before = watched.engine.requests_sent
        await watched.until(lambda: watched.engine.requests_sent >= before + 2)


async def test_usage_comes_once_and_again_only_after_its_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world()
    async with watching(DemoEngine(world=world)) as watched:
        await watched.until_live()
        walked: list[float] = []
        walk = watched.engine.disk_usage

        async def counted() -> object:
            walked.append(time.monotonic())
            return await walk()

        monkeypatch.setattr(watched.engine, "disk_usage", counted)
        world.create_volume("new")
        await watched.until(lambda: "new" in watched.keeper.inventory.volumes_by_name)
        await asyncio.sleep(0.2)
        assert not walked
        watched.keeper.refresh()
        await watched.until(lambda: bool(walked))


@pytest.mark.parametrize("error", [EngineFaultError("no"), BusyError("walking already")])
async def test_usage_that_fails_leaves_the_rest_alone(error: EngineFaultError | BusyError) -> None:
    engine = DemoEngine(world=small_world())
    engine.fail_next("disk_usage", error)
    async with watching(engine) as watched:
        await watched.until(lambda: watched.keeper.link.state is LinkState.LIVE)
        await asyncio.sleep(0.1)
        assert watched.keeper.link.state is LinkState.LIVE
        assert watched.keeper.inventory.usage is None


async def test_image_detail_is_read_once_however_many_ask() -> None:
    async with watching(DemoEngine(world=small_world(), delay=0.02)) as watched:
        await watched.until_live()
        image = watched.keeper.inventory.images[0]
        before = watched.engine.requests_sent
        first, second = await asyncio.gather(*(watched.keeper.details.image(image.id) for _ in range(2)))
        assert first is second
        assert await watched.keeper.details.image(image.id) is first
        assert watched.engine.requests_sent - before == 2


async def test_asker_who_leaves_does_not_take_the_answer_from_the_others() -> None:
    async with watching(DemoEngine(world=small_world(), delay=0.05)) as watched:
        await watched.until_live()
        image = watched.keeper.inventory.images[0]
        leaving = asyncio.create_task(watched.keeper.details.image(image.id))
        staying = asyncio.create_task(watched.keeper.details.image(image.id))
        await asyncio.sleep(0.01)
        leaving.cancel()
        assert (await staying).id == image.id


async def test_holdings_know_who_shares_a_layer_and_forget_who_is_gone() -> None:
    world = small_world()
    child = world.create_image("app:1", parent="base:1")
    async with watching(DemoEngine(world=world)) as watched:
        await watched.until_live()
        details = watched.keeper.details
        await details.read_holdings(watched.keeper.inventory)
        base = watched.keeper.inventory.images_by_tag["base:1"]
        chain = details.images[base.id].layers[0].chain_id
        assert details.holders(chain) == {base.id, child.id}
        await watched.engine.remove_image("app:1")
        await watched.until(lambda: "app:1" not in watched.keeper.inventory.images_by_tag)
        await watched.until(lambda: details.holders(chain) == {base.id})
