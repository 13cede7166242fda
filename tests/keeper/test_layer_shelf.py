"""Layers are read once, whoever asks and however often; what can't be read leaves nothing wrong behind."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from tui.contents.layer_cache import LayerCache
from tui.contents.reading import OnReading
from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import EngineFaultError
from tui.keeper import layer_shelf
from tui.keeper.layer_shelf import LayerShelf
from tui.model.image import ImageDetail
from tui.model.layer_files import LayerFiles
from tui.model.storage import Reading


class CountingEngine(DemoEngine):
    """Notes which layers it is asked for, and can be made to wait in the middle of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, ...]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.stopped = 0

    async def layer_files(
        self, image: ImageDetail, diff_ids: Collection[str], on_reading: OnReading
    ) -> Mapping[str, LayerFiles]:
        self.asked.append(tuple(diff_ids))
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return await super().layer_files(image, diff_ids, on_reading)

    async def detail(self, tag: str) -> ImageDetail:
        """An image of the made-up world."""
        return await self.image_detail(tag)


def ignore(_reading: Reading) -> None:
    """Nobody wants to know how far it is."""


@pytest.fixture
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def shelf(engine: CountingEngine, tmp_path: Path) -> LayerShelf:
    return LayerShelf(engine, LayerCache(tmp_path / "layers"))


async def asked(engine: CountingEngine, times: int = 1) -> None:
    """Wait until the engine has been asked so often."""
    while len(engine.asked) < times:
        await asyncio.sleep(0.005)


async def test_nothing_is_read_before_somebody_asks(engine: CountingEngine, shelf: LayerShelf) -> None:
    alpine = await engine.detail("alpine:3.21")
    assert not await shelf.recall(alpine), "looking it up is no reason to read"
    assert shelf.known_waste(alpine.diff_ids) is None
    assert shelf.known_stack(alpine.diff_ids) is None
    assert await shelf.known() == ()
    assert engine.asked == []


async def test_an_image_is_read_once(engine: CountingEngine, shelf: LayerShelf) -> None:
    alpine = await engine.detail("alpine:3.21")
    told: list[Reading] = []
    first = await shelf.layers(alpine, told.append)
    assert told, "how far it is, from the engine"
    told.clear()
    assert await shelf.layers(alpine, told.append) == first
    assert told == []
    assert engine.asked == [alpine.diff_ids]
    assert await shelf.known() == alpine.diff_ids


async def test_of_an_image_on_a_known_base_only_what_is_new_is_read(engine: CountingEngine, shelf: LayerShelf) -> None:
    alpine, nginx = await engine.detail("alpine:3.21"), await engine.detail("nginx:1.27-alpine")
    base = await shelf.layers(alpine, ignore)
    files = await shelf.layers(nginx, ignore)
    assert nginx.diff_ids[0] == alpine.diff_ids[0]
    assert files[0] is base[0]
    assert engine.asked == [alpine.diff_ids, nginx.diff_ids[1:]]


async def test_another_run_finds_it_in_the_cache(engine: CountingEngine, shelf: LayerShelf, tmp_path: Path) -> None:
    nginx = await engine.detail("nginx:1.27-alpine")
    read = await shelf.layers(nginx, ignore)
    later = LayerShelf(engine, LayerCache(tmp_path / "layers"))
    assert await later.recall(nginx)
    waste = later.known_waste(nginx.diff_ids)
    assert waste is not None
    assert waste.stored_bytes == sum(files.stored_bytes for files in read)
    found = await later.layers(nginx, ignore)
    assert [list(files) for files in found] == [list(files) for files in read]
    assert len(engine.asked) == 1


async def test_without_a_cache_it_is_read_again_by_another_run(engine: CountingEngine) -> None:
    alpine = await engine.detail("alpine:3.21")
    for times in (1, 2):
        shelf = LayerShelf(engine, LayerCache(None))
        await shelf.layers(alpine, ignore)
        await shelf.layers(alpine, ignore)
        assert len(engine.asked) == times


async def test_two_who_ask_at_once_are_answered_by_one_reading(engine: CountingEngine, shelf: LayerShelf) -> None:
    alpine = await engine.detail("alpine:3.21")
    engine.gate.clear()
    both = [asyncio.create_task(shelf.layers(alpine, ignore)) for _ in range(2)]
    await asked(engine)
    engine.gate.set()
    one, other = await asyncio.gather(*both)
    assert one == other
    assert len(engine.asked) == 1


async def test_cancelling_stops_the_engine_and_leaves_the_way_free(engine: CountingEngine, shelf: LayerShelf) -> None:
    alpine = await engine.detail("alpine:3.21")
    engine.gate.clear()
    reading = asyncio.create_task(shelf.layers(alpine, ignore))
    await asked(engine)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert engine.stopped == 1
    assert await shelf.known() == (), "half of an image is not kept"
    engine.gate.set()
    assert len(await shelf.layers(alpine, ignore)) == 1


async def test_who_waits_behind_a_reading_that_is_cancelled_reads_himself(
    engine: CountingEngine, shelf: LayerShelf
) -> None:
    alpine = await engine.detail("alpine:3.21")
    engine.gate.clear()
    first, second = (asyncio.create_task(shelf.layers(alpine, ignore)) for _ in range(2))
    await asked(engine)
    first.cancel()
    engine.gate.set()
    assert len(await second) == 1
    assert first.cancelled()
    assert len(engine.asked) == 2


async def test_a_failure_is_the_askers_and_the_next_one_tries_again(engine: CountingEngine, shelf: LayerShelf) -> None:
    alpine = await engine.detail("alpine:3.21")
    engine.fail_next("layer_files", EngineFaultError("The disk is full.", "Make room."))
    with pytest.raises(EngineFaultError, match="The disk is full"):
        await shelf.waste(alpine, ignore)
    assert shelf.known_waste(alpine.diff_ids) is None
    assert (await shelf.waste(alpine, ignore)).stored_bytes > 0


async def test_stacks_and_wastes_are_worked_out_once(engine: CountingEngine, shelf: LayerShelf) -> None:
    alpine = await engine.detail("alpine:3.21")
    stack, waste = await shelf.stack(alpine, ignore), await shelf.waste(alpine, ignore)
    assert await shelf.stack(alpine, ignore) is stack
    assert shelf.known_stack(alpine.diff_ids) is stack
    assert await shelf.waste(alpine, ignore) is waste
    assert shelf.known_waste(alpine.diff_ids) is waste


async def test_what_lies_in_memory_is_bounded_and_what_falls_out_comes_from_the_cache(
    engine: CountingEngine, shelf: LayerShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_shelf, "_ENTRIES_IN_MEMORY", 10)
    alpine, nginx = await engine.detail("alpine:3.21"), await engine.detail("nginx:1.27-alpine")
    first = await shelf.layers(alpine, ignore)
    await shelf.layers(nginx, ignore)
    assert set(shelf._layers) == set(nginx.diff_ids)
    shelf._remember({"sha256:" + "0" * 64: first[0]})
    assert alpine.diff_ids[0] not in shelf._layers
    again = await shelf.layers(alpine, ignore)
    assert list(again[0]) == list(first[0])
    assert len(engine.asked) == 2
