"""The history: what was removed before, and the ways back, a backup's among them."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.explorer import Explorer, explorer
from tests.journeys.test_cleanup_plan import container, open_plan, receipt
from tui.engine.errors import ConflictError
from tui.model.mark import Kind, Mark
from tui.screens.history_screen import HistoryScreen


async def open_history(user: Explorer) -> HistoryScreen:
    await user.press("J")
    await user.see("─ History", "journal.jsonl")
    screen = user.app.screen
    assert isinstance(screen, HistoryScreen)
    return screen


async def to(user: Explorer, text: str) -> None:
    """Put the cursor on the row of the newest cleanup that shows ``text``."""
    screen = user.app.screen
    assert isinstance(screen, HistoryScreen)
    described = ["".join(cell.text for cell in screen.describe(row.node).left) for row in screen.outline.rows]
    screen.outline.move_to(next(n for n, words in enumerate(described) if text in words))
    await user.pilot.pause()


async def remove_volume(user: Explorer, *, back_up: bool) -> None:
    await open_plan(user, Mark(Kind.VOLUME, "npm-cache"))
    await user.press(*(["B"] if back_up else []), "c")
    await user.type("delete")
    await user.press("enter", "enter")
    await receipt(user)
    await user.press("escape")


async def names(user: Explorer) -> set[str]:
    return {volume.name for volume in await user.engine.volumes()}


async def test_nothing_has_been_removed_yet() -> None:
    async with explorer() as user:
        await open_history(user)
        await user.see("nothing has been removed yet")
        await user.press("J")
        assert user.app.screen is user.app.main


async def test_volume_is_backed_up_removed_and_put_back_from_the_history() -> None:
    async with explorer() as user:
        await remove_volume(user, back_up=True)
        assert "npm-cache" not in await names(user)
        screen = await open_history(user)
        await to(user, "npm-cache")
        await user.see("backed up (w restores)", "SHA-256", "docker volume create npm-cache")
        record = screen.record
        assert record is not None
        assert Path(record.lost.backup_path).is_file()
        await user.press("w")
        await user.see("Restore volume npm-cache?")
        await user.press("enter")  # Cancel is preselected
        await user.see_no_more("Restore volume npm-cache?")
        assert "npm-cache" not in await names(user)
        await user.press("w")
        await user.see("Restore volume npm-cache?")
        await user.press("tab", "enter")
        await user.see("Volume npm-cache is back as npm-cache", "restored as npm-cache")
        assert "npm-cache" in await names(user)


async def test_name_that_is_taken_gives_way_to_another() -> None:
    async with explorer() as user:
        await remove_volume(user, back_up=True)
        await open_history(user)
        await to(user, "npm-cache")
        for name in ("npm-cache", "npm-cache-restored"):
            await user.press("w")
            await user.see("Restore volume npm-cache?", name)
            await user.press("tab", "enter")
            await user.see(f"is back as {name}.")
        assert {"npm-cache", "npm-cache-restored"} <= await names(user)


async def test_backup_that_was_changed_is_not_put_back() -> None:
    async with explorer() as user:
        await remove_volume(user, back_up=True)
        screen = await open_history(user)
        await to(user, "npm-cache")
        record = screen.record
        assert record is not None
        Path(record.lost.backup_path).write_bytes(b"something else")
        await user.press("w")
        await user.see("Restore volume npm-cache?")
        await user.press("tab", "enter")
        await user.see("is not what was written")
        assert "npm-cache" not in await names(user)


async def test_ways_back_are_copied_and_without_a_backup_nothing_is_put_back() -> None:
    async with explorer() as user:
        await remove_volume(user, back_up=False)
        await open_history(user)
        await to(user, "npm-cache")
        await user.see("its files are gone")
        assert "w restore" not in user.footer
        await user.press("y")
        await user.see("Copied docker volume create npm-cache")


async def test_image_and_container_have_their_ways_back_and_failures_are_told() -> None:
    async with explorer() as user:
        image = user.app.main.inventory.images_by_tag["golang:1.23-bookworm"]
        one = container(user, "nightly-report")
        await open_plan(user, Mark(Kind.IMAGE, image.id, "golang:1.23-bookworm"), Mark(Kind.CONTAINER, one.id))
        user.engine.fail_next("remove_container", ConflictError("Its file system is busy."))
        await user.press("c")
        await user.see("Nothing that is not in the plan")
        await user.press("tab", "enter")
        await receipt(user)
        await user.press("escape")
        await open_history(user)
        await user.see("1 removed, 1 failed")
        await to(user, "golang")
        await user.see("docker pull", "golang@sha256:")
        await to(user, "nightly-report")
        await user.see("Its file system is busy.", "docker run")


async def test_session_that_was_cut_off_and_broken_lines_are_said() -> None:
    async with explorer() as user:
        await remove_volume(user, back_up=False)
        path = user.app.cleanup.journal.path
        assert path is not None
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if '"outcome"' not in line and '"ended"' not in line]
        path.write_text("\n".join([*kept, "{broken"]) + "\n", encoding="utf-8")
        await open_history(user)
        await user.see("was cut off", "begun, outcome not recorded", f"Line {len(kept) + 1} of the journal")
        await to(user, "npm-cache")
        await user.see("Was begun; whether it happened")


async def test_read_only_engine_gets_nothing_back() -> None:
    async with explorer() as user:
        await remove_volume(user, back_up=True)
        screen = await open_history(user)
        await to(user, "npm-cache")
        assert screen.situation.may_restore
        user.app.main.read_only = True
        await user.press("w")
        assert user.app.screen is screen
