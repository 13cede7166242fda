"""The world changes by itself: the screen follows, the user's place stays."""

from __future__ import annotations

import pytest

from tests.journeys.explorer import explorer
from tui.engine.demo.world import World
from tui.engine.errors import EngineHungError


async def test_container_created_outside_appears_and_the_cursor_stays() -> None:
    async with explorer() as user:
        await user.go_to("containers", "project /shop")
        await user.press("down")
        here = user.highlighted
        user.world.create_container("alpine:3.21", name="aaa-first", labels={"com.docker.compose.project": "aaa"})
        await user.see("Containers 16")
        assert user.highlighted == here
        await user.press("home")
        await user.see("aaa-first")


async def test_cursor_moves_to_the_neighbour_when_its_object_goes() -> None:
    async with explorer() as user:
        await user.go_to("containers", "project /")
        await user.press("down")
        container = user.app.main.container
        assert container is not None
        rows = user.app.main.panes["containers"].outline.rows
        at = user.app.main.panes["containers"].outline.cursor
        neighbour = rows[at + 1].node.key
        await user.engine.remove_container(container.id, force=True)
        await user.see_no_more(container.name)
        assert user.highlighted == neighbour


async def test_opened_nodes_stay_open_and_the_filter_stays() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await user.press("right")
        await user.see("ADD alpine-minirootfs")
        user.world.create_image("zeta:1")
        await user.pilot.pause(0.4)
        await user.see("ADD alpine-minirootfs")
        await user.press("slash")
        await user.type("zeta")
        await user.see("zeta")
        user.world.create_image("zeta:2")
        await user.see("2 tags")
        await user.see_no_more("alpine")


async def test_many_events_are_read_in_few_requests() -> None:
    async with explorer() as user:
        await user.see("1.9 GB")
        before = user.engine.requests_sent
        for number in range(100):
            user.world.create_container("alpine:3.21", name=f"burst-{number:03}")
        await user.see("115")
        await user.pilot.pause(0.5)
        assert user.engine.requests_sent - before <= 12


async def test_idle_screen_asks_for_nothing() -> None:
    async with explorer() as user:
        await user.see("1.9 GB")
        await user.pilot.pause(0.5)
        before = user.engine.requests_sent
        await user.pilot.pause(2.0)
        assert user.engine.requests_sent == before


async def test_lost_engine_keeps_the_picture_and_recovers() -> None:
    async with explorer() as user:
        await user.go_to("volumes", "volume npm-cache")
        user.engine.go_away()
        await user.see("connection lost, retrying", "npm-cache")
        await user.see_no_more("d delete")
        await user.press("d")
        await user.see_no_more("Remove")
        user.world.create_volume("made-meanwhile")
        user.engine.come_back()
        await user.see("made-meanwhile", "d delete")
        await user.see_no_more("connection lost")
        assert user.highlighted == "volume npm-cache"


async def test_refresh_key_tries_a_lost_engine_at_once() -> None:
    async with explorer() as user:
        user.engine.go_away()
        await user.see("connection lost")
        await user.pilot.pause(3.2)
        user.engine.come_back()
        await user.press("r")
        await user.see_no_more("connection lost")


async def test_hung_engine_is_noticed_when_somebody_presses_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.keeper.keeper.PING_ACTIVE", 0.1)
    async with explorer() as user:
        await user.pilot.pause(0.3)
        user.engine.fail_next("ping", EngineHungError("The engine does not answer."))
        await user.press("down")
        await user.see("connection lost")
        await user.see_no_more("connection lost")


async def test_usage_that_an_engine_cannot_give_does_not_hinder() -> None:
    from tui.engine.errors import EngineFaultError

    world = World()
    world.create_volume("lonely")
    async with explorer(world) as user:
        user.engine.fail_next("disk_usage", EngineFaultError("no figures today"))
        await user.press("r")
        await user.see("lonely")
        assert user.app.is_running
