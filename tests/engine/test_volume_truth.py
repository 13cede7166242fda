"""What an archive of a volume keeps, held against the files themselves: on a real engine, beside its disk."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import signal
import stat
import struct
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio

from tests.engine.contract.conftest import PATIENCE
from tests.engine.contract.test_volume_archives import archived, everything, ignore
from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tests.engine.test_docker_engine import threads_left
from tui.engine import helper_objects
from tui.engine.docker_engine import DockerEngine
from tui.engine.errors import EngineError, EngineUnavailableError, NotFoundError
from tui.engine.sdk import SdkClient
from tui.model.host import Endpoint
from tui.model.leftovers import Maker, is_leftover

MOMENT = 1_600_000_000
CAPABILITY = struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0)
"""``cap_net_bind_service=ep``, as the kernel keeps it. Source: capabilities(7), linux/capability.h."""


@pytest_asyncio.fixture
async def lab(dockerd: PrivateDockerd) -> AsyncIterator[DockerLab]:
    made = DockerLab(dockerd)
    yield made
    await made.close()


class Found(NamedTuple):
    """One entry of a tree on a disk."""

    mode: int
    owners: tuple[int, int]
    size: int
    modified: int
    device: int
    link: str
    digest: str
    capability: bytes
    names: int


def tree(root: Path) -> dict[bytes, Found]:
    """Everything below ``root``, by name; and the root itself, whose time is not kept."""
    found = {b"": _found(os.fsencode(root))._replace(modified=0)}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in [*folders, *files]:
            path = folder + b"/" + name
            found[os.path.relpath(path, os.fsencode(root))] = _found(path)
    return found


def _found(path: bytes) -> Found:
    status = os.lstat(path)
    regular, folder = stat.S_ISREG(status.st_mode), stat.S_ISDIR(status.st_mode)
    try:
        capability = os.getxattr(path, "security.capability", follow_symlinks=False)
    except OSError:
        capability = b""
    return Found(
        status.st_mode,
        (status.st_uid, status.st_gid),
        status.st_size if regular else 0,
        int(status.st_mtime),
        status.st_rdev,
        os.fsdecode(os.readlink(path)) if stat.S_ISLNK(status.st_mode) else "",
        hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).hexdigest() if regular else "",
        capability,
        1 if folder else status.st_nlink,
    )


def fill(root: Path) -> None:
    """Every kind of entry that a tar can hold, and names of any bytes."""
    for path in ("a", "a/b", "closed", "empty", "sticky"):
        (root / path).mkdir()
    (root / "a/file").write_bytes(b"content")
    (root / "a/large").write_bytes(os.urandom(3_000_000))
    (root / "a/again").hardlink_to(root / "a/large")
    (root / "zz-first-name").write_bytes(b"linked from a folder that comes before it")
    (root / "a/b/other-name").hardlink_to(root / "zz-first-name")
    (root / "a/link").symlink_to("b/missing")
    (root / "a/outward").symlink_to("/etc/passwd")
    (root / "a/up").symlink_to("../../../../..")
    (root / ("n" * 255)).write_bytes(b"longest name")
    (root / "/".join(["deep"] * 40)).mkdir(parents=True)
    (root / "/".join(["deep"] * 40) / "leaf").write_bytes(b"")
    (root / "new\nline and ' \" \\ *").write_bytes(b"x")
    (root / ".hidden").write_bytes(b"")
    (root / ".wh.not-a-whiteout").write_bytes(b"a volume has no layers")
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9\xff")).write_bytes(b"not UTF-8")
    os.mkfifo(root / "pipe")
    os.mknod(root / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.mknod(root / "disk", stat.S_IFBLK | 0o660, os.makedev(7, 200))
    with (root / "holes").open("wb") as sparse:
        sparse.truncate(5_000_000)
    (root / "bound").write_bytes(b"\x7fELF")
    os.setxattr(root / "bound", "security.capability", CAPABILITY)
    (root / "suid").write_bytes(b"#!")
    (root / "suid").chmod(0o6755)
    (root / "closed/secret").write_bytes(b"s3cret")
    (root / "closed/secret").chmod(0)
    (root / "closed").chmod(0o700)
    (root / "sticky").chmod(0o1777)
    for name in ("a/file", "closed", "closed/secret", "a/link"):
        os.chown(root / name, 70_001, 4_000_000_000, follow_symlinks=False)
    for old in (root / "a/file", root / "a", root / "empty", root / "closed"):
        os.utime(old, (MOMENT, MOMENT))
    root.chmod(0o700)
    os.chown(root, 999, 998)


async def test_every_kind_of_file_comes_back(lab: DockerLab) -> None:
    engine = await lab.engine()
    volume = await lab.create_volume("truth")
    fill(lab.mountpoint(volume))
    before = tree(lab.mountpoint(volume))
    archive = await archived(engine, volume)
    assert tree(lab.mountpoint(volume)) == before, "reading changed the volume"
    await engine.remove_volume(volume)
    await engine.restore_volume(volume, io.BytesIO(archive), on_reading=ignore)
    after = tree(lab.mountpoint(volume))
    assert after.keys() == before.keys()
    assert {name: (before[name], found) for name, found in after.items() if found != before[name]} == {}


async def test_a_restored_volume_is_as_large_as_the_engine_says(lab: DockerLab) -> None:
    engine = await lab.engine()
    volume = await lab.create_volume("truth")
    await lab.write_volume_file(volume, "large", 3_000_000)
    archive = await archived(engine, volume)
    await engine.restore_volume("truth-again", io.BytesIO(archive), on_reading=ignore)
    usage = (await engine.disk_usage()).volumes
    assert usage["truth-again"].size_bytes == usage["truth"].size_bytes


async def test_options_come_back(lab: DockerLab) -> None:
    engine = await lab.engine()
    volume = await lab.create_volume("truth")
    archive = await archived(engine, volume)
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}
    await engine.restore_volume("truth-again", io.BytesIO(archive), options=options, on_reading=ignore)
    assert dict((await engine.volume_detail("truth-again")).volume.options) == options


async def test_a_disk_that_is_too_small_is_named_and_no_volume_stays(lab: DockerLab) -> None:
    engine = await lab.engine()
    volume = await lab.create_volume("truth")
    await lab.write_volume_file(volume, "large", 5_000_000)
    archive = await archived(engine, volume)
    there = await everything(engine)
    small = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}
    with pytest.raises(EngineError, match="no space left on device"):
        await engine.restore_volume("truth-again", io.BytesIO(archive), options=small, on_reading=ignore)
    assert await everything(engine) == there


class Slow:
    """An archive that stops in the middle until it is told to go on."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def read(self, size: int, /) -> bytes:
        if self._data.tell() > 1_000_000:
            self.begun.set()
            self.go_on.wait(PATIENCE)
        return self._data.read(size)


async def test_a_restore_that_is_cancelled_leaves_nothing(lab: DockerLab) -> None:
    engine = await lab.engine()
    volume = await lab.create_volume("truth")
    await lab.write_volume_file(volume, "large", 5_000_000)
    slow = Slow(await archived(engine, volume))
    there = await everything(engine)
    task = asyncio.create_task(engine.restore_volume("truth-again", slow, on_reading=ignore))
    assert await asyncio.to_thread(slow.begun.wait, PATIENCE)
    task.cancel()
    slow.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await everything(engine) == there


@pytest.mark.parametrize("what", ["backup", "restore"])
async def test_closing_the_engine_in_the_middle_leaves_nothing(lab: DockerLab, what: str) -> None:
    engine, onlooker = await lab.engine(), await lab.engine()
    volume = await lab.create_volume("truth")
    await lab.write_volume_file(volume, "large", 5_000_000)
    slow = Slow(await archived(engine, volume))
    there = await everything(onlooker)

    def take(_piece: bytes) -> None:
        slow.begun.set()
        slow.go_on.wait(PATIENCE)

    restore = engine.restore_volume("truth-again", slow, on_reading=ignore)
    work = engine.volume_archive(volume, take, ignore) if what == "backup" else restore
    task = asyncio.create_task(work)
    assert await asyncio.to_thread(slow.begun.wait, PATIENCE)
    asyncio.get_running_loop().call_later(0.05, slow.go_on.set)
    await engine.close()
    with pytest.raises(EngineUnavailableError):
        await task
    assert await everything(onlooker) == there
    restore.close()
    await onlooker.close()
    assert await threads_left() == []


async def test_a_volume_that_vanishes_at_that_moment_is_not_made_again(
    lab: DockerLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container that mounts a volume which isn't there makes an empty one of that name."""
    engine = await lab.engine()
    volume = await lab.create_volume("truth")
    whole = helper_objects._import_image

    def too_late(sdk: SdkClient, maker: Maker) -> str:
        lab.api.remove_volume(volume)
        return whole(sdk, maker)

    monkeypatch.setattr(helper_objects, "_import_image", too_late)
    there = await everything(engine)
    with pytest.raises(NotFoundError, match="truth"):
        await archived(engine, volume)
    assert await everything(engine) == there - {volume}


async def test_a_volume_that_was_made_anew_at_that_moment_is_left_alone(
    lab: DockerLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = await lab.engine()
    volume = await lab.create_volume("truth")
    whole = helper_objects._import_image

    def meanwhile(sdk: SdkClient, maker: Maker) -> str:
        lab.api.remove_volume(volume)
        time.sleep(1.1)  # the engine tells full seconds
        lab.api.create_volume(volume, labels={"another": "one"})
        return whole(sdk, maker)

    monkeypatch.setattr(helper_objects, "_import_image", meanwhile)
    there = await everything(engine)
    with pytest.raises(NotFoundError, match="truth"):
        await archived(engine, volume)
    assert await everything(engine) == there
    assert (await engine.volume_detail(volume)).volume.labels == {"another": "one"}


async def test_a_daemon_that_is_stopped_in_the_middle_is_told(dockerd: PrivateDockerd) -> None:
    """It may send the archive to its end before it goes: then it is the helper that can't be removed any more."""
    lab = DockerLab(dockerd)
    engine = DockerEngine(Endpoint(dockerd.url))
    volume = await lab.create_volume("truth")
    await lab.write_volume_file(volume, "large", 300_000_000)
    stopped = threading.Event()

    def take(_piece: bytes) -> None:
        if not stopped.is_set():
            stopped.set()
            os.kill(dockerd.pid, signal.SIGTERM)
            while dockerd.answers():
                time.sleep(0.05)

    try:
        with pytest.raises(EngineError):
            await engine.volume_archive(volume, take, ignore)
    finally:
        dockerd.halt()
        dockerd.start()
    again = await lab.engine()
    await again.remove_leftovers()
    assert not any(map(is_leftover, await again.containers()))
    assert not any(map(is_leftover, await again.images()))
    await again.remove_volume(volume)
    await engine.close()
    await lab.close()
