"""A volume comes back from its backup as it was; or nothing does."""

from __future__ import annotations

import asyncio
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cleaning.reviewed import Run, Trapped, plan_of, volume_step
from tests.engine.lab import Lab
from tui.cleaning.errors import RestoreError
from tui.cleaning.restoring import free_name, restore
from tui.engine.demo.engine import DemoEngine
from tui.engine.errors import ConflictError, ConnectionLostError
from tui.engine.port import Engine
from tui.model.journal_record import SessionRecord
from tui.model.storage import Phase, Reading


async def _removed(engine: Engine, name: str, folder: Path) -> tuple[Run, SessionRecord]:
    run = Run(engine, await plan_of(engine, await volume_step(engine, name)), folder, back_up=[name])
    await run.to_the_end()
    (session,) = await run.sessions()
    assert (session.steps[0].outcome, session.steps[0].sentence) == ("done", "")
    return run, session


async def _names(engine: Engine) -> set[str]:
    return {volume.name for volume in await engine.volumes()}


async def test_restored_as_it_was(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    name = await lab.create_volume("restore-me", labels={"keep": "this"})
    await lab.write_volume_file(name, "folder/file", 20_000)
    run, session = await _removed(engine, name, tmp_path)
    assert name not in await _names(engine)
    await restore(engine, session.steps[0], session.session, await free_name(engine, name), run.journal)
    assert dict((await engine.volume_detail(name)).volume.labels) == {"keep": "this"}
    (session,) = await run.sessions()
    assert session.steps[0].restored_as == (name,)
    again = tmp_path / "again.tar"
    with again.open("wb") as file:

        def take(data: bytes) -> None:
            file.write(data)

        await engine.volume_archive(name, take, lambda _reading: None)
    contents = []
    for path in (run.parts[0], again):
        with tarfile.open(path) as archive:
            contents.append([(m.name, m.size, m.mode, m.uid, m.gid) for m in archive if m.isfile()])
    assert contents[0] == contents[1]
    assert contents[0][0][1] == 20_000


async def test_a_taken_name_is_not_taken_over(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    name = await lab.create_volume("restore-taken")
    run, session = await _removed(engine, name, tmp_path)
    await lab.create_volume(name)
    with pytest.raises(ConflictError):
        await restore(engine, session.steps[0], session.session, name, run.journal)
    other = await free_name(engine, name)
    assert other == "restore-taken-restored"
    await restore(engine, session.steps[0], session.session, other, run.journal)
    assert await free_name(engine, name) == "restore-taken-restored-2"
    (session,) = await run.sessions()
    assert session.steps[0].restored_as == (other,)


@pytest.mark.parametrize("damage", ["gone", "changed", "shorter"])
async def test_a_damaged_backup_restores_nothing(lab: Lab, engine: Engine, tmp_path: Path, damage: str) -> None:
    name = await lab.create_volume("restore-damaged")
    run, session = await _removed(engine, name, tmp_path)
    (path,) = run.parts
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"X" + data[1:] if damage == "changed" else data[:-512])
    trapped = Trapped(engine)
    with pytest.raises(RestoreError):
        await restore(trapped.engine, session.steps[0], session.session, name, run.journal)
    assert trapped.calls == []
    assert name not in await _names(engine)
    (session,) = await run.sessions()
    assert session.steps[0].restored_as == ()


async def test_a_backup_that_changes_after_the_check_restores_nothing(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    name = await lab.create_volume("restore-late")
    await lab.write_volume_file(name, "file", 20_000)
    run, session = await _removed(engine, name, tmp_path)
    (path,) = run.parts
    before = await _names(engine)

    async def damage() -> None:
        data = path.read_bytes()
        path.write_bytes(data[:9000] + b"X" + data[9001:])

    trapped = Trapped(engine, before={"restore_volume": damage})
    with pytest.raises(RestoreError, match="is not what was written"):
        await restore(trapped.engine, session.steps[0], session.session, name, run.journal)
    assert await _names(engine) == before


async def test_without_a_backup_there_is_nothing_to_restore(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    name = await lab.create_volume("restore-nothing")
    run, session = await _removed(engine, name, tmp_path)
    record = replace(session.steps[0], lost=replace(session.steps[0].lost, backup_path=""))
    with pytest.raises(RestoreError, match="was not backed up"):
        await restore(engine, record, session.session, name, run.journal)


async def _half(engine: DemoEngine, folder: Path, *, away: bool) -> tuple[Run, SessionRecord, Engine]:
    """A volume that was backed up and removed, and an engine that makes its successor and then stops in the middle."""
    run, session = await _removed(engine, "media", folder)

    class Halting(Trapped):
        async def restore_volume(self, name: str, *_arguments: object, **_options: object) -> None:
            engine.world.create_volume(name)
            if away:
                engine.go_away()
                raise ConnectionLostError("The engine went away in the middle of an answer.")
            await asyncio.sleep(60)

    return run, session, Halting(engine).engine


async def test_a_half_restored_volume_is_said_to_be_one_and_can_be_restored_again(tmp_path: Path) -> None:
    engine = DemoEngine()
    run, session, halting = await _half(engine, tmp_path, away=True)
    with pytest.raises(RestoreError, match="half restored"):
        await restore(halting, session.steps[0], session.session, "media", run.journal)
    engine.come_back()
    (session,) = await run.sessions()
    assert (session.steps[0].half_restored_as, session.steps[0].restored_as) == (("media",), ())
    await engine.remove_volume("media")
    await restore(engine, session.steps[0], session.session, "media", run.journal)
    (session,) = await run.sessions()
    assert (session.steps[0].half_restored_as, session.steps[0].restored_as) == ((), ("media",))


async def test_stopped_in_the_middle_with_the_half_of_it_left(tmp_path: Path) -> None:
    engine = DemoEngine()
    run, session, halting = await _half(engine, tmp_path, away=False)
    task = asyncio.create_task(restore(halting, session.steps[0], session.session, "media", run.journal))
    while "media" not in await _names(engine):
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(RestoreError, match=r"Restoring was stopped\. Volume media may be there"):
        await task
    (session,) = await run.sessions()
    assert session.steps[0].half_restored_as == ("media",)


async def test_stopped_in_the_middle_nothing_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    name = await lab.create_volume("restore-stopped")
    await lab.write_volume_file(name, "file", 3_000_000)
    run, session = await _removed(engine, name, tmp_path)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read(reading: Reading) -> None:
        if reading.phase is Phase.WAITING:
            loop.call_soon_threadsafe(begun.set)

    task = asyncio.create_task(restore(engine, session.steps[0], session.session, name, run.journal, on_reading=read))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert name not in await _names(engine)
    (session,) = await run.sessions()
    assert (session.steps[0].half_restored_as, session.steps[0].restored_as) == ((), ())
