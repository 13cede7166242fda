"""Cleanups that take long, or that something goes wrong with: what the screen says meanwhile, and in the end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.journeys.explorer import Explorer, explorer
from tests.journeys.test_cleanup_plan import open_plan, progress_of, receipt
from tui.contents.own_thread import in_own_thread
from tui.contents.reading import OnReading, Take
from tui.contents.watch import Stop
from tui.model.cleanup_progress import StepState
from tui.model.mark import Kind, Mark

FIRST, SECOND = "npm-cache", "pg-upgrade-backup"


async def back_up_and_go(user: Explorer, *names: str) -> None:
    """Carry out the removal of volumes, each backed up first."""
    await open_plan(user, *(Mark(Kind.VOLUME, name) for name in names))
    await user.press("B", "c")
    await user.type("delete")
    await user.press("enter", "enter")


async def test_a_backup_whose_bytes_come_from_a_thread_is_followed_and_the_pause_after_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Threads that read know nothing of the app: what they tell must be shown all the same, and what follows, too."""
    go_on = threading.Event()

    async with explorer() as user:
        whole = user.engine.volume_archive

        async def slowly(name: str, take: Take, on_reading: OnReading) -> None:
            pieces: list[bytes] = []
            await whole(name, pieces.append, on_reading)

            def read(_stop: Stop) -> None:
                take(pieces[0])
                while not go_on.wait(0.05):
                    take(b"")  # how far it has come is told now and then, not for every piece
                for piece in pieces[1:]:
                    take(piece)

            await in_own_thread(read, "reads")

        monkeypatch.setattr(user.engine, "volume_archive", slowly)
        await back_up_and_go(user, FIRST, SECOND)
        await user.see(f"Under way: {FIRST}", "backing up 512 B of")
        await user.press("p")
        await user.see("Pausing once")
        go_on.set()
        await user.see("Paused: nothing is removed now", "1 of 2 steps", f"{FIRST}  removed")
        await user.press("p")
        await receipt(user)
        assert set(progress_of(user).values()) == {StepState.DONE}


async def test_what_came_back_before_a_stop_is_measured_and_stopping_is_no_longer_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with explorer() as user:
        whole = user.engine.volume_archive
        halted = asyncio.Event()

        async def halt_at_the_second(name: str, take: Take, on_reading: OnReading) -> None:
            if name == SECOND:
                halted.set()
                await asyncio.Event().wait()
            await whole(name, take, on_reading)

        monkeypatch.setattr(user.engine, "volume_archive", halt_at_the_second)
        await back_up_and_go(user, FIRST, SECOND)
        await asyncio.wait_for(halted.wait(), 30)
        await user.press("s")
        await receipt(user)
        await user.see("1 of 2 things removed, 1 skipped", "freed.")
        assert "Stopping once" not in user.screen
        progress = user.app.main.cleanup
        assert progress is not None
        assert progress.freed_bytes == progress.steps[0].step.freed.bytes


async def test_measuring_is_given_up_with_the_same_key() -> None:
    async with explorer() as user:
        await open_plan(user, Mark(Kind.VOLUME, FIRST))
        await user.press("c")
        await user.type("delete")
        user.engine.hang("remove_volume")
        await user.press("enter", "enter")
        await user.see("removing")
        user.engine.hang("disk_usage")
        user.engine.release("remove_volume")
        await user.see("measuring what came back", "s stop measuring")
        await user.press("s")
        await user.see("1 of 1 thing removed.", "not known: the engine did not say")
        assert "s stop" not in user.footer
        user.engine.release("disk_usage")
