"""Looking around: trees, details, filter, order, jumps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.explorer import explorer
from tui.config import PreferencesFile
from tui.engine.demo.world import World


async def test_first_screen_names_the_engine_and_all_three_kinds() -> None:
    async with explorer() as user:
        await user.see(" demo ", "overlay2", "alpine", "shop-web-1", "shop_db-data", "21 images")


async def test_sizes_come_in_when_they_are_known() -> None:
    async with explorer() as user:
        await user.see("1.9 GB")


async def test_image_opens_into_its_users_and_layers() -> None:
    async with explorer() as user:
        await user.press("down", "right")
        await user.see("toolbox", "ADD alpine-minirootfs")


async def test_details_follow_the_cursor() -> None:
    async with explorer() as user:
        await user.go_to("containers", "project /shop")
        await user.press("down")
        await user.see("Container ID", "shop-api-1", "uvicorn", "Restart policy")
        await user.press("3", "down")
        await user.see("shop_cache-data", "/var/lib/docker/volumes/shop_cache-data/_data")


async def test_filter_finds_by_name_label_and_state_and_esc_clears_it() -> None:
    async with explorer() as user:
        await user.press("2", "slash")
        await user.type("exited")
        await user.see("import-catalogue")
        await user.see_no_more("shop-web-1")
        await user.press("escape")
        await user.see("shop-web-1")
        await user.press("slash")
        await user.type("com.docker.compose.service=web")
        await user.see_no_more("shop-db-1")
        await user.see("shop-web-1")
        await user.press("enter")
        await user.see("/com.docker")
        await user.press("escape")
        await user.see("shop-worker-1")


async def test_filter_puts_the_cursor_on_a_match_not_on_its_group() -> None:
    async with explorer() as user:
        await user.press("2", "slash")
        await user.type("shop-db")
        await user.press("enter")
        assert user.highlighted.startswith("container ")
        await user.see("postgres")


async def test_sort_is_shown_and_orders_by_size(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path / "preferences.toml")
    async with explorer(preferences_file=file) as user:
        await user.see("1.9 GB")
        await user.press("3", "s")
        await user.see("by size")
        volumes = user.app.main.panes["volumes"].outline.rows
        names = [row.node.key for row in volumes if row.depth == 1]
        assert names.index("volume shop_db-data") < names.index("volume shop_uploads")
        await user.pilot.pause(0.2)
    assert file.load().preferences.sort_volumes == "size"


async def test_enter_jumps_to_image_and_back_again() -> None:
    async with explorer() as user:
        await user.go_to("containers", "project /shop")
        await user.press("down", "right", "down", "enter")
        assert user.highlighted == "tag shop/api:2.3.1"
        await user.see("⌫ back")
        await user.press("backspace")
        assert user.highlighted.endswith(" image")


async def test_enter_jumps_from_volume_to_the_container_that_mounts_it() -> None:
    async with explorer() as user:
        await user.go_to("volumes", "volume shop_db-data")
        await user.press("right", "down", "enter")
        await user.see("postgres")
        assert "shop-db-1" in user.screen
        assert user.app.main.current.KIND == "containers"


async def test_jump_drops_a_filter_that_hides_the_target() -> None:
    async with explorer() as user:
        await user.press("2", "slash")
        await user.type("monitoring")
        await user.press("enter")
        await user.go_to("volumes", "volume shop_db-data")
        await user.press("right", "down", "enter")
        assert user.app.main.container is not None
        assert user.app.main.container.name == "shop-db-1"


async def test_arrows_leave_a_tree_at_its_ends() -> None:
    async with explorer() as user:
        await user.press("end", "down")
        assert user.app.main.current.KIND == "containers"
        await user.press("up")
        assert user.app.main.current.KIND == "images"


async def test_layers_tab_says_who_shares_a_layer() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await user.press("right_square_bracket", "5", "down")
        await user.see("Chain ID", "2 other images", "nginx:1.27-alpine")


async def test_inspect_searches_and_copies() -> None:
    async with explorer() as user:
        await user.go_to("containers", "project /shop")
        await user.press("down", "i")
        await user.see("[Inspect]", "Id")
        await user.press("slash")
        await user.type("nothing like it")
        await user.see("no match")
        await user.press("escape", "slash")
        await user.type("hostname")
        await user.press("enter")
        await user.see(".HostnamePath", "match 1 of 2")
        await user.press("n")
        await user.see(".Config.Hostname", "match 2 of 2")
        await user.press("y")
        await user.see("Copied ")
        await user.press("Y")
        await user.see("Copied .Config.Hostname")


async def test_exact_figures() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        identity = user.app.main.inventory.images_by_tag["alpine:3.21"].id
        await user.press("x")
        await user.see(identity[:40])
        await user.press("x")
        await user.see_no_more(identity[:40])


async def test_help_lists_every_command_and_closes() -> None:
    async with explorer(size=(120, 60)) as user:
        await user.press("question_mark")
        await user.see("Moving about", "Open bash, sh or ash")
        await user.press("escape")
        await user.see_no_more("Moving about")


async def test_palette_runs_a_command_by_name() -> None:
    async with explorer() as user:
        await user.press("colon")
        await user.pilot.pause(0.2)
        await user.type("theme")
        await user.pilot.pause(0.5)
        await user.press("enter")
        await user.see("Theme orlop-light")


async def test_zoom_gives_the_details_the_screen() -> None:
    async with explorer() as user:
        await user.press("z")
        await user.see_no_more("Containers 15")
        await user.press("escape")
        await user.see("Containers 15")


async def test_small_terminal_gives_the_current_pane_the_room() -> None:
    async with explorer(size=(80, 24)) as user:
        heights = {kind: pane.size.height for kind, pane in user.app.main.panes.items()}
        assert heights["images"] > heights["containers"]
        await user.press("3")
        heights = {kind: pane.size.height for kind, pane in user.app.main.panes.items()}
        assert heights["volumes"] > heights["images"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (40, 10), (20, 5)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    async with explorer(size=size) as user:
        await user.press("down", "right", "2", "3", "5", "right_square_bracket", "d", "escape", "question_mark")
        assert user.app.is_running


async def test_empty_engine_says_so() -> None:
    async with explorer(World()) as user:
        await user.see("no images on this engine", "no containers on this engine", "no volumes on this engine")
        await user.press("d", "e", "right", "enter", "i")
        assert user.app.is_running
