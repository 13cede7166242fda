"""What orlop adds up of layers is what the engine and its command say, on a real dockerd."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.engine.docker_lab import DockerLab, root_filesystem, tar
from tests.engine.private_dockerd import PrivateDockerd
from tui.engine.docker_engine import DockerEngine
from tui.keeper.details import Details
from tui.model.disk_account import AccountLine, Kept, account
from tui.model.estimate import Certainty
from tui.model.holdings import Holdings
from tui.model.host import CONTAINERD_STORE
from tui.model.image import ImageDetail
from tui.model.inventory import Inventory
from tui.model.layer_forest import LayerForest, LayerNode, layer_forest

pytestmark = pytest.mark.engine

NOT_THE_SAME = "the containerd store's own figure counts compressed copies as well"


@pytest_asyncio.fixture
async def lab(dockerd: PrivateDockerd) -> AsyncIterator[DockerLab]:
    made = DockerLab(dockerd)
    yield made
    await made.close()


async def read(lab: DockerLab) -> tuple[Inventory, dict[str, ImageDetail], Holdings]:
    """The world as the app has it: everything listed, every image read."""
    engine: DockerEngine = await lab.engine()
    inventory = Inventory(
        host=await engine.host(),
        images=await engine.images(),
        containers=await engine.containers(),
        volumes=await engine.volumes(),
        listed=frozenset({"images", "containers", "volumes"}),
    ).with_usage(await engine.disk_usage())
    details = Details(engine)
    holdings = await details.read_holdings(inventory)
    return inventory, details.images, holdings


async def forest_of(lab: DockerLab) -> LayerForest:
    inventory, details, _holdings = await read(lab)
    return layer_forest(inventory, details)


def every(forest: LayerForest) -> Iterator[LayerNode]:
    waiting = list(forest.roots)
    while waiting:
        yield (node := waiting.pop())
        waiting += node.children


async def on_classic_store(lab: DockerLab) -> bool:
    return (await (await lab.engine()).host()).image_store != CONTAINERD_STORE


async def populate(lab: DockerLab) -> dict[str, str]:
    """Shared bases, several tags, dangling images, the same diff ID under other parents, classic builder's steps."""
    own = uuid.uuid4().hex.encode()
    base, other = root_filesystem(shell=True), root_filesystem(shell=True)
    common, extra = tar({"common": own * 1000}), tar({"extra": own * 300})
    made = {
        "base": lab.load([base], "forest/base:1"),
        "left": lab.load([base, common], "forest/left:1"),
        "right": lab.load([base, extra, common], "forest/right:1"),
        "other": lab.load([other, common], "forest/other:1"),
        "old": lab.load([base, common, extra], "forest/moved:1"),
    }
    # The tag moves on: the image before is left without one.
    made["new"] = lab.load([base, common, tar({"new": own * 70})], "forest/moved:1")
    made["built"] = await lab.create_image("forest/built:1", parent="forest/left:1", layers=3, labels={"a": "b"})
    made["child"] = await lab.create_image("forest/child:1", parent="forest/built:1", layers=2)
    await lab.tag_image(made["left"], "forest/left:latest")
    await lab.tag_image(made["left"], "elsewhere.example:5000/left:1")
    return made


async def test_the_forest_is_the_layers_size_to_the_byte(lab: DockerLab) -> None:
    made = await populate(lab)
    if await on_classic_store(lab):
        # A dangling image that nothing was built on.
        lab.build(b"FROM forest/other:1\nRUN echo hello > /hello\n")
    await lab.create_container("forest/child:1")
    await lab.create_container("forest/other:1", state="exited")
    forest = await forest_of(lab)
    assert not forest.unread
    by_diff: dict[str, set[str]] = {}
    for node in every(forest):
        by_diff.setdefault(node.diff_id, set()).add(node.chain_id)
    assert max(map(len, by_diff.values())) == 3, "the same files lie on three different stacks"
    left = next(node for node in every(forest) if made["left"] in node.top_of)
    assert {made["left"], made["new"], made["built"], made["child"]} <= set(left.image_ids)
    assert len(left.container_ids) == 1
    assert made["other"] not in left.image_ids
    if await on_classic_store(lab):
        assert not forest.unknown_sizes
        assert forest.gap_bytes == 0
        assert forest.total_bytes == forest.image_bytes


async def test_it_stays_so_while_images_come_and_go(lab: DockerLab) -> None:
    if not await on_classic_store(lab):
        pytest.skip(NOT_THE_SAME)
    made = await populate(lab)
    for gone in ("right", "child", "other", "old"):
        lab.api.remove_image(made[gone], force=True)
        forest = await forest_of(lab)
        assert forest.gap_bytes == 0, gone
    assert all(made["child"] not in node.image_ids for node in every(forest))


async def test_an_image_forced_from_under_a_container_is_told_apart(lab: DockerLab) -> None:
    if not await on_classic_store(lab):
        pytest.skip(NOT_THE_SAME)
    made = await populate(lab)
    await lab.create_container("forest/right:1")
    engine = await lab.engine()
    details = Details(engine)
    inventory, _details, _holdings = await read(lab)
    await details.read_holdings(inventory)
    lab.api.remove_image(made["right"], force=True)
    inventory, _details, _holdings = await read(lab)
    forest = layer_forest(inventory, details.images)
    assert made["right"] not in inventory.images_by_id
    assert forest.total_bytes > forest.image_bytes
    assert forest.gap_bytes in {0, forest.total_bytes - forest.image_bytes}, "20.10 still counts what it keeps"


def command_says(lab: DockerLab) -> dict[str, dict[str, str]]:
    """What ``docker system df`` prints, by its first column."""
    folder = os.environ.get("ORLOP_TEST_DOCKERD", "")
    docker = shutil.which("docker", path=f"{folder}{os.pathsep}{os.environ['PATH']}" if folder else None)
    if docker is None:
        pytest.skip("there is no docker command here to compare with")
    done = subprocess.run(
        [docker, "-H", lab.dockerd.url, "system", "df", "--format", "{{json .}}"],
        check=True, capture_output=True, text=True, timeout=60, env={**os.environ, "DOCKER_CONTEXT": ""},
    )  # fmt: skip
    return {row["Type"]: row for row in map(json.loads, done.stdout.splitlines())}


def as_command_prints(count: int) -> str:
    """Bytes as go-units' HumanSize prints them: four significant digits."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.4g}{units[0]}"


@pytest.mark.parametrize("kept", [Kept.IMAGES, Kept.CONTAINERS, Kept.VOLUMES])
async def test_the_account_says_what_the_command_prints(lab: DockerLab, kept: Kept) -> None:
    await populate(lab)
    await lab.create_container("forest/child:1", state="exited")
    running = await lab.create_container("forest/left:1", state="running")
    lab.run(running, "sh", "-c", "echo hello > /written")
    volume = await lab.create_volume("forest-unused")
    await lab.write_volume_file(volume, "data", 12_345)
    inventory, _details, holdings = await read(lab)
    line = next(one for one in account(inventory, holdings) if one.kept is kept)
    printed = command_says(lab)[kept.value]
    assert (printed["TotalCount"], printed["Active"]) == (str(line.total), str(line.active))
    assert line.size_bytes is not None
    assert line.reclaimable_bytes is not None
    assert printed["Size"] == as_command_prints(line.size_bytes)
    assert printed["Reclaimable"].split(" ")[0] == as_command_prints(line.reclaimable_bytes)


async def test_a_prune_frees_what_the_account_says_and_not_what_the_command_says(lab: DockerLab) -> None:
    if not await on_classic_store(lab):
        pytest.skip(NOT_THE_SAME)
    await populate(lab)
    await lab.create_container("forest/left:1")
    await lab.create_container("forest/right:1")
    inventory, _details, holdings = await read(lab)
    images = _line(inventory, holdings, Kept.IMAGES)
    dangling, everything = images.prunes
    assert dangling.freed.certainty is everything.freed.certainty is Certainty.EXACT
    assert await _dropped_by_prune(lab, dangling=True) == dangling.freed.bytes
    after = await _dropped_by_prune(lab, dangling=False)
    assert (dangling.freed.bytes or 0) + after == everything.freed.bytes
    assert images.overstated_bytes is not None
    assert images.overstated_bytes > 0, "the base that both images in use share counts as reclaimable"


def _line(inventory: Inventory, holdings: Holdings, kept: Kept) -> AccountLine:
    return next(one for one in account(inventory, holdings) if one.kept is kept)


async def _dropped_by_prune(lab: DockerLab, *, dangling: bool) -> int:
    before = lab.api.df()["LayersSize"]
    lab.api.prune_images({"dangling": dangling})  # type: ignore[no-untyped-call]
    after = lab.api.df()["LayersSize"]
    return int(before - after)
