"""Digests of files in layers: what is read, what is read once only, and what a stop leaves behind."""

from __future__ import annotations

import hashlib

import pytest

from tests.journeys.files_explorer import LayerSketch, SketchedSource
from tui.contents.errors import NoSuchFileError
from tui.contents.file_digest import FileDigests, file_digest
from tui.contents.reading import OnReading, Take
from tui.model.file_search import Compared, SameFiles, StoredFile

BODY = b"x" * 10_000


def source() -> SketchedSource:
    return SketchedSource(
        LayerSketch("ADD").file("a", BODY).file("b", BODY), LayerSketch("RUN").file("c", b"y" * 10_000)
    )


def group(*files: tuple[int, str], size: int = 10_000) -> SameFiles:
    return SameFiles(size, Compared.SIZE, "", tuple(StoredFile(path, layer, size, False) for layer, path in files))


async def test_a_digest_is_that_of_the_whole_body() -> None:
    digest = await file_digest(source(), 0, "a", lambda _reading: None)
    assert digest == f"sha256:{hashlib.sha256(BODY).hexdigest()}"
    with pytest.raises(NoSuchFileError):
        await file_digest(source(), 1, "a", lambda _reading: None)


async def test_groups_are_told_one_by_one_and_no_file_is_read_twice() -> None:
    files = source()
    digests = FileDigests(files, lambda file: file.layer)
    told: list[tuple[SameFiles, int]] = []

    async def tell(done: SameFiles) -> None:
        told.append((done, len(digests.known)))

    first, second = group((0, "a"), (0, "b")), group((0, "a"), (1, "c"))
    await digests.read([first, second], tell)
    assert told == [(first, 2), (second, 3)]
    assert digests.known[0, "a"] == digests.known[0, "b"] != digests.known[1, "c"]
    assert files.asked == [(0, "a"), (0, "b"), (1, "c")]
    await digests.read([first], tell)
    assert len(files.asked) == 3
    assert (digests.done, digests.total) == (0, 0)


async def test_of_a_group_that_was_given_up_nothing_is_known_and_nothing_is_lost() -> None:
    files = source()
    digests = FileDigests(files, lambda file: file.layer)

    async def tell(_done: SameFiles) -> None:
        raise AssertionError("no group was done")

    with pytest.raises(NoSuchFileError):
        await digests.read([group((0, "a"), (0, "gone"))], tell)
    assert (digests.known, digests.done, digests.total) == ({}, 1, 2)
    with pytest.raises(NoSuchFileError):
        await digests.read([group((0, "a"), (0, "gone"))], tell)
    assert [path for _, path in files.asked] == ["a", "gone", "gone"]


async def test_which_layer_is_read_is_for_the_caller_to_say() -> None:
    class Noting(SketchedSource):
        async def read_file(
            self, layer: int, path: str, take: Take, *, limit: int | None, on_reading: OnReading
        ) -> None:
            self.asked.append((layer, path))
            take(b"seen by the container")

    files = Noting(LayerSketch("ADD"), kind="container")
    digests = FileDigests(files, lambda _file: 7)

    async def tell(_done: SameFiles) -> None:
        return

    await digests.read([group((0, "a"))], tell)
    assert files.asked == [(7, "a")]
    assert list(digests.known) == [(0, "a")]
