"""Logs, backups and free room, as a user with a full disk meets them: in the plan, its question and the receipt."""

from __future__ import annotations

import asyncio

import pytest

from tests.journeys.explorer import Explorer, explorer
from tests.journeys.test_cleanup_plan import container, go, open_plan, receipt, to
from tui.engine.errors import ConnectionLostError
from tui.model.engine_disk import BackupPlace, DiskRoom, DiskSight, EngineDisk
from tui.model.mark import Kind, Mark
from tui.screens.usage_screen import UsageScreen

NIGHTLY = "nightly-report"


def mark(user: Explorer, name: str) -> Mark:
    return Mark(Kind.CONTAINER, container(user, name).id)


async def test_logs_from_plan_to_receipt() -> None:
    async with explorer() as user:
        chosen, logs = mark(user, NIGHTLY), 46_312_334
        user.world.containers[chosen.id].log_bytes = logs
        before = await user.engine.engine_disk((chosen.id,))
        assert before.logs == {chosen.id: logs}
        assert before.room is not None
        await open_plan(user, chosen)
        words = "and 46.3 MB of logs"
        await user.see(words)
        await to(user, "step")
        await user.see(f"46.3 MB ({logs:,} B), which")
        await user.press("c")
        await user.see("Nothing that is not in the plan is touched", f"{words}.")
        await user.press("tab", "enter")
        await receipt(user)
        after = await user.engine.engine_disk()
        assert after.room is not None
        await user.see("1 of 1 thing removed", words, "Disk free", "To the byte what was planned.")
        progress = user.app.main.cleanup
        assert progress is not None
        assert after.room.free_bytes - before.room.free_bytes == (progress.freed_bytes or 0) + logs


async def test_logs_that_nobody_can_measure_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:

        async def far(_container_ids: object = ()) -> EngineDisk:
            raise ConnectionLostError("The engine went away.")

        monkeypatch.setattr(user.engine, "engine_disk", far)
        await open_plan(user, mark(user, NIGHTLY))
        await user.see("and their logs, not measured")
        await go(user)
        await receipt(user)
        await user.see("and their logs, not measured")
        assert "Disk free" not in user.screen


async def test_each_container_that_joins_the_plan_is_asked_for_once() -> None:
    async with explorer() as user:
        asked: list[tuple[str, ...]] = []
        first, second = mark(user, NIGHTLY), mark(user, "shop-migrate-1")
        await open_plan(user, first)
        await user.see("of logs")
        real = user.engine.engine_disk

        async def counted(container_ids: tuple[str, ...] = ()) -> EngineDisk:
            asked.append(tuple(container_ids))
            return await real(container_ids)

        user.engine.engine_disk = counted  # type: ignore[method-assign, assignment]
        user.app.main.add_marks((second,))
        await user.until(lambda: bool(asked))
        for _ in range(5):
            user.app.screen.refresh()
            await user.pilot.pause()
        assert [set(one) for one in asked] == [{first.id, second.id}]


async def test_why_a_container_frees_nothing_but_logs() -> None:
    async with explorer() as user:
        small = min(
            (one for one in user.app.main.inventory.containers if not one.alive),
            key=lambda one: user.world.containers[one.id].size_rw_bytes,
        )
        user.world.containers[small.id].log_bytes = 46_312_334
        await user.until(lambda: user.app.main.inventory.usage is not None)
        user.app.main.add_marks((Mark(Kind.CONTAINER, small.id),))
        await user.until(lambda: "marked" in user.marked_line)
        assert "frees nothing but logs" in user.marked_line
        await user.go_to("containers", f"container {small.id}")
        await user.press("w")
        await user.see("frees nothing but 46.3 MB of logs")


async def test_backups_on_the_disk_that_is_full_are_said_before_anything_begins() -> None:
    async with explorer() as user:
        screen = await open_plan(user, Mark(Kind.VOLUME, "npm-cache"))
        await user.until(lambda: user.app.main.sight is not None)
        size = screen.plan.ready[0].reviewed.size_bytes
        assert size is not None
        place = BackupPlace("/state/backups", DiskRoom(10**11, size // 2), 5)
        user.app.main.sight = DiskSight(EngineDisk(DiskRoom(10**11, 9), 5, {}), place)
        assert "/state/backups" not in user.screen
        await user.press("B")
        await user.see("No room for the backup of npm-cache")
        await to(user, "step")
        await user.see("as much as the volume frees")
        await user.press("c")
        await user.see("Nothing that is not in the plan is touched", "on the same disk", "it is skipped, and kept.")


async def test_disk_usage_tells_how_full_the_disk_is() -> None:
    async with explorer() as user:
        disk = await user.engine.engine_disk()
        assert disk.room is not None
        await user.press("b")
        await user.see("Free on the disk  of 63.0 GB", f"{disk.room.free_bytes / 1e9:.1f} GB")
        await user.see(f"Disk usage ≥ 10.3 GB · {disk.room.free_bytes / 1e9:.1f} GB free")
        screen = user.app.screen
        assert isinstance(screen, UsageScreen)
        screen.outline.move_to(next(n for n, row in enumerate(screen.outline.rows) if row.node.key == "disk room"))
        await user.see("For root", "keeps that free for root")
        await user.press("x")
        await user.see(f"{disk.room.free_bytes:,} B", "3,150,000,000 B")


async def test_disk_usage_says_why_it_can_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:

        async def far(_container_ids: object = ()) -> EngineDisk:
            return EngineDisk(reason="The engine runs on another host (tcp://far).")

        monkeypatch.setattr(user.engine, "engine_disk", far)
        await user.press("b")
        await user.see("Free on the disk  can't be seen from here")
        screen = user.app.screen
        assert isinstance(screen, UsageScreen)
        screen.outline.move_to(next(n for n, row in enumerate(screen.outline.rows) if row.node.key == "disk room"))
        await user.see("tcp://far")


async def test_question_that_is_asked_first_tells_of_logs_once_they_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with explorer() as user:
        chosen = mark(user, NIGHTLY)
        user.world.containers[chosen.id].log_bytes = 46_312_334
        real, let = user.engine.engine_disk, asyncio.Event()

        async def slow(container_ids: tuple[str, ...] = ()) -> EngineDisk:
            await let.wait()
            return await real(container_ids)

        monkeypatch.setattr(user.engine, "engine_disk", slow)
        await open_plan(user, chosen)
        await user.press("c")
        await user.see("Nothing that is not in the plan is touched")
        assert "of logs" not in user.screen
        let.set()
        await user.see("(1,204,118 B) and 46.3 MB of logs.")
