"""Plans of what an engine holds now, as if somebody had just reviewed them; and engines with a trap in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from pathlib import Path
from typing import Any, cast

from tui.cleaning.backup import BackupFolder
from tui.cleaning.cleanup import Cleanup
from tui.cleaning.history import read_history
from tui.cleaning.journal import Journal
from tui.engine.port import Engine
from tui.model.cleanup_plan import CleanupPlan, Reviewed, Step
from tui.model.cleanup_progress import CleanupProgress, StepProgress, StepState
from tui.model.container import RUNNING_STATES
from tui.model.journal_record import SessionRecord
from tui.model.mark import Kind, Mark

Trap = Callable[[], Awaitable[object]]


async def container_step(engine: Engine, container_id: str, *, force: bool = False) -> Step:
    found = await engine.container_detail(container_id)
    reviewed = Reviewed(state=found.state, alive=found.state in RUNNING_STATES)
    marks = (Mark(Kind.CONTAINER, found.id),)
    return Step(Kind.CONTAINER, found.id, found.name, marks, force=force, reviewed=reviewed)


async def image_step(engine: Engine, image_id: str, *tags: str) -> Step:
    """The image goes whole, or only these tags of it."""
    found = await engine.image_detail(image_id)
    whole = not tags or set(tags) == set(found.tags)
    untags = tuple(sorted(found.tags)) if whole and len(found.tags) > 1 else () if whole else tags
    reviewed = Reviewed(tags=tuple(sorted(found.tags)), digests=tuple(sorted(found.digests)))
    marks = tuple(Mark(Kind.IMAGE, found.id, tag) for tag in tags or found.tags or ("",))
    name = found.tags[0] if found.tags else ""
    return Step(Kind.IMAGE, found.id, name, marks, untags=untags, removes_object=whole, reviewed=reviewed)


async def volume_step(engine: Engine, name: str) -> Step:
    found = (await engine.volume_detail(name)).volume
    reviewed = Reviewed(created=found.created, driver=found.driver)
    return Step(Kind.VOLUME, name, name, (Mark(Kind.VOLUME, name),), reviewed=reviewed, named_volume=True)


def cache_step(record_id: str) -> Step:
    return Step(Kind.CACHE_RECORD, record_id, "", (Mark(Kind.CACHE_RECORD, record_id),))


async def plan_of(engine: Engine, *steps: Step) -> CleanupPlan:
    return CleanupPlan(steps, engine_id=(await engine.host()).id)


class Trapped:
    """An engine in whose way something happens: just before or just after its methods are called."""

    def __init__(
        self, engine: Engine, *, before: Mapping[str, Trap] | None = None, after: Mapping[str, Trap] | None = None
    ):
        self._engine = engine
        self._before = before or {}
        self._after = after or {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if not callable(found):
            return found

        async def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append((name, arguments))
            if trap := self._before.get(name):
                await trap()
            answer = await found(*arguments, **options)
            if trap := self._after.get(name):
                await trap()
            return answer

        return call

    @property
    def engine(self) -> Engine:
        return cast("Engine", self)


class Run:
    """A cleanup in a folder of its own, and everything it told."""

    def __init__(
        self, engine: Engine, plan: CleanupPlan, folder: Path, *, back_up: Collection[str] = (), patience: float = 0.2
    ) -> None:
        self.seen: list[CleanupProgress] = []
        self.journal = Journal(folder / "state" / "journal.jsonl")
        self.backups = BackupFolder(folder / "state" / "backups")
        self.cleanup = Cleanup(
            engine, plan, self.journal, self.backups,
            back_up=back_up, on_progress=self.seen.append, patience=patience,
        )  # fmt: skip

    async def to_the_end(self) -> CleanupProgress:
        await self.cleanup.run()
        return self.cleanup.progress

    async def sessions(self) -> tuple[SessionRecord, ...]:
        history = await read_history(self.journal.path)
        assert history.problems == ()
        return history.sessions

    @property
    def parts(self) -> list[Path]:
        folder = self.backups.path
        return sorted(folder.iterdir()) if folder and folder.exists() else []


def only(progress: CleanupProgress) -> StepProgress:
    (step,) = progress.steps
    return step


def states(progress: CleanupProgress) -> list[StepState]:
    return [one.state for one in progress.steps]


async def everything(engine: Engine) -> set[tuple[Kind, str]]:
    """All that there is: images, their tags, containers, volumes, cache records."""
    images = await engine.images()
    found = {(Kind.IMAGE, image.id) for image in images} | {(Kind.IMAGE, tag) for i in images for tag in i.tags}
    found |= {(Kind.CONTAINER, one.id) for one in await engine.containers()}
    found |= {(Kind.VOLUME, one.name) for one in await engine.volumes()}
    return found | {(Kind.CACHE_RECORD, one.id) for one in (await engine.disk_usage()).build_cache}
