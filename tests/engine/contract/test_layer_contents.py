"""What lies in an image's layers, as each engine tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from tests.engine.contract.conftest import ALSO_FROM_AFAR, PATIENCE
from tests.engine.lab import WHITEOUT, Lab, LabEntry, file, folder, link
from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.model.image import ImageDetail
from tui.model.layer_files import Entry, Kind, LayerFiles
from tui.model.storage import Phase, Reading

pytestmark = ALSO_FROM_AFAR

LOWEST: Mapping[str, LabEntry] = {
    "/etc": folder(),
    "/etc/motd": file(b"welcome\n"),
    "/etc/secret": file(b"hidden", 0o600),
    "/opt": folder(),
    "/opt/tool": file(b"#!/bin/sh\n" + b"x" * 5000, 0o4755),
    "/opt/data": folder(0o1777),
    "/opt/data/one": file(b"1" * 1000),
    "/opt/data/two": file(b"2" * 2000),
    "/opt/cache": folder(),
    "/opt/cache/old": file(b"o" * 300),
    "/opt/link": link("tool"),
}
MIDDLE: Mapping[str, LabEntry] = {
    "/etc": folder(),
    "/etc/motd": file(b"welcome again\n"),
    "/etc/secret": WHITEOUT,
    "/opt": folder(),
    "/opt/data": WHITEOUT,
    "/opt/cache": folder(opaque=True),
    "/opt/cache/new": file(b"n" * 400),
}
HIGHEST: Mapping[str, LabEntry] = {"/opt": folder(), "/opt/empty": file(b"")}
LAYERS = (LOWEST, MIDDLE, HIGHEST)


def ignore(_reading: Reading) -> None:
    """For a caller that does not show how far it has come."""


async def layered(lab: Lab, engine: Engine, layers: Sequence[Mapping[str, LabEntry]] = LAYERS) -> ImageDetail:
    image_id, _ = await lab.create_layered_image("contract/contents:1", layers)
    return await engine.image_detail(image_id)


async def contents(engine: Engine, image: ImageDetail) -> list[LayerFiles]:
    async with asyncio.timeout(PATIENCE):
        found = await engine.layer_files(image, image.diff_ids, ignore)
    assert found.keys() == set(image.diff_ids)
    return [found[diff_id] for diff_id in image.diff_ids]


def by_path(files: LayerFiles) -> dict[str, Entry]:
    return {entry.path: entry for entry in files}


async def test_each_layer_holds_what_was_put_into_it(lab: Lab, engine: Engine) -> None:
    lowest, middle, highest = await contents(engine, await layered(lab, engine))
    assert list(by_path(lowest)) == sorted(path[1:] for path in LOWEST)
    assert list(by_path(middle)) == ["etc", "etc/motd", "opt", "opt/cache", "opt/cache/new"]
    assert list(by_path(highest)) == ["opt", "opt/empty"]
    assert [files.stored_bytes for files in (lowest, middle, highest)] == [
        sum(len(entry.content) for entry in layer.values()) for layer in LAYERS
    ]


async def test_entries_have_kind_size_mode_and_owner(lab: Lab, engine: Engine) -> None:
    lowest, _, highest = await contents(engine, await layered(lab, engine))
    entries = by_path(lowest)
    tool, data, alias = entries["opt/tool"], entries["opt/data"], entries["opt/link"]
    assert (tool.kind, tool.size_bytes, tool.mode, tool.uid, tool.gid) == (Kind.FILE, 5010, 0o4755, 0, 0)
    assert (data.kind, data.size_bytes, data.mode) == (Kind.FOLDER, 0, 0o1777)
    assert (alias.kind, alias.size_bytes, alias.link) == (Kind.SYMLINK, 0, "tool")
    assert entries["etc/secret"].mode == 0o600
    assert all(entry.modified > 0 for entry in entries.values())
    assert by_path(highest)["opt/empty"].size_bytes == 0


async def test_whiteouts_and_opaque_folders_are_told_apart_from_files(lab: Lab, engine: Engine) -> None:
    lowest, middle, highest = await contents(engine, await layered(lab, engine))
    assert (lowest.whiteouts, lowest.opaques) == ((), ())
    assert (middle.whiteouts, middle.opaques) == (("etc/secret", "opt/data"), ("opt/cache",))
    assert (highest.whiteouts, highest.opaques) == ((), ())


async def test_only_the_layers_asked_for_are_told(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)
    found = await engine.layer_files(image, [image.diff_ids[1]], ignore)
    assert list(found) == [image.diff_ids[1]]
    assert found[image.diff_ids[1]] == (await contents(engine, image))[1]
    assert await engine.layer_files(image, [], ignore) == {}


async def test_built_layers_are_read_like_loaded_ones(lab: Lab, engine: Engine) -> None:
    image = await engine.image_detail(await lab.create_image("contract/built:1", layers=3))
    lowest, *others = await contents(engine, image)
    assert "bin/sh" in by_path(lowest)
    assert all(len(files) >= 1 for files in others)
    # Some engines count disk blocks.
    assert all(
        files.stored_bytes <= (layer.size_bytes or 0) for files, layer in zip(others, image.layers[1:], strict=True)
    )


async def test_reading_is_told_from_the_beginning_to_the_end(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)
    told: list[Reading] = []
    await engine.layer_files(image, image.diff_ids, told.append)
    assert told[0].phase is Phase.WAITING
    assert told[-1].phase is Phase.READING
    assert told[-1].entries >= len(LOWEST) + 7
    done = [reading.done_bytes for reading in told]
    assert done == sorted(done)
    assert all(reading.total_bytes is None or reading.total_bytes >= reading.done_bytes for reading in told)


@pytest.mark.parametrize("limit", [None, 0, 1, 999, 1000, 1001])
async def test_a_file_of_a_layer_can_be_read(lab: Lab, engine: Engine, limit: int | None) -> None:
    image = await layered(lab, engine)
    pieces: list[bytes] = []
    async with asyncio.timeout(PATIENCE):
        await engine.layer_file(image, image.diff_ids[0], "opt/data/one", pieces.append, limit=limit, on_reading=ignore)
    assert b"".join(pieces) == (b"1" * 1000)[:limit]


async def test_each_layer_has_its_own_copy_of_a_file(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)
    for diff_id, layer in zip(image.diff_ids[:2], LAYERS, strict=False):
        pieces: list[bytes] = []
        await engine.layer_file(image, diff_id, "etc/motd", pieces.append, limit=None, on_reading=ignore)
        assert b"".join(pieces) == layer["/etc/motd"].content


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    ("layer", "path"), [(0, "etc/nothing"), (2, "etc/motd"), (0, "opt/data"), (0, "opt/link"), (1, "etc/secret")]
)
async def test_what_is_no_file_can_not_be_read(lab: Lab, engine: Engine, layer: int, path: str, known: bool) -> None:
    image = await layered(lab, engine)
    if known:
        await contents(engine, image)
    pieces: list[bytes] = []
    with pytest.raises(NotFoundError) as caught:
        await engine.layer_file(image, image.diff_ids[layer], path, pieces.append, limit=None, on_reading=ignore)
    assert path in caught.value.message
    assert pieces == []


async def test_an_image_that_is_gone_is_not_found(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)
    await engine.remove_image(image.id, force=True)
    with pytest.raises(NotFoundError):
        await engine.layer_files(image, image.diff_ids, ignore)
    with pytest.raises(NotFoundError):
        await engine.layer_file(image, image.diff_ids[0], "etc/motd", lambda _: None, limit=None, on_reading=ignore)


async def test_a_layer_of_another_image_is_not_found(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)
    with pytest.raises(NotFoundError):
        await engine.layer_files(image, [*image.diff_ids, "sha256:" + "0" * 64], ignore)


async def test_what_the_caller_raises_comes_back(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)

    def full(_piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        await engine.layer_file(image, image.diff_ids[0], "opt/tool", full, limit=None, on_reading=ignore)
    assert await contents(engine, image)


async def test_cancelling_leaves_the_engine_usable(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)
    told: list[Reading] = []
    for pause in (0, 0, 0.001, 0.003, 0.01):
        task = asyncio.create_task(engine.layer_files(image, image.diff_ids, told.append))
        await asyncio.sleep(pause)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        heard = len(told)
        await asyncio.sleep(0.01)
        assert len(told) == heard
    assert len(await contents(engine, image)) == len(LAYERS)


async def test_several_readings_side_by_side(lab: Lab, engine: Engine) -> None:
    image = await layered(lab, engine)
    async with asyncio.timeout(PATIENCE):
        first, second, listed = await asyncio.gather(contents(engine, image), contents(engine, image), engine.images())
    assert first == second
    assert image.id in {found.id for found in listed}
