"""When a container's changes are read, and when not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import pytest

from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import EngineError, EngineFaultError, NotFoundError
from tui.keeper import changes as reading
from tui.keeper.changes import ChangesReader
from tui.model.layer_files import Kind
from tui.model.storage import Change, ChangeKind, PathStat

PATIENCE = 20.0
A, B = "a" * 64, "b" * 64
STAT = PathStat(Kind.FILE, 5, 0o644, 0.0)


class SlowEngine(DemoEngine):
    """Answers as it is told, and notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.diffs: list[str] = []
        self.paths: list[str] = []
        self.seconds = 0.0
        self.path_seconds = 0.0
        self.failure: EngineError | None = None
        self.at_once = self.most_at_once = 0

    async def container_changes(self, container_id: str) -> tuple[Change, ...]:
        self.diffs.append(container_id)
        await asyncio.sleep(self.seconds)
        if self.failure is not None:
            raise self.failure
        return (Change(f"n{len(self.diffs)}", ChangeKind.ADDED),)

    async def container_path(self, container_id: str, path: str) -> PathStat | None:
        self.paths.append(path)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.path_seconds)
        finally:
            self.at_once -= 1
        if self.failure is not None:
            raise self.failure
        return STAT


class Looker:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, tuple[Change, ...] | None, str]] = []
        self.stats: dict[str, PathStat | None] = {}
        self.rests = 0

    def take_changes(self, container_id: str, changes: tuple[Change, ...] | None, problem: str = "") -> None:
        self.changes.append((container_id, changes, problem))

    def take_paths(self, container_id: str, stats: Mapping[str, PathStat | None]) -> None:
        self.stats.update(stats)

    def take_rest(self, container_id: str) -> None:
        self.rests += 1


class Scene:
    """A reader at work."""

    def __init__(self) -> None:
        self.engine = SlowEngine()
        self.looker = Looker()
        self.reader = ChangesReader(self.engine, self.looker)

    async def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "never so"
            await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything a hundred times as fast."""
    monkeypatch.setattr(reading, "LEAST_GAP", 0.02)
    monkeypatch.setattr(reading, "IDLE", 1000.0)


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    stage = Scene()
    try:
        yield stage
    finally:
        stage.reader.leave()
        await stage.engine.close()


def test_the_rule_as_it_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert (reading.LEAST_GAP, reading.PACE, reading.IDLE, reading.AT_ONCE) == (2.0, 20, 300.0, 4)


async def test_a_running_container_is_read_again_and_again() -> None:
    async with scene() as stage:
        stage.reader.follow(A, running=True)
        await stage.until(lambda: len(stage.engine.diffs) >= 4)
        assert stage.looker.changes[0] == (A, (Change("n1", ChangeKind.ADDED),), "")


async def test_a_stopped_container_is_read_once_and_when_asked() -> None:
    async with scene() as stage:
        stage.reader.follow(A, running=False)
        await stage.until(lambda: len(stage.looker.changes) == 1)
        stage.reader.note_activity()
        await asyncio.sleep(0.1)
        assert len(stage.engine.diffs) == 1
        stage.reader.refresh()
        await stage.until(lambda: len(stage.looker.changes) == 2)


async def test_nothing_is_read_once_nobody_looks() -> None:
    async with scene() as stage:
        stage.reader.follow(A, running=True)
        await stage.until(lambda: len(stage.engine.diffs) >= 2)
        stage.reader.leave()
        count = len(stage.engine.diffs)
        stage.reader.note_activity()
        stage.reader.refresh()
        stage.reader.look_at(A, ["x"])
        await asyncio.sleep(0.1)
        assert len(stage.engine.diffs) == count
        assert not stage.engine.paths


async def test_a_reading_that_takes_long_is_followed_by_a_long_rest() -> None:
    async with scene() as stage:
        stage.engine.seconds = 0.02
        began = time.monotonic()
        stage.reader.follow(A, running=True)
        await stage.until(lambda: len(stage.engine.diffs) == 2)
        # 0.02 s of reading, then 20 times that.
        assert time.monotonic() - began >= 0.4


async def test_looking_at_paths_counts_as_reading() -> None:
    async with scene() as stage:
        stage.engine.path_seconds = 0.01
        began = time.monotonic()
        stage.reader.follow(A, running=True)
        await stage.until(lambda: len(stage.looker.changes) == 1)
        stage.reader.look_at(A, ["x", "y"])
        await stage.until(lambda: len(stage.engine.diffs) == 2)
        assert time.monotonic() - began >= 0.4


async def test_an_idle_screen_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "IDLE", 0.1)
    async with scene() as stage:
        stage.reader.follow(A, running=True)
        await stage.until(lambda: stage.looker.rests == 1)
        count = len(stage.engine.diffs)
        await asyncio.sleep(0.3)
        assert (len(stage.engine.diffs), stage.looker.rests) == (count, 1)
        # The first key is answered at once with what is true now.
        stage.reader.note_activity()
        await stage.until(lambda: len(stage.engine.diffs) > count)


async def test_keys_hold_sleep_off_and_do_not_make_it_read_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "IDLE", 0.2)
    monkeypatch.setattr(reading, "LEAST_GAP", 0.1)
    async with scene() as stage:
        stage.reader.follow(A, running=True)
        for _ in range(80):
            stage.reader.note_activity()
            await asyncio.sleep(0.005)
        assert stage.looker.rests == 0
        assert 2 <= len(stage.engine.diffs) <= 5


async def test_a_refresh_does_not_wait() -> None:
    reading_gap = 50.0
    async with scene() as stage:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "LEAST_GAP", reading_gap)
            stage.reader.follow(A, running=True)
            await stage.until(lambda: len(stage.looker.changes) == 1)
            stage.reader.refresh()
            await stage.until(lambda: len(stage.looker.changes) == 2)


async def test_another_container_takes_the_place_of_the_first() -> None:
    async with scene() as stage:
        stage.engine.seconds = 0.05
        stage.reader.follow(A, running=True)
        await asyncio.sleep(0.01)
        stage.reader.follow(B, running=True)
        await stage.until(lambda: len(stage.looker.changes) >= 1)
        assert {told[0] for told in stage.looker.changes} == {B}


async def test_a_failure_is_told_and_the_engine_left_alone_until_a_key_is_pressed() -> None:
    async with scene() as stage:
        stage.engine.failure = EngineFaultError("The engine failed.", "Look at its log.")
        stage.reader.follow(A, running=True)
        await stage.until(lambda: len(stage.looker.changes) == 1)
        assert stage.looker.changes[0] == (A, None, "The engine failed. Look at its log.")
        await asyncio.sleep(0.1)
        assert len(stage.engine.diffs) == 1
        stage.engine.failure = None
        stage.reader.note_activity()
        await stage.until(lambda: len(stage.looker.changes) >= 2)
        assert stage.looker.changes[1][2] == ""


async def test_a_container_that_has_gone_is_not_asked_about_again() -> None:
    async with scene() as stage:
        stage.engine.failure = NotFoundError("No such container.", "")
        stage.reader.follow(A, running=True)
        await stage.until(lambda: len(stage.looker.changes) == 1)
        assert stage.looker.changes[0][2] == "This container is no longer there."
        stage.reader.note_activity()
        stage.reader.refresh()
        await asyncio.sleep(0.1)
        assert len(stage.engine.diffs) == 1


async def test_four_paths_at_once_and_no_more() -> None:
    async with scene() as stage:
        stage.engine.path_seconds = 0.005
        stage.reader.follow(A, running=False)
        wanted = [f"p{number}" for number in range(30)]
        stage.reader.look_at(A, wanted)
        await stage.until(lambda: len(stage.looker.stats) == 30)
        assert stage.engine.most_at_once == 4
        assert stage.engine.paths == wanted


async def test_paths_that_went_out_of_sight_are_not_asked_for() -> None:
    async with scene() as stage:
        stage.engine.path_seconds = 0.01
        stage.reader.follow(A, running=False)
        stage.reader.look_at(A, [f"old{number}" for number in range(30)])
        await asyncio.sleep(0.005)
        stage.reader.look_at(A, ["new1", "old0"])
        await stage.until(lambda: "new1" in stage.looker.stats)
        await asyncio.sleep(0.05)
        # The four that had been begun are told; the first of them is not asked for twice.
        assert sorted(stage.engine.paths) == ["new1", "old0", "old1", "old2", "old3"]


async def test_paths_of_a_container_that_is_no_longer_looked_at_are_not_told() -> None:
    async with scene() as stage:
        stage.engine.path_seconds = 0.02
        stage.reader.follow(A, running=False)
        stage.reader.look_at(A, [f"a{number}" for number in range(8)])
        await asyncio.sleep(0.005)
        stage.reader.follow(B, running=False)
        stage.reader.look_at(A, ["a9"])
        stage.reader.look_at(B, ["b1"])
        await stage.until(lambda: "b1" in stage.looker.stats)
        await asyncio.sleep(0.05)
        assert set(stage.looker.stats) == {"b1"}


async def test_the_same_path_of_two_containers_is_asked_of_both() -> None:
    async with scene() as stage:
        stage.engine.path_seconds = 0.02
        stage.reader.follow(A, running=False)
        stage.reader.look_at(A, ["etc/hosts"])
        await stage.until(lambda: stage.engine.paths == ["etc/hosts"])
        stage.reader.follow(B, running=False)
        stage.reader.look_at(B, ["etc/hosts"])
        await stage.until(lambda: "etc/hosts" in stage.looker.stats)
        assert stage.engine.paths == ["etc/hosts", "etc/hosts"]


async def test_a_path_that_cannot_be_read_stays_unknown_and_the_others_are_told() -> None:
    async with scene() as stage:
        stage.reader.follow(A, running=False)
        await stage.until(lambda: len(stage.looker.changes) == 1)
        stage.engine.failure = EngineFaultError("no", "")
        stage.reader.look_at(A, ["x"])
        await stage.until(lambda: stage.engine.paths == ["x"])
        await asyncio.sleep(0.01)
        stage.engine.failure = None
        stage.reader.look_at(A, ["x", "y"])
        await stage.until(lambda: len(stage.looker.stats) == 2)
