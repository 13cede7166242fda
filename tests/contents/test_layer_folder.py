"""A layer's folder tells what its tar tells."""

from __future__ import annotations

import os
import resource
import socket
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.engine.docker_lab import DockerLab
from tests.engine.layered_images import STACKS, docker_archive
from tests.engine.private_dockerd import PrivateDockerd
from tui.contents.errors import ContentsError, NoSuchFileError, StoppedError
from tui.contents.image_archive import read_stream
from tui.contents.layer_folder import read_folder
from tui.model.layer import chain_ids
from tui.model.layer_files import Entry, Kind, LayerFiles
from tui.model.storage import Reading

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="making devices and overlay's marks needs root")


def layers_of(lab: DockerLab, image: str) -> list[tuple[LayerFiles, LayerFiles]]:
    """For each layer what its tar tells, and what its folder tells."""
    saved = read_stream(lab.api.get_image(image))
    (found,) = saved.images
    root = lab.dockerd.root / "data"
    pairs = []
    for diff_id, chain_id in zip(found.diff_ids, chain_ids(found.diff_ids), strict=True):
        record = root / "image/overlay2/layerdb/sha256" / chain_id.removeprefix("sha256:")
        assert (record / "diff").read_text() == diff_id
        folder = root / "overlay2" / (record / "cache-id").read_text() / "diff"
        pairs.append((saved.layers[diff_id], read_folder(folder)))
    return pairs


def compare(tar: LayerFiles, folder: LayerFiles) -> None:
    """Equal, but for folders that the tar doesn't name because only what is in them was to be said."""
    of_tar: Mapping[str, Entry] = {entry.path: entry for entry in tar}
    of_folder = {entry.path: entry for entry in folder}
    implied = [of_folder.pop(path) for path in list(of_folder) if path not in of_tar]
    assert all(entry.kind is Kind.FOLDER for entry in implied)
    assert of_folder == of_tar
    assert (folder.whiteouts, folder.opaques) == (tar.whiteouts, tar.opaques)


@pytest.fixture
def lab(dockerd: PrivateDockerd) -> DockerLab:
    found = DockerLab(dockerd)
    if found.api.info()["Driver"] != "overlay2":
        pytest.skip("this engine keeps its layers in another way")
    return found


@pytest.mark.parametrize("name", sorted(set(STACKS) - {"hundred layers"}))
async def test_made_layers(lab: DockerLab, name: str) -> None:
    lab.api.load_image(docker_archive("folder:1", STACKS[name]))  # type: ignore[no-untyped-call]
    pairs = layers_of(lab, "folder:1")
    assert len(pairs) == len(STACKS[name])
    for tar, folder in pairs:
        compare(tar, folder)
    await lab.close()


STEPS = """\
FROM folder-base:1
RUN /bin/busybox mkdir -p /data/a/b && echo one > /data/a/b/one && echo two > /data/two
RUN /bin/busybox rm -rf /data/a && /bin/busybox mkdir /data/a && echo new > /data/a/new
RUN /bin/busybox mv /data/two /data/renamed && /bin/busybox chmod 4711 /data/renamed
RUN /bin/busybox ln /data/renamed /data/again && /bin/busybox ln -s renamed /data/link && /bin/busybox mkfifo /data/pipe
RUN /bin/busybox rm /bin/vi && /bin/busybox chown 12:34 /data && /bin/busybox mv /data/a /data/moved
"""


async def test_layers_of_the_classic_builder(lab: DockerLab) -> None:
    base = await lab.create_image("folder-base:1")
    lab.api.tag(base, "folder-base", "1")
    image = lab.build(STEPS.encode())
    pairs = layers_of(lab, image)
    assert len(pairs) == 6
    assert any(tar.opaques for tar, _ in pairs)
    assert any(tar.whiteouts for tar, _ in pairs)
    for tar, folder in pairs:
        compare(tar, folder)
    await lab.close()


@needs_root
def test_every_kind(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    os.chown(tmp_path / "file", 12, 34)
    (tmp_path / "file").chmod(0o4711)
    os.utime(tmp_path / "file", ns=(0, 1_600_000_000_999_999_999))
    os.link(tmp_path / "file", tmp_path / "again")
    (tmp_path / "link").symlink_to("/nowhere/at/all")
    os.utime(tmp_path / "link", ns=(0, -1), follow_symlinks=False)
    os.mkfifo(tmp_path / "pipe", 0o600)
    os.mknod(tmp_path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.mknod(tmp_path / "disk", stat.S_IFBLK | 0o660, os.makedev(259, 1_000_000))
    os.mknod(tmp_path / "gone", stat.S_IFCHR, os.makedev(0, 0))
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mknod(folder / "gone too", stat.S_IFCHR, os.makedev(0, 0))
    os.setxattr(folder, "trusted.overlay.opaque", b"y")
    (tmp_path / "not opaque").mkdir()
    os.setxattr(tmp_path / "not opaque", "trusted.overlay.opaque", b"x")
    with open(os.fsencode(tmp_path) + b"/caf\xe9", "wb"):
        pass
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(tmp_path)  # a socket's path must be short
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
    found = read_folder(tmp_path)
    entries = {entry.path: entry for entry in found}
    assert entries["again"] == Entry("again", Kind.FILE, 5, 0o4711, 12, 34, 1_600_000_000)
    assert (entries["file"].kind, entries["file"].link) == (Kind.HARD_LINK, "again")
    assert (entries["link"].kind, entries["link"].link, entries["link"].modified) == (
        Kind.SYMLINK,
        "/nowhere/at/all",
        -1,
    )
    assert (entries["pipe"].kind, entries["pipe"].mode) == (Kind.FIFO, 0o600)
    assert (entries["null"].kind, entries["null"].device) == (Kind.CHARACTER_DEVICE, (1, 3))
    assert (entries["disk"].kind, entries["disk"].device) == (Kind.BLOCK_DEVICE, (259, 1_000_000))
    assert entries["socket"].kind is Kind.SOCKET
    assert entries["caf\udce9"].kind is Kind.FILE
    assert (found.whiteouts, found.opaques) == (("folder/gone too", "gone"), ("folder",))
    assert found.stored_bytes == 5


@needs_root
def test_an_opaque_root_and_a_rootless_engines_mark(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    try:
        os.setxattr(tmp_path / "folder", "user.overlay.opaque", b"y")
    except OSError:
        pytest.skip("this file system has no such attributes")
    os.setxattr(tmp_path, "trusted.overlay.opaque", b"y")
    assert read_folder(tmp_path).opaques == ("", "folder")


@needs_root
def test_a_redirected_folder_is_not_told_wrong(tmp_path: Path) -> None:
    (tmp_path / "renamed").mkdir()
    os.setxattr(tmp_path / "renamed", "trusted.overlay.redirect", b"/before")
    with pytest.raises(ContentsError, match="overlay has redirected renamed"):
        read_folder(tmp_path)


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "secret").mkdir(parents=True)
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "way out").symlink_to(outside)
    assert read_folder(layer).paths == ("way out",)


def test_a_root_that_is_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer/file").touch()
    (tmp_path / "docker").symlink_to("layer")
    assert read_folder(tmp_path / "docker").paths == ("file",)


def test_what_vanishes_meanwhile_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "below").mkdir(parents=True)
    real, opened = os.open, []

    def racing_open(path: str, flags: int, **more: int) -> int:
        opened.append(path)
        if len(opened) == 2:  # the first is the root
            (tmp_path / path / "below").rmdir()
            (tmp_path / path).rmdir()
            (tmp_path / path).symlink_to("/usr")
        return real(path, flags, **more)

    monkeypatch.setattr(os, "open", racing_open)
    found = read_folder(tmp_path)
    assert len(found.paths) == 3
    assert len([path for path in found.paths if path.endswith("/below")]) == 1


def test_thousands_of_folders_in_one_another_is_an_error_and_no_crash(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    before = len(os.listdir("/dev/fd"))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, limits[1]))
    try:
        with pytest.raises(ContentsError, match="can't be read: Too many open files"):
            read_folder(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # too deep for whoever tidies up after the tests
    assert len(os.listdir("/dev/fd")) == before


def test_errors_in_words(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFileError, match="There is no folder"):
        read_folder(tmp_path / "gone")
    (tmp_path / "file").touch()
    with pytest.raises(ContentsError, match="can't be read: Not a directory"):
        read_folder(tmp_path / "file")


def test_progress_and_stopping(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file").write_bytes(b"123")
    told: list[Reading] = []
    read_folder(tmp_path, told.append)
    assert (told[-1].entries, told[-1].done_bytes) == (2, 3)
    with pytest.raises(StoppedError):
        read_folder(tmp_path, None, lambda: True)
