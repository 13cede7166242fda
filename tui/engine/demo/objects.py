"""What the demo world is made of. Mutable where an engine's objects change, frozen where they cannot.

The frozen ones are named tuples: a frozen dataclass takes a millisecond to define, and the demo's start counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, Protocol

from tui.engine.demo.digest import digest
from tui.engine.demo.files import File, stack, total_bytes
from tui.model.container import RUNNING_STATES, Mount, Port
from tui.model.layer import chain_ids

BUILDKIT = "buildkit.dockerfile.v0"
"""The comment BuildKit leaves on the history entries it makes."""


class DemoLayer:
    """One layer: the files it adds or hides, by absolute path.

    Args:
        diff_id: its digest.
        files: its files; or what makes them up, once somebody looks: the demo's start does not wait for that.
        size_bytes: what its files take, as an engine counts a layer; counted when it isn't said.
    """

    def __init__(
        self,
        diff_id: str,
        files: Mapping[str, File] | Callable[[], Mapping[str, File]],
        size_bytes: int | None = None,
    ) -> None:
        self.diff_id = diff_id
        self._files = files
        self._size_bytes = size_bytes

    @cached_property
    def files(self) -> Mapping[str, File]:
        """Its files and whiteouts, by absolute path."""
        return self._files() if callable(self._files) else self._files

    @cached_property
    def size_bytes(self) -> int:
        """The bytes of its files, as an engine counts a layer: links count with the length of their target."""
        return total_bytes(self.files.values()) if self._size_bytes is None else self._size_bytes


class Step(NamedTuple):
    """One history entry, and the layer it made, if it made one."""

    created: float
    created_by: str
    layer: DemoLayer | None = None
    comment: str = ""


class ImageConfig(NamedTuple):
    """What an image says about running it."""

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    labels: Mapping[str, str] = MappingProxyType({})
    health_check: tuple[str, ...] = ()
    stop_signal: str = ""


@dataclass(eq=False, repr=False)
class DemoImage:
    """One image. All but its names is fixed once it is made."""

    id: str
    steps: tuple[Step, ...]
    """Oldest first."""
    config: ImageConfig
    created: float | None
    tags: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    parent_id: str = ""
    author: str = ""
    comment: str = ""
    architecture: str = "amd64"
    variant: str = ""

    @cached_property
    def layers(self) -> tuple[DemoLayer, ...]:
        """Its layers, lowest first."""
        return tuple(step.layer for step in self.steps if step.layer is not None)

    @cached_property
    def diff_ids(self) -> tuple[str, ...]:
        """The digest of each layer, lowest first."""
        return tuple(layer.diff_id for layer in self.layers)

    @cached_property
    def chain_ids(self) -> tuple[str, ...]:
        """The identity of each layer on top of those below it, lowest first."""
        return chain_ids(self.diff_ids)

    @cached_property
    def size_bytes(self) -> int:
        """All its layers together."""
        return sum(layer.size_bytes for layer in self.layers)

    @cached_property
    def tree(self) -> Mapping[str, File]:
        """Its layers stacked: the file system it shows."""
        return stack(layer.files for layer in self.layers)


class ExecSession(Protocol):
    """A terminal session inside a container, as far as the world must know it."""

    def terminate(self, code: int) -> None:
        """End it with ``code``, because its container ended. May be called from any thread."""
        ...


@dataclass(eq=False, repr=False)
class DemoContainer:
    """One container."""

    id: str
    name: str
    """May be empty."""
    image: DemoImage
    """Kept even when the image has been removed by force: its layers stay as long as this does."""
    image_name: str
    """The image as it was named at creation."""
    created: float
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    hostname: str = ""
    tty: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    mounts: list[Mount] = field(default_factory=list)
    ports: tuple[Port, ...] = ()
    networks: tuple[str, ...] = ()
    restart_policy: str = "no"
    state: str = "created"
    started: float | None = None
    finished: float | None = None
    exit_code: int = 0
    stop_exit_code: int = 0
    """What its main process ends with when it is asked to end."""
    error: str = ""
    oom_killed: bool = False
    health: str = ""
    restart_count: int = 0
    upper: dict[str, File] = field(default_factory=dict)
    """Its writable layer, by absolute path."""
    log_bytes: int = 0
    """What its log files take, rotated ones included."""
    scratch: dict[str, dict[str, File]] = field(default_factory=dict)
    """The files of its tmpfs and bind mounts, by destination and then by path below it."""
    sessions: set[ExecSession] = field(default_factory=set)

    @property
    def alive(self) -> bool:
        """True when its main process exists (paused and restarting ones included)."""
        return self.state in RUNNING_STATES

    @property
    def size_rw_bytes(self) -> int:
        """What its writable layer takes."""
        return total_bytes(self.upper.values())

    @property
    def argv(self) -> tuple[str, ...]:
        """The command line of its main process."""
        return (*self.entrypoint, *self.command)


@dataclass(eq=False, repr=False)
class DemoVolume:
    """One volume and its files, by path below its root."""

    name: str
    created: float
    driver: str = "local"
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    size_known: bool = True
    """False where the engine does not say (a volume on somebody else's disks)."""

    @property
    def size_bytes(self) -> int:
        """What its files take."""
        return total_bytes(self.files.values())

    @property
    def mountpoint(self) -> str:
        """Where its files lie on the engine's host."""
        return f"/var/lib/docker/volumes/{self.name}/_data"


class DemoNetwork(NamedTuple):
    """One network."""

    name: str
    id: str
    prefix: str
    """The first three numbers of its addresses, such as ``172.18.0``."""


class CacheEntry(NamedTuple):
    """One record of the build cache; a shared one holds a chain ID's bytes together with images."""

    key: str
    type: str
    description: str
    created: float
    last_used: float | None
    usage_count: int
    own_bytes: int = 0
    """Its size, when it stands for no image layer."""
    chain_id: str = ""
    layer: DemoLayer | None = None
    parents: tuple[str, ...] = ()
    in_use: bool = False


def make_image(
    key: str,
    steps: Sequence[Step],
    config: ImageConfig | None = None,
    *,
    tags: Sequence[str] = (),
    digests: Sequence[str] = (),
    parent_id: str = "",
    author: str = "",
    comment: str = "",
) -> DemoImage:
    """An image whose ID stands for ``key``, created with its youngest step."""
    created = max((step.created for step in steps), default=None)
    return DemoImage(
        digest("image", key),
        tuple(steps),
        config or ImageConfig(),
        created,
        list(tags),
        list(digests),
        parent_id,
        author,
        comment,
    )
