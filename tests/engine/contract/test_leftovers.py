"""What orlop left on the engine is found by its label, and goes; nothing else does."""

from __future__ import annotations

import platform
import subprocess
import sys

from tests.engine.contract.test_volume_archives import everything
from tests.engine.lab import Lab, VolumeMount
from tui.engine.port import Engine
from tui.model.leftovers import HELPER_LABEL, Maker, is_leftover


def ended_process() -> int:
    """The ID of a process that was there."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        return ended.pid


async def left_behind(lab: Lab, value: str, volume: str) -> tuple[str, str]:
    """An image and a container labelled so."""
    labels = {HELPER_LABEL: value}
    image = await lab.create_image("orlop-helper:left", labels=labels)
    container = await lab.create_container(image, labels=labels, mounts=[VolumeMount(volume, "/volume")])
    return image, container


async def test_leftovers_go_and_nothing_else(lab: Lab, engine: Engine) -> None:
    volume = await lab.create_volume("contract-held")
    kept_image = await lab.create_image("contract/kept:1", labels={"orlop.helper.not": "x"})
    kept = await lab.create_container(kept_image)
    image, container = await left_behind(lab, Maker(platform.node(), ended_process(), "left").text, volume)
    assert {found.id for found in await engine.images() if is_leftover(found)} == {image}
    assert {found.id for found in await engine.containers() if is_leftover(found)} == {container}
    assert await engine.remove_leftovers() == 2
    left = await everything(engine)
    assert left.isdisjoint({image, container})
    assert {kept_image, kept} <= left
    assert await engine.remove_leftovers() == 0
    await engine.remove_volume(volume)
