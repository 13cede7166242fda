"""The demo world as the records that the port hands out."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from tui.engine.demo.clock import human_duration, rfc3339
from tui.engine.demo.container_answers import container_inspect
from tui.engine.demo.contents import with_tag
from tui.engine.demo.image_answers import image_history, image_inspect, volume_inspect
from tui.engine.demo.objects import CacheEntry, DemoContainer, DemoImage, DemoVolume
from tui.engine.demo.world import World
from tui.model.build_cache import BuildCacheRecord
from tui.model.container import Container, ContainerDetail, Mount
from tui.model.host import DiskUsage, VolumeUsage
from tui.model.image import Image, ImageDetail
from tui.model.layer import HistoryEntry, Layer
from tui.model.volume import Volume, VolumeDetail


def list_images(world: World) -> tuple[Image, ...]:
    """Images with a name and dangling ones, newest first; unnamed parents of other images are left out."""
    parents = {image.parent_id for image in world.images.values()}
    listed = [_image(i) for i in world.images.values() if i.tags or i.digests or i.id not in parents]
    return tuple(sorted(listed, key=lambda image: -(image.created or 0)))


def list_containers(world: World) -> tuple[Container, ...]:
    """All containers, newest first."""
    listed = [_container(world, container) for container in world.containers.values()]
    return tuple(sorted(listed, key=lambda container: -(container.created or 0)))


def list_volumes(world: World) -> tuple[Volume, ...]:
    """All volumes, by name."""
    return tuple(_volume(world.volumes[name]) for name in sorted(world.volumes))


def image_detail(image: DemoImage) -> ImageDetail:
    """What inspect and history tell of an image."""
    config = image.config
    history = tuple(
        HistoryEntry(
            step.created,
            step.created_by,
            step.layer.size_bytes if step.layer else 0,
            step.comment,
            tuple(sorted(image.tags)) if step is image.steps[-1] else (),
        )
        for step in image.steps
    )
    return ImageDetail(
        id=image.id,
        tags=tuple(sorted(image.tags)),
        digests=tuple(image.digests),
        parent_id=image.parent_id,
        created="" if image.created is None else rfc3339(image.created),
        architecture=image.architecture,
        os="linux",
        variant=image.variant,
        author=image.author,
        comment=image.comment,
        size_bytes=image.size_bytes,
        entrypoint=config.entrypoint,
        command=config.command,
        environment=config.environment,
        user=config.user,
        working_dir=config.working_dir,
        exposed_ports=config.exposed_ports,
        volumes=config.volumes,
        labels=dict(config.labels),
        diff_ids=image.diff_ids,
        history=history,
        layers=_layers(image),
        raw=image_inspect(image),
        raw_history=image_history(image),
    )


def container_detail(world: World, container: DemoContainer) -> ContainerDetail:
    """What inspect tells of a container."""
    raw = container_inspect(world, container)
    driver: dict[str, Any] = raw["GraphDriver"]
    return ContainerDetail(
        id=container.id,
        name=container.name,
        image=container.image_name,
        image_id=container.image.id,
        created=rfc3339(container.created),
        state=container.state,
        started=rfc3339(container.started) if container.started else "",
        finished=rfc3339(container.finished) if container.finished else "",
        exit_code=None if container.finished is None else container.exit_code,
        error=container.error,
        oom_killed=container.oom_killed,
        health=container.health,
        restart_count=container.restart_count,
        restart_policy=container.restart_policy,
        entrypoint=container.entrypoint,
        command=container.command,
        environment=container.environment,
        user=container.user,
        working_dir=container.working_dir,
        hostname=container.hostname,
        tty=container.tty,
        labels=dict(container.labels),
        mounts=_mounts(container),
        networks={name: world.address(container, name) for name in container.networks},
        log_driver="json-file",
        log_path=str(raw["LogPath"]),
        storage_driver=str(driver["Name"]),
        storage=driver["Data"],
        raw=raw,
    )


def volume_detail(volume: DemoVolume) -> VolumeDetail:
    """What inspect tells of a volume."""
    return VolumeDetail(_volume(volume), {}, volume_inspect(volume))


def disk_usage(world: World) -> DiskUsage:
    """The engine's account of its disk; every layer that is held by something counts once."""
    chains = world.chains()
    references: dict[str, int] = dict.fromkeys(world.volumes, 0)
    for container in world.containers.values():
        for name in {mount.name for mount in container.mounts if mount.type == "volume"} & references.keys():
            references[name] += 1
    return DiskUsage(
        sum(chains.values()),
        {
            name: VolumeUsage(volume.size_bytes if volume.size_known else None, references[name])
            for name, volume in world.volumes.items()
        },
        {c.id: (c.size_rw_bytes, c.size_rw_bytes + c.image.size_bytes) for c in world.containers.values()},
        tuple(_cache_record(entry, chains) for entry in world.build_cache),
        _images_reclaimable(world, sum(chains.values())),
    )


def _images_reclaimable(world: World, layers_size_bytes: int) -> int:
    """As the docker CLI works it out: the layers, less what each image with containers shares with no other image."""
    holders: dict[str, int] = {}
    for image in world.images.values():
        for chain_id in image.chain_ids:
            holders[chain_id] = holders.get(chain_id, 0) + 1
    own = 0
    for image in {id(c.image): c.image for c in world.containers.values() if c.image.id in world.images}.values():
        pairs = zip(image.chain_ids, image.layers, strict=True)
        own += sum(layer.size_bytes for chain_id, layer in pairs if holders[chain_id] == 1)
    return layers_size_bytes - own


def status_text(container: DemoContainer, now: float) -> str:
    """The engine's own sentence on a container's state (moby: ``container/state.go``, ``String``)."""
    up = human_duration(max(0.0, now - (container.started or now)))
    ago = f"{human_duration(max(0.0, now - (container.finished or now)))} ago"
    match container.state:
        case "paused":
            return f"Up {up} (Paused)"
        case "restarting":
            return f"Restarting ({container.exit_code}) {ago}"
        case "running":
            health = f"health: {container.health}" if container.health == "starting" else container.health
            return f"Up {up} ({health})" if health else f"Up {up}"
        case "exited":
            return f"Exited ({container.exit_code}) {ago}"
        case "removing":
            return "Removal In Progress"
        case state:
            return state.capitalize()


def _image(image: DemoImage) -> Image:
    return Image(
        image.id,
        tuple(sorted(image.tags)),
        tuple(image.digests),
        image.parent_id,
        image.created,
        image.size_bytes,
        dict(image.config.labels),
    )


def _layers(image: DemoImage) -> tuple[Layer, ...]:
    steps = [step for step in image.steps if step.layer is not None]
    return tuple(
        Layer(index, layer.diff_id, chain, layer.size_bytes, step.created, step.created_by, step.comment)
        for index, (step, layer, chain) in enumerate(zip(steps, image.layers, image.chain_ids, strict=True))
    )


def _container(world: World, container: DemoContainer) -> Container:
    # Once its name means another image, or none, an engine shows the image's ID instead.
    known = world.images.get(container.image.id)
    named = known is not None and (with_tag(container.image_name) in known.tags or container.image_name == known.id)
    return Container(
        id=container.id,
        names=(container.name,) if container.name else (),
        image=container.image_name if named else container.image.id,
        image_id=container.image.id,
        command=_command_line(container.argv),
        created=container.created,
        state=container.state,
        status=status_text(container, world.clock.now()),
        ports=container.ports if container.alive else (),
        mounts=_mounts(container),
        networks=container.networks,
        labels=dict(container.labels),
    )


def _command_line(argv: tuple[str, ...]) -> str:
    """The command as a list shows it: arguments with a space in quotes (moby: ``container/view.go``)."""
    return " ".join([*argv[:1], *(f"'{part}'" if " " in part else part for part in argv[1:])])


def _volume(volume: DemoVolume) -> Volume:
    return Volume(
        volume.name,
        volume.driver,
        volume.mountpoint,
        volume.created,
        dict(volume.labels),
        dict(volume.options),
    )


def _cache_record(entry: CacheEntry, chains: dict[str, int]) -> BuildCacheRecord:
    return BuildCacheRecord(
        entry.key,
        entry.type,
        entry.description,
        entry.layer.size_bytes if entry.layer else entry.own_bytes,
        entry.in_use,
        entry.chain_id in chains,
        entry.parents,
        entry.created,
        entry.last_used,
        entry.usage_count,
    )


def _mounts(container: DemoContainer) -> tuple[Mount, ...]:
    """By destination, as they are decoded from a real engine."""
    return tuple(sorted(container.mounts, key=attrgetter("destination")))
