"""What the plan says to keys that come to nothing, to one's own second thoughts, and in its help."""

from __future__ import annotations

import pytest

from tests.journeys.explorer import explorer
from tests.journeys.test_cleanup_plan import open_plan, to
from tui.model.mark import Kind, Mark
from tui.present import figures, history

VOLUMES = (Mark(Kind.VOLUME, "npm-cache"), Mark(Kind.VOLUME, "pg-upgrade-backup"))


async def test_ones_own_second_thoughts_are_not_told_back() -> None:
    async with explorer() as user:
        await open_plan(user, *VOLUMES)
        await user.press("c")
        await user.see("To go on, type delete")
        await user.press("escape")
        await user.see_no_more("To go on")
        await to(user, "npm-cache")
        await user.press("u")
        await user.see("1 step frees")
        assert "while you were asked" not in user.screen


async def test_a_key_that_removes_nothing_says_why() -> None:
    async with explorer() as user:
        await open_plan(user, *VOLUMES)
        user.engine.go_away()
        await user.see("connection lost")
        await user.press("c")
        await user.see("The engine can't be reached, so nothing can be removed now.")
        assert "To go on" not in user.screen


async def test_read_only_help_of_the_plan_promises_no_removal_and_orlop_can_be_left_from_it() -> None:
    async with explorer(read_only=True) as user:
        await open_plan(user, *VOLUMES)
        await user.press("c")
        await user.see("it removes nothing")
        await user.press("question_mark")
        await user.see("take off  Take the step off the plan")
        assert "carry out" not in user.screen
        assert "retry" not in user.screen
        await user.press("ctrl+q")
        await user.until(lambda: not user.app.is_running)


async def test_help_of_the_plan_has_its_removal_otherwise() -> None:
    async with explorer() as user:
        await open_plan(user, *VOLUMES)
        await user.press("question_mark")
        await user.see("carry out  Carry the plan out")


async def test_the_history_names_what_a_killed_orlop_left_and_its_ages_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:
        await open_plan(user, VOLUMES[0])
        await user.press("c")
        await user.type("delete")
        await user.press("enter", "enter")
        await user.see("1 of 1 thing removed", "freed")
        folder = user.app.cleanup.backups.path
        assert folder is not None
        folder.mkdir()
        (folder / "db-20260101T000000Z.tar.part").write_bytes(bytes(261_000))
        await user.press("escape", "J")
        await user.see(
            "1 unfinished backup of an orlop that was killed takes up 261.0 kB: db-20260101T000000Z.tar.part"
        )
        seen = {row for row in user.screen.splitlines() if "second" in row or "just now" in row}
        await user.until(lambda: not seen & set(user.screen.splitlines()))


@pytest.mark.parametrize(("past", "wait"), [(4.25, 0.75), (90.0, 30.0), (4_000.0, 3_200.0), (100_000.0, 72_800.0)])
def test_an_age_is_said_anew_when_it_changes(monkeypatch: pytest.MonkeyPatch, past: float, wait: float) -> None:
    monkeypatch.setattr(figures, "now", lambda: 1_000_000.0)
    assert history.seconds_to_another_age(1_000_000.0 - past) == pytest.approx(wait)


async def test_a_size_that_only_has_to_be_asked_for_names_the_key() -> None:
    async with explorer() as user:
        await user.until(lambda: user.app.main.inventory.usage is not None)
        user.engine.hang("disk_usage")
        user.world.create_volume("brand-new")
        await user.until(lambda: "brand-new" in user.app.main.inventory.volumes_by_name)
        user.app.main.add_marks((Mark(Kind.VOLUME, "brand-new"),))
        await user.press("D")
        await user.see(
            "1 step frees an unknown amount", "The size of 1 thing was not measured yet: r reads sizes again."
        )
        user.engine.release("disk_usage")
        await user.press("r")
        await user.see_no_more("not measured yet")
