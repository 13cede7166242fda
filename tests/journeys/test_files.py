"""The Files screen: layers, the tree, toggles, filter, places that are kept, links and layers to jump to."""

from __future__ import annotations

import asyncio
import threading

import pytest
from textual import events

from tests.journeys.explorer import explorer
from tests.journeys.files_explorer import LayerSketch, SketchedSource, files_explorer, shop
from tui.contents.errors import NoSuchFileError
from tui.engine.errors import NotFoundError
from tui.model.container import Mount
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Kind
from tui.model.storage import Phase, Reading
from tui.model.waste import Waste, waste_of
from tui.screens import stack_screen
from tui.screens.files_screen import FilesScreen
from widgets.cell import RowText
from widgets.node import Node
from widgets.page_view import PageView


async def test_shows_layers_topmost_first_and_the_files_of_the_whole_image() -> None:
    async with files_explorer(shop()) as user:
        await user.see("files of image shop/api:2.3.1", "4 layers", "Files of the whole image", "125.0 MB")
        lines = user.screen.splitlines()
        numbers = [int(line.split()[0]) for line in lines[3:7]]
        assert numbers == [4, 3, 2, 1]
        assert user.rows == ["usr", "srv", "etc", "bin", "tmp", "var"]


async def test_the_platform_of_an_archive_s_image_is_named() -> None:
    source = shop()
    source.title, source.kind, source.platform = "both.tar", "archive", "linux/arm64/v8"
    async with files_explorer(source) as user:
        await user.see("files of archive both.tar linux/arm64/v8", "4 layers")


async def test_a_mount_is_named_where_it_hides_what_the_layers_have() -> None:
    image = LayerSketch("ADD rootfs").folder("data").folder("srv").folder("run").folder("etc")
    source = SketchedSource(image, LayerSketch(""), title="web", kind="container")
    source.mounts = (
        Mount("volume", "dbv", "/var/lib/docker/volumes/dbv/_data", "/data"),
        Mount("bind", "", "/site", "/srv/"),
        Mount("tmpfs", "", "", "/run"),
    )
    async with files_explorer(source) as user:
        await user.see("data/  mounted: volume dbv", "srv/  mounted: the host's /site")
        await user.see("run/  mounted: a tmpfs")
        (etc,) = (line for line in user.screen.splitlines() if "etc/" in line)
        assert "mounted" not in etc


async def test_a_pipe_that_nobody_writes_to_is_said_to_be_one() -> None:
    source = shop()
    source.gate.clear()
    source.readings = (Reading(Phase.UNWRITTEN),)
    async with files_explorer(source, opened=False) as user:
        await user.see("it is a pipe, and nobody writes into it yet")


async def test_a_filter_that_leaves_nothing_says_why() -> None:
    async with files_explorer(shop()) as user:
        await user.press("2", "slash")
        await user.type("pkgcache")
        await user.press("enter", "M", "A", "R", "U")
        await user.see("what matches the filter is not to be shown")
        await user.press("M", "A", "R", "U", "a")
        await user.press("slash")
        await user.type("-no-such")
        await user.press("enter")
        await user.see("no path matches the filter here; a looks up to this layer")
        await user.press("a")
        await user.see("no path matches the filter")
        assert "a looks up" not in user.screen


async def test_what_can_not_be_read_again_has_no_keys_of_the_tree() -> None:
    source = shop()
    async with files_explorer(source) as user:
        await user.press("2", "slash", *"gcc", "enter")
        await user.see("v view")
        source.problem = NoSuchFileError("It was removed.", "Choose another one.")
        await user.press("r")
        await user.see("It was removed.")
        await user.until(lambda: "v view" not in user.screen and "touched" not in user.screen)


async def test_escape_leaves_what_can_not_be_read_again_at_once_though_a_filter_is_set() -> None:
    async with explorer() as user:
        await user.go_to("containers", "project /shop")
        await user.press("down", "f")
        await user.see("files of container", "Efficiency")
        await user.press("2", "slash", *"log", "enter")
        user.engine.fail_next("container_detail", NotFoundError("The container was removed."))
        await user.press("r")
        await user.see("The container was removed.")
        await user.press("escape")
        await user.see("Overview")


async def test_says_what_would_make_it_smaller() -> None:
    async with files_explorer(shop()) as user:
        await user.see("RUN in layer 4 deletes 125.0 MB that layer 2", "do both in one RUN.")


async def test_tree_follows_the_table_when_the_cursor_rests() -> None:
    async with files_explorer(shop()) as user:
        await user.press("end")
        await user.see("Files up to layer 1", "Layer 1 of 4")
        assert "srv" not in user.rows
        assert "+ added" not in user.screen
        await user.see("[+] Added 21")


async def test_keys_typed_on_meet_the_files_of_the_layer_they_were_meant_for() -> None:
    async with files_explorer(shop()) as user:
        for key in ("end", "tab", "home", "right"):
            await user.app.on_event(events.Key(key, None))
        assert user.files.view is not None
        assert user.files.view.layer == 0
        assert user.path == "usr"


async def test_cursor_and_opened_folders_stay_from_layer_to_layer() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("var/cache/apt/pkgcache.bin")
        await user.press("left_square_bracket", "left_square_bracket")
        await user.see("Files up to layer 2")
        assert user.path == "var/cache/apt/pkgcache.bin"
        await user.press("left_square_bracket")
        await user.see("Files up to layer 1")
        assert user.path == "var/cache"  # the nearest that is there
        await user.press("right_square_bracket")
        await user.until(lambda: user.path == "var/cache/apt/pkgcache.bin")


async def test_signs_tell_what_the_layer_did() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("var/cache/apt")
        marked = {line.split("│")[1].strip()[:1] for line in user.screen.splitlines() if "apt/ " in line}
        assert "−" in marked
        await user.see("~ ▾ var/")


async def test_layer_alone_is_opened_as_far_as_it_leads_to_changes() -> None:
    async with files_explorer(shop()) as user:
        await user.press("a")
        await user.see("What layer 4 did")
        assert "var/cache/apt" in user.rows  # the folder that was removed
        assert "var/cache/apt/pkgcache.bin" not in user.rows  # all of it went: nothing to see
        assert "srv/app/big.log" in user.rows
        assert "etc" not in user.rows
        await user.press("a")
        await user.see("Files of the whole image")


async def test_toggles_hide_and_show_and_say_so() -> None:
    async with files_explorer(shop()) as user:
        await user.press("U")
        await user.see("[ ] Unmodified")
        assert "etc" not in user.rows
        assert "srv/app/big.log" in user.rows
        await user.press("M")
        assert "srv" not in user.rows
        await user.press("R")
        await user.see("nothing of what is to be shown", "[ ] Removed", "[ ] Modified")
        await user.press("A", "M", "R", "U", "A")
        await user.see("[+] Added", "[=] Unmodified")
        assert "etc" in user.rows


async def test_sorts_by_size_and_by_name() -> None:
    async with files_explorer(shop()) as user:
        assert user.rows[:2] == ["usr", "srv"]
        await user.press("s")
        await user.see("by name")
        assert user.rows == ["bin", "etc", "srv", "tmp", "usr", "var"]


async def test_filter_by_part_of_a_path_opens_what_leads_there() -> None:
    async with files_explorer(shop()) as user:
        await user.press("slash")
        await user.type("PASSWD")
        assert user.rows == ["usr", "usr/bin", "usr/bin/passwd", "etc", "etc/passwd"]
        assert user.path == "usr/bin/passwd"
        await user.see("2 matches")
        await user.press("enter", "n")
        assert user.path == "etc/passwd"
        await user.press("n")
        assert user.path == "usr/bin/passwd"
        await user.press("N")
        assert user.path == "etc/passwd"
        await user.press("escape")
        assert user.path == "etc/passwd"
        assert len(user.rows) > 5


async def test_filter_takes_globs_and_says_when_nothing_matches() -> None:
    async with files_explorer(shop()) as user:
        await user.press("slash")
        await user.type("/srv/**/*.p*")
        assert [row for row in user.rows if "." in row] == ["srv/app/logo.png", "srv/app/main.py"]
        await user.type("zzz")
        await user.see("no path matches the filter")
        await user.press("escape")
        assert "etc" in user.rows


async def test_a_matching_folder_stays_closed_and_next_goes_past_it() -> None:
    async with files_explorer(shop()) as user:
        await user.press("slash")
        await user.type("/srv/app")
        await user.press("enter")
        assert user.rows == ["srv", "srv/app"]
        await user.press("right")
        assert "srv/app/main.py" in user.rows
        await user.press("n")
        assert user.path == "srv/app"


async def test_open_and_close_all() -> None:
    async with files_explorer(shop()) as user:
        await user.press("2", "plus")
        assert "usr/lib/gcc/cc1" in user.rows
        await user.put_cursor_on("usr/lib/gcc/cc1")
        await user.press("minus")
        assert user.path == "usr"
        assert "usr/lib" not in user.rows


async def test_enter_opens_folders_and_left_goes_back_to_the_layers() -> None:
    async with files_explorer(shop()) as user:
        await user.press("enter")
        assert user.files.in_files
        await user.press("enter")
        assert "usr/bin" in user.rows
        await user.press("enter")
        assert "usr/bin" not in user.rows
        await user.press("left")
        assert not user.files.in_files


async def test_exact_figures_and_copying() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("usr/bin/perl")
        await user.press("x")
        await user.see("3,800,000", "33,000,000")
        await user.press("y")
        await user.see("Copied /usr/bin/perl")
        assert user.app.clipboard == "/usr/bin/perl"
        await user.press("Y")
        assert user.app.clipboard == "perl"
        await user.press("1", "y")
        assert user.app.clipboard.startswith("sha256:0")
        await user.press("Y")
        assert user.app.clipboard.startswith("RUN rm -rf")


async def test_link_is_followed_and_backspace_returns() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("srv/app/current")
        await user.press("v")
        assert user.path == "srv/app/main.py"
        await user.see("⌫ back")
        await user.press("backspace")
        assert user.path == "srv/app/current"
        await user.put_cursor_on("srv/app/lost")
        await user.press("enter")
        await user.see("/nowhere/at/all, which is not there")


async def test_which_layers_touched_a_path_and_going_to_one() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("var/cache/apt/pkgcache.bin")
        await user.press("o")
        await user.see("2 layers touched it", "removed", "with /var/cache/apt", "added")
        await user.press("down", "enter")
        await user.see("Files up to layer 2")
        assert user.path == "var/cache/apt/pkgcache.bin"
        await user.press("backspace")
        await user.see("Files of the whole image")
        assert user.path == "var/cache/apt/pkgcache.bin"


async def test_things_without_contents_say_so() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("tmp/pipe")
        await user.press("v")
        await user.see("This is a named pipe")
        await user.press("W")
        await user.see("nothing in it to write out")
        await user.put_cursor_on("etc")
        await user.press("W")
        await user.see("Only single files can be written out")


# -- opening ----------------------------------------------------------------------------------


async def test_says_how_far_it_is_and_escape_really_stops_it() -> None:
    source = shop()
    source.gate.clear()
    source.readings = (Reading(Phase.WAITING),)
    async with files_explorer(source, opened=False) as user:
        await user.see("Reading what lies in image shop/api:2.3.1", "putting the image together on its own disk: ")
        await user.see("disk: 1 s")
        source.readings = ()
        user.files._note(Reading(Phase.READING, 300_000_000, 1_200_000_000, 12_345))
        await user.see("25%", "300.0 MB of 1.2 GB", "12,345 entries")
        await user.press("escape")
        await user.until(lambda: source.cancelled)


async def test_error_is_a_sentence_and_r_tries_again() -> None:
    from tui.contents.errors import BrokenArchiveError

    source = shop()
    source.problem = BrokenArchiveError("Layer 2 is cut short.", "Save the image again.")
    async with files_explorer(source, opened=False) as user:
        await user.see("can't be shown", "Layer 2 is cut short.", "Save the image again.", "r tries again")
        source.problem = None
        await user.press("r")
        await user.see("Files of the whole image")
        assert source.opened == 2


async def test_reading_again_keeps_the_place() -> None:
    async with files_explorer(shop()) as user:
        await user.put_cursor_on("srv/app/main.py")
        await user.press("r")
        await user.until(lambda: user.source.opened == 2 and user.files.table.waste is not None)
        assert user.path == "srv/app/main.py"
        assert user.files.in_files


async def test_begins_with_the_layer_that_was_asked_for() -> None:
    async with files_explorer(shop(), layer=1) as user:
        await user.see("Files up to layer 2")
        assert user.files.table.chosen == 1


async def test_image_without_layers() -> None:
    async with files_explorer(SketchedSource(), opened=False) as user:
        await user.see("no layers")
        await user.press("tab", "plus", "slash", "x", "enter", "a", "v", "o", "y")


# -- small and large --------------------------------------------------------------------------


async def test_small_terminals_show_one_side_at_a_time() -> None:
    async with files_explorer(shop(), size=(80, 24)) as user:
        await user.see("Layers 4", "What would make it smaller")
        assert "by size" not in user.screen
        await user.press("tab")
        await user.see("Files of the whole image", "drwxr-xr-x", "uid:gid")
        assert "made by" not in user.screen
        await user.press("tab")
        await user.see("made by")


async def test_very_small_terminals_keep_names_and_sizes() -> None:
    async with files_explorer(shop(), size=(40, 12)) as user:
        await user.press("tab")
        await user.see("usr/", "37.0 MB")
        assert "drwxr-xr-x" not in user.screen


async def test_zoom_gives_one_side_the_whole_screen() -> None:
    async with files_explorer(shop()) as user:
        await user.press("2", "z")
        await user.see("modified   mode")
        assert "made by" not in user.screen
        await user.press("escape")
        await user.see("made by")


async def test_container_has_its_writable_layer_on_top() -> None:
    image = LayerSketch("ADD rootfs /").folder("etc").file("etc/issue", b"Debian\n")
    own = LayerSketch("").file("etc/new", b"made by hand\n").file("data", -1, uid=-1, gid=-1)
    async with files_explorer(SketchedSource(image, own, kind="container", title="web-1")) as user:
        await user.see("files of container web-1", "Writable layer, on top of 1 layer", "Files of the container")
        await user.see("writable layer", "?:?")
        row = next(line for line in user.screen.splitlines() if " data " in line)
        assert row.rstrip().endswith("…")
        await user.put_cursor_on("etc/issue")
        await user.press("v")
        # As the container sees it: from the topmost layer.
        await user.until(lambda: user.source.asked == [(1, "etc/issue")])


async def test_fifty_thousand_files_never_become_fifty_thousand_rows() -> None:
    base = LayerSketch("ADD rootfs /")
    for folder in range(500):
        base.folder(f"usr/d{folder:03}")
        for number in range(100):
            base.file(f"usr/d{folder:03}/file-{number}.py", number)
    top = LayerSketch("RUN touch").file("usr/d001/file-1.py", 1)
    async with files_explorer(SketchedSource(base, top)) as user:
        described: set[str] = set()
        outline = user.files.tree_pane.outline
        describe = outline.describe

        def watched(node: Node) -> RowText:
            described.add(node.key)
            return describe(node)

        outline.describe = watched
        assert user.files.views is not None
        assert user.files.views.at_once(0, alone=False) is None  # it is made in a thread
        await user.press("2", "plus")
        assert 1000 < len(user.rows) < 2000
        await user.see("rows are open; + opens more")
        await user.press("slash")
        await user.type("file-1")
        await user.press("enter")
        await user.see("5,500 matches")
        assert len(user.rows) < 1000
        await user.press("n", "n", "n")
        assert user.path.endswith(".py")
        assert len(described) < 500
        await user.press("left_square_bracket")
        await user.see("Files up to layer 1")


# -- from the main screen ---------------------------------------------------------------------


async def test_f_on_an_image_a_layer_and_a_container_of_the_demo() -> None:
    async with explorer(size=(120, 70)) as user:
        await user.go_to("images", "tag alpine:3.21")
        await user.press("f")
        await user.see("files of image alpine:3.21", "Efficiency")
        await user.press("escape")
        await user.see_no_more("files of image")
        await user.press("right", "down", "f")
        await user.see("files of ")
        await user.until(lambda: isinstance(user.app.screen, FilesScreen) and user.app.screen.view is not None)
        await user.press("q")
        await user.go_to("containers", "project /shop")
        await user.press("down", "f")
        await user.see("files of container shop-api-1", "Writable layer")
        await user.press("x")
        await user.see("Exact figures")
        await user.press("down")
        await user.see_no_more("Exact figures; x")
        await user.press("question_mark")
        await user.see("Show which layers added, modified or removed")


async def test_hostile_names_are_shown_literally() -> None:
    layer = LayerSketch("RUN \x1b[31mevil").file("a\x1b]0;x\x07b", b"\x1b[2J\xe2\x80\xaehidden\n").file("c\ud800d", b"")
    layer.other("fifo\nname", Kind.FIFO)
    async with files_explorer(SketchedSource(layer, title="evil\x1b[0m")) as user:
        assert "\x1b" not in user.screen
        assert "\x07" not in user.screen
        await user.put_cursor_on("a\x1b]0;x\x07b")
        await user.press("o")
        await user.see("touched it")
        await user.press("escape", "v")
        await user.see("<202E>hidden")
        assert "\x1b" not in user.screen
        assert user.app.screen.query_one(PageView).lines
        await user.press("escape")
        await user.put_cursor_on("c\ud800d")
        await user.press("y")
        await user.see("Copied /c")


async def test_reads_again_while_waste_is_being_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[StackedFiles] = []
    may_end = threading.Event()

    def slow(stack: StackedFiles) -> Waste:
        begun.append(stack)
        assert may_end.wait(30)
        return waste_of(stack)

    async with files_explorer(shop()) as user:
        monkeypatch.setattr(stack_screen, "waste_of", slow)
        try:
            for times in (1, 2):
                user.files.refresh_world()
                async with asyncio.timeout(30):
                    while len(begun) < times:
                        await asyncio.sleep(0.01)
        finally:
            may_end.set()
        await user.see("RUN in layer 4 deletes 125.0 MB that layer 2")
    assert begun[0] is not begun[1]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("shop/web:2.3.1", "tag shop/web:2.3.1"),
        ("hello-world", "tag hello-world:latest"),
    ],
)
async def test_escape_from_the_image_that_was_asked_for_leads_to_its_row(name: str, row: str) -> None:
    async with explorer(files_of=name) as user:
        await user.see(f"files of image {name}")
        await user.press("escape")
        await user.see("Overview")
        await user.until(lambda: user.highlighted == row)
