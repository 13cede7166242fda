"""``orlop plan --json`` and ``orlop clean --yes`` as processes on a real engine: what goes, and the exit codes."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Open
from tests.e2e.orlop import COMMAND, PATIENCE
from tests.e2e.world import World
from tui import exit_codes
from tui.cleaning.history import read_history
from tui.model.journal_record import SessionRecord


@pytest.fixture(autouse=True)
def state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the journal and the backups go."""
    folder = tmp_path / "state"
    monkeypatch.setenv("ORLOP_STATE_DIR", str(folder))
    return folder


def orlop(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run([str(COMMAND), *arguments], capture_output=True, text=True, timeout=120, check=False)


def saved_plan(world: World, path: Path, *arguments: str) -> list[dict[str, Any]]:
    """Let the command write a plan; its steps."""
    done = orlop("--host", world.url, "plan", *arguments, "--json")
    assert (done.returncode, done.stderr) == (exit_codes.OK, "")
    path.write_text(done.stdout)
    steps: list[dict[str, Any]] = json.loads(done.stdout)["plan"]["steps"]
    return steps


def latest_session(folder: Path) -> SessionRecord:
    """The latest session in the journal, which has no broken line."""
    history = asyncio.run(read_history(folder / "journal.jsonl"))
    assert history.problems == ()
    return history.sessions[0]


def test_a_saved_plan_is_carried_out_once(world: World, tmp_path: Path, state_folder: Path) -> None:
    world.image("timber/oak:3.1")
    world.image("timber/elm:1")
    barge = world.container("timber/oak:3.1", "barge", "exited")
    world.container("timber/elm:1", "wherry", "running")
    world.volume("ballast")
    plan = tmp_path / "plan.json"
    steps = saved_plan(world, plan, "--stopped", "--image", "timber/oak:3.1")
    assert [(one["kind"], one["name"]) for one in steps] == [("container", "barge"), ("image", "timber/oak:3.1")]
    assert world.has_container(barge), "a plan removes nothing"
    before = world.disk_usage()["LayersSize"]

    done = orlop("--host", world.url, "clean", str(plan), "--yes", "--json")
    assert (done.returncode, done.stderr) == (exit_codes.OK, ""), "stderr is no terminal: nothing is told there"
    receipt = json.loads(done.stdout)
    assert [one["state"] for one in receipt["steps"]] == ["done", "done"]
    assert receipt["planned_bytes"] == before - world.disk_usage()["LayersSize"] == receipt["freed_bytes"]
    assert not world.has_container(barge)
    assert not world.has_image("timber/oak:3.1")
    assert world.state("wherry") == "running"
    assert world.has_volume("ballast")
    assert latest_session(state_folder).ended == "finished"

    # What is of the same name by now is not what was reviewed.
    world.image("timber/oak:3.1")
    world.container("timber/oak:3.1", "barge", "exited")
    done = orlop("--host", world.url, "clean", str(plan), "--yes")
    assert done.returncode == exit_codes.NOT_ALL
    assert "0 of 2 things removed, 2 skipped" in done.stdout
    assert world.has_container("barge")
    assert world.has_image("timber/oak:3.1")


def test_what_is_refused_removes_nothing(world: World, tmp_path: Path, state_folder: Path) -> None:
    world.volume("ballast")
    plan = tmp_path / "plan.json"
    saved_plan(world, plan, "--named-volumes")
    other = json.loads(plan.read_text())
    other["plan"]["engine_id"] = "another engine"
    foreign, broken = tmp_path / "foreign.json", tmp_path / "broken.json"
    foreign.write_text(json.dumps(other))
    broken.write_text(plan.read_text()[:-20])
    here = ("--host", world.url)
    for arguments, words in (
        ((*here, "clean", str(plan)), "--yes"),
        ((*here, "--read-only", "clean", str(plan), "--yes"), "read only"),
        ((*here, "clean", str(plan), "--yes", "--read-only"), "read only"),
        ((*here, "clean", str(foreign), "--yes"), "another engine"),
        ((*here, "clean", str(broken), "--yes"), "not JSON"),
        ((*here, "clean", str(tmp_path / "nowhere.json"), "--yes"), "can't be read"),
        ((*here, "plan"), "Say what to plan"),
    ):
        done = orlop(*arguments)
        assert (done.returncode, done.stdout) == (exit_codes.USAGE, ""), arguments
        assert words in done.stderr
    away = orlop("--host", f"unix://{tmp_path}/nowhere.sock", "clean", str(plan), "--yes")
    assert away.returncode in {exit_codes.NOT_READ, exit_codes.USAGE}
    assert world.has_volume("ballast")
    assert not (state_folder / "journal.jsonl").exists()


def test_volumes_are_backed_up_when_that_is_asked_for(world: World, tmp_path: Path, state_folder: Path) -> None:
    world.volume("ballast")
    (world.mountpoint("ballast") / "stones").write_bytes(b"stones")
    plan = tmp_path / "plan.json"
    saved_plan(world, plan, "--named-volumes")
    done = orlop("--host", world.url, "clean", str(plan), "--yes", "--back-up-volumes")
    assert done.returncode == exit_codes.OK, done.stderr
    assert not world.has_volume("ballast")
    (step,) = latest_session(state_folder).steps
    assert step.lost.backup_path in done.stdout
    assert b"stones" in Path(step.lost.backup_path).read_bytes()


@pytest.mark.parametrize("terminal", [True, False], ids=["Ctrl-C at a terminal", "SIGTERM in a script"])
def test_stopped_in_the_middle(
    world: World, open_orlop: Open, tmp_path: Path, state_folder: Path, *, terminal: bool
) -> None:
    names = {world.volume(f"ballast-{number:03}") for number in range(120)}
    plan = tmp_path / "plan.json"
    assert len(saved_plan(world, plan, "--named-volumes")) == len(names)
    arguments = ("--host", world.url, "clean", str(plan), "--yes")
    journal = state_folder / "journal.jsonl"
    if terminal:
        window = open_orlop(*arguments)
        stop_in_the_middle(world, journal, lambda: window.press("ctrl+c"))
        assert window.left() == exit_codes.INTERRUPTED
    else:
        with subprocess.Popen([str(COMMAND), *arguments], stdout=subprocess.PIPE, text=True) as child:
            stop_in_the_middle(world, journal, lambda: child.send_signal(signal.SIGTERM))
            output, _ = child.communicate(timeout=120)
        assert child.returncode == exit_codes.INTERRUPTED
        assert "not begun" in output
    session = latest_session(state_folder)
    assert session.ended == "stopped"
    assert {one.outcome for one in session.steps} == {"done"}, "the step under way was finished"
    gone = {one.lost.name for one in session.steps}
    assert 0 < len(gone) < len(names)
    assert set(world.volumes()) == names - gone

    # The same plan once more: what is left goes, and what went is said to be gone.
    done = orlop(*arguments)
    assert done.returncode == exit_codes.NOT_ALL
    assert f"{len(names) - len(gone)} of {len(names)} things removed, {len(gone)} skipped" in done.stdout
    assert world.volumes() == []


def stop_in_the_middle(world: World, journal: Path, stop: Any) -> None:
    """Hold the engine once a few steps are done, say stop, and let the engine go on."""
    until = time.monotonic() + PATIENCE
    while not journal.exists() or journal.read_text(encoding="ascii").count('"outcome"') < 3:
        assert time.monotonic() < until, "nothing has been removed"
        time.sleep(0.002)
    world.dockerd.freeze()
    try:
        stop()
        time.sleep(0.3)  # The signal is there long before the engine's answer.
    finally:
        world.dockerd.thaw()
