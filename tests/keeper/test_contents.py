"""Looking up what is known of contents never asks the engine for layers, nor puts up the shelf."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.keeper.test_layer_shelf import CountingEngine, ignore
from tui.engine.errors import NotFoundError
from tui.keeper.contents import Contents
from tui.keeper.details import Details


@pytest.fixture
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def contents(engine: CountingEngine, tmp_path: Path) -> Contents:
    return Contents(engine, Details(engine), tmp_path)


async def test_without_a_question_there_is_not_even_a_shelf(engine: CountingEngine, contents: Contents) -> None:
    image = await engine.detail("nginx:1.27-alpine")
    assert contents.waste_of(image.id) is None
    assert contents.origin_of(image.id, "etc/os-release") is None
    assert contents._shelf is None


async def test_what_nobody_has_read_is_not_known(engine: CountingEngine, contents: Contents) -> None:
    image = await engine.detail("nginx:1.27-alpine")
    assert not await contents.recall(image.id)
    assert contents.waste_of(image.id) is None
    assert contents.origin_of(image.id, "etc/os-release") is None
    assert engine.asked == []


async def test_what_has_been_read_is_told_at_once(engine: CountingEngine, tmp_path: Path) -> None:
    before = Contents(engine, Details(engine), tmp_path)
    image = await engine.detail("nginx:1.27-alpine")
    await before.shelf.layers(image, ignore)
    contents = Contents(engine, Details(engine), tmp_path)
    assert await contents.recall(image.id)
    waste = contents.waste_of(image.id)
    assert waste is not None
    assert waste.stored_bytes > waste.wasted_bytes >= 0
    assert contents.origin_of(image.id, "etc/os-release") == "layer 1"
    assert contents.origin_of(image.id, "no/such/path") == ""
    assert len(engine.asked) == 1


async def test_an_image_that_has_gone_is_an_error(contents: Contents) -> None:
    with pytest.raises(NotFoundError):
        await contents.recall(f"sha256:{'0' * 64}")
