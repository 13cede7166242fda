"""What a container changed, and its files, as each engine tells them."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.engine.contract.conftest import ALSO_FROM_AFAR, PATIENCE
from tests.engine.contract.test_layer_contents import ignore
from tests.engine.lab import WHITEOUT, Lab, VolumeMount, file, folder, link
from tui.engine.errors import NotFoundError
from tui.engine.port import Engine
from tui.model.layer_files import Kind
from tui.model.storage import Change, ChangeKind, Reading

pytestmark = ALSO_FROM_AFAR

NO_SUCH_CONTAINER = "0" * 64
IMAGE = {
    "/data": folder(),
    "/data/kept": file(b"kept"),
    "/data/edited": file(b"before"),
    "/data/deleted": file(b"x" * 100),
    "/data/folder": folder(),
    "/data/folder/inside": file(b"y" * 200),
    "/data/link": link("kept"),
    "/srv": folder(0o2775),
}


async def container(lab: Lab, *, changed: bool = True, state: str = "running") -> str:
    image_id, _ = await lab.create_layered_image("contract/container-files:1", [IMAGE], shell=True)
    container_id = await lab.create_container(image_id, name="contract-files", state=state)
    if changed:
        await lab.change_container(
            container_id,
            {
                "/data/edited": file(b"after, and longer", 0o600),
                "/data/added": file(b"a" * 70_000, 0o4711),
                "/data/deleted": WHITEOUT,
                "/data/folder": WHITEOUT,
                "/srv/new": folder(0o1777),
                "/srv/new/deep": file(b""),
                "/srv/alias": link("/data/kept"),
            },
        )
    return container_id


CHANGES = (
    Change("data", ChangeKind.MODIFIED),
    Change("data/added", ChangeKind.ADDED),
    Change("data/deleted", ChangeKind.DELETED),
    Change("data/edited", ChangeKind.MODIFIED),
    Change("data/folder", ChangeKind.DELETED),
    Change("srv", ChangeKind.MODIFIED),
    Change("srv/alias", ChangeKind.ADDED),
    Change("srv/new", ChangeKind.ADDED),
    Change("srv/new/deep", ChangeKind.ADDED),
)


async def test_changes_are_told_by_path(lab: Lab, engine: Engine) -> None:
    assert await engine.container_changes(await container(lab)) == CHANGES


async def test_changes_stay_when_the_container_stops(lab: Lab, engine: Engine) -> None:
    container_id = await container(lab)
    await lab.stop_container(container_id)
    assert await engine.container_changes(container_id) == CHANGES


@pytest.mark.parametrize("state", ["created", "running", "paused", "exited"])
async def test_a_container_that_wrote_nothing_has_no_changes(lab: Lab, engine: Engine, state: str) -> None:
    assert await engine.container_changes(await container(lab, changed=False, state=state)) == ()


async def test_a_volumes_files_are_no_changes(lab: Lab, engine: Engine) -> None:
    volume = await lab.create_volume("contract-no-change")
    await lab.write_volume_file(volume, "big", 5000)
    image_id, _ = await lab.create_layered_image("contract/container-files:2", [IMAGE], shell=True)
    container_id = await lab.create_container(image_id, state="running", mounts=[VolumeMount(volume, "/srv")])
    assert await engine.container_changes(container_id) == ()
    there = await engine.container_path(container_id, "srv/big")
    assert there is not None
    assert there.size_bytes == 5000


async def test_changes_of_a_missing_container(engine: Engine) -> None:
    with pytest.raises(NotFoundError):
        await engine.container_changes(NO_SUCH_CONTAINER)


async def test_paths_have_kind_size_and_mode(lab: Lab, engine: Engine) -> None:
    container_id = await container(lab)
    added = await engine.container_path(container_id, "data/added")
    sticky = await engine.container_path(container_id, "srv/new")
    shared = await engine.container_path(container_id, "srv")
    assert added is not None
    assert sticky is not None
    assert shared is not None
    assert (added.kind, added.size_bytes, added.mode, added.link) == (Kind.FILE, 70_000, 0o4711, "")
    assert added.modified == pytest.approx(time.time(), abs=10**9)
    assert (sticky.kind, sticky.size_bytes, sticky.mode) == (Kind.FOLDER, 0, 0o1777)
    assert (shared.kind, shared.mode) == (Kind.FOLDER, 0o2775)


async def test_what_comes_from_the_image_is_there_too(lab: Lab, engine: Engine) -> None:
    container_id = await container(lab)
    kept = await engine.container_path(container_id, "data/kept")
    root = await engine.container_path(container_id, "")
    assert kept is not None
    assert root is not None
    assert (kept.kind, kept.size_bytes, kept.mode) == (Kind.FILE, 4, 0o644)
    assert root.kind is Kind.FOLDER


async def test_a_link_is_not_followed(lab: Lab, engine: Engine) -> None:
    container_id = await container(lab)
    for path in ("data/link", "srv/alias"):
        found = await engine.container_path(container_id, path)
        assert found is not None
        assert (found.kind, found.size_bytes) == (Kind.SYMLINK, 0)
        assert found.link.endswith("kept")


async def test_nothing_is_there(lab: Lab, engine: Engine) -> None:
    container_id = await container(lab)
    for path in ("data/deleted", "data/folder", "data/folder/inside", "nowhere", "data/kept/below"):
        assert await engine.container_path(container_id, path) is None


async def test_a_path_of_a_missing_container(engine: Engine) -> None:
    with pytest.raises(NotFoundError):
        await engine.container_path(NO_SUCH_CONTAINER, "etc/hostname")


@pytest.mark.parametrize("limit", [None, 0, 1, 65_536, 70_000, 70_001])
async def test_a_file_can_be_read(lab: Lab, engine: Engine, limit: int | None) -> None:
    container_id = await container(lab)
    pieces: list[bytes] = []
    told: list[Reading] = []
    async with asyncio.timeout(PATIENCE):
        await engine.container_file(container_id, "data/added", pieces.append, limit=limit, on_reading=told.append)
    assert b"".join(pieces) == (b"a" * 70_000)[:limit]
    assert told[-1].done_bytes == len(b"".join(pieces))
    # Nothing holds the container any more.
    async with asyncio.timeout(PATIENCE):
        assert (await engine.container_detail(container_id)).state == "running"


@pytest.mark.parametrize(("path", "content"), [("data/kept", b"kept"), ("data/edited", b"after, and longer")])
async def test_a_file_is_read_as_the_container_sees_it(lab: Lab, engine: Engine, path: str, content: bytes) -> None:
    container_id = await container(lab)
    await lab.stop_container(container_id)
    pieces: list[bytes] = []
    await engine.container_file(container_id, path, pieces.append, limit=None, on_reading=ignore)
    assert b"".join(pieces) == content


@pytest.mark.parametrize("path", ["data/deleted", "nowhere", "data", "srv/alias", ""])
async def test_what_is_no_file_can_not_be_read(lab: Lab, engine: Engine, path: str) -> None:
    container_id = await container(lab)
    pieces: list[bytes] = []
    with pytest.raises(NotFoundError) as caught:
        await engine.container_file(container_id, path, pieces.append, limit=None, on_reading=ignore)
    assert path in caught.value.message
    assert pieces == []


async def test_a_file_of_a_missing_container(engine: Engine) -> None:
    with pytest.raises(NotFoundError):
        await engine.container_file(NO_SUCH_CONTAINER, "etc/hostname", lambda _: None, limit=None, on_reading=ignore)


async def test_what_the_caller_raises_comes_back(lab: Lab, engine: Engine) -> None:
    container_id = await container(lab)

    def full(_piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        await engine.container_file(container_id, "data/added", full, limit=None, on_reading=ignore)
    assert (await engine.container_detail(container_id)).state == "running"


async def test_the_writable_layer_holds_the_changes_where_it_can_be_read(lab: Lab, engine: Engine) -> None:
    container_id = await container(lab)
    files = await engine.writable_layer(await engine.container_detail(container_id))
    if files is None:
        # Only an engine whose folders are elsewhere, or are no plain folders, may say so.
        assert engine.endpoint.url == "ssh://elsewhere" or (await engine.host()).storage_driver != "overlay2"
        return
    entries = {entry.path: entry for entry in files}
    assert entries["data/added"].size_bytes == 70_000
    assert entries["data/added"].mode == 0o4711
    assert entries["data/edited"].size_bytes == len(b"after, and longer")
    assert entries["srv/alias"].link == "/data/kept"
    assert set(entries) >= {change.path for change in CHANGES if change.kind is not ChangeKind.DELETED}
    assert {"data/deleted", "data/folder"} <= set(files.whiteouts)
    assert files.stored_bytes == 70_000 + len(b"after, and longer")
