"""The build cache's pane, as a user meets it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.journeys.explorer import Explorer, explorer
from tui.engine.demo.engine import DemoEngine
from tui.model.host import DiskUsage, Host
from tui.model.mark import Kind, Mark
from tui.screens.plan_screen import PlanScreen


async def open_cache(user: Explorer) -> list[str]:
    """Go to the pane; the IDs of its rows, from the top."""
    await user.press("4")
    await user.see("cached mount /root/.npm")
    return rows(user)


def rows(user: Explorer) -> list[str]:
    return [row.node.key.removeprefix("cache ") for row in user.app.main.panes["cache"].outline.rows]


def record_id(user: Explorer, text: str) -> str:
    """The ID of the record that has ``text`` in its description."""
    usage = user.app.main.inventory.usage
    assert usage is not None
    return next(record.id for record in usage.build_cache if text in record.description)


async def test_it_is_one_row_until_the_keys_go_there() -> None:
    async with explorer() as user:
        await user.see("4 Build cache 11 · 2.6 GB")
        pane = user.app.main.panes["cache"]
        assert pane.size.height == 1
        assert "RUN npm ci" not in user.screen
        await open_cache(user)
        assert pane.size.height > 5
        await user.see("RUN npm ci", "in use")
        await user.press("5")
        assert user.app.main.details.holds_focus
        assert pane.size.height > 5
        await user.press("3")
        await user.until(lambda: pane.size.height == 1)


async def test_tab_goes_through_all_panes() -> None:
    async with explorer() as user:
        went = []
        for _ in range(5):
            went.append("details" if user.app.main.details.holds_focus else user.app.main.current.KIND)
            await user.press("tab")
        assert went == ["images", "containers", "volumes", "cache", "details"]
        await user.press("3", "end", "down")
        assert user.app.main.current.KIND == "cache"


async def test_records_stand_below_what_they_were_made_from() -> None:
    async with explorer() as user:
        order = await open_cache(user)
        first = order.index(record_id(user, "npm ci"))
        assert order[first : first + 3] == [
            record_id(user, one) for one in ("npm ci", "npm run build", "npm run export")
        ]
        await user.press("s")
        await user.see("by size")
        order = rows(user)
        assert order[0] == record_id(user, "/root/go")
        assert order.index(record_id(user, "build-essential")) < order.index(record_id(user, "npm ci"))


async def test_facts_say_what_a_record_is_and_what_it_keeps() -> None:
    async with explorer(size=(160, 50)) as user:
        await open_cache(user)
        await user.go_to("cache", f"cache {record_id(user, 'npm run build')}")
        await user.see("The result of one build step", "Made from it", "RUN npm run export", "RUN npm ci")
        await user.see("can't go before the records that were made from it", "9 days ago", "1 time")
        await user.go_to("cache", f"cache {record_id(user, 'npm ci')}")
        await user.see("Both have to go")
        await user.go_to("cache", f"cache {record_id(user, 'context')}")
        await user.see("What the client sent for builds", "A build is using it right now")
        await user.press("x")
        await user.see("5,242,880 B")


async def test_filter_finds_by_type_use_and_description() -> None:
    async with explorer() as user:
        await open_cache(user)
        for text, number in (("cachemount", 2), ("in-use", 1), ("shared", 2), ("npm", 4)):
            await user.press("slash")
            await user.type(text)
            await user.press("enter")
            assert len(rows(user)) == number
            await user.press("escape")
        assert len(rows(user)) == 11


async def test_marks_in_the_cache_count_and_free() -> None:
    async with explorer() as user:
        await open_cache(user)
        await user.go_to("cache", f"cache {record_id(user, '/root/go')}")
        await user.press("space")
        await user.see("1 marked: 1 cache record", "1,061,158,912 B")
        await user.press("asterisk")
        await user.see("11 marked")


async def test_d_shows_the_plan_with_the_record_and_the_plan_removes_exactly_that() -> None:
    async with explorer() as user:
        await open_cache(user)
        wanted = record_id(user, "npm run export")
        before = {entry.key for entry in user.world.build_cache}
        await user.go_to("cache", f"cache {wanted}")
        await user.press("d")
        await user.until(lambda: isinstance(user.app.screen, PlanScreen))
        await user.see("npm run export")
        assert user.app.main.marks == {Mark(Kind.CACHE_RECORD, wanted)}
        await user.press("c", "tab", "enter")
        await user.until(lambda: user.app.main.cleanup is not None and user.app.main.cleanup.over)
        assert before - {entry.key for entry in user.world.build_cache} == {wanted}


async def test_why_leads_to_the_records_around() -> None:
    async with explorer() as user:
        await open_cache(user)
        await user.go_to("cache", f"cache {record_id(user, 'npm ci')}")
        await user.press("w")
        await user.see("Records were made from it")
        await user.press("enter")
        await user.until(lambda: user.highlighted == f"cache {record_id(user, 'npm run build')}")


async def test_it_says_that_it_is_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(self: DemoEngine) -> DiskUsage:
        raise TimeoutError

    async with explorer() as user:
        main = user.app.main
        monkeypatch.setattr(DemoEngine, "disk_usage", never)
        main.inventory = replace(main.inventory, usage=None)
        await user.press("4")
        await user.see("reading build cache…", "4 Build cache … ")


async def test_an_engine_without_one_says_so() -> None:
    async with explorer() as user:
        main = user.app.main
        await user.until(lambda: main.inventory.usage is not None)  # or it comes when it is least wanted
        host = main.inventory.host
        assert isinstance(host, Host)
        main.inventory = replace(main.inventory, host=host._replace(product="Podman"), usage=None)
        await user.press("4")
        await user.see("this engine keeps no build cache", "4 Build cache none")


async def test_a_record_that_goes_takes_its_mark_along() -> None:
    async with explorer() as user:
        await open_cache(user)
        key = record_id(user, "/root/go")
        await user.go_to("cache", f"cache {key}")
        await user.press("space")
        user.world.build_cache = [entry for entry in user.world.build_cache if entry.key != key]
        await user.press("r")
        await user.until(lambda: not user.app.main.marks)
        assert key not in rows(user)


async def test_records_that_were_removed_are_neither_marked_nor_counted_any_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.keeper.keeper.USAGE_GAP", 1000.0)  # nothing is read again in its own time
    async with explorer() as user:
        await user.see("4 Build cache 11 · 2.6 GB")
        await user.press("X", "asterisk", "D")
        await user.see("─ Plan ", "c carry out")
        await user.press("c", "tab", "enter")
        await user.until(lambda: user.app.main.cleanup is not None and user.app.main.cleanup.over)
        await user.press("escape")
        await user.until(lambda: not any(mark.kind is Kind.CACHE_RECORD for mark in user.app.main.marks))
        await user.see("4 Build cache 1 ")
