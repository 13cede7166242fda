"""Searching all layers that have been read: who has them, how many there are, and how it is stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from tui.contents.layer_cache import LayerCache
from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import EngineFaultError
from tui.keeper import known_layers
from tui.keeper.details import Details
from tui.keeper.known_layers import KnownLayers
from tui.keeper.layer_shelf import LayerShelf
from tui.model.image import ImageDetail
from tui.model.inventory import Inventory
from tui.model.known_paths import KnownSearch
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles


class Reader:
    """A demo engine, and what has been read of it."""

    def __init__(self, engine: DemoEngine, inventory: Inventory, folder: Path | None) -> None:
        self.engine = engine
        self.inventory = inventory
        self.details = Details(engine)
        self.cache = LayerCache(folder)
        self.shelf = LayerShelf(engine, self.cache)
        self.known = KnownLayers(engine, self.details, self.shelf, lambda: self.inventory)
        self.progress: list[tuple[int, int]] = []

    async def read(self, tag: str) -> tuple[LayerFiles, ...]:
        """Read an image's layers."""
        detail = await self.details.image(self.inventory.images_by_tag[tag].id)
        return await self.shelf.layers(detail, lambda _reading: None)

    async def search(self, query: str) -> KnownSearch:
        """Search, and note how far it came."""
        self.progress.clear()
        return await self.known.search(query, lambda done, total: self.progress.append((done, total)))


@pytest.fixture
async def reader(tmp_path: Path) -> Reader:
    engine = DemoEngine()
    return Reader(engine, Inventory(images=await engine.images(), listed=frozenset({"images"})), tmp_path / "layers")


async def test_nothing_read_is_nothing_searched_and_said_so(reader: Reader) -> None:
    found = await reader.search("passwd")
    assert found == KnownSearch((), False, 0, 0, len(reader.inventory.images))


async def test_each_layer_is_searched_once_and_told_with_all_images_that_have_it(reader: Reader) -> None:
    await reader.read("alpine:3.21")
    await reader.read("nginx:1.27-alpine")
    found = await reader.search("/etc/os-release")
    assert [(one.found.path, one.holders[0].title, one.holders[0].layer) for one in found.found] == [
        ("etc/os-release", "alpine:3.21", 0)
    ]
    assert {holder.title for holder in found.found[0].holders} > {"alpine:3.21", "nginx:1.27-alpine"}
    assert (found.layers, found.images) == (2, 2)
    assert found.images + found.unread == len(reader.inventory.images)
    assert reader.progress == [(1, 2), (2, 2)]


async def test_what_another_run_has_read_is_found_in_the_cache_and_not_kept_in_memory(reader: Reader) -> None:
    await reader.read("alpine:3.21")
    later = Reader(reader.engine, reader.inventory, reader.cache.folder)
    found = await later.search("*/os-release")
    assert [one.found.path for one in found.found] == ["etc/os-release"]
    assert not later.shelf._layers
    assert await later.shelf.known() == (found.found[0].found.diff_id,)


async def test_layers_that_no_image_has_any_more_are_searched_too(reader: Reader) -> None:
    (files,) = await reader.read("alpine:3.21")
    reader.inventory = Inventory(images=())
    found = await reader.search("os-release")
    assert [(one.found.entry, one.holders) for one in found.found] == [
        (next(entry for entry in files if entry.path == "etc/os-release"), ())
    ]
    assert found.unread == 0


async def test_an_ill_engine_is_told_and_its_layers_are_searched_all_the_same(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reader.read("alpine:3.21")

    async def refuse(_image_id: str) -> ImageDetail:
        raise EngineFaultError("The engine is ill.")

    monkeypatch.setattr(reader.engine, "image_detail", refuse)
    found = await reader.search("os-release")
    assert found.problem == "The engine is ill."
    assert [one.holders[0].title for one in found.found] == ["alpine:3.21"]


async def test_more_than_anybody_reads_is_cut_off(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_layers, "MOST_FOUND", 3)
    await reader.read("nginx:1.27-alpine")
    found = await reader.search("e")
    assert (len(found.found), found.cut_off) == (3, True)


async def test_cancelling_stops_the_thread_between_two_layers(reader: Reader) -> None:
    builder = LayerBuilder()
    builder.add("a", Kind.FILE, 1, 0o644, 0, 0, 0)
    layers: Mapping[str, LayerFiles] = {f"sha256:{number:064x}": builder.build() for number in range(50)}
    reader.shelf._remember(layers)
    go_on, searched = threading.Event(), []

    def wait(done: int, total: int) -> None:
        searched.append(done)
        go_on.wait(10)

    search = asyncio.create_task(reader.known.search("a", wait))
    while not searched:
        await asyncio.sleep(0.01)
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search
    go_on.set()
    await asyncio.sleep(0.1)
    assert len(searched) <= 2


async def test_a_file_of_a_holder_can_be_read(reader: Reader) -> None:
    await reader.read("alpine:3.21")
    found = await reader.search("/etc/os-release")
    pieces: list[bytes] = []
    holder = found.found[0].holders[0]
    source = reader.known.source(holder)
    await source.read_file(holder.layer, "etc/os-release", pieces.append, limit=None, on_reading=lambda _reading: None)
    assert b"Alpine Linux" in b"".join(pieces)
    assert (source.kind, source.title) == ("image", "alpine:3.21")
