"""The journal: whole lines, on the disk before anything else happens, whoever else writes to it; and read with care."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cleaning.small_disk import fill_up, small_disk
from tui import locations
from tui.cleaning import journal_lines
from tui.cleaning.errors import JournalError
from tui.cleaning.history import read_history
from tui.cleaning.journal import Journal
from tui.cleaning.records import Records
from tui.cleaning.room_elsewhere import next_step_without_room
from tui.engine.demo.engine import DemoEngine
from tui.model.cleanup_plan import CleanupPlan, Step
from tui.model.cleanup_progress import StepState
from tui.model.host import Endpoint
from tui.model.journal_record import Lost
from tui.model.mark import Kind

LOST = Lost(
    Kind.CONTAINER, "c" * 64, "web", ("a:1",), ("a@sha256:1",), "a:1", "sha256:2", ("sh", "-c", "x y"),
    ("data:/data",), ("80:80/tcp",), (("k", "v"), ("\udcff\n", "\u2028")), "local", (("o", "bind"),), 0, "/b", "ff", 12,
    (("docker", "pull", "a@sha256:1"), ("docker", "run")),
)  # fmt: skip
STEP = Step(Kind.CONTAINER, "c" * 64, "web", ())


async def write_session(journal: Journal, session: str, time: float = 1000.0, *, ended: bool = True) -> None:
    host = await DemoEngine().host()
    plan = CleanupPlan((STEP,))
    await journal.append(journal_lines.begun(session, time, host, plan, orlop="9", planned_by="a test"))
    await journal.append(journal_lines.step(session, time + 1, 1, STEP, LOST))
    line = journal_lines.outcome(session, time + 2, 1, StepState.DONE, sentence="", seconds=0.5)
    await journal.append(line)
    if ended:
        line = journal_lines.ended(session, time + 3, "finished", sentence="", freed_bytes=7, seconds=3.5)
        await journal.append(line)


async def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "journal.jsonl")
    await write_session(journal, "first")
    await write_session(journal, "second", 2000, ended=False)
    sessions, problems = await read_history(journal.path)
    assert problems == ()
    assert [session.session for session in sessions] == ["second", "first"]
    second, first = sessions
    assert (first.ended, first.freed_bytes, first.seconds, first.orlop) == ("finished", 7, 3.5, "9")
    assert (second.ended, second.freed_bytes) == ("", None)
    assert first.steps[0].lost == LOST
    assert first.steps[0].outcome == "done"
    assert first.engine == "demo"


async def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        await write_session(Journal(tmp_path / "state" / "journal.jsonl"), "one")
    finally:
        os.umask(old)
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / "journal.jsonl").stat().st_mode & 0o777 == 0o600


async def test_a_line_is_on_the_disk_before_append_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.jsonl"
    flushed: list[int] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        fsync(descriptor)
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            flushed.append(os.fstat(descriptor).st_size)

    monkeypatch.setattr(os, "fsync", note)
    journal = Journal(path)
    sizes = []
    for number in range(3):
        await journal.append({"session": "s", "number": number})
        sizes.append(path.stat().st_size)
    assert flushed == sizes


async def test_a_line_whose_writing_is_cancelled_is_whole_and_in_its_place(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    first = asyncio.create_task(journal.append({"session": "s", "number": 1}))
    await asyncio.sleep(0)
    first.cancel()
    await journal.append({"session": "s", "number": 2})
    numbers = [json.loads(line)["number"] for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    assert numbers in ([1, 2], [2])  # cancelled before it began, there is no first line


_CHILD = """
import asyncio, sys
from pathlib import Path
from tui.cleaning.journal import Journal
async def main():
    journal = Journal(Path(sys.argv[1]))
    for number in range(100):
        await journal.append({"session": sys.argv[2], "number": number, "filler": sys.argv[2] * 3000})
asyncio.run(main())
"""


def test_several_processes_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    children = [subprocess.Popen([sys.executable, "-c", _CHILD, str(path), name]) for name in "abc"]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    lines = [json.loads(line) for line in path.read_text().splitlines() if line]
    assert len(lines) == 300
    for name in "abc":
        assert [line["number"] for line in lines if line["session"] == name] == list(range(100))


async def test_a_full_disk_still_has_room_for_the_journal(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4 << 20) as disk:
        path = disk / "state" / "journal.jsonl"
        await write_session(Journal(path), "before")
        fill_up(disk)
        await write_session(Journal(path), "full")
        sessions, _ = await read_history(path)
        assert {session.session for session in sessions} == {"before", "full"}


async def test_a_disk_without_any_room_is_said(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1 << 20) as disk:
        (disk / "state").mkdir()
        fill_up(disk)
        with pytest.raises(JournalError, match="no space left on device") as caught:
            await Journal(disk / "state" / "journal.jsonl").append({"session": "s"})
        assert "ORLOP_STATE_DIR" in caught.value.next_step


async def test_full_disk_names_a_folder_that_has_room_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", 1 << 20) as disk, small_disk(tmp_path / "run", 16 << 20) as runtime:
        (disk / "state").mkdir()
        fill_up(disk)
        path = disk / "state" / "journal.jsonl"
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
        with pytest.raises(JournalError) as caught:
            await Journal(path).append({"session": "s"})
        named = runtime / f"orlop-{os.getuid()}"
        assert f"begin orlop with ORLOP_STATE_DIR={named}" in caught.value.next_step
        assert "Free a few kB there" in caught.value.next_step
        # What it says helps.
        monkeypatch.setenv("ORLOP_STATE_DIR", str(named))
        other = Journal(locations.journal_file())
        await other.append({"session": "s"})
        assert other.path is not None
        assert other.path.is_relative_to(named)


async def test_no_folder_is_named_that_is_full_too_or_somebody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", 16 << 20) as disk, small_disk(tmp_path / "run", 16 << 20) as runtime:
        path = disk / "journal.jsonl"

        def said(*places: Path) -> str:
            monkeypatch.setattr(locations, "memory_folders", lambda: places)
            return next_step_without_room(path)

        general = "set to a folder on another file system that has room"
        assert str(runtime) in said(runtime)
        assert str(runtime) in said(tmp_path / "nowhere", disk, runtime)
        assert general in said(disk)
        own = runtime / f"orlop-{os.getuid()}"
        own.symlink_to(disk)
        assert general in said(runtime)
        own.unlink()
        own.mkdir()
        assert str(own) in said(runtime)
        os.chown(own, 12345, -1)
        assert general in said(runtime)
        own.rmdir()
        fill_up(runtime)
        assert general in said(runtime)


async def test_without_a_home_there_is_no_journal() -> None:
    with pytest.raises(JournalError, match="home folder"):
        await Journal(None).append({})
    assert (await read_history(None)).sessions == ()


# -- reading ------------------------------------------------------------------------------------------


async def test_no_journal_yet(tmp_path: Path) -> None:
    assert await read_history(tmp_path / "none.jsonl") == ((), ())


@pytest.mark.parametrize("cut", [1, 10, 40])
async def test_a_last_line_that_was_cut_off_costs_only_itself(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.jsonl"
    await write_session(Journal(path), "one")
    path.write_bytes(path.read_bytes()[:-cut])
    (session,), problems = await read_history(path)
    assert session.steps[0].outcome == "done"
    assert len(problems) == (0 if cut == 1 else 1)
    # Whoever writes next begins a line of its own.
    await write_session(Journal(path), "two")
    sessions, _ = await read_history(path)
    assert {one.session: one.ended for one in sessions}["two"] == "finished"


async def test_garbage_is_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    await write_session(Journal(path), "one")
    with path.open("ab") as file:
        file.write(b'\xff\xfe garbage\n[1, 2]\n{"session": 5}\n' + b"[" * 100_000 + b"\n\n\n")
        file.write(b'{"v": 1, "session": "one", "kind": "outcome", "number": 99, "outcome": "done"}\n')
        file.write(b'{"v": 1, "session": "one", "kind": "step", "number": 2, "lost": {"kind": "cheese", "id": "x"}}\n')
    (session,), problems = await read_history(path)
    assert len(session.steps) == 1
    assert problems == ("Each of the lines 5, 6, 7, 8, 11 and 1 more of the journal can't be read and was left out.",)


async def test_a_later_version_is_read_as_far_as_possible(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    await write_session(Journal(path), "one")
    with path.open("a") as file:
        file.write('{"v": 2, "session": "one", "kind": "blessed", "time": 1}\n')
    (session,), problems = await read_history(path)
    assert session.ended == "finished"
    assert problems == ("Line 5 of the journal comes from another version of orlop.",)


async def test_lines_without_a_beginning_still_tell_what_was_removed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    await write_session(Journal(path), "one")
    path.write_bytes(b"\n".join(path.read_bytes().splitlines()[1:]))
    (session,), _ = await read_history(path)
    assert session.steps[0].lost == LOST


async def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    sessions, (problem,) = await read_history(tmp_path)
    assert sessions == ()
    assert "is a directory" in problem


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_LINE = st.fixed_dictionaries(
    {
        "session": st.sampled_from(["a", "b", ""]),
        "kind": st.sampled_from(["begun", "step", "outcome", "ended", "restored", "x"]),
    },
    optional={
        key: _JSON
        for key in ("v", "time", "number", "outcome", "sentence", "ended", "freed_bytes", "seconds", "name", "steps")
    }
    | {"lost": st.fixed_dictionaries({"kind": st.sampled_from(["volume", "image"]), "id": st.text()}) | _JSON},
)


@given(st.lists(_LINE.map(json.dumps) | _JSON.map(json.dumps) | st.text()))
def test_whatever_stands_in_it_reading_never_fails(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    history = asyncio.run(read_history(path))
    assert len(history.sessions) <= 2


# -- where it lies ------------------------------------------------------------------------------------


def test_the_state_folder_can_be_named() -> None:
    environ = {"ORLOP_STATE_DIR": "/elsewhere"}
    assert locations.journal_file(environ) == Path("/elsewhere/journal.jsonl")
    assert locations.backup_folder(environ) == Path("/elsewhere/backups")


def test_the_demo_keeps_its_records_for_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ORLOP_STATE_DIR", str(tmp_path))
    own = Records.of(Endpoint("unix:///run/docker.sock"))
    assert own.journal.path == tmp_path / "journal.jsonl"
    demo = Records.of(Endpoint("demo:"))
    assert demo.journal.path is not None
    folder = demo.journal.path.parent
    assert folder != tmp_path
    assert folder.is_dir()
    demo.close()
    own.close()
    assert not folder.exists()
    assert tmp_path.exists()
