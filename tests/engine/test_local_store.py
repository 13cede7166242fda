"""Which folders of this host are taken for the engine's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tui.engine.decode import host as decode_host
from tui.engine.decode_detail import container_detail
from tui.engine.local_store import LocalStore, open_below
from tui.model.host import Endpoint, Host

CHAIN, DIFF, CACHE, OTHER = (f"{digit * 64}" for digit in "abcd")


def host(root: Path, url: str = "unix:///run/docker.sock", product: str = "Docker", **info: Any) -> Host:
    facts = {
        "ID": "x",
        "Name": "here",
        "Driver": "overlay2",
        "DriverStatus": [["Native Overlay Diff", "true"]],
        "DockerRootDir": str(root),
        "SecurityOptions": ["name=seccomp,profile=default"],
        **info,
    }
    found = decode_host(facts, {"Version": "20.10.24"}, "1.41", Endpoint(url))
    return found._replace(product=product)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    layer = tmp_path / "image" / "overlay2" / "layerdb" / "sha256" / CHAIN
    layer.mkdir(parents=True)
    (layer / "diff").write_text(f"sha256:{DIFF}")
    (layer / "cache-id").write_text(CACHE)
    mount = tmp_path / "image" / "overlay2" / "layerdb" / "mounts" / OTHER
    mount.mkdir(parents=True)
    (mount / "mount-id").write_text(CACHE)
    return tmp_path


def test_a_layer_is_found(root: Path) -> None:
    store = LocalStore.of(host(root))
    assert store is not None
    found = store.layer(f"sha256:{CHAIN}", f"sha256:{DIFF}")
    assert found is not None
    assert found.folder == root / "overlay2" / CACHE / "diff"


@pytest.mark.parametrize(
    ("chain", "diff"),
    [
        (CHAIN, OTHER),
        (OTHER, DIFF),
        ("../../sha256/" + CHAIN, DIFF),
        ("", DIFF),
        (CHAIN[:12], DIFF),
        (CHAIN + "\n", DIFF),
    ],
)
def test_another_layer_is_not(root: Path, chain: str, diff: str) -> None:
    store = LocalStore.of(host(root))
    assert store is not None
    assert store.layer(f"sha256:{chain}", f"sha256:{diff}") is None


def test_a_record_that_leads_elsewhere_is_not_followed(root: Path) -> None:
    (root / "image" / "overlay2" / "layerdb" / "sha256" / CHAIN / "cache-id").write_text("../../../etc")
    store = LocalStore.of(host(root))
    assert store is not None
    assert store.layer(f"sha256:{CHAIN}", f"sha256:{DIFF}") is None


@pytest.mark.parametrize(
    "different",
    [
        {"url": "ssh://host"},
        {"url": "tcp://host:2375"},
        {"product": "Podman"},
        {"Driver": "btrfs"},
        {"Driver": "overlayfs", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]},
        {"DriverStatus": [["Native Overlay Diff", "false"]]},
        {"DriverStatus": None},
        {"SecurityOptions": ["name=seccomp", "name=userns"]},
        {"SecurityOptions": ["name=rootless"]},
        {"OperatingSystem": "Docker Desktop"},
        {"DockerRootDir": ""},
    ],
    ids=str,
)
def test_an_engine_whose_folders_are_elsewhere_or_mean_something_else(root: Path, different: dict[str, Any]) -> None:
    assert LocalStore.of(host(root, **different)) is None


@pytest.mark.parametrize(
    ("mount_id", "upper", "found"), [(CACHE, CACHE, True), (OTHER, CACHE, False), ("x", "x", False)]
)
def test_a_writable_layer_has_to_be_on_record(root: Path, mount_id: str, upper: str, found: bool) -> None:
    (root / "image" / "overlay2" / "layerdb" / "mounts" / OTHER / "mount-id").write_text(mount_id)
    folder = root / "overlay2" / upper / "diff"
    container = container_detail({"Id": OTHER, "GraphDriver": {"Name": "overlay2", "Data": {"UpperDir": str(folder)}}})
    store = LocalStore.of(host(root))
    assert store is not None
    assert store.writable_folder(container) == (folder if found else None)
    assert store.writable_folder(container._replace(storage={})) is None
    assert store.writable_folder(container._replace(id=CHAIN)) is None


def test_files_are_opened_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "layer" / "deep").mkdir(parents=True)
    (tmp_path / "layer" / "deep" / "file").write_bytes(b"inside")
    (tmp_path / "secret").write_bytes(b"outside")
    (tmp_path / "layer" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "layer" / "up").symlink_to("..")
    os.mkfifo(tmp_path / "layer" / "pipe")
    descriptor = open_below(tmp_path / "layer", "deep/file")
    assert os.read(descriptor, 100) == b"inside"
    os.close(descriptor)
    before = len(os.listdir("/proc/self/fd"))
    outside = ("..", "../secret", "deep/../../secret", "deep/../deep/file", "/etc/passwd", "deep//file", "./deep/file")
    for path in ("link", "pipe", "deep", "nothing", "deep/nothing", "", "deep/", *outside):
        with pytest.raises(FileNotFoundError):
            open_below(tmp_path / "layer", path)
    for path in ("up/secret", "deep/file/below"):
        with pytest.raises(NotADirectoryError):
            open_below(tmp_path / "layer", path)
    assert len(os.listdir("/proc/self/fd")) == before
