"""The demo's writable layers, the paths of its containers, and its disk: all of it follows from what is stored."""

from __future__ import annotations

import pytest

from tui.engine.demo import container_life
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.files import blob, text
from tui.engine.demo.hostile import hostile_world
from tui.engine.demo.stock import stock_world
from tui.engine.errors import EngineFaultError, NotFoundError
from tui.model.layer_files import Kind
from tui.model.storage import Change, ChangeKind, PathStat, Reading, StorageFolder

NOW = 1_737_500_000.0


def ignore(_reading: Reading) -> None:
    """For a test that does not care how far a reading has come."""


@pytest.fixture
def engine() -> DemoEngine:
    return DemoEngine(world=stock_world(NOW))


def identity(engine: DemoEngine, name: str) -> str:
    return engine.world.container(name).id


async def folders(engine: DemoEngine) -> dict[str, StorageFolder]:
    report = await engine.storage_report(ignore)
    return {folder.path.removeprefix("/var/lib/docker").lstrip("/"): folder for folder in report.folders}


async def test_containers_show_every_kind_of_change(engine: DemoEngine) -> None:
    changed = {(c.kind, c.path) for c in await engine.container_changes(identity(engine, "team-app"))}
    assert (ChangeKind.MODIFIED, "app/app.py") in changed
    assert (ChangeKind.ADDED, "var/log/team-app.log") in changed
    assert (ChangeKind.DELETED, "usr/local/lib/python3.12/site-packages/pandas/tests") in changed
    assert (ChangeKind.ADDED, "app/state") in changed, "the volume's mount point"
    proxy = await engine.container_changes(identity(engine, "monitoring-proxy-1"))
    assert Change("usr/share/nginx/html", ChangeKind.MODIFIED) in proxy
    assert Change("usr/share/nginx/html/index.html", ChangeKind.DELETED) in proxy
    assert await engine.container_changes(identity(engine, "keen_shannon")) == ()


async def test_the_writable_layer_is_what_its_size_says(engine: DemoEngine) -> None:
    usage = await engine.disk_usage()
    for container in await engine.containers():
        files = await engine.writable_layer(await engine.container_detail(container.id))
        assert files is not None
        assert files.stored_bytes == usage.containers[container.id][0]
        told = await engine.container_changes(container.id)
        listed = {*files.paths, *files.whiteouts}
        assert {change.path for change in told if change.kind is not ChangeKind.DELETED} <= listed
    proxy = await engine.writable_layer(await engine.container_detail(identity(engine, "monitoring-proxy-1")))
    assert proxy is not None
    assert proxy.opaques == ("usr/share/nginx/html",)


async def test_paths_as_the_engine_tells_them(engine: DemoEngine) -> None:
    container_id = identity(engine, "toolbox")
    assert await engine.container_path(container_id, "etc/motd") is None
    assert await engine.container_path(container_id, "etc/apk/world/below") is None
    shell = await engine.container_path(container_id, "bin/sh")
    assert shell is not None
    assert (shell.kind, shell.size_bytes, shell.link) == (Kind.SYMLINK, 0, "/bin/busybox")
    busybox = await engine.container_path(container_id, "bin/busybox")
    assert busybox is not None
    assert (busybox.kind, busybox.size_bytes, busybox.mode) == (Kind.FILE, 808_712, 0o755)
    assert NOW - 80 * 86_400 < busybox.modified < NOW
    assert await engine.container_path(container_id, "tmp") == PathStat(Kind.FOLDER, 0, 0o1777, busybox.modified)
    world = engine.world
    world.container(container_id).upper["/ring"] = world.image("alpine:3.21").tree["/bin/sh"]._replace(target="/ring")
    with pytest.raises(EngineFaultError):
        await engine.container_path(container_id, "ring")


async def test_files_come_from_wherever_the_container_sees_them(engine: DemoEngine) -> None:
    async def read(name: str, path: str) -> bytes:
        pieces: list[bytes] = []
        await engine.container_file(identity(engine, name), path, pieces.append, limit=1000, on_reading=ignore)
        return b"".join(pieces)

    assert b"with a patch" in await read("team-app", "app/app.py")
    assert b"bookworm" in await read("team-app", "etc/os-release")
    assert b"workers" in await read("team-app", "app/state/settings.json")
    assert b"# Ideas" in await read("notebook", "work/ideas.md")
    for path in ("bin/sh", "etc", "etc/motd", "no/such/file"):
        with pytest.raises(NotFoundError):
            await read("toolbox", path)


async def test_hostile_containers_can_be_looked_into() -> None:
    engine = DemoEngine(world=hostile_world(NOW))
    for container in await engine.containers():
        for change in await engine.container_changes(container.id):
            there = await engine.container_path(container.id, change.path)
            assert (there is None) == (change.kind is ChangeKind.DELETED)
        assert await engine.writable_layer(await engine.container_detail(container.id)) is not None
    assert (await engine.storage_report(ignore)).folders


async def test_the_report_counts_what_is_stored(engine: DemoEngine) -> None:
    usage = await engine.disk_usage()
    found = await folders(engine)
    volumes = sum(volume.size_bytes or 0 for volume in usage.volumes.values())
    assert 0 <= (found["volumes"].file_bytes or 0) - volumes < 100_000
    own = sum(written or 0 for written, _ in usage.containers.values())
    cache = sum(record.size_bytes or 0 for record in usage.build_cache if not record.shared)
    stored = (usage.layers_size_bytes or 0) + own + cache
    assert abs((found["overlay2"].file_bytes or 0) - stored) < 200_000
    report = await engine.storage_report(ignore)
    logs = sum(log.size_bytes for log in report.logs)
    assert 0 < (found["containers"].file_bytes or 0) - logs < 200_000
    assert logs > 1_000_000_000, "what docker system df leaves out"
    assert {"buildkit", "engine-id", "image", "network", "plugins", "runtimes", "swarm", "tmp"} < found.keys()
    for folder in report.folders:
        assert folder.disk_bytes is not None
        assert folder.disk_bytes >= (folder.file_bytes or 0) or not folder.files


async def test_removing_things_shows_in_the_report(engine: DemoEngine) -> None:
    before = await folders(engine)
    await engine.remove_image("team/search:0.9")
    after = await folders(engine)
    gone = (before["overlay2"].file_bytes or 0) - (after["overlay2"].file_bytes or 0)
    assert 543_400_000 < gone < 543_500_000, "all but its base"
    await engine.remove_volume("npm-cache")
    assert (after["volumes"].file_bytes or 0) - ((await folders(engine))["volumes"].file_bytes or 0) == 612_368_384
    container_id = identity(engine, "team-app")
    await engine.remove_container(container_id, force=True)
    report = await engine.storage_report(ignore)
    assert container_id not in {log.container_id for log in report.logs}
    assert (after["containers"].file_bytes or 0) - ((await folders(engine))["containers"].file_bytes or 0) > 10**9


async def test_writing_into_a_container_shows_everywhere(engine: DemoEngine) -> None:
    container = engine.world.container("keen_shannon")
    before = (await folders(engine))["overlay2"]
    engine.world.tree(container).write("/etc/motd", b"hello\n")
    container.upper["/opt/big"] = blob(1_000_000)
    container.upper["/etc/issue"] = text("mine\n")
    container_life.start(engine.world, container.id)
    assert await engine.container_changes(container.id) == (
        Change("etc", ChangeKind.MODIFIED),
        Change("etc/issue", ChangeKind.MODIFIED),
        Change("etc/motd", ChangeKind.ADDED),
        Change("opt", ChangeKind.MODIFIED),
        Change("opt/big", ChangeKind.ADDED),
    )
    after = (await folders(engine))["overlay2"]
    assert (after.file_bytes or 0) - (before.file_bytes or 0) == 1_000_011
    assert after.files - before.files == 3


async def test_where_the_report_comes_from_can_fail(engine: DemoEngine) -> None:
    engine.fail_next("storage_report", EngineFaultError("The disk does not answer.", "Try again."))
    with pytest.raises(EngineFaultError):
        await engine.storage_report(ignore)
    for method in ("container_changes", "container_path", "container_file", "writable_layer"):
        engine.fail_next(method, EngineFaultError("No.", "Try again."))
    container_id = identity(engine, "toolbox")
    detail = await engine.container_detail(container_id)
    for call in (
        engine.container_changes(container_id),
        engine.container_path(container_id, "etc"),
        engine.container_file(container_id, "etc/shells", lambda _: None, limit=None, on_reading=ignore),
        engine.writable_layer(detail),
    ):
        with pytest.raises(EngineFaultError):
            await call
    with pytest.raises(NotFoundError):
        await engine.container_changes("0" * 64)
