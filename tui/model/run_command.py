"""A container's settings as ``docker run`` takes them, read from the engine's own inspect answer.

What the answer does not tell apart is said in full: the environment is the image's and the container's together.
The raw answer is read with care: any part of it may be missing, or of another type than expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tui.model.container import ContainerDetail, Mount
from tui.model.docker_commands import PROGRAM, Command

_NOTHING: Mapping[str, str] = MappingProxyType({})
_MODES = frozenset({"z", "Z", "nocopy", "shared", "slave", "private", "rshared", "rslave", "rprivate"})
"""What ``-v`` takes besides ``ro``. Source: https://docs.docker.com/engine/storage/bind-mounts/"""
_USUAL_SHM_BYTES = 64 << 20
_USUAL_NETWORKS = frozenset({"", "default", "bridge"})

_NETWORKS_WITHOUT_NAMES = frozenset({*_USUAL_NETWORKS, "host", "none"})
"""Where the engine refuses other names for a container: those are for networks that somebody made."""
_HEALTH_TIMES = (
    ("Interval", "--health-interval"),
    ("Timeout", "--health-timeout"),
    ("StartPeriod", "--health-start-period"),
    ("StartInterval", "--health-start-interval"),
)
"""A health check's times in nanoseconds; 0 leaves them to the image. Source: the engine's API, ``HealthConfig``."""

_LISTS = (
    ("CapAdd", "--cap-add"),
    ("CapDrop", "--cap-drop"),
    ("SecurityOpt", "--security-opt"),
    ("GroupAdd", "--group-add"),
    ("ExtraHosts", "--add-host"),
    ("Dns", "--dns"),
    ("VolumesFrom", "--volumes-from"),
)
"""HostConfig's lists, and the option that takes each of their words."""
_WORDS = (
    ("PidMode", "--pid", frozenset({""})),
    ("IpcMode", "--ipc", frozenset({"", "private", "shareable"})),
    ("UTSMode", "--uts", frozenset({""})),
    ("UsernsMode", "--userns", frozenset({""})),
    ("Runtime", "--runtime", frozenset({"", "runc"})),
    ("CpusetCpus", "--cpuset-cpus", frozenset({""})),
)
"""HostConfig's words, their options, and the values that go without saying."""
_SWITCHES = (("Privileged", "--privileged"), ("ReadonlyRootfs", "--read-only"), ("PublishAllPorts", "--publish-all"))


def run_command(
    detail: ContainerDetail, image_labels: Mapping[str, str] = _NOTHING, program: Command = PROGRAM
) -> Command:
    """``docker run`` for a container like this one, by the name its image had then. It is started in the background.

    Args:
        detail: the container.
        image_labels: the labels of its image, which it has anyway.
        program: see :func:`tui.model.docker_commands.program_for`.
    """
    host_config = _part(detail.raw.get("HostConfig"))
    words = [*program, "run", "--detach", *_who(detail), *_restart(host_config)]
    for network in _networks(detail)[:1]:
        words += ["--network", network, *_addresses(detail, network, aliases="--network-alias")]
    for port in port_words(detail):
        words += ["--publish", port]
    words += _mount_options(detail, host_config)
    for variable in detail.environment:
        words += ["--env", variable]
    for key, value in detail.labels.items():
        if image_labels.get(key) != value:
            words += ["--label", f"{key}={value}"]
    words += _privileges(host_config)
    words += _limits(host_config)
    words += _health(_part(_part(detail.raw.get("Config")).get("Healthcheck")))
    if detail.entrypoint:
        words += ["--entrypoint", detail.entrypoint[0]]
    image = detail.image or detail.image_id
    words += ["--", image] if image.startswith("-") else [image]
    return (*words, *detail.entrypoint[1:], *detail.command)


def connect_commands(detail: ContainerDetail, program: Command = PROGRAM) -> tuple[Command, ...]:
    """The commands that put the new container on its further networks: ``docker run`` of old takes only one."""
    return tuple(
        (*program, "network", "connect", *_addresses(detail, network, aliases="--alias"), network, detail.name)
        for network in _networks(detail)[1:]
    )


def mount_words(detail: ContainerDetail) -> tuple[str, ...]:
    """Its volumes and folders as ``docker run -v`` takes them: ``name:/path``, ``/folder:/path:ro``."""
    modes = {_text(row.get("Destination")): _text(row.get("Mode")) for row in _parts(detail.raw.get("Mounts"))}
    return tuple(
        ":".join(filter(None, (_source(mount), mount.destination, _mode(mount, modes.get(mount.destination, "")))))
        for mount in detail.mounts
        if mount.type in {"bind", "volume"} and _source(mount)
    )


def port_words(detail: ContainerDetail) -> tuple[str, ...]:
    """Its published ports as ``docker run -p`` takes them: ``127.0.0.1:8080:80/tcp``, ``53/udp`` for any free one."""
    bindings = _part(_part(detail.raw.get("HostConfig")).get("PortBindings"))
    return tuple(
        _published(_text(binding.get("HostIp")), _text(binding.get("HostPort")), inside)
        for inside, bound in bindings.items()
        for binding in _parts(bound)
    )


def _published(address: str, outside: str, inside: str) -> str:
    if ":" in address:
        address = f"[{address.strip('[]')}]"
    if address:
        return f"{address}:{outside}:{inside}"
    return f"{outside}:{inside}" if outside else inside


def _who(detail: ContainerDetail) -> Iterator[str]:
    """Name, host name, user, folder and terminal."""
    config = _part(detail.raw.get("Config"))
    mode = _text(_part(detail.raw.get("HostConfig")).get("NetworkMode"))
    # Made up from its ID, or not its own: with another's network the engine refuses to name a host.
    given = not detail.id.startswith(detail.hostname) and mode != "host" and not mode.startswith("container:")
    host_name = detail.hostname if given else ""
    pairs = (
        ("--name", detail.name),
        ("--hostname", host_name),
        ("--user", detail.user),
        ("--workdir", detail.working_dir),
        ("--stop-signal", _text(config.get("StopSignal"))),
    )
    for option, value in pairs:
        if value:
            yield from (option, value)
    if detail.tty:
        yield "--tty"
    if config.get("OpenStdin") is True:
        yield "--interactive"


def _restart(host_config: Mapping[str, Any]) -> Iterator[str]:
    policy = _part(host_config.get("RestartPolicy"))
    name, tries = _text(policy.get("Name")), _whole(policy.get("MaximumRetryCount"))
    if name not in {"", "no"}:
        yield from ("--restart", f"{name}:{tries}" if name == "on-failure" and tries > 0 else name)
    elif host_config.get("AutoRemove") is True:
        yield "--rm"


def _networks(detail: ContainerDetail) -> list[str]:
    """The networks that have to be named, the one it was made on first."""
    mode = _text(_part(detail.raw.get("HostConfig")).get("NetworkMode"))
    known = list(dict.fromkeys((mode, *detail.networks)))
    if mode in _USUAL_NETWORKS:
        # It starts on the bridge without a word; that has to be said only where another network is to follow it.
        others = [network for network in known if network not in _USUAL_NETWORKS]
        return ["bridge", *others] if others else []
    return known


def _addresses(detail: ContainerDetail, network: str, *, aliases: str) -> Iterator[str]:
    """The addresses it was given on a network (not those it happened to get), and its other names there."""
    at = _part(_part(_part(detail.raw.get("NetworkSettings")).get("Networks")).get(network))
    given = _part(at.get("IPAMConfig"))
    for key, option in (("IPv4Address", "--ip"), ("IPv6Address", "--ip6")):
        if address := _text(given.get(key)):
            yield from (option, address)
    for address in _texts(given.get("LinkLocalIPs")):
        yield from ("--link-local-ip", address)
    if network in _NETWORKS_WITHOUT_NAMES or network.startswith("container:"):
        return
    for name in dict.fromkeys(_texts(at.get("Aliases"))):
        # The engine adds the beginning of its ID by itself.
        if name and name != detail.name and not detail.id.startswith(name):
            yield from (aliases, name)


def _health(check: Mapping[str, Any]) -> Iterator[str]:
    """How it is asked whether it is well. What the image says of that stands in the answer as well, as its own.

    ``docker run`` only takes a line for a shell. A check without one (``["CMD", …]``) comes from the image, which has
    it anyway, or from Compose: it is left to the image, and only its times are said.
    """
    test = _texts(check.get("Test"))
    if test[:1] == ["NONE"]:
        yield "--no-healthcheck"
        return
    if test[:1] == ["CMD-SHELL"] and len(test) == 2:
        yield from ("--health-cmd", test[1])
    for key, option in _HEALTH_TIMES:
        nanoseconds = _whole(check.get(key))
        if nanoseconds > 0:
            yield from (option, _duration(nanoseconds))
    if (retries := _whole(check.get("Retries"))) > 0:
        yield from ("--health-retries", str(retries))


def _duration(nanoseconds: int) -> str:
    """As Go reads it: ``30s``, ``1500ms``, ``7ns``."""
    for unit, length in (("s", 10**9), ("ms", 10**6), ("us", 10**3)):
        if not nanoseconds % length:
            return f"{nanoseconds // length}{unit}"
    return f"{nanoseconds}ns"


def _source(mount: Mount) -> str:
    return mount.name if mount.type == "volume" else mount.source


def _mode(mount: Mount, mode: str) -> str:
    # Every named volume is "z" without anybody's asking.
    words = [word for word in mode.split(",") if word in _MODES and (word, mount.type) != ("z", "volume")]
    return ",".join((["ro"] if mount.read_only else []) + words)


def _mount_options(detail: ContainerDetail, host_config: Mapping[str, Any]) -> Iterator[str]:
    shown = [mount for mount in detail.mounts if mount.type in {"bind", "volume"} and _source(mount)]
    for mount, word in zip(shown, mount_words(detail), strict=True):
        if ":" in _source(mount) or ":" in mount.destination:
            yield from ("--mount", _spelled_mount(mount))  # -v would split the path at its colon
        else:
            yield from ("--volume", word)
    tmpfs = _part(host_config.get("Tmpfs"))
    for path, options in tmpfs.items():
        yield from ("--tmpfs", f"{path}:{options}" if options else path)
    for mount in detail.mounts:
        if mount.type == "tmpfs" and mount.destination not in tmpfs:
            yield from ("--mount", _spelled_mount(mount))


def _spelled_mount(mount: Mount) -> str:
    """One mount as ``--mount`` takes it: a line of comma-separated values, quoted as in a CSV file."""
    fields = [f"type={mount.type}", f"source={_source(mount)}", f"destination={mount.destination}"]
    if mount.type == "tmpfs":
        del fields[1]
    if mount.read_only:
        fields.append("readonly")
    return ",".join('"' + f.replace('"', '""') + '"' if any(c in f for c in ',"\r\n') else f for f in fields)


def _privileges(host_config: Mapping[str, Any]) -> Iterator[str]:
    """What it may do beyond what every container may."""
    for key, option in _SWITCHES:
        if host_config.get(key) is True:
            yield option
    if host_config.get("Init") is True:
        yield "--init"
    for key, option in _LISTS:
        for word in _texts(host_config.get(key)):
            yield from (option, word)
    for device in _parts(host_config.get("Devices")):
        outside, inside = _text(device.get("PathOnHost")), _text(device.get("PathInContainer"))
        if outside:
            yield from ("--device", ":".join(filter(None, (outside, inside, _text(device.get("CgroupPermissions"))))))
    for key, option, usual in _WORDS:
        word = _text(host_config.get(key))
        if word not in usual:
            yield from (option, word)
    for request in _parts(host_config.get("DeviceRequests")):
        if any("gpu" in _texts(group) for group in _items(request.get("Capabilities"))):
            ids = _texts(request.get("DeviceIDs"))
            # A list of devices is one value of a CSV line, and so it has to be quoted within it.
            count = _whole(request.get("Count"))
            yield from ("--gpus", f'"device={",".join(ids)}"' if ids else "all" if count < 0 else str(count))


def _limits(host_config: Mapping[str, Any]) -> Iterator[str]:
    """Memory and processors, kernel settings, and where its output goes."""
    memory, shared = _whole(host_config.get("Memory")), _whole(host_config.get("ShmSize"))
    if memory > 0:
        yield from ("--memory", str(memory))
    processors = _whole(host_config.get("NanoCpus"))
    if processors > 0:
        yield from ("--cpus", f"{processors / 1e9:.9f}".rstrip("0").rstrip("."))
    if shared > 0 and shared != _USUAL_SHM_BYTES:
        yield from ("--shm-size", str(shared))
    for key, value in _part(host_config.get("Sysctls")).items():
        yield from ("--sysctl", f"{key}={value}")
    for limit in _parts(host_config.get("Ulimits")):
        soft, hard = _whole(limit.get("Soft")), _whole(limit.get("Hard"))
        yield from ("--ulimit", f"{_text(limit.get('Name'))}={soft}:{hard}")
    log = _part(host_config.get("LogConfig"))
    driver, options = _text(log.get("Type")), _part(log.get("Config"))
    if driver and (driver != "json-file" or options):
        yield from ("--log-driver", driver)
    for key, value in options.items():
        yield from ("--log-opt", f"{key}={value}")


def _part(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _parts(value: object) -> list[Mapping[str, Any]]:
    return [item for item in _items(value) if isinstance(item, Mapping)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str)]


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
