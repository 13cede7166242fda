"""Deleting: what the modal says, what it lets happen, and what the engine answers."""

from __future__ import annotations

from tests.journeys.explorer import explorer
from tui.engine.errors import ConflictError


async def test_cancel_is_preselected_and_enter_deletes_nothing() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag golang:1.23-bookworm")
        await user.press("d")
        await user.see("Remove image golang", "Cancel")
        await user.press("enter")
        await user.see_no_more("Remove image golang")
        assert "golang:1.23-bookworm" in user.app.main.inventory.images_by_tag


async def test_unused_image_goes_and_says_what_comes_back() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag golang:1.23-bookworm")
        used = (await user.engine.disk_usage()).layers_size_bytes
        await user.press("d")
        await user.see("Frees")
        freed = next(line for line in user.screen.splitlines() if "Frees" in line)
        await user.press("tab", "enter")
        await user.see_no_more("1.23-bookworm")
        left = (await user.engine.disk_usage()).layers_size_bytes
        assert used is not None
        assert left is not None
        assert f"{used - left:,}" in freed


async def test_one_of_two_tags_only_untags() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await user.press("d")
        await user.see("Only the name alpine:3.21 goes", "stays as alpine:latest", "Frees no space")
        await user.press("tab", "enter")
        await user.see("● alpine:latest")
        assert "alpine:3.21" not in user.app.main.inventory.images_by_tag
        assert "alpine:latest" in user.app.main.inventory.images_by_tag


async def test_image_of_a_running_container_cannot_go_and_says_who_uses_it() -> None:
    async with explorer() as user:
        tag = "registry.example.com/tools/metrics-agent:0.9.3"
        await user.go_to("images", f"tag {tag}")
        await user.press("d")
        await user.see("monitoring-agent-1", "running", "Close")
        await user.see_no_more("Remove image")
        await user.press("enter")
        assert tag in user.app.main.inventory.images_by_tag


async def test_running_container_goes_only_by_force_chosen_on_purpose() -> None:
    async with explorer() as user:
        await user.go_to("containers", "project /")
        running = next(c for c in user.app.main.inventory.containers if c.name == "toolbox")
        await user.go_to("containers", f"container {running.id}")
        await user.press("d")
        await user.see("Kill it and remove it")
        button = user.app.screen.query_one("#go")
        assert button.disabled
        user.app.screen.query_one("#force").focus()
        await user.press("space")
        assert not button.disabled
        button.focus()
        await user.press("enter")
        await user.see_no_more("toolbox")
        assert running.id not in user.app.main.inventory.containers_by_id


async def test_named_volume_wants_its_name_typed() -> None:
    async with explorer() as user:
        await user.go_to("volumes", "volume npm-cache")
        await user.press("d")
        await user.see("type its name")
        button = user.app.screen.query_one("#go")
        user.app.screen.query_one("#name").focus()
        await user.type("npm-cach")
        assert button.disabled
        await user.type("e")
        assert not button.disabled
        await user.press("enter", "enter")
        await user.see_no_more("npm-cache")
        assert "npm-cache" not in user.app.main.inventory.volumes_by_name


async def test_volume_in_use_cannot_go_and_says_where_it_is_mounted() -> None:
    async with explorer() as user:
        await user.go_to("volumes", "volume shop_db-data")
        await user.press("d")
        await user.see("shop-db-1", "Close")
        await user.press("enter")
        assert "shop_db-data" in user.app.main.inventory.volumes_by_name


async def test_refusal_is_shown_beside_the_object_and_in_the_details() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag golang:1.23-bookworm")
        user.engine.fail_next("remove_image", ConflictError("The engine says no.", "Ask again later."))
        await user.press("d", "tab", "enter")
        await user.see("✗ The engine says no.", "removing: The engine says no. Ask again later.")
        assert "golang:1.23-bookworm" in user.app.main.inventory.images_by_tag
        await user.press("escape")
        await user.see_no_more("✗ The engine says no.")


async def test_object_stays_dimmed_while_it_goes() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag golang:1.23-bookworm")
        user.engine.hang("remove_image")
        await user.press("d", "tab", "enter")
        await user.see("removing…")
        user.engine.release("remove_image")
        await user.see_no_more("1.23-bookworm")


async def test_tag_that_moved_since_the_review_is_left_alone() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await user.press("d")
        await user.see("Only the name alpine:3.21 goes")
        user.world.tag_image("debian:12-slim", "alpine:3.21")
        await user.press("tab", "enter")
        await user.see("no longer points to the image that was reviewed")
        images = {tag for image in await user.engine.images() for tag in image.tags}
        assert "alpine:3.21" in images


async def test_read_only_has_no_changing_keys() -> None:
    async with explorer(read_only=True) as user:
        await user.see("read-only", "1.9 GB")
        await user.go_to("containers", "project /shop")
        await user.press("down")
        before = user.engine.requests_sent
        await user.press("d", "e", "E", "S", "R", "p", "K")
        assert "delete" not in user.footer
        assert "shell" not in user.footer
        assert user.app.screen is user.app.main
        await user.press("question_mark")
        await user.see("started read-only")
        assert user.engine.requests_sent <= before + 1
