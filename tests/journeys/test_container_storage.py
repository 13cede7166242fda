"""What a container changed and where it lies, as a user meets it."""

from __future__ import annotations

import asyncio
import time

import pytest
from textual.screen import Screen

from tests.journeys.driver import PATIENCE
from tests.journeys.explorer import Explorer, explorer
from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import EngineFaultError
from tui.keeper import changes as reading
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Kind
from tui.model.storage import Change, ChangeKind, PathStat
from tui.model.waste import waste_of
from tui.panes.changes_view import ChangesView
from tui.present.changes import NONE_WRITTEN, origin_in
from widgets.cell import RowText
from widgets.node import Node


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live within tenths of a second."""
    monkeypatch.setattr(reading, "LEAST_GAP", 0.05)
    monkeypatch.setattr(reading, "PACE", 1)


async def open_tab(user: Explorer, container: str, tab: str) -> None:
    await user.press("2", "slash")
    await user.type(container)
    await user.press("enter")
    while user.app.main.details.shown_tab != tab:
        await user.press("right_square_bracket")


def view(user: Explorer) -> ChangesView:
    return user.app.main.details.views.changes_view


def rows_described(user: Explorer) -> set[str]:
    """The keys of the changes' rows of which the text is worked out from now on."""
    outline = view(user).outline
    described, describe = set(), outline.describe

    def noted(node: Node) -> RowText:
        described.add(node.key)
        return describe(node)

    outline.describe = noted
    return described


def calls(user: Explorer, method: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Every call of a method of the engine from now on."""
    made: list[tuple[object, ...]] = []
    honest = getattr(user.engine, method)

    async def noting(*words: object) -> object:
        made.append(words)
        return await honest(*words)

    monkeypatch.setattr(user.engine, method, noting)
    return made


async def grows(made: list[tuple[object, ...]], beyond: int | None = None) -> None:
    """Wait for more calls than there are now, or than ``beyond``."""
    count, until = len(made) if beyond is None else beyond, time.monotonic() + PATIENCE
    while len(made) <= count:
        assert time.monotonic() < until, "never called again"
        await asyncio.sleep(0.01)


async def test_changes_of_a_stopped_container() -> None:
    async with explorer() as user:
        await open_tab(user, "proxy", "Changes")
        await user.see("~ 1 modified", "~ error.log", "r reads again")
        await user.press("5", "end")
        await user.see("/var/log/nginx/error.log", "Copied up from", "press f")


async def test_what_a_running_container_writes_shows_up_by_itself() -> None:
    async with explorer() as user:
        await open_tab(user, "toolbox", "Changes")
        await user.see(" added", "live", "43 B")
        await user.press("5", "end")
        row = view(user).outline.node
        assert row is not None
        container = next(one for one in user.app.main.inventory.containers if one.name == "toolbox")
        tree = user.world.tree(user.world.container(container.id))
        tree.write("/root/a-new-one", b"x" * 2_000)
        await user.see("a-new-one", "2.0 kB")
        # The cursor stays on its path, though a row came in above it.
        after = view(user).outline.node
        assert after is not None
        assert after.key == row.key


async def test_a_container_that_has_written_nothing_says_so() -> None:
    async with explorer() as user:
        await open_tab(user, "keen", "Changes")
        await user.see(NONE_WRITTEN)


async def test_a_mount_point_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:
        asked = calls(user, "container_path", monkeypatch)
        await open_tab(user, "agent", "Changes")
        await user.see("proc  mount point")
        await user.pilot.pause(0.1)
        assert "host/proc" not in {path for _, path in asked}


async def test_sizes_come_though_the_cursor_is_on_a_row_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def changes(_container_id: str) -> tuple[Change, ...]:
        return (Change("deck/planks", ChangeKind.ADDED),)

    async def stat(_container_id: str, _path: str) -> PathStat:
        return PathStat(Kind.FILE, 4321, 0o644, 0.0)

    async with explorer() as user:
        monkeypatch.setattr(user.engine, "container_changes", changes)
        monkeypatch.setattr(user.engine, "container_path", stat)
        await open_tab(user, "shop-api-1", "Changes")
        await user.see("deck/", "+ planks", "4.3 kB")
        await user.see("none of its own; 1 change below it")


async def test_nothing_is_read_for_a_tab_that_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:
        diffs = calls(user, "container_changes", monkeypatch)
        await open_tab(user, "toolbox", "Changes")
        await user.see(" added", "− motd")
        await user.press("right_square_bracket")
        await user.see("merged view")
        count = len(diffs)
        await user.pilot.pause(0.4)
        assert len(diffs) == count
        await user.press("left_square_bracket")
        await user.see(" added", "− motd")
        await grows(diffs)


async def test_an_idle_screen_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "IDLE", 0.3)
    async with explorer() as user:
        diffs = calls(user, "container_changes", monkeypatch)
        await open_tab(user, "toolbox", "Changes")
        await user.see("rests until a key is pressed")
        count = len(diffs)
        await user.pilot.pause(0.4)
        assert len(diffs) == count
        monkeypatch.setattr(reading, "IDLE", 1000.0)
        await user.press("5")
        await user.see("live")
        assert len(diffs) > count


async def test_a_stopped_container_is_read_again_by_r(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:
        await open_tab(user, "proxy", "Changes")
        await user.see("~ 1 modified")
        diffs = calls(user, "container_changes", monkeypatch)
        await user.pilot.pause(0.2)
        assert not diffs
        await user.press("r")
        await grows(diffs, 0)
        assert len(diffs) == 1


async def test_an_engine_that_refuses_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(self: DemoEngine, container_id: str) -> tuple[Change, ...]:
        raise EngineFaultError("The engine could not compare.", "Look at its log.")

    monkeypatch.setattr(DemoEngine, "container_changes", refuse)
    async with explorer() as user:
        await open_tab(user, "toolbox", "Changes")
        await user.see("The engine could not compare.")


async def test_the_layer_a_file_was_copied_up_from() -> None:
    async with explorer() as user:
        proxy = next(one for one in user.app.main.inventory.containers if one.name == "monitoring-proxy-1")
        detail = await user.engine.image_detail(proxy.image_id)
        files = await user.engine.layer_files(detail, detail.diff_ids, lambda _reading: None)
        stack = StackedFiles.of([files[diff_id] for diff_id in detail.diff_ids])
        view(user).origin_of = lambda _image_id, path: origin_in(stack, path)
        await open_tab(user, "proxy", "Changes")
        await user.see("from layer ")
        assert origin_in(stack, "var/log/nginx/error.log").startswith("layer ")


async def test_ten_thousand_changes_stay_fluid(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(Change(f"srv/{n // 100:03}/f{n:05}", ChangeKind.ADDED) for n in range(10_000))

    async def changes(self: DemoEngine, container_id: str) -> tuple[Change, ...]:
        return many

    monkeypatch.setattr(DemoEngine, "container_changes", changes)
    async with explorer() as user:
        asked = calls(user, "container_path", monkeypatch)
        await open_tab(user, "toolbox", "Changes")
        await user.see("+ 10,000 added", " 017/")
        described = rows_described(user)
        await user.press("5", "down", "right")
        await user.see("f00000")
        for key in ("pagedown", "end", "up", "left", "left", "right", "home"):
            described.clear()
            await user.press(key)
            # Only rows that came into view or left it are worked out: not the ten thousand.
            assert 0 < len(described) <= 2 * user.app.size.height, key
        # Only what came into view was asked for: not the ten thousand.
        assert len({path for _, path in asked}) < 300


async def test_storage_of_a_container() -> None:
    async with explorer(size=(140, 60)) as user:
        await open_tab(user, "shop-web", "Storage")
        await user.see("merged view", "Work dir", "init", "layer 9", "COPY --from=build", "━1━")
        await user.press("5", "end")
        await user.see("Mounts", "volume shop_uploads", "/app/public/uploads")


async def test_exact_figures_in_storage() -> None:
    async with explorer(size=(140, 60)) as user:
        await open_tab(user, "shop-web", "Storage")
        await user.see("layer 9")
        assert "sha256:" not in user.screen
        await user.press("x")
        await user.see("sha256:")
        await user.press("x")
        await user.see_no_more("sha256:")


async def test_storage_of_an_image() -> None:
    async with explorer() as user:
        await user.press("slash")
        await user.type("team/app")
        await user.press("enter")
        while user.app.main.details.shown_tab != "Storage":
            await user.press("right_square_bracket")
        await user.see("layer 6", "Diff ID", "/overlay2/")
        await user.press("5", "end")
        await user.see("All of it is read only.")


async def test_waste_of_an_image_in_its_overview() -> None:
    async with explorer() as user:
        await user.press("slash")
        await user.type("search")
        await user.press("enter")
        await user.see("f reads what lies in its layers, and what of it is waste.", "What it runs")
        image = next(one for one in user.app.main.inventory.images if "team/search:0.9" in one.tags)
        detail = await user.engine.image_detail(image.id)
        files = await user.engine.layer_files(detail, detail.diff_ids, lambda _reading: None)
        waste = waste_of(StackedFiles.of([files[diff_id] for diff_id in detail.diff_ids]))
        pane = user.app.main.details
        pane.lookups = pane.lookups._replace(waste_of={image.id: waste}.get)
        pane.render_tab()
        await user.see("Stored", "Visible", "Wasted", "Efficiency")
        await user.press("5", "x")
        await user.see(f"{waste.stored_bytes:,} B", f"{waste.wasted_bytes:,} B")


async def test_waste_is_in_the_overview_when_one_comes_back_from_files() -> None:
    async with explorer() as user:
        await user.press("slash")
        await user.type("search")
        await user.press("enter")
        await user.see("f reads what lies in its layers, and what of it is waste.", "What it runs")
        await user.press("f")
        await user.see(" wasted")
        await user.press("escape")
        await user.see("What lies in its layers", "Efficiency", "22.0%")


async def test_nothing_is_read_under_another_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:
        diffs = calls(user, "container_changes", monkeypatch)
        await open_tab(user, "toolbox", "Changes")
        await user.see(" added", "− motd")
        await user.app.push_screen(Screen[None]())
        await user.pilot.pause(0.1)
        count = len(diffs)
        await user.pilot.pause(0.3)
        assert len(diffs) == count
        await user.app.pop_screen()
        await user.see(" added", "− motd")
        await grows(diffs)


async def test_what_is_no_longer_followed_does_not_call_itself_live() -> None:
    async with explorer() as user:
        user.engine.go_away()
        await user.see("connection lost, retrying")
        await user.press("2")
        user.engine.come_back()
        await user.see_no_more("connection lost")
        await open_tab(user, "toolbox", "Changes")
        await user.see("− motd", "live")
        user.engine.go_away()
        await user.see("as it was: connection lost")
        await user.see_no_more(" live ")
        user.engine.come_back()
        await user.see_no_more("as it was: connection lost")
        await user.see("live")


async def test_a_dialog_leaves_the_changes_in_sight_and_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:
        diffs = calls(user, "container_changes", monkeypatch)
        await open_tab(user, "toolbox", "Changes")
        await user.see(" added", "− motd")
        await user.press("question_mark")
        await grows(diffs)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (60, 15)])
async def test_both_tabs_at_every_size_and_back(size: tuple[int, int]) -> None:
    async with explorer(size=size) as user:
        await open_tab(user, "toolbox", "Changes")
        await user.see("[Changes]", "+ 3", "~ 2", "− 1")
        await user.press("right_square_bracket")
        await user.see("[Storage]", "merged")
        await user.press("5", "end", "home", "left")
        assert not user.app.main.details.holds_focus


async def test_moving_on_to_another_container_shows_its_changes() -> None:
    async with explorer() as user:
        await open_tab(user, "shop", "Changes")
        seen = []
        for _ in range(6):
            await user.press("down")
            await user.pilot.pause(0.2)
            container = view(user).container
            if container is not None and user.app.main.container is not None:
                assert container.id == user.app.main.container.id
                seen.append(container.id)
        assert len(set(seen)) > 2
