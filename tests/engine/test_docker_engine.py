"""What only a real engine can show: sockets that close, daemons that die or hang, the order of the first requests."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.engine.contract.conftest import PATIENCE, watching
from tests.engine.docker_lab import DockerLab
from tests.engine.fake_server import Answer, as_json, reply, serving, versioned
from tests.engine.lab import VolumeMount
from tests.engine.private_dockerd import PrivateDockerd
from tui.engine import errors
from tui.engine.address import Address
from tui.engine.docker_engine import DockerEngine
from tui.engine.late_sdk import LateSdk
from tui.engine.open_sockets import OpenSockets
from tui.engine.port import ExecRequest
from tui.model.container import Container
from tui.model.host import Endpoint


@pytest_asyncio.fixture
async def lab(dockerd: PrivateDockerd) -> AsyncIterator[DockerLab]:
    made = DockerLab(dockerd)
    yield made
    await made.close()


@pytest.fixture
def place() -> Iterator[Path]:
    """A path for a socket: pytest's own are too long for one."""
    with tempfile.TemporaryDirectory(prefix="orlop-") as folder:
        yield Path(folder) / "sock"


def sockets() -> int:
    """How many sockets this process has open."""
    count = 0
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            count += os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:")
        except FileNotFoundError:
            continue
    return count


async def threads_left() -> list[str]:
    """The engine's threads that do not end by themselves within a moment."""
    deadline = time.monotonic() + 1
    while True:
        left = [thread.name for thread in threading.enumerate() if thread.name.startswith("orlop-")]
        if not left or time.monotonic() > deadline:
            return left
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("which", ["first", "later"])
async def test_closing_a_stream_closes_its_socket(lab: DockerLab, which: str) -> None:
    before = sockets()
    engine = DockerEngine(Endpoint(lab.dockerd.url), prefetch=which == "first")
    stream = await engine.events()
    if which == "first":
        await asyncio.gather(engine.host(), engine.images(), engine.containers(), engine.volumes())
    assert (sockets(), engine.open_connections) == (before + 1, 1)
    await stream.aclose()
    assert (sockets(), engine.open_connections) == (before, 0)
    await engine.close()
    assert await threads_left() == []


async def test_a_later_stream_may_be_silent_for_as_long_as_it_likes(
    lab: DockerLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engine.sdk.CONNECT_TIMEOUT", 0.2)
    engine = await lab.engine()
    async with watching(engine) as watch:
        await asyncio.sleep(0.4)  # longer than the head of the answer may take
        name = await lab.create_volume("real-after-silence")
        await watch.until("volume", "create", name)


async def test_closing_the_engine_leaves_no_socket_and_no_thread(lab: DockerLab) -> None:
    container_id = await lab.create_container(await lab.create_image("real/one:1"))
    before = sockets()
    engine = await lab.engine()
    await asyncio.gather(*(engine.images() for _ in range(20)))
    await engine.events()
    await engine.start(container_id)
    await engine.close()
    assert engine.open_connections == 0
    assert await threads_left() == []
    assert sockets() == before


async def test_connections_are_used_again(lab: DockerLab) -> None:
    engine = await lab.engine()
    image_id = await lab.create_image("real/again:1")
    for _ in range(20):
        await engine.images()
        await engine.containers()
        await engine.image_detail(image_id)
    assert engine.open_connections == 1


async def test_a_missing_object_does_not_cost_the_connection(lab: DockerLab) -> None:
    engine = await lab.engine()
    for _ in range(3):
        with pytest.raises(errors.NotFoundError):
            await engine.volume_detail("real-nothing")
    assert engine.open_connections == 1


_START = """
import asyncio, sys
from tui.engine.docker_engine import DockerEngine
from tui.model.host import Endpoint

async def main():
    engine = DockerEngine(Endpoint(sys.argv[1]), prefetch=True)
    await engine.events()
    await asyncio.gather(engine.host(), engine.images(), engine.containers(), engine.volumes())
    print(engine.requests_sent, 'docker' in sys.modules, 'requests' in sys.modules)
    await engine.volumes()
    print(engine.requests_sent, 'docker' in sys.modules, 'requests' in sys.modules)
    await engine.close()

asyncio.run(main())
"""


def test_the_first_picture_takes_six_requests_and_no_sdk_and_the_next_read_takes_it(dockerd: PrivateDockerd) -> None:
    done = subprocess.run([sys.executable, "-c", _START, dockerd.url], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("6 False False\n7 True True\n", "")


@pytest.mark.parametrize("settings", ["[]", "nonsense", '{"auths": {"x": {"auth": "?"}}, "HttpHeaders": 7}'])
def test_the_clients_own_settings_are_not_our_business(place: Path, dockerd: PrivateDockerd, settings: str) -> None:
    (place.parent / "config.json").write_text(settings)
    done = subprocess.run(
        [sys.executable, "-c", _START, dockerd.url],
        env={**os.environ, "DOCKER_CONFIG": str(place.parent)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("6 False False\n7 True True\n", "")


async def test_the_first_look_and_the_sdk_see_the_same(lab: DockerLab) -> None:
    image_id = await lab.create_image("real/same:1", layers=2, labels={"k": "v"})
    await lab.tag_image(image_id, "localhost:5000/real/same:2")
    await lab.create_image()
    labels = {"ünï": "\u202e\x1b[31m🐳", "empty": ""}
    volume = await lab.create_volume("real-same", labels=labels)
    mounts = [VolumeMount(volume, "/data", read_only=True), VolumeMount("", "/anonymous")]
    for state in ("created", "running", "paused", "exited"):
        await lab.create_container(
            image_id, name=f"real-{state}", state=state, mounts=mounts, labels=labels, exit_code=3
        )
    engine = DockerEngine(Endpoint(lab.dockerd.url), prefetch=True)
    first = [await read() for read in (engine.images, engine.volumes)]
    later = [await read() for read in (engine.images, engine.volumes)]
    assert first == later
    assert [len(listed) >= 2 for listed in first] == [True, True]
    listed, listed_again = await engine.containers(), await engine.containers()
    assert len(listed) == 4
    assert [_settled(row) for row in listed] == [_settled(row) for row in listed_again]
    assert listed[0].labels.items() >= labels.items()
    host, host_again = await engine.host(), await engine.host()
    assert host._replace(raw={}) == host_again._replace(raw={})
    assert host.raw.keys() == host_again.raw.keys()
    await engine.close()


def _settled(row: Container) -> Container:
    """Without what differs from one answer to the next: "Up 2 seconds" grows, and mounts come in any order."""
    return row._replace(status="", mounts=tuple(sorted(row.mounts)))


async def test_what_is_not_utf8_reads_alike_at_first_and_later(place: Path) -> None:
    listed = b'[{"Id": "sha256:1", "RepoTags": ["a:\xff"], "Labels": {"\xc3": "b\xfe", "c": "\xe2\x82\xac"}}]'
    with serving(place, versioned(lambda _line, connection: connection.sendall(reply("200 OK", listed)))):
        engine = DockerEngine(Endpoint(f"unix://{place}"), prefetch=True)
        first, later = await engine.images(), await engine.images()
        await engine.close()
    assert first == later
    assert (first[0].tags, dict(first[0].labels)) == (("a:\ufffd",), {"\ufffd": "b\ufffd", "c": "€"})


def test_threads_that_want_the_sdk_at_once_get_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.engine import sdk

    made: list[str] = []

    class SlowClient(sdk.SdkClient):
        def __init__(self, *args: Any, **settings: Any) -> None:
            made.append("client")
            time.sleep(0.05)  # as the import does
            super().__init__(*args, **settings)

    monkeypatch.setattr(sdk, "SdkClient", SlowClient)
    late = LateSdk(Address(path="/nowhere"), OpenSockets(), lambda: None, timeout=1, pool_size=1)
    with ThreadPoolExecutor(8) as pool:
        clients = set(pool.map(late.client, ["1.41"] * 16))
    assert (len(clients), made) == (1, ["client"])
    assert late.client("1.44") not in clients
    late.close()


async def test_what_is_fetched_ahead_is_given_once(lab: DockerLab) -> None:
    engine = DockerEngine(Endpoint(lab.dockerd.url), prefetch=True)
    stream = await engine.events()
    await engine.volumes()
    name = await lab.create_volume("real-later")
    assert name in {volume.name for volume in await engine.volumes()}
    async with asyncio.timeout(PATIENCE):
        async for event in stream:
            if event.subject == name:
                break
    await engine.close()


async def test_nothing_is_lost_between_fetching_ahead_and_asking(lab: DockerLab) -> None:
    engine = DockerEngine(Endpoint(lab.dockerd.url), prefetch=True)
    async with asyncio.timeout(PATIENCE):
        while engine.requests_sent < 6:
            await asyncio.sleep(0.005)
    name = await lab.create_volume("real-between")
    stream = await engine.events()
    listed = {volume.name for volume in await engine.volumes()}
    async with asyncio.timeout(PATIENCE):
        told = {name} if name in listed else {(await anext(stream.__aiter__())).subject}
    assert told == {name}
    await engine.close()


async def test_zero_byte_steps_of_the_classic_builder_are_settled_by_their_intermediates(lab: DockerLab) -> None:
    image_id = await lab.create_image("real/base:1")
    steps = b"WORKDIR /srv\nRUN echo hi >/srv/hi\nRUN true\nRUN touch /srv/empty\n"
    built = lab.build(b"FROM " + image_id.encode() + b"\n" + steps)
    engine = await lab.engine()
    layers = (await engine.image_detail(built)).layers
    commands = [layer.created_by.removeprefix("/bin/sh -c ").strip() for layer in layers[1:]]
    assert commands == ["#(nop) WORKDIR /srv", "echo hi >/srv/hi", "touch /srv/empty"]


async def test_a_shell_that_ignores_interrupts_is_ended_too(lab: DockerLab) -> None:
    container_id = await lab.create_container(await lab.create_image("real/shell:1"), state="running")
    engine = await lab.engine()
    channel = await engine.exec(ExecRequest(container_id, ("/bin/sh",)), rows=33, columns=99)

    def talk() -> bytes:
        channel.send(b"stty size; trap '' INT; while :; do sleep 1; done\n")
        seen = b""
        while b"33 99" not in seen:
            seen += channel.receive(4096)
        time.sleep(0.1)  # the loop has to begin; nothing can be seen of that
        channel.close()
        return seen

    async with asyncio.timeout(PATIENCE):
        await asyncio.to_thread(talk)
    processes = [row[-1] for row in lab.api.top(container_id)["Processes"]]
    assert not [process for process in processes if process.endswith("/bin/sh")]
    assert (await engine.container_detail(container_id)).state == "running"


async def test_what_was_left_running_on_purpose_stays(lab: DockerLab) -> None:
    container_id = await lab.create_container(await lab.create_image("real/nohup:1"), state="running")
    engine = await lab.engine()
    channel = await engine.exec(ExecRequest(container_id, ("/bin/sh",)), rows=33, columns=99)

    def talk() -> None:
        # What nohup does, which this busybox lacks.
        channel.send(b"(trap '' HUP; exec sleep 4321) & trap '' INT; echo rea''dy; while :; do sleep 1; done\n")
        seen = b""
        while b"ready" not in seen:
            seen += channel.receive(4096)
        time.sleep(0.1)
        channel.close()

    async with asyncio.timeout(PATIENCE):
        await asyncio.to_thread(talk)
    assert "sleep 4321" in [row[-1] for row in lab.api.top(container_id)["Processes"]]


async def test_a_health_check_is_no_news(lab: DockerLab) -> None:
    image_id = await lab.create_image("real/health:1")
    built = lab.build(b"FROM " + image_id.encode() + b"\nHEALTHCHECK --interval=1s CMD true\n")
    container_id = await lab.create_container(built)
    engine = await lab.engine()
    async with watching(engine) as watch:
        lab.api.start(container_id)
        await watch.until("container", "health_status", container_id)
        checks = lab.api.inspect_container(container_id)["State"]["Health"]["Log"]
        while len(lab.api.inspect_container(container_id)["State"]["Health"]["Log"]) < len(checks) + 1:
            await asyncio.sleep(0.05)
        assert watch.actions(container_id) == ["start", "health_status"]


async def test_a_dockerd_that_is_stopped_ends_the_stream_and_can_come_back(dockerd: PrivateDockerd) -> None:
    engine = DockerEngine(Endpoint(dockerd.url))
    stream = await engine.events()
    assert await engine.host()
    listening = asyncio.create_task(_drain(stream.__aiter__()))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(dockerd.halt)
    try:
        async with asyncio.timeout(PATIENCE):
            await listening
        with pytest.raises(errors.EngineUnavailableError):
            await engine.images()
        with pytest.raises(errors.EngineUnavailableError):
            await engine.ping()
    finally:
        dockerd.start()
    assert await engine.images() is not None
    async with watching(engine):
        await engine.ping()
    await engine.close()


async def _drain(events: AsyncIterator[object]) -> None:
    async for _ in events:
        pass


async def test_a_frozen_dockerd_is_noticed_and_closing_does_not_wait_for_it(dockerd: PrivateDockerd) -> None:
    engine = DockerEngine(Endpoint(dockerd.url))
    await engine.host()
    await engine.events()
    dockerd.freeze()
    try:
        with pytest.raises(errors.EngineHungError):
            await engine.ping(timeout=0.2)
        stuck = [asyncio.create_task(engine.images()) for _ in range(10)]
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        await engine.close()
        assert time.monotonic() - begun < 2
        async with asyncio.timeout(PATIENCE):
            results = await asyncio.gather(*stuck, return_exceptions=True)
        assert all(isinstance(result, errors.ConnectionLostError) for result in results)
        assert await threads_left() == []
    finally:
        dockerd.thaw()


async def test_a_second_disk_usage_walk_on_an_old_engine_is_busy(place: Path) -> None:
    refusal = reply("500 Internal Server Error", b'{"message": "a disk usage operation is already running"}')
    for api, kind in (("1.41", errors.BusyError), ("1.51", errors.EngineFaultError)):
        with serving(place, versioned(lambda _line, connection: connection.sendall(refusal), api=api)):
            engine = DockerEngine(Endpoint(f"unix://{place}"))
            with pytest.raises(errors.EngineError) as caught:
                await engine.disk_usage()
            assert type(caught.value) is kind
            await engine.close()
        place.unlink()


async def test_what_vanishes_under_a_disk_usage_walk_makes_a_second_one_and_then_busy(place: Path) -> None:
    gone = reply("404 Not Found", b'{"message": "snapshot does not exist"}')
    answers = [gone, as_json({"LayersSize": 7}), gone, gone]
    with serving(place, versioned(lambda _line, connection: connection.sendall(answers.pop(0)))):
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        assert (await engine.disk_usage()).layers_size_bytes == 7
        with pytest.raises(errors.BusyError):
            await engine.disk_usage()
        await engine.close()
    assert answers == []


async def test_an_idle_connection_that_the_engine_closed_is_replaced(place: Path) -> None:
    with serving(place, versioned(lambda _line, connection: connection.sendall(as_json([])))):
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        assert await engine.images() == ()
    place.unlink()
    with serving(place, versioned(lambda _line, connection: connection.sendall(as_json([])))) as seen:
        assert await engine.images() == ()
        await engine.close()
    assert len(seen) == 1


def _hanging_up_on(request: int) -> Answer:
    """Answers with an empty list, but closes the connection over one of the requests."""
    seen: list[str] = []

    def act(line: str, connection: socket.socket) -> None:
        seen.append(line)
        if len(seen) == request:
            connection.shutdown(socket.SHUT_RDWR)
        else:
            connection.sendall(as_json([]))

    return act


async def test_a_kept_connection_that_is_closed_over_a_read_is_replaced(place: Path) -> None:
    with serving(place, versioned(_hanging_up_on(2))) as seen:
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        await engine.images()
        assert await engine.containers() == ()
        assert [line.split("?")[0].rpartition("/")[0] for line in seen[2:]] == ["GET /v1.41/containers"] * 2
        assert engine.requests_sent == len(seen) == 4
        await engine.close()


async def test_a_change_is_never_sent_twice(place: Path) -> None:
    with serving(place, versioned(_hanging_up_on(2))) as seen:
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        await engine.images()
        with pytest.raises(errors.ConnectionLostError):
            await engine.restart("web")
        await engine.close()
    assert len([line for line in seen if line.startswith("POST")]) == 1


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv(proxy, "http://127.0.0.1:1")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answer = versioned(lambda _line, connection: connection.sendall(as_json([])))
        with serving(listener, answer) as seen:
            engine = DockerEngine(Endpoint(f"tcp://127.0.0.1:{listener.getsockname()[1]}"))
            assert await engine.images() == ()
            await engine.close()
    assert [line.split("?")[0].split()[1] for line in seen] == ["/version", "/v1.41/images/json"]


async def test_the_version_is_asked_for_anew_after_the_engine_went_away(place: Path) -> None:
    with serving(place, versioned(lambda _line, connection: connection.sendall(as_json([])), api="1.41")):
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        await engine.images()
    with pytest.raises(errors.StaleSocketError):
        await engine.images()
    place.unlink()
    with serving(place, versioned(lambda _line, connection: connection.sendall(as_json([])), api="1.48")) as seen:
        await engine.images()
        await engine.close()
    assert [line.split("?")[0].split()[1] for line in seen] == ["/version", "/v1.48/images/json"]


async def test_a_broken_line_in_the_event_stream_is_passed_over(place: Path) -> None:
    lines = b'nonsense\n\n{"Type": "volume", "Action": "create", "Actor": {"ID": "v1"}}\n{"Type": 7}\n[]\n{"Type": "vol'

    def act(_line: str, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + lines)
        connection.shutdown(socket.SHUT_RDWR)

    with serving(place, versioned(act)):
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        stream = await engine.events()
        async with asyncio.timeout(PATIENCE):
            events = [event async for event in stream]
        await engine.close()
    assert [event.subject for event in events if event.kind] == ["v1"]


async def test_names_are_quoted(place: Path) -> None:
    with serving(place, versioned(lambda _line, connection: connection.sendall(reply("404 Not Found")))) as seen:
        engine = DockerEngine(Endpoint(f"unix://{place}"))
        for name in ("a b?c#d", "../../info", "ü\r\nX: y"):
            with pytest.raises(errors.NotFoundError):
                await engine.volume_detail(name)
        await engine.close()
    paths = [line.split(" ")[1] for line in seen[1:]]
    assert paths == [
        "/v1.41/volumes/a%20b%3Fc%23d",
        "/v1.41/volumes/..%2F..%2Finfo",
        "/v1.41/volumes/%C3%BC%0D%0AX:%20y",
    ]
