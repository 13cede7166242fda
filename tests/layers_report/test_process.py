"""``orlop layers`` among other programs: pipes, terminals, signals, and a real engine."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.engine.docker_lab import DockerLab
from tests.engine.layered_images import docker_archive, file, gone
from tests.engine.private_dockerd import PrivateDockerd
from tests.layers_report.running import Orlop, parsed
from tests.terminal.pty_terminal import Terminal
from tui import exit_codes
from tui.engine.demo.engine import DemoEngine
from tui.headless import engine_access
from tui.layers_report.progress import reading_words
from tui.model.storage import Phase, Reading


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tui", "layers", *arguments]


def test_a_reader_that_goes_away_is_no_traceback(wasteful: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            command(wasteful, "--json"), stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (exit_codes.READER_GONE, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_a_sentence(wasteful: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command(wasteful), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == exit_codes.NOT_WRITTEN
    assert done.stderr.startswith("orlop: The report can't be written: No space left on device.")
    assert "Traceback" not in done.stderr


def test_an_old_terminal_gets_what_it_can_show(wasteful: str) -> None:
    Path("old.tar").write_bytes(docker_archive("old:1", [[file("日本", b"12")], [gone("日本")]]))
    done = subprocess.run(
        command("old.tar"),
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"/??  (layer 1 added it" in done.stdout


def test_ctrl_c_ends_it_at_once(orlop: Orlop, tmp_path: Path) -> None:
    os.mkfifo("slow.tar")
    process = subprocess.Popen(command("slow.tar"), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with open("slow.tar", "wb") as pipe:  # Opens once the other side reads.
        pipe.write(b"\0" * 100)
        pipe.flush()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (exit_codes.INTERRUPTED, "", "")


def test_ctrl_c_hangs_up_on_an_engine_that_says_nothing(orlop: Orlop, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DemoEngine()
    engine.hang("layer_files")
    closed: list[bool] = []
    close = engine.close

    async def note() -> None:
        closed.append(True)
        await close()

    monkeypatch.setattr(engine, "close", note)
    monkeypatch.setattr(engine_access, "_demo", lambda **_flags: engine)
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    assert orlop("--demo", "hello-world") == (exit_codes.INTERRUPTED, "", "")
    timer.join()
    assert closed == [True]


def test_progress_is_for_those_who_watch(wasteful: str, tmp_path: Path) -> None:
    os.mkfifo("slow.tar")
    with Terminal(command("slow.tar"), env={"ORLOP_CACHE_DIR": str(tmp_path)}) as terminal:
        with open("slow.tar", "wb") as pipe:
            terminal.wait_for("reading layers … 0 B")
            pipe.write(Path(wasteful).read_bytes())
        terminal.wait_for("Efficiency")
        assert terminal.wait() == 0
        assert not [line for line in terminal.lines() if "asking" in line or "reading layers" in line]


def test_progress_in_words() -> None:
    assert reading_words(None, 0.4) == "asking … 0 s"
    assert reading_words(Reading(Phase.WAITING), 7.2).endswith("nothing meanwhile … 7 s")
    reading = Reading(Phase.READING, 120_400_000, 600_000_000, 12_345)
    assert reading_words(reading, 3) == "reading layers … 120.4 MB of 600.0 MB, 12,345 entries, 3 s"
    assert reading_words(reading._replace(total_bytes=None, entries=1), 3) == "reading layers … 120.4 MB, 1 entry, 3 s"


def test_an_archive_needs_next_to_nothing(wasteful: str) -> None:
    heavy = ["asyncio", "textual", "rich", "docker", "yaml", "platformdirs", "tui.engine.endpoints", "tui.keeper"]
    program = (
        "import sys, tui.cli\n"
        f"tui.cli.main(['layers', {wasteful!r}])\n"
        f"sys.exit(str([name for name in {heavy!r} if name in sys.modules]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.splitlines()[-1] == "[]"


def test_an_engine_and_an_archive_tell_the_same(
    dockerd: PrivateDockerd, wasteful: str, tmp_path: Path, orlop: Orlop
) -> None:
    lab = DockerLab(dockerd)
    try:
        lab.api.load_image(Path(wasteful).read_bytes())  # type: ignore[no-untyped-call]
        asked = ["--host", dockerd.url, "shop/wasteful:1", "--json", "--highest-wasted-bytes", "3MB"]
        code, out, err = orlop(*asked)
        assert (code, err.startswith("orlop: FAIL")) == (exit_codes.RULE_FAILED, True), err
        ours, theirs = parsed(out), parsed(orlop(wasteful, "--json")[1])
        for key in ("sizeBytes", "inefficientBytes", "efficiencyScore", "fileReference"):
            assert ours["image"][key] == theirs["image"][key]
        assert ours["offenders"] == theirs["offenders"]
        for key in ("fileList", "digestId", "id"):
            assert [layer[key] for layer in ours["layer"]] == [layer[key] for layer in theirs["layer"]]
        assert len(list((tmp_path / "cache" / "layers").iterdir())) == 3
        # From the cache it is the same, byte by byte.
        assert orlop(*asked)[1] == out
        code, _, err = orlop("--host", dockerd.url, "no/such:image")
        assert (code, "no/such:image" in err) == (exit_codes.NOT_READ, True), err
    finally:
        asyncio.run(lab.close())
