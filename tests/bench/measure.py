"""The measurements. Each starts the installed command anew, in a terminal of 120x40, on the engine it is given."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docker.api.client import APIClient

from tests.bench import minimal_app
from tests.bench.process_cost import cpu_seconds, peak_resident_bytes, resident_bytes
from tests.bench.recorded_terminal import RecordedTerminal
from tests.bench.request_log import RequestLog
from tests.bench.worlds import OBJECT_NAME, World, image_tag, make_container, make_image, project_of
from tests.engine.private_dockerd import PrivateDockerd

KEYS_PER_SECOND = 30
"""How fast a held key repeats."""
_PAUSE_SECONDS = 0.1
"""Between the keys of somebody who moves briskly."""
_HELD_SECONDS = 3
_ROWS = 30
"""So many rows both worlds have: the cursor goes that far down and back up."""
_REST_SECONDS = 0.4
"""So long after a key everything has come, details from the engine included."""


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from starting the command, medians of several starts in turn with the minimal application."""

    minimal: float
    first_name: float
    listed: float


@dataclass(frozen=True, slots=True)
class Idle:
    """What doing nothing costs."""

    requests_at_start: int
    seconds: float
    requests: int
    bytes_written: int
    cpu_seconds: float
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class Keys:
    """What moving the cursor costs."""

    bytes_per_move: float
    details_seconds: float
    """From a key until everything about the object has come from the engine, when the cursor rests; median."""
    p95_seconds: float
    """From a key until the cursor stands on the other row."""
    median_seconds: float
    held_lag_seconds: float | None
    """``None`` in a world with too few rows to hold a key for long."""
    unanswered: int
    peak_resident_bytes: int


class Bench:
    """Measures the command on one engine that holds one world."""

    def __init__(self, dockerd: PrivateDockerd, world: World, *, quick: bool = False) -> None:
        self.dockerd = dockerd
        self.world = world
        self.quick = quick
        self._config = tempfile.TemporaryDirectory(prefix="orlop-bench-")
        command = Path(sys.executable).with_name("orlop")
        self._command = [str(command), "--host", dockerd.url]

    @contextmanager
    def _started(self) -> Iterator[RecordedTerminal]:
        with RecordedTerminal(self._command, env={"ORLOP_CONFIG_DIR": self._config.name}) as terminal:
            yield terminal

    @contextmanager
    def _ready(self) -> Iterator[RecordedTerminal]:
        """The command with everything listed and nothing more to come."""
        with self._started() as terminal:
            terminal.settle(1.5)
            assert self.world.listed(terminal.text_now()), terminal.text_now()
            yield terminal

    # -- starting ---------------------------------------------------------------------------------

    def start(self) -> Start:
        """Start both programs in turn: what else the machine does then falls on both."""
        minimal, first_name, listed = [], [], []
        for number in range(4 if self.quick else 9):
            paint = minimal_paint()
            name, everything = self._first_paints()
            if number:  # the first of each warms the file cache
                minimal.append(paint)
                first_name.append(name)
                listed.append(everything)
        return Start(*(statistics.median(times) for times in (minimal, first_name, listed)))

    def _first_paints(self) -> tuple[float, float]:
        with self._started() as terminal:
            terminal.settle(0.8)
            name, everything = _since_spawn(
                terminal, lambda screen: OBJECT_NAME.search(screen) is not None, self.world.listed
            )
            return name, everything

    # -- idling -----------------------------------------------------------------------------------

    def idle(self, seconds: float) -> Idle:
        """Start, wait until nothing happens, and watch nothing happen."""
        with RequestLog(self.dockerd) as log:
            before = log.count()
            with self._started() as terminal:
                terminal.settle(1.0)
                at_start = log.wait_quiet(3.0)
                terminal.wait_quiet(0.5)
                written, cpu = terminal.bytes_written, cpu_seconds(terminal.pid)
                time.sleep(seconds)
                return Idle(
                    requests_at_start=at_start - before,
                    seconds=seconds,
                    requests=log.count() - at_start,
                    bytes_written=terminal.bytes_written - written,
                    cpu_seconds=cpu_seconds(terminal.pid) - cpu,
                    resident_bytes=resident_bytes(terminal.pid),
                )

    # -- moving -----------------------------------------------------------------------------------

    def keys(self) -> Keys:
        """Move the cursor slowly, briskly, and with the key held down."""
        with self._ready() as terminal:
            bytes_per_move, details = _slow_moves(terminal, _ROWS)
            _go_home(terminal)
            times = _answer_times(terminal, 40 if self.quick else 90)
            answered = [seconds for seconds in times if seconds is not None]
            _go_home(terminal)
            held = self.world.images > _HELD_SECONDS * KEYS_PER_SECOND
            lag = _held_lag(terminal, _HELD_SECONDS) if held else None
            return Keys(
                bytes_per_move=bytes_per_move,
                details_seconds=details,
                p95_seconds=statistics.quantiles(answered, n=20)[-1],
                median_seconds=statistics.median(answered),
                held_lag_seconds=lag,
                unanswered=len(times) - len(answered),
                peak_resident_bytes=peak_resident_bytes(terminal.pid),
            )

    # -- the world changes ------------------------------------------------------------------------

    def created_outside(self, api: APIClient) -> float:
        """Seconds from asking the engine for an image or container until its name is on the screen; median."""
        times: list[float] = []
        with self._ready() as terminal:
            for number in range(2 if self.quick else 3):
                for kind, make, remove in self._creations(api, number):
                    asked = time.perf_counter()
                    make()
                    terminal.wait_quiet(1.0)
                    [shown] = terminal.moments(lambda screen, name=f"-new{number}": name in screen)  # type: ignore[misc]
                    assert shown is not None, f"no new {kind} in\n{terminal.text_now()}"
                    times.append(shown - asked)
                    remove()
                    terminal.wait_quiet(0.8)
                    terminal.moments()
        return statistics.median(times)

    def _creations(
        self, api: APIClient, number: int
    ) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
        """A new image and a new container whose rows come second, where they can be seen."""
        repository, tag = image_tag(0)
        new = f"{tag}-new{number}"
        yield "image", lambda: make_image(api, repository, new), lambda: api.remove_image(f"{repository}:{new}")
        name = f"crane-0000-new{number}"
        yield (
            "container",
            lambda: make_container(api, name, image=f"{repository}:{tag}", project=project_of(0)),
            lambda: api.remove_container(name),
        )


def minimal_paint() -> float:
    """Seconds until a minimal application is painted."""
    with RecordedTerminal([sys.executable, str(minimal_app.__file__)]) as terminal:
        terminal.settle(0.3)
        return _since_spawn(terminal, lambda screen: minimal_app.GREETING in screen)[0]


def _since_spawn(terminal: RecordedTerminal, *conditions: Callable[[str], bool]) -> list[float]:
    found = terminal.moments(*conditions)
    times = [moment - terminal.spawned_at for moment in found if moment is not None]
    assert len(times) == len(conditions), f"never shown:\n{terminal.text_now()}"
    return times


def _go_home(terminal: RecordedTerminal) -> None:
    """Back to the first row of the images."""
    terminal.press("1")
    terminal.press("home")
    terminal.wait_quiet(_REST_SECONDS)


def _slow_moves(terminal: RecordedTerminal, moves: int) -> tuple[float, float]:
    """Bytes for a cursor-down with all that it brings about (details read, a scroll), and how long that takes."""
    written = terminal.bytes_written
    times = []
    for _ in range(moves):
        pressed = terminal.press_and_wait("down", _REST_SECONDS)
        times.append(terminal.last_output_at - pressed)
    return (terminal.bytes_written - written) / moves, statistics.median(times)


def _answer_times(terminal: RecordedTerminal, presses: int) -> list[float | None]:
    """Seconds from each key to the last byte that changed the trees; ``None`` where nothing did."""
    terminal.moments()
    keys = ("up" if number // _ROWS % 2 else "down" for number in range(presses))
    pressed = [terminal.press_and_wait(key, _PAUSE_SECONDS) for key in keys]
    settled = terminal.settled(pressed)
    return [None if at is None else at - begin for at, begin in zip(settled, pressed, strict=True)]


def _held_lag(terminal: RecordedTerminal, seconds: float) -> float:
    """Hold the key, and measure how long after its last repetition the cursor arrives."""
    terminal.moments()
    begun = time.perf_counter()
    pressed = []
    for number in range(int(seconds * KEYS_PER_SECOND)):
        time.sleep(max(0.0, begun + number / KEYS_PER_SECOND - time.perf_counter()))
        pressed.append(time.perf_counter())
        terminal.press("down")
    terminal.wait_quiet(_REST_SECONDS)
    # Everything since the first key in one piece: what counts is when the cursor is where it belongs.
    [arrived] = terminal.settled(pressed[:1])
    assert arrived is not None, "the cursor did not move"
    return arrived - pressed[-1]
