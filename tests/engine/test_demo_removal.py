"""What leaves the demo's disk with what is removed, and what stands in the way: the engine's rules."""

from __future__ import annotations

import pytest

from tui.engine.demo import container_life
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.objects import ImageConfig
from tui.engine.demo.stock import stock_world
from tui.engine.demo.world import World
from tui.engine.errors import BadRequestError, ConflictError, EngineFaultError, NotFoundError
from tui.model.container import Container, Mount, Port
from tui.model.image import Image
from tui.model.inventory import Inventory

NOW = 1_737_500_000.0


@pytest.fixture
def engine() -> DemoEngine:
    return DemoEngine(world=stock_world(NOW))


async def layers_size(engine: DemoEngine) -> int:
    size = (await engine.disk_usage()).layers_size_bytes
    assert size is not None
    return size


async def image(engine: DemoEngine, tag: str) -> Image:
    return next(image for image in await engine.images() if tag in image.tags)


async def container(engine: DemoEngine, name: str) -> Container:
    return next(container for container in await engine.containers() if container.name == name)


async def test_only_the_last_holder_frees_a_layer(engine: DemoEngine) -> None:
    """Two versions of the team's app share all but their code."""
    before = await layers_size(engine)
    old = await engine.image_detail((await image(engine, "localhost:5000/team/app:1.3")).id)
    gone = await engine.remove_image("localhost:5000/team/app:1.3")
    assert gone.untagged == ("localhost:5000/team/app:1.3",)
    assert gone.deleted == (old.id, old.layers[-1].chain_id)
    assert before - await layers_size(engine) == old.layers[-1].size_bytes == 11_120_344


async def test_big_unused_image_frees_all_but_its_base(engine: DemoEngine) -> None:
    before = await layers_size(engine)
    detail = await engine.image_detail((await image(engine, "golang:1.23-bookworm")).id)
    await engine.remove_image(detail.id)
    own = sum(layer.size_bytes or 0 for layer in detail.layers[1:])
    assert before - await layers_size(engine) == own


async def test_several_tags_by_id_need_force(engine: DemoEngine) -> None:
    api = await image(engine, "shop/web:latest")
    for name in ("shop-web-1",):
        await engine.remove_container((await container(engine, name)).id, force=True)
    with pytest.raises(ConflictError, match="3 tags") as caught:
        await engine.remove_image(api.id)
    assert caught.value.next_step
    gone = await engine.remove_image(api.id, force=True)
    assert sorted(gone.untagged) == sorted(api.tags)
    assert gone.deleted[0] == api.id


async def test_by_tag_only_untags_while_others_remain(engine: DemoEngine) -> None:
    before, web = await layers_size(engine), await image(engine, "shop/web:latest")
    gone = await engine.remove_image("shop/web:latest")
    assert (gone.untagged, gone.deleted) == (("shop/web:latest",), ())
    assert (await image(engine, "shop/web:2.3.1")).id == web.id
    assert await layers_size(engine) == before


async def test_last_tag_of_a_used_image_needs_force_and_leaves_it_dangling(engine: DemoEngine) -> None:
    worker = await image(engine, "shop/worker:2.3.1")
    with pytest.raises(ConflictError, match="shop-worker-1"):
        await engine.remove_image("shop/worker:2.3.1")
    gone = await engine.remove_image("shop/worker:2.3.1", force=True)
    assert (gone.untagged, gone.deleted) == (("shop/worker:2.3.1",), ())
    left = next(other for other in await engine.images() if other.id == worker.id)
    assert left.dangling
    assert (await container(engine, "shop-worker-1")).image == worker.id, "its name means nothing any more"


async def test_running_user_cannot_be_forced(engine: DemoEngine) -> None:
    redis = await image(engine, "redis:7-alpine")
    with pytest.raises(ConflictError, match="not even by force"):
        await engine.remove_image(redis.id, force=True)
    assert (await image(engine, "redis:7-alpine")).id == redis.id


async def test_stopped_user_can_be_forced_and_keeps_working(engine: DemoEngine) -> None:
    report = await container(engine, "nightly-report")
    before = await layers_size(engine)
    with pytest.raises(ConflictError, match="nightly-report"):
        await engine.remove_image(report.image_id)
    await engine.remove_image(report.image_id, force=True)
    assert await layers_size(engine) == before, "the container holds the layers"
    await engine.start(report.id)
    orphan = await container(engine, "nightly-report")
    assert (orphan.state, orphan.image) == ("running", report.image_id)
    await engine.remove_container(report.id, force=True)
    assert before - await layers_size(engine) == 184_220 + len(b"#!/bin/sh\necho 'report written'\n")


async def test_unnamed_parents_go_with_their_child(engine: DemoEngine) -> None:
    await engine.remove_container((await container(engine, "nightly-report")).id)
    between = engine.world.image("team/reports:nightly").parent_id
    assert between not in {listed.id for listed in await engine.images()}, "unnamed parents are not listed"
    gone = await engine.remove_image("team/reports:nightly")
    assert between in gone.deleted
    assert between not in engine.world.images
    assert await image(engine, "team/base:2025.01"), "a named parent stays"


async def test_image_with_children_cannot_be_forced(engine: DemoEngine) -> None:
    base = await image(engine, "team/base:2025.01")
    with pytest.raises(ConflictError, match="built on it"):
        await engine.remove_image(base.id, force=True)


async def test_shared_build_cache_keeps_the_bytes(engine: DemoEngine) -> None:
    api, worker = await image(engine, "shop/api:2.3.1"), await image(engine, "shop/worker:2.3.1")
    for user in await engine.containers():
        if user.image_id in {api.id, worker.id} or user.name == "import-catalogue":
            await engine.remove_container(user.id, force=True)
    pip = next(r for r in (await engine.disk_usage()).build_cache if "pip install" in r.description)
    assert pip.shared
    for listed in await engine.images():
        if "shop api" in listed.labels.values() or "shop worker" in listed.labels.values():
            await engine.remove_image(listed.id, force=True)
    left = next(r for r in (await engine.disk_usage()).build_cache if r.id == pip.id)
    assert not left.shared
    assert left.size_bytes == pip.size_bytes


async def test_container_removal(engine: DemoEngine) -> None:
    notebook, created = await container(engine, "notebook"), await container(engine, "keen_shannon")
    with pytest.raises(ConflictError, match="paused") as caught:
        await engine.remove_container(notebook.id)
    assert "Unpause" in caught.value.next_step
    await engine.remove_container(notebook.id, force=True)
    await engine.remove_container(created.id)
    assert not {notebook.id, created.id} & {c.id for c in await engine.containers()}
    with pytest.raises(NotFoundError):
        await engine.remove_container(created.id)


async def test_anonymous_volumes_go_only_when_asked(engine: DemoEngine) -> None:
    scratch = await container(engine, "redis-scratch")
    (volume,) = scratch.volume_names
    with pytest.raises(ConflictError, match="redis-scratch"):
        await engine.remove_volume(volume, force=True)
    await engine.remove_container(scratch.id, anonymous_volumes=True)
    assert volume not in {v.name for v in await engine.volumes()}
    api = await container(engine, "shop-api-1")
    await engine.remove_container(api.id, force=True, anonymous_volumes=True)
    assert "shop_uploads" in {v.name for v in await engine.volumes()}


async def test_image_volume_becomes_an_anonymous_volume() -> None:
    world = World(NOW)
    world.create_image("app:1", config=ImageConfig(command=("serve",), volumes=("/data", "/named")))
    made = world.create_container("app:1", mounts=[Mount("volume", "kept", "", "/named")])
    names = [mount.name for mount in made.mounts]
    assert names[0] == "kept"
    engine = DemoEngine(world=world)
    anonymous = next(v for v in await engine.volumes() if v.name == names[1])
    assert anonymous.anonymous
    await engine.remove_container(made.id, anonymous_volumes=True)
    assert [v.name for v in await engine.volumes()] == ["kept"]


async def test_ports_and_names_are_taken_once(engine: DemoEngine) -> None:
    rival = engine.world.create_container("alpine", name="rival", ports=[Port(80, "tcp", 8080, "0.0.0.0")])
    with pytest.raises(EngineFaultError, match="shop-web-1"):
        await engine.start(rival.id)
    assert (await engine.container_detail(rival.id)).error
    with pytest.raises(ConflictError, match="shop-web-1"):
        await engine.rename(rival.id, "shop-web-1")
    with pytest.raises(BadRequestError):
        await engine.rename(rival.id, "rival")
    with pytest.raises(BadRequestError):
        await engine.kill(rival.id, signal="SIGNONSENSE")


async def test_restarting_container_can_be_stopped_not_paused(engine: DemoEngine) -> None:
    worker = await container(engine, "shop-worker-1")
    with pytest.raises(ConflictError, match="restarting"):
        await engine.pause(worker.id)
    await engine.stop(worker.id)
    assert (await container(engine, "shop-worker-1")).state == "exited"


async def test_health_follows_the_container(engine: DemoEngine) -> None:
    db = await container(engine, "shop-db-1")
    assert "(healthy)" in db.status
    await engine.stop(db.id)
    assert (await engine.container_detail(db.id)).health == "unhealthy"
    await engine.start(db.id)
    assert "(healthy)" in (await container(engine, "shop-db-1")).status


async def test_ended_by_the_memory_limit(engine: DemoEngine) -> None:
    toolbox = await container(engine, "toolbox")
    container_life.finish(engine.world, toolbox.id, 137, oom_killed=True)
    detail = await engine.container_detail(toolbox.id)
    assert (detail.state, detail.exit_code, detail.oom_killed) == ("exited", 137, True)


async def test_tag_moves_from_image_to_image(engine: DemoEngine) -> None:
    old = await image(engine, "shop/web:latest")
    new = engine.world.create_image("shop/web:latest", parent="node:20-bookworm-slim", layers=2)
    inventory = Inventory(await engine.host(), await engine.images(), await engine.containers(), await engine.volumes())
    assert inventory.images_by_tag["shop/web:latest"].id == new.id
    assert "shop/web:latest" not in inventory.images_by_id[old.id].tags
    assert inventory.images[0].id == new.id, "newest first"
