"""The disk usage, as a user meets it."""

from __future__ import annotations

import pytest

from tests.journeys.explorer import Explorer, explorer
from tui.engine.demo.hostile import hostile_world
from tui.engine.demo.world import World
from tui.model.selection import Selection, Sort
from tui.model.usage_parts import Part
from tui.screens.plan_screen import PlanScreen
from tui.screens.storage_map_screen import StorageMapScreen
from tui.screens.usage_screen import UsageScreen


async def open_usage(user: Explorer) -> UsageScreen:
    await user.until(lambda: user.app.main.inventory.usage is not None)
    await user.press("b")
    await user.see("Disk usage")
    screen = user.app.screen
    assert isinstance(screen, UsageScreen)
    return screen


async def to(user: Explorer, key: str) -> None:
    """Put the cursor on a row."""
    screen = user.app.screen
    assert isinstance(screen, UsageScreen)
    screen.outline.move_to(next(n for n, row in enumerate(screen.outline.rows) if row.node.key == key))
    await user.pilot.pause()


async def test_one_bar_of_everything_and_what_of_it_comes_back() -> None:
    async with explorer() as user:
        screen = await open_usage(user)
        await user.see("Image layers", "under containers", "shared between images", "by stopped containers")
        await user.see("df: 2.7 GB", "named, not mounted", "in use by a build", "not measured: m, then u measures")
        bar = user.screen.splitlines()[2][: screen.bar.size.width]
        assert set(bar) == set("█▓░")
        assert " " not in bar
        images = screen.parts.groups[0]
        assert images.line is not None
        assert images.bytes == images.line.size_bytes


async def test_the_pointer_and_the_explanation_follow_the_cursor() -> None:
    async with explorer() as user:
        screen = await open_usage(user)
        await to(user, f"part {Part.LAYERS_SHARED}")
        await user.see("goes with the last", "When all images without containers go", "RECLAIMABLE")
        bar, pointer = (line[: screen.bar.size.width] for line in user.screen.splitlines()[2:4])
        assert {bar[at] for at, sign in enumerate(pointer) if sign == "▔"} == {"▓"}
        await user.press("x")
        await user.see("214,317,785 B")


@pytest.mark.parametrize(
    ("part", "pane", "query"),
    [
        (Part.LAYERS_USED, "images", "in-use"),
        (Part.LAYERS_DANGLING, "images", "dangling unused"),
        (Part.VOLUMES_UNUSED, "volumes", "unused"),
        (Part.VOLUMES_ANONYMOUS, "volumes", "anonymous unused"),
        (Part.CACHE_PRIVATE, "cache", "unused private"),
        (Part.CACHE_SHARED, "cache", "shared"),
    ],
)
async def test_each_part_is_a_door(part: Part, pane: str, query: str) -> None:
    async with explorer() as user:
        await open_usage(user)
        await to(user, f"part {part}")
        await user.press("enter")
        await user.see(f"/{query}", "by size")
        main = user.app.main
        assert user.app.screen is main
        assert pane == main.current.KIND
        assert main.current.selection == Selection(query, Sort.SIZE)
        assert main.current.outline.rows
        await user.press("slash", "end")
        await user.type("x")
        assert main.current.selection.query == f"{query}x"
        await user.press("escape")
        assert not main.current.selection.query


async def test_the_order_of_a_door_is_not_kept_for_the_next_start() -> None:
    async with explorer() as user:
        await open_usage(user)
        await to(user, "group Volumes")
        await user.press("enter")
        await user.see("by size")
        assert user.app.preferences.sort_volumes is Sort.NAME


async def test_logs_are_part_of_the_bar_once_they_are_measured() -> None:
    async with explorer() as user:
        screen = await open_usage(user)
        before = screen.parts.total_bytes
        await user.press("m")
        await user.until(lambda: isinstance(user.app.screen, StorageMapScreen))
        await user.press("u")
        await user.see("measured just now")
        await user.press("escape")
        again = await open_usage(user)
        await user.see_no_more("not measured")
        assert again.parts.total_bytes > before
        await to(user, "group Container logs")
        await user.see("stdout and", "goes to the storage map")
        await user.press("enter")
        await user.until(lambda: isinstance(user.app.screen, StorageMapScreen))


async def test_the_plan_is_a_key_away_once_something_is_marked() -> None:
    async with explorer() as user:
        await user.go_to("volumes", "volume npm-cache")
        await user.press("space")
        await open_usage(user)
        await user.press("D")
        await user.until(lambda: isinstance(user.app.screen, PlanScreen))
        await user.see("npm-cache")


async def test_its_own_key_closes_it() -> None:
    async with explorer() as user:
        await open_usage(user)
        await user.press("b")
        await user.until(lambda: user.app.screen is user.app.main)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_every_row_of_a_hostile_and_of_an_empty_world(size: tuple[int, int]) -> None:
    for world in (hostile_world(), World()):
        async with explorer(world, size=size) as user:
            screen = await open_usage(user)
            for row in range(len(screen.outline.rows)):
                screen.outline.move_to(row)
                await user.pilot.pause()
                assert screen.facts.size.height
            await user.press("plus", "end", "minus", "x", "tab", "down", "question_mark", "escape")
            assert user.app.screen is screen
