"""What a contract test may do to an engine's world from outside, whichever engine it is.

Two labs implement this: :class:`tests.engine.docker_lab.DockerLab` over a private dockerd, and
:class:`tests.engine.demo_lab.DemoLab` over a demo world. A test changes the world through the lab
and looks at it through the engine, so that both sides are held to the same behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tui.engine.port import Engine


@dataclass(frozen=True, slots=True)
class VolumeMount:
    """A volume shown inside a container; an empty ``name`` asks for an anonymous volume."""

    name: str
    destination: str
    read_only: bool = False


class LabEntry(NamedTuple):
    """One entry of a layer, or of a container's own files; owned by root."""

    kind: str = "file"
    """``file``, ``dir``, ``link`` or ``whiteout``."""
    content: bytes = b""
    mode: int = 0o644
    target: str = ""
    """Where a symbolic link points."""
    opaque: bool = False
    """For a folder: nothing of the layers below shows through it."""


def file(content: bytes, mode: int = 0o644) -> LabEntry:
    """A file."""
    return LabEntry("file", content, mode)


def folder(mode: int = 0o755, *, opaque: bool = False) -> LabEntry:
    """A folder."""
    return LabEntry("dir", mode=mode, opaque=opaque)


def link(target: str) -> LabEntry:
    """A symbolic link."""
    return LabEntry("link", mode=0o777, target=target)


WHITEOUT = LabEntry("whiteout")
"""What lies below at this path is deleted."""


class Lab(Protocol):
    """A world of its own, changed from outside. Everything a lab made is gone after the test.

    A fresh lab may hold other objects (the demo world does): tests look for what they made
    themselves, by ID, and never count.
    """

    @property
    def kind(self) -> str:
        """``docker`` or ``demo``; for the parts of a test that only one of them can show."""
        ...

    async def engine(self, *, read_only: bool = False) -> Engine:
        """A new engine on this world. The lab closes it after the test, if the test did not."""
        ...

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
        """Make an image with ``layers`` new, distinct, non-empty layers on top of ``parent``; return its whole ID.

        ``parent`` is an image ID, or empty for an image from nothing, whose lowest layer then holds a
        small root filesystem: ``/etc/hostname`` and, if ``shell``, ``/bin/sh`` (and no bash).
        An empty ``tag`` makes a dangling image. ``environment`` is added as ``NAME=value``.
        """
        ...

    async def create_layered_image(
        self, tag: str, layers: Sequence[Mapping[str, LabEntry]], *, shell: bool = False
    ) -> tuple[str, tuple[str, ...]]:
        """Make an image of exactly these layers, lowest first.

        Each maps paths (starting with ``/``) to entries, a folder before what is in it. Only what is named is in a
        layer: the folders above it may be left out. With ``shell`` one more layer lies below them all: the
        root filesystem that :meth:`create_image` makes, so that containers can run.
        Returns the image's whole ID, and the diff ID of each layer in ``layers``.
        """
        ...

    async def tag_image(self, reference: str, tag: str) -> None:
        """Give an image (by ID or tag) one more ``repository:tag``, taking it from any other image."""
        ...

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
        """Make a container from ``image`` (a tag or an ID) and bring it into ``state``; return its whole ID.

        ``state`` is ``created``, ``running``, ``paused`` or ``exited`` (with ``exit_code``). Its main
        process lives until it is stopped, and ends at once and with status 0 when asked to (SIGTERM).
        """
        ...

    async def change_container(self, container_id: str, entries: Mapping[str, LabEntry]) -> None:
        """Write these entries, by path, into a running container, as a process in it would; a ``WHITEOUT`` deletes.

        The folders above must be there.
        """
        ...

    async def remove_container(self, container_id: str) -> None:
        """Remove a container by force, its anonymous volumes left behind."""
        ...

    async def stop_container(self, container_id: str) -> None:
        """Stop a running container."""
        ...

    async def create_volume(self, name: str = "", *, labels: Mapping[str, str] | None = None) -> str:
        """Make a volume (an anonymous one without a name); return its name."""
        ...

    async def write_volume_file(self, name: str, path: str, size_bytes: int) -> None:
        """Put a file of ``size_bytes`` at ``path`` inside a volume."""
        ...

    async def fill_volume(self, name: str, entries: Mapping[str, LabEntry]) -> None:
        """Put these entries, by path (starting with ``/``), into a volume, a folder before what is in it."""
        ...

    async def create_cache_chain(self, length: int) -> tuple[str, ...]:
        """Make records of the build cache, each of which builds on the one before; return their IDs, lowest first.

        The lowest may build on others; nothing builds on the last one, and no image has a name for what it holds.
        """
        ...

    async def close(self) -> None:
        """Take away everything this lab made, and close the engines it handed out."""
        ...
