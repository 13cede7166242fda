"""How full an engine's disk is: where that can be seen, where not, and why."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fake_server import Answer, as_json, reply, serving, versioned
from tui.engine import engine_disk as subject
from tui.engine.docker_engine import DockerEngine
from tui.engine.storage_measure import room_of
from tui.model.engine_disk import EngineDisk
from tui.model.host import Endpoint


@pytest.fixture
def place() -> Iterator[Path]:
    """A path for a socket: pytest's own are too long for one."""
    with tempfile.TemporaryDirectory(prefix="orlop-") as folder:
        yield Path(folder) / "sock"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("containers/one", "containers/two/local-logs", "containers/quiet", "containers/pods/userdata"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "containers/one/one-json.log").write_bytes(bytes(1000))
    (tmp_path / "containers/one/one-json.log.1").write_bytes(bytes(500))
    (tmp_path / "containers/one/config.v2.json").write_bytes(bytes(40))
    (tmp_path / "containers/two/local-logs/container.log").write_bytes(bytes(70))
    (tmp_path / "containers/two/local-logs/container.log.1.gz").write_bytes(bytes(7))
    (tmp_path / "containers/sent").mkdir()
    (tmp_path / "containers/sent/container-cached.log").write_bytes(bytes(300))
    (tmp_path / "containers/sent/container-cached.log.1").write_bytes(bytes(20))
    (tmp_path / "engine-id").write_text("mine\n")
    return tmp_path


def engine_of(root: Path, **info: Any) -> Answer:
    def answer(line: str, connection: Any) -> None:
        if "/info" in line:
            connection.sendall(as_json({"ID": "mine", "Name": "here", "DockerRootDir": str(root), **info}))
        else:
            connection.sendall(reply("404 Not Found"))

    return versioned(answer)


async def seen(place: Path, answer: Answer, containers: Collection[str] = (), url: str = "") -> EngineDisk:
    with serving(place, answer):
        engine = DockerEngine(Endpoint(url or f"unix://{place}"), connect_to=f"unix://{place}")
        found = await engine.engine_disk(containers)
        await engine.close()
    return found


async def test_logs_of_every_driver_that_keeps_files_rotated_ones_too(place: Path, root: Path) -> None:
    found = await seen(place, engine_of(root), ("one", "two", "sent", "quiet", "gone", "../containers", "o*"))
    assert found.logs == {"one": 1500, "two": 77, "sent": 320, "quiet": 0}
    assert found.reason == ""
    assert found.device == root.stat().st_dev
    told = os.statvfs(root)
    assert found.room is not None
    assert found.room.total_bytes == told.f_blocks * told.f_frsize
    assert found.room.free_bytes <= found.room.total_bytes


@pytest.mark.parametrize(
    ("url", "info", "words"),
    [
        ("tcp://far:2375", {}, "another host (tcp://far:2375)"),
        ("ssh://far", {}, "another host"),
        ("", {"OperatingSystem": "Docker Desktop"}, "virtual machine"),
        ("", {"ID": "another"}, "not the one of this engine"),
        ("", {"DockerRootDir": "/nowhere/at/all", "Name": platform.node()}, "not the one of this engine"),
        ("", {"DockerRootDir": ""}, "does not say where"),
    ],
)
async def test_a_disk_that_is_not_here_is_not_looked_at(
    place: Path, root: Path, url: str, info: dict[str, str], words: str
) -> None:
    found = await seen(place, engine_of(root, **info), ("one",), url)
    assert (found.room, found.device, found.logs) == (None, None, None)
    assert words in found.reason


@pytest.mark.parametrize(("name", "here"), [(platform.node(), True), ("another-host", False)])
async def test_who_may_not_read_the_root_dir_may_still_see_how_full_its_disk_is(
    place: Path, root: Path, name: str, here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, who may read everything.
    closed = f"{root} can't be read by this user: run orlop as root on its host to measure it."
    monkeypatch.setattr(subject, "why_not_readable", lambda _host, _connection: closed)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != root)
    found = await seen(place, engine_of(root, Name=name), ("one",))
    assert found.logs is None
    assert found.reason == closed
    assert (found.room is not None) is here
    assert (found.device == root.stat().st_dev) is here


async def test_a_logs_folder_that_can_not_be_read_leaves_the_room(
    place: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_folder: Path, _ids: object) -> None:
        raise PermissionError(13, "Permission denied", "x")

    monkeypatch.setattr(subject, "logs_of", closed)
    found = await seen(place, engine_of(root), ("one",))
    assert found.logs is None
    assert found.room is not None
    assert "Permission denied" in found.reason


def test_what_only_root_may_write_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    told = os.statvfs_result((4096, 1024, 1000, 90, 40, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _folder: told)
    assert room_of(Path("/")) == (1000 * 1024, 40 * 1024, 50 * 1024)
