"""Starting, stopping and what lies between: the engine's rules for a container's states, and its events.

States and refusals follow moby's ``daemon/{start,stop,kill,pause,unpause,rename}.go``. Every function
takes the container's ID or name and raises :class:`tui.engine.errors.NotFoundError` when there is none.
"""

from __future__ import annotations

from tui.engine.demo.names import check_name
from tui.engine.demo.objects import DemoContainer
from tui.engine.demo.world import World
from tui.engine.errors import BadRequestError, ConflictError, EngineFaultError

SIGNALS = {"HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "USR1": 10, "USR2": 12, "TERM": 15, "CONT": 18, "STOP": 19}
_DEADLY = {1, 2, 3, 9, 15}


def start(world: World, reference: str) -> None:
    """Start a container; nothing happens to one that runs."""
    with world.lock:
        container = world.container(reference)
        if container.state == "paused":
            raise ConflictError(f"{_named(container)} is paused, so it can't be started.", "Unpause it instead.")
        if container.alive:
            return
        _check_ports(world, container)
        for mount in container.mounts:
            if mount.type == "volume":
                access = "false" if mount.read_only else "true"
                about = {"container": container.id, "destination": mount.destination, "driver": mount.driver}
                world.emit("volume", "mount", mount.name, {**about, "read/write": access, "propagation": ""})
            elif mount.type == "tmpfs":
                container.scratch.pop(mount.destination, None)
        _tell_networks(world, container, "connect")
        container.state, container.error, container.oom_killed, container.exit_code = "running", "", False, 0
        container.started = world.clock.tick()  # when it ended before stays known, as on an engine
        world.emit_container("start", container)
        if container.image.config.health_check:
            # The first probe of a real engine takes a while; the demo's succeeds at once, so that idle stays idle.
            container.health = "healthy"
            world.emit_container("health_status: healthy", container)


def stop(world: World, reference: str) -> None:
    """Ask the main process to end; nothing happens when there is none."""
    with world.lock:
        container = world.container(reference)
        if not container.alive:
            return
        if container.state != "restarting":
            world.emit_container("kill", container, signal="15")
        _end(world, container, container.stop_exit_code)
        world.emit_container("stop", container)


def restart(world: World, reference: str) -> None:
    """Stop, then start."""
    with world.lock:
        stop(world, reference)
        start(world, reference)
        world.emit_container("restart", world.container(reference))


def pause(world: World, reference: str) -> None:
    """Freeze a running container."""
    with world.lock:
        container = world.container(reference)
        _check_runs(container, "paused")
        if container.state == "paused":
            raise ConflictError(f"{_named(container)} is already paused.", "Unpause it to let it go on.")
        if container.state == "restarting":
            raise ConflictError(f"{_named(container)} is restarting.", "Wait until it runs, or stop it.")
        container.state = "paused"
        world.emit_container("pause", container)


def unpause(world: World, reference: str) -> None:
    """Let a paused container go on."""
    with world.lock:
        container = world.container(reference)
        _check_runs(container, "unpaused")
        if container.state != "paused":
            raise ConflictError(f"{_named(container)} is not paused.", "Nothing needs to be done.")
        container.state = "running"
        world.emit_container("unpause", container)


def kill(world: World, reference: str, signal: str = "SIGKILL") -> None:
    """Send a signal to the main process, which ends it unless the signal is a gentle one."""
    number = signal_number(signal)
    with world.lock:
        container = world.container(reference)
        if not container.alive or container.state == "restarting":
            raise ConflictError(
                f"{_named(container)} is not running, so it can't be killed.", "Refresh to see its state."
            )
        world.emit_container("kill", container, signal=str(number))
        if number == 9 or (number in _DEADLY and container.state != "paused"):
            _end(world, container, 137 if number == 9 else container.stop_exit_code)


def rename(world: World, reference: str, name: str) -> None:
    """Give a container another name."""
    with world.lock:
        container = world.container(reference)
        name = name.removeprefix("/")
        check_name(name)
        if name == container.name:
            raise BadRequestError(f"The container is called {name} already.", "Choose another name.")
        world.check_name_is_free(name)
        old, container.name = container.name, name
        world.emit_container("rename", container, oldName=f"/{old}")


def finish(world: World, reference: str, exit_code: int = 0, *, oom_killed: bool = False) -> None:
    """Let the main process end by itself."""
    with world.lock:
        container = world.container(reference)
        if container.alive:
            container.oom_killed = oom_killed
            if oom_killed:
                world.emit_container("oom", container)
            _end(world, container, exit_code)


def signal_number(signal: str) -> int:
    """The number of ``SIGTERM``, ``term`` or ``15``; raises :class:`BadRequestError` for no signal at all."""
    known = SIGNALS.get(signal.upper().removeprefix("SIG"))
    if known is None and signal.isdecimal() and 0 < int(signal) < 65:
        known = int(signal)
    if known is None:
        raise BadRequestError(f"There is no signal {signal}.", f"One of {', '.join(f'SIG{s}' for s in SIGNALS)} is.")
    return known


def end_for_removal(world: World, container: DemoContainer) -> None:
    """Kill a container that is about to be removed by force."""
    if container.state != "restarting":
        world.emit_container("kill", container, signal="9")
    _end(world, container, 137)


def _end(world: World, container: DemoContainer, exit_code: int) -> None:
    container.state, container.exit_code, container.finished = "exited", exit_code, world.clock.tick()
    # An engine that stops probing says "unhealthy" ever after.
    container.health = "unhealthy" if container.health else ""
    for session in tuple(container.sessions):
        session.terminate(137)
    world.emit_container("die", container, exitCode=str(exit_code))
    _tell_networks(world, container, "disconnect")
    for mount in container.mounts:
        if mount.type == "volume":
            world.emit("volume", "unmount", mount.name, {"container": container.id, "driver": mount.driver})


def _tell_networks(world: World, container: DemoContainer, action: str) -> None:
    for name in container.networks:
        network = world.add_network(name)
        world.emit("network", action, network.id, {"container": container.id, "name": name, "type": "bridge"})


def _check_runs(container: DemoContainer, what: str) -> None:
    if not container.alive:
        raise ConflictError(f"{_named(container)} is not running, so it can't be {what}.", "Start it first.")


def _check_ports(world: World, container: DemoContainer) -> None:
    """Refuse to publish a port that a living container has; as the engine, with a fault of its own (HTTP 500)."""
    wanted = {(port.public, port.protocol) for port in container.ports if port.public}
    for other in world.containers.values():
        taken = wanted & {(port.public, port.protocol) for port in other.ports} if other.alive else set()
        if taken:
            number, protocol = sorted(taken, key=str)[0]
            container.error = f"driver failed programming external connectivity: port {number}/{protocol} is allocated"
            raise EngineFaultError(
                f"{_named(container)} can't be started: port {number}/{protocol} is already taken by {other.name}.",
                f"Stop {other.name} first.",
            )


def _named(container: DemoContainer) -> str:
    return f"Container {container.name or container.id[:12]}"
