"""Marking: what Space takes along, what the line says it frees, and what no key can mark by accident."""

from __future__ import annotations

from tests.journeys.explorer import Explorer, explorer
from tui.engine.demo.files import blob
from tui.model.container import Mount
from tui.model.mark import Kind, Mark
from tui.screens.why_dialog import WhyDialog

GOLANG = "tag golang:1.23-bookworm"


def shown_row(user: Explorer, text: str) -> str:
    """The first row of the screen with ``text`` in it."""
    return next(line for line in user.screen.splitlines() if text in line)


def row_keys(user: Explorer, pane: str) -> list[str]:
    """The keys of a pane's rows, from top to bottom."""
    return [row.node.key for row in user.app.main.panes[pane].outline.rows]


def marked_names(user: Explorer) -> set[str]:
    """Tags of marked images, and IDs of other marked things."""
    return {mark.tag or mark.id for mark in user.app.main.marks}


async def test_space_marks_the_row_and_moves_on_and_again_unmarks() -> None:
    async with explorer() as user:
        await user.go_to("images", GOLANG)
        await user.press("space")
        await user.see("1 marked: 1 image · frees")
        assert marked_names(user) == {"golang:1.23-bookworm"}
        assert shown_row(user, "golang:1.23").startswith("✓")
        assert user.highlighted == "tag hello-world:latest"
        await user.press("up", "space")
        await user.see_no_more("marked:")
        assert not user.app.main.marks
        assert shown_row(user, "golang:1.23").startswith(" ")


async def test_figure_is_what_really_comes_back() -> None:
    async with explorer() as user:
        await user.go_to("images", GOLANG)
        before = (await user.engine.disk_usage()).layers_size_bytes
        await user.press("space")
        await user.see("B)")
        line = user.marked_line
        await user.engine.remove_image("golang:1.23-bookworm")
        after = (await user.engine.disk_usage()).layers_size_bytes
        assert before is not None
        assert after is not None
        assert f"({before - after:,} B)" in line


async def test_group_marks_its_members_and_shows_when_only_some_are() -> None:
    async with explorer() as user:
        await user.go_to("images", "repository /alpine")
        await user.press("space")
        assert marked_names(user) == {"alpine:3.21", "alpine:latest"}
        await user.see("1 marked: 1 image")
        assert user.highlighted == "repository /debian", "the members were marked: the next row is behind them"
        await user.go_to("images", "tag alpine:3.21")
        await user.press("space")
        assert marked_names(user) == {"alpine:latest"}
        assert shown_row(user, "▾ alpine").startswith("–")
        await user.see("1 frees nothing: w")


async def test_group_marks_only_what_the_filter_shows() -> None:
    async with explorer() as user:
        await user.press("2", "slash", *"shop-w", "enter", "home", "space", "escape")
        names = {user.app.main.inventory.containers_by_id[one].name for one in marked_names(user)}
        assert names == {"shop-web-1", "shop-worker-1"}
        assert shown_row(user, "▾ shop ").startswith("–")
        await user.see("2 marked: 2 containers")


async def test_asterisk_marks_all_that_the_filter_shows_and_u_and_capital_u_take_it_back() -> None:
    async with explorer() as user:
        await user.press("3", "slash", *"unused", "enter", "asterisk")
        count, inventory = len(user.app.main.marks), user.app.main.inventory
        assert count == sum(volume.name not in inventory.containers_by_volume for volume in inventory.volumes)
        await user.see(f"{count} marked: {count} volumes")
        await user.press("u")
        assert len(user.app.main.marks) == count - 1
        await user.press("U")
        assert not user.app.main.marks
        await user.see("Nothing is marked any longer.")


async def test_rows_inside_an_object_mark_nothing_and_say_so() -> None:
    async with explorer() as user:
        await user.go_to("images", GOLANG)
        await user.press("right")
        await user.see("COPY /target/")
        await user.press("down", "space")
        await user.see("This row is a part of something")
        assert not user.app.main.marks


async def test_space_goes_from_a_record_to_the_records_made_from_it_and_past_the_parts_of_others() -> None:
    async with explorer() as user:
        await user.until(lambda: user.app.main.inventory.usage is not None)
        await user.press("4", "home")
        rows = row_keys(user, "cache")
        parent = next(n for n, row in enumerate(user.app.main.panes["cache"].outline.rows) if row.node.children)
        await user.go_to("cache", rows[parent])
        await user.press("right", "left", "right")
        below = row_keys(user, "cache")[parent + 1]
        await user.go_to("cache", rows[parent])
        await user.press("space")
        assert user.highlighted == below
        await user.see("1 marked: 1 cache record")
        await user.go_to("images", GOLANG)
        await user.press("right", "left", "space")
        assert user.highlighted == "tag hello-world:latest", "its layers are parts of it"


async def test_marks_last_through_filter_and_refresh_and_no_row_changes_place() -> None:
    async with explorer() as user:
        await user.press("s")
        await user.see("by size")
        await user.go_to("images", GOLANG)
        await user.press("space")
        before = row_keys(user, "images")
        await user.press("s")
        await user.see("Rows keep their places while something is marked")
        user.world.create_image("aaa-newcomer:1", layers=[{"/big": blob(2_000_000_000)}])
        await user.until(lambda: "tag aaa-newcomer:1" in row_keys(user, "images"))
        assert row_keys(user, "images") == [*before, "tag aaa-newcomer:1"]
        await user.press("slash", *"alpine", "enter")
        await user.see_no_more("golang")
        await user.press("escape")
        await user.until(lambda: GOLANG in row_keys(user, "images"))
        assert row_keys(user, "images")[: len(before)] == before
        assert marked_names(user) == {"golang:1.23-bookworm"}
        await user.press("U")
        assert row_keys(user, "images")[0] == "tag aaa-newcomer:1", "sorted by size again"


async def test_volume_stays_in_its_group_while_something_is_marked() -> None:
    async with explorer() as user:
        await user.go_to("volumes", "volume npm-cache")
        await user.press("space")
        before = row_keys(user, "volumes")
        user.world.create_container("alpine:3.21", mounts=[Mount("volume", "media", "", "/media")])
        await user.until(lambda: "media" in user.app.main.inventory.containers_by_volume)
        assert row_keys(user, "volumes") == before
        assert user.app.main.panes["volumes"].reveal(("group in use", "volume media"))
        await user.press("U")
        keys = row_keys(user, "volumes")
        assert keys.index("volume media") < keys.index("group unused")


async def test_mark_goes_with_its_object_and_with_its_tag() -> None:
    async with explorer() as user:
        await user.go_to("images", GOLANG)
        await user.press("space")
        await user.go_to("images", "tag alpine:3.21")
        await user.press("space")
        await user.engine.remove_image("golang:1.23-bookworm")
        await user.until(lambda: marked_names(user) == {"alpine:3.21"})
        user.world.tag_image("debian:12-slim", "alpine:3.21")
        await user.until(lambda: not user.app.main.marks)
        await user.see_no_more("marked:")


async def test_marks_of_all_panes_are_summed_up_in_one_line() -> None:
    async with explorer(size=(80, 24)) as user:
        await user.press("2", "slash", *"monitoring-proxy", "enter", "asterisk")
        await user.press("1", "slash", *"golang", "enter", "asterisk")
        await user.press("3", "slash", *"npm", "enter", "asterisk")
        await user.see("3 marked: 1 image, 1 container, 1 volume · frees up to 1.")
        assert user.marked_line.endswith("build cache"), "shorter words, where there are but 80 columns"


async def test_image_whose_only_container_is_marked_can_go() -> None:
    async with explorer() as user:
        inventory = user.app.main.inventory
        image, container = next(
            (image, users[0])
            for image in inventory.images
            if len(users := inventory.containers_by_image.get(image.id, ())) == 1 and len(image.tags) == 1
        )
        await user.go_to("images", f"tag {image.tags[0]}")
        await user.press("space")
        await user.see("1 can't go: w says why")
        await user.go_to("containers", f"container {container.id}")
        await user.press("space")
        await user.see_no_more("can't go")
        await user.see("2 marked: 1 image, 1 container")


async def test_tab_comes_by_the_marked_line_and_leaves_it_again() -> None:
    async with explorer() as user:
        await user.go_to("images", GOLANG)
        await user.press("space", "shift+tab")
        assert user.app.main.marked_line.has_focus
        await user.press("up")
        assert user.app.main.focused is user.app.main.panes["images"].outline
        await user.press("shift+tab", "U")
        assert user.app.main.focused is user.app.main.panes["images"].outline, "the line has gone"


async def test_why_leads_to_what_keeps_the_bytes() -> None:
    async with explorer() as user:
        tag = "registry.example.com/tools/metrics-agent:0.9.3"
        await user.go_to("images", f"tag {tag}")
        await user.press("space", "up", "w")
        await user.see("What keeps the bytes of", "Containers are on it", "monitoring-agent-1", "It can't go")
        await user.press("enter")
        await user.until(lambda: user.app.screen is user.app.main)
        container = next(c for c in user.app.main.inventory.containers if c.name == "monitoring-agent-1")
        assert user.highlighted == f"container {container.id}"
        await user.press("backspace")
        assert user.highlighted == f"tag {tag}"


async def test_why_marks_what_keeps_the_bytes_as_well() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await user.press("space", "up", "w")
        await user.see("It stays under another tag", "alpine:latest")
        await user.press("space")
        await user.see_no_more("It stays under another tag")
        assert marked_names(user) == {"alpine:3.21", "alpine:latest"}
        assert isinstance(user.app.screen, WhyDialog)
        await user.press("escape")
        await user.see("1 marked: 1 image")


async def test_why_is_not_asked_of_a_group() -> None:
    async with explorer() as user:
        await user.go_to("images", "repository /alpine")
        await user.press("w")
        await user.see("Go to an image, a container, a volume or a cache record")


async def test_protected_object_is_marked_only_once_that_is_lifted_on_purpose() -> None:
    async with explorer(protect=("golang",)) as user:
        await user.go_to("images", GOLANG)
        await user.see("lift protection")
        await user.press("space")
        await user.see("Kept by your rule golang: P lifts that")
        assert not user.app.main.marks
        assert user.highlighted == GOLANG
        await user.press("d")
        await user.see("Kept by your rule golang")
        assert user.app.screen is user.app.main
        await user.press("P")
        await user.see("may be marked in this session")
        await user.press("space")
        assert marked_names(user) == {"golang:1.23-bookworm"}
        await user.press("up", "P")
        await user.see("is protected again")
        assert not user.app.main.marks


async def test_groups_and_asterisk_leave_protected_ones_out_and_say_how_many() -> None:
    async with explorer(protect=("container:shop-db-*", "npm-cache", "media")) as user:
        await user.go_to("containers", "project /shop")
        await user.press("space")
        await user.see("1 protected one left out")
        names = {user.app.main.inventory.containers_by_id[one].name for one in marked_names(user)}
        assert "shop-web-1" in names
        assert "shop-db-1" not in names
        await user.press("U", "3", "asterisk")
        await user.see("2 protected ones left out")
        assert not {"npm-cache", "media"} & marked_names(user)
        await user.press("U", "slash", *"npm", "enter", "asterisk")
        await user.see("Kept by your rule npm-cache")


async def test_what_other_screens_mark_obeys_the_rules_too() -> None:
    async with explorer(protect=("npm-cache",)) as user:
        main = user.app.main
        assert main.add_marks({Mark(Kind.VOLUME, "npm-cache"), Mark(Kind.VOLUME, "media")}) == 1
        assert marked_names(user) == {"media"}
        assert main.set_marks({Mark(Kind.VOLUME, "pg-upgrade-backup"), Mark(Kind.VOLUME, "not there")}) == 0
        assert marked_names(user) == {"pg-upgrade-backup"}


async def test_read_only_may_mark_and_look() -> None:
    async with explorer(read_only=True) as user:
        await user.go_to("images", GOLANG)
        await user.press("space")
        await user.see("1 marked: 1 image · frees")


async def test_line_says_when_the_figure_is_not_certain_yet() -> None:
    async with explorer() as user:
        user.engine.hang("image_detail")
        await user.go_to("images", GOLANG)
        await user.press("space")
        await user.see("frees up to", "reading layers…")
        user.engine.release("image_detail")
        await user.see_no_more("reading layers…")
        await user.see("frees up to", "the build cache may keep some")
