"""A volume that only points to a folder of the host: its entry goes, the files stay, before and after a restoring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.cleaning.reviewed import Run
from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tui.cleaning.figures import usage_of
from tui.cleaning.restoring import restore
from tui.engine.port import Engine
from tui.model.cleanup_plan import CleanupPlan
from tui.model.cleanup_planning import plan_cleanup
from tui.model.estimate import Estimate
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark

LISTED = frozenset({"images", "containers", "volumes"})


@pytest_asyncio.fixture
async def lab(dockerd: PrivateDockerd) -> AsyncIterator[DockerLab]:
    made = DockerLab(dockerd)
    yield made
    await made.close()


async def bind_volume(lab: DockerLab, folder: Path) -> str:
    """A volume that points to ``folder``, in which a file of a million bytes lies."""
    folder.mkdir()
    (folder / "file").write_bytes(b"as it was" + bytes(1_000_000))
    options = {"type": "none", "o": "bind", "device": str(folder)}
    made = await asyncio.to_thread(lab.api.create_volume, "points-to", driver_opts=options)
    return str(made["Name"])


async def planned(engine: Engine, name: str) -> CleanupPlan:
    listed = Inventory(
        await engine.host(), await engine.images(), await engine.containers(), await engine.volumes(), LISTED
    )
    return plan_cleanup(listed.with_usage(await usage_of(engine)), Holdings(), [Mark(Kind.VOLUME, name)])


async def test_the_entry_goes_the_files_stay_and_no_byte_is_promised(lab: DockerLab, tmp_path: Path) -> None:
    engine, folder = await lab.engine(), tmp_path / "srv"
    name = await bind_volume(lab, folder)
    plan = await planned(engine, name)
    assert [(step.device, step.freed) for step in plan.ready] == [(str(folder), Estimate(0))]
    progress = await Run(engine, plan, tmp_path).to_the_end()
    assert name not in {volume.name for volume in await engine.volumes()}
    assert (folder / "file").read_bytes().startswith(b"as it was")
    assert progress.freed_bytes == 0


async def test_restoring_its_backup_does_not_write_over_what_is_there_now(lab: DockerLab, tmp_path: Path) -> None:
    engine, folder = await lab.engine(), tmp_path / "srv"
    name = await bind_volume(lab, folder)
    run = Run(engine, await planned(engine, name), tmp_path, back_up=[name])
    await run.to_the_end()
    (session,) = await run.sessions()
    assert session.steps[0].lost.backup_path
    (folder / "file").write_bytes(b"changed since")
    await restore(engine, session.steps[0], session.session, name, run.journal)
    assert (folder / "file").read_bytes() == b"changed since"
    assert (lab.mountpoint(name) / "file").read_bytes().startswith(b"as it was")
    assert not (await engine.volume_detail(name)).volume.options
