"""The worlds that are measured: objects of every kind, created and never started, half of them in use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from docker.api.client import APIClient

from tests.engine.docker_lab import tar

_THREADS = 8
TAGS_PER_REPOSITORY = 5
CONTAINERS_PER_PROJECT = 10

OBJECT_NAME = re.compile(r"(?:depot|crane|hold)-\d{4}")
"""Any name of an image's repository, a container or a volume. The engine's own address holds none."""


@dataclass(frozen=True, slots=True)
class World:
    """How many objects of each kind."""

    name: str
    images: int
    containers: int
    volumes: int

    def listed(self, screen: str) -> bool:
        """Whether the titles of the screen's three panes count all of them."""
        screen = screen.replace(",", "")
        wanted = (f"Images {self.images} ", f"Containers {self.containers} ", f"Volumes {self.volumes} ")
        return all(title in screen for title in wanted)


SMALL = World("small", 10, 10, 10)
LARGE = World("large", 500, 1_000, 500)


def build(world: World, api: APIClient) -> None:
    """Fill an empty engine."""
    _each(range(world.images), lambda number: make_image(api, *image_tag(number), copies=1 + number % 40))
    _each(range(world.volumes), lambda number: api.create_volume(f"hold-{number:04}"))
    _each(range(world.containers), lambda number: _make_container(api, world, number))


def _each(numbers: Iterable[int], make: Callable[[int], object]) -> None:
    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in pool.map(make, numbers):
            pass


def image_tag(number: int) -> tuple[str, str]:
    """Repository and tag of an image."""
    return f"depot-{number // TAGS_PER_REPOSITORY:04}", f"1.{number % TAGS_PER_REPOSITORY}"


def make_image(api: APIClient, repository: str, tag: str, *, copies: int = 1) -> None:
    """Import an image with a layer that no other has, of so many copies of its name."""
    content = f"{repository}:{tag} ".encode() * copies
    api.import_image_from_data(tar({"etc/depot": content}), repository=repository, tag=tag, changes=['CMD ["/bin/sh"]'])


def make_container(api: APIClient, name: str, *, image: str, project: str = "", volume: str = "") -> None:
    """Create a container, and do not start it."""
    labels = {"com.docker.compose.project": project, "com.docker.compose.service": name} if project else {}
    binds = [f"{volume}:/data"] if volume else []
    api.create_container(
        image, name=name, labels=labels, host_config=api.create_host_config(network_mode="none", binds=binds)
    )


def project_of(number: int) -> str:
    """The Compose project of a container; every other ten stand alone."""
    project = number // CONTAINERS_PER_PROJECT
    return "" if project % 2 else f"quay-{project:04}"


def _make_container(api: APIClient, world: World, number: int) -> None:
    volume = number // 2
    mounts = number % 2 == 0 and volume < world.volumes // 2
    make_container(
        api,
        f"crane-{number:04}",
        image=":".join(image_tag(number // 2 % world.images)),
        project=project_of(number),
        volume=f"hold-{volume:04}" if mounts else "",
    )
