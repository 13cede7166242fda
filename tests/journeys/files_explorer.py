"""The Files screen over layers made up in a test, driven as a user drives it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.screen import Screen

from tests.journeys.driver import Driver
from tui.contents.errors import ContentsError, NoSuchFileError
from tui.contents.reading import OnReading, Take
from tui.contents.source import FileStack
from tui.keyed_app import KeyedApp
from tui.model.container import Mount
from tui.model.layer import Layer, chain_ids
from tui.model.layer_files import Kind, LayerBuilder, LayerFiles
from tui.model.storage import Reading
from tui.screens.files_screen import FilesScreen
from tui.screens.keyed_screen import KeyedScreen

NOW = 1_795_000_000.0
LONG_AGO = 1_700_000_000
"""When every file was changed last."""


class LayerSketch:
    """One layer as a test writes it down."""

    def __init__(self, command: str) -> None:
        self.command = command
        self.bodies: dict[str, bytes] = {}
        self._builder = LayerBuilder()

    def folder(self, path: str, mode: int = 0o755) -> LayerSketch:
        """A folder."""
        self._builder.add(path, Kind.FOLDER, 0, mode, 0, 0, LONG_AGO)
        return self

    def file(self, path: str, body: bytes | int = b"", mode: int = 0o644, *, uid: int = 0, gid: int = 0) -> LayerSketch:
        """A file, with a body or only with a size; -1 for one that isn't known."""
        size = len(body) if isinstance(body, bytes) else body
        if isinstance(body, bytes):
            self.bodies[path] = body
        self._builder.add(path, Kind.FILE, size, mode, uid, gid, LONG_AGO)
        return self

    def link(self, path: str, target: str) -> LayerSketch:
        """A symbolic link."""
        self._builder.add(path, Kind.SYMLINK, 0, 0o777, 0, 0, LONG_AGO, target)
        return self

    def other(self, path: str, kind: Kind, link: str = "") -> LayerSketch:
        """Anything else."""
        self._builder.add(path, kind, 0, 0o666, 0, 0, LONG_AGO, link)
        return self

    def hide(self, *paths: str) -> LayerSketch:
        """Whiteouts."""
        for path in paths:
            self._builder.hide(path)
        return self

    def build(self) -> LayerFiles:
        """The layer."""
        return self._builder.build()


class SketchedSource:
    """A source of files that a test has thought up.

    Args:
        sketches: the layers, lowest first.
    """

    def __init__(self, *sketches: LayerSketch, title: str = "shop/api:2.3.1", kind: str = "image") -> None:
        self.title = title
        self.kind = kind
        self.platform = ""
        self.mounts: tuple[Mount, ...] = ()
        self.sketches = sketches
        self.gate = asyncio.Event()
        """Reading waits for it; it is open from the beginning."""
        self.gate.set()
        self.problem: ContentsError | None = None
        """What the next reading of anything raises."""
        self.cancelled = False
        self.opened = 0
        self.readings: tuple[Reading, ...] = ()
        """What is told before the gate."""
        self.asked: list[tuple[int, str]] = []
        """Which files were asked for."""

    async def open(self, on_reading: OnReading) -> FileStack:
        """Read everything."""
        self.opened += 1
        await self._wait(on_reading)
        diff_ids = tuple(f"sha256:{number:064x}" for number in range(1, len(self.sketches) + 1))
        files = tuple(sketch.build() for sketch in self.sketches)
        layers = [
            Layer(number, diff_ids[number], chain, files[number].stored_bytes, NOW - 86400 * 3, sketch.command)
            for number, (sketch, chain) in enumerate(zip(self.sketches, chain_ids(diff_ids), strict=True))
        ]
        writable = self.kind == "container"
        if writable:
            layers[-1] = Layer(len(layers) - 1, "", "", files[-1].stored_bytes, None, "")
        return FileStack(tuple(layers), files, writable, mounts=self.mounts, platform=self.platform)

    async def read_file(self, layer: int, path: str, take: Take, *, limit: int | None, on_reading: OnReading) -> None:
        """Hand a file over."""
        self.asked.append((layer, path))
        await self._wait(on_reading)
        body = self.sketches[layer].bodies.get(path)
        if body is None:
            raise NoSuchFileError(f"Layer {layer + 1} has no file /{path}.", "Look at another layer.")
        body = body[:limit]
        for begin in range(0, len(body), 4096):
            take(body[begin : begin + 4096])

    async def _wait(self, on_reading: OnReading) -> None:
        for reading in self.readings:
            on_reading(reading)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if self.problem is not None:
            raise self.problem


class FilesApp(KeyedApp):
    """The Files screen alone."""

    def __init__(self, screen: FilesScreen, theme: str = "orlop-dark") -> None:
        super().__init__(theme)
        self.files_screen = screen

    def get_default_screen(self) -> Screen[None]:
        """The one screen."""
        return self.files_screen

    def key_pressed(self) -> None:
        """What was said has been read."""
        if isinstance(self.screen, KeyedScreen):
            self.screen.listen_again()


class FilesExplorer(Driver):
    """A running Files screen and the hands of its user."""

    app: FilesApp

    def __init__(self, app: FilesApp, source: SketchedSource, pilot: Pilot[None]) -> None:
        self.app = app
        self.source = source
        self.pilot = pilot

    @property
    def files(self) -> FilesScreen:
        """The screen itself."""
        return self.app.files_screen

    @property
    def rows(self) -> list[str]:
        """The paths of the tree's rows."""
        return [row.node.key for row in self.files.tree_pane.outline.rows]

    @property
    def path(self) -> str:
        """The path under the cursor of the tree."""
        return self.files.tree_pane.path

    async def put_cursor_on(self, path: str) -> None:
        """Go to a path of the tree, opening what it is in."""
        view = self.files.view
        assert view is not None
        node = view.node(path)
        assert node is not None
        assert self.files.tree_pane.reveal(node)
        self.files.focus_part("files")
        await self.pilot.pause()


@asynccontextmanager
async def files_explorer(
    source: SketchedSource, *, size: tuple[int, int] = (120, 40), layer: int | None = None, opened: bool = True
) -> AsyncIterator[FilesExplorer]:
    """The screen over ``source``; ready, unless it is not to be waited for."""
    app = FilesApp(FilesScreen(source, layer=layer))
    async with app.run_test(size=size) as pilot:
        user = FilesExplorer(app, source, pilot)
        if opened:
            await user.until(lambda: user.files.table.waste is not None)
        yield user


def shop() -> SketchedSource:
    """An image as they are: a base, packages, sources, caches that are deleted too late."""
    base = LayerSketch("/bin/sh -c #(nop) ADD file:0123 in / ")
    for path in ("bin", "etc", "etc/apt", "usr", "usr/bin", "usr/share", "usr/share/doc", "var", "var/cache"):
        base.folder(path)
    base.folder("tmp", 0o1777).link("usr/bin/sh", "dash").file("usr/bin/dash", 125_688, 0o755)
    base.file("usr/bin/passwd", 68_248, 0o4755).file("usr/bin/perl", 3_800_000, 0o755)
    base.other("usr/bin/perl5.36.0", Kind.HARD_LINK, "usr/bin/perl")
    base.file("etc/passwd", b"root:x:0:0:root:/root:/bin/bash\n").file("etc/hostname", b"")
    base.link("etc/mtab", "/proc/self/mounts").other("tmp/pipe", Kind.FIFO)
    base.file("usr/share/doc/copyright", 1_200_000).file("etc/apt/sources.list", b"deb http://deb.example.org stable\n")
    packages = LayerSketch("/bin/sh -c apt-get update && apt-get install -y build-essential")
    packages.folder("usr").folder("usr/lib").folder("usr/lib/gcc").file("usr/lib/gcc/cc1", 33_000_000, 0o755)
    packages.folder("var/cache/apt").file("var/cache/apt/pkgcache.bin", 74_000_000).file(
        "var/cache/apt/srcpkgcache.bin", 51_000_000
    )
    packages.file("etc/passwd", b"root:x:0:0:root:/root:/bin/bash\n_apt:x:100:65534::/nonexistent:/usr/sbin/nologin\n")
    sources = LayerSketch("COPY . /srv/app # buildkit")
    sources.folder("srv").folder("srv/app").file("srv/app/main.py", b"import os\n\nprint(os.getcwd())\n", uid=1000)
    sources.file("srv/app/logo.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, uid=1000, gid=1000)
    sources.file("srv/app/big.log", b"GET /index.html 200\n" * 30_000, uid=1000, gid=1000)
    sources.link("srv/app/current", "../app/main.py").link("srv/app/lost", "/nowhere/at/all")
    cleaning = LayerSketch("/bin/sh -c rm -rf /var/cache/apt /usr/share/doc && chown -R 1000 /srv/app")
    cleaning.hide("var/cache/apt", "usr/share/doc")
    cleaning.file("srv/app/big.log", b"GET /index.html 200\n" * 30_000, uid=1000)
    return SketchedSource(base, packages, sources, cleaning)
