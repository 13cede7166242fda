"""Worlds of overlapping things on a private dockerd, for cleanups of all that can be marked in them."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping

from tests.engine.docker_lab import DockerLab, root_filesystem, tar
from tests.engine.lab import LabEntry, VolumeMount

Build = Callable[[DockerLab], Awaitable[None]]
"""Makes a world on an engine that is empty."""


def layer(size_bytes: int = 100) -> bytes:
    """A layer like no other: one file, about so large."""
    name = uuid.uuid4().hex
    return tar({name: name.encode() * (size_bytes // 32 + 1)})


def file(size_bytes: int) -> LabEntry:
    """A file for a container or a volume."""
    return LabEntry(content=bytes(size_bytes))


async def shared_bases(lab: DockerLab) -> None:
    base = [layer(5000), layer(300), layer(20)]
    lab.load(base, "base:1")
    lab.load([*base, layer(1000)], "left:1")
    lab.load([*base, layer(2000), layer(30)], "right:1")
    lab.load([*base[:2], layer(700)], "lower:1")
    lab.load([layer(4000)], "apart:1")


async def several_tags(lab: DockerLab) -> None:
    base = layer(5000)
    one = lab.load([base, layer(400)], "many:1")
    for tag in ("many:2", "many:latest", "elsewhere.example:5000/many:1"):
        await lab.tag_image(one, tag)
    two = lab.load([base, layer(800)], "few:1")
    await lab.tag_image(two, "few:2")
    lab.load([base], "alone:1")


async def dangling(lab: DockerLab) -> None:
    base = [layer(3000), layer(200)]
    for number in range(3):
        # The tag moves on each time, and leaves the image before without one.
        lab.load([*base, layer(100 * (number + 1))], "moved:1")
    lab.load([*base, layer(50)], "steady:1")
    lab.load([layer(900)], "other:1")
    lab.load([layer(901)], "other:1")


async def same_files_on_other_layers(lab: DockerLab) -> None:
    one, two, common, more = layer(2000), layer(3000), layer(5000), layer(700)
    lab.load([one, common], "same:1")
    lab.load([two, common], "same:2")
    lab.load([one, two, common], "same:3")
    lab.load([common, one], "same:4")
    lab.load([common, common], "same:5")
    lab.load([one, common, more], "same:6")
    lab.load([two, common, more], "same:7")


async def steps_of_the_classic_builder(lab: DockerLab) -> None:
    await lab.create_image("built:1", layers=3, shell=False)
    await lab.create_image("built:2", parent="built:1", layers=2)
    await lab.create_image("built:3", parent="built:2", layers=1, labels={"a": "b"})
    await lab.create_image(parent="built:1", layers=2)
    await lab.create_image("fork:1", parent="built:2", layers=1)


async def on_a_step_of_the_classic_builder(lab: DockerLab) -> None:
    await lab.create_image("under:1", layers=2, shell=False)
    top = await lab.create_image("over:1", parent="under:1", layers=3)
    engine = await lab.engine()
    step = (await engine.image_detail(top)).parent_id
    assert step not in {image.id for image in await engine.images()}, "it is not listed"
    first = await lab.create_container(step, name="on-step")
    await lab.change_container(first, {"/written": file(777)})
    await lab.create_container((await engine.image_detail(step)).parent_id, name="further-down")
    await lab.create_image("beside:1", parent="under:1", layers=1)


async def built_on_what_lost_its_tag(lab: DockerLab) -> None:
    first = await lab.create_image("below:1", layers=2, shell=False)
    await lab.create_image("above:1", parent=first, layers=2)
    await lab.create_image("above:2", parent=first, layers=1)
    # Untagged with children: it is listed no more, and goes with the last of them.
    lab.api.remove_image("below:1")
    await lab.create_image("below:1", layers=2, shell=False)
    await lab.create_container("above:2", name="on-above")


async def under_stopped_containers(lab: DockerLab) -> None:
    base = [root_filesystem(shell=True), layer(3000)]
    used = lab.load([*base, layer(500)], "used:1")
    await lab.tag_image(used, "used:2")
    old = lab.load([*base, layer(600)], "moved:1")
    lab.load([*base, layer(700)], "moved:1")
    lab.load([*base], "idle:1")
    await lab.create_container("used:1", name="first")
    second = await lab.create_container(used, name="second", state="exited")
    await lab.change_container(second, {"/written": file(12_345)})
    await lab.create_container(old, name="third")


async def under_running_containers(lab: DockerLab) -> None:
    base = [root_filesystem(shell=True), layer(2000)]
    lab.load(base, "base:1")
    lab.load([*base, layer(800)], "service:1")
    lab.load([*base, layer(900)], "idle:1")
    runs = await lab.create_container("service:1", name="runs", state="running")
    await lab.change_container(runs, {"/written": file(4321)})
    await lab.create_container("base:1", name="halted", state="paused")
    await lab.create_container("service:1", name="beside")


async def image_gone_from_under_a_container(lab: DockerLab) -> None:
    base = [layer(5000), layer(300)]
    lab.load(base, "base:1")
    gone = lab.load([*base, layer(1200)], "gone:1")
    lab.load([*base, layer(1300)], "stays:1")
    await lab.create_container("gone:1", name="orphan")
    await lab.create_container("stays:1", name="child")
    lab.api.remove_image(gone, force=True)


async def build_cache(lab: DockerLab) -> None:
    lab.load([root_filesystem(shell=True), layer(900)], "base:1")
    lab.buildkit("FROM base:1\nRUN echo one > /one\nRUN echo two > /two\n", tag="kit:1")
    lab.buildkit("FROM base:1\nRUN echo one > /one\nRUN echo three > /three\n", tag="kit:2")
    lab.buildkit("FROM scratch\nCOPY data /data\n", {"data": bytes(7000)}, tag="kit:3")
    lab.buildkit("FROM base:1 AS side\nRUN echo aside > /aside\nFROM scratch\nCOPY --from=side /aside /\n")
    lab.load([layer(333)], "plain:1")


async def volumes(lab: DockerLab) -> None:
    lab.load([layer(500)], "app:1")
    for name, size_bytes in (("data", 10_000), ("logs", 2345), ("empty", 0), ("spare", 777)):
        await lab.create_volume(name)
        if size_bytes:
            await lab.write_volume_file(name, "deep/file", size_bytes)
    lone = await lab.create_volume()
    await lab.write_volume_file(lone, "file", 1111)
    mounts = (VolumeMount("data", "/data"), VolumeMount("", "/own"))
    await lab.create_container("app:1", name="reader", mounts=mounts)
    await lab.create_container("app:1", name="writer", mounts=(VolumeMount("data", "/data"),))
    await lab.create_container("app:1", name="logger", mounts=(VolumeMount("logs", "/logs"),))


async def deep_chains(lab: DockerLab) -> None:
    chain = [layer(10 * number) for number in range(25)]
    for depth in (1, 9, 17, 25):
        lab.load(chain[:depth], f"deep:{depth}")
    lab.load([*chain[:13], layer(5000)], "branch:13")
    lab.load([*chain[:24], layer(6000)], "branch:24")
    await lab.create_container("deep:9", name="midway")


async def empty_layers(lab: DockerLab) -> None:
    nothing, some = tar({}), layer(800)
    lab.load([nothing], "empty:1")
    lab.load([some, nothing], "empty:2")
    lab.load([some, nothing, nothing, layer(40)], "empty:3")
    lab.load([some], "empty:4")
    # No layer of their own at all: other images of the same layers.
    lab.build(b"FROM empty:4\nENV A=1\n", "settings:1")
    lab.build(b"FROM settings:1\nLABEL b=2\nENV C=3\n", "settings:2")
    await lab.create_container("settings:1", name="of-settings")


async def everything_at_once(lab: DockerLab) -> None:
    base = [root_filesystem(shell=True), layer(1000)]
    both = lab.load(base, "all/base:1")
    await lab.tag_image(both, "all/base:2")
    await lab.create_image("all/built:1", parent="all/base:1", layers=2)
    lab.load([*base, layer(400)], "all/moved:1")
    lab.load([*base, layer(500)], "all/moved:1")
    gone = lab.load([*base, layer(450)], "all/gone:1")
    await lab.create_volume("all-data")
    await lab.write_volume_file("all-data", "file", 3210)
    mounts = (VolumeMount("all-data", "/data"), VolumeMount("", "/own"))
    await lab.create_container("all/built:1", name="all-mounts", mounts=mounts)
    await lab.create_container("all/gone:1", name="all-orphan")
    await lab.create_container("all/moved:1", name="all-runs", state="running")
    lab.api.remove_image(gone, force=True)
    lab.buildkit("FROM all/base:1\nRUN echo all > /all\n", tag="all/kit:1")


EXACT_WORLDS: Mapping[str, Build] = {
    build.__name__: build
    for build in (
        shared_bases,
        several_tags,
        dangling,
        same_files_on_other_layers,
        steps_of_the_classic_builder,
        on_a_step_of_the_classic_builder,
        built_on_what_lost_its_tag,
        under_stopped_containers,
        under_running_containers,
        volumes,
        deep_chains,
        empty_layers,
    )
}
"""Those in which the classic store of Docker leaves nothing open."""

DOUBTFUL_WORLDS: Mapping[str, Build] = {
    build.__name__: build for build in (image_gone_from_under_a_container, build_cache, everything_at_once)
}
"""Those in which an engine does not tell everything."""

WORLDS: Mapping[str, Build] = {**EXACT_WORLDS, **DOUBTFUL_WORLDS}
