"""The layer tree across images, as a user meets it."""

from __future__ import annotations

import asyncio

import pytest

from tests.journeys.explorer import Explorer, explorer
from tui.engine.demo.hostile import hostile_world
from tui.engine.demo.large import large_world
from tui.engine.demo.world import World
from tui.model.image import ImageDetail
from tui.model.reclaim import freed_bytes
from tui.screens.layer_tree_screen import LayerTreeScreen


def tree(user: Explorer) -> LayerTreeScreen:
    screen = user.app.screen
    assert isinstance(screen, LayerTreeScreen)
    return screen


async def open_tree(user: Explorer) -> LayerTreeScreen:
    await user.see(" GB")
    await user.press("T")
    await user.see("Layer tree", "to the byte")
    return tree(user)


async def test_it_shows_every_layer_once_and_the_total_to_the_byte() -> None:
    async with explorer() as user:
        screen = await open_tree(user)
        usage = user.app.main.inventory.usage
        assert usage is not None
        await user.see(f"{usage.layers_size_bytes:,} B in all layers, each once = LayersSize")
        assert screen.forest is not None
        assert screen.forest.gap_bytes == 0
        await user.press("plus")
        keys = [row.node.key for row in screen.outline.rows if not row.node.key.startswith("run ")]
        chains = {layer.chain_id for one in user.app.keeper.details.images.values() for layer in one.layers}
        assert len(keys) == len(set(keys))
        assert set(keys) <= chains


async def test_it_opens_at_the_image_that_was_highlighted() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        screen = await open_tree(user)
        image = user.app.main.inventory.images_by_tag["alpine:3.21"]
        assert screen.shown_layer is not None
        assert image.id in screen.shown_layer.top_of
        await user.see("3 images and 4 containers stand on it.", "alpine:3.21")


async def test_who_stands_on_a_layer_leads_to_the_main_screen_and_back() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await open_tree(user)
        await user.press("enter", "down", "enter")
        assert user.app.screen is user.app.main
        place = user.highlighted
        assert place.startswith("tag ")
        await user.see("Image ID", "⌫ back")
        await user.press("backspace")
        assert user.highlighted == "tag alpine:3.21"


async def test_enter_on_a_container_goes_there() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await open_tree(user)
        await user.press("tab", "tab", "end", "enter")
        assert user.app.screen is user.app.main
        assert user.highlighted.startswith("container ")


async def test_folded_layers_open_and_close() -> None:
    async with explorer() as user:
        screen = await open_tree(user)
        run = next(number for number, row in enumerate(screen.outline.rows) if row.node.key.startswith("run "))
        rows = len(screen.outline.rows)
        screen.outline.move_to(run)
        await user.press("enter")
        assert len(screen.outline.rows) > rows
        await user.see("counted from the bottom")
        await user.press("enter")
        assert len(screen.outline.rows) == rows


async def test_filter_order_and_escape_one_step_at_a_time() -> None:
    async with explorer() as user:
        screen = await open_tree(user)
        all_rows = len(screen.outline.rows)
        await user.press("slash")
        await user.type("shop/api")
        await user.see("shop/api:2.3.1", "debian:12-slim")
        await user.see_no_more("nginx:1.27-alpine")
        await user.press("enter")
        assert len(screen.outline.rows) < all_rows
        await user.press("escape")
        assert len(screen.outline.rows) == all_rows
        await user.press("s")
        await user.see("by name")
        await user.press("home")
        assert "─ alpine:3.21" in user.screen.splitlines()[3]
        await user.press("tab", "escape")
        assert tree(user).focused is screen.outline
        await user.press("escape")
        assert user.app.screen is user.app.main


async def test_the_filter_leads_to_what_fits_and_stays_there() -> None:
    async with explorer() as user:
        screen = await open_tree(user)
        await user.press("home", "slash")
        await user.type("shop/ap")
        await user.see("shop/api:2.3.1")
        assert screen.shown_layer is not None
        wanted = {one.id for one in user.app.main.inventory.images if any("shop/ap" in tag for tag in one.tags)}
        assert wanted & set(screen.shown_layer.top_of)
        await user.press("enter")
        here = screen.shown_layer.chain_id
        await user.press("slash")
        await user.type("i")
        assert screen.shown_layer.chain_id == here


async def test_exact_figures_and_copying() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        screen = await open_tree(user)
        layer = screen.shown_layer
        assert layer is not None
        await user.press("x")
        await user.see(f"{layer.own_bytes:,}")
        await user.press("y")
        await user.see(f"Copied {layer.diff_id}")
        await user.press("Y")
        await user.see(f"Copied {layer.chain_id}")
        await user.press("enter", "Y")
        await user.see("Copied alpine:3.21")


async def test_what_would_come_back_is_what_the_deletion_would_free() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        screen = await open_tree(user)
        layer = screen.shown_layer
        assert layer is not None
        expected = freed_bytes(
            user.app.main.inventory,
            screen._holdings,
            images=layer.image_ids,
            containers=layer.container_ids,
        )
        await user.see(f"{expected.bytes:,} B")


async def test_it_follows_what_happens_meanwhile() -> None:
    async with explorer() as user:
        screen = await open_tree(user)
        victim = user.app.main.inventory.images_by_tag["golang:1.23-bookworm"]
        before = screen.forest
        await user.engine.remove_image(victim.id, force=True)
        await user.see_no_more("golang:1.23-bookworm")
        await user.see("perhaps from before: r reads it again")
        await user.press("r")
        await user.see("to the byte")
        assert before is not None
        assert screen.forest is not None
        assert screen.forest.image_bytes < before.image_bytes


async def test_many_images_are_counted_while_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer(large_world(images=300, containers=40, volumes=5)) as user:
        read = user.engine.image_detail

        async def slowly(image_id: str) -> ImageDetail:
            await asyncio.sleep(0.02)
            return await read(image_id)

        monkeypatch.setattr(user.engine, "image_detail", slowly)
        await user.press("T")
        await user.see(" images;")
        await user.see("in all layers, each once")
        screen = tree(user)
        assert screen.forest is not None
        assert not screen.forest.unread


async def test_an_empty_engine_says_so() -> None:
    async with explorer(World()) as user:
        await user.press("T")
        await user.see("no layers on this engine")
        await user.press("enter", "y", "f", "tab", "enter", "T")
        assert user.app.screen is user.app.main


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 10), (20, 5)])
async def test_no_size_and_no_name_breaks_it(size: tuple[int, int]) -> None:
    async with explorer(hostile_world(), size=size) as user:
        await user.press("T", "plus", "end", "enter", "tab", "down", "x", "minus", "question_mark", "escape")
        assert user.app.is_running
        assert not any(ord(char) < 32 for line in user.screen.splitlines() for char in line)


async def test_help_lists_its_own_keys() -> None:
    async with explorer(size=(120, 60)) as user:
        await open_tree(user)
        await user.press("question_mark")
        await user.see("Copy the diff ID of the layer", "In the layer tree")
        await user.press("escape", "q")
        assert user.app.screen is user.app.main


async def test_f_shows_the_files_of_the_layer_and_escape_comes_back() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        screen = await open_tree(user)
        await user.press("f")
        await user.see("alpine:3.21", "etc")
        assert user.app.screen is not screen
        while user.app.screen is not screen:
            await user.press("escape")
        await user.see("Layer tree")
