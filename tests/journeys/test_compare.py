"""Comparing two images: taking both on the main screen, and what the Compare screen shows of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.journeys.driver import Driver
from tests.journeys.explorer import Explorer, explorer
from tests.journeys.files_explorer import LayerSketch, SketchedSource
from tui.contents.errors import ContentsError
from tui.contents.reading import OnReading
from tui.contents.source import FileStack
from tui.engine.demo.hostile import hostile_world
from tui.keyed_app import KeyedApp
from tui.model.layer_files import Kind
from tui.model.storage import Phase, Reading
from tui.screens.compare_screen import CompareScreen
from tui.screens.keyed_screen import KeyedScreen


class CompareApp(KeyedApp):
    """A comparison over an empty screen."""

    def __init__(self, screen: CompareScreen) -> None:
        super().__init__("orlop-dark")
        self.compared = screen

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(self.compared)

    def key_pressed(self) -> None:
        """What was said has been read."""
        if isinstance(self.screen, KeyedScreen):
            self.screen.listen_again()


class Comparer(Driver):
    """The hands of somebody who compares."""

    def __init__(self, app: CompareApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.compared = app.compared

    @property
    def rows(self) -> list[str]:
        """The paths of the tree's rows."""
        return [row.node.key for row in self.compared.tree_pane.outline.rows]

    async def put_cursor_on(self, path: str) -> None:
        """Go to a path."""
        comparison = self.compared.tree_pane.comparison
        assert comparison is not None
        node = comparison.node(path)
        assert node is not None
        assert self.compared.tree_pane.reveal(node)
        self.compared.focus_part("files")
        await self.pilot.pause()


@asynccontextmanager
async def comparer(
    left: SketchedSource, right: SketchedSource, *, size: tuple[int, int] = (120, 40), opened: bool = True
) -> AsyncIterator[Comparer]:
    """The screen over both; ready, unless it is not to be waited for."""
    app = CompareApp(CompareScreen(left, right))
    async with app.run_test(size=size) as pilot:
        user = Comparer(app, pilot)
        if opened:
            await user.until(lambda: user.compared.situation.opened and user.compared.focused is not None)
        yield user


def old_and_new() -> tuple[SketchedSource, SketchedSource]:
    """An image, and the same built anew."""
    base = LayerSketch("ADD rootfs /").folder("etc").folder("usr").folder("usr/bin").file("usr/bin/sh", 100_000, 0o755)
    base.file("etc/hostname", b"box\n").link("etc/mtab", "/proc/mounts")
    old = LayerSketch("RUN make OLD").folder("srv").file("srv/app", b"version one\n", 0o755).file("srv/gone", 40_000)
    old.link("srv/now", "app").file("etc/hostname", b"old\n")
    new = LayerSketch("RUN make NEW").folder("srv").file("srv/app", b"version two, bigger\n", 0o4755, uid=1000)
    new.file("srv/added", 2_000_000).link("srv/now", "added").file("etc/hostname", b"new\n")
    return SketchedSource(base, old, title="box:old"), TwinBase(base, new, title="box:new")


class TwinBase(SketchedSource):
    """Of which only the lowest layer is that of another source: the others have diff IDs of their own."""

    async def open(self, on_reading: OnReading) -> FileStack:
        """Read everything."""
        stack = await super().open(on_reading)
        own = (replace(layer, diff_id=f"sha256:{layer.index + 99:064x}", chain_id="other") for layer in stack.layers)
        return stack._replace(layers=tuple(layer if layer.index else stack.layers[0] for layer in own))


# -- what is shown --------------------------------------------------------------------------------


async def test_shared_layers_and_those_of_one_side_with_their_bytes() -> None:
    async with comparer(*old_and_new()) as user:
        await user.see("compare − box:old with + box:new", "Shared, from the lowest on 1", "Only in box:old 1")
        await user.see("Only in box:new 1", "ADD rootfs /", "RUN make OLD", "RUN make NEW", "2.0 MB")
        await user.press("1", "home")
        await user.see("Both images stand on these: the engine keeps", "Contents are not")
        await user.press("end")
        await user.see("Diff ID", "Command")
        await user.press("y")
        await user.see(f"Copied sha256:{100:064x}")


async def test_only_what_differs_is_shown_biggest_change_first_and_u_shows_the_rest() -> None:
    async with comparer(*old_and_new()) as user:
        assert user.rows == ["srv", "srv/added", "srv/gone", "srv/app", "srv/now"]
        await user.see(
            "by change", "+2.0 MB", "−40.0 kB", "[ ] Unmodified", "[+] Added 1", "[−] Removed 1", "[~] Modified 2"
        )
        await user.press("U")
        assert "etc" in user.rows
        assert "usr" in user.rows
        await user.press("s", "s")
        await user.see("by name")
        assert user.rows[0] == "etc"
        await user.press("s", "U", "A")
        assert "srv/added" not in user.rows
        assert "srv/gone" in user.rows
        await user.press("R", "M")
        assert user.rows == []
        await user.see("nothing of what is to be shown")


async def test_both_sides_of_a_path_with_what_differs() -> None:
    async with comparer(*old_and_new()) as user:
        await user.put_cursor_on("srv/app")
        await user.see(
            "/srv/app",
            "differs in size, mode, owner",
            "-rwsr-xr-x  1000:0",
            "-rwxr-xr-x  0:0",
            "12 B",
            "20 B",
            "layer 2",
        )
        await user.put_cursor_on("srv/now")
        await user.see("differs in link", "→ app", "→ added")
        await user.put_cursor_on("srv/gone")
        await user.see("only on the left", "not there")
        await user.put_cursor_on("srv/added")
        await user.see("only on the right")
        await user.put_cursor_on("srv")
        await user.see("holds what differs")
        await user.put_cursor_on("etc/hostname")
        await user.see("the same")  # as big, and of the same time: it is not read


async def test_swapping_sides_turns_added_into_removed() -> None:
    async with comparer(*old_and_new()) as user:
        await user.put_cursor_on("srv/added")
        await user.press("S")
        await user.see("compare − box:new with + box:old", "only on the left", "−2.0 MB")
        assert user.compared.tree_pane.path == "srv/added"
        await user.press("S")
        await user.see("compare − box:old with + box:new", "only on the right")


async def test_a_file_of_either_side() -> None:
    left, right = old_and_new()
    async with comparer(left, right) as user:
        await user.put_cursor_on("srv/app")
        await user.press("v")
        await user.see("version two, bigger")
        assert (left.asked, right.asked) == ([], [(1, "srv/app")])
        await user.press("escape", "V")
        await user.see("version one")
        assert left.asked == [(1, "srv/app")]
        await user.press("escape", "y")
        await user.see("Copied /srv/app")
        await user.put_cursor_on("srv/gone")
        await user.press("enter")
        await user.see("no file /srv/gone")  # the left one was asked, whose body nobody made up
        await user.press("escape")
        await user.put_cursor_on("srv/added")
        await user.press("V")
        await user.see("It is not on the left.")
        await user.put_cursor_on("srv/now")
        await user.press("v")
        await user.see("This is a symbolic link")


async def test_times_are_left_out_when_they_are_all_that_differs() -> None:
    before, after, base = LayerSketch("RUN date"), LayerSketch("RUN date"), LayerSketch("ADD / /")
    before.folder("etc").file("same", 100)
    after.folder("etc")._builder.add("same", Kind.FILE, 100, 0o644, 0, 0, 1_700_009_999)
    async with comparer(SketchedSource(base, before, title="a"), TwinBase(base, after, title="b")) as user:
        assert user.rows == ["same"]
        await user.see("differs in modified")
        await user.press("m")
        await user.see("no path differs; U shows them all", "m with times")
        await user.press("1")
        await user.see("the time of change is left")
        await user.press("m")
        await user.see("m without times", "~1")
        assert user.rows == ["same"]


async def test_filter_folds_zoom_and_exact_figures() -> None:
    async with comparer(*old_and_new()) as user:
        await user.press("slash")
        await user.type("app")
        await user.press("enter")
        assert user.rows == ["srv", "srv/app"]
        await user.press("n", "N")
        assert user.compared.tree_pane.path == "srv/app"
        await user.press("escape", "minus")
        assert user.rows == ["srv"]
        await user.press("plus", "x")
        await user.see("2,000,000", "Exact figures")
        await user.press("tab", "z")
        await user.see_no_more("by change")
        await user.press("escape")
        await user.see("by change")
        await user.press("end", "right")
        assert user.compared.in_files
        await user.press("home", "left", "left")
        assert not user.compared.in_files
        await user.press("3", "left", "enter")
        assert user.compared.in_files


async def test_narrow_terminals_show_one_side_at_a_time() -> None:
    async with comparer(*old_and_new(), size=(80, 24)) as user:
        await user.see("by change", "+ Right")
        assert "Layers of both" not in user.screen
        await user.press("tab")
        await user.see("Layers of both", "Only in box:old")
        assert "by change" not in user.screen


# -- reading --------------------------------------------------------------------------------------


async def test_progress_names_the_one_that_is_read_and_escape_stops_it() -> None:
    left, right = old_and_new()
    left.gate.clear()
    left.readings = (Reading(Phase.READING, 1_000_000, 4_000_000, 12),)
    async with comparer(left, right, opened=False) as user:
        await user.see("Reading what lies in image box:old", "25%")
        right.gate.clear()
        left.gate.set()
        await user.see("Reading what lies in image box:new")
        await user.press("v", "S", "slash", "tab", "x")
        await user.press("escape")
        assert right.cancelled
        assert not isinstance(user.app.screen, CompareScreen)


async def test_a_problem_names_the_one_that_has_it_and_r_tries_again() -> None:
    left, right = old_and_new()
    right.problem = ContentsError("Its layers can't be read.", "Pull it again.")
    async with comparer(left, right, opened=False) as user:
        await user.see("What lies in image box:new can't be shown.", "Its layers can't be read.", "Pull it again.")
        right.problem = None
        await user.press("r")
        await user.see("Only in box:new 1")


# -- from the main screen -------------------------------------------------------------------------


async def compare_on_main(user: Explorer, left: str, right: str) -> None:
    await user.go_to("images", f"tag {left}")
    await user.press("c")
    await user.go_to("images", f"tag {right}")
    await user.press("c")


async def test_c_takes_one_image_and_then_the_other() -> None:
    async with explorer() as user:
        await user.go_to("images", "tag alpine:3.21")
        await user.press("c")
        await user.see("Compare alpine:3.21 with: c on another image, Esc forgets it.")
        await user.press("c")
        await user.see("That is alpine:3.21 itself")
        await user.press("down")
        await user.see("c with alpine:3.21")
        await user.go_to("images", "tag nginx:1.27-alpine")
        await user.press("c")
        await user.see("compare − alpine:3.21 with + nginx:1.27-alpine", "Shared, from the lowest on 1", "nginx/")
        assert len(user.app.screen_stack) == 2
        await user.press("c")
        assert len(user.app.screen_stack) == 1
        await user.see_no_more("c with")


async def test_escape_forgets_the_first_and_only_images_count() -> None:
    async with explorer() as user:
        await user.press("3", "c")
        assert user.app.main.comparing == ""
        await user.go_to("images", "tag alpine:3.21")
        await user.press("c", "2")
        await user.see("c with alpine:3.21")
        await user.press("c")
        await user.see("Go to another image to compare alpine:3.21 with")
        await user.press("escape")
        await user.see_no_more("with alpine:3.21")
        assert user.app.main.comparing == ""


async def test_an_image_that_goes_away_meanwhile_is_said() -> None:
    async with explorer() as user:
        image = user.app.main.inventory.images_by_tag["golang:1.23-bookworm"]
        await user.go_to("images", "tag golang:1.23-bookworm")
        await user.press("c")
        await user.engine.remove_image(image.id, force=True)
        user.app.keeper.details.images.pop(image.id, None)
        await user.until(lambda: image.id not in user.app.main.inventory.images_by_id)
        await user.go_to("images", "tag alpine:3.21")
        await user.press("c")
        await user.see("What lies in image golang:1.23-bookworm can't be shown.")
        await user.press("escape")
        assert user.app.screen is user.app.main


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5)])
async def test_no_size_and_no_name_breaks_it(size: tuple[int, int]) -> None:
    base = LayerSketch("ADD / /")
    left = LayerSketch("RUN \x1b[31mevil").file("a\x1b]0;x\x07b", 3_000, 0o4755).file("c\ud800d", 5)
    right = LayerSketch("RUN \x1b[32mworse").file("a\x1b]0;x\x07b", 9_000).other("fifo\nname", Kind.FIFO)
    sources = SketchedSource(base, left, title="evil\x1b[0m"), TwinBase(base, right, title="\u202eworse")
    async with comparer(*sources, size=size) as user:
        await user.press("x", "down", "v", "escape", "tab", "end", "S", "plus", "U", "m", "question_mark", "escape")
        assert not any(ord(char) < 32 for line in user.screen.splitlines() for char in line)
        assert "\u202e" not in user.screen


async def test_hostile_images() -> None:
    async with explorer(hostile_world()) as user:
        tags = [row.node.key for row in user.app.main.panes["images"].outline.rows if row.node.key.startswith("tag ")]
        await compare_on_main(user, tags[0][4:], tags[-1][4:])
        await user.see("Layers of both")
        assert not any(ord(char) < 32 for line in user.screen.splitlines() for char in line)


async def test_help_lists_its_own_keys() -> None:
    async with comparer(*old_and_new(), size=(120, 60)) as user:
        await user.press("question_mark")
        await user.see("In the layers and the paths", "Swap the sides", "only the time of change differs")
        await user.press("escape", "q")
        assert not isinstance(user.app.screen, CompareScreen)
