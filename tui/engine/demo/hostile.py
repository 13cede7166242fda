"""A world of odd and nasty input: names, labels and commands that try to style, break or move the screen."""

from __future__ import annotations

from tui.engine.demo import hostile_files
from tui.engine.demo.digest import digest, hex_id
from tui.engine.demo.files import File, blob, text
from tui.engine.demo.objects import (
    CacheEntry,
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

MARKUP = "[bold red]loud[/] [@click=app.quit]quit[/] [/nothing] [link=file:///etc]x[/link] \\[ ]] [["
"""Markup of the terminal libraries themselves, well-formed and not."""
ANSI = "\x1b[31mred\x1b[0m \x1b[2J\x1b[H \x1b]0;title\x07 \x1b]8;;http://example.com\x1b\\link \x9b31m \x1bP1$q\x1b\\"
"""Escape sequences: colours, clearing, a window title, a hyperlink, 8-bit CSI, a device request."""
CONTROLS = "nul\x00 bell\x07 back\x08\x08 tab\t line\nfeed return\rover vt\x0b ff\x0c del\x7f nel\x85"
DIRECTIONS = "\u202egnp.exe\u202c \u200fright\u200e \u2066isolate\u2069 \u061c zero\u200bwidth\u2060join \ufeffbom"
SURROGATES = "half \ud800 other \udfff byte \udcff"
"""What is left of invalid UTF-8 once Python has decoded it."""
WIDE = "漢字ｶﾞ 👩‍👩‍👧‍👦 🏳️‍🌈 é (e\u0301) \u0301leading z\u0335\u0336\u0337algo \U000e0041tag"
LONG = "x" * 500
SPACES = "   "

ODD_TEXTS = {
    "markup": MARKUP,
    "ansi": ANSI,
    "controls": CONTROLS,
    "directions": DIRECTIONS,
    "surrogates": SURROGATES,
    "wide": WIDE,
    "long": LONG,
    "spaces": SPACES,
    "empty": "",
}
"""Every odd text, by what is odd about it."""


def hostile_world(now: float | None = None) -> World:
    """One image, container and volume for each of :data:`ODD_TEXTS`, and others with nothing in them."""
    world = World(now)
    begun = world.clock.now()
    for number, (key, odd) in enumerate(ODD_TEXTS.items()):
        _add(world, key, odd, begun - 60 * number)
    _add_voids(world, begun - 3600)
    _add_scratch(world, begun - 7200)
    _add_files(world, begun - 10_800)
    world.build_cache = _build_cache(begun - 14_400)
    return world


def _labels(odd: str) -> dict[str, str]:
    return {"note": odd, odd: "odd name", "big": f"{odd}-" * (10_240 // (len(odd) + 1)), "": "no name at all"}


def _add(world: World, key: str, odd: str, moment: float) -> None:
    files: dict[str, File] = {
        f"/{odd or 'empty'}": text("odd name\n"),
        "/bin/sh": blob(100),
        "/etc/motd": text("odd\n"),
    }
    layer = DemoLayer(digest("layer", "hostile", key), files)
    config = ImageConfig(
        entrypoint=(odd,),
        command=("sh", "-c", odd),
        environment=(f"ODD={odd}", odd, f"{odd}=odd"),
        user="root",
        exposed_ports=("80/tcp", odd),
        volumes=(f"/{odd}",),
        labels=_labels(odd),
    )
    steps = [
        Step(moment, f"RUN /bin/sh -c {odd} && \\\n\t{odd}", layer, odd),
        Step(moment, odd),
        Step(moment, "", None, ""),
    ]
    tags = [f"{odd}:{odd}", f"localhost:5000/{key}/b:tag"] if odd else ["localhost:5000/a/b:tag"]
    image = make_image(
        f"hostile {key}", steps, config, tags=tags, digests=[f"{odd}@{layer.diff_id}"], author=odd, comment=odd
    )
    volume = DemoVolume(odd or "_", moment, labels=_labels(odd), options={odd: odd}, files={f"/{odd}": blob(1)})
    world.images[image.id] = image
    world.volumes[volume.name] = volume
    container = _container(world, f"hostile {key}", odd, image, moment)
    container.mounts = [
        Mount("volume", volume.name, volume.mountpoint, f"/{odd}", True, odd),
        Mount("bind", "", f"/home/{odd}", f"/mnt/{odd}"),
        Mount(odd, "", "", odd),
    ]


def _container(world: World, key: str, odd: str, image: DemoImage, moment: float) -> DemoContainer:
    identity = hex_id("container", key)
    container = DemoContainer(
        id=identity,
        name=odd,
        image=image,
        image_name=image.tags[0] if image.tags else image.id,
        created=moment,
        entrypoint=image.config.entrypoint,
        command=image.config.command,
        environment=image.config.environment,
        user=odd,
        working_dir="/",
        hostname=odd,
        labels={**_labels(odd), "com.docker.compose.project": odd, "com.docker.compose.service": odd},
        ports=(Port(0), Port(65535, odd, 65535, odd)),
        networks=(odd,),
        state="running",
        started=moment,
        error=odd,
        upper={f"/tmp/{odd}": text(odd.encode("utf-8", "replace").decode())},
    )
    world.add_network(odd)
    world.containers[identity] = container
    return container


def _build_cache(moment: float) -> list[CacheEntry]:
    """A chain of records with odd descriptions and types, each made from the one before and from one that is gone."""
    entries: list[CacheEntry] = []
    for number, (key, odd) in enumerate(ODD_TEXTS.items()):
        parents = (*(entry.key for entry in entries[-1:]), hex_id("cache", "gone")[:25])
        record = hex_id("cache", "hostile", key)[:25]
        entries.append(CacheEntry(record, odd, odd, moment, None, number, 10**number, parents=parents))
    return entries


def _add_voids(world: World, moment: float) -> None:
    """An image with no name, date, layer or history; a container with no name, in a state nobody has heard of."""
    bare = make_image("hostile void", [])
    world.images[bare.id] = bare
    identity = hex_id("container", "hostile void")
    world.containers[identity] = DemoContainer(identity, "", bare, "", moment, state="")
    other = hex_id("container", "hostile unknown state")
    world.containers[other] = DemoContainer(other, "unknown-state", bare, bare.id, moment, state="hibernating")
    removed = make_image("hostile removed", [Step(moment, "gone")])
    orphan = hex_id("container", "hostile orphan")
    world.containers[orphan] = DemoContainer(orphan, "image-is-gone", removed, "gone:latest", moment, state="exited")
    lost = Mount("volume", "no-such-volume", "", "/lost")
    world.containers[orphan].mounts = [lost]


def _add_scratch(world: World, moment: float) -> None:
    """An image of 130 layers, each of no bytes at all."""
    steps = [Step(moment, f"RUN true {n}", DemoLayer(digest("layer", "deep", str(n)), {})) for n in range(130)]
    deep = make_image("hostile deep", steps, tags=["deep:130"])
    world.images[deep.id] = deep


def _add_files(world: World, moment: float) -> None:
    """An image whose layers hold odd files, and hide odd files."""
    odd = tuple(ODD_TEXTS.values())
    made = {"lower": hostile_files.lower(odd), "upper": hostile_files.upper(odd)}
    layers = [DemoLayer(digest("layer", "hostile files", name), files) for name, files in made.items()]
    steps = [Step(moment, f"COPY {number} /", layer) for number, layer in enumerate(layers)]
    image = make_image("hostile files", steps, tags=["files:odd"])
    world.images[image.id] = image
