"""The storage map's rows, and for each its explanation, its command and its path."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator

import pytest

from tests.model.worlds import container, host, image, world
from tui.model.disk_account import Kept
from tui.model.estimate import Certainty, Estimate
from tui.model.holdings import Holdings
from tui.model.host import DiskUsage, Endpoint, Host
from tui.model.inventory import Inventory
from tui.model.storage import ContainerLog, StorageFolder, StorageReport
from tui.model.storage_commands import own_command
from tui.model.storage_map import StorageMap, storage_map
from tui.present.storage_map import (
    AccountSpot,
    FolderSpot,
    Heading,
    LogSpot,
    NoteSpot,
    command_of,
    log_command,
    map_nodes,
    path_of,
)
from tui.present.storage_map_facts import spot_sections
from tui.present.storage_map_rows import describe_spot, freed_words
from widgets.cell import Line
from widgets.node import Node

DISK = DiskUsage(5_000, {}, {}, (), 4_000)
WORLD = world([image("a", "a:1")], [container("x", "a", name="web")], disk=DISK)
REPORT = StorageReport(
    (StorageFolder("/var/lib/docker", 9_000, 9_100, 12), StorageFolder("/var/lib/docker/overlay2", 6_000, 6_100, 10)),
    (ContainerLog("x" * 64, 2_500), ContainerLog("y" * 64, 10)),
)


def mapped(inventory: Inventory = WORLD, report: StorageReport | None = None) -> StorageMap:
    found = storage_map(inventory, Holdings({image("a").id: (("base", 5_000),)}), report)
    assert found is not None
    return found


def every(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from every(node.offspring())


def text(line: Line) -> str:
    return "".join(cell.text for cell in line)


def row(spot: object, map_: StorageMap, *, exact: bool = False) -> str:
    found = describe_spot(spot, map_, exact=exact)
    return f"{text(found.left)} | {text(found.right)}"


def told(spot: object, map_: StorageMap) -> str:
    sections = spot_sections(spot, map_)
    return "\n".join(
        (section.title + "\n" + "\n".join(text(fact.value) for fact in section.facts)) for section in sections
    )


ENGINES = [
    host(),
    host("containerd")._replace(storage_driver="overlayfs"),
    host(product="Podman")._replace(storage_driver="overlay", root_dir="/var/lib/containers/storage"),
    host()._replace(rootless=True, root_dir="/home/ann/.local/share/docker"),
    host()._replace(os_type="windows", root_dir="C:\\ProgramData\\docker", storage_driver="windowsfilter"),
    host()._replace(operating_system="Docker Desktop", kernel="6.10-linuxkit"),
    host()._replace(storage_driver="", root_dir="", operating_system="", kernel="", name=""),
]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: f"{engine.product} {engine.storage_driver}")
@pytest.mark.parametrize("report", [None, REPORT, StorageReport(reason="Only root may read it.")])
def test_every_row_of_every_engine_reads_and_explains_itself(engine: Host, report: StorageReport | None) -> None:
    map_ = mapped(world([image("a", "a:1")], [container("x", "a")], engine=engine, disk=DISK), report)
    nodes = list(every(map_nodes(map_)))
    keys = [node.key for node in nodes]
    assert len(keys) == len(set(keys))
    for node in nodes:
        assert text(describe_spot(node.data, map_).left).strip()
        assert told(node.data, map_).strip(), node.key
        assert "{" not in command_of(node.data, map_).replace("{{", "").replace("}}", ""), node.key


def test_every_figure_has_a_command_to_check_it_with() -> None:
    map_ = mapped(report=REPORT)
    for node in every(map_nodes(map_)):
        if isinstance(node.data, AccountSpot | FolderSpot | LogSpot):
            assert command_of(node.data, map_)
            assert command_of(node.data, map_) in told(node.data, map_)


def find(map_: StorageMap, key: str) -> object:
    return next(node.data for node in every(map_nodes(map_)) if node.key == key)


def test_images_stand_beside_what_a_prune_would_free() -> None:
    map_ = mapped(report=REPORT)
    images = find(map_, f"total {Kept.IMAGES}")
    assert row(images, map_).split() == ["Images", "1/1", "in", "use", "|", "5.0", "kB", "4.0", "kB", "0", "B"]
    assert row(images, map_, exact=True).split()[-2:] == ["5,000", "0"]
    words = told(images, map_)
    assert "the same, to the byte" in words
    assert "RECLAIMABLE is 4.0 kB too high." in words
    assert "docker image prune -a\nRemoves all images without containers, tagged ones too: 0 now." in words


def test_logs_are_told_beside_what_the_command_leaves_out() -> None:
    assert "not yet" in row(find(mapped(), "total logs"), mapped())
    map_ = mapped(report=REPORT)
    assert "2.5 kB" in row(find(map_, "total logs"), map_)
    log = find(map_, f"log {'x' * 64}")
    assert row(log, map_).startswith("web | ")
    assert command_of(log, map_) == "sudo du -h \"$(docker inspect -f '{{.LogPath}}' web)\""
    assert "truncate -s 0 \"$(docker inspect -f '{{.LogPath}}' web)\"" in told(log, map_)
    assert "max-size=10m" in told(log, map_)
    assert "left behind" in told(find(map_, f"log {'y' * 64}"), map_)


def test_folders_have_path_command_and_warning() -> None:
    map_ = mapped(report=REPORT)
    overlay = find(map_, "folder /var/lib/docker/overlay2")
    assert path_of(overlay) == "/var/lib/docker/overlay2"
    assert command_of(overlay, map_) == "sudo du -xsh /var/lib/docker/overlay2"
    assert row(overlay, map_).endswith("6.0 kB")
    words = told(overlay, map_)
    assert "docker image inspect -f '{{json .GraphDriver.Data}}' IMAGE" in words
    assert "Touching it by hand" in words
    root = find(map_, "root")
    assert command_of(root, map_) == "docker info -f '{{.DockerRootDir}}'"
    assert row(root, map_).endswith("9.0 kB")


def test_a_folder_that_could_not_be_read_says_why() -> None:
    report = StorageReport((StorageFolder("/var/lib/docker/volumes", None, reason="Only root may look into it."),))
    map_ = mapped(report=report)
    spot = find(map_, "folder /var/lib/docker/volumes")
    assert row(spot, map_).endswith("can't be read")
    assert "Only root may look into it." in told(spot, map_)
    nothing = mapped(report=StorageReport(reason="The engine is on another host."))
    assert find(nothing, "folders reason") == NoteSpot("The engine is on another host.")
    assert any("can't be measured" in node.data.words for node in map_nodes(nothing) if isinstance(node.data, Heading))


def test_a_path_with_a_space_is_one_word_of_the_command() -> None:
    map_ = mapped(world(engine=host()._replace(root_dir="/srv/my docker's")))
    spot = find(map_, "folder /srv/my docker's/overlay2")
    assert command_of(spot, map_) == "sudo du -xsh '/srv/my docker'\"'\"'s/overlay2'"


EVIL = "/srv/a'b; rm -rf $(x) `y`\x1b[2J\n\u202edata"


@pytest.mark.parametrize("product", ["Docker", "Podman"])
def test_no_word_of_the_engines_gets_out_of_its_place_in_a_command(product: str) -> None:
    engine = host(product=product)._replace(root_dir=EVIL)
    named = container("x", "a", name="we'b;\x1b]0;t\x07")
    map_ = mapped(world([image("a", "a:1")], [named], engine=engine, disk=DISK), REPORT)
    commands = {command_of(node.data, map_) for node in every(map_nodes(map_))} | {log_command(None, map_)}
    for command in commands:
        assert command.isprintable(), command
    du = own_command("sudo du -xsh /var/lib/docker/*", engine)
    read = subprocess.run(
        ["bash", "-c", du.replace("sudo du -xsh", "printf '%s'").removesuffix("/*")],
        capture_output=True,
        timeout=20,
        check=True,
    )
    assert read.stdout.decode() == EVIL
    logs = log_command(None, map_).partition(" -name")[0].replace("sudo find", "printf '%s'")
    read = subprocess.run(["bash", "-c", logs], capture_output=True, timeout=20, check=True)
    assert read.stdout.decode() == f"{EVIL}/containers"


def test_a_root_that_holds_the_usual_one_or_docker_in_its_name_stays_what_it_is() -> None:
    inside = mapped(world(engine=host()._replace(root_dir="/mnt/var/lib/docker")))
    assert command_of(find(inside, "folder /mnt/var/lib/docker/overlay2"), inside).endswith(
        " /mnt/var/lib/docker/overlay2"
    )
    podman = host(product="Podman")._replace(root_dir="/srv/docker data")
    assert own_command("df -h /var/lib/docker", podman) == "df -h '/srv/docker data'"


def test_powershell_words_end_where_they_end() -> None:
    engine = host()._replace(os_type="windows", root_dir="C:\\it's \u2019here\x1b", storage_driver="windowsfilter")
    map_ = mapped(world(engine=engine))
    shown = next(c for node in every(map_nodes(map_)) if "Get-ChildItem" in (c := command_of(node.data, map_)))
    assert "it''s \u2019\u2019here\ufffd" in shown


def test_commands_with_sudo_say_where_they_are_to_be_run() -> None:
    remote = mapped(world(engine=host()._replace(endpoint=Endpoint("ssh://box"))))
    assert "Check it with, on box" in told(find(remote, "folder /var/lib/docker/image"), remote)
    desktop = mapped(world(engine=ENGINES[5]))
    assert "Check it with, inside the virtual machine" in told(find(desktop, "folder /var/lib/docker/image"), desktop)


def test_the_platform_of_this_engine_comes_first_and_is_marked() -> None:
    map_ = mapped(world(engine=ENGINES[5]))
    platforms = [node for node in every(map_nodes(map_)) if node.key.startswith("platform ")]
    assert "this engine" in row(platforms[0].data, map_)
    assert "this engine" not in "".join(row(node.data, map_) for node in platforms[1:])
    assert platforms[0].open
    assert "This engine, most likely: it is Docker Desktop on kernel 6.10-linuxkit" in told(platforms[0].data, map_)
    assert "probably" in row(find(map_, "engine platform"), map_)


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (Estimate(5), "5 B"),
        (Estimate(5, Certainty.UP_TO), "≤ 5 B"),
        (Estimate(5, Certainty.AT_LEAST), "≥ 5 B"),
        (Estimate(5, Certainty.ABOUT), "~ 5 B"),
        (Estimate(None, Certainty.UNKNOWN), "…"),
    ],
)
def test_an_estimate_in_a_column(estimate: Estimate, words: str) -> None:
    assert freed_words(estimate) == words
