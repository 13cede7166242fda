"""Images made layer by layer, as archives to load: every kind of entry, and every way a layer can hide another's."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Make = Callable[[tarfile.TarFile], None]
"""Puts entries into a layer's tar."""

MOMENT = 1_600_000_000
"""When every entry was last modified."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry to put into a layer."""

    name: str
    content: bytes | None = b""
    """``None`` for what is no file."""
    kind: bytes = tarfile.REGTYPE
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    link: str = ""
    device: tuple[int, int] = (0, 0)

    def put_into(self, archive: tarfile.TarFile) -> None:
        """Write it."""
        entry = tarfile.TarInfo(self.name)
        entry.type, entry.mode, entry.uid, entry.gid, entry.mtime = self.kind, self.mode, self.uid, self.gid, MOMENT
        entry.linkname = self.link
        entry.devmajor, entry.devminor = self.device
        body = self.content if self.kind == tarfile.REGTYPE and self.content is not None else b""
        entry.size = len(body)
        archive.addfile(entry, io.BytesIO(body))


def file(name: str, content: bytes = b"", *, mode: int = 0o644, uid: int = 0, gid: int = 0) -> Item:
    """A file."""
    return Item(name, content, mode=mode, uid=uid, gid=gid)


def folder(name: str, mode: int = 0o755, uid: int = 0) -> Item:
    """A folder."""
    return Item(name, None, tarfile.DIRTYPE, mode, uid)


def symlink(name: str, target: str) -> Item:
    """A symbolic link."""
    return Item(name, None, tarfile.SYMTYPE, 0o777, link=target)


def hard_link(name: str, target: str) -> Item:
    """Another name of a file in the same layer."""
    return Item(name, None, tarfile.LNKTYPE, link=target)


def gone(name: str) -> Item:
    """The whiteout of ``name``."""
    head, slash, tail = name.rpartition("/")
    return Item(f"{head}{slash}.wh.{tail}", b"")


def opaque(name: str) -> tuple[Item, Item]:
    """A folder through which nothing of the layers below shows."""
    return folder(name), Item(f"{name}/.wh..wh..opq", b"")


def layer_tar(items: Iterable[Item]) -> bytes:
    """The items as a layer's tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for item in items:
            item.put_into(archive)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def digest(data: bytes) -> str:
    """``sha256:…``."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def config_of(layers: Sequence[bytes], **config: object) -> bytes:
    """The configuration of an image with these layers."""
    history = [{"created_by": f"layer {number}", "created": "2020-09-13T12:26:40Z"} for number in range(len(layers))]
    return json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Cmd": ["/nothing"], **config},
            "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]},
            "history": history,
        }
    ).encode()


def docker_archive(tag: str, layers: Sequence[Sequence[Item]]) -> bytes:
    """What ``docker save`` of an engine before 25 writes: a folder a layer, and a manifest."""
    tars = [layer_tar(items) for items in layers]
    config = config_of(tars)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number, data in enumerate(tars):
            _add(archive, f"layer{number:03}/layer.tar", data)
        _add(archive, "config.json", config)
        manifest = [
            {"Config": "config.json", "RepoTags": [tag], "Layers": [f"layer{n:03}/layer.tar" for n in range(len(tars))]}
        ]
        _add(archive, "manifest.json", json.dumps(manifest).encode())
    return buffer.getvalue()


def oci_archive(tag: str, layers: Sequence[Sequence[Item]], compress: Callable[[bytes], bytes], suffix: str) -> bytes:
    """An OCI image layout in a tar, its layers compressed; ``suffix`` ends their media type, as in ``+gzip``."""
    tars = [layer_tar(items) for items in layers]
    blobs: dict[str, bytes] = {}

    def descriptor(data: bytes, media_type: str, **more: object) -> Mapping[str, object]:
        blobs[digest(data)] = data
        return {"mediaType": media_type, "digest": digest(data), "size": len(data), **more}

    kind = "application/vnd.oci.image."
    manifest = {
        "schemaVersion": 2,
        "mediaType": f"{kind}manifest.v1+json",
        "config": descriptor(config_of(tars), f"{kind}config.v1+json"),
        "layers": [descriptor(compress(data), f"{kind}layer.v1.tar{suffix}") for data in tars],
    }
    named = {"annotations": {"io.containerd.image.name": tag, "org.opencontainers.image.ref.name": tag}}
    index = {
        "schemaVersion": 2,
        "manifests": [descriptor(json.dumps(manifest).encode(), f"{kind}manifest.v1+json", **named)],
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in sorted(blobs.items()):
            _add(archive, f"blobs/{name.replace(':', '/')}", data)
        _add(archive, "index.json", json.dumps(index).encode())
        _add(archive, "oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
    return buffer.getvalue()


BASE: tuple[Item, ...] = (
    folder("etc"),
    file("etc/motd", b"first\n"),
    file("etc/shadow", b"secret", mode=0o640, gid=42),
    folder("usr"),
    folder("usr/bin"),
    file("usr/bin/su", b"\x7fELF" + bytes(5000), mode=0o4755),
    hard_link("usr/bin/su-again", "usr/bin/su"),
    symlink("bin", "usr/bin"),
    folder("tmp", 0o1777),
    folder("var"),
    folder("var/cache"),
    *(file(f"var/cache/{number:02}", bytes(1000 * number)) for number in range(1, 12)),
    folder("opt"),
    folder("opt/deep"),
    folder("opt/deep/down"),
    file("opt/deep/down/leaf", b"leaf"),
    Item("opt/null", None, tarfile.CHRTYPE, 0o666, device=(1, 3)),
    Item("opt/pipe", None, tarfile.FIFOTYPE, 0o600),
    file("opt/caf\udce9", b"not UTF-8"),
    file("opt/two\nlines", b"x"),
    file("opt/" + "long" * 60, b"a name longer than a tar header holds"),
)

STACKS: Mapping[str, tuple[tuple[Item, ...], ...]] = {
    "empty layer": (BASE, (), (file("etc/after", b"1"),)),
    "overwritten": (BASE, (file("etc/motd", b"second, and longer\n"),), (file("etc/motd", b"3"),)),
    "deleted": (BASE, (gone("etc/motd"), gone("usr/bin/su")), (gone("opt/pipe"),)),
    "folder deleted": (BASE, (gone("var/cache"),), (gone("opt"),)),
    "added again": (
        BASE,
        (gone("etc/motd"), gone("var/cache")),
        (file("etc/motd", b"back"), folder("var/cache", 0o700)),
    ),
    "renamed": (BASE, (gone("opt/deep"), folder("opt/shallow"), file("opt/shallow/leaf", b"leaf"))),
    "opaque": (BASE, (*opaque("var/cache"), file("var/cache/new", b"new"), *opaque("opt/deep"))),
    "whiteouts one by one": (BASE, tuple(gone(f"var/cache/{number:02}") for number in range(1, 9))),
    "file becomes folder": (BASE, (folder("etc/motd"), file("etc/motd/inside", b"x"))),
    "folder becomes file": (BASE, (file("opt/deep", b"flat now"),)),
    "folder becomes link": (BASE, (symlink("var/cache", "/tmp"),)),
    "link replaced": (BASE, (file("bin", b"a file now"),)),
    "hard link apart": (BASE, (file("usr/bin/su", b"another one", mode=0o755),)),
    "hard links in every layer": (BASE, (file("opt/a", bytes(99)), hard_link("opt/b", "opt/a")), (gone("opt/a"),)),
    "permissions only": (BASE, (folder("etc", 0o700, uid=5), file("etc/shadow", b"secret", mode=0o600, uid=7))),
    "hundred layers": tuple(
        BASE if number == 0 else (file(f"opt/part{number % 10}", bytes(number)), gone(f"opt/part{(number + 5) % 10}"))
        for number in range(100)
    ),
}
"""Name -> layers, lowest first."""
