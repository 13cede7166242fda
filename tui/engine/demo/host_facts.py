"""What the demo engine says of itself."""

from __future__ import annotations

from typing import Any

from tui.engine.demo.digest import hex_id
from tui.engine.demo.image_answers import ROOT_DIR
from tui.engine.demo.world import World
from tui.model.host import Endpoint, Host

SERVER_VERSION, API_VERSION = "27.5.1", "1.47"
KERNEL, SYSTEM = "6.1.0-demo", "orlop demo (nothing here is real)"
CPUS, MEMORY_BYTES = 8, 16_653_029_376


def host(world: World, endpoint: Endpoint) -> Host:
    """The host record."""
    return Host(
        endpoint=endpoint,
        id=hex_id("host")[:36],
        name=world.host_name,
        product="Docker",
        server_version=SERVER_VERSION,
        api_version=API_VERSION,
        storage_driver="overlay2",
        image_store="classic",
        root_dir=ROOT_DIR,
        operating_system=SYSTEM,
        os_type="linux",
        architecture="x86_64",
        kernel=KERNEL,
        cpus=CPUS,
        memory_bytes=MEMORY_BYTES,
        rootless=False,
        raw=info(world),
    )


def info(world: World) -> dict[str, Any]:
    """``GET /info``."""
    states = [container.state for container in world.containers.values()]
    paused, running = states.count("paused"), states.count("running") + states.count("restarting")
    return {
        "ID": hex_id("host")[:36],
        "Containers": len(states),
        "ContainersRunning": running,
        "ContainersPaused": paused,
        "ContainersStopped": len(states) - running - paused,
        "Images": len(world.images),
        "Driver": "overlay2",
        "DriverStatus": [["Backing Filesystem", "extfs"], ["Supports d_type", "true"], ["Using metacopy", "false"]],
        "Plugins": {"Volume": ["local"], "Network": ["bridge", "host", "null"], "Log": ["json-file", "local", "none"]},
        "LoggingDriver": "json-file",
        "CgroupDriver": "systemd",
        "CgroupVersion": "2",
        "KernelVersion": KERNEL,
        "OperatingSystem": SYSTEM,
        "OSType": "linux",
        "Architecture": "x86_64",
        "NCPU": CPUS,
        "MemTotal": MEMORY_BYTES,
        "DockerRootDir": ROOT_DIR,
        "Name": world.host_name,
        "Labels": [],
        "ServerVersion": SERVER_VERSION,
        "DefaultRuntime": "runc",
        "LiveRestoreEnabled": False,
        "SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
        "Warnings": None,
    }
