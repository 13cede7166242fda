"""Worlds as large as they are wanted, for looking at the app's speed."""

from __future__ import annotations

from tui.engine.demo.clock import HOUR
from tui.engine.demo.digest import digest, hex_id
from tui.engine.demo.files import File, blob
from tui.engine.demo.objects import (
    BUILDKIT,
    DemoContainer,
    DemoImage,
    DemoLayer,
    DemoVolume,
    ImageConfig,
    Step,
    make_image,
)
from tui.engine.demo.world import World
from tui.model.container import Mount, Port
from tui.model.volume import ANONYMOUS_LABEL

TRUNKS = 10
"""How many bases the images share."""

MANY_FILES = 50_000
"""How many files the first image's own layer has."""

_STATES = ("running", "running", "running", "exited", "exited", "paused", "created", "running")


def large_world(images: int, containers: int, volumes: int, now: float | None = None) -> World:
    """A world with just so many of each. Images share bases, every seventh is dangling, every fifth has two tags;
    containers use them and the volumes evenly, and half of them belong to Compose projects of ten.
    """
    world = World(now)
    begun = world.clock.now()
    trunks = [_trunk(number, begun) for number in range(TRUNKS)]
    made = [_image(number, trunks[number % TRUNKS], begun) for number in range(images)]
    world.images = {image.id: image for image in made}
    for number in range(volumes):
        volume = _volume(number, begun)
        world.volumes[volume.name] = volume
    names = list(world.volumes)
    # Where no images are asked for, containers hold one that is gone, as after a forced removal.
    usable = made or [_image(0, trunks[0], begun)]
    for number in range(containers):
        mounted = names[number % volumes] if volumes and number % 2 else ""
        container = _container(world, number, usable[number % len(usable)], mounted, begun)
        world.containers[container.id] = container
    return world


def _trunk(number: int, begun: float) -> tuple[Step, ...]:
    def step(part: str, size_bytes: int) -> Step:
        layer = DemoLayer(digest("layer", "trunk", str(number), part), {f"/base/{number}/{part}": blob(size_bytes)})
        return Step(begun - 4000 * HOUR, f"RUN /bin/sh -c make {part} # buildkit", layer, BUILDKIT)

    return (step("system", 30_000_000 + 7_000_000 * number), step("runtime", 80_000_000 + 1_000_000 * number))


def _image(number: int, trunk: tuple[Step, ...], begun: float) -> DemoImage:
    created = begun - (number + 1) * HOUR
    key = f"large {number}"
    size_bytes = 1_000_000 + 37_000 * (number % 400)
    files: dict[str, File] = {f"/srv/service-{number}": blob(size_bytes)}
    steps = [
        *trunk,
        Step(created, "ENV LANG=C.UTF-8", None, BUILDKIT),
        Step(
            created,
            f"COPY service-{number} /srv # buildkit",
            DemoLayer(digest("layer", key), (lambda: _many(size_bytes)) if number == 0 else files, size_bytes),
            BUILDKIT,
        ),
    ]
    repository = f"registry.example.com/team-{number % 25:02}/service-{number // 3:04}"
    tags = [] if number % 7 == 6 else [f"{repository}:1.{number % 3}"]
    tags += [f"{repository}:build-{number}"] if number % 5 == 0 and tags else []
    return make_image(key, steps, ImageConfig(command=("serve", str(number))), tags=tags)


def _many(size_bytes: int) -> dict[str, File]:
    """The first image's own layer: as many files as a small distribution has, in folders of a hundred."""
    from tui.engine.demo.trees.spread import spread  # noqa: PLC0415 - a large world is made quickly, and seldom read

    folders = [f"/srv/{part:02}/{number:02}" for part in range(10) for number in range(MANY_FILES // 1000)]
    return spread(size_bytes, [f"{folder}/file-{number:03}" for folder in folders for number in range(100)])


def _volume(number: int, begun: float) -> DemoVolume:
    anonymous = number % 4 == 3
    name = hex_id("volume", f"large {number}") if anonymous else f"data-{number:04}"
    labels = {ANONYMOUS_LABEL: ""} if anonymous else {}
    return DemoVolume(name, begun - number * HOUR, labels=labels, files={"/data": blob(1_000_000 + 91_000 * number)})


def _container(world: World, number: int, image: DemoImage, volume: str, begun: float) -> DemoContainer:
    state = _STATES[number % len(_STATES)]
    project = f"project-{number // 20:03}"
    labels = {"com.docker.compose.project": project, "com.docker.compose.service": f"service-{number}"}
    identity = hex_id("container", f"large {number}")
    container = DemoContainer(
        id=identity,
        name=f"{project}-service-{number}-1" if number % 20 < 10 else f"box-{number:04}",
        image=image,
        image_name=image.tags[0] if image.tags else image.id,
        created=begun - (number + 1) * 60,
        command=("serve", str(number)),
        hostname=identity[:12],
        labels=labels if number % 20 < 10 else {},
        networks=("bridge",),
        ports=(Port(8000, "tcp", 10_000 + number % 50_000, "0.0.0.0"),) if number % 3 == 0 else (),
        state=state,
        started=None if state == "created" else begun - (number + 1) * 50,
        finished=begun - (number + 1) * 40 if state == "exited" else None,
        exit_code=number % 3 if state == "exited" else 0,
        upper={"/var/log/service.log": blob(4096 * (1 + number % 50))},
        log_bytes=0 if state == "created" else 1_000 + 7_919 * number % 40_000_000,
    )
    if volume:
        container.mounts = [Mount("volume", volume, world.volumes[volume].mountpoint, "/data", False, "local")]
    return container
