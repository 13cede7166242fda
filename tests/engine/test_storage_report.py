"""When an engine's folders are measured, when not and why, and what is counted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.engine.docker_lab import DockerLab
from tests.engine.fake_server import Answer, as_json, reply, serving, versioned
from tests.engine.private_dockerd import PrivateDockerd
from tui.engine.docker_engine import DockerEngine
from tui.engine.storage_measure import Counted, Measuring
from tui.model.host import Endpoint
from tui.model.storage import StorageReport


@pytest.fixture
def place() -> Iterator[Path]:
    """A path for a socket: pytest's own are too long for one."""
    with tempfile.TemporaryDirectory(prefix="orlop-") as folder:
        yield Path(folder) / "sock"


def engine_of(root: Path, containers: tuple[str, ...] = (), volumes: tuple[str, ...] = (), **info: Any) -> Answer:
    """An engine that keeps its data in ``root``."""

    def answer(line: str, connection: Any) -> None:
        if "/info" in line:
            connection.sendall(as_json({"ID": "mine", "Name": "here", "DockerRootDir": str(root), **info}))
        elif "/containers/json" in line:
            connection.sendall(as_json([{"Id": name} for name in containers]))
        elif "/volumes" in line:
            connection.sendall(as_json({"Volumes": [{"Name": name, "Driver": "local"} for name in volumes]}))
        else:
            connection.sendall(reply("404 Not Found"))

    return versioned(answer)


async def measured(place: Path, answer: Answer, url: str = "") -> StorageReport:
    with serving(place, answer):
        engine = DockerEngine(Endpoint(url or f"unix://{place}"), connect_to=f"unix://{place}")
        found = await engine.storage_report(lambda _: None)
        await engine.close()
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("containers/one", "containers/two", "volumes/data/_data", "overlay2"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "containers/one/one-json.log").write_bytes(bytes(1000))
    (tmp_path / "containers/one/one-json.log.1").write_bytes(bytes(500))
    (tmp_path / "containers/two/local-logs").mkdir()
    (tmp_path / "containers/two/local-logs/container.log").write_bytes(bytes(70))
    (tmp_path / "volumes/data/_data/file").write_bytes(bytes(9000))
    (tmp_path / "engine-id").write_text("mine\n")
    return tmp_path


async def test_an_engine_is_known_by_its_id(place: Path, root: Path) -> None:
    found = await measured(place, engine_of(root))
    assert found.reason == ""
    assert [Path(folder.path).name for folder in found.folders[1:]] == [
        "containers",
        "engine-id",
        "overlay2",
        "volumes",
    ]
    assert found.folders[0].file_bytes == 1000 + 500 + 70 + 9000 + 5
    assert {log.container_id: log.size_bytes for log in found.logs} == {"one": 1500, "two": 70}


async def test_a_root_that_goes_away_meanwhile_has_a_reason(
    place: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_root: Path, _parts: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", str(root))

    monkeypatch.setattr("tui.engine.storage_report.whole", gone)
    found = await measured(place, engine_of(root))
    assert found.folders == ()
    assert str(root) in found.reason
    assert "no such file" in found.reason.lower()


async def test_another_engines_folder_is_not_measured(place: Path, root: Path) -> None:
    found = await measured(place, engine_of(root, ID="another"))
    assert found.folders == ()
    assert str(root) in found.reason


@pytest.mark.parametrize(
    ("containers", "volumes", "its"),
    [(("one",), (), True), (("one", "new"), ("gone",), True), (("else",), ("data",), False),
     ((), ("data",), True), ((), ("data", "more"), False), ((), (), False)],
)  # fmt: skip
async def test_an_old_engine_is_known_by_what_it_holds(
    place: Path, root: Path, containers: tuple[str, ...], volumes: tuple[str, ...], its: bool
) -> None:
    (root / "engine-id").unlink()
    found = await measured(place, engine_of(root, containers, volumes))
    assert bool(found.folders) == its
    assert bool(found.reason) != its


@pytest.mark.parametrize(
    ("url", "info", "word"),
    [
        ("tcp://far:2375", {}, "another host"),
        ("ssh://far", {}, "another host"),
        ("", {"OperatingSystem": "Docker Desktop"}, "virtual machine"),
        ("", {"OperatingSystem": "OrbStack"}, "virtual machine"),
        ("", {"DockerRootDir": "/nowhere/at/all"}, "not the one of this engine"),
        ("", {"DockerRootDir": ""}, "does not say"),
        ("", {"OSType": "windows"}, "virtual machine"),
    ],
)
async def test_why_not(place: Path, root: Path, url: str, info: dict[str, Any], word: str) -> None:
    found = await measured(place, engine_of(root, **info), url)
    assert found.folders == ()
    assert word in found.reason
    assert found.reason.endswith(".")


@pytest.fixture
def counted(tmp_path: Path) -> Measuring:
    return Measuring(lambda _: None)


def test_each_inode_counts_once(tmp_path: Path, counted: Measuring) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "file").write_bytes(b"x" * 10_000)
    os.link(tmp_path / "a" / "file", tmp_path / "a" / "again")
    os.link(tmp_path / "a" / "file", tmp_path / "b" / "elsewhere")
    (tmp_path / "b" / "link").symlink_to("/etc")
    first, second = counted.folder(tmp_path / "a"), counted.folder(tmp_path / "b")
    assert (first.file_bytes, first.files) == (10_000, 1)
    assert (second.file_bytes, second.files) == (0, 1)


def test_a_sparse_file_takes_less_than_it_holds(tmp_path: Path, counted: Measuring) -> None:
    (tmp_path / "a").mkdir()
    with (tmp_path / "a" / "sparse").open("wb") as file:
        file.truncate(50_000_000)
    found = counted.folder(tmp_path / "a")
    assert found.file_bytes == 50_000_000
    assert found.disk_bytes is not None
    assert found.disk_bytes < 1_000_000


def test_what_is_mounted_below_is_left_out(counted: Measuring) -> None:
    assert os.stat("/dev/shm").st_dev != os.stat("/dev").st_dev
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as file:
        file.write(bytes(5_000_000))
        file.flush()
        found = counted.folder(Path("/dev"))
    assert found.files >= 1
    assert (found.file_bytes or 0) < 5_000_000


def test_what_is_not_there_has_a_reason(counted: Measuring) -> None:
    found = counted.folder(Path("/nowhere"))
    assert found.disk_bytes is None
    assert "/nowhere" in found.reason


def test_measuring_can_be_ended(tmp_path: Path) -> None:
    def enough(_so_far: Counted) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Measuring(enough).folder(tmp_path)


@pytest_asyncio.fixture
async def lab(dockerd: PrivateDockerd) -> AsyncIterator[DockerLab]:
    made = DockerLab(dockerd)
    yield made
    await made.close()


async def test_it_is_what_du_says(lab: DockerLab) -> None:
    import subprocess

    image_id = await lab.create_image(layers=3)
    container_id = await lab.create_container(image_id, state="running")
    lab.run(container_id, "sh", "-c", "echo told >/proc/1/fd/1")
    engine = await lab.engine()
    found = await engine.storage_report(lambda _: None)
    root = found.folders[0].path
    assert found.reason == ""
    for folder in found.folders:
        if folder.path.endswith(("overlay2", "image", "volumes")):
            told = subprocess.run(
                ["du", "--one-file-system", "--summarize", "--block-size=1", folder.path],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert folder.disk_bytes == int(told.stdout.split()[0])
    log = Path(root) / "containers" / container_id / f"{container_id}-json.log"
    assert dict(found.logs) == {container_id: log.stat().st_size}
    assert log.stat().st_size > 0
