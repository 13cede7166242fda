"""What each engine says a container changed, where that is not plain: folders made anew, parents, mount points."""

from __future__ import annotations

import asyncio

from tests.engine.contract.test_exec import to_the_end
from tests.engine.lab import Lab, LabEntry, VolumeMount, file, folder
from tui.engine.port import Engine, ExecRequest
from tui.model.storage import Change, ChangeKind

M, A, D = ChangeKind.MODIFIED, ChangeKind.ADDED, ChangeKind.DELETED
MKDIR = "mkdir {0} || /bin/busybox mkdir {0}"
IMAGE: dict[str, LabEntry] = {
    "/data": folder(),
    "/data/anew": folder(),
    "/data/anew/one": file(b"1"),
    "/data/anew/below": folder(),
    "/data/anew/below/two": file(b"2"),
    "/data/to-file": folder(),
    "/data/to-file/inside": file(b"3"),
    "/data/gone": folder(),
    "/data/gone/inside": file(b"4"),
    "/data/again": file(b"5"),
}


async def run(engine: Engine, container_id: str, *lines: str) -> None:
    """Run shell commands in a running container."""
    request = ExecRequest(container_id, ("/bin/sh", "-c", "; ".join(lines)))
    channel = await engine.exec(request, rows=24, columns=200)

    def wait() -> None:
        to_the_end(channel)
        channel.close()

    await asyncio.to_thread(wait)


async def running(lab: Lab, *mounts: VolumeMount) -> str:
    image_id, _ = await lab.create_layered_image("contract/changes:1", [IMAGE], shell=True)
    return await lab.create_container(image_id, state="running", mounts=mounts)


async def test_a_folder_made_anew_is_modified(lab: Lab, engine: Engine) -> None:
    container_id = await running(lab)
    await run(engine, container_id, "rm -rf /data/anew", MKDIR.format("/data/anew"), "echo n > /data/anew/new")
    assert await engine.container_changes(container_id) == (
        Change("data", M),
        Change("data/anew", M),
        Change("data/anew/below", D),
        Change("data/anew/new", A),
        Change("data/anew/one", D),
    )


async def test_of_a_folder_that_is_gone_only_the_folder_is_told(lab: Lab, engine: Engine) -> None:
    container_id = await running(lab)
    await run(engine, container_id, "rm -rf /data/gone /data/to-file", "echo f > /data/to-file")
    assert await engine.container_changes(container_id) == (
        Change("data", M),
        Change("data/gone", D),
        Change("data/to-file", M),
    )


async def test_what_came_and_went_is_no_change(lab: Lab, engine: Engine) -> None:
    container_id = await running(lab)
    await run(engine, container_id, MKDIR.format("/data/passing"), "echo x > /data/passing/x", "rm -rf /data/passing")
    assert await engine.container_changes(container_id) == ()


async def test_a_file_written_again_is_modified(lab: Lab, engine: Engine) -> None:
    container_id = await running(lab)
    await run(engine, container_id, "rm /data/again", "echo 5 > /data/again")
    assert await engine.container_changes(container_id) == (Change("data", M), Change("data/again", M))


async def test_the_folders_of_mounts_are_added_at_the_start(lab: Lab, engine: Engine) -> None:
    volume = await lab.create_volume("contract-mount-point")
    image_id, _ = await lab.create_layered_image("contract/changes:1", [IMAGE], shell=True)
    mounts = [VolumeMount(volume, "/fresh/place"), VolumeMount(volume, "/data/gone")]
    container_id = await lab.create_container(image_id, mounts=mounts)
    assert await engine.container_changes(container_id) == ()
    await engine.start(container_id)
    assert await engine.container_changes(container_id) == (Change("fresh", A), Change("fresh/place", A))
