"""The Find screen: paths, big files, duplicates, setuid files; from there to the tree, to a file, to other images."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from tests.journeys.explorer import Explorer, explorer
from tests.journeys.files_explorer import FilesExplorer, LayerSketch, SketchedSource, files_explorer, shop
from tui.contents.errors import ContentsError
from tui.engine.demo.hostile import hostile_world
from tui.engine.errors import EngineFaultError
from tui.model.image import ImageDetail
from tui.model.layer_files import Kind
from tui.screens.files_screen import FilesScreen
from tui.screens.find_screen import FindScreen


def finding(user: FilesExplorer | Explorer) -> FindScreen:
    screen = user.app.screen
    assert isinstance(screen, FindScreen)
    return screen


def found(user: FilesExplorer | Explorer) -> list[str]:
    """The rows of the list that is shown, as path and layer; groups as the number of their files."""
    rows = []
    for row in finding(user).current.outline.rows:
        data = row.node.data
        rows.append(f"{data.path} {data.layer}" if hasattr(data, "path") else f"{len(data.files)} files")  # type: ignore[attr-defined]
    return rows


def twins() -> SketchedSource:
    """Files of the same size, some of which are the same."""
    image = LayerSketch("COPY a /srv").folder("srv")
    for number in range(3):
        image.file(f"srv/same-{number}.bin", b"x" * 50_000)
    image.file("srv/other-1.dat", b"a" * 20_000).file("srv/other-2.dat", b"b" * 20_000)
    copies = LayerSketch("RUN cp").file("opt/copy.bin", b"x" * 50_000).file("opt/differs.bin", b"y" * 50_000)
    copies.file("opt/tiny-1", b"1").file("opt/tiny-2", b"2").hide("srv/same-2.bin")
    return SketchedSource(image, copies, title="twins:1")


# -- paths ----------------------------------------------------------------------------------------


async def test_a_path_is_found_in_every_layer_deletions_among_them() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F")
        await user.see("find in image shop/api:2.3.1", "asks for a part of a path")
        await user.type("apt")
        assert found(user) == [
            "etc/apt 0", "etc/apt/sources.list 0", "var/cache/apt 1", "var/cache/apt/pkgcache.bin 1",
            "var/cache/apt/srcpkgcache.bin 1", "var/cache/apt 3",
        ]  # fmt: skip
        await user.see("6 places in the layers of this one")
        rows = [line for line in user.screen.splitlines() if "/var/cache/apt" in line]
        assert "wasted" in rows[1]
        assert rows[-1].startswith("−")
        await user.press("enter", "end")
        await user.see("deleted here", "4 of 4: RUN rm -rf")


async def test_keys_typed_on_go_to_what_was_found() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F")
        for key in (*"cc1", "enter", "enter"):
            await user.app.on_event(events.Key(key, key if len(key) == 1 else None))
        await user.pilot.pause()
        assert user.app.screen is user.files
        assert user.path == "usr/lib/gcc/cc1"
        assert user.files.view is not None
        assert user.files.view.layer == 1
        await user.press("backspace")
        await user.see("Files of the whole image")


async def test_enter_shows_a_deletion_where_it_was_done_and_f_comes_back_to_the_list() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F")
        await user.type("/var/cache/apt")
        await user.press("enter", "end", "enter")
        assert user.app.screen is user.files
        assert user.path == "var/cache/apt"
        await user.see("Files of the whole image", "− ")
        await user.press("F")
        spot = finding(user).current.spot
        assert spot is not None
        assert (spot.path, spot.entry, spot.layer) == ("var/cache/apt", None, 3)
        await user.press("slash")
        assert finding(user).line.value == "/var/cache/apt"


async def test_what_was_never_there_can_not_be_shown() -> None:
    async with files_explorer(
        SketchedSource(LayerSketch("ADD a /").file("a"), LayerSketch("RUN rm").hide("gone"))
    ) as user:
        await user.press("F")
        await user.type("gone")
        await user.press("enter", "enter")
        await user.see("Layer 2 deletes /gone, which no layer below has.")
        await user.press("v")
        await user.see("there is nothing to look at")


async def test_escape_drops_what_was_typed_and_then_goes_back() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F")
        await user.type("passwd")
        await user.press("escape")
        assert found(user) == []
        await user.press("escape")
        assert user.app.screen is user.files


async def test_globs_and_nothing_found() -> None:
    async with files_explorer(shop(), size=(80, 24)) as user:
        await user.press("F")
        await user.type("*.py")
        assert found(user) == ["srv/app/main.py 2"]
        await user.type("x")
        await user.see("nothing found", "0 places")
        await user.press("enter", "enter", "v", "y", "c")
        assert " view" not in user.footer
        assert finding(user).focused is finding(user).current.outline


async def test_there_are_no_other_images_beside_an_archive() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F")
        await user.type("passwd")
        await user.press("enter", "a")
        await user.see("in the layers of this one")
        assert "all images" not in user.footer


# -- the other lists ------------------------------------------------------------------------------


async def test_the_biggest_files_and_which_of_them_are_wasted() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F", "tab")
        await user.see("[2 Biggest]", "every file that a layer stores")
        assert found(user)[:3] == [
            "var/cache/apt/pkgcache.bin 1",
            "var/cache/apt/srcpkgcache.bin 1",
            "usr/lib/gcc/cc1 1",
        ]
        rows = user.screen.splitlines()
        assert "wasted" in next(row for row in rows if "/pkgcache.bin" in row)
        assert "wasted" not in next(row for row in rows if "/cc1" in row)
        await user.see("not seen: layer 4 deletes it")
        await user.press("x")
        await user.see("74,000,000")
        await user.press("enter")
        assert user.path == "var/cache/apt/pkgcache.bin"
        await user.see("Files up to layer 2")


async def test_the_footer_names_tab_while_one_types() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F")
        await user.see("Enter keep", "Esc clear", "Tab other lists")
        await user.press("2", "tab")
        await user.see("[2 Biggest]")
        await user.see_no_more("Tab other lists")


async def test_a_hard_link_that_keeps_a_deleted_name_s_body_has_its_bytes() -> None:
    base = LayerSketch("ADD rootfs").file("perl", 3_800_000).other("perl5", Kind.HARD_LINK, "perl").file("sh", 5_000)
    async with files_explorer(SketchedSource(base, LayerSketch("RUN rm /perl").hide("perl"))) as user:
        await user.press("F", "tab")
        await user.see("every file that a layer stores")
        (row,) = (row for row in user.screen.splitlines() if "/perl5 = /perl" in row)
        assert "3.8 MB" in row
        await user.see("3,800,000 B")


async def test_setuid_files_with_mode_and_owner() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F", "escape", "4")
        await user.see("/usr/bin/passwd", "-rwsr-xr-x", "0:0", "68.2 kB", "run with their owner's or group's rights")
        assert found(user) == ["usr/bin/passwd 0"]


async def test_duplicates_are_compared_by_size_until_they_are_read() -> None:
    async with files_explorer(twins()) as user:
        await user.press("F", "escape", "3")
        assert found(user) == ["4 files", "2 files"]
        await user.see("6 files from 10.0 kB: compared by size only", "only their sizes: they may differ")
        await user.press("c")
        await user.see("3 files of 50.0 kB each", "the same, by SHA-256", "100.0 kB the same")
        await user.see("Some of them differ")
        assert sorted(user.source.asked) == [
            (0, "srv/same-0.bin"),
            (0, "srv/same-1.bin"),
            (1, "opt/copy.bin"),
            (1, "opt/differs.bin"),
        ]
        await user.press("down", "c")
        await user.see("Both differ")
        await user.see("compared by size and SHA-256")
        assert found(user) == ["3 files"]
        await user.press("c")
        await user.see("Their contents have been compared")
        await user.press("enter", "down", "enter")
        assert user.path == "opt/copy.bin"
        await user.press("F")
        assert found(user) == ["3 files", "opt/copy.bin 1", "srv/same-0.bin 0", "srv/same-1.bin 0"]
        assert len(user.source.asked) == 6


async def test_all_groups_at_once_and_the_smallest_size() -> None:
    async with files_explorer(twins()) as user:
        await user.press("F", "escape", "3", "s", "s", "s")
        await user.see("8 files: compared by size only")
        assert found(user) == ["4 files", "2 files", "2 files"]
        await user.press("C")
        await user.see("compared by size and SHA-256")
        assert found(user) == ["3 files"]


async def test_escape_stops_reading_and_half_a_group_is_not_compared() -> None:
    source = twins()
    async with files_explorer(source) as user:
        await user.press("F", "escape", "3")
        read_file, begun = source.read_file, asyncio.Event()

        async def stuck_at_the_second(layer: int, path: str, *args: object, **kwargs: object) -> None:
            if len(source.asked) == 2:
                source.gate.clear()
                begun.set()
            await read_file(layer, path, *args, **kwargs)  # type: ignore[arg-type]

        source.read_file = stuck_at_the_second  # type: ignore[method-assign]
        await user.press("c")
        await begun.wait()
        await user.see("reading file 3 of 4", "Esc stops it")
        await user.press("C")
        await user.see("All groups come after the one that is being read")
        await user.press("escape")
        await user.see("Stopped reading")
        await user.until(lambda: source.cancelled)
        assert found(user) == ["4 files", "2 files"]
        await user.see("compared by size only")
        source.gate.set()
        source.read_file = read_file  # type: ignore[method-assign]
        await user.press("c")
        await user.see("3 files of 50.0 kB each")
        assert len(source.asked) == 5  # what was read before is not read again


async def test_a_file_that_can_not_be_read_is_said() -> None:
    async with files_explorer(twins()) as user:
        await user.press("F", "escape", "3")
        user.source.problem = ContentsError("The archive ends too early.", "Copy it again.")
        await user.press("C")
        await user.see("The archive ends too early. Copy it again.")
        assert found(user) == ["4 files", "2 files"]


async def test_a_files_beginning_and_what_has_none() -> None:
    async with files_explorer(shop()) as user:
        await user.press("F")
        await user.type("srv/app")
        await user.press("enter", "down", "v")
        await user.see("first 256.0 kB of 600.0 kB")
        assert user.source.asked == [(2, "srv/app/big.log")]
        await user.press("escape", "y")
        await user.see("Copied /srv/app/big.log")
        await user.press("down", "v")
        await user.see("This is a symbolic link")


async def test_what_a_container_sees_is_read_through_it() -> None:
    image = LayerSketch("ADD a /").file("srv/one", b"x" * 20_000).file("srv/old", b"z" * 20_000)
    own = LayerSketch("").file("srv/one", b"x" * 20_000).file("srv/two", b"x" * 20_000).file("srv/old", b"new")
    async with files_explorer(SketchedSource(image, own, kind="container")) as user:
        user.source.sketches[1].bodies.update({"srv/one": b"x" * 20_000, "srv/two": b"x" * 20_000})
        await user.press("F", "escape", "3", "c")
        await user.see("the same, by SHA-256")
        assert {layer for layer, _ in user.source.asked} == {1}
        await user.press("2")
        await user.see("/srv/old", "wasted")
        finding(user).current.outline.move_to(found(user).index("srv/old 0"))
        await user.press("v")
        await user.see("zzzz")
        assert user.source.asked[-1] == (0, "srv/old")


async def test_many_files_are_looked_through_in_a_thread() -> None:
    base = LayerSketch("ADD rootfs /")
    for number in range(6_000):
        base.file(f"usr/d{number % 50}/file-{number}.py", 20_000 + number // 2)
    async with files_explorer(SketchedSource(base)) as user:
        await user.press("F")
        await user.type("file-1")
        await user.see("1,111 places")
        await user.press("enter", "tab")
        await user.see("the 1,000 biggest files")
        await user.press("tab")
        await user.see("6,000 files from 10.0 kB: compared by size only")
        assert len(found(user)) == 3_000
        await user.press("4")
        await user.see("no file runs with")
        await user.press("slash")
        await user.type("7")
        await user.press("enter")
        names = [f"usr/d{number % 50}/file-{number}.py 0" for number in range(6_000)]
        assert found(user) == sorted(name for name in names if "file-17" in name)


async def test_what_is_to_be_compared_next_is_not_forgotten() -> None:
    base = LayerSketch("ADD rootfs")
    for size in (30_000, 20_000):
        base.file(f"a{size}", bytes(size)).file(f"b{size}", bytes(size))
    source = SketchedSource(base)
    async with files_explorer(source) as user:
        await user.press("F", "escape", "3")
        await user.see("4 files from 10.0 kB: compared by size only")
        source.gate.clear()
        await user.press("c")
        await user.see("reading file 1 of 2")
        await user.press("C")
        await user.see("All groups come after the one that is being read")
        source.gate.set()
        await user.see("compared by size and SHA-256", "50.0 kB the same")


# -- other images ---------------------------------------------------------------------------------


async def open_files(user: Explorer, tag: str) -> None:
    await user.go_to("images", f"tag {tag}")
    await user.press("f")
    await user.see(f"files of image {tag}", "stored")


async def test_a_path_is_found_in_all_images_that_have_been_read() -> None:
    async with explorer() as user:
        await open_files(user, "alpine:3.21")
        await user.press("escape")
        await open_files(user, "python:3.12-slim")
        await user.press("F")
        await user.type("etc/os-release")
        await user.press("enter")
        here = len(found(user))
        await user.press("a")
        await user.see("a only here", "layers read so far", "images not read whole", "alpine:3.21")
        assert len(found(user)) > here
        screen = finding(user)
        at = next(number for number, row in enumerate(screen.current.outline.rows) if row.node.data.layer is None)  # type: ignore[attr-defined]
        screen.current.outline.move_to(at)
        await user.see("Diff ID")
        await user.press("v")
        await user.see("Alpine Linux")
        await user.press("escape", "enter")
        await user.see("files of image alpine:3.21")
        await user.until(lambda: isinstance(user.app.screen, FilesScreen) and user.app.screen.view is not None)
        files = user.app.screen
        assert isinstance(files, FilesScreen)
        assert files.tree_pane.path == "etc/os-release"
        assert files.in_files
        await user.see("⌫ back")
        await user.press("backspace")
        assert finding(user) is screen
        await user.press("a")
        await user.see("in the layers of this one")
        assert len(found(user)) == here


async def test_an_ill_engine_is_said_and_the_layers_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    async with explorer() as user:
        await open_files(user, "alpine:3.21")
        user.app.keeper.details.images.clear()

        async def refuse(_image_id: str) -> ImageDetail:
            raise EngineFaultError("The engine is ill.")

        monkeypatch.setattr(user.engine, "image_detail", refuse)
        await user.press("F")
        await user.type("os-release")
        await user.press("enter", "a")
        await user.see("1 place in 1 layer read so far; The engine is ill.", "/etc/os-release")


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5)])
async def test_no_size_and_no_name_breaks_it(size: tuple[int, int]) -> None:
    layer = LayerSketch("RUN \x1b[31mevil").file("a\x1b]0;x\x07b", b"\x1b[2Jx" * 3_000, 0o4755)
    layer.file("c\ud800d", b"\x1b[2Jy" * 3_000).other("fifo\nname", Kind.FIFO)
    async with files_explorer(SketchedSource(layer, title="evil\x1b[0m"), size=size) as user:
        await user.press(
            "F", "enter", "tab", "v", "escape", "tab", "c", "enter", "down", "x", "tab", "tab", "slash", "d"
        )
        await user.press("enter", "question_mark", "escape", "q")
        assert not any(ord(char) < 32 for line in user.screen.splitlines() for char in line)
        assert user.app.screen is user.files


async def test_hostile_images_everywhere() -> None:
    async with explorer(hostile_world()) as user:
        await user.press("f")
        await user.until(lambda: isinstance(user.app.screen, FilesScreen) and user.app.screen.view is not None)
        await user.press("F", "a", "enter", "a")
        await user.see("read so far")
        assert not any(ord(char) < 32 for line in user.screen.splitlines() for char in line)


async def test_help_lists_its_own_keys() -> None:
    async with files_explorer(shop(), size=(120, 60)) as user:
        await user.press("F", "escape", "question_mark")
        await user.see("In the lists", "tell them apart by SHA-256", "Leave out files below")
        await user.press("escape", "q")
        assert user.app.screen is user.files
