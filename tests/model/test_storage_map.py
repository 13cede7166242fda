"""Where an engine keeps its data: which platform it is on, what its folders are for, how they are put together."""

from __future__ import annotations

import pytest

from tests.model.worlds import container, host, world
from tui.model.holdings import Holdings
from tui.model.host import Endpoint, Host
from tui.model.inventory import Inventory
from tui.model.storage import ContainerLog, StorageFolder, StorageReport
from tui.model.storage_commands import COMMANDS, commands_for, own_command
from tui.model.storage_folders import DRIVERS, UNKNOWN_PURPOSE, driver_words, expected_folders, purpose_of
from tui.model.storage_map import StorageMap, storage_map
from tui.model.storage_places import PLATFORMS, Platform, places_of
from tui.model.storage_platform import platform_of


def engine(url: str = "unix:///var/run/docker.sock", **fields: object) -> Host:
    return host()._replace(endpoint=Endpoint(url), **fields)  # type: ignore[arg-type]


DESKTOP = "Docker Desktop"
LINUXKIT, WSL2 = "6.10.14-linuxkit", "5.15.167.4-microsoft-standard-WSL2"


@pytest.mark.parametrize(
    ("found", "platform", "sure"),
    [
        (engine(), Platform.LINUX, True),
        (engine("ssh://build.example"), Platform.LINUX, True),
        (engine("unix:///Users/ann/.docker/run/docker.sock", operating_system=DESKTOP, kernel=LINUXKIT),
         Platform.MAC, True),
        (engine("unix:///var/run/docker.sock", operating_system=DESKTOP, kernel=LINUXKIT), Platform.MAC, False),
        (engine("unix:///home/ann/.docker/desktop/docker.sock", operating_system=DESKTOP, kernel=LINUXKIT),
         Platform.DESKTOP_LINUX, True),
        (engine("npipe:////./pipe/docker_engine", operating_system=DESKTOP, kernel=WSL2), Platform.WINDOWS, True),
        (engine("npipe:////./pipe/docker_engine", operating_system=DESKTOP, kernel=LINUXKIT), Platform.WINDOWS, True),
        (engine("unix:///var/run/docker.sock", operating_system=DESKTOP, kernel=WSL2), Platform.WINDOWS, True),
        (engine(operating_system="Ubuntu 24.04", kernel=WSL2), Platform.WSL, True),
        (engine("unix:///Users/ann/.colima/default/docker.sock", name="colima"), Platform.COLIMA, True),
        (engine("unix:///Users/ann/.colima/build/docker.sock", name="colima-build"), Platform.COLIMA, True),
        (engine("unix:///run/user/1000/docker.sock", rootless=True), Platform.ROOTLESS, True),
        (engine(product="Podman"), Platform.PODMAN, True),
        (engine(product="Podman", rootless=True), Platform.PODMAN, True),
        (engine(os_type="windows", root_dir="C:\\ProgramData\\docker"), Platform.WINDOWS_CONTAINERS, True),
        (engine("tcp://10.0.0.2:2375", kernel=LINUXKIT), Platform.LINUX, False),
    ],
)  # fmt: skip
def test_an_engine_says_which_platform_it_is_on(found: Host, platform: Platform, sure: bool) -> None:
    finding = platform_of(found)
    assert (finding.platform, finding.sure) == (platform, sure)
    assert finding.because


def test_every_platform_has_its_places() -> None:
    assert [places.platform for places in PLATFORMS] == [*dict.fromkeys(places.platform for places in PLATFORMS)]
    for platform in Platform:
        places = places_of(platform)
        assert places.places
        assert places.summary.endswith(".")
        assert places.warning.endswith(".")


@pytest.mark.parametrize(
    "path",
    [
        "/var/lib/docker/",
        "/var/lib/docker/overlay2/",
        "/var/lib/docker/volumes/",
        "~/Library/Containers/com.docker.docker/",
        "~/Library/Containers/com.docker.docker/Data/vms/",
        "~/Library/Containers/com.docker.docker/Data/vms/0/",
        "~/Library/Containers/com.docker.docker/Data/vms/0/data/Docker.raw",
        "\\\\wsl$\\docker-desktop-data\\version-pack-data\\community\\docker\\overlay2\\",
        "C:\\ProgramData\\DockerDesktop",
        "~/.local/share/docker/",
        "/var/lib/containers/storage/",
        "~/.local/share/containers/storage/",
    ],
)
def test_the_places_people_read_about_are_there(path: str) -> None:
    assert path in {place.path for places in PLATFORMS for place in places.places}


@pytest.mark.parametrize(
    "command",
    [
        "docker image ls", "docker images", "docker image inspect IMAGE", "docker history IMAGE", "docker image prune",
        "docker image prune -a", "docker image rm IMAGE", "docker pull IMAGE", "docker push IMAGE",
        "docker save -o FILE.tar IMAGE", "docker load -i FILE.tar", "docker inspect CONTAINER",
        "docker exec -it CONTAINER bash", "docker volume inspect VOLUME", "docker volume prune",
        "docker volume rm VOLUME", "docker system prune", "docker system df -v", "docker info | grep Root",
        "docker info -f '{{.DockerRootDir}}'",
    ],
)  # fmt: skip
def test_the_commands_people_read_about_are_there(command: str) -> None:
    assert command in {one.command for group in COMMANDS for one in group.commands}


def test_commands_that_take_something_away_say_so() -> None:
    changing = {one.command for group in COMMANDS for one in group.commands if one.changes}
    assert all(word in " ".join(changing) for word in ("prune", " rm ", "load", "pull"))
    assert not any(" ls" in command or "inspect" in command or " df" in command for command in changing)


def test_commands_are_those_of_this_engine() -> None:
    assert (
        own_command("sudo du -xsh /var/lib/docker/*", engine(root_dir="/srv/docker/")) == "sudo du -xsh /srv/docker/*"
    )
    podman = engine(product="Podman", root_dir="/var/lib/containers/storage")
    assert own_command("docker info -f '{{.DockerRootDir}}'", podman) == "podman info -f '{{.Store.GraphRoot}}'"
    told = [one.command for group in commands_for(podman) for one in group.commands]
    assert not any("docker" in command for command in told)


@pytest.mark.parametrize("driver", [purpose.name for purpose in DRIVERS])
def test_every_drivers_folder_is_known_and_expected(driver: str) -> None:
    found = engine(storage_driver=driver)
    assert purpose_of(driver, found).name == driver
    assert expected_folders(found)[0].name == driver
    assert all(purpose.by_hand for purpose in expected_folders(found))


def test_folders_of_the_containerd_store_and_of_podman() -> None:
    snapshots = purpose_of("io.containerd.snapshotter.v1.overlayfs", engine())
    assert "unpacked" in snapshots.holds
    assert "compressed" in purpose_of("io.containerd.content.v1.content", engine()).holds
    assert purpose_of("io.containerd.something.v9", engine()) is not UNKNOWN_PURPOSE
    podman = engine(product="Podman", storage_driver="overlay")
    assert "podman" in purpose_of("overlay-images", podman).check
    assert {"overlay", "overlay-images", "overlay-layers", "overlay-containers", "volumes"} <= {
        purpose.name for purpose in expected_folders(podman)
    }
    assert purpose_of("lost+found", engine()) is UNKNOWN_PURPOSE


def test_every_driver_implies_something() -> None:
    for purpose in DRIVERS:
        if purpose.name != "aufs":
            assert driver_words(engine(storage_driver=purpose.name)).implies
    assert "twice" in driver_words(engine(storage_driver="overlayfs", image_store="containerd")).implies[0]
    assert driver_words(engine(storage_driver="new-thing")).what.endswith("new-thing.")


# -- put together ---------------------------------------------------------------------------------


def mapped(inventory: Inventory, report: StorageReport | None = None) -> StorageMap:
    found = storage_map(inventory, Holdings(), report)
    assert found is not None
    return found


def test_before_the_engine_has_spoken_there_is_no_map() -> None:
    assert storage_map(Inventory(), Holdings(), None) is None


def test_before_anything_is_measured_the_expected_folders_stand_there() -> None:
    map_ = mapped(world())
    assert map_.root.path == "/var/lib/docker"
    assert map_.root.measured is None
    assert [folder.name for folder in map_.folders][:5] == ["overlay2", "image", "containers", "volumes", "network"]
    assert all(folder.path == f"/var/lib/docker/{folder.name}" for folder in map_.folders)
    assert map_.logs_bytes is None


def test_on_the_containerd_store_its_root_stands_there_too() -> None:
    map_ = mapped(world(engine=host("containerd")._replace(storage_driver="overlayfs")))
    names = [folder.name for folder in map_.folders]
    assert "overlay2" not in names
    assert "rootfs" in names
    assert map_.folders[-1].path == "/var/lib/containerd"
    assert map_.folders[-1].elsewhere


def test_measured_folders_are_those_that_are_there_the_largest_first() -> None:
    report = StorageReport(
        folders=(
            StorageFolder("/var/lib/docker", 300, 310, 9),
            StorageFolder("/var/lib/docker/image", 20, 20, 3),
            StorageFolder("/var/lib/docker/overlay2", 270, 280, 5),
            StorageFolder("/var/lib/docker/lost+found", None, reason="It belongs to root."),
            StorageFolder("/var/lib/containerd", 5000, 5000, 1),
        ),
        logs=(ContainerLog("a" * 64, 10), ContainerLog("b" * 64, 990)),
    )
    map_ = mapped(world(containers=[container("a", "i")]), report)
    assert map_.root.measured is not None
    assert map_.root.measured.disk_bytes == 300
    assert [folder.name for folder in map_.folders] == ["overlay2", "image", "lost+found", "/var/lib/containerd"]
    assert [folder.elsewhere for folder in map_.folders] == [False, False, False, True]
    assert [(log.size_bytes, log.container is None) for log in map_.logs] == [(990, True), (10, False)]
    assert map_.logs_bytes == 1000


def test_a_report_that_could_measure_nothing_keeps_the_expected_folders() -> None:
    map_ = mapped(world(), StorageReport(reason="Only root may read it. Start orlop with sudo."))
    assert map_.folders[0].name == "overlay2"
    assert map_.logs_bytes is None


def test_folders_of_an_engine_on_windows() -> None:
    map_ = mapped(
        world(engine=engine(os_type="windows", root_dir="C:\\ProgramData\\docker", storage_driver="windowsfilter"))
    )
    assert map_.folders[0].path == "C:\\ProgramData\\docker\\windowsfilter"


def test_the_log_driver_is_the_engines_own_word() -> None:
    assert mapped(world(engine=engine(raw={"LoggingDriver": "journald"}))).log_driver == "journald"
    assert not mapped(world(engine=engine(raw={"LoggingDriver": 7}))).log_driver
