"""Cleanups of whatever is marked, on a real dockerd: what was planned goes, nothing else does, and every byte is told.

There are two truths, and both are asked for past orlop after every single step. One is the engine's own account:
``LayersSize``, the writable layers, the volumes, and the build cache as far as it does not count among the layers. The
other is what lies in the engine's folders, which also tells what the engine leaves out of its account.
"""

from __future__ import annotations

import asyncio
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cleaning.reviewed import everything
from tests.engine.cleanup_worlds import EXACT_WORLDS, WORLDS
from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tui.cleaning.backup import BackupFolder
from tui.cleaning.cleanup import Cleanup
from tui.cleaning.journal import Journal
from tui.headless.world import read_world
from tui.model.cleanup_plan import CleanupPlan, Standing, Step
from tui.model.cleanup_planning import plan_cleanup
from tui.model.cleanup_progress import CleanupProgress, RunState, StepState
from tui.model.estimate import Certainty, Estimate
from tui.model.host import CONTAINERD_STORE, DOCKER
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark, marks_of_image

pytestmark = pytest.mark.engine

MOST_MARKS = 20
"""More than there is to mark in most worlds; what has a larger number shares it with another."""

SPARED = st.lists(st.booleans(), min_size=MOST_MARKS, max_size=MOST_MARKS).map(
    lambda drawn: frozenset(number for number, spared in enumerate(drawn) if spared)
)
"""Numbers of the marks that are left out: at first none, so that each world is once to go as a whole."""

# A world takes a second or more, so a failing example is told as it is, and not made smaller.
QUICKLY = settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
AT_LENGTH = settings(QUICKLY, max_examples=25)


class Figures(NamedTuple):
    """What is stored, in bytes."""

    engine_bytes: int
    """As the engine says."""
    disk_bytes: int | None
    """As its folders say; ``None`` with a storage driver other than overlay2."""


class Done(NamedTuple):
    """A cleanup that is over, and what the engine said meanwhile."""

    plan: CleanupPlan
    progress: CleanupProgress
    before: set[tuple[Kind, str]]
    after: set[tuple[Kind, str]]
    figures: tuple[Figures, ...]
    """Before the first step and after each."""
    exact_engine: bool
    """It is Docker's classic store."""


@pytest.mark.parametrize("world", WORLDS)
@QUICKLY
@given(spared=SPARED)
def test_what_was_planned_goes_and_frees_what_was_said(
    dockerd: PrivateDockerd, world: str, spared: frozenset[int]
) -> None:
    hold(asyncio.run(clean(dockerd, world, spared)), exactly=world in EXACT_WORLDS)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("world", WORLDS)
@AT_LENGTH
@given(spared=SPARED)
def test_it_does_so_at_length(dockerd: PrivateDockerd, world: str, spared: frozenset[int]) -> None:
    hold(asyncio.run(clean(dockerd, world, spared)), exactly=world in EXACT_WORLDS)


def hold(done: Done, *, exactly: bool) -> None:
    """Everything that has to be true of a cleanup that nobody interfered with."""
    assert done.progress.state is RunState.FINISHED, done.progress.sentence
    told = [(one.step.name, one.state, one.sentence) for one in done.progress.steps]
    assert [(one.step.name, StepState.DONE, "") for one in done.progress.steps] == told
    assert done.before - done.after == set().union(*map(things, done.plan.ready))
    for step in done.plan.steps:
        if step.standing is Standing.BLOCKED:
            assert things(step) <= done.after, f"{step.name} was blocked"
    if not done.exact_engine:
        return
    for step, was, now in zip(done.plan.ready, done.figures, done.figures[1:], strict=False):
        assert_within(f"{step.kind} {step.name}", step.freed, was, now)
    assert len(done.figures) == len(done.plan.ready) + 1
    assert_within("all", done.plan.freed, done.figures[0], done.figures[-1])
    if exactly:
        assert {step.freed.certainty for step in done.plan.ready} <= {Certainty.EXACT}
        assert done.plan.freed.certainty is Certainty.EXACT


def assert_within(what: str, said: Estimate, was: Figures, now: Figures) -> None:
    """Hold what was said against both truths."""
    drop = was.engine_bytes - now.engine_bytes
    assert within(said, drop), f"{what}: {said}, and the engine says {drop}"
    if was.disk_bytes is not None and now.disk_bytes is not None:
        drop = was.disk_bytes - now.disk_bytes
        assert within(said, drop), f"{what}: {said}, and on the disk it is {drop}"


def within(said: Estimate, true_bytes: int) -> bool:
    """True when the bytes are what was said of them."""
    match said.certainty:
        case Certainty.EXACT:
            return true_bytes == said.bytes
        case Certainty.UP_TO:
            return true_bytes <= (said.bytes or 0)
        case Certainty.AT_LEAST:
            return true_bytes >= (said.bytes or 0)
        case _:
            return True


def things(step: Step) -> set[tuple[Kind, str]]:
    """What is gone once a step is done, tags included."""
    tags = {(Kind.IMAGE, mark.tag) for mark in step.marks if mark.tag}
    return tags | ({step.key} if step.removes_object else set())


async def clean(dockerd: PrivateDockerd, world: str, spared: frozenset[int]) -> Done:
    """Make a world, plan for all marks but those that are spared, and carry the plan out."""
    lab = DockerLab(dockerd)
    try:
        engine = await lab.engine()
        await WORLDS[world](lab)
        look = await read_world(engine)
        marks = [mark for number, mark in enumerate(all_marks(look.inventory)) if number % MOST_MARKS not in spared]
        plan = plan_cleanup(look.inventory, look.holdings, marks)
        figures = [stored(lab)]
        finished = 0

        def note(progress: CleanupProgress) -> None:
            nonlocal finished
            over = sum(one.state.over for one in progress.steps)
            if over > finished:
                finished = over
                figures.append(stored(lab))

        before = await everything(engine)
        with tempfile.TemporaryDirectory() as folder:
            journal = Journal(Path(folder) / "journal.jsonl")
            backups = BackupFolder(Path(folder) / "backups")
            cleanup = Cleanup(engine, plan, journal, backups, on_progress=note)
            await cleanup.run()
        host = look.inventory.host
        assert host is not None
        exact = host.product == DOCKER and host.image_store != CONTAINERD_STORE
        return Done(plan, cleanup.progress, before, await everything(engine), tuple(figures), exact)
    finally:
        await lab.close()


def all_marks(inventory: Inventory) -> list[Mark]:
    """Everything that can be marked, in the same order whenever the world is made again, as far as can be."""
    found = [mark for image_id in inventory.images_by_id for mark in marks_of_image(inventory, image_id)]
    found += [Mark(Kind.CONTAINER, one.id) for one in inventory.containers]
    found += [Mark(Kind.VOLUME, one.name) for one in inventory.volumes]
    found += [Mark(Kind.CACHE_RECORD, record_id) for record_id in inventory.cache_records_by_id]
    names = {one.id: one.name for one in inventory.containers}
    descriptions = {one.id: one.description for one in inventory.cache_records_by_id.values()}
    return sorted(found, key=lambda mark: (mark.kind, mark.tag or names.get(mark.id) or descriptions.get(mark.id, "")))


def stored(lab: DockerLab) -> Figures:
    """What the engine stores now."""
    usage: Mapping[str, Any] = lab.api.df()
    rows = [row.get("SizeRw", 0) for row in usage["Containers"] or ()]
    rows += [row["UsageData"]["Size"] for row in usage["Volumes"] or ()]
    rows += [row["Size"] for row in usage["BuildCache"] or () if not row["Shared"]]
    data = lab.dockerd.root / "data"
    layers = data / "overlay2"
    # Of a container's own two layers the engine counts the one it writes to, not the one with its mount points.
    own = [folder for folder in layers.glob("*/diff") if not folder.parent.name.endswith("-init")]
    disk = sum(map(size_of, [*own, *data.glob("volumes/*/_data")])) if layers.exists() else None
    return Figures(int(usage["LayersSize"] + sum(rows)), disk)


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder, hard links once, folders not at all."""
    found = [path.lstat() for path in folder.rglob("*")]
    return sum({one.st_ino: one.st_size for one in found if not stat.S_ISDIR(one.st_mode)}.values())
