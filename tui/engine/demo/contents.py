"""What the demo world holds: its images, containers and volumes, how to find them, and who is told of changes."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from tui.engine.demo.clock import Clock
from tui.engine.demo.digest import hex_id
from tui.engine.demo.event_hub import EventHub
from tui.engine.demo.files import ContainerTree, Mounted, text
from tui.engine.demo.objects import (
    CacheEntry,
    DemoContainer,
    DemoImage,
    DemoNetwork,
    DemoVolume,
)
from tui.engine.errors import NotFoundError
from tui.model.event import EngineEvent
from tui.model.image import Reference, is_image_id

GONE = "Someone may have removed it in the meantime: refresh to see what is there."


class Contents:
    """Everything a demo engine stores, without the means to change it.

    Args:
        now: seconds since the epoch at which its clock stands; ``None`` for the real time.
    """

    def __init__(self, now: float | None = None) -> None:
        self.clock = Clock(now)
        self.lock = threading.RLock()
        """Held by whoever reads or changes the world: engine calls and pretend shells are on different threads."""
        self.hub = EventHub()
        self.images: dict[str, DemoImage] = {}
        self.containers: dict[str, DemoContainer] = {}
        self.volumes: dict[str, DemoVolume] = {}
        self.networks: dict[str, DemoNetwork] = {}
        self.build_cache: list[CacheEntry] = []
        self.host_name = "demo"
        self._made = 0
        self.add_network("bridge")

    # -- finding -------------------------------------------------------------------------------------------

    def image(self, reference: str) -> DemoImage:
        """The image with this ID, or this ``repository:tag``; raises :class:`NotFoundError`."""
        found = self.images.get(reference) or self.images.get(f"sha256:{reference}")
        if found is None and not is_image_id(reference):
            tag = with_tag(reference)
            found = next((image for image in self.images.values() if tag in image.tags), None)
            found = found or next((image for image in self.images.values() if reference in image.digests), None)
        if found is None:
            raise NotFoundError(f"There is no image {reference} on this engine.", GONE)
        return found

    def container(self, reference: str) -> DemoContainer:
        """The container with this ID or name; raises :class:`NotFoundError`."""
        found = self.containers.get(reference)
        if found is None and reference:
            found = next((c for c in self.containers.values() if c.name == reference), None)
        if found is None:
            raise NotFoundError(f"There is no container {reference} on this engine.", GONE)
        return found

    def volume(self, name: str) -> DemoVolume:
        """The volume of this name; raises :class:`NotFoundError`."""
        if name not in self.volumes:
            raise NotFoundError(f"There is no volume {name} on this engine.", GONE)
        return self.volumes[name]

    def users_of_image(self, image: DemoImage) -> list[DemoContainer]:
        """The containers made from ``image``."""
        return [c for c in self.containers.values() if c.image.id == image.id]

    def users_of_volume(self, name: str) -> list[DemoContainer]:
        """The containers that mount the volume, in whatever state they are."""
        return [c for c in self.containers.values() if any(m.type == "volume" and m.name == name for m in c.mounts)]

    def children_of(self, image: DemoImage) -> list[DemoImage]:
        """The images the classic builder built directly on ``image``."""
        return [other for other in self.images.values() if other.parent_id == image.id]

    def chains(self) -> dict[str, int]:
        """Chain ID -> size of every layer that an image or a container holds, each once."""
        holders = {image.id: image for image in self.images.values()}
        holders.update({c.image.id: c.image for c in self.containers.values()})
        return {
            chain: layer.size_bytes
            for image in holders.values()
            for chain, layer in zip(image.chain_ids, image.layers, strict=True)
        }

    def tree(self, container: DemoContainer) -> ContainerTree:
        """The container's file system, as a process in it sees it."""
        given = {
            "/etc/hostname": text(f"{container.hostname}\n"),
            "/etc/hosts": text(f"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n{self._hosts_line(container)}"),
            "/etc/resolv.conf": text("nameserver 127.0.0.11\noptions ndots:0\n"),
        }
        mounts = [Mounted(path, {"/": file}) for path, file in given.items()]
        for mount in container.mounts:
            if not mount.destination.startswith("/") or not mount.destination.strip("/"):
                continue  # no engine would have taken it; a hostile world has it all the same
            if mount.type == "volume" and mount.name in self.volumes:
                files = self.volumes[mount.name].files
            else:
                files = container.scratch.setdefault(mount.destination, {})
            mounts.append(Mounted(mount.destination, files, mount.read_only))
        return ContainerTree(container.image.tree, container.upper, mounts, self.clock.now)

    def address(self, container: DemoContainer, network: str) -> str:
        """The container's IP address on a network it is connected to; empty while it is stopped."""
        if not container.alive or network not in self.networks:
            return ""
        return f"{self.networks[network].prefix}.{2 + int(container.id[:4], 16) % 250}"

    def _hosts_line(self, container: DemoContainer) -> str:
        for network in container.networks:
            if address := self.address(container, network):
                return f"{address}\t{container.hostname}\n"
        return ""

    def add_network(self, name: str) -> DemoNetwork:
        """The network of this name, made when it is not there. Numbers follow the order of making."""
        if name not in self.networks:
            prefix = f"172.{17 + len(self.networks) % 15}.{len(self.networks) // 15}"
            self.networks[name] = DemoNetwork(name, hex_id("network", name), prefix)
        return self.networks[name]

    # -- telling -------------------------------------------------------------------------------------------

    def emit(self, kind: str, action: str, subject: str, attributes: Mapping[str, str]) -> None:
        """Let every listener know."""
        moment = self.clock.tick()
        self.hub.publish(EngineEvent(kind, action, subject, dict(attributes), int(moment * 1_000_000_000)))

    def emit_container(self, action: str, container: DemoContainer, **more: str) -> None:
        """A container's event, with the attributes an engine gives it: labels, image and name."""
        attributes = {**container.labels, "image": container.image_name, "name": container.name, **more}
        self.emit("container", action, container.id, attributes)


def with_tag(reference: str) -> str:
    """``reference`` with the tag an engine adds when it has none."""
    parsed = Reference.parse(reference)
    return reference if parsed.tag or "@" in reference else f"{reference}:latest"
