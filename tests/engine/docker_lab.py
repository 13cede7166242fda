"""The lab over a private dockerd: changes made with the SDK, past the engine under test."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from docker.api.client import APIClient
from docker.errors import APIError

from tests.engine.buildkit import build_with_buildkit, cache_records, prune_cache
from tests.engine.lab import LabEntry, VolumeMount
from tests.engine.private_dockerd import PrivateDockerd
from tui.engine.docker_engine import DockerEngine
from tui.model.host import Endpoint

_BUSYBOX = Path("/bin/busybox")
_APPLETS = ("sh", "ash", "cat", "echo", "grep", "kill", "ls", "pwd", "rm", "sleep", "stty", "tr", "vi")
_ALIVE = "trap 'exit 0' TERM; sleep 100000 & wait"
"""A main process that lives until it is asked to end, and then ends at once."""


def tar(files: Mapping[str, bytes | Path], links: Mapping[str, str] | None = None) -> bytes:
    """A tar of ``files`` (name -> content, or a file to copy with its mode) and symbolic ``links``."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            if isinstance(content, Path):
                archive.add(content, name)
                continue
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for name, target in (links or {}).items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, target, 0o777
            archive.addfile(entry)
    return buffer.getvalue()


def root_filesystem(*, shell: bool) -> bytes:
    """The lowest layer of every image: distinct in each, so that no two share it by accident."""
    name = uuid.uuid4().hex.encode()
    if not shell:
        return tar({"etc/hostname": name, "program": _BUSYBOX})
    return tar({"etc/hostname": name, "bin/busybox": _BUSYBOX}, {f"bin/{applet}": "busybox" for applet in _APPLETS})


def layer_tar(entries: Mapping[str, LabEntry]) -> bytes:
    """The tar of a layer, whiteouts spelled as in the OCI image specification (``layer.md``)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, entry in entries.items():
            _add(archive, path.lstrip("/"), entry)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, entry: LabEntry) -> None:
    parent, _, last = name.rpartition("/")
    member = tarfile.TarInfo(f"{parent}/.wh.{last}".lstrip("/") if entry.kind == "whiteout" else name)
    member.mode, member.mtime, member.linkname = entry.mode, MODIFIED, entry.target
    member.type = {"dir": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}.get(entry.kind, tarfile.REGTYPE)
    member.size = len(entry.content)
    archive.addfile(member, io.BytesIO(entry.content))
    if entry.opaque:
        archive.addfile(tarfile.TarInfo(f"{name}/.wh..wh..opq"))


MODIFIED = 1_600_000_000
"""When everything in a :func:`layer_tar` was written, in seconds since the epoch."""


def digest(data: bytes) -> str:
    """As diff IDs are written."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def docker_archive(layers: Sequence[bytes], tag: str, architecture: str) -> bytes:
    """What ``docker load`` takes, of any version: the layers' tars, a config and a manifest."""
    config = json.dumps(
        {
            "architecture": architecture,
            "os": "linux",
            "config": {"Cmd": ["sh"]},
            "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]},
            "history": [{"created": "2024-05-01T00:00:00Z", "created_by": f"layer {n}"} for n in range(len(layers))],
        }
    ).encode()
    name = f"{digest(config).removeprefix('sha256:')}.json"
    names = [f"{number}/layer.tar" for number in range(len(layers))]
    manifest = json.dumps([{"Config": name, "RepoTags": [tag], "Layers": names}]).encode()
    return tar({name: config, **dict(zip(names, layers, strict=True)), "manifest.json": manifest})


class DockerLab:
    """See :class:`tests.engine.lab.Lab`. What the daemon held before stays, what came since goes with :meth:`close`.

    With ``far``, its engines believe the daemon to be on another host, where no folder can be read.
    """

    kind = "docker"

    def __init__(self, dockerd: PrivateDockerd, *, far: bool = False) -> None:
        self.dockerd = dockerd
        self._far = far
        self.api = APIClient(dockerd.url, version="auto", timeout=30)
        self._engines: list[DockerEngine] = []
        self._before = self._everything()
        self._cached = False

    def _everything(self) -> set[str]:
        found = {row["Id"] for row in [*self.api.images(all=True), *self.api.containers(all=True)]}
        return found | {row["Name"] for row in self.api.volumes()["Volumes"] or ()}

    async def engine(self, *, read_only: bool = False) -> DockerEngine:
        """A new engine on this daemon."""
        endpoint = Endpoint("ssh://elsewhere" if self._far else self.dockerd.url)
        made = DockerEngine(endpoint, read_only=read_only, connect_to=self.dockerd.url)
        self._engines.append(made)
        return made

    async def create_image(
        self,
        tag: str = "",
        *,
        parent: str = "",
        layers: int = 1,
        environment: Sequence[str] = (),
        labels: Mapping[str, str] | None = None,
        shell: bool = True,
    ) -> str:
        """See the protocol. Built by the classic builder, except a single layer, which is imported."""
        metadata = [f"ENV {variable}" for variable in environment]
        metadata += [f"LABEL {json.dumps(key)}={json.dumps(value)}" for key, value in (labels or {}).items()]
        repository, _, version = tag.rpartition(":")
        if not parent and layers == 1:
            answer = self.api.import_image_from_data(
                root_filesystem(shell=shell), repository=repository or None, tag=version or None, changes=metadata
            )
            image_id: str = json.loads(answer)["status"]
            return image_id
        files: dict[str, bytes | Path] = {}
        steps = [f"FROM {parent or 'scratch'}"]
        if not parent:
            files["root.tar"] = root_filesystem(shell=shell)
            steps.append("ADD root.tar /")
        for number in range(layers - (not parent)):
            files[f"file{number}"] = uuid.uuid4().hex.encode() * (number + 1)
            steps.append(f"COPY file{number} /file{number}")
        files["Dockerfile"] = "\n".join([*steps, *metadata]).encode()
        return self._built(tar(files), tag)

    def build(self, dockerfile: bytes, tag: str = "") -> str:
        """Build from a Dockerfile alone, with the classic builder and no network; return the image's ID."""
        return self._built(tar({"Dockerfile": dockerfile}), tag)

    def buildkit(self, dockerfile: str, files: Mapping[str, bytes | Path] | None = None, *, tag: str = "") -> str:
        """Build with BuildKit, whose cache then has records of it; return the image's ID. See :mod:`buildkit`."""
        self._cached = True
        return build_with_buildkit(self.api, tar({"Dockerfile": dockerfile.encode(), **(files or {})}), tag=tag)

    async def create_cache_chain(self, length: int) -> tuple[str, ...]:
        """See the protocol."""
        marks = [f"/{uuid.uuid4().hex}" for _ in range(length)]
        await self.create_image("lab-cache/base:1")
        self.buildkit("\n".join(["FROM lab-cache/base:1", *(f"RUN echo {mark} > {mark}" for mark in marks)]))
        found = cache_records(self.api).values()
        return tuple(next(record.id for record in found if mark in record.description) for mark in marks)

    def _built(self, context: bytes, tag: str) -> str:
        output = self.api.build(
            fileobj=io.BytesIO(context),
            custom_context=True,
            tag=tag or None,
            decode=True,
            nocache=True,
            rm=True,
            network_mode="none",
        )
        lines: list[dict[str, Any]] = list(output)
        built = [line["aux"]["ID"] for line in lines if "ID" in (line.get("aux") or {})]
        assert built, lines
        image_id: str = built[-1]
        return image_id

    async def create_layered_image(
        self, tag: str, layers: Sequence[Mapping[str, LabEntry]], *, shell: bool = False
    ) -> tuple[str, tuple[str, ...]]:
        """See the protocol. Loaded as an archive: no builder writes whiteouts that are chosen freely."""
        below = [root_filesystem(shell=True)] if shell else []
        return self.load([*below, *map(layer_tar, layers)], tag), tuple(map(digest, map(layer_tar, layers)))

    def load(self, layers: Sequence[bytes], tag: str) -> str:
        """Load an image made of these tars, lowest first; return its ID."""
        self.api.load_image(docker_archive(layers, tag, self.api.version()["Arch"]))  # type: ignore[no-untyped-call]
        image_id: str = self.api.inspect_image(tag)["Id"]  # type: ignore[no-untyped-call]
        return image_id

    async def tag_image(self, reference: str, tag: str) -> None:
        """See the protocol."""
        repository, _, version = tag.rpartition(":")
        assert self.api.tag(reference, repository, version)

    async def create_container(
        self,
        image: str,
        *,
        name: str = "",
        state: str = "created",
        mounts: Sequence[VolumeMount] = (),
        labels: Mapping[str, str] | None = None,
        environment: Sequence[str] = (),
        exit_code: int = 0,
    ) -> str:
        """See the protocol."""
        script = f"exit {exit_code}" if state == "exited" else _ALIVE
        binds = [
            f"{mount.name}:{mount.destination}:{'ro' if mount.read_only else 'rw'}" for mount in mounts if mount.name
        ]
        created = self.api.create_container(
            image,
            ["/bin/sh", "-c", script],
            name=name or None,
            labels=dict(labels or {}),
            environment=list(environment),
            volumes=[mount.destination for mount in mounts if not mount.name],
            host_config=self.api.create_host_config(network_mode="none", binds=binds),
        )
        container_id: str = created["Id"]
        if state != "created":
            self.api.start(container_id)
        if state == "paused":
            self.api.pause(container_id)
        if state == "exited":
            self.api.wait(container_id)
        return container_id

    async def change_container(self, container_id: str, entries: Mapping[str, LabEntry]) -> None:
        """See the protocol."""
        for path, entry in entries.items():
            if entry.kind == "whiteout":
                self.run(container_id, "rm", "-rf", path)
            else:
                assert self.api.put_archive(container_id, "/", layer_tar({path: entry}))

    def run(self, container_id: str, *command: str) -> None:
        """Run a command in a running container and wait for its end; it must succeed."""
        made: str = self.api.exec_create(container_id, list(command))["Id"]
        told = self.api.exec_start(made)
        assert self.api.exec_inspect(made)["ExitCode"] == 0, told

    async def remove_container(self, container_id: str) -> None:
        """See the protocol."""
        self.api.remove_container(container_id, force=True)

    async def stop_container(self, container_id: str) -> None:
        """See the protocol."""
        self.api.stop(container_id, timeout=5)

    async def create_volume(self, name: str = "", *, labels: Mapping[str, str] | None = None) -> str:
        """See the protocol."""
        made: str = self.api.create_volume(name or None, labels=dict(labels or {}))["Name"]
        return made

    async def write_volume_file(self, name: str, path: str, size_bytes: int) -> None:
        """See the protocol."""
        target = self.mountpoint(name) / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(bytes(size_bytes))

    async def fill_volume(self, name: str, entries: Mapping[str, LabEntry]) -> None:
        """See the protocol."""
        with tarfile.open(fileobj=io.BytesIO(layer_tar(entries))) as archive:
            # Not by the argument: 3.11.0 to 3.11.3 don't know it, and take everything as it is anyhow.
            archive.extraction_filter = lambda member, _path: member
            archive.extractall(self.mountpoint(name))

    def mountpoint(self, name: str) -> Path:
        """Where the daemon keeps a volume's files: the tests are root beside it."""
        return Path(self.api.inspect_volume(name)["Mountpoint"])

    async def close(self) -> None:
        """See the protocol."""
        for engine in self._engines:
            await engine.close()
        self.clear()
        self.api.close()

    def clear(self) -> None:
        """Remove what was not there when this lab was opened."""
        for row in self.api.containers(all=True):
            if row["Id"] not in self._before:
                self.api.remove_container(row["Id"], force=True, v=True)
        for row in self.api.volumes()["Volumes"] or ():
            if row["Name"] not in self._before:
                self.api.remove_volume(row["Name"])
        self._remove_images()
        if self._cached:
            prune_cache(self.api)

    def _remove_images(self) -> None:
        """A parent stays until its children are gone, and removing a child may take its parent along."""
        while left := [row["Id"] for row in self.api.images() if row["Id"] not in self._before]:
            refused = 0
            for image_id in left:
                try:
                    self.api.remove_image(image_id, force=True)
                except APIError as error:
                    if error.status_code not in {404, 409}:
                        raise
                    refused += 1
            assert refused < len(left), left
