"""Containers as the raw answers of a real engine's API (version 1.47)."""

from __future__ import annotations

from typing import Any

from tui.engine.demo.clock import rfc3339
from tui.engine.demo.digest import hex_id
from tui.engine.demo.image_answers import ROOT_DIR, image_config, layer_dir
from tui.engine.demo.objects import DemoContainer
from tui.engine.demo.world import World
from tui.model.container import Mount, Port


def container_inspect(world: World, container: DemoContainer) -> dict[str, Any]:
    """``GET /containers/ID/json``."""
    folder = f"{ROOT_DIR}/containers/{container.id}"
    argv = container.argv
    return {
        "Id": container.id,
        "Created": rfc3339(container.created),
        "Path": argv[0] if argv else "",
        "Args": list(argv[1:]),
        "State": _state(container),
        "Image": container.image.id,
        "ResolvConfPath": f"{folder}/resolv.conf",
        "HostnamePath": f"{folder}/hostname",
        "HostsPath": f"{folder}/hosts",
        "LogPath": f"{folder}/{container.id}-json.log",
        "Name": f"/{container.name}" if container.name else "",
        "RestartCount": container.restart_count,
        "Driver": "overlay2",
        "Platform": "linux",
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "docker-default",
        "ExecIDs": [hex_id("exec", container.id, str(n)) for n in range(len(container.sessions))] or None,
        "HostConfig": _host_config(container),
        "GraphDriver": {"Data": _container_dirs(container), "Name": "overlay2"},
        "Mounts": [_mount(mount) for mount in container.mounts],
        "Config": _container_config(container),
        "NetworkSettings": _network_settings(world, container),
    }


def _container_config(container: DemoContainer) -> dict[str, Any]:
    return image_config(container.image.config) | {
        "Hostname": container.hostname,
        "User": container.user,
        "Tty": container.tty,
        "OpenStdin": container.tty,
        "Env": list(container.environment) or None,
        "Cmd": list(container.command) or None,
        "Image": container.image_name,
        "WorkingDir": container.working_dir,
        "Entrypoint": list(container.entrypoint) or None,
        "Labels": dict(container.labels),
    }


def _state(container: DemoContainer) -> dict[str, Any]:
    pid = 1000 + int(container.id[:5], 16) % 60_000 if container.alive and container.state != "restarting" else 0
    answer: dict[str, Any] = {
        "Status": container.state,
        "Running": container.alive,
        "Paused": container.state == "paused",
        "Restarting": container.state == "restarting",
        "OOMKilled": container.oom_killed,
        "Dead": container.state == "dead",
        "Pid": pid,
        "ExitCode": container.exit_code,
        "Error": container.error,
        "StartedAt": rfc3339(container.started),
        "FinishedAt": rfc3339(container.finished),
    }
    if container.health:
        answer["Health"] = {"Status": container.health, "FailingStreak": 0, "Log": []}
    return answer


def _host_config(container: DemoContainer) -> dict[str, Any]:
    shown = [m for m in container.mounts if m.type in {"volume", "bind"}]
    return {
        "Binds": [f"{m.name or m.source}:{m.destination}:{'ro' if m.read_only else 'rw'}" for m in shown] or None,
        "ContainerIDFile": "",
        "LogConfig": {"Type": "json-file", "Config": {}},
        "NetworkMode": container.networks[0] if container.networks else "none",
        "PortBindings": _port_bindings(container, only_published=True),
        "RestartPolicy": {"Name": container.restart_policy, "MaximumRetryCount": 0},
        "AutoRemove": False,
        "VolumeDriver": "",
        "VolumesFrom": None,
        "ConsoleSize": [0, 0],
        "CapAdd": None,
        "CapDrop": None,
        "CgroupnsMode": "private",
        "Dns": [],
        "ExtraHosts": [],
        "IpcMode": "private",
        "Privileged": False,
        "PublishAllPorts": False,
        "ReadonlyRootfs": False,
        "SecurityOpt": None,
        "Tmpfs": {m.destination: "" for m in container.mounts if m.type == "tmpfs"} or None,
        "ShmSize": 67_108_864,
        "Runtime": "runc",
        "Memory": 0,
        "NanoCpus": 0,
        "PidsLimit": None,
    }


def _network_settings(world: World, container: DemoContainer) -> dict[str, Any]:
    networks: dict[str, Any] = {}
    for name in container.networks:
        network, address = world.add_network(name), world.address(container, name)
        networks[name] = {
            "IPAMConfig": None,
            "Links": None,
            "Aliases": [container.name, container.id[:12]] if name != "bridge" else None,
            "NetworkID": network.id,
            "EndpointID": hex_id("endpoint", container.id, name) if address else "",
            "Gateway": f"{network.prefix}.1" if address else "",
            "IPAddress": address,
            "IPPrefixLen": 16 if address else 0,
            "MacAddress": "02:42:" + ":".join(f"{int(part):02x}" for part in address.split(".")) if address else "",
        }
    return {
        "Bridge": "",
        "SandboxID": hex_id("sandbox", container.id) if container.alive else "",
        "Ports": _port_bindings(container) if container.alive else {},
        "Networks": networks,
    }


def _port_bindings(container: DemoContainer, *, only_published: bool = False) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for port in container.ports:
        key = f"{port.private}/{port.protocol}"
        if port.public is not None:
            answer.setdefault(key, [])
            answer[key] = [*(answer[key] or []), _binding(port)]
        elif not only_published:
            answer.setdefault(key, None)
    return answer


def _binding(port: Port) -> dict[str, str]:
    return {"HostIp": port.address, "HostPort": str(port.public)}


def _mount(mount: Mount) -> dict[str, Any]:
    answer: dict[str, Any] = {"Type": mount.type}
    if mount.type == "volume":
        answer["Name"] = mount.name
    answer |= {"Source": mount.source, "Destination": mount.destination}
    if mount.type == "volume":
        answer["Driver"] = mount.driver
    mode = "" if mount.type == "tmpfs" else "ro" if mount.read_only else "rw"
    return answer | {"Mode": mode, "RW": not mount.read_only, "Propagation": "rprivate" if mount.type == "bind" else ""}


def _container_dirs(container: DemoContainer) -> dict[str, str]:
    own = f"{ROOT_DIR}/overlay2/{hex_id('cache id', container.id)}"
    below = [f"{own}-init/diff", *(f"{layer_dir(chain)}/diff" for chain in reversed(container.image.chain_ids))]
    return {
        "LowerDir": ":".join(below),
        "MergedDir": f"{own}/merged",
        "UpperDir": f"{own}/diff",
        "WorkDir": f"{own}/work",
    }
