"""orlop itself is killed in the middle: the journal tells what was done, and what may have been."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cleaning.reviewed import everything
from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tui.cleaning.history import read_history
from tui.model.mark import Kind

_CHILD = """
import asyncio, sys
from pathlib import Path
from tests.cleaning.reviewed import Run, Trapped, plan_of, volume_step
from tui.engine.docker_engine import DockerEngine
from tui.model.host import Endpoint

async def main(url, folder, moment, names):
    engine = DockerEngine(Endpoint(url))
    calls = 0

    async def hang():
        nonlocal calls
        calls += 1
        if calls == 2:
            print("now", flush=True)
            await asyncio.sleep(600)

    traps = {"remove_volume": hang}
    if moment == "backup":
        trapped = Trapped(engine, after={"volume_archive": hang})
    else:
        trapped = Trapped(engine, **{moment: traps})
    plan = await plan_of(engine, *[await volume_step(engine, name) for name in names])
    run = Run(trapped.engine, plan, Path(folder), back_up=names if moment == "backup" else ())
    await run.to_the_end()

asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
"""


@pytest.mark.parametrize("moment", ["before", "after", "backup"])
async def test_killed_in_the_middle(dockerd: PrivateDockerd, tmp_path: Path, moment: str) -> None:
    lab = DockerLab(dockerd)
    engine = await lab.engine()
    names = [await lab.create_volume(f"killed-{number}") for number in range(3)]
    await lab.create_volume("killed-kept")
    before = await everything(engine)
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, dockerd.url, str(tmp_path), moment, *names], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert await asyncio.to_thread(child.stdout.readline) == "now\n"
        child.send_signal(signal.SIGKILL)
    gone = before - await everything(engine)
    history = await read_history(tmp_path / "state" / "journal.jsonl")
    assert history.problems == ()
    (session,) = history.sessions
    assert session.ended == ""
    assert session.time == pytest.approx(time.time(), abs=600)
    told = [(step.lost.name, step.outcome) for step in session.steps]
    if moment == "backup":
        # Killed while the first volume's backup was being verified: nothing had been touched yet.
        assert told == []
        assert gone == set()
    else:
        # The second step was begun, and nobody knows what came of it: that much is certain.
        assert told == [(names[0], "done"), (names[1], "")]
        assert gone == {(Kind.VOLUME, name) for name in names[: 2 if moment == "after" else 1]}
    await engine.remove_leftovers()
    await lab.close()
