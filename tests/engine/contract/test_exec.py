from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from select import select

import pytest

from tests.engine.contract.conftest import PATIENCE
from tests.engine.lab import Lab
from tui.engine.errors import ConflictError, NotFoundError
from tui.engine.port import Engine, ExecChannel, ExecRequest


def receive_until(channel: ExecChannel, enough: Callable[[bytes], bool]) -> bytes:
    """What comes until it is enough, or until the session ends."""
    seen = b""
    deadline = time.monotonic() + PATIENCE
    while not enough(seen):
        ready, _, _ = select([channel.fileno()], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, seen
        data = channel.receive(65536)
        if not data:
            return seen
        seen += data
    return seen


def to_the_end(channel: ExecChannel) -> bytes:
    return receive_until(channel, lambda seen: False)


async def running(lab: Lab) -> str:
    return await lab.create_container(await lab.create_image("contract/exec:1"), state="running")


def shell(container_id: str) -> ExecRequest:
    return ExecRequest(container_id, ("/bin/sh",), environment=(("TERM", "xterm"),))


async def test_a_shell_answers_and_gives_its_exit_code(lab: Lab, engine: Engine) -> None:
    channel = await engine.exec(shell(await running(lab)), rows=24, columns=80)

    def talk() -> None:
        assert channel.exit_code() is None
        channel.send(b"echo over-and-out\n")
        receive_until(channel, lambda seen: seen.count(b"over-and-out") >= 2)
        channel.resize(40, 120)
        channel.send(b"exit 7\n")
        to_the_end(channel)
        assert channel.exit_code() == 7
        channel.close()
        channel.close()

    await asyncio.to_thread(talk)


async def test_a_shell_sees_the_containers_files(lab: Lab, engine: Engine) -> None:
    channel = await engine.exec(shell(await running(lab)), rows=24, columns=80)

    def talk() -> None:
        channel.send(b"cd /etc\n")
        channel.send(b"pwd\n")
        channel.send(b"ls\n")
        assert b"hostname" in receive_until(channel, lambda seen: b"hostname" in seen)
        channel.send(b"exit\n")
        to_the_end(channel)
        assert channel.exit_code() == 0
        channel.close()

    await asyncio.to_thread(talk)


async def test_closing_ends_the_session(lab: Lab, engine: Engine) -> None:
    channel = await engine.exec(shell(await running(lab)), rows=24, columns=80)

    def leave() -> float:
        channel.send(b"echo here\n")
        receive_until(channel, lambda seen: seen.count(b"here") >= 2)
        begun = time.monotonic()
        channel.close()
        return time.monotonic() - begun

    assert await asyncio.to_thread(leave) < 5
    assert channel.exit_code() is not None


@pytest.mark.parametrize("state", ["created", "exited", "paused"])
async def test_a_container_that_is_not_running_is_a_conflict(lab: Lab, engine: Engine, state: str) -> None:
    container_id = await lab.create_container(await lab.create_image("contract/exec:1"), state=state)
    with pytest.raises(ConflictError):
        await engine.exec(shell(container_id), rows=24, columns=80)


async def test_a_container_that_is_gone_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFoundError):
        await engine.exec(shell("0" * 64), rows=24, columns=80)


async def test_a_command_that_is_not_there_ends_at_once(lab: Lab, engine: Engine) -> None:
    request = ExecRequest(await running(lab), ("/no/such/program",))
    channel = await engine.exec(request, rows=24, columns=80)

    def see() -> int | None:
        to_the_end(channel)
        code = channel.exit_code()
        channel.close()
        return code

    assert await asyncio.to_thread(see) in {126, 127}


@pytest.mark.parametrize("state", ["created", "running", "exited"])
async def test_the_shell_is_found_without_running_anything(lab: Lab, engine: Engine, state: str) -> None:
    container_id = await lab.create_container(await lab.create_image("contract/shell:1"), state=state)
    assert await engine.find_shell(container_id) == "/bin/sh"


async def test_no_shell_is_none(lab: Lab, engine: Engine) -> None:
    container_id = await lab.create_container(await lab.create_image("contract/noshell:1", shell=False))
    assert await engine.find_shell(container_id) is None
