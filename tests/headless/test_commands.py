"""df, plan and clean from their arguments to what they print and the exit code, on the made-up world."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tui import exit_codes
from tui.cli import main
from tui.engine.demo.engine import DemoEngine
from tui.headless import engine_access

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
        known = lines["Images"]["exact_bytes"] + lines["Containers"]["exact_bytes"]
        assert found["total"]["bytes"] == known + lines["Build Cache"]["df_size_bytes"]

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
        assert "Deletes 3 named volumes" in shown
        assert "docker volume rm media" in shown
        assert shown.index("nightly-report") < shown.index("npm-cache")  # containers first

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
