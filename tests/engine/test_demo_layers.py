"""What lies in the demo's layers: exact to the byte, made up only when somebody looks, and something to learn from."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.files import WHITEOUT, File, blob, folder, hard_link, link, text
from tui.engine.demo.hostile import hostile_world
from tui.engine.demo.large import MANY_FILES, large_world
from tui.engine.demo.objects import DemoImage, DemoLayer
from tui.engine.demo.stock import stock_world
from tui.engine.demo.world import World
from tui.engine.errors import ConnectionLostError, EngineFaultError, NotFoundError
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Entry, Kind, LayerFiles
from tui.model.storage import Phase, Reading
from tui.model.waste import Waste, waste_of

NOW = 1_737_500_000.0
WORLD = stock_world(NOW)
"""Only looked at."""


def ignore(_reading: Reading) -> None:
    """For a test that does not care how far a reading has come."""


async def stacked(engine: DemoEngine, reference: str) -> StackedFiles:
    image = await engine.image_detail(engine.world.image(reference).id)
    found = await engine.layer_files(image, image.diff_ids, ignore)
    return StackedFiles.of([found[diff_id] for diff_id in image.diff_ids])


async def waste(reference: str) -> Waste:
    return waste_of(await stacked(DemoEngine(world=WORLD), reference))


async def layer(*layers: dict[str, File], number: int = -1) -> LayerFiles:
    """One layer of an image of these layers, as the engine tells it."""
    world = World(NOW)
    engine = DemoEngine(world=world)
    image = await engine.image_detail(world.create_image("made:1", layers=layers).id)
    return (await engine.layer_files(image, [image.diff_ids[number]], ignore))[image.diff_ids[number]]


def each_layer(world: World) -> Iterator[tuple[DemoImage, DemoLayer]]:
    seen: set[str] = set()
    for image in world.images.values():
        for one in image.layers:
            if one.diff_id not in seen:
                seen.add(one.diff_id)
                yield image, one


def by_path(files: LayerFiles) -> dict[str, Entry]:
    return {entry.path: entry for entry in files}


async def test_what_is_stored_is_what_the_history_says() -> None:
    """An engine counts a link with the length of its target, a reader of the layer with nothing."""
    engine = DemoEngine(world=WORLD)
    for image in await engine.images():
        detail = await engine.image_detail(image.id)
        found = await engine.layer_files(detail, detail.diff_ids, ignore)
        for told in detail.layers:
            files = found[told.diff_id]
            targets = sum(len(entry.link) for entry in files if entry.kind is Kind.SYMLINK)
            assert files.stored_bytes + targets == told.size_bytes


def test_made_up_layers_are_whole() -> None:
    for image, one in each_layer(WORLD):
        for path, entry in one.files.items():
            assert entry.size_bytes >= 0, path
            assert entry.content is None or len(entry.content) == entry.size_bytes
            if entry.kind == "hardlink":
                assert one.files[entry.target].kind == "file", path
        # What stands below a link or a file in the same layer could not have been unpacked.
        for path, entry in one.files.items():
            if entry.kind in {"file", "link"}:
                assert not any(other.startswith(f"{path}/") for other in one.files), (image.tags, path)


async def test_both_ways_of_stacking_agree() -> None:
    engine = DemoEngine(world=WORLD)
    for image in WORLD.images.values():
        merged = {entry.path for _, entry in (await stacked(engine, image.id)).merged()}
        assert merged == {path[1:] for path in image.tree if path != "/"}, image.tags


async def test_folders_above_are_listed_as_they_are_below() -> None:
    files = await layer(
        {"/tmp": folder(mode=0o1777), "/home/ada": folder(mode=0o700, owner="1234")},
        {"/tmp/a/b": text("b"), "/home/ada/notes": text("n"), "/tmp/gone": WHITEOUT},
    )
    assert files.paths == ("home", "home/ada", "home/ada/notes", "tmp", "tmp/a", "tmp/a/b")
    entries = by_path(files)
    assert (entries["tmp"].mode, entries["tmp/a"].mode) == (0o1777, 0o755)
    assert (entries["home/ada"].mode, entries["home/ada"].uid, entries["home/ada"].gid) == (0o700, 1234, 1234)
    assert files.whiteouts == ("tmp/gone",)


async def test_links_owners_and_times() -> None:
    files = await layer(
        {
            "/bin/one": blob(100, mode=0o4755),
            "/bin/two": hard_link("/bin/one"),
            "/bin/three": link("../etc/target"),
            "/etc/shadow": blob(5, mode=0o640)._replace(group="shadow", modified=77.9),
            "/etc/app": folder(owner="postgres")._replace(opaque=True),
        }
    )
    entries = by_path(files)
    assert (entries["bin/two"].kind, entries["bin/two"].link, entries["bin/two"].size_bytes) == (
        Kind.HARD_LINK,
        "bin/one",
        0,
    )
    assert (entries["bin/three"].kind, entries["bin/three"].link) == (Kind.SYMLINK, "../etc/target")
    assert (entries["etc/shadow"].uid, entries["etc/shadow"].gid, entries["etc/shadow"].modified) == (0, 42, 77)
    assert (entries["etc/app"].uid, files.opaques) == (999, ("etc/app",))
    assert entries["bin/one"].mode == 0o4755
    assert abs(entries["bin/one"].modified - NOW) < 60
    assert files.stored_bytes == 105


async def test_waste_to_learn_from() -> None:
    found = await waste("team/search:0.9")
    assert found.efficiency < 0.25
    tools, copies, sources = found.losses[:3]
    assert (tools.added_by, tools.hidden_by, tools.deleted) == (1, 3, True)
    assert 373_000_000 < tools.wasted_bytes < 374_500_000
    assert (copies.added_by, copies.hidden_by, copies.deleted, copies.folder) == (3, 5, False, "opt/search")
    assert (sources.added_by, sources.hidden_by, sources.folder) == (2, 3, "src")
    overwritten = {offender.path for offender in found.offenders if not offender.deleted}
    assert {"etc/search/search.yaml", "var/lib/dpkg/status", "opt/search/bin/searchd"} <= overwritten
    stack = await stacked(DemoEngine(world=WORLD), "team/search:0.9")
    assert stack.layers[4].opaques == ("etc/search/conf.d",)
    assert {"src", "usr/include", "usr/lib/gcc"} <= set(stack.layers[3].whiteouts)


@pytest.mark.parametrize("reference", ["redis:7-alpine", "golang:1.23-bookworm", "shop/web:2.3.1"])
async def test_images_that_clean_up_in_time_waste_next_to_nothing(reference: str) -> None:
    assert (await waste(reference)).efficiency > 0.99


async def test_debian_has_what_one_looks_for() -> None:
    [base] = (await stacked(DemoEngine(world=WORLD), "debian:bookworm-slim")).layers
    entries = by_path(base)
    setuid = {path for path, entry in entries.items() if entry.mode & 0o4000}
    assert {"usr/bin/su", "usr/bin/passwd", "usr/bin/mount"} <= setuid
    assert entries["tmp"].mode == entries["var/tmp"].mode == 0o1777
    assert entries["bin"].link == "usr/bin"
    assert {entries["usr/bin/perl"].kind, entries["usr/bin/perl5.36.0"].kind} == {Kind.FILE, Kind.HARD_LINK}
    assert len(base) > 500


async def test_files_that_are_there_twice_are_the_same() -> None:
    engine = DemoEngine(world=WORLD)
    image = await engine.image_detail(WORLD.image("shop/web:2.3.1").id)
    bodies = []
    for path in ("lodash/lodash.js", "styled-jsx/node_modules/lodash/lodash.js", "graceful-fs/polyfills.js"):
        pieces: list[bytes] = []
        await engine.layer_file(
            image, image.diff_ids[-2], f"app/node_modules/{path}", pieces.append, limit=None, on_reading=ignore
        )
        bodies.append(b"".join(pieces))
    assert bodies[0] == bodies[1] != bodies[2]
    assert len(bodies[0]) == 544_098


@pytest.mark.parametrize("limit", [None, 0, 10, 3_000_000])
async def test_made_up_bytes_are_as_many_as_they_should_be(limit: int | None) -> None:
    engine = DemoEngine(world=WORLD)
    image = await engine.image_detail(WORLD.image("debian:bookworm-slim").id)
    [diff_id] = image.diff_ids
    pieces: list[bytes] = []
    told: list[Reading] = []
    path = "usr/lib/x86_64-linux-gnu/libc.so.6"
    await engine.layer_file(image, diff_id, path, pieces.append, limit=limit, on_reading=told.append)
    body = b"".join(pieces)
    assert len(body) == (1_922_136 if limit is None else min(limit, 1_922_136))
    assert told[-1] == Reading(Phase.READING, len(body), len(body), 1)
    assert body[:4] == b"\x7fELF"[: len(body)]


async def test_texts_can_be_read_and_other_names_too() -> None:
    engine = DemoEngine(world=WORLD)
    image = await engine.image_detail(WORLD.image("debian:bookworm-slim").id)
    [diff_id] = image.diff_ids

    async def read(path: str) -> bytes:
        pieces: list[bytes] = []
        await engine.layer_file(image, diff_id, path, pieces.append, limit=4096, on_reading=ignore)
        return b"".join(pieces)

    assert b"bookworm" in await read("etc/os-release")
    assert await read("usr/bin/uncompress") == await read("usr/bin/gunzip")
    for path in ("bin", "etc", "etc/no-such-file", ""):
        with pytest.raises(NotFoundError):
            await read(path)


async def test_hostile_layers_can_be_read_and_stacked() -> None:
    engine = DemoEngine(world=hostile_world(NOW))
    for image in await engine.images():
        stack = await stacked(engine, image.id)
        list(stack.merged())
        assert not any(".." in path.split("/") or path.startswith("/") for path in stack.paths)
    paths = (await stacked(engine, "files:odd")).paths
    assert "odd/\udcff\udcfe.bin" in paths
    assert "climbed" in paths
    assert any(len(path) > 600 for path in paths)


async def test_fifty_thousand_files() -> None:
    engine = DemoEngine(world=large_world(2, 0, 0, NOW))
    image = (await engine.images())[0]
    stack = await stacked(engine, image.id)
    assert len(stack.layers[-1]) > MANY_FILES
    assert stack.layers[-1].stored_bytes == (await engine.image_detail(image.id)).layers[-1].size_bytes


async def test_reading_can_fail_hang_and_be_cancelled() -> None:
    engine = DemoEngine(world=WORLD)
    image = await engine.image_detail(WORLD.image("shop/api:2.3.1").id)
    engine.fail_next("layer_files", EngineFaultError("The disk is full.", "Make room."))
    with pytest.raises(EngineFaultError):
        await engine.layer_files(image, image.diff_ids, ignore)
    engine.hang("layer_files")
    told: list[Reading] = []
    task = asyncio.create_task(engine.layer_files(image, image.diff_ids, told.append))
    await asyncio.sleep(0.01)
    assert [reading.phase for reading in told] == [Phase.WAITING]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    engine.release("layer_files")
    assert len(await engine.layer_files(image, image.diff_ids, ignore)) == len(set(image.diff_ids))


async def test_an_engine_that_goes_away_in_the_middle() -> None:
    engine = DemoEngine(world=WORLD)
    image = await engine.image_detail(WORLD.image("shop/api:2.3.1").id)

    def leave(reading: Reading) -> None:
        if reading.entries:
            engine.go_away()

    with pytest.raises(ConnectionLostError):
        await engine.layer_files(image, image.diff_ids, leave)


async def test_a_slow_engine_tells_how_far_it_is() -> None:
    engine = DemoEngine(world=WORLD, delay=0.004)
    image = await engine.image_detail(WORLD.image("debian:bookworm-slim").id)
    told: list[Reading] = []
    await engine.layer_files(image, image.diff_ids, told.append)
    done = [reading.done_bytes for reading in told]
    assert done == sorted(done)
    assert len(set(done)) > 3
    assert told[-1].done_bytes == told[-1].total_bytes == image.size_bytes


def test_no_file_is_made_up_before_somebody_looks() -> None:
    code = (
        "import sys; from tui.engine.demo.stock import stock_world; from tui.engine.demo import records\n"
        "world = stock_world(1.0); records.list_images(world); records.disk_usage(world)\n"
        "for image in world.images.values(): records.image_detail(image)\n"
        "print([name for name in sys.modules if name.startswith('tui.engine.demo.trees.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
