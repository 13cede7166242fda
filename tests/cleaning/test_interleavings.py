"""Whatever happens to the world and whenever: what a cleanup removes was ready on its list, and as it was reviewed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from tests.cleaning.reviewed import (
    Run,
    Trap,
    Trapped,
    cache_step,
    container_step,
    everything,
    image_step,
    plan_of,
    volume_step,
)
from tests.examples import examples
from tui.engine.demo import container_life, removal
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.objects import CacheEntry
from tui.engine.demo.world import World
from tui.engine.errors import ConnectionLostError, EngineError
from tui.engine.port import Engine
from tui.model.cleanup_plan import Step
from tui.model.container import Mount
from tui.model.mark import Kind

IMAGES, CONTAINERS, VOLUMES, RECORDS = 3, 3, 3, 2
METHODS = (
    "ping", "host", "containers", "images", "image_detail", "container_detail", "volume_detail", "disk_usage",
    "remove_container", "remove_image", "remove_volume", "volume_archive", "prune_cache_record",
)  # fmt: skip
_THINGS = ("tag", "start", "stop", "use image", "use volume", "remove", "again", "write", "die", "lose answer")

Change = tuple[str, int, int]
Moment = tuple[str, int, bool]


def _world() -> World:
    world = World()
    for number in range(IMAGES):
        world.create_image(*(f"image/{number}:{tag}" for tag in range(number)), layers=1)
    images = list(world.images)
    for number in range(CONTAINERS):
        made = world.create_container(images[-1], name=f"container-{number}")
        if number:
            container_life.start(world, made.id)
        if number == 1:
            container_life.stop(world, made.id)
    for number in range(VOLUMES):
        world.create_volume(f"volume-{number}")
    for number in range(RECORDS):
        world.build_cache.append(CacheEntry(f"record{number}", "regular", "RUN", 1.0, 1.0, 1, 100))
    return world


def _unavoidable(method: str, after: bool, what: str) -> bool:
    """A name that comes to mean something else between the last look and the removal.

    No engine can be asked to remove a volume, or to take a tag away, only if it is still the one that was meant. What
    can be done is to look right before, and to say it when it happened all the same: see ``test_races``.
    """
    return not after and (method, what) in {("remove_volume", "again"), ("remove_image", "tag")}


class _Meddler:
    """Changes the world as told, at the moments it is told, and remembers what it removed itself."""

    def __init__(self, engine: DemoEngine, changes: Sequence[tuple[Moment, Change]]) -> None:
        self.engine = engine
        self._changes = list(changes)
        self._counts: dict[tuple[str, bool], int] = {}
        self.removed: set[tuple[Kind, str]] = set()
        self.made_again: set[str] = set()
        self.started: set[str] = set()

    def trap(self, method: str, after: bool) -> Trap:
        async def meddle() -> None:
            count = self._counts[method, after] = self._counts.get((method, after), 0) + 1
            for moment, change in self._changes:
                if moment == (method, count, after) and not _unavoidable(method, after, change[0]):
                    self.apply(change)

        return meddle

    def apply(self, change: Change) -> None:
        what, one, other = change
        world = self.engine.world
        images, containers = list(world.images), list(world.containers)
        volume = f"volume-{one % VOLUMES}"
        try:
            if what == "tag" and images:
                tags = [tag for image in world.images.values() for tag in image.tags] or ["image/new:1"]
                world.tag_image(images[one % len(images)], tags[other % len(tags)] if other else "image/new:1")
            elif what == "start" and containers:
                world_container = containers[one % len(containers)]
                container_life.start(world, world_container)
                self.started.add(world_container)
            elif what == "stop" and containers:
                container_life.stop(world, containers[one % len(containers)])
            elif what == "use image" and images:
                world.create_container(images[one % len(images)])
            elif what == "use volume" and images:
                world.create_container(images[0], mounts=[Mount("volume", volume, "", "/data")])
            elif what == "remove" and containers:
                removal.remove_container(world, containers[one % len(containers)], force=True)
                self.removed.add((Kind.CONTAINER, containers[one % len(containers)]))
            elif what == "again":
                removal.remove_volume(world, volume)
                world.create_volume(volume)
                self.made_again.add(volume)
            elif what == "write" and volume in world.volumes:
                from tui.engine.demo.files import text

                world.volumes[volume].files[f"/{one}{other}"] = text("more")
            elif what == "die":
                self.engine.go_away()
                asyncio.get_running_loop().call_later(0.001 * other, self.engine.come_back)
            elif what == "lose answer":
                raise ConnectionLostError("The engine went away in the middle of an answer.")
        except ConnectionLostError:
            raise
        except EngineError:
            pass  # the engine would not have let anybody do that


_changes = st.lists(
    st.tuples(
        st.tuples(st.sampled_from(METHODS), st.integers(1, 4), st.booleans()),
        st.tuples(st.sampled_from(_THINGS), st.integers(0, 5), st.integers(0, 5)),
    ),
    max_size=6,
)


@settings(max_examples=examples(150), deadline=None)
@given(
    chosen=st.sets(st.integers(0, IMAGES + CONTAINERS + VOLUMES + RECORDS - 1), min_size=1),
    saved=st.sets(st.integers(0, VOLUMES - 1)),
    first=st.lists(st.tuples(st.sampled_from(_THINGS[:-2]), st.integers(0, 5), st.integers(0, 5)), max_size=3),
    changes=_changes,
)
def test_what_goes_was_on_the_list(
    chosen: set[int], saved: set[int], first: list[Change], changes: list[tuple[Moment, Change]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_check(chosen, saved, first, changes, Path(folder)))


async def _check(
    chosen: set[int], saved: set[int], first: list[Change], changes: list[tuple[Moment, Change]], folder: Path
) -> None:
    engine = DemoEngine(world=_world())
    meddler = _Meddler(engine, changes)
    steps = await _steps(engine, chosen)
    plan = await plan_of(engine, *steps)
    for change in first:
        meddler.apply(change)
    trapped = Trapped(
        engine,
        before={method: meddler.trap(method, False) for method in METHODS},
        after={method: meddler.trap(method, True) for method in METHODS},
    )
    back_up = [f"volume-{number}" for number in saved]
    before = await everything(engine)
    run = Run(trapped.engine, plan, folder, back_up=back_up, patience=0.05)
    progress = await run.to_the_end()
    engine.come_back()
    gone = before - await everything(engine) - meddler.removed
    allowed = {(step.kind, step.id) for step in steps}
    allowed |= {(Kind.IMAGE, tag) for step in steps for tag in step.reviewed.tags}
    assert gone <= allowed
    # What was asked for was on the list too, each by its whole name, and never an image by force.
    for name, arguments in trapped.calls:
        if name in {"remove_image", "remove_container", "remove_volume", "prune_cache_record"}:
            assert arguments[0] in {identity for _kind, identity in allowed}
    for step, told in zip(steps, progress.steps, strict=True):
        if step.kind is Kind.VOLUME and step.id in meddler.made_again and told.state == "done":
            # It may only be made again after ours was gone.
            assert step.id in {volume.name for volume in await engine.volumes()}
        if step.kind is Kind.VOLUME and step.id in back_up and told.state == "done":
            assert Path(told.backup_path).is_file()
    assert not [path for path in run.parts if path.suffix == ".part"]
    for session in await run.sessions():
        numbered = {step.number: step.outcome for step in session.steps}
        for number, told in enumerate(progress.steps, 1):
            assert numbered.get(number, "waiting") == told.state


async def _steps(engine: Engine, chosen: set[int]) -> list[Step]:
    containers = [one.id for one in await engine.containers()]
    images = [one.id for one in await engine.images()]
    made: list[Step] = []
    for number in sorted(chosen):
        if number < CONTAINERS:
            made.append(await container_step(engine, containers[number], force=number == 2))
        elif number < CONTAINERS + IMAGES:
            made.append(await image_step(engine, images[number - CONTAINERS]))
        elif number < CONTAINERS + IMAGES + VOLUMES:
            made.append(await volume_step(engine, f"volume-{number - CONTAINERS - IMAGES}"))
        else:
            made.append(cache_step(f"record{number - CONTAINERS - IMAGES - VOLUMES}"))
    return made
