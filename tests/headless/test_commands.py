"""df, plan and clean from their arguments to what they print and the exit code, on the made-up world."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tui import exit_codes
from tui.cli import main
from tui.engine.demo.engine import DemoEngine
from tui.headless import engine_access
from tui.model.engine_disk import BackupPlace, DiskRoom, DiskSight, EngineDisk

T = TypeVar("T")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORLOP_CONFIG_DIR", "ORLOP_STATE_DIR", "ORLOP_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> DemoEngine:
    """The one made-up world that every command of a test sees."""
    made = DemoEngine()

    async def stays_open() -> None:
        """The next command will want it."""

    monkeypatch.setattr(made, "close", stays_open)
    monkeypatch.setattr(engine_access, "_demo", lambda **_flags: made)
    return made


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found = json.loads(printed(capsys))
    assert isinstance(found, dict)
    return found


class TestDf:
    def test_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["df", "--demo"]) == exit_codes.OK
        shown = printed(capsys)
        for words in ("Images", "Containers", "Local Volumes", "Build Cache", "Together", "docker image prune -a"):
            assert words in shown
        assert "\x1b" not in shown

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["df", "--demo", "--json"]) == exit_codes.OK
        found = document(capsys)
        lines = {line["type"]: line for line in found["lines"]}
        assert lines.keys() == {"Images", "Containers", "Local Volumes", "Build Cache"}
        # The classic store's layers, one by one, are what the engine says of them all.
        assert lines["Images"]["exact_bytes"] == lines["Images"]["df_size_bytes"]
        assert found["total"]["certainty"] == "at least"  # the size of one volume is not known
        assert found["total"]["doubts"] == ["not in it: 1 of 10 volumes whose size the engine does not tell"]
        # The volumes whose size is known are in it, all the same.
        known = lines["Images"]["exact_bytes"] + lines["Containers"]["exact_bytes"]
        known += lines["Local Volumes"]["df_size_bytes"]
        assert lines["Local Volumes"]["df_size_bytes"] > 1_000_000_000
        assert found["total"]["bytes"] == known + lines["Build Cache"]["df_size_bytes"]

    def test_logs_and_free_room_stand_beside_what_docker_counts(
        self, engine: DemoEngine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        containers = run(engine.containers())
        disk = run(engine.engine_disk([one.id for one in containers]))
        assert disk.logs is not None
        assert disk.room is not None
        assert main(["df", "--demo", "--json"]) == exit_codes.OK
        found = document(capsys)
        assert found["logs"]["bytes"] == sum(disk.logs.values())
        stopped = sum(disk.logs[one.id] for one in containers if not one.alive)
        assert 0 < found["logs"]["stopped_bytes"] == stopped < found["logs"]["bytes"]
        assert found["disk"]["free_bytes"] == disk.room.free_bytes
        assert main(["df", "--demo"]) == exit_codes.OK
        shown = printed(capsys)
        assert f"{disk.room.free_bytes:,} B of 63,000,000,000 B" in shown
        assert "their logs go too, and are not counted" in shown
        assert "volumes whose size the engine does not tell" in shown

    def test_what_can_not_be_measured_says_why(
        self, engine: DemoEngine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def far(_container_ids: object = ()) -> EngineDisk:
            return EngineDisk(reason="The engine runs on another host.")

        monkeypatch.setattr(engine, "engine_disk", far)
        assert main(["df", "--demo"]) == exit_codes.OK
        assert "logs and free room not measured: The engine runs on another host." in printed(capsys)
        assert main(["df", "--demo", "--json"]) == exit_codes.OK
        found = document(capsys)
        assert found["logs"] == {"bytes": None, "stopped_bytes": None}
        assert found["disk"]["free_bytes"] is None
        assert main(["plan", "--demo", "--stopped"]) == exit_codes.OK
        assert "and their logs, not measured" in printed(capsys)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
    @pytest.mark.parametrize("command", [("df",), ("df", "--json"), ("plan", "--stopped")])
    def test_a_full_stdout_is_no_missing_engine(self, command: tuple[str, ...]) -> None:
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "tui", "--demo", *command],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        assert done.returncode == exit_codes.NOT_WRITTEN
        assert done.stderr == "orlop: The report can't be written: No space left on device.\n"

    def test_no_engine(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        assert main(["df", "--host", f"unix://{tmp_path}/nothing.sock"]) == exit_codes.NOT_READ
        assert "nothing.sock" in capsys.readouterr().err


class TestPlan:
    def test_nothing_is_asked_for(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", "--demo"]) == exit_codes.USAGE
        assert "--dangling" in capsys.readouterr().err

    def test_it_deletes_nothing(self, engine: DemoEngine) -> None:
        before = (run(engine.images()), run(engine.containers()), run(engine.volumes()))
        assert not engine.read_only
        assert main(["plan", "--demo", "--unused", "--stopped", "--named-volumes", "--cache"]) == exit_codes.OK
        assert (run(engine.images()), run(engine.containers()), run(engine.volumes())) == before

    def test_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", "--demo", "--stopped", "--named-volumes"]) == exit_codes.OK
        shown = printed(capsys)
        assert "Deletes 2 named volumes" in shown
        assert "media  only points to :/export/media, whose files stay" in shown
        assert "docker volume rm media" in shown
        assert shown.index("nightly-report") < shown.index("npm-cache")  # containers first

    def test_what_could_go_as_well_has_its_flags(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", "--demo", "--stopped", "--json"]) == exit_codes.OK
        found = document(capsys)
        offered = {one["reason"]: one for one in found["notes"]["could_go_as_well"]}
        assert offered.keys() == {"left volumes", "left dangling", "left unused"}
        flags = [word for one in offered.values() for word in one["flags"]]
        assert main(["plan", "--demo", "--stopped"]) == exit_codes.OK
        shown = printed(capsys)
        assert "Could go as well" in shown
        assert "--image team/reports:nightly --image nginx:1.27-alpine" in shown
        assert "2 images that the plan leaves without a container" in shown
        # Its flags add exactly that, and then nothing of the kind is left behind.
        assert main(["plan", "--demo", "--stopped", *flags, "--json"]) == exit_codes.OK
        more = document(capsys)
        assert {step["standing"] for step in more["plan"]["steps"]} == {"ready"}
        assert len(more["plan"]["steps"]) == len(found["plan"]["steps"]) + 4
        assert not any(one["reason"].startswith("left unused") for one in more["notes"]["could_go_as_well"])

    def test_logs_of_what_goes_are_told(self, engine: DemoEngine, capsys: pytest.CaptureFixture[str]) -> None:
        gone = [one.id for one in run(engine.containers()) if not one.alive]
        logs = run(engine.engine_disk(gone)).logs or {}
        assert main(["plan", "--demo", "--stopped", "--json"]) == exit_codes.OK
        found = document(capsys)
        planned = [step["id"] for step in found["plan"]["steps"]]
        assert found["notes"]["logs_bytes"] == sum(logs[one] for one in planned) > 5_000_000
        assert main(["plan", "--demo", "--stopped"]) == exit_codes.OK
        assert "(269,642,440 B) and 5.6 MB of logs" in printed(capsys)

    def test_nothing_to_do(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["plan", "--demo", "--leftovers"]) == exit_codes.OK
        assert "Nothing to remove" in printed(capsys)


def run(asked: Coroutine[Any, Any, T]) -> T:
    """What the engine answers. The commands run event loops of their own, so a test has none."""
    return asyncio.run(asked)


class TestClean:
    @pytest.fixture
    def plan(self, tmp_path: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str]) -> Path:
        """A saved plan: stopped containers and dangling images."""
        assert not engine.read_only
        assert main(["plan", "--demo", "--stopped", "--dangling", "--volume", "media", "--json"]) == exit_codes.OK
        file = tmp_path / "plan.json"
        file.write_text(printed(capsys))
        return file

    def test_only_with_yes(self, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["clean", "--demo", str(plan)]) == exit_codes.USAGE
        assert "--yes" in capsys.readouterr().err

    @pytest.mark.parametrize("where", [0, 2])
    def test_read_only_refuses(self, plan: Path, capsys: pytest.CaptureFixture[str], where: int) -> None:
        words = ["clean", "--demo", str(plan), "--yes"]
        words.insert(where, "--read-only")
        assert main(words) == exit_codes.USAGE
        assert "read only" in capsys.readouterr().err

    def test_it_removes_what_the_plan_lists_and_nothing_else(
        self, plan: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        images, containers = run(engine.images()), run(engine.containers())
        volumes = run(engine.volumes())
        planned = {step["id"] for step in json.loads(plan.read_text())["plan"]["steps"]}
        assert main(["clean", "--demo", str(plan), "--yes", "--json"]) == exit_codes.OK
        receipt = document(capsys)
        assert {step["id"] for step in receipt["steps"]} == planned
        assert {step["state"] for step in receipt["steps"]} == {"done"}
        assert receipt["state"] == "finished"
        gone = {i.id for i in images} - {i.id for i in run(engine.images())}
        gone |= {c.id for c in containers} - {c.id for c in run(engine.containers())}
        gone |= {v.name for v in volumes} - {v.name for v in run(engine.volumes())}
        assert gone == planned

    def test_what_has_changed_is_skipped(
        self, plan: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        started = next(c for c in run(engine.containers()) if c.name == "redis-scratch")
        run(engine.start(started.id))
        assert main(["clean", "--demo", str(plan), "--yes"]) == exit_codes.NOT_ALL
        shown = printed(capsys)
        assert "skipped    container    redis-scratch" in shown
        assert started.id in {c.id for c in run(engine.containers())}

    def test_a_rule_made_since_keeps_everything(
        self, plan: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        folder = tmp_path / "orlop_config_dir"
        folder.mkdir()
        (folder / "config.toml").write_text('protect = ["volume:media"]\n')
        before = run(engine.containers())
        assert main(["clean", "--demo", str(plan), "--yes"]) == exit_codes.USAGE
        assert "volume:media" in capsys.readouterr().err
        assert run(engine.containers()) == before

    def test_another_engines_plan(self, plan: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str]) -> None:
        found = json.loads(plan.read_text())
        found["plan"]["engine_id"] = "another"
        plan.write_text(json.dumps(found))
        before = run(engine.containers())
        assert main(["clean", "--demo", str(plan), "--yes"]) == exit_codes.USAGE
        assert "another engine" in capsys.readouterr().err
        assert run(engine.containers()) == before

    def test_volumes_are_backed_up_first(
        self, plan: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["clean", "--demo", str(plan), "--yes", "--back-up-volumes", "--json"]) == exit_codes.OK
        backed = {step["name"]: step["backup_path"] for step in document(capsys)["steps"] if step["kind"] == "volume"}
        assert backed.keys() == {"media"}
        assert backed["media"].endswith(".tar")
        assert "media" not in {volume.name for volume in run(engine.volumes())}

    def test_room_and_logs_are_in_the_receipt(
        self, plan: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = run(engine.engine_disk()).room
        assert main(["clean", "--demo", str(plan), "--yes", "--json"]) == exit_codes.OK
        receipt = document(capsys)
        after = run(engine.engine_disk()).room
        assert before is not None
        assert after is not None
        assert receipt["disk_before"]["free_bytes"] == before.free_bytes
        assert receipt["disk_after"]["free_bytes"] == after.free_bytes
        # What the engine counts, and the logs that it doesn't, is what the disk has more by.
        assert after.free_bytes - before.free_bytes == receipt["freed_bytes"] + receipt["freed_logs_bytes"]
        assert receipt["freed_logs_bytes"] > 5_000_000

    def test_backups_without_room_are_said_first(
        self, plan: Path, engine: DemoEngine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert main(["plan", "--demo", "--volume", "npm-cache", "--json"]) == exit_codes.OK
        plan.write_text(printed(capsys))
        step = json.loads(plan.read_text())["plan"]["steps"][0]
        full = BackupPlace("/state/backups", DiskRoom(10**9, step["freed"]["bytes"] // 2), 7)

        async def seen(*_where: object) -> DiskSight:
            return DiskSight(EngineDisk(DiskRoom(10**9, 5), 7, {}), full)

        monkeypatch.setattr("tui.headless.cleaning.look_at_disks", seen)
        main(["clean", "--demo", str(plan), "--yes", "--back-up-volumes"])
        said = capsys.readouterr().err
        assert "No room for the backup of npm-cache: /state/backups has" in said
        assert "/state/backups lies on the engine's own" in said

    def test_the_receipt_says_whose_files_stay(self, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["clean", "--demo", str(plan), "--yes"]) == exit_codes.OK
        assert "media (the files in :/export/media stay)" in printed(capsys)

    @pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"format": "orlop cleanup plan"}', "[" * 100_000])
    def test_no_plan(self, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "plan.json"
        file.write_text(text)
        assert main(["clean", "--demo", str(file), "--yes"]) == exit_codes.USAGE
        said = capsys.readouterr().err
        assert "plan" in said
        assert "Traceback" not in said

    def test_a_file_that_is_not_there(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["clean", "--demo", str(tmp_path / "gone.json"), "--yes"]) == exit_codes.USAGE
        assert "gone.json" in capsys.readouterr().err
