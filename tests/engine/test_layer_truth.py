"""What orlop makes of an image's layers is what a container made from it sees, path by path."""

from __future__ import annotations

import gzip
import importlib
import io
import stat
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.engine.docker_lab import DockerLab
from tests.engine.layered_images import STACKS, docker_archive, oci_archive
from tests.engine.private_dockerd import PrivateDockerd
from tui.contents.image_archive import read_file
from tui.engine.docker_engine import DockerEngine
from tui.model.file_stack import StackedFiles
from tui.model.layer_files import Entry, Kind, LayerFiles, clean_path

pytestmark = pytest.mark.engine

OF_THE_CONTAINER = ("dev", "etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mtab", ".dockerenv", "proc", "sys")
"""What the engine puts into every container itself."""


class Seen(NamedTuple):
    """A path as it can be compared: a hard link is the file it names."""

    kind: Kind
    size_bytes: int | None
    mode: int
    uid: int
    gid: int
    link: str
    device: tuple[int, int]


def of_the_container(path: str) -> bool:
    return any(path == own or path.startswith(f"{own}/") for own in OF_THE_CONTAINER)


_KINDS = {
    tarfile.REGTYPE: Kind.FILE,
    tarfile.DIRTYPE: Kind.FOLDER,
    tarfile.SYMTYPE: Kind.SYMLINK,
    tarfile.CHRTYPE: Kind.CHARACTER_DEVICE,
    tarfile.BLKTYPE: Kind.BLOCK_DEVICE,
    tarfile.FIFOTYPE: Kind.FIFO,
}


def exported(lab: DockerLab, image_id: str) -> dict[str, Seen]:
    """What a fresh container holds, as the engine exports it and the standard library reads it."""
    container = lab.api.create_container(image_id, ["/nothing"])["Id"]
    data = io.BytesIO(b"".join(lab.api.export(container)))
    lab.api.remove_container(container)
    found: dict[str, Seen] = {}
    with tarfile.open(fileobj=data, errors="surrogateescape") as archive:
        members = archive.getmembers()
        by_name = {member.name: member for member in members}
        for member in members:
            body = by_name[member.linkname] if member.islnk() else member
            path = clean_path(member.name)
            if path and not of_the_container(path):
                device = (body.devmajor, body.devminor) if body.isdev() and not body.isfifo() else (0, 0)
                found[path] = Seen(
                    _KINDS[body.type], body.size, stat.S_IMODE(body.mode), body.uid, body.gid,
                    body.linkname if body.issym() else "", device,
                )  # fmt: skip
    return found


def merged(layers: tuple[LayerFiles, ...]) -> dict[str, Seen]:
    """The same as orlop sees it."""
    entries = {entry.path: (layer, entry) for layer, entry in StackedFiles.of(layers).merged()}

    def body(layer: int, entry: Entry) -> Entry:
        if entry.kind is not Kind.HARD_LINK:
            return entry
        # The other name may be hidden by now: the file is what its own layer says.
        return next(other for other in layers[layer] if other.path == entry.link)

    found: dict[str, Seen] = {}
    for path, (layer, entry) in entries.items():
        if not of_the_container(path):
            one = body(layer, entry)
            link = one.link if one.kind is Kind.SYMLINK else ""
            found[path] = Seen(one.kind, one.size_bytes, one.mode, one.uid, one.gid, link, one.device)
    return found


@pytest.fixture
def lab(dockerd: PrivateDockerd) -> DockerLab:
    return DockerLab(dockerd)


async def read(lab: DockerLab, image_id: str) -> tuple[LayerFiles, ...]:
    engine: DockerEngine = await lab.engine()
    detail = await engine.image_detail(image_id)
    layers = await engine.layer_files(detail, set(detail.diff_ids), lambda _reading: None)
    assert layers.keys() == set(detail.diff_ids)
    return tuple(layers[diff_id] for diff_id in detail.diff_ids)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name == "hundred layers" else ()) for name in STACKS]
)
async def test_made_layer_by_layer(lab: DockerLab, name: str) -> None:
    lab.api.load_image(docker_archive("truth:1", STACKS[name]))  # type: ignore[no-untyped-call]
    image_id = lab.api.inspect_image("truth:1")["Id"]  # type: ignore[no-untyped-call]
    assert merged(await read(lab, image_id)) == exported(lab, image_id)
    await lab.close()


RUN_STEPS = """\
FROM {base}
RUN mkdir -p /data/a/b && echo one > /data/a/b/one && echo two > /data/two && ln /data/two /data/two-again
RUN rm -rf /data/a && mkdir /data/a && echo new > /data/a/new
RUN mv /data/two /data/renamed && chmod 4711 /data/renamed && ln -s renamed /data/link
RUN rm -rf /data/a/new /bin/vi && chown 12:34 /data && mkfifo /data/pipe
RUN cp /data/renamed /data/copy && rm /data/two-again && echo more >> /data/copy
"""


async def test_made_by_the_classic_builder(lab: DockerLab) -> None:
    base = await lab.create_image("truth-base:1")
    lab.api.tag(base, "truth-base", "1")
    busy = "RUN /bin/busybox ln -s busybox /bin/mkdir && for applet in ln mv chmod chown mkfifo cp; do " + (
        "/bin/busybox ln -s busybox /bin/$applet; done\n"
    )
    text = RUN_STEPS.format(base="truth-base:1")
    head, _, rest = text.partition("\n")
    image_id = lab.build(f"{head}\n{busy}{rest}".encode(), "truth:2")
    assert merged(await read(lab, image_id)) == exported(lab, image_id)
    await lab.close()


async def test_stream_and_folders_tell_the_same(lab: DockerLab, monkeypatch: pytest.MonkeyPatch) -> None:
    if lab.api.info()["Driver"] != "overlay2":
        return  # there are no such folders here
    layers = [items for stack in STACKS.values() for items in stack][:60]
    lab.api.load_image(docker_archive("truth:3", layers))  # type: ignore[no-untyped-call]
    image_id = lab.api.inspect_image("truth:3")["Id"]  # type: ignore[no-untyped-call]
    direct = await read(lab, image_id)
    # An engine that is told its folders lie elsewhere has only the stream to read.
    engine = await lab.engine()
    monkeypatch.setattr("tui.engine.layer_reading.layer_folders", lambda *_args, **_more: None, raising=True)
    detail = await engine.image_detail(image_id)
    streamed = await engine.layer_files(detail, set(detail.diff_ids), lambda _reading: None)
    assert direct == tuple(streamed[diff_id] for diff_id in detail.diff_ids)
    await lab.close()


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
@pytest.mark.parametrize("name", ["opaque", "hard links in every layer", "renamed"])
def test_compressed_archives_tell_the_same(tmp_path: Path, name: str, compression: str) -> None:
    pack: Callable[[bytes], bytes] = gzip.compress
    if compression == "zstd":
        zstd = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
        pack = zstd.compress
    plain, packed = tmp_path / "plain.tar", tmp_path / "packed.tar"
    plain.write_bytes(docker_archive("truth:4", STACKS[name]))
    packed.write_bytes(oci_archive("truth:4", STACKS[name], pack, f"+{compression}"))
    first, second = read_file(plain), read_file(packed)
    assert first.layers == second.layers
    assert first.images[0].diff_ids == second.images[0].diff_ids
