"""A volume as a tar, and a volume made from one: nothing else on the engine changes, and no helper stays."""

from __future__ import annotations

import asyncio
import io
import tarfile
from typing import NamedTuple

import pytest

from tests.engine.contract.conftest import PATIENCE, watching
from tests.engine.lab import Lab, VolumeMount, file, folder, link
from tui.engine.errors import ConflictError, EngineError, NotFoundError
from tui.engine.port import Engine
from tui.model.leftovers import HELPER_LABEL, HELPER_NAME
from tui.model.storage import Phase, Reading

FILES = {
    "/conf": folder(0o750),
    "/conf/app.ini": file(b"[app]\nport = 80\n", 0o640),
    "/conf/current": link("app.ini"),
    "/data": folder(0o1777),
    "/data/big": file(bytes(range(256)) * 300),
    "/data/empty": file(b""),
    "/data/run-as-root": file(b"#!/bin/sh\n", 0o4755),
    "/data/caf\u00e9 two\nlines": file(b"x"),
    "/data/" + "long" * 60: file(b"a name longer than a tar header holds"),
}


class Entry(NamedTuple):
    """What is held against another archive's entry of this name."""

    kind: bytes
    mode: int
    owners: tuple[int, int]
    size: int
    modified: float
    link: str
    body: bytes


def ignore(_reading: Reading) -> None:
    """For a test that does not care how far it has come."""


async def archived(engine: Engine, name: str) -> bytes:
    pieces: list[bytes] = []
    await engine.volume_archive(name, pieces.append, ignore)
    return b"".join(pieces)


def entries(archive: bytes) -> dict[str, Entry]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), errors="surrogateescape") as opened:
        for member in opened:
            body = opened.extractfile(member) if member.isreg() else None
            found["/" + member.name.removeprefix(".").strip("/")] = Entry(
                member.type, member.mode & 0o7777, (member.uid, member.gid), member.size, member.mtime,
                member.linkname, body.read() if body else b"",
            )  # fmt: skip
    return found


async def everything(engine: Engine) -> set[str]:
    """IDs of all images and containers, and names of all volumes."""
    images, containers, volumes = await asyncio.gather(engine.images(), engine.containers(), engine.volumes())
    return {i.id for i in images} | {c.id for c in containers} | {v.name for v in volumes}


async def filled(lab: Lab, name: str = "contract-kept") -> str:
    volume = await lab.create_volume(name)
    await lab.fill_volume(volume, FILES)
    return volume


async def test_the_archive_is_a_tar_of_all_files(lab: Lab, engine: Engine) -> None:
    volume = await filled(lab)
    there = await everything(engine)
    told: list[Reading] = []
    pieces: list[bytes] = []
    await engine.volume_archive(volume, pieces.append, told.append)
    found = entries(b"".join(pieces))
    assert found.keys() - {"/"} == FILES.keys()
    for path, entry in FILES.items():
        assert (found[path].mode, found[path].body, found[path].link) == (entry.mode, entry.content, entry.target)
    assert (told[0].phase, told[-1].phase) == (Phase.WAITING, Phase.READING)
    assert told[-1].done_bytes == sum(map(len, pieces))
    assert await everything(engine) == there


async def test_the_archive_of_an_unchanged_volume_is_the_same_every_time(lab: Lab, engine: Engine) -> None:
    volume = await filled(lab)
    assert await archived(engine, volume) == await archived(engine, volume)


async def test_a_running_containers_volume_can_be_read(lab: Lab, engine: Engine) -> None:
    volume = await filled(lab)
    image = await lab.create_image("contract/reads:1")
    user = await lab.create_container(image, state="running", mounts=[VolumeMount(volume, "/data")])
    assert entries(await archived(engine, volume)).keys() >= FILES.keys()
    assert (await engine.container_detail(user)).state == "running"


async def test_an_empty_volume_stays_empty(lab: Lab, engine: Engine) -> None:
    volume = await lab.create_volume("contract-empty")
    assert entries(await archived(engine, volume)).keys() <= {"/"}
    assert entries(await archived(engine, volume)).keys() <= {"/"}


async def test_a_volume_comes_back_as_it_was(lab: Lab, engine: Engine) -> None:
    volume = await filled(lab)
    before = await archived(engine, volume)
    labels = {"com.example.team": "shop", "note": 'quotes " and = signs'}
    await engine.remove_volume(volume)
    there = await everything(engine)
    told: list[Reading] = []
    await engine.restore_volume(volume, io.BytesIO(before), labels=labels, on_reading=told.append)
    assert await everything(engine) == there | {volume}
    assert entries(await archived(engine, volume)) == entries(before)
    restored = (await engine.volume_detail(volume)).volume
    assert (dict(restored.labels), restored.driver) == (labels, "local")
    assert told[-1].done_bytes == len(before)


async def test_restoring_never_touches_a_volume_that_is_there(lab: Lab, engine: Engine) -> None:
    volume = await filled(lab)
    before = await archived(engine, volume)
    other = await lab.create_volume("contract-other")
    with pytest.raises(ConflictError) as caught:
        await engine.restore_volume(other, io.BytesIO(before), on_reading=ignore)
    assert other in caught.value.message
    assert entries(await archived(engine, other)).keys() <= {"/"}


@pytest.mark.parametrize("left", [0, 512, 5000, -1024, -1])
async def test_an_archive_that_is_cut_short_makes_no_volume(lab: Lab, engine: Engine, left: int) -> None:
    before = await archived(engine, await filled(lab))
    there = await everything(engine)
    with pytest.raises(EngineError) as caught:
        await engine.restore_volume("contract-short", io.BytesIO(before[:left]), on_reading=ignore)
    assert "contract-short" in caught.value.message
    assert await everything(engine) == there


class Broken:
    """An archive on a disk that fails."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, _size: int, /) -> bytes:
        if not self._data:
            raise OSError("the disk is broken")
        data, self._data = self._data, b""
        return data


async def test_what_reading_the_archive_raises_is_passed_on(lab: Lab, engine: Engine) -> None:
    before = await archived(engine, await filled(lab))
    there = await everything(engine)
    with pytest.raises(OSError, match="the disk is broken"):
        await engine.restore_volume("contract-broken", Broken(before[:4096]), on_reading=ignore)
    assert await everything(engine) == there


async def test_what_taking_the_archive_raises_is_passed_on(lab: Lab, engine: Engine) -> None:
    volume = await filled(lab)
    there = await everything(engine)

    def full(_piece: bytes) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        await engine.volume_archive(volume, full, ignore)
    assert await everything(engine) == there


async def test_no_volume_of_that_name(engine: Engine) -> None:
    there = await everything(engine)
    with pytest.raises(NotFoundError) as caught:
        await archived(engine, "contract-nowhere")
    assert "contract-nowhere" in caught.value.message
    assert await everything(engine) == there


async def test_cancelling_leaves_nothing_behind(lab: Lab, engine: Engine) -> None:
    volume = await filled(lab)
    await lab.write_volume_file(volume, "large", 50_000_000)
    there = await everything(engine)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def take(_piece: bytes) -> None:
        loop.call_soon_threadsafe(begun.set)

    task = asyncio.create_task(engine.volume_archive(volume, take, ignore))
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await everything(engine) == there
    await engine.remove_volume(volume)


async def test_nobody_hears_of_files_being_read(lab: Lab, engine: Engine) -> None:
    """What the helper does is told as the making and removing of one container and one image, and no more."""
    volume = await filled(lab)
    async with watching(engine) as watch:
        await archived(engine, volume)
        await lab.create_volume("contract-last")
        await watch.until("volume", "create", "contract-last")
    # Of a volume that is there, an engine tells "create" once more when a container is made with it.
    told = [event for event in watch.seen if event.subject not in {"contract-last", volume}]
    assert {event.kind for event in told} <= {"container", "image"}
    assert {event.action for event in told} <= {"create", "destroy", "import", "tag", "untag", "delete"}
    assert watch.actions(volume) in ([], ["create"])
    assert len(told) <= 7
    for event in told:
        if event.kind == "container":
            assert HELPER_LABEL in event.attributes
            assert event.attributes["name"].startswith(HELPER_NAME)
