"""The stock world: what the demo shows when it starts. Made up, and coherent down to the byte."""

from __future__ import annotations

from tui.engine.demo.clock import DAY
from tui.engine.demo.digest import hex_id
from tui.engine.demo.objects import CacheEntry
from tui.engine.demo.stock_builds import built_images, npm_layer, pip_layer
from tui.engine.demo.stock_containers import place_containers
from tui.engine.demo.stock_products import product_images
from tui.engine.demo.stock_trunks import Ago
from tui.engine.demo.stock_volumes import stock_volumes
from tui.engine.demo.world import World


def stock_world(now: float | None = None) -> World:
    """A new stock world; its dates are relative to ``now`` (seconds since the epoch; ``None``: the real time)."""
    world = World(now)
    begun = world.clock.now()

    def ago(days: float) -> float:
        return begun - days * DAY

    for image in (*product_images(ago), *built_images(ago)):
        world.images[image.id] = image
    for volume in stock_volumes(ago):
        world.volumes[volume.name] = volume
    place_containers(world, ago)
    world.build_cache = _build_cache(world, ago)
    return world


def _build_cache(world: World, ago: Ago) -> list[CacheEntry]:
    """Records that share an image's layer, package managers' caches, sources, a frontend, and chains long forgotten."""
    api, web = world.image("shop/api:2.3.1"), world.image("shop/web:2.3.1")
    pip, npm = pip_layer(), npm_layer("2.3.1")
    pip_chain = api.chain_ids[api.diff_ids.index(pip.diff_id)]
    npm_chain = web.chain_ids[web.diff_ids.index(npm.diff_id)]

    def key(name: str) -> str:
        return hex_id("cache", name)[:25]

    npm_key = key("npm")

    def mounted(name: str) -> str:
        return f"mount / from exec /bin/sh -c {name}"

    return [
        CacheEntry(
            key("pip"), "regular", mounted("pip install -r requirements.txt"), ago(26), ago(2), 14, 0, pip_chain, pip
        ),
        CacheEntry(npm_key, "regular", mounted("npm ci --omit=dev"), ago(2), ago(2), 3, 0, npm_chain, npm),
        CacheEntry(
            key("npm cache"),
            "exec.cachemount",
            "cached mount /root/.npm",
            ago(60),
            ago(2),
            22,
            318_767_104,
        ),
        CacheEntry(
            key("sources"), "source.local", "local source for context", ago(60), ago(0.1), 41, 5_242_880, in_use=True
        ),
        CacheEntry(key("dockerfile"), "source.local", "local source for dockerfile", ago(60), ago(2), 41, 4_096),
        CacheEntry(
            key("next build"), "regular", mounted("npm run build"), ago(9), ago(9), 1, 450_000_000, parents=(npm_key,)
        ),
        CacheEntry(
            key("next export"),
            "regular",
            mounted("npm run export"),
            ago(9),
            ago(9),
            1,
            36_539_264,
            parents=(key("next build"),),
        ),
        CacheEntry(
            key("old compilers"),
            "regular",
            mounted("apt-get install -y build-essential"),
            ago(190),
            ago(181),
            3,
            512_000_000,
        ),
        CacheEntry(
            key("old wheels"),
            "regular",
            mounted("pip wheel -r old.txt"),
            ago(190),
            ago(181),
            2,
            221_007_872,
            parents=(key("old compilers"),),
        ),
        CacheEntry(
            key("frontend"),
            "frontend",
            "pulled from docker.io/docker/dockerfile:1",
            ago(45),
            ago(2),
            17,
            12_582_912,
        ),
        CacheEntry(key("go build"), "exec.cachemount", "cached mount /root/go", ago(88), None, 0, 1_061_158_912),
    ]
