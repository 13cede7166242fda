"""A container as ``docker run`` makes it again, from the inspect answers of engines and from nonsense."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.engine.decode_detail import container_detail
from tui.model.docker_commands import shell_words
from tui.model.run_command import connect_commands, mount_words, port_words, run_command

INSPECTED: dict[str, Any] = {
    "Id": "1" * 64,
    "Name": "/web",
    "Image": "sha256:" + "a" * 64,
    "Config": {
        "Image": "host:5000/web:1",
        "Hostname": "1" * 12,
        "User": "www",
        "WorkingDir": "/srv",
        "Tty": True,
        "OpenStdin": True,
        "Env": ["A=1", "B=two words"],
        "Labels": {"mine": "yes", "from": "image", "both": "changed"},
        "Entrypoint": ["/entry", "-x"],
        "Cmd": ["serve", "--port", "80"],
    },
    "HostConfig": {
        "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
        "NetworkMode": "front",
        "PortBindings": {
            "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}, {"HostIp": "::1", "HostPort": "8080"}],
            "53/udp": [{"HostIp": "", "HostPort": ""}],
            "9/tcp": None,
        },
        "Privileged": True,
        "CapAdd": ["NET_ADMIN"],
        "CapDrop": None,
        "Devices": [{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/fuse", "CgroupPermissions": "rwm"}],
        "Tmpfs": {"/run": "size=1m"},
        "Memory": 1 << 30,
        "NanoCpus": 1_500_000_000,
        "ShmSize": 67108864,
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m"}},
        "IpcMode": "private",
        "Runtime": "runc",
    },
    "Mounts": [
        {"Type": "volume", "Name": "db", "Source": "/x", "Destination": "/data", "Mode": "z,nocopy", "RW": True},
        {"Type": "bind", "Source": "/srv/www", "Destination": "/www", "Mode": "ro,Z", "RW": False},
        {"Type": "bind", "Source": "/odd:name,x", "Destination": "/odd", "Mode": "", "RW": False},
        {"Type": "tmpfs", "Source": "", "Destination": "/scratch", "RW": True},
    ],
    "NetworkSettings": {"Networks": {"front": {"IPAddress": ""}, "back": {"IPAddress": ""}}},
}


def test_everything_that_was_set() -> None:
    detail = container_detail(INSPECTED)
    assert run_command(detail, {"from": "image", "both": "other"}) == (
        *("docker", "run", "--detach", "--name", "web", "--user", "www", "--workdir", "/srv", "--tty", "--interactive"),
        *("--restart", "on-failure:3", "--network", "front"),
        *("--publish", "127.0.0.1:8080:80/tcp", "--publish", "[::1]:8080:80/tcp", "--publish", "53/udp"),
        *("--volume", "db:/data:nocopy", "--mount", 'type=bind,"source=/odd:name,x",destination=/odd,readonly'),
        *("--volume", "/srv/www:/www:ro,Z"),
        *("--tmpfs", "/run:size=1m", "--mount", "type=tmpfs,destination=/scratch"),
        *("--env", "A=1", "--env", "B=two words", "--label", "mine=yes", "--label", "both=changed"),
        *("--privileged", "--cap-add", "NET_ADMIN", "--device", "/dev/fuse:/dev/fuse:rwm"),
        *("--memory", "1073741824", "--cpus", "1.5", "--log-driver", "json-file", "--log-opt", "max-size=10m"),
        *("--entrypoint", "/entry", "host:5000/web:1", "-x", "serve", "--port", "80"),
    )
    assert connect_commands(detail) == (("docker", "network", "connect", "back", "web"),)
    assert mount_words(detail) == ("db:/data:nocopy", "/odd:name,x:/odd:ro", "/srv/www:/www:ro,Z")
    assert port_words(detail) == ("127.0.0.1:8080:80/tcp", "[::1]:8080:80/tcp", "53/udp")


def _bare(**host_config: Any) -> dict[str, Any]:
    return {"Id": "1" * 64, "Name": "/x", "Config": {"Image": "bb:1"}, "HostConfig": host_config}


def test_what_goes_without_saying_is_not_said() -> None:
    plain = container_detail(
        _bare(NetworkMode="default", RestartPolicy={"Name": "no"}, LogConfig={"Type": "json-file", "Config": {}})
    )
    assert run_command(plain, program=("podman",)) == ("podman", "run", "--detach", "--name", "x", "bb:1")
    assert connect_commands(plain) == ()


def test_one_that_shares_the_network_of_another_has_no_host_name() -> None:
    raw = _bare(NetworkMode="container:abc")
    raw["Config"]["Hostname"] = "other"
    assert run_command(container_detail(raw))[5:] == ("--network", "container:abc", "bb:1")
    raw = _bare(NetworkMode="bridge")
    raw["Config"]["Hostname"] = "mine"
    raw["NetworkSettings"] = {"Networks": {"bridge": {}, "back": {}}}
    detail = container_detail(raw)
    assert run_command(detail)[5:] == ("--hostname", "mine", "--network", "bridge", "bb:1")
    assert connect_commands(detail) == (("docker", "network", "connect", "back", "x"),)


def test_graphics_cards_and_one_shot_containers() -> None:
    every = _bare(AutoRemove=True, DeviceRequests=[{"Count": -1, "Capabilities": [["gpu"]]}])
    assert run_command(container_detail(every))[5:] == ("--rm", "--gpus", "all", "bb:1")
    some = _bare(DeviceRequests=[{"Count": 0, "DeviceIDs": ["0", "2"], "Capabilities": [["gpu"]]}, {"Count": 1}])
    assert run_command(container_detail(some))[5:] == ("--gpus", '"device=0,2"', "bb:1")


def test_the_health_check_and_addresses_that_were_given() -> None:
    raw = _bare(NetworkMode="front")
    raw["Config"]["Healthcheck"] = {
        "Test": ["CMD-SHELL", "curl -f 'http://localhost' || exit 1"],
        "Interval": 30_000_000_000,
        "Timeout": 1_500_000_000,
        "StartPeriod": 0,
        "StartInterval": 7,
        "Retries": 3,
    }
    raw["NetworkSettings"] = {
        "Networks": {
            "front": {
                "IPAddress": "10.1.0.9",
                "IPAMConfig": {"IPv4Address": "10.1.0.9", "IPv6Address": "fd00::9", "LinkLocalIPs": ["169.254.1.1"]},
                "Aliases": ["www", "1" * 12, "x"],
            },
            "back": {"IPAddress": "10.2.0.5", "IPAMConfig": {"IPv4Address": "10.2.0.5"}, "Aliases": ["db; rm -rf /"]},
            "third": {"IPAddress": "10.3.0.2", "IPAMConfig": None},
        }
    }
    detail = container_detail(raw)
    assert run_command(detail)[5:] == (
        *("--network", "front", "--ip", "10.1.0.9", "--ip6", "fd00::9", "--link-local-ip", "169.254.1.1"),
        *("--network-alias", "www", "--health-cmd", "curl -f 'http://localhost' || exit 1"),
        *("--health-interval", "30s", "--health-timeout", "1500ms", "--health-start-interval", "7ns"),
        *("--health-retries", "3", "bb:1"),
    )
    back, third = connect_commands(detail)
    assert back == ("docker", "network", "connect", "--ip", "10.2.0.5", "--alias", "db; rm -rf /", "back", "x")
    assert third == ("docker", "network", "connect", "third", "x")
    assert shell_words(back) == "docker network connect --ip 10.2.0.5 --alias 'db; rm -rf /' back x"


def test_a_health_check_without_a_shell_is_the_images_and_one_that_was_turned_off_stays_off() -> None:
    raw = _bare(NetworkMode="bridge")
    raw["Config"]["Healthcheck"] = {"Test": ["CMD", "/probe", "-x"], "Interval": 5_000_000_000}
    assert run_command(container_detail(raw))[5:] == ("--health-interval", "5s", "bb:1")
    raw["Config"]["Healthcheck"] = {"Test": ["NONE"], "Interval": 5_000_000_000}
    assert run_command(container_detail(raw))[5:] == ("--no-healthcheck", "bb:1")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        return found + [deeper for key in value for deeper in _paths(value[key], (*path, key))]
    if isinstance(value, list):
        return found + [deeper for key in range(len(value)) for deeper in _paths(value[key], (*path, key))]
    return found


def _put(value: Any, path: tuple[Any, ...], new: object) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _put(value[path[0]], path[1:], new)
    return copy


@settings(deadline=None)
@given(st.sampled_from([path for path in _paths(INSPECTED) if path != ("Id",)]), JSON)
def test_nonsense_in_any_place_makes_words_all_the_same(path: tuple[Any, ...], nonsense: object) -> None:
    detail = container_detail(_put(INSPECTED, path, nonsense))
    words = run_command(detail)
    assert all(isinstance(word, str) for word in (*words, *mount_words(detail), *port_words(detail)))
    assert words[:3] == ("docker", "run", "--detach")
