"""``python -m tests.bench``: build the worlds, measure, print one table."""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from docker.api.client import APIClient

from tests.bench.figures import Figure, table
from tests.bench.file_figures import FAST_MINIMAL, FileBench, gzip_figures, load
from tests.bench.file_worlds import BIG, MEDIUM, FileWorld, NoFilesError, archive
from tests.bench.measure import KEYS_PER_SECOND, Bench, minimal_paint
from tests.bench.plan_figures import plan_figures
from tests.bench.recompute_figures import recompute_figures
from tests.bench.worlds import LARGE, SMALL, World, build
from tests.engine.private_dockerd import NoDockerdError, PrivateDockerd

_FASTEST_PEER = 0.43
"""Seconds until lazydocker has everything of the large world listed there."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark. The exit code is 0 unless nothing could be measured."""
    arguments = _parser().parse_args(argv)
    # What reads the terminal must not wait long for what emulates it.
    sys.setswitchinterval(0.0005)
    worlds = {"small": [SMALL], "large": [LARGE], "both": [SMALL, LARGE], "none": []}[arguments.world]
    file_worlds = {"medium": [MEDIUM], "big": [BIG], "both": [MEDIUM, BIG], "none": []}[arguments.files]
    begun = time.monotonic()
    figures: list[Figure] = []
    try:
        if arguments.marks == "large":
            _say("marks: adding up …")
            figures.extend(recompute_figures(quick=arguments.quick))
            _say("marks: planning …")
            figures.extend(plan_figures(quick=arguments.quick))
        for world in worlds:
            figures.extend(_measured(world, quick=arguments.quick))
        for file_world in file_worlds:
            figures.extend(_measured_files(file_world, quick=arguments.quick))
    except NoFilesError as error:
        print(f"What lies in images was not measured: {error}", file=sys.stderr)
    except NoDockerdError as error:
        print(f"There is nothing to measure on: {error}", file=sys.stderr)
        return 1
    finally:  # what has been measured before something went wrong is worth seeing too
        print(f"\n{table(figures)}")
    print(f"\n{time.monotonic() - begun:.0f} s in all, on {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure orlop on an engine of its own.")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and a shorter rest")
    parser.add_argument("--world", choices=("small", "large", "both", "none"), default="both")
    parser.add_argument("--files", choices=("medium", "big", "both", "none"), default="both")
    parser.add_argument("--marks", choices=("large", "none"), default="large")
    return parser


def _measured(world: World, *, quick: bool) -> Iterator[Figure]:
    dockerd = PrivateDockerd(os.environ.get("ORLOP_BENCH_DOCKERD_BIN", ""))
    try:
        api = APIClient(dockerd.url, version="auto", timeout=60, num_pools=2)
        try:
            yield from _measured_on(dockerd, api, world, quick=quick)
        finally:
            api.close()
    finally:
        dockerd.stop()


def _measured_files(world: FileWorld, *, quick: bool) -> Iterator[Figure]:
    _say(f"{world.name}: making the image …")
    archive(world)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    dockerd = PrivateDockerd(os.environ.get("ORLOP_BENCH_DOCKERD_BIN", ""), tcp_port=port)
    try:
        api = APIClient(dockerd.url, version="auto", timeout=600)
        load(world, api)
        api.close()
        _say(f"{world.name}: looking into the image …")
        minimal = statistics.median(minimal_paint() for _ in range(5))
        yield Figure(
            "minimal Textual app painted", world.name, minimal * 1000, "ms", note="200 ms where goals are from"
        )
        yield from FileBench(dockerd, world, minimal, quick=quick).figures()
        yield from gzip_figures(world)
    finally:
        dockerd.stop()


def _measured_on(dockerd: PrivateDockerd, api: APIClient, world: World, *, quick: bool) -> Iterator[Figure]:
    begun = time.monotonic()
    build(world, api)
    size = f"{world.images} images, {world.containers} containers, {world.volumes} volumes"
    _say(f"{world.name}: engine {api.version()['Version']}, {size}, made in {time.monotonic() - begun:.1f} s")
    bench = Bench(dockerd, world, quick=quick)
    _say(f"{world.name}: starting …")
    yield from _start_figures(bench)
    _say(f"{world.name}: idling …")
    yield from _idle_figures(bench, seconds=10 if quick else 40 if world is LARGE else 20)
    _say(f"{world.name}: pressing keys …")
    yield from _key_figures(bench)
    _say(f"{world.name}: creating objects from outside …")
    peers = "lazydocker 0.4, ctop 0.6 s; dry never" if world is LARGE else "lazydocker 0.01, dry 0.26, ctop 0.6 s"
    visible = bench.created_outside(api)
    yield Figure("object made outside, visible after", world.name, visible, "s", 0.3, peers=peers)


def _start_figures(bench: Bench) -> list[Figure]:
    large = bench.world is LARGE
    name, start = bench.world.name, bench.start()
    minimal = start.minimal * 1000
    figures = [
        Figure("minimal Textual app painted", name, minimal, "ms"),
        Figure("first object's name", name, start.first_name * 1000, "ms", 1.8 if large else 1.5, reference=minimal),
    ]
    peer = _FASTEST_PEER * minimal / FAST_MINIMAL
    listed = Figure(
        "everything listed", name, start.listed * 1000, "ms", 1.0, reference=peer, peers="lazydocker: the reference"
    )
    return [*figures, listed if large else Figure("everything listed", name, start.listed * 1000, "ms")]


def _idle_figures(bench: Bench, *, seconds: float) -> list[Figure]:
    large = bench.world is LARGE
    name, idle = bench.world.name, bench.idle(seconds)
    tens = idle.seconds / 10
    watched = f"over {idle.seconds:.0f} s"
    start_peers = "lazydocker 3,099, oxker 1,876, dry 1,007" if large else ""
    return [
        Figure("requests at start", name, idle.requests_at_start, "", 12, peers=start_peers),
        # A ping every half a minute tells a hung engine from a quiet one: not a request for the world's state.
        Figure("requests per 10 idle s", name, idle.requests / tens, "", 0, peers="lazydocker 4,958", note=watched),
        Figure("bytes per 10 idle s", name, idle.bytes_written / tens, "B", 0, peers="lazydocker 72,000–104,000 B"),
        Figure("CPU per 20 idle s", name, idle.cpu_seconds * 20 / idle.seconds, "s", 0.05),
        Figure(
            "resident memory", name, idle.resident_bytes / 1e6, "MB", 70 if large else None,
            peers="oxker 53, lazydocker 118 MB" if large else "",
        ),
    ]  # fmt: skip


def _key_figures(bench: Bench) -> list[Figure]:
    large = bench.world is LARGE
    name, keys = bench.world.name, bench.keys()
    key_peers = "dry 20, oxker 56 ms"
    byte_peers = "oxker 330, dry 465, lazydocker 9,500–11,400 B"
    figures = [
        Figure("bytes per cursor-down", name, keys.bytes_per_move, "B", 600 if large else 450, peers=byte_peers),
        Figure("key to screen, median", name, keys.median_seconds * 1000, "ms"),
        Figure("key to screen, p95", name, keys.p95_seconds * 1000, "ms", 20 if large else None, peers=key_peers),
        Figure("key to all details", name, keys.details_seconds * 1000, "ms", note="median, cursor at rest"),
        Figure("most resident memory", name, keys.peak_resident_bytes / 1e6, "MB"),
    ]  # fmt: skip
    if keys.held_lag_seconds is not None:
        lag, period = keys.held_lag_seconds * 1000, 1000 / KEYS_PER_SECOND
        figures.append(Figure("lag of a held key", name, lag, "ms", period, peers=key_peers))
    if keys.unanswered:
        figures.append(Figure("keys without an answer", name, keys.unanswered, "", 0))
    return figures


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
