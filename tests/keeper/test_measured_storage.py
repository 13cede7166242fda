"""What was measured last stays, whatever becomes of the next measurement."""

from __future__ import annotations

import asyncio

import pytest

from tui.contents.reading import OnReading
from tui.engine.errors import EngineFaultError
from tui.keeper.measured_storage import MeasuredStorage
from tui.model.storage import Phase, Reading, StorageReport

COUNTED = Reading(Phase.READING, 5_000, None, 12)


class Scales:
    """Measures when it is let."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.begun = asyncio.Event()
        self.problem: EngineFaultError | None = None

    async def measure(self, on_reading: OnReading) -> StorageReport:
        on_reading(COUNTED)
        self.begun.set()
        await self.gate.wait()
        if self.problem is not None:
            raise self.problem
        return StorageReport((), ())


async def test_nothing_is_measured_before_somebody_asks() -> None:
    storage = MeasuredStorage(Scales().measure)
    assert (storage.report, storage.taken, storage.progress) == (None, None, None)


async def test_how_far_it_is_can_be_seen_and_what_came_of_it_is_kept() -> None:
    scales = Scales()
    storage = MeasuredStorage(scales.measure)
    under_way = asyncio.create_task(storage.measure())
    await scales.begun.wait()
    assert storage.progress == COUNTED
    assert storage.report is None
    scales.gate.set()
    report = await under_way
    assert storage.report is report
    assert storage.taken is not None
    assert storage.progress is None


async def test_a_measurement_that_is_stopped_leaves_the_one_before() -> None:
    scales = Scales()
    scales.gate.set()
    storage = MeasuredStorage(scales.measure)
    report = await storage.measure()
    taken = storage.taken
    scales.gate.clear()
    scales.begun.clear()
    under_way = asyncio.create_task(storage.measure())
    await scales.begun.wait()
    under_way.cancel()
    with pytest.raises(asyncio.CancelledError):
        await under_way
    assert (storage.report, storage.taken, storage.progress) == (report, taken, None)


async def test_so_does_one_that_fails() -> None:
    scales = Scales()
    scales.gate.set()
    storage = MeasuredStorage(scales.measure)
    report = await storage.measure()
    scales.problem = EngineFaultError("The disk is gone.")
    with pytest.raises(EngineFaultError, match="The disk is gone"):
        await storage.measure()
    assert storage.report is report
    assert storage.progress is None
