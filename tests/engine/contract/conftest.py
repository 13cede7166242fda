"""The same lab twice, and what the contract tests watch an engine with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from tests.engine.demo_lab import DemoLab
from tests.engine.docker_lab import DockerLab
from tests.engine.lab import Lab
from tui.engine.port import Engine
from tui.model.event import EngineEvent

PATIENCE = 10.0
"""Seconds for something that takes milliseconds: only a test that fails waits for them."""


ALSO_FROM_AFAR = pytest.mark.parametrize(
    "lab",
    [pytest.param("docker", marks=pytest.mark.engine), pytest.param("far", marks=pytest.mark.engine), "demo"],
    indirect=True,
)
"""For what an engine reads from its own folders where it can, and asks for otherwise."""


@pytest_asyncio.fixture(params=[pytest.param("docker", marks=pytest.mark.engine), "demo"])
async def lab(request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    """A world to change from outside; empty again afterwards. ``far`` is docker's, seen from another host."""
    made: Lab
    if request.param == "demo":
        made = DemoLab()
    else:
        made = DockerLab(request.getfixturevalue("dockerd"), far=request.param == "far")
    yield made
    await made.close()


@pytest_asyncio.fixture
async def engine(lab: Lab) -> Engine:
    """The engine under test."""
    return await lab.engine()


class Watch:
    """The events seen since the watch began."""

    def __init__(self) -> None:
        self.seen: list[EngineEvent] = []

    def actions(self, subject: str) -> list[str]:
        """The actions seen on one object, in order."""
        return [event.action for event in self.seen if event.subject == subject]

    async def until(self, kind: str, action: str, subject: str = "") -> EngineEvent:
        """The first event of this kind and action (on this object), waited for."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for event in self.seen:
                    if (event.kind, event.action) == (kind, action) and subject in ("", event.subject):
                        return event
                await asyncio.sleep(0.005)


@asynccontextmanager
async def watching(engine: Engine) -> AsyncIterator[Watch]:
    """Listen to the engine's events for the length of a block."""
    stream = await engine.events()
    watch = Watch()

    async def listen() -> None:
        async for event in stream:
            watch.seen.append(event)

    task = asyncio.create_task(listen())
    try:
        yield watch
    finally:
        await stream.aclose()
        async with asyncio.timeout(PATIENCE):
            await task
