"""The state of the demo world, and what can be added to it from outside. Every change is an event.

Removing things and moving containers between states have rules of their own: see
:mod:`tui.engine.demo.removal` and :mod:`tui.engine.demo.container_life`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from tui.engine.demo.contents import Contents, with_tag
from tui.engine.demo.digest import digest, hex_id
from tui.engine.demo.files import File, blob
from tui.engine.demo.names import check_name, made_up_name
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
from tui.engine.errors import ConflictError
from tui.model.container import Mount, Port
from tui.model.volume import ANONYMOUS_LABEL

GONE = "Someone may have removed it in the meantime: refresh to see what is there."


class World(Contents):
    """The demo world, and what can be added to it from outside the engine."""

    def create_image(
        self,
        *tags: str,
        parent: str = "",
        layers: Sequence[Mapping[str, File]] | int = 1,
        config: ImageConfig | None = None,
        key: str = "",
    ) -> DemoImage:
        """Build an image with new layers on top of ``parent`` (an ID or tag; empty for nothing).

        ``layers`` gives the files of each, or just how many small ones to make up. The tags are taken
        from the images that had them. ``config`` replaces the parent's.
        """
        with self.lock:
            key = key or self._next_key("image")
            below = self.image(parent) if parent else None
            moment = self.clock.tick()
            if isinstance(layers, int):
                layers = [{f"/opt/{key}/part-{n}": blob(1_000_000 + 1000 * n)} for n in range(layers)]
            steps = list(below.steps) if below else []
            for number, files in enumerate(layers):
                layer = DemoLayer(digest("layer", key, str(number)), files)
                steps.append(Step(moment, f"COPY part-{number} / # buildkit", layer, BUILDKIT))
            steps += _metadata_steps(moment, config, below.config if below else ImageConfig())
            image = make_image(key, steps, config or (below.config if below else None))
            image.created = moment
            self.images[image.id] = image
            self.emit("image", "create", image.id, {"name": image.id})
            for tag in tags:
                self.tag_image(image.id, tag)
            return image

    def tag_image(self, reference: str, tag: str) -> None:
        """Give an image one more name, taking it from whichever image has it."""
        with self.lock:
            image, tag = self.image(reference), with_tag(tag)
            for other in self.images.values():
                if other is not image and tag in other.tags:
                    other.tags.remove(tag)
            if tag not in image.tags:
                image.tags.append(tag)
            self.emit("image", "tag", image.id, {"name": tag, **image.config.labels})

    def create_container(
        self,
        image: str,
        *,
        name: str = "",
        command: Sequence[str] = (),
        labels: Mapping[str, str] | None = None,
        environment: Sequence[str] = (),
        mounts: Sequence[Mount] = (),
        ports: Sequence[Port] = (),
        networks: Sequence[str] = ("bridge",),
        restart_policy: str = "no",
        stop_exit_code: int = 0,
        tty: bool = False,
    ) -> DemoContainer:
        """Create a container from ``image`` (an ID or tag), in state ``created``.

        Volumes it mounts are made when they are not there; one with an empty name, and a folder the
        image declares a volume, becomes an anonymous volume.
        """
        with self.lock:
            made_from, moment = self.image(image), self.clock.tick()
            key = self._next_key("container")
            if name:
                check_name(name)
                self.check_name_is_free(name)
            container = DemoContainer(
                id=hex_id("container", key),
                name=name or made_up_name(key, taken={c.name for c in self.containers.values()}),
                image=made_from,
                image_name=image,
                created=moment,
                entrypoint=made_from.config.entrypoint,
                command=tuple(command) or made_from.config.command,
                environment=(*made_from.config.environment, *environment),
                user=made_from.config.user,
                working_dir=made_from.config.working_dir,
                hostname=hex_id("container", key)[:12],
                tty=tty,
                labels={**made_from.config.labels, **(labels or {})},
                ports=tuple(ports),
                networks=tuple(networks),
                restart_policy=restart_policy,
                stop_exit_code=stop_exit_code,
                health="starting" if made_from.config.health_check else "",
            )
            container.mounts = self._settle_mounts(made_from, mounts)
            for network in networks:
                self.add_network(network)
            self.containers[container.id] = container
            self.emit_container("create", container)
            return container

    def create_volume(
        self,
        name: str = "",
        *,
        labels: Mapping[str, str] | None = None,
        options: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> DemoVolume:
        """Create a volume (an anonymous one without a name); one that exists is returned as it is."""
        with self.lock:
            if name in self.volumes:
                return self.volumes[name]
            marks = dict(labels or {})
            if not name:
                name = hex_id("volume", self._next_key("volume"))
                marks[ANONYMOUS_LABEL] = ""
            volume = DemoVolume(
                name, self.clock.tick(), labels=marks, options=dict(options or {}), files=dict(files or {})
            )
            self.volumes[name] = volume
            self.emit("volume", "create", name, {"driver": volume.driver})
            return volume

    def check_name_is_free(self, name: str) -> None:
        """Raise :class:`ConflictError` when a container has this name."""
        holder = next((c for c in self.containers.values() if c.name == name), None)
        if holder is not None:
            raise ConflictError(
                f"The name {name} is already in use by container {holder.id[:12]}.",
                "Remove or rename that container, or choose another name.",
            )

    def _settle_mounts(self, image: DemoImage, mounts: Sequence[Mount]) -> list[Mount]:
        wanted = list(mounts)
        taken = {mount.destination for mount in wanted}
        wanted += [Mount("volume", "", "", path) for path in image.config.volumes if path not in taken]
        return [self._with_volume(mount) if mount.type == "volume" else mount for mount in wanted]

    def _with_volume(self, mount: Mount) -> Mount:
        volume = self.create_volume(mount.name)
        return mount._replace(name=volume.name, source=volume.mountpoint, driver=volume.driver)

    def _next_key(self, kind: str) -> str:
        self._made += 1
        # A world at the real time must not repeat the IDs of an earlier one; a standing clock is there to repeat them.
        return f"{kind} {self._made}" if self.clock.fixed else f"{kind} {self._made} {time.monotonic_ns()}"


def _metadata_steps(moment: float, config: ImageConfig | None, below: ImageConfig) -> list[Step]:
    """The history entries for what ``config`` adds to the configuration below."""
    if config is None:
        return []
    instructions = []
    if config.command != below.command:
        instructions.append("CMD [" + " ".join(f'"{word}"' for word in config.command) + "]")
    instructions += [f"ENV {setting}" for setting in config.environment if setting not in below.environment]
    new_labels = [f"{name}={value}" for name, value in config.labels.items() if below.labels.get(name) != value]
    if new_labels:
        instructions.append(f"LABEL {' '.join(new_labels)}")
    return [Step(moment, instruction, None, BUILDKIT) for instruction in instructions]
