"""Helpers on a real engine: which ones are swept, and what they leave of a volume."""

from __future__ import annotations

import os
import platform
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.engine.contract.test_leftovers import ended_process, left_behind
from tests.engine.contract.test_volume_archives import everything
from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tui.engine import helper_makers, helper_objects
from tui.engine.docker_engine import DockerEngine
from tui.model.leftovers import Maker, maker_of


@pytest_asyncio.fixture
async def lab(dockerd: PrivateDockerd) -> AsyncIterator[DockerLab]:
    made = DockerLab(dockerd)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def engine(lab: DockerLab) -> DockerEngine:
    return await lab.engine()


VALUES = {
    "another orlop of this computer": Maker(platform.node(), os.getppid(), "a").text,
    "another computer's": Maker("elsewhere.example.com", 1, "a").text,
    "no value of ours": "yes",
    "nothing": "",
}


@pytest.mark.parametrize("whose", VALUES)
async def test_what_may_be_in_use_stays(lab: DockerLab, engine: DockerEngine, whose: str) -> None:
    volume = await lab.create_volume("contract-held")
    made = await left_behind(lab, VALUES[whose], volume)
    assert await engine.remove_leftovers() == 0
    assert await everything(engine) >= {*made, volume}


async def test_what_is_old_goes_wherever_it_came_from(
    lab: DockerLab, engine: DockerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume = await lab.create_volume("contract-held")
    made = await left_behind(lab, VALUES["another computer's"], volume)
    monkeypatch.setattr(helper_objects, "ABANDONED_AFTER", -60.0)
    assert await engine.remove_leftovers() == 2
    assert (await everything(engine)).isdisjoint(made)
    assert volume in await everything(engine)


async def test_this_process_knows_what_it_uses(lab: DockerLab, engine: DockerEngine) -> None:
    """What an earlier try could not remove goes; what is read at this moment stays."""
    volume = await lab.create_volume("contract-held")
    await lab.write_volume_file(volume, "large", 30_000_000)
    lost = await left_behind(lab, Maker(platform.node(), os.getpid(), "lost").text, volume)
    swept: list[int] = []
    other = await lab.engine()

    def take(_piece: bytes) -> None:
        if not swept:
            swept.append(len(lab.api.containers(all=True, filters={"label": "orlop.helper"})))

    await engine.volume_archive(volume, take, lambda _: None)
    assert swept == [2]
    assert await other.remove_leftovers() == 2
    assert (await everything(engine)).isdisjoint(lost)


@pytest.mark.parametrize("value", ["", "x", "a/b", "a/b/c", "a/-1/c", "a/1.5/c", "a/\u00b2/c"])
def test_values_that_are_not_ours(value: str) -> None:
    assert maker_of(value) is None


@pytest.mark.parametrize("maker", [Maker("host", 7, "t"), Maker("odd/host name", 0, "t"), Maker("", 12, "")])
def test_a_maker_is_read_as_it_was_written(maker: Maker) -> None:
    assert maker_of(maker.text) == maker


def test_an_ended_process_does_not_live() -> None:
    assert helper_makers._lives(os.getpid())
    assert not helper_makers._lives(ended_process())
