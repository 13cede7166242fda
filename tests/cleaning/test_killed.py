"""orlop itself is killed in the middle: the journal tells what was done, and what may have been."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cleaning.reviewed import Run, everything, only, plan_of, volume_step
from tests.engine.docker_lab import DockerLab
from tests.engine.private_dockerd import PrivateDockerd
from tui.cleaning.history import read_history
from tui.engine.helper_makers import is_gone
from tui.engine.port import Engine
from tui.model.candidates import Rule, candidates
from tui.model.cleanup_progress import StepState
from tui.model.holdings import Holdings
from tui.model.inventory import Inventory
from tui.model.mark import Kind, Mark

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


_READER = """
import asyncio, sys, time
from tui.engine.docker_engine import DockerEngine
from tui.model.host import Endpoint

def take(data):
    print("now", flush=True)
    time.sleep(600)

engine = DockerEngine(Endpoint(sys.argv[1]))
asyncio.run(engine.volume_archive(sys.argv[2], take, lambda reading: None))
"""


async def test_killed_while_it_reads_a_volume_its_helper_is_named_at_once_and_in_nobodys_way(
    dockerd: PrivateDockerd, tmp_path: Path
) -> None:
    lab = DockerLab(dockerd)
    engine = await lab.engine()
    name = await lab.create_volume("killed-reading")
    await lab.write_volume_file(name, "file", 3_000_000)
    with subprocess.Popen(
        [sys.executable, "-c", _READER, dockerd.url, name], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert await asyncio.to_thread(child.stdout.readline) == "now\n"
        assert await _leftovers(engine) == set(), "it is in use"
        child.send_signal(signal.SIGKILL)
    assert {mark.kind for mark in await _leftovers(engine)} == {Kind.CONTAINER, Kind.IMAGE}
    run = Run(engine, await plan_of(engine, await volume_step(engine, name)), tmp_path)
    assert only(await run.to_the_end()).state is StepState.DONE
    assert await _leftovers(engine) == set()
    await lab.close()


async def _leftovers(engine: Engine) -> set[Mark]:
    images, containers, volumes = await engine.images(), await engine.containers(), await engine.volumes()
    inventory = Inventory(None, images, containers, volumes, frozenset({"images", "containers", "volumes"}))
    sets = candidates(inventory, Holdings(), now=time.time(), gone=is_gone)
    return set(next(one.marks for one in sets if one.rule is Rule.LEFTOVERS))
