"""The cache of layers: what is put in comes out, and whatever else lies there is as if it were not."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contents.made_layers import diff_id, plain_layer
from tui import locations
from tui.contents.layer_blob import encode
from tui.contents.layer_cache import LayerCache
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles

ONE, TWO = diff_id("one"), diff_id("two")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "layers"


@pytest.fixture
def cache(folder: Path) -> LayerCache:
    return LayerCache(folder)


def file_of(cache: LayerCache, diff_id: str) -> Path:
    assert cache.folder is not None
    return cache.folder / f"{diff_id.replace(':', '-')}.layer"


def test_what_is_put_in_comes_out_and_nothing_else_does(cache: LayerCache, folder: Path) -> None:
    assert cache.get(ONE) is None
    assert cache.known() == ()
    files = plain_layer("a", "b", hides=("c",))
    cache.put(ONE, files)
    assert cache.get(ONE) == files
    assert LayerCache(folder).get(ONE) == files
    assert cache.get(TWO) is None
    assert cache.known() == (ONE,)
    assert cache.size_bytes() == file_of(cache, ONE).stat().st_size
    cache.clear()
    assert cache.get(ONE) is None
    assert cache.known() == ()
    assert cache.reason == ""


def test_only_the_user_can_look(cache: LayerCache, folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    before = os.umask(0)
    try:
        cache.put(ONE, plain_layer("a"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_of(cache, ONE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name", ["", "sha256:", "../../evil", f"sha256:{'a' * 63}/", f"sha256:{'A' * 64}", f"{ONE}\n", "demo:layer", "é"]
)
def test_what_is_no_diff_id_never_becomes_a_path(cache: LayerCache, folder: Path, name: str) -> None:
    cache.put(name, plain_layer("a"))
    assert cache.get(name) is None
    assert not folder.exists()


def test_long_diff_ids_are_fine(cache: LayerCache) -> None:
    name = f"sha512:{'0f' * 64}"
    cache.put(name, plain_layer("a"))
    assert cache.get(name) == plain_layer("a")
    assert cache.known() == (name,)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"orlop layer files\n", bytes(range(256)) * 2],
    ids=["empty", "zip", "head only", "noise"],
)
def test_a_foreign_file_is_not_there_and_goes(cache: LayerCache, content: bytes) -> None:
    cache.put(TWO, plain_layer("a"))
    file_of(cache, ONE).write_bytes(content)
    assert cache.get(ONE) is None
    assert not file_of(cache, ONE).exists()
    assert cache.get(TWO) == plain_layer("a")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_not_there_and_goes(cache: LayerCache, data: st.DataObject) -> None:
    cache.put(ONE, plain_layer("a", "b"))
    blob = bytearray(file_of(cache, ONE).read_bytes())
    at = data.draw(st.integers(0, len(blob) - 1))
    if data.draw(st.booleans()):
        blob = blob[:at]
    else:
        blob[at] ^= data.draw(st.integers(1, 255))
    file_of(cache, ONE).write_bytes(blob)
    assert cache.get(ONE) is None
    assert not file_of(cache, ONE).exists()


def test_other_files_in_the_folder_are_left_alone(cache: LayerCache, folder: Path) -> None:
    cache.put(ONE, plain_layer("a"))
    (folder / "notes.txt").write_text("mine")
    (folder / "sha256-xyz.layer").write_text("mine")
    assert cache.known() == (ONE,)
    cache.clear()
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", "sha256-xyz.layer"]


def test_those_not_used_for_longest_go_first(tmp_path: Path) -> None:
    blob = len(encode(ONE, plain_layer("a")))
    cache = LayerCache(tmp_path, limit_bytes=3 * blob + blob // 2)
    names = [diff_id(str(number)) for number in range(4)]
    for age, name in enumerate(names[:3]):
        cache.put(name, plain_layer("a"))
        os.utime(file_of(cache, name), (1_000 + age, 1_000 + age))
    assert cache.get(names[0]) is not None  # Which makes it the newest.
    cache.put(names[3], plain_layer("a"))
    assert cache.known() == tuple(sorted((names[0], names[2], names[3])))
    assert cache.size_bytes() <= cache.limit_bytes


def test_the_newest_stays_even_if_the_clock_was_set_back(tmp_path: Path) -> None:
    blob = len(encode(ONE, plain_layer("a")))
    cache = LayerCache(tmp_path, limit_bytes=blob + blob // 2)
    cache.put(ONE, plain_layer("a"))
    future = time.time() + 1e6
    os.utime(file_of(cache, ONE), (future, future))
    cache.put(TWO, plain_layer("a"))
    assert cache.known() == (TWO,)


def test_reading_takes_no_more_memory_than_there_are_bytes(cache: LayerCache) -> None:
    cache.put(ONE, plain_layer("a", "b"))
    file_of(cache, TWO).write_bytes(b"")
    os.truncate(file_of(cache, TWO), cache.limit_bytes + 1)
    tracemalloc.start()
    try:
        assert cache.get(ONE) is not None
        assert cache.get(TWO) is None
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert not file_of(cache, TWO).exists()


def test_two_processes_that_make_room_do_not_throw_out_twice_as_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [diff_id(f"{number}") for number in range(4)]
    one_file = len(encode(names[0], plain_layer("a")))
    cache = LayerCache(tmp_path, limit_bytes=one_file * 3 + one_file // 2)
    for age, name in zip((40, 30, 20), names, strict=False):
        cache.put(name, plain_layer("a"))
        os.utime(file_of(cache, name), (time.time() - age,) * 2)
    unlink = os.unlink

    def unlink_second(path: str) -> None:
        unlink(path)  # the other process was faster
        unlink(path)

    monkeypatch.setattr(os, "unlink", unlink_second)
    cache.put(names[3], plain_layer("a"))
    assert cache.known() == tuple(sorted(names[1:]))


def test_what_is_larger_than_everything_may_take_is_not_kept(tmp_path: Path) -> None:
    cache = LayerCache(tmp_path, limit_bytes=100)
    cache.put(ONE, plain_layer(*map(str, range(1000))))
    assert cache.known() == ()


def test_unfinished_files_of_the_dead_go_and_those_of_the_living_stay(cache: LayerCache, folder: Path) -> None:
    cache.put(ONE, plain_layer("a"))
    dead, living = (folder / f".sha256-{'0' * 64}.layer.{pid}-1.new" for pid in (11, 12))
    for path in (dead, living):
        path.write_bytes(b"half")
    os.utime(dead, (1_000, 1_000))
    cache.put(TWO, plain_layer("b"))
    assert not dead.exists()
    assert living.exists()


# -- a disk that does not play along ----------------------------------------------------------------------------


def test_a_folder_that_can_not_be_made_is_one_sentence_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = LayerCache(tmp_path / "file" / "layers")
    cache.put(ONE, plain_layer("a"))
    assert cache.get(ONE) is None
    assert cache.known() == ()
    assert cache.size_bytes() == 0
    cache.clear()
    assert str(tmp_path / "file" / "layers") in cache.reason
    assert "Not a directory" in cache.reason


def test_a_full_disk_leaves_nothing_half_written(cache: LayerCache, folder: Path) -> None:
    cache.put(ONE, plain_layer("a"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The kernel refuses to let a file grow past this, as it does when a disk is full (Python ignores SIGXFSZ).
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        cache.put(TWO, plain_layer(*(os.urandom(16).hex() for _ in range(500))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "can't be written: File too large" in cache.reason
    assert [path.name for path in folder.iterdir()] == [file_of(cache, ONE).name]


def test_a_folder_of_another_user_is_not_trusted(cache: LayerCache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put(ONE, plain_layer("a"))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.get(ONE) is None
    cache.put(TWO, plain_layer("b"))
    assert "belongs to another user" in cache.reason
    assert cache.known() == (ONE,)


def test_nobody_is_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CACHE_HOME", "ORLOP_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", str)  # As it is when the system does not know the user either.
    assert locations.layer_cache_folder() is None
    cache = LayerCache(None)
    cache.put(ONE, plain_layer("a"))
    assert cache.get(ONE) is None
    assert (cache.known(), cache.size_bytes()) == ((), 0)
    cache.clear()
    assert "home folder" in cache.reason
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_the_platforms_unless_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert locations.layer_cache_folder({"ORLOP_CACHE_DIR": "/x/y"}) == Path("/x/y/layers")
    monkeypatch.setenv("XDG_CACHE_HOME", "/some/cache")
    if sys.platform == "linux":
        assert locations.layer_cache_folder({}) == Path("/some/cache/orlop/layers")


def test_files_may_vanish_at_any_moment(cache: LayerCache, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put(ONE, plain_layer("a"))
    real = os.scandir

    class Vanishing:
        """Entries whose files are gone once they have been listed."""

        def __enter__(self) -> list[os.DirEntry[str]]:
            with real(folder) as entries:
                found = list(entries)
            for entry in found:
                os.unlink(entry.path)
            return found

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", lambda _: Vanishing())
    assert cache.size_bytes() == 0
    cache.put(TWO, plain_layer("a"))
    cache.clear()
    assert cache.reason == ""


def test_a_cache_cleared_while_a_file_is_written_is_no_failure(
    cache: LayerCache, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def cleared_before(source: Path, target: Path) -> None:
        LayerCache(folder).clear()
        replace(source, target)

    monkeypatch.setattr(os, "replace", cleared_before)
    cache.put(ONE, plain_layer("a"))
    assert (cache.known(), cache.reason, list(folder.iterdir())) == ((), "", [])


_WRITER = """
import sys
from pathlib import Path
from tests.contents.made_layers import diff_id, plain_layer
from tui.contents.layer_cache import LayerCache
cache = LayerCache(Path(sys.argv[1]), limit_bytes=int(sys.argv[2]))
for number in range(150):
    name = str(number % 5)
    found = cache.get(diff_id(name))
    assert found is None or found == plain_layer(name, "b"), found
    cache.put(diff_id(name), plain_layer(name, "b"))
    if number % 40 == 39:
        cache.clear()
assert cache.reason == "", cache.reason
"""


def test_processes_and_threads_share_a_folder(tmp_path: Path) -> None:
    limit = 4 * len(encode(ONE, plain_layer("0", "b")))  # So that they remove each other's files all the time.
    command = [sys.executable, "-c", _WRITER, str(tmp_path), str(limit)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    cache = LayerCache(tmp_path, limit_bytes=limit)
    wrong: list[LayerFiles] = []

    def look() -> None:
        while any(process.poll() is None for process in processes):
            for name in map(str, range(5)):
                found = cache.get(diff_id(name))
                if found is not None and found != plain_layer(name, "b"):
                    wrong.append(found)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    errors = [process.communicate(timeout=60)[1] for process in processes]
    for thread in threads:
        thread.join()
    assert errors == ["", "", ""]
    assert wrong == []
    assert cache.reason == ""
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".new"]


def test_fifty_thousand_entries_are_there_at_once(cache: LayerCache) -> None:
    builder = LayerBuilder()
    for number in range(50_000):
        name = f"usr/share/package-{number // 40}/\udcffdocumentation-{number}.txt"
        builder.add(name, Kind.FILE, number * 37, 0o644, 0, 0, 1_700_000_000 + number)
    files = builder.build()
    cache.put(ONE, files)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        found = cache.get(ONE)
        took.append(time.perf_counter() - began)
        assert found == files
    # 50 ms is what it may take; a busy machine gets three times that.
    assert min(took) < 0.15
