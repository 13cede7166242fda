"""The files of an archive: opened whole, looked at one by one, and let go of when nobody wants them any more."""

from __future__ import annotations

import asyncio
import gzip
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.contents.made_archives import for_machines, several
from tests.engine.layered_images import (
    STACKS,
    Item,
    docker_archive,
    file,
    folder,
    gone,
    hard_link,
    layer_tar,
    oci_archive,
    symlink,
)
from tui.contents.archive_choice import ImageChoiceError, chosen_image
from tui.contents.archive_image import ArchiveImage
from tui.contents.archive_source import ArchiveSource
from tui.contents.archived_file import read_archived_file
from tui.contents.errors import BrokenArchiveError, ContentsError, NoSuchFileError, StoppedError
from tui.contents.source import FileSource
from tui.model.layer_files import Kind
from tui.model.storage import Phase, Reading

LAYERS: tuple[tuple[Item, ...], ...] = (
    (
        folder("etc"), file("etc/motd", b"first\n"), file("etc/big", bytes(range(256)) * 4000), file("empty"),
        file("z", b"linked"), hard_link("b", "z"), hard_link("a", "b"), symlink("s", "etc/motd"),
        file("twice", b"not this one"), file("twice", b"this one"), file("caf\udce9", b"odd"),
        file("old", b"of old"), hard_link("kept", "old"), file("old", b"of late"),
    ),
    (file("etc/motd", b"second\n"), gone("etc/big")),
)  # fmt: skip
WRAPPED: dict[str, Callable[[str, Sequence[Sequence[Item]]], bytes]] = {
    "docker": docker_archive,
    "docker, compressed": lambda tag, layers: gzip.compress(docker_archive(tag, layers), 1),
    "oci": lambda tag, layers: oci_archive(tag, layers, bytes, ""),
    "oci, gzip": lambda tag, layers: oci_archive(tag, layers, gzip.compress, "+gzip"),
}


@pytest.fixture(params=WRAPPED)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The layers in every wrapping."""
    path = tmp_path / "image.tar"
    path.write_bytes(WRAPPED[request.param]("shop/web:1", LAYERS))
    return path


def nothing(_reading: Reading) -> None:
    pass


async def body(source: FileSource, layer: int, path: str, limit: int | None = None) -> bytes:
    pieces: list[bytes] = []
    await source.read_file(layer, path, pieces.append, limit=limit, on_reading=nothing)
    return b"".join(pieces)


async def test_an_archive_is_a_source_of_files(archive: Path) -> None:
    source: FileSource = ArchiveSource(archive)
    assert (source.kind, source.title) == ("archive", "image.tar")
    told: list[Reading] = []
    stack = await source.open(told.append)
    assert [layer.index for layer in stack.layers] == [0, 1]
    assert [layer.size_bytes for layer in stack.layers] == [files.stored_bytes for files in stack.files]
    assert stack.layers[1].created_by == "layer 1"
    assert stack.files[1].whiteouts == ("etc/big",)
    assert not stack.writable
    assert told
    assert told[-1].done_bytes <= (told[-1].total_bytes or 0)


async def test_every_file_is_handed_over_as_it_lies_in_its_layer(archive: Path) -> None:
    source = ArchiveSource(archive)
    await source.open(nothing)
    assert await body(source, 0, "etc/motd") == b"first\n"
    assert await body(source, 1, "etc/motd") == b"second\n"
    big = bytes(range(256)) * 4000
    assert await body(source, 0, "etc/big") == big
    assert await body(source, 0, "etc/big", limit=1000) == big[:1000]
    assert await body(source, 0, "etc/big", limit=0) == b""
    assert await body(source, 0, "empty") == b""
    assert await body(source, 0, "caf\udce9") == b"odd"


async def test_every_name_of_a_file_leads_to_it(archive: Path) -> None:
    source = ArchiveSource(archive)
    for name in ("a", "b", "z"):
        assert await body(source, 0, name) == b"linked"


async def test_what_a_tar_names_last_is_what_counts(archive: Path) -> None:
    source = ArchiveSource(archive)
    assert await body(source, 0, "twice") == b"this one"
    assert await body(source, 0, "old") == b"of late"
    assert await body(source, 0, "kept") == b"of old"


@pytest.mark.parametrize("path", ["etc", "s", "nothing", "etc/", "", "../etc/motd"])
async def test_what_is_no_file_is_a_sentence(archive: Path, path: str) -> None:
    with pytest.raises(NoSuchFileError):
        await body(ArchiveSource(archive), 0, path)


@pytest.mark.parametrize("name", ["hard link apart", "renamed", "hard links in every layer"])
async def test_every_file_that_a_layer_lists_can_be_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "stack.tar"
    path.write_bytes(docker_archive("stack:1", STACKS[name]))
    source = ArchiveSource(path)
    stack = await source.open(nothing)
    for number, files in enumerate(stack.files):
        for entry in files:
            if entry.kind in {Kind.FILE, Kind.HARD_LINK}:
                found = await body(source, number, entry.path)
                assert entry.kind is Kind.HARD_LINK or len(found) == entry.size_bytes


async def test_links_in_a_circle_end(tmp_path: Path) -> None:
    path = tmp_path / "circle.tar"
    path.write_bytes(docker_archive("circle:1", [[hard_link("a", "b"), hard_link("b", "a"), hard_link("c", "c")]]))
    for name in ("a", "b", "c"):
        with pytest.raises(NoSuchFileError):
            await body(ArchiveSource(path), 0, name)


async def test_cancelling_really_stops_the_reading(tmp_path: Path) -> None:
    """The archive is a pipe nobody writes to any more: reading goes on only while somebody wants it."""
    path = tmp_path / "pipe.tar"
    os.mkfifo(path)
    whole = docker_archive("slow:1", [[file("big", bytes(50_000_000))]])
    reading = asyncio.create_task(ArchiveSource(path).open(nothing))
    written = 0

    def write() -> None:
        nonlocal written
        with open(path, "wb", buffering=0) as pipe:
            for at in range(0, len(whole), 65536):
                written += pipe.write(whole[at : at + 65536])
                if at == 65536 * 4:
                    begun.set()
                    released.wait(10)

    begun, released = threading.Event(), threading.Event()
    writer = threading.Thread(target=_ignoring_a_closed_pipe(write))
    writer.start()
    await asyncio.to_thread(begun.wait, 10)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    released.set()
    await asyncio.to_thread(writer.join, 10)
    assert not writer.is_alive()
    assert written < 10_000_000
    await _until(lambda: "orlop-archive" not in {thread.name for thread in threading.enumerate()})


def _ignoring_a_closed_pipe(write: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            write()
        except BrokenPipeError:
            return

    return run


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_file_nobody_wants_any_more_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(docker_archive("big:1", [[file("big", bytes(20_000_000))]]))
    pieces: list[bytes] = []
    with pytest.raises(StoppedError):
        read_archived_file(path, "layer000/layer.tar", "big", pieces.append, stop=lambda: len(pieces) >= 3)
    assert len(pieces) == 3


async def test_an_archive_that_is_no_longer_there_or_another_one(tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(docker_archive("a:1", LAYERS))
    source = ArchiveSource(path)
    await source.open(nothing)
    path.write_bytes(oci_archive("b:1", LAYERS, bytes, ""))
    with pytest.raises(NoSuchFileError, match="It has changed"):
        await body(source, 0, "etc/motd")
    path.unlink()
    with pytest.raises(NoSuchFileError):
        await body(source, 0, "etc/motd")
    with pytest.raises(NoSuchFileError):
        await ArchiveSource(path).open(nothing)


async def test_a_pipe_that_nobody_writes_to_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pipe.tar"
    os.mkfifo(path)
    told: list[Reading] = []
    opening = asyncio.create_task(ArchiveSource(path).open(told.append))
    await _until(lambda: bool(told))
    assert told == [Reading(Phase.UNWRITTEN)]
    await asyncio.to_thread(path.write_bytes, docker_archive("a:1", LAYERS))
    assert len((await opening).layers) == 2


async def test_what_comes_through_a_pipe_can_not_be_looked_at_twice(tmp_path: Path) -> None:
    path = tmp_path / "pipe.tar"
    os.mkfifo(path)
    source = ArchiveSource(path)
    writer = threading.Thread(target=lambda: path.write_bytes(docker_archive("a:1", LAYERS)))
    writer.start()
    assert len((await source.open(nothing)).layers) == 2
    writer.join()
    writer = threading.Thread(target=_ignoring_a_closed_pipe(lambda: path.write_bytes(b"x")))
    writer.start()
    with pytest.raises(NoSuchFileError, match="no file that could be read twice"):
        await body(source, 0, "etc/motd")
    writer.join(10)


# -- which image --------------------------------------------------------------------------------------------------


async def test_one_of_several_images_is_named(tmp_path: Path) -> None:
    path = several(tmp_path / "several.tar")
    with pytest.raises(
        ImageChoiceError, match=r"several\.tar holds 2 images\. Say which one is meant: shop/web:1, [0-9a-f]{12}"
    ):
        await ArchiveSource(path).open(nothing)
    source = ArchiveSource(path, "shop/web:1")
    assert source.title == "several.tar: shop/web:1"
    assert (await source.open(nothing)).files[0].paths == ("web",)
    with pytest.raises(ImageChoiceError, match=r"holds no image shop/cart\. It holds shop/web:1, "):
        await ArchiveSource(path, "shop/cart").open(nothing)


def image(number: int, *tags: str) -> ArchiveImage:
    return ArchiveImage(f"sha256:{number:064x}", tags, {}, (), (), (), {}, "amd64", "linux")


def test_tags_and_ids_name_an_image() -> None:
    images = [image(0xAB << 248, "web:latest", "web:2"), image(0xAC << 248)]
    for name in ("web", "web:latest", "web:2", "ab00", "sha256:ab0000"):
        assert chosen_image(images, "x.tar", name) is images[0]
    assert chosen_image(images, "x.tar", "ac00") is images[1]
    for name in ("we", "web:3", "a", "ab", "\x1b[31m"):
        with pytest.raises(ImageChoiceError) as caught:
            chosen_image(images, "x.tar", name)
        assert str(caught.value).isprintable()


def test_one_image_for_several_machines_is_one() -> None:
    images = [image(1, "web:1"), image(2, "web:1")]
    assert chosen_image(images, "x.tar") is images[0]
    untagged = [image(1), image(2)]
    with pytest.raises(ImageChoiceError):
        chosen_image(untagged, "x.tar")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
async def test_a_platform_is_named_and_can_be_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    path = for_machines(tmp_path / "both.tar")
    stack = await ArchiveSource(path).open(nothing)
    assert stack.platform == {"x86_64": "linux/amd64", "aarch64": "linux/arm64/v8"}[machine]
    for name in ("linux/arm64", "linux/arm64/v8", "bb:oci@linux/arm64", "bb:oci@linux/arm64/v8"):
        source = ArchiveSource(path, name)
        stack = await source.open(nothing)
        assert (stack.platform, stack.files[0].paths) == ("linux/arm64/v8", ("arm64",)), name
        assert await body(source, 0, "arm64") == b"arm64"
    for name in ("linux/riscv64", "bb:oci@linux/arm", "other@linux/arm64", "bb:oci@", "linux"):
        with pytest.raises(ImageChoiceError, match=r"It holds bb:oci@linux/[a-z0-9/]+, bb:oci@linux/") as caught:
            await ArchiveSource(path, name).open(nothing)
        assert f"holds no image {name}" in str(caught.value)


@pytest.mark.parametrize("spoilt", ["amd64", "arm64"])
async def test_one_platform_that_is_spoilt_leaves_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    path = for_machines(tmp_path / "both.tar", spoilt=spoilt)
    good = "arm64" if spoilt == "amd64" else "amd64"
    assert (await ArchiveSource(path).open(nothing)).files[0].paths == (good,)
    with pytest.raises(BrokenArchiveError, match=rf"holds 1 layers for an image of 2.*read bb:oci@linux/{good}"):
        await ArchiveSource(path, f"linux/{spoilt}").open(nothing)


async def test_a_layer_that_is_none_spoils_its_own_image_alone(tmp_path: Path) -> None:
    path = for_machines(tmp_path / "both.tar")
    data = bytearray(path.read_bytes())
    at = data.index(layer_tar([file("amd64", b"amd64")])[:512])
    data[at : at + 512] = b"x" * 512
    path.write_bytes(data)
    for packed in (bytes(data), gzip.compress(data)):
        path.write_bytes(packed)
        assert (await ArchiveSource(path).open(nothing)).files[0].paths == ("arm64",)
        with pytest.raises(BrokenArchiveError, match=r"is no tar archive|damaged"):
            await ArchiveSource(path, "linux/amd64").open(nothing)


def test_a_choice_is_an_error_of_contents() -> None:
    assert issubclass(ImageChoiceError, ContentsError)
