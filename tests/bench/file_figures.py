"""How long it takes to see what lies in an image, against what the same bytes cost anyway."""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import socket
import statistics
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from docker.api.client import APIClient

from tests.bench.figures import Figure
from tests.bench.file_worlds import MEDIUM, FileWorld, archive
from tests.bench.process_cost import peak_resident_bytes
from tests.bench.recorded_terminal import RecordedTerminal
from tests.engine.private_dockerd import PrivateDockerd
from tui.contents.byte_source import ChunkSource
from tui.contents.compression import Compression, unpacked
from tui.contents.errors import BrokenArchiveError
from tui.contents.tar_walk import TarWalk
from tui.contents.watch import Watch
from tui.model.layer_files import LayerBuilder

_CHUNK = 1 << 20
_MANY_SECONDS = 120
FAST_MINIMAL = 0.2
"""Seconds to a minimal application's first paint on the machine that the peers' times are from."""
_DIVE, _GOAL = 0.72, 0.6
"""Seconds that dive needs to show a 600 MB archive, and that orlop may need, on that machine."""
_FOLDERS, _AGAIN, _FIRST_PAINT, _KEY = 1.5, 0.15, 0.3, 0.02
"""Seconds that other things may take there: layer folders on a cold disk, the second opening, the first paint with
the layers in the cache, a key."""
_PACKED_BYTES = 200 << 20
"""So much of an image is packed for the figure of gzip: packing more would take longer than all the rest."""
_MOVES = 60
_SHOWN = " usr/ "
"""A row of the tree of files."""


class FileBench:
    """Measures the Files screen on one engine that holds one image."""

    def __init__(self, dockerd: PrivateDockerd, world: FileWorld, minimal: float, *, quick: bool) -> None:
        """``minimal``: seconds until a minimal application is painted here."""
        self.dockerd = dockerd
        self._slowness = minimal / FAST_MINIMAL
        """How much slower this machine is, as it is just now."""
        self.world = world
        self.runs = 1 if quick else 3
        self._folder = tempfile.TemporaryDirectory(prefix="orlop-bench-")
        self._command = str(Path(sys.executable).with_name("orlop"))

    def figures(self) -> Iterator[Figure]:
        """Everything there is to measure."""
        yield from self._streamed()
        yield from self._from_archive()
        yield from self._from_folders()
        yield from self._from_cache()

    # -- opening ----------------------------------------------------------------------------------

    @contextmanager
    def _opened(self, *arguments: str, cold: bool) -> Iterator[tuple[RecordedTerminal, float]]:
        """The Files screen with its tree, and the seconds from starting the command until that was painted."""
        cache = Path(self._folder.name) / "cache"
        if cold:
            shutil.rmtree(cache, ignore_errors=True)
        env = {"ORLOP_CONFIG_DIR": f"{self._folder.name}/config", "ORLOP_CACHE_DIR": str(cache)}
        with RecordedTerminal([self._command, *arguments], env=env) as terminal:
            yield terminal, _seconds_until_shown(terminal, terminal.spawned_at)

    def _streamed(self) -> Iterator[Figure]:
        drained, shown, memory = [], [], []
        self._drain()  # the engine reads its own folders from the disk, once
        for _ in range(self.runs):
            drained.append(self._drain())
            with self._opened("--host", self.dockerd.tcp_url, "files", self.world.tag, cold=True) as (
                terminal,
                seconds,
            ):
                shown.append(seconds)
                terminal.wait_quiet(1.0)  # waste is counted when the files are on the screen
                memory.append(peak_resident_bytes(terminal.pid))
        drain = statistics.median(drained)
        name = self.world.name
        yield Figure("save stream drained to nowhere", name, drain, "s")
        yield Figure(
            "files shown, from the save stream", name, statistics.median(shown), "s", 1.1, reference=drain,
            peers="dive 1.33", note="start-up included",
        )  # fmt: skip
        yield Figure("most resident memory, files", name, max(memory) / 1e6, "MB", 80, peers="dive 177 MB")

    def _drain(self) -> float:
        """Seconds for the engine's save stream, thrown away."""
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("localhost", timeout=_MANY_SECONDS)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(_MANY_SECONDS)
            sock.connect(str(self.dockerd.socket))
            connection.sock = sock
            connection.request("GET", f"/images/{self.world.tag}/get")
            answer = connection.getresponse()
            while answer.read(_CHUNK):
                pass
        return time.perf_counter() - begun

    def _from_archive(self) -> Iterator[Figure]:
        file = str(archive(self.world))
        times = []
        for _ in range(self.runs + 1):
            with self._opened("files", file, cold=True) as (_terminal, seconds):
                times.append(seconds)
        shown = statistics.median(times[1:])  # the first warms the file cache
        # What dive needs for 600 MB, on the machine where a minimal application takes 0.2 s.
        reference, goal = (_DIVE * self._slowness, _GOAL / _DIVE) if self.world is MEDIUM else (None, None)
        yield Figure(
            "files shown, from an archive", self.world.name, shown, "s", goal, reference=reference, peers="dive 0.72 s"
        )

    def _from_folders(self) -> Iterator[Figure]:
        for warm in (False, True):
            times = []
            for _ in range(self.runs):
                if not warm and not _forget_disk():
                    break
                opened = self._opened("--host", self.dockerd.url, "files", self.world.tag, cold=True)
                with opened as (_terminal, seconds):
                    times.append(seconds)
            if times:
                what = "warm" if warm else "cold disk"
                shown = statistics.median(times)
                yield self._timed("files shown, from overlay2", shown, None if warm else _FOLDERS, note=what)

    def _timed(self, name: str, seconds: float, allowed: float | None, *, note: str = "", peers: str = "") -> Figure:
        """A time held against what it may take on the machine that the goals are from, here and now."""
        value, unit, scale = (seconds * 1000, "ms", 1000) if allowed == _KEY else (seconds, "s", 1)
        if allowed is None:
            return Figure(name, self.world.name, value, unit, peers=peers, note=note)
        reference = allowed * scale * self._slowness
        return Figure(name, self.world.name, value, unit, 1.0, reference=reference, peers=peers, note=note)

    # -- once it is there -------------------------------------------------------------------------

    def _from_cache(self) -> Iterator[Figure]:
        """Opened again by a new process, which has every layer in its cache: from the key to the tree."""
        with self._opened("--host", self.dockerd.url, "files", self.world.tag, cold=False) as (terminal, _seconds):
            terminal.wait_quiet(1.0)
            times = []
            for _ in range(5):
                terminal.press("q")
                terminal.wait_quiet(0.5)
                times.append(_press_f(terminal))
            yield self._timed("files shown again, key to tree", statistics.median(times), _AGAIN)
        times = []
        for left in reversed(range(self.runs)):
            with self._explorer() as terminal:
                times.append(_press_f(terminal))
                if left:
                    continue
                first = statistics.median(times)
                yield self._timed("files shown from the cache, key to tree", first, _FIRST_PAINT, note="a new process")
                yield from self._keys(terminal)

    @contextmanager
    def _explorer(self) -> Iterator[RecordedTerminal]:
        """The explorer, its cursor on the image, whose layers are in the cache."""
        env = {"ORLOP_CONFIG_DIR": f"{self._folder.name}/config", "ORLOP_CACHE_DIR": f"{self._folder.name}/cache"}
        with RecordedTerminal([self._command, "--host", self.dockerd.url], env=env) as terminal:
            terminal.settle(1.0)
            yield terminal

    def _keys(self, terminal: RecordedTerminal) -> Iterator[Figure]:
        """Moving about in a tree of which every folder is open."""
        for key in ("tab", "+"):
            terminal.press(key)
            terminal.wait_quiet(1.0)
        terminal.watched = slice(46, None)
        terminal.moments()
        written, pressed = terminal.bytes_written, []
        for number in range(_MOVES):
            pressed.append(terminal.press_and_wait("pagedown" if number % 10 == 9 else "down", 0.08))
        size = (terminal.bytes_written - written) / _MOVES
        settled = terminal.settled(pressed)
        times = [at - begun for at, begun in zip(settled, pressed, strict=True) if at is not None]
        p95 = statistics.quantiles(times, n=20)[-1]
        yield self._timed("key to screen in files, median", statistics.median(times), _KEY)
        yield self._timed("key to screen in files, p95", p95, _KEY, peers="dive 18–100 ms")
        yield Figure("bytes per key in files", self.world.name, size, "B", 1000, peers="dive 13,300 B")
        if len(times) < len(settled):
            yield Figure("keys in files without an answer", self.world.name, len(settled) - len(times), "", 0)


def gzip_figures(world: FileWorld) -> Iterator[Figure]:
    """CPU of reading what lies in gzip layers, against that of zlib alone on the same bytes."""
    alone = read = 0.0
    entries = 0
    for pieces in _packed_layers(world):
        begun = time.process_time()
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        for piece in pieces:
            stream.decompress(piece)
        alone += time.process_time() - begun
        begun = time.process_time()
        source = ChunkSource(unpacked(Compression.GZIP, iter(pieces), "the layer"), "the layer", Watch())
        builder = LayerBuilder()
        # The first part of a layer ends in the middle of an entry.
        with suppress(BrokenArchiveError):
            TarWalk(source).fill(builder)
        entries += len(builder.build())
        read += time.process_time() - begun
    yield Figure("CPU for gzip layers", world.name, read, "s", 1.3, reference=alone, note=f"{entries:,} entries")


def _packed_layers(world: FileWorld) -> Iterator[list[bytes]]:
    """The first part of each layer, packed, in pieces; of each the same share."""
    file = archive(world)
    share = min(1.0, _PACKED_BYTES / file.stat().st_size)
    with tarfile.open(file) as whole:
        for number in range(len(world.layers)):
            entry = whole.getmember(f"layer{number}/layer.tar")
            layer = whole.extractfile(entry)
            assert layer is not None
            packed = gzip.compress(layer.read(int(entry.size * share)), compresslevel=6)
            yield [packed[at : at + _CHUNK] for at in range(0, len(packed), _CHUNK)]


def _press_f(terminal: RecordedTerminal) -> float:
    """Seconds from the key that opens the files until their tree is shown, and then wait until nothing more comes."""
    terminal.moments()
    pressed = time.perf_counter()
    terminal.press("f")
    seconds = _seconds_until_shown(terminal, pressed)
    terminal.wait_quiet(1.0)
    return seconds


def _seconds_until_shown(terminal: RecordedTerminal, since: float) -> float:
    deadline = time.perf_counter() + _MANY_SECONDS
    while time.perf_counter() < deadline:
        terminal.wait_quiet(0.05, timeout=_MANY_SECONDS)
        [at] = terminal.moments(lambda screen: _SHOWN in screen)
        if at is not None:
            return at - since
        time.sleep(0.05)
    raise AssertionError(f"never shown:\n{terminal.text_now()}")


def _forget_disk() -> bool:
    """Drop what the kernel holds of the disk; False where that is not allowed."""
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def load(world: FileWorld, api: APIClient) -> None:
    """Put the image into an engine."""
    with archive(world).open("rb") as file:
        api.load_image(file)  # type: ignore[no-untyped-call]
