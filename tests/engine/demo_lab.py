"""The demo's side of the contract tests: a stock world, changed from outside the engine under test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.engine.lab import LabEntry, VolumeMount
from tui.engine.demo import container_life, removal
from tui.engine.demo.digest import hex_id
from tui.engine.demo.engine import DemoEngine
from tui.engine.demo.files import File, blob, program, text
from tui.engine.demo.objects import CacheEntry, ImageConfig
from tui.engine.demo.stock import stock_world
from tui.model.container import Mount


class DemoLab:
    """See :class:`tests.engine.lab.Lab`."""

    def __init__(self) -> None:
        self.world = stock_world()
        self._engines: list[DemoEngine] = []
        self._images = 0

    @property
    def kind(self) -> str:
        return "demo"

    async def engine(self, *, read_only: bool = False) -> DemoEngine:
        engine = DemoEngine(read_only=read_only, world=self.world)
        self._engines.append(engine)
        return engine

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
        self._images += 1
        below = self.world.image(parent).config if parent else ImageConfig(command=("sh",))
        config = below._replace(
            environment=(*below.environment, *environment),
            labels={**below.labels, **(labels or {})},
        )
        files = [self._files(number, root=not parent and number == 0, shell=shell) for number in range(layers)]
        image = self.world.create_image(*([tag] if tag else []), parent=parent, layers=files, config=config)
        return image.id

    def _files(self, number: int, *, root: bool, shell: bool) -> Mapping[str, File]:
        files: dict[str, File] = {f"/layer-{self._images}-{number}": blob(1000 + 10 * self._images + number)}
        if root:
            files["/etc/hostname"] = text("lab\n")
        if root and shell:
            files["/bin/sh"] = program(800_000)
        return files

    async def create_layered_image(
        self, tag: str, layers: Sequence[Mapping[str, LabEntry]], *, shell: bool = False
    ) -> tuple[str, tuple[str, ...]]:
        made = [{path: _demo_file(entry) for path, entry in layer.items()} for layer in layers]
        self._images += 1
        below = [self._files(0, root=True, shell=True)] if shell else []
        image = self.world.create_image(tag, layers=[*below, *made], config=ImageConfig(command=("sh",)))
        return image.id, image.diff_ids[len(below) :]

    async def tag_image(self, reference: str, tag: str) -> None:
        self.world.tag_image(reference, tag)

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
        container = self.world.create_container(
            image,
            name=name,
            mounts=[Mount("volume", mount.name, "", mount.destination, mount.read_only) for mount in mounts],
            labels=labels,
            environment=environment,
        )
        if state != "created":
            container_life.start(self.world, container.id)
        if state == "paused":
            container_life.pause(self.world, container.id)
        if state == "exited":
            container_life.finish(self.world, container.id, exit_code)
        return container.id

    async def change_container(self, container_id: str, entries: Mapping[str, LabEntry]) -> None:
        container = self.world.container(container_id)
        for path, entry in entries.items():
            if entry.kind == "whiteout":
                self.world.tree(container).remove(path)
            else:
                container.upper[path] = _demo_file(entry)

    async def remove_container(self, container_id: str) -> None:
        removal.remove_container(self.world, container_id, force=True)

    async def stop_container(self, container_id: str) -> None:
        container_life.stop(self.world, container_id)

    async def create_volume(self, name: str = "", *, labels: Mapping[str, str] | None = None) -> str:
        return self.world.create_volume(name, labels=labels).name

    async def write_volume_file(self, name: str, path: str, size_bytes: int) -> None:
        self.world.volume(name).files["/" + path.lstrip("/")] = blob(size_bytes)

    async def fill_volume(self, name: str, entries: Mapping[str, LabEntry]) -> None:
        self.world.volume(name).files.update({path: _demo_file(entry) for path, entry in entries.items()})

    async def create_cache_chain(self, length: int) -> tuple[str, ...]:
        made: tuple[str, ...] = ()
        for number in range(length):
            key = hex_id("lab cache", str(len(self.world.build_cache)))[:25]
            now = self.world.clock.now()
            self.world.build_cache.append(
                CacheEntry(key, "regular", f"RUN {number}", now, now, 1, 5000 + number, parents=made[-1:])
            )
            made += (key,)
        return made

    async def close(self) -> None:
        for engine in self._engines:
            await engine.close()


def _demo_file(entry: LabEntry) -> File:
    size = {"file": len(entry.content), "link": len(entry.target)}.get(entry.kind, 0)
    content = entry.content if entry.kind == "file" else None
    return File(entry.kind, size, content, target=entry.target, mode=entry.mode, opaque=entry.opaque)
