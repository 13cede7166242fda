"""The forest of layers against the engine's own account of its disk: LayersSize, to the byte."""

from __future__ import annotations

import pytest

from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tui.engine.docker_engine import DockerEngine
from tui.engine.errors import NotFoundError
from tui.model.image import ImageDetail
from tui.model.inventory import Inventory
from tui.model.layer_forest import LayerForest, layer_forest

pytestmark = pytest.mark.engine


class Forester:
    """Makes the forest of an engine anew after every change, and keeps every detail it ever read."""

    def __init__(self, engine: DockerEngine) -> None:
        self.engine = engine
        self.details: dict[str, ImageDetail] = {}

    async def forest(self) -> LayerForest:
        engine = self.engine
        inventory = Inventory(
            await engine.host(), await engine.images(), await engine.containers(), usage=await engine.disk_usage()
        )
        for image_id in {*inventory.images_by_id, *inventory.containers_by_image} - self.details.keys():
            try:
                self.details[image_id] = await engine.image_detail(image_id)
            except NotFoundError:
                continue  # removed by force from under a container before anybody read it
        return layer_forest(inventory, self.details)


async def test_the_sum_over_all_chains_is_layers_size(dockerd: PrivateDockerd) -> None:
    lab = DockerLab(dockerd)
    engine = await lab.engine()
    if (await engine.host()).image_store != "classic":
        await lab.close()
        return  # this store says how much all content takes, compressed copies included
    forester = Forester(engine)

    async def total() -> int:
        """The sum, which is the engine's own."""
        forest = await forester.forest()
        assert (forest.unread, forest.unknown_sizes, forest.gap_bytes) == ((), (), 0)
        assert forest.total_bytes == forest.image_bytes == sum(root.tree_bytes for root in forest.roots)
        return forest.total_bytes

    before = await total()
    base = await lab.create_image("forest/base:1", layers=3)
    await lab.tag_image("forest/base:1", "forest/base:2")
    with_base = await total()
    assert with_base > before
    left = await lab.create_image("forest/left:1", parent="forest/base:1", layers=2)
    right = await lab.create_image("forest/right:1", parent="forest/base:1", layers=4)
    dangling = lab.build(b"FROM forest/left:1\nRUN echo dangling > /dangling\nRUN rm /dangling\nENV A=1")
    alone = await lab.create_image("forest/alone:1", shell=False)
    with_all = await total()
    assert with_all > with_base

    forest = await forester.forest()
    chains = {image_id: [one.chain_id for one in forester.details[image_id].layers] for image_id in forester.details}
    (trunk,) = (root for root in forest.roots if base in root.image_ids)
    assert {base, left, right, dangling} <= set(trunk.image_ids)
    assert alone not in trunk.image_ids
    assert trunk.tree_bytes == sum(
        {
            one.chain_id: one.size_bytes or 0
            for image_id in (base, left, right, dangling)
            for one in forester.details[image_id].layers
        }.values()
    )
    assert chains[left][:3] == chains[right][:3] == chains[base]

    # A layer with the same files on another base is another layer.
    same = [b"\0" * 10240]
    lab.load([*same, *same], "forest/same:1")
    await total()

    lab.api.remove_image("forest/right:1")
    assert await total() < with_all
    await lab.close()
    assert await total_of_nothing(dockerd) == before


async def total_of_nothing(dockerd: PrivateDockerd) -> int:
    """LayersSize when the lab has cleared up."""
    lab = DockerLab(dockerd)
    usage = await (await lab.engine()).disk_usage()
    await lab.close()
    return usage.layers_size_bytes or 0


async def test_layers_that_only_a_container_holds_are_no_part_of_layers_size(dockerd: PrivateDockerd) -> None:
    lab = DockerLab(dockerd)
    engine = await lab.engine()
    if (await engine.host()).image_store != "classic":
        await lab.close()
        return
    forester = Forester(engine)
    image_id = await lab.create_image("forest/gone:1", layers=3)
    container_id = await lab.create_container("forest/gone:1", state="exited")
    held = (await forester.forest()).image_bytes
    lab.api.remove_image(image_id, force=True)
    forest = await forester.forest()
    assert forest.gap_bytes == 0
    (root,) = (root for root in forest.roots if container_id in root.container_ids)
    assert image_id not in root.image_ids
    assert forest.total_bytes == held
    assert forest.total_bytes - forest.image_bytes == root.tree_bytes
    await lab.close()
