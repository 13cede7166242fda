"""Backups: whole, verified and private, or none at all; and then the volume stays."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tarfile
from pathlib import Path

import pytest

from tests.cleaning.reviewed import Run, Trapped, everything, only, plan_of, states, volume_step
from tests.cleaning.small_disk import fill_up, small_disk
from tests.engine.lab import Lab, VolumeMount
from tui.cleaning.backup import BackupFolder
from tui.cleaning.errors import BackupError
from tui.cleaning.part_file import PartFile, file_stem, sweep
from tui.contents.reading import OnReading, Take
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.files import text
from tui.engine.demo.world import World
from tui.engine.errors import ConnectionLostError, EngineFaultError
from tui.engine.port import Engine
from tui.model.cleanup_progress import StepState
from tui.model.mark import Kind


async def test_backed_up_verified_and_then_removed(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    volume = await lab.create_volume("backup-me", labels={"keep": "this"})
    await lab.write_volume_file(volume, "folder/file", 300_000)
    run = Run(engine, await plan_of(engine, await volume_step(engine, volume)), tmp_path, back_up=[volume])
    step = only(await run.to_the_end())
    assert (step.state, step.sentence) == (StepState.DONE, "")
    (path,) = run.parts
    assert step.backup_path == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with tarfile.open(path) as archive:
        assert {name.strip("/").removeprefix("./") for name in archive.getnames()} >= {"folder/file"}
    (session,) = await run.sessions()
    lost = session.steps[0].lost
    assert lost.backup_path == str(path)
    assert lost.backup_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert lost.backup_bytes == path.stat().st_size
    seen = [progress.steps[0].state for progress in run.seen]
    order = [StepState.CHECKING, StepState.BACKING_UP, StepState.VERIFYING, StepState.REMOVING, StepState.DONE]
    assert [state for state in dict.fromkeys(seen) if state in order] == order
    assert not (await everything(engine)) & {(Kind.VOLUME, volume)}


async def test_a_volume_that_changes_meanwhile_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    volume = await lab.create_volume("backup-changing")
    await lab.write_volume_file(volume, "file", 10_000)
    sizes = iter(range(10_001, 10_100))
    trapped = Trapped(engine, after={"volume_archive": lambda: lab.write_volume_file(volume, "file", next(sizes))})
    run = Run(trapped.engine, await plan_of(engine, await volume_step(engine, volume)), tmp_path, back_up=[volume])
    step = only(await run.to_the_end())
    assert step.state is StepState.SKIPPED
    assert "changed while it was backed up" in step.sentence
    assert run.parts == []
    assert "remove_volume" not in [name for name, _ in trapped.calls]
    assert (Kind.VOLUME, volume) in await everything(engine)


async def test_a_volume_in_use_is_not_even_backed_up(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    volume = await lab.create_volume("backup-used")
    image = await lab.create_image("backup/used:1")
    plan = await plan_of(engine, await volume_step(engine, volume))
    await lab.create_container(image, name="backup-user", mounts=[VolumeMount(volume, "/data")])
    trapped = Trapped(engine)
    step = only(await Run(trapped.engine, plan, tmp_path, back_up=[volume]).to_the_end())
    assert step.state is StepState.SKIPPED
    assert "backup-user" in step.sentence
    assert "volume_archive" not in [name for name, _ in trapped.calls]


async def test_a_volume_that_came_into_use_meanwhile_stays(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    volume = await lab.create_volume("backup-used")
    image = await lab.create_image("backup/used:1")
    plan = await plan_of(engine, await volume_step(engine, volume))

    async def use() -> None:
        if not [one for one in await engine.containers() if one.name == "backup-user"]:
            await lab.create_container(image, name="backup-user", mounts=[VolumeMount(volume, "/data")])

    trapped = Trapped(engine, after={"volume_archive": use})
    run = Run(trapped.engine, plan, tmp_path, back_up=[volume])
    step = only(await run.to_the_end())
    assert step.state is StepState.SKIPPED
    assert (Kind.VOLUME, volume) in await everything(engine)
    assert len(run.parts) == 1  # verified by then, and told
    assert step.backup_path == str(run.parts[0])


async def test_a_disk_that_fills_up_keeps_the_volume(lab: Lab, engine: Engine, tmp_path: Path) -> None:
    volume = await lab.create_volume("backup-large")
    await lab.write_volume_file(volume, "file", 60_000)
    other = await lab.create_volume("backup-other")

    async def say_nothing() -> None:
        raise EngineFaultError("No sizes today.")  # else there is seen to be no room, and nothing is written at all

    sizeless = Trapped(engine, before={"disk_usage": say_nothing}).engine
    with small_disk(tmp_path / "disk", 32 << 20) as disk:
        fill_up(disk)
        plan = await plan_of(engine, await volume_step(engine, volume), await volume_step(engine, other))
        run = Run(sizeless, plan, tmp_path, back_up=[volume])
        run.backups.path = disk / "backups"
        (disk / "filler").open("r+").truncate((disk / "filler").stat().st_size - 40_000)
        progress = await run.to_the_end()
        assert run.parts == []
    assert states(progress) == [StepState.SKIPPED, StepState.DONE]
    assert "no space left on device" in progress.steps[0].sentence.lower()
    assert "Nothing was removed." in progress.steps[0].sentence
    assert (Kind.VOLUME, volume) in await everything(engine)


async def test_room_is_looked_for_first(tmp_path: Path) -> None:
    engine = Trapped(DemoEngine())
    with pytest.raises(BackupError, match="no room for a backup of volume media"):
        await BackupFolder(tmp_path / "backups").back_up(engine.engine, "media", expected_bytes=1 << 60)
    assert engine.calls == []


class _Archive:
    """An engine whose archives are what a test says, one after another."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self._answers = list(answers)

    async def volume_archive(self, _name: str, take: Take, _on_reading: OnReading) -> None:
        answer = self._answers.pop(0)
        data = answer if isinstance(answer, bytes) else bytes(1024)
        for at in range(0, len(data), 512):
            take(data[at : at + 512])
        if isinstance(answer, Exception):
            raise answer


def _tar(content: bytes = b"content") -> bytes:
    import io

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("./file")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()[: 512 * 4]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ((_tar()[:-1024], _tar()[:-1024]), "no end mark"),
        ((_tar()[:-512], _tar()[:-512]), "no end mark"),
        ((_tar()[:515],) * 2, "cut short"),
        ((b"no tar at all" * 100,) * 2, "broken"),
        ((b"", b""), "no end mark"),
        ((_tar(), _tar(b"changed")), "changed while it was backed up"),
        ((_tar(), _tar()[:-512]), "changed while it was backed up"),
        ((EngineFaultError("The disk has a bad day."), _tar()), "bad day"),
        ((_tar(), EngineFaultError("The disk has a bad day.")), "could not be verified"),
    ],
)
async def test_what_is_not_whole_is_no_backup(
    tmp_path: Path, answers: tuple[bytes | Exception, ...], words: str
) -> None:
    folder = BackupFolder(tmp_path / "backups")
    with pytest.raises(BackupError, match=words):
        await folder.back_up(_Archive(*answers), "data")  # type: ignore[arg-type]
    assert list((tmp_path / "backups").iterdir()) == []


async def test_an_engine_that_goes_away_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = BackupFolder(tmp_path / "backups")
    with pytest.raises(ConnectionLostError):
        await folder.back_up(_Archive(ConnectionLostError("Gone.")), "data")  # type: ignore[arg-type]
    assert list((tmp_path / "backups").iterdir()) == []


async def test_a_whole_one_counts_its_entries(tmp_path: Path) -> None:
    backup = await BackupFolder(tmp_path).back_up(_Archive(_tar(), _tar()), "data")  # type: ignore[arg-type]
    assert (backup.entries, backup.bytes) == (1, 2048)
    assert backup.path.read_bytes() == _tar()
    assert backup.sha256 == hashlib.sha256(_tar()).hexdigest()


async def test_a_file_that_rots_on_the_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rot(self: PartFile) -> None:
        flush(self)
        data = self.path.read_bytes()
        self.path.write_bytes(data[:520] + b"X" + data[521:])

    flush = PartFile.finish
    monkeypatch.setattr(PartFile, "finish", rot)
    with pytest.raises(BackupError, match="does not hold what was written"):
        await BackupFolder(tmp_path).back_up(_Archive(_tar(), _tar()), "data")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


async def test_nothing_is_ever_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.cleaning.part_file.time.strftime", lambda *_: "20250101T000000Z")
    backups = [
        await BackupFolder(tmp_path).back_up(_Archive(_tar(c), _tar(c)), "data")  # type: ignore[arg-type]
        for c in (b"1", b"2", b"3")
    ]
    names = ["data-20250101T000000Z.tar", "data-20250101T000000Z-2.tar", "data-20250101T000000Z-3.tar"]
    assert [backup.path.name for backup in backups] == names
    assert backups[0].path.read_bytes() == _tar(b"1")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("postgres_data", "postgres_data"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "volume"),
        ("-rf", "rf"),
        ("\x1b[2J\n", "__2J_"),
        ("", "volume"),
        ("ä" * 300, "_" * 100),
        ("\udcff", "_"),
    ],
)
def test_names_of_files_are_harmless(name: str, stem: str) -> None:
    assert file_stem(name) == stem


async def test_stopping_gives_the_backup_up_and_keeps_the_volume(tmp_path: Path) -> None:
    world = World()
    world.create_volume("one").files["/file"] = text("content")
    world.create_volume("two")
    engine = DemoEngine(world=world)
    engine.hang("volume_archive")

    async def stop() -> None:
        asyncio.get_running_loop().call_later(0.02, run.cleanup.stop)

    trapped = Trapped(engine, before={"volume_archive": stop})
    steps = [await volume_step(engine, name) for name in ("one", "two")]
    run = Run(trapped.engine, await plan_of(engine, *steps), tmp_path, back_up=["one"])
    progress = await run.to_the_end()
    assert states(progress) == [StepState.SKIPPED, StepState.WAITING]
    assert {volume.name for volume in await engine.volumes()} == {"one", "two"}
    assert run.parts == []


async def test_cancelling_leaves_nothing_behind(tmp_path: Path) -> None:
    engine = DemoEngine()
    engine.hang("volume_archive")
    run = Run(engine, await plan_of(engine, await volume_step(engine, "media")), tmp_path, back_up=["media"])
    task = asyncio.create_task(run.cleanup.run())
    while not run.parts:
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert run.parts == []
    assert "media" in {volume.name for volume in await engine.volumes()}


def test_what_a_killed_orlop_left_is_swept_and_what_is_written_stays(tmp_path: Path) -> None:
    left = tmp_path / "left-20250101T000000Z.tar.part"
    left.write_bytes(bytes(1000))
    finished = tmp_path / "done-20250101T000000Z.tar"
    finished.write_bytes(bytes(10))
    writing = PartFile(tmp_path, "busy", 0)
    assert sweep(tmp_path) == 1000
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([finished.name, writing.path.name])
    writing.discard()
    assert os.listdir(tmp_path) == [finished.name]
