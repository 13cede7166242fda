from __future__ import annotations

import asyncio

import pytest

from tests.engine.contract.conftest import ALSO_FROM_AFAR, PATIENCE, watching
from tests.engine.contract.test_layer_contents import ignore
from tests.engine.lab import Lab, VolumeMount, file
from tui.engine.port import Engine


async def test_every_step_of_a_containers_life_is_told(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/events:1")
    async with watching(engine) as watch:
        container_id = await lab.create_container(image_id, name="contract-told")
        await engine.start(container_id)
        await engine.pause(container_id)
        await engine.unpause(container_id)
        await engine.rename(container_id, "contract-told-2")
        await engine.restart(container_id)
        await engine.stop(container_id)
        await engine.remove_container(container_id)
        last = await watch.until("container", "destroy", container_id)
        told = watch.actions(container_id)
    steps = ["create", "start", "pause", "unpause", "rename", "die", "restart", "stop", "destroy"]
    assert [step for step in told if step in steps] != []
    positions = [told.index(step) for step in ("create", "start", "pause", "unpause", "rename", "restart", "destroy")]
    assert positions == sorted(positions)
    assert told.count("die") == 2
    assert last.attributes["name"] == "contract-told-2"
    assert last.time_ns > 0


async def test_kill_is_told(lab: Lab, engine: Engine) -> None:
    container_id = await lab.create_container(await lab.create_image("contract/events:1"), state="running")
    async with watching(engine) as watch:
        await engine.kill(container_id)
        await watch.until("container", "kill", container_id)
        await watch.until("container", "die", container_id)


async def test_images_tell_of_tags_and_deletion(lab: Lab, engine: Engine) -> None:
    image_id = await lab.create_image("contract/events:1")
    async with watching(engine) as watch:
        await lab.tag_image(image_id, "contract/events:2")
        await watch.until("image", "tag")
        await engine.remove_image("contract/events:2")
        await watch.until("image", "untag")
        await engine.remove_image("contract/events:1")
        await watch.until("image", "delete")


async def test_volumes_tell_of_their_coming_and_going(lab: Lab, engine: Engine) -> None:
    async with watching(engine) as watch:
        name = await lab.create_volume("contract-told")
        await watch.until("volume", "create", name)
        await engine.remove_volume(name)
        await watch.until("volume", "destroy", name)


@ALSO_FROM_AFAR
async def test_our_own_reading_is_not_told(lab: Lab, engine: Engine) -> None:
    image_id, _ = await lab.create_layered_image("contract/quiet:1", [{"/note": file(b"x" * 100)}], shell=True)
    volume = await lab.create_volume("contract-quiet")
    container_id = await lab.create_container(image_id, mounts=[VolumeMount(volume, "/data")])
    taken: list[bytes] = []
    async with watching(engine) as watch:
        await engine.host()
        await engine.images()
        await engine.containers()
        await engine.volumes()
        image = await engine.image_detail(image_id)
        container = await engine.container_detail(container_id)
        await engine.volume_detail(volume)
        await engine.layer_files(image, image.diff_ids, ignore)
        await engine.layer_file(image, image.diff_ids[-1], "note", taken.append, limit=None, on_reading=ignore)
        await engine.container_changes(container_id)
        await engine.container_path(container_id, "note")
        await engine.container_path(container_id, "data/nothing")
        await engine.container_file(container_id, "note", taken.append, limit=10, on_reading=ignore)
        await engine.writable_layer(container)
        await engine.storage_report(ignore)
        await engine.find_shell(container_id)
        await engine.disk_usage()
        await engine.ping()
        # What is done after all that is told after it, so nothing can still be on its way then.
        last = await lab.create_volume("contract-last")
        await watch.until("volume", "create", last)
        assert [(event.kind, event.action) for event in watch.seen] == [("volume", "create")]
    assert b"".join(taken) == b"x" * 110


async def test_two_listeners_hear_the_same(lab: Lab, engine: Engine) -> None:
    async with watching(engine) as one, watching(await lab.engine()) as other:
        name = await lab.create_volume("contract-both")
        await one.until("volume", "create", name)
        await other.until("volume", "create", name)


async def test_closing_the_stream_ends_the_iteration(engine: Engine) -> None:
    stream = await engine.events()

    async def listen() -> str:
        async for _ in stream:
            pass
        return "ended"

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.02)
    await stream.aclose()
    await stream.aclose()
    async with asyncio.timeout(PATIENCE):
        assert await task == "ended"


async def test_a_listener_can_be_cancelled(lab: Lab, engine: Engine) -> None:
    stream = await engine.events()

    async def listen() -> None:
        async for _ in stream:
            pass

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await stream.aclose()
    assert await engine.volumes() is not None


async def test_closing_the_engine_ends_its_streams(engine: Engine) -> None:
    stream = await engine.events()
    await engine.close()
    async with asyncio.timeout(PATIENCE):
        assert [event async for event in stream] == []
