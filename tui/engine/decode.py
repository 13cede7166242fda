"""Raw API answers -> records: the lists, the disk usage, the events and the engine itself.

Every engine's shape is met here and nowhere else: Docker from 20.10 on, both image stores, and
podman's Docker-compatible API. All functions are pure. They raise EngineFaultError for an answer
that isn't of the right shape at all, and nothing else. The shapes are those of the Docker Engine
API reference, https://docs.docker.com/reference/api/engine/.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any

from tui.engine.raw import (
    Row,
    fields,
    labels,
    moment,
    part,
    parts,
    rows,
    seconds,
    size,
    text,
    texts,
    whole_id,
    whole_number,
)
from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container, Mount, Port
from tui.model.event import EngineEvent
from tui.model.host import DiskUsage, Endpoint, Host, VolumeUsage
from tui.model.image import Image
from tui.model.volume import Volume

_NO_TAG = "<none>:<none>"
_NO_DIGEST = "<none>@<none>"
_CONTAINERD_STORE = "io.containerd.snapshotter.v1"
"""In info's DriverStatus when images live in containerd's content store."""


def images(answer: object) -> tuple[Image, ...]:
    """``GET /images/json``, newest first."""
    found: dict[str, Image] = {}
    for row in rows(answer, "its images"):
        image = _image(row)
        # Podman may list an image once per tag: a record is one image ID with all its tags.
        known = found.get(image.id)
        found[image.id] = image if known is None else _merged(known, image)
    found.pop("", None)
    return tuple(sorted(found.values(), key=_newest_first))


def _image(row: Row) -> Image:
    return Image(
        id=whole_id(row.get("Id")),
        tags=tuple([tag for tag in texts(row.get("RepoTags")) if tag != _NO_TAG]),
        digests=tuple([digest for digest in texts(row.get("RepoDigests")) if digest != _NO_DIGEST]),
        parent_id=whole_id(row.get("ParentId")),
        created=seconds(row.get("Created")),
        size_bytes=size(row.get("Size")),
        labels=labels(row.get("Labels")),
    )


def _merged(known: Image, other: Image) -> Image:
    return Image(
        id=known.id,
        tags=tuple(dict.fromkeys(known.tags + other.tags)),
        digests=tuple(dict.fromkeys(known.digests + other.digests)),
        parent_id=known.parent_id,
        created=known.created,
        size_bytes=known.size_bytes,
        labels=known.labels,
    )


def _newest_first(record: Image | Container) -> tuple[float, str]:
    return -(record.created or 0.0), record.id


def containers(answer: object) -> tuple[Container, ...]:
    """``GET /containers/json``, newest first."""
    found = [_container(row) for row in rows(answer, "its containers")]
    return tuple(sorted([container for container in found if container.id], key=_newest_first))


def _container(row: Row) -> Container:
    get = row.get
    return Container(
        text(get("Id")),
        names(get("Names")),
        text(get("Image")),
        whole_id(get("ImageID")),
        text(get("Command")),
        seconds(get("Created")),
        text(get("State")).lower(),
        text(get("Status")),
        _ports(get("Ports")),
        mounts(get("Mounts")),
        tuple(part(part(get("NetworkSettings")).get("Networks"))),
        labels(get("Labels")),
        size(get("SizeRw")),
        size(get("SizeRootFs")),
    )


def names(value: object) -> tuple[str, ...]:
    """A container's names without their leading slash, its own before those that links gave it."""
    found = [name.removeprefix("/") for name in texts(value)]
    if len(found) > 1:
        # A legacy link shows as "/other/alias" in the list of the container it leads to.
        found.sort(key=lambda name: "/" in name)
    return tuple(found)


def _ports(value: object) -> tuple[Port, ...]:
    found = []
    for row in parts(value) if value else ():
        private = whole_number(row.get("PrivatePort"))
        if private is not None:
            public = whole_number(row.get("PublicPort"))
            found.append(Port(private, text(row.get("Type")) or "tcp", public or None, text(row.get("IP"))))
    return tuple(found)


def mounts(value: object) -> tuple[Mount, ...]:
    """The Mounts of a container, in a list or in an inspect, by destination.

    The engine gives them in another order every time (it keeps them in a Go map), and a container whose
    mounts only changed places has not changed.
    """
    return tuple(sorted([_mount(row) for row in parts(value)], key=attrgetter("destination"))) if value else ()


def _mount(row: Row) -> Mount:
    get = row.get
    # RW is missing in no known engine; were it so, a mount is writable unless said otherwise.
    kind = text(get("Type")) or "bind"
    name = text(get("Name")) if kind == "volume" else ""
    source, destination = text(get("Source")), text(get("Destination"))
    return Mount(kind, name, source, destination, get("RW") is False, text(get("Driver")))


def volumes(answer: object) -> tuple[Volume, ...]:
    """``GET /volumes``, by name."""
    found = [volume(row) for row in rows(fields(answer, "its volumes").get("Volumes"), "its volumes")]
    return tuple(sorted([record for record in found if record.name], key=attrgetter("name")))


def volume(row: Row) -> Volume:
    """One volume, as the list and the inspect both give it."""
    get = row.get
    return Volume(
        name=text(get("Name")),
        driver=text(get("Driver")) or "local",
        mountpoint=text(get("Mountpoint")),
        created=moment(get("CreatedAt")),
        labels=labels(get("Labels")),
        options=labels(get("Options")),
        scope=text(get("Scope")) or "local",
    )


def disk_usage(answer: object) -> DiskUsage:
    """``GET /system/df``, in the shape up to API 1.51 and the one since.

    Since API 1.52 each kind has an object (``ImageUsage`` …) with totals and, when asked for with
    ``verbose=1``, ``Items``; before, the items stand in a list of the kind's name.
    """
    raw = fields(answer, "its disk usage")
    return DiskUsage(
        layers_size_bytes=_layers_size(raw),
        volumes={
            text(row.get("Name")): _volume_usage(part(row.get("UsageData"))) for row in _usage(raw, "Volumes", "Volume")
        },
        containers={
            # Both are left out by the engine when they are 0: it has walked every container.
            text(row.get("Id")): (size(row.get("SizeRw", 0)), size(row.get("SizeRootFs", 0)))
            for row in _usage(raw, "Containers", "Container")
        },
        build_cache=tuple(_build_cache_record(row) for row in _usage(raw, "BuildCache", "BuildCache")),
        images_reclaimable_bytes=_images_reclaimable(raw),
    )


def _usage(raw: Row, listed: str, kind: str) -> list[Row]:
    new = part(raw.get(f"{kind}Usage"))
    return parts(new.get("Items")) or parts(raw.get(listed))


def _layers_size(raw: Row) -> int | None:
    if "ImageUsage" in raw:
        return size(part(raw["ImageUsage"]).get("TotalSize"))
    total = size(raw.get("LayersSize"))
    if total == 0 and any(size(row.get("Size")) for row in parts(raw.get("Images"))):
        return None  # podman says 0 whatever there is
    return total


def _images_reclaimable(raw: Row) -> int | None:
    """Up to API 1.51 it is the docker CLI that works this figure out (docker/cli, ``formatter/disk_usage.go``).

    It takes from LayersSize what each image with containers shares with no other image.
    """
    if "ImageUsage" in raw:
        return size(part(raw["ImageUsage"]).get("Reclaimable"))
    total = _layers_size(raw)
    if total is None:
        return None
    for row in parts(raw.get("Images")):
        whole, shared = size(row.get("Size")), size(row.get("SharedSize"))
        if (row.get("Containers") or 0) != 0 and whole is not None and shared is not None:
            total -= whole - shared
    return total


def _volume_usage(data: Row) -> VolumeUsage:
    return VolumeUsage(size(data.get("Size")), size(data.get("RefCount")))


def _build_cache_record(row: Row) -> BuildCacheRecord:
    get = row.get
    parent = text(get("Parent"))
    # The blank is the engine's own slip, since API 1.42 and at least up to 1.51.
    parents = texts(get(" Parents")) or texts(get("Parents"))
    return BuildCacheRecord(
        id=text(get("ID")),
        type=text(get("Type")),
        description=text(get("Description")),
        size_bytes=size(get("Size")) or 0,
        in_use=get("InUse") is True,
        shared=get("Shared") is True,
        parents=parents or ((parent,) if parent else ()),
        created=moment(get("CreatedAt")),
        last_used=moment(get("LastUsedAt")),
        usage_count=size(get("UsageCount")) or 0,
    )


def host(info: object, version: object, api_version: str, endpoint: Endpoint) -> Host:
    """``GET /info`` and ``GET /version`` of the engine at ``endpoint``, spoken to in ``api_version``."""
    raw, release = fields(info, "itself"), fields(version, "its version")
    options = texts(raw.get("SecurityOptions"))
    return Host(
        endpoint=endpoint,
        id=text(raw.get("ID")),
        name=text(raw.get("Name")),
        product=product(release),
        server_version=text(raw.get("ServerVersion")) or text(release.get("Version")),
        api_version=api_version,
        storage_driver=text(raw.get("Driver")),
        image_store="containerd" if _on_containerd(raw.get("DriverStatus")) else "classic",
        root_dir=text(raw.get("DockerRootDir")),
        operating_system=text(raw.get("OperatingSystem")),
        os_type=text(raw.get("OSType")),
        architecture=text(raw.get("Architecture")) or text(release.get("Arch")),
        kernel=text(raw.get("KernelVersion")),
        cpus=size(raw.get("NCPU")) or 0,
        memory_bytes=size(raw.get("MemTotal")) or 0,
        rootless=any(option.split(",")[0] == "name=rootless" for option in options) or raw.get("Rootless") is True,
        raw=raw,
    )


def product(release: object) -> str:
    """``Podman`` or ``Docker``, by the components in ``GET /version``."""
    components = [text(row.get("Name")) for row in parts(part(release).get("Components"))]
    return "Podman" if any("podman" in name.lower() for name in components) else "Docker"


def _on_containerd(driver_status: object) -> bool:
    if not isinstance(driver_status, list):
        return False
    return any(isinstance(pair, list) and _CONTAINERD_STORE in pair for pair in driver_status)


_PODMAN_ACTIONS = {("container", "remove"): "destroy", ("volume", "remove"): "destroy", ("image", "remove"): "delete"}
"""Podman's words for what Docker calls otherwise."""


def event(line: bytes) -> EngineEvent | None:
    """One line of ``GET /events``; ``None`` when it can't be understood (the stream goes on)."""
    try:
        raw: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict):
        return None
    kind = text(raw.get("Type"))
    # Some actions carry their argument: "exec_create: sh -c …", "health_status: healthy".
    action = text(raw.get("Action")).partition(":")[0]
    actor = part(raw.get("Actor"))
    attributes = labels(actor.get("Attributes"))
    return EngineEvent(
        kind=kind,
        action=_PODMAN_ACTIONS.get((kind, action), action),
        # Podman gives a volume, and the image a build has made, no ID but a name.
        subject=text(actor.get("ID")) or attributes.get("name", ""),
        attributes=attributes,
        time_ns=whole_number(raw.get("timeNano")) or 0,
    )
