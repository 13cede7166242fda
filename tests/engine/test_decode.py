"""Decoding what real engines answered about the same small world (see ``recorded/record.py``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tui.engine import decode, decode_detail
from tui.engine.event_stream import is_echo
from tui.model.host import Endpoint, Host

RECORDED = Path(__file__).parent / "recorded"
ENGINES = sorted(folder.name for folder in RECORDED.iterdir() if (folder / "version.json").exists())


class Recording:
    def __init__(self, engine: str) -> None:
        self.engine = engine

    def __getattr__(self, name: str) -> Any:
        return json.loads((RECORDED / self.engine / f"{name}.json").read_text())

    @property
    def podman(self) -> bool:
        return self.engine.startswith("podman")


@pytest.fixture(params=ENGINES)
def recorded(request: pytest.FixtureRequest) -> Recording:
    return Recording(request.param)


def host_of(recorded: Recording) -> Host:
    return decode.host(recorded.info, recorded.version, "1.41", Endpoint("unix:///run/sock"))


def test_all_five_shapes_are_there() -> None:
    assert ENGINES == ["docker-20.10", "docker-26.1", "docker-28.5", "docker-28.5-containerd", "podman-4.3"]


def test_host(recorded: Recording) -> None:
    host = host_of(recorded)
    assert host.product == ("Podman" if recorded.podman else "Docker")
    assert recorded.engine.split("-")[1] in host.server_version
    assert host.image_store == ("containerd" if recorded.engine.endswith("containerd") else "classic")
    assert host.root_dir == "/var/lib/docker"
    assert host.name == "recorder"
    assert host.storage_driver
    assert host.cpus > 0
    assert host.memory_bytes > 0
    assert not host.rootless


def test_rootless_is_told_by_its_security_option() -> None:
    host = decode.host({"SecurityOptions": ["name=seccomp,profile=default", "name=rootless"]}, {}, "1.41", Endpoint(""))
    assert host.rootless


def test_images(recorded: Recording) -> None:
    images = decode.images(recorded.images)
    registry = "docker.io/" if recorded.podman else ""
    by_tag = {tag: image for image in images for tag in image.tags}
    assert set(by_tag) == {"localhost:5000/shop/base:1", f"{registry}shop/base:latest", f"{registry}shop/web:1"}
    base = by_tag["localhost:5000/shop/base:1"]
    assert base is by_tag[f"{registry}shop/base:latest"]
    assert all(image.id.startswith("sha256:") and len(image.id) == 71 for image in images)
    assert len([image for image in images if image.dangling]) >= 1
    assert all(image.size_bytes for image in images)
    assert all(image.created for image in images)
    assert by_tag[f"{registry}shop/web:1"].labels["who"] == "recorded"
    assert [image.created for image in images] == sorted((image.created for image in images), key=lambda c: -(c or 0))


def test_containers(recorded: Recording) -> None:
    containers = {container.name: container for container in decode.containers(recorded.containers)}
    images = {image.id for image in decode.images(recorded.images)}
    assert set(containers) == {"shop-web-1", "done", "fresh"}
    assert {name: container.state for name, container in containers.items()} == {
        "shop-web-1": "running",
        "done": "exited",
        "fresh": "created",
    }
    assert all(container.image_id in images for container in containers.values())
    web = containers["shop-web-1"]
    assert (web.compose_project, web.compose_service) == ("shop", "web")
    mounts = {mount.destination: mount for mount in web.mounts}
    assert (mounts["/srv/data"].type, mounts["/srv/data"].name) == ("volume", "shop-data")
    assert (mounts["/host"].type, mounts["/host"].name, mounts["/host"].read_only) == ("bind", "", True)
    assert web.volume_names == ("shop-data",)
    assert web.size_rw_bytes is None
    assert len(containers["fresh"].volume_names) == 1
    assert "trap" in web.command


def test_volumes(recorded: Recording) -> None:
    volumes = {volume.name: volume for volume in decode.volumes(recorded.volumes)}
    assert volumes["shop-data"].labels == {"who": "recorded"}
    assert volumes["shop-data"].mountpoint.startswith("/var/lib/docker/volumes/")
    assert (volumes["unused"].created or 0) > 1_700_000_000
    assert sorted(name for name, volume in volumes.items() if not volume.anonymous) == ["shop-data", "unused"]
    assert len([volume for volume in volumes.values() if volume.anonymous]) == 2


def test_image_detail(recorded: Recording) -> None:
    detail = decode_detail.image_detail(recorded.image, recorded.history)
    assert detail.labels["who"] == "recorded"
    assert "GREETING=hello" in detail.environment
    assert detail.command == ("sh",)
    assert detail.working_dir == "/srv"
    assert detail.exposed_ports == ("80/tcp",) or recorded.podman
    assert detail.volumes == ("/srv/data",)
    assert (detail.os, detail.architecture) == ("linux", "amd64")
    assert detail.history[0].size_bytes > 1_000_000
    assert detail.raw == recorded.image


def test_every_layer_finds_the_instruction_that_made_it(recorded: Recording) -> None:
    steps = decode_detail.doubtful_steps(recorded.image, recorded.history)
    depths = {index: recorded.depths[image_id] for index, image_id in steps.items()}
    layers = decode_detail.image_detail(recorded.image, recorded.history, depths).layers
    commands = [layer.created_by for layer in layers]
    assert len(layers) == len(recorded.image["RootFS"]["Layers"])
    assert all(layer.size_bytes is not None for layer in layers)
    assert (layers[0].size_bytes or 0) > 1_000_000
    assert sum("COPY file:" in command for command in commands) == 1
    assert any("WORKDIR" in command for command in commands) != recorded.podman
    # RUN true changed no file: the classic builder makes no layer of it, podman does.
    assert any("touch /srv/empty" in command for command in commands)
    assert any(command.endswith("-c true") for command in commands) == recorded.podman


def test_container_detail(recorded: Recording) -> None:
    detail = decode_detail.container_detail(recorded.container)
    assert detail.name == "shop-web-1"
    assert detail.state == "running"
    assert detail.exit_code is None
    assert detail.started[:2] == "20"
    assert detail.finished == ""
    assert (*detail.entrypoint, *detail.command)[:2] == ("sh", "-c")
    assert detail.working_dir == "/srv"
    assert "GREETING=hello" in detail.environment
    assert detail.labels["com.docker.compose.service"] == "web"
    assert {mount.destination for mount in detail.mounts} == {"/srv/data", "/host"}
    assert detail.image_id.startswith("sha256:")
    assert detail.storage_driver
    assert bool(detail.storage) == (recorded.engine in {"docker-20.10", "docker-26.1", "docker-28.5"})


def test_volume_detail(recorded: Recording) -> None:
    detail = decode_detail.volume_detail(recorded.volume)
    assert detail.volume.name == "shop-data"
    assert detail.volume.driver == "local"
    assert detail.raw == recorded.volume


def test_disk_usage(recorded: Recording) -> None:
    usage = decode.disk_usage(recorded.df)
    assert (usage.layers_size_bytes is None) == recorded.podman
    assert usage.volumes["shop-data"].reference_count == 1
    assert usage.volumes["unused"].reference_count == 0
    assert usage.volumes["unused"].size_bytes == 0
    assert set(usage.containers) == {container.id for container in decode.containers(recorded.containers)}
    for writable, whole in usage.containers.values():
        assert writable is not None
        assert whole is not None
        assert writable <= whole


def test_disk_usage_in_the_shape_since_api_1_52() -> None:
    usage = decode.disk_usage(
        {
            "ImageUsage": {"ActiveCount": 1, "TotalCount": 2, "TotalSize": 5000, "Reclaimable": 10},
            "ContainerUsage": {"TotalSize": 7, "Items": [{"Id": "c1", "SizeRw": 7, "SizeRootFs": 5007}]},
            "VolumeUsage": {"Items": [{"Name": "v1", "UsageData": {"Size": -1, "RefCount": 2}}]},
            "BuildCacheUsage": {
                "Items": [
                    {"ID": "b1", "Type": "regular", "Size": 3, "Shared": True, "Parents": ["b0"], "UsageCount": 4}
                ]
            },
        }
    )
    assert (usage.layers_size_bytes, usage.images_reclaimable_bytes) == (5000, 10)
    assert usage.containers == {"c1": (7, 5007)}
    assert (usage.volumes["v1"].size_bytes, usage.volumes["v1"].reference_count) == (None, 2)
    record = usage.build_cache[0]
    assert (record.id, record.size_bytes, record.shared, record.parents, record.usage_count) == (
        "b1",
        3,
        True,
        ("b0",),
        4,
    )


def test_reclaimable_images_are_told_as_the_docker_command_works_them_out() -> None:
    images = [
        {"Size": 100, "SharedSize": 90, "Containers": 2},
        {"Size": 50, "SharedSize": 0, "Containers": 0},
        {"Size": 70, "SharedSize": -1, "Containers": 1},
        {"Size": 7, "SharedSize": 0},
    ]
    assert decode.disk_usage({"LayersSize": 200, "Images": images}).images_reclaimable_bytes == 190
    assert decode.disk_usage({"LayersSize": 0, "Images": images}).images_reclaimable_bytes is None
    assert decode.disk_usage({"Images": None}).images_reclaimable_bytes is None


def test_build_cache_of_an_old_engine_has_one_parent() -> None:
    usage = decode.disk_usage({"BuildCache": [{"ID": "b1", "Parent": "b0", "Size": 3, "LastUsedAt": None}]})
    assert usage.build_cache[0].parents == ("b0",)
    assert usage.build_cache[0].last_used is None


def test_events(recorded: Recording) -> None:
    events = [decode.event(json.dumps(raw).encode()) for raw in recorded.events]
    assert all(events)
    told = {(event.kind, event.action) for event in events if event is not None and not is_echo(event)}
    assert {("container", "create"), ("container", "start"), ("container", "die"), ("volume", "create")} <= told
    assert ("image", "tag") in told
    assert all(event.subject and event.time_ns for event in events if event is not None)
    assert not {action for kind, action in told if kind in {"container", "volume"}} & {"mount", "unmount", "attach"}


@pytest.mark.parametrize(
    ("raw", "kind", "action", "echo"),
    [
        ({"Type": "container", "Action": "exec_create: sh -c 'echo: x'"}, "container", "exec_create", True),
        ({"Type": "container", "Action": "health_status: healthy"}, "container", "health_status", False),
        ({"Type": "container", "Action": "remove"}, "container", "destroy", False),
        ({"Type": "volume", "Action": "remove"}, "volume", "destroy", False),
        ({"Type": "volume", "Action": "mount"}, "volume", "mount", True),
        ({"Type": "image", "Action": "save"}, "image", "save", True),
        ({"Type": "image", "Action": "pull"}, "image", "pull", False),
    ],
)
def test_actions(raw: dict[str, str], kind: str, action: str, echo: bool) -> None:
    event = decode.event(json.dumps(raw).encode())
    assert event is not None
    assert (event.kind, event.action, is_echo(event)) == (kind, action, echo)


def test_podmans_rows_without_prefix_and_one_per_tag_become_one_image() -> None:
    row = {"Id": "ab" * 32, "Size": 5, "Created": 1}
    images = decode.images([{**row, "RepoTags": ["a:1"]}, {**row, "RepoTags": ["b:2"]}])
    assert [(image.id, image.tags) for image in images] == [("sha256:" + "ab" * 32, ("a:1", "b:2"))]


def test_a_containers_own_name_comes_before_those_of_links() -> None:
    assert decode.names(["/web/db", "/db"]) == ("db", "web/db")
    assert decode.names(None) == ()


def test_parents_of_the_build_cache_with_the_engines_slip() -> None:
    """From API 1.42 on the key is " Parents", with a blank in front; before, it is "Parent", and one ID."""
    rows = [{"ID": "a", " Parents": ["b", "c"]}, {"ID": "d", "Parent": "e"}, {"ID": "f", "Parents": ["g"]}, {"ID": "h"}]
    found = decode.disk_usage({"BuildCache": rows}).build_cache
    assert [record.parents for record in found] == [("b", "c"), ("e",), ("g",), ()]
