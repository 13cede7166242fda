"""The storage map, as a user meets it."""

from __future__ import annotations

import asyncio

import pytest

from tests.journeys.explorer import Explorer, explorer
from tui.contents.reading import OnReading
from tui.engine.demo.hostile import hostile_world
from tui.engine.demo.world import World
from tui.engine.errors import EngineFaultError
from tui.model.host import DiskUsage
from tui.model.storage import Phase, Reading, StorageReport
from tui.screens.storage_map_screen import StorageMapScreen


async def open_map(user: Explorer) -> StorageMapScreen:
    await user.see(" GB")
    await user.press("m")
    await user.see("Storage map", "What docker system df counts")
    screen = user.app.screen
    assert isinstance(screen, StorageMapScreen)
    return screen


async def to(user: Explorer, key: str) -> None:
    """Put the cursor on a row."""
    screen = user.app.screen
    assert isinstance(screen, StorageMapScreen)
    screen.outline.move_to(next(n for n, row in enumerate(screen.outline.rows) if row.node.key == key))
    await user.pilot.pause()


async def test_it_says_where_everything_lies_before_anything_is_measured() -> None:
    async with explorer() as user:
        await open_map(user)
        await user.see("/var/lib/docker", "overlay2, classic store", "not measured", "u measures them", "overlay2/")
        await to(user, "folder /var/lib/docker/overlay2")
        await user.see("sudo du -xsh /var/lib/docker/overlay2", "Touching it by hand", "not measured: u measures it")
        await to(user, "engine driver")
        await user.see("copied up whole")


@pytest.mark.parametrize("keys", [("m",), ("m", "u"), ("b",), ("X",), ("space", "D")])
async def test_sizes_are_read_again_before_they_are_shown_as_they_are_now(
    keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.keeper.keeper.USAGE_GAP", 0.0)
    monkeypatch.setattr("tui.keeper.keeper.USAGE_PACE", 0)
    async with explorer() as user:
        *first, last = keys
        await user.until(lambda: user.app.main.inventory.usage is not None)
        await user.press("2", "down", "down", *first)
        await user.pilot.pause()
        asked = []
        ask = user.engine.disk_usage

        async def counted() -> DiskUsage:
            asked.append(1)
            return await ask()

        monkeypatch.setattr(user.engine, "disk_usage", counted)
        await user.press(last)
        await user.until(lambda: bool(asked))


async def test_images_as_the_command_counts_them_beside_what_a_prune_frees() -> None:
    async with explorer() as user:
        screen = await open_map(user)
        await to(user, "total Images")
        await user.see("the same, to the byte", "docker image prune -a", "too high")
        assert screen.map is not None
        images = screen.map.lines[0]
        assert images.exact_bytes == images.size_bytes
        assert images.overstated_bytes is not None
        assert images.overstated_bytes > 0


async def test_measuring_fills_in_folders_and_logs_and_is_remembered() -> None:
    async with explorer() as user:
        await open_map(user)
        await user.press("u")
        await user.see_no_more("not measured")
        await user.see(" measured ", "on the disk")
        screen = user.app.screen
        assert isinstance(screen, StorageMapScreen)
        assert screen.map is not None
        assert screen.map.root.measured is not None
        await to(user, "folder /var/lib/docker/overlay2")
        await user.see("blocks, each file once")
        log = screen.map.logs[0]
        await to(user, f"log {log.container_id}")
        await user.see("max-size=10m", "truncate -s 0")
        await user.press("escape", "m")
        await user.see_no_more("not measured")
        await user.see(" measured ")


async def test_enter_on_a_log_goes_to_its_container() -> None:
    async with explorer() as user:
        screen = await open_map(user)
        await user.press("u")
        await user.see("on the disk")
        assert screen.map is not None
        log = next(one for one in screen.map.logs if one.container is not None)
        await to(user, f"log {log.container_id}")
        await user.press("enter")
        assert user.app.screen is user.app.main
        assert user.highlighted == f"container {log.container_id}"


async def test_escape_stops_measuring_and_then_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = asyncio.Event()

    async def endless(on_reading: OnReading) -> StorageReport:
        on_reading(Reading(Phase.READING, 5_000_000, None, 1_234))
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError("it never ends by itself")

    async with explorer() as user:
        monkeypatch.setattr(user.engine, "storage_report", endless)
        await open_map(user)
        await user.press("u")
        await user.see("measuring: 5.0 MB in 1,234 files", "Esc stops it")
        assert "u measure" not in user.footer
        await user.press("escape")
        async with asyncio.timeout(5):
            await stopped.wait()
        await user.see("not measured")
        await user.press("down")
        assert "u measure" in user.footer
        assert user.app.screen is not user.app.main
        await user.press("escape")
        assert user.app.screen is user.app.main


async def test_leaving_stops_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = asyncio.Event()

    async def endless(_on_reading: OnReading) -> StorageReport:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError("it never ends by itself")

    async with explorer() as user:
        monkeypatch.setattr(user.engine, "storage_report", endless)
        await open_map(user)
        await user.press("u", "q")
        async with asyncio.timeout(5):
            await stopped.wait()
        assert user.app.screen is user.app.main


async def test_what_goes_wrong_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_on_reading: OnReading) -> StorageReport:
        raise EngineFaultError("The engine's folders could not be measured.", "Try again.")

    async with explorer() as user:
        monkeypatch.setattr(user.engine, "storage_report", broken)
        await open_map(user)
        await user.press("u")
        await user.see("The engine's folders could not be measured. Try again.")


async def test_an_engine_whose_folders_are_out_of_reach_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    async def out_of_reach(_on_reading: OnReading) -> StorageReport:
        return StorageReport(reason="Its folders lie on another host. Run orlop there.")

    async with explorer() as user:
        monkeypatch.setattr(user.engine, "storage_report", out_of_reach)
        await open_map(user)
        await user.press("u")
        await user.see("can't be measured", "Its folders lie on another host.")


async def test_commands_and_paths_can_be_copied() -> None:
    async with explorer() as user:
        await open_map(user)
        await to(user, "root")
        await user.press("y")
        await user.see("Copied docker info -f '{{.DockerRootDir}}'")
        await user.press("Y")
        await user.see("Copied /var/lib/docker")
        await to(user, "section What docker system df counts")
        assert "copy path" not in user.footer


async def test_the_other_platforms_and_all_commands_are_there() -> None:
    async with explorer(size=(160, 120)) as user:
        await open_map(user)
        await user.press("plus")
        await user.see(
            "◂ this engine",
            "~/Library/Containers/com.docker.docker/Data/vms/0/data/Docker.raw",
            "\\\\wsl$\\docker-desktop-data\\version-pack-data\\community\\docker\\overlay2\\",
            "C:\\ProgramData\\DockerDesktop",
            "docker image prune -a",
            "docker exec -it CONTAINER bash",
        )


async def test_exact_figures() -> None:
    async with explorer() as user:
        screen = await open_map(user)
        assert screen.map is not None
        await user.press("x")
        await user.see(f"{screen.map.lines[0].size_bytes:,}")


@pytest.mark.parametrize("world", [World(), hostile_world()], ids=["empty", "hostile"])
@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 10), (20, 5)])
async def test_no_size_and_no_world_breaks_it(world: World, size: tuple[int, int]) -> None:
    async with explorer(world, size=size) as user:
        await user.press("m", "u", "plus", "end", "enter", "tab", "down", "x", "minus", "question_mark", "escape", "m")
        assert user.app.is_running


async def test_help_lists_its_own_keys() -> None:
    async with explorer(size=(120, 60)) as user:
        await open_map(user)
        await user.press("question_mark")
        await user.see("Measure the engine", "In the storage map")
