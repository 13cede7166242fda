"""The files of an image and of a container: what is read for them, when, and what is said when it can't be."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.keeper.test_layer_shelf import CountingEngine, asked, ignore
from tests.model.stacks import layer
from tui.contents.layer_cache import LayerCache
from tui.engine.errors import EngineFaultError, NotFoundError
from tui.keeper import sources
from tui.keeper.details import Details
from tui.keeper.layer_shelf import LayerShelf
from tui.keeper.sources import UNKNOWN_OWNER, ContainerSource, ImageSource
from tui.model.container import ContainerDetail
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Kind, LayerFiles
from tui.model.storage import Change, ChangeKind, PathStat

# One byte apart, and neither UTF-8.
TWO_FC, TWO_FD, TWO_FE = (bytes([*b"two", byte]).decode("utf-8", "surrogateescape") for byte in (0xFC, 0xFD, 0xFE))
STAT = PathStat(Kind.FILE, 77, 0o600, 5.0)


class FarEngine(CountingEngine):
    """An engine whose folders can't be read from here: a container's changes are told path by path."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: tuple[Change, ...] = ()
        self.stats: dict[str, PathStat | None] = {}
        self.looked_at: list[str] = []
        self.handed: list[tuple[str, str]] = []
        self.at_once = self.most_at_once = 0

    async def writable_layer(self, container: ContainerDetail) -> LayerFiles | None:
        return None

    async def container_changes(self, container_id: str) -> tuple[Change, ...]:
        return self.changes

    async def container_path(self, container_id: str, path: str) -> PathStat | None:
        self.looked_at.append(path)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        return self.stats.get(path)


class Hold:
    """An engine, and the sources over it."""

    def __init__(self, engine: CountingEngine, folder: Path) -> None:
        self.engine = engine
        self.details = Details(engine)
        self.shelf = LayerShelf(engine, LayerCache(folder))

    async def image(self, tag: str) -> ImageSource:
        """The files of an image."""
        return ImageSource(tag, (await self.engine.detail(tag)).id, self.engine, self.details, self.shelf)

    async def container(self) -> ContainerSource:
        """The files of the first container."""
        found = (await self.engine.containers())[0]
        return ContainerSource(found.name, found.id, self.engine, self.details, self.shelf)


@pytest.fixture
def near(tmp_path: Path) -> Hold:
    return Hold(CountingEngine(), tmp_path)


@pytest.fixture
def engine() -> FarEngine:
    return FarEngine()


@pytest.fixture
def far(engine: FarEngine, tmp_path: Path) -> Hold:
    return Hold(engine, tmp_path)


# -- images -----------------------------------------------------------------------------------


async def test_making_a_source_asks_nothing(near: Hold) -> None:
    await near.image("alpine:3.21")
    await near.container()
    assert near.engine.asked == []
    assert near.details.images == {}


async def test_an_image_is_opened_once_for_the_engine(near: Hold) -> None:
    source = await near.image("nginx:1.27-alpine")
    first, second = await source.open(ignore), await source.open(ignore)
    assert first.stacked is second.stacked
    assert len(first.layers) == len(first.files)
    assert not first.writable
    assert len(near.engine.asked) == 1


async def test_leaving_stops_the_reading(near: Hold) -> None:
    near.engine.gate.clear()
    opening = asyncio.create_task((await near.image("alpine:3.21")).open(ignore))
    await asked(near.engine)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert near.engine.stopped == 1


async def test_an_image_that_fails_is_read_at_the_next_try(near: Hold) -> None:
    source = await near.image("alpine:3.21")
    near.engine.fail_next("layer_files", EngineFaultError("The engine is ill."))
    with pytest.raises(EngineFaultError, match="ill"):
        await source.open(ignore)
    assert len((await source.open(ignore)).layers) == 1


async def test_a_file_is_read_from_its_layer_no_further_than_asked(near: Hold) -> None:
    source = await near.image("alpine:3.21")
    taken: list[bytes] = []
    await source.read_file(0, "etc/os-release", taken.append, limit=4, on_reading=ignore)
    assert b"".join(taken) == b"NAME"
    assert near.engine.asked == [], "one file is no reason to read all layers"
    with pytest.raises(NotFoundError):
        await source.read_file(0, "no/such/file", taken.append, limit=4, on_reading=ignore)


# -- containers -------------------------------------------------------------------------------


async def test_a_container_has_its_image_s_layers_and_its_own_on_top(near: Hold) -> None:
    stack = await (await near.container()).open(ignore)
    assert stack.writable
    assert len(stack.layers) == len(stack.files)
    assert stack.layers[-1].diff_id == ""
    assert stack.layers[-1].size_bytes == stack.files[-1].stored_bytes


async def test_a_container_s_mounts_come_with_its_files(near: Hold) -> None:
    for found in await near.engine.containers():
        source = ContainerSource(found.name, found.id, near.engine, near.details, near.shelf)
        stack = await source.open(ignore)
        assert [mount.destination for mount in stack.mounts] == sorted(mount.destination for mount in found.mounts)
    assert (await (await near.image("alpine:3.21")).open(ignore)).mounts == ()


async def test_what_a_container_wrote_since_is_there_at_the_next_opening(engine: FarEngine, far: Hold) -> None:
    source = await far.container()
    assert len((await source.open(ignore)).files[-1]) == 0
    engine.changes = (Change("planks", ChangeKind.ADDED),)
    engine.stats = {"planks": STAT}
    stack = await source.open(ignore)
    assert [(entry.path, entry.size_bytes, entry.mode) for entry in stack.files[-1]] == [("planks", 77, 0o600)]
    assert [entry.uid for entry in stack.files[-1]] == [UNKNOWN_OWNER]
    assert len(engine.asked) == 1, "its image's layers never change"


async def test_deleted_replaced_and_vanished_paths(engine: FarEngine, far: Hold) -> None:
    source = await far.container()
    below = await source.open(ignore)
    path = next(entry.path for files in below.files for entry in files if entry.kind is Kind.FILE)
    engine.changes = (
        Change(path, ChangeKind.MODIFIED),
        Change("gone", ChangeKind.DELETED),
        Change("made/anew", ChangeKind.DELETED),
        Change("vanished", ChangeKind.ADDED),
    )
    engine.stats = {path: STAT, "made/anew": STAT}
    upper = (await source.open(ignore)).files[-1]
    entries = {entry.path: entry for entry in upper}
    assert entries[path].uid != UNKNOWN_OWNER, "the owner of what it was copied up from"
    assert entries["made/anew"].size_bytes == 77
    assert (entries["vanished"].kind, entries["vanished"].size_bytes) == (Kind.UNKNOWN, None)
    assert "gone" not in entries


async def test_a_name_that_an_answer_can_not_spell_is_the_image_s(
    engine: FarEngine, far: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await far.container()
    container = await engine.container_detail(source.container_id)
    image = await far.details.image(container.image_id)
    files = [layer() for _ in image.diff_ids]
    files[-1] = layer("app/", "app/bad\udcffname 7", f"{TWO_FE} 1", f"{TWO_FD} 1", f"{TWO_FC} 1", "worn\udcff 3")

    async def stack(*_arguments: object) -> StackedFiles:
        return StackedFiles.of(files)

    monkeypatch.setattr(far.shelf, "stack", stack)
    engine.changes = (
        Change("app", ChangeKind.MODIFIED),
        Change("app/bad\ufffdname", ChangeKind.DELETED),
        Change("two\ufffd", ChangeKind.DELETED),
        Change("two\ufffd", ChangeKind.MODIFIED),
        Change("worn\ufffd", ChangeKind.MODIFIED),
        Change("new\ufffd", ChangeKind.ADDED),
    )
    engine.stats = {
        "app": PathStat(Kind.FOLDER, 0, 0o755, 0.0),
        TWO_FD: PathStat(Kind.FILE, 1, 0o644, 0.5),
        TWO_FC: PathStat(Kind.FILE, 2, 0o644, 0.5),
        "worn\udcff": STAT,
    }
    upper = (await source.open(ignore)).files[-1]
    assert upper.whiteouts == ("app/bad\udcffname", TWO_FE), "deleted, by their own names"
    sizes = {entry.path: entry.size_bytes for entry in upper}
    assert sizes == {"app": 0, TWO_FC: 2, "worn\udcff": 77, "new\ufffd": None}


async def test_of_very_many_changes_only_the_first_are_looked_at_a_few_at_a_time(
    engine: FarEngine, far: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LOOKED_AT", 10)
    engine.changes = tuple(Change(f"p{number:02}", ChangeKind.ADDED) for number in range(30))
    engine.stats = {change.path: STAT for change in engine.changes}
    upper = (await (await far.container()).open(ignore)).files[-1]
    assert sorted(engine.looked_at) == [f"p{number:02}" for number in range(10)]
    assert engine.most_at_once == 4
    sizes = [entry.size_bytes for entry in sorted(upper, key=lambda entry: entry.path)]
    assert sizes == [77] * 10 + [None] * 20, "known, and not known: never 0"


async def test_an_image_that_was_removed_by_force_is_said_so(near: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    source = await near.container()

    async def gone(_image_id: str) -> None:
        raise NotFoundError("No such image.")

    monkeypatch.setattr(near.engine, "image_detail", gone)
    with pytest.raises(NotFoundError, match=f"The image under {source.title} was removed by force") as caught:
        await source.open(ignore)
    assert "Changes tab" in caught.value.next_step


async def test_a_container_s_file_comes_from_the_container_and_an_image_s_from_the_layer(
    engine: FarEngine, far: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await far.container()
    layers = len((await source.open(ignore)).layers)

    async def layer_file(_image: object, diff_id: str, path: str, *_rest: object, **_more: object) -> None:
        engine.handed.append((diff_id, path))

    async def container_file(container_id: str, path: str, *_rest: object, **_more: object) -> None:
        engine.handed.append((container_id, path))

    monkeypatch.setattr(engine, "layer_file", layer_file)
    monkeypatch.setattr(engine, "container_file", container_file)
    await source.read_file(layers - 1, "a", lambda _data: None, limit=1, on_reading=ignore)
    await source.read_file(0, "b", lambda _data: None, limit=1, on_reading=ignore)
    (image,) = far.details.images.values()
    assert engine.handed == [(source.container_id, "a"), (image.diff_ids[0], "b")]
