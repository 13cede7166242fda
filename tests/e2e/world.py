"""What somebody else does to the engine meanwhile: another terminal with the docker command, as it were."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from docker.api.client import APIClient
from docker.errors import APIError, NotFound

from tests.e2e.orlop import PATIENCE
from tests.engine.docker_lab import DockerLab, tar
from tests.engine.lab import VolumeMount
from tests.engine.private_dockerd import PrivateDockerd

Given = TypeVar("Given")


class World:
    """A private engine, changed from outside. Everything made here goes with :meth:`close`."""

    def __init__(self, dockerd: PrivateDockerd) -> None:
        self.dockerd = dockerd
        self._lab = DockerLab(dockerd)

    @property
    def url(self) -> str:
        """The engine's address."""
        return self.dockerd.url

    @property
    def api(self) -> APIClient:
        """The SDK's client on it."""
        return self._lab.api

    def image(self, tag: str = "", **kind: Any) -> str:
        """A new image; see :meth:`tests.engine.lab.Lab.create_image`. Its ID."""
        return _done(self._lab.create_image(tag, **kind))

    def image_without_shell(self, tag: str) -> None:
        """An image that holds nothing but a program that can sleep."""
        repository, _, version = tag.rpartition(":")
        self.api.import_image_from_data(
            tar({"program/busybox": Path("/bin/busybox")}), repository=repository, tag=version
        )

    def tag(self, image: str, tag: str) -> None:
        """One more tag for an image."""
        _done(self._lab.tag_image(image, tag))

    def container(
        self,
        image: str,
        name: str,
        state: str = "running",
        *,
        volumes: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> str:
        """A new container in ``state``, with ``volumes`` (name -> where it is mounted); its ID."""
        mounts: Sequence[VolumeMount] = [VolumeMount(volume, path) for volume, path in (volumes or {}).items()]
        return _done(self._lab.create_container(image, name=name, state=state, mounts=mounts, labels=labels))

    def sleeping_container(self, image: str, name: str, *command: str) -> str:
        """A running container with a command of its own; its ID."""
        created = self.api.create_container(
            image, list(command), name=name, host_config=self.api.create_host_config(network_mode="none")
        )
        container_id: str = created["Id"]
        self.api.start(container_id)
        return container_id

    def volume(self, name: str = "", labels: Mapping[str, str] | None = None) -> str:
        """A new volume; its name."""
        return _done(self._lab.create_volume(name, labels=labels))

    def remove_container(self, container: str) -> None:
        """Remove a container, running or not."""
        _done(self._lab.remove_container(container))

    def stop_container(self, container: str) -> None:
        """Stop a container."""
        _done(self._lab.stop_container(container))

    def run(self, container: str, *command: str) -> None:
        """Run a command in a running container; it must succeed."""
        self._lab.run(container, *command)

    # -- looking ----------------------------------------------------------------------------------

    def volumes(self) -> list[str]:
        """The names of all volumes."""
        return [row["Name"] for row in self.api.volumes()["Volumes"] or ()]

    def mountpoint(self, volume: str) -> Path:
        """Where a volume's files are."""
        return self._lab.mountpoint(volume)

    def disk_usage(self) -> dict[str, Any]:
        """What ``docker system df`` is made of. Engine 20.10 refuses a second walk while one is under way: orlop's."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                usage: dict[str, Any] = self.api.df()
            except APIError as error:
                if "already running" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                return usage

    def facts(self, image: str) -> dict[str, Any]:
        """What the engine knows of an image."""
        found: dict[str, Any] = self.api.inspect_image(image)  # type: ignore[no-untyped-call]
        return found

    def has_image(self, reference: str) -> bool:
        """True when there is an image of this tag or ID."""
        return _found(lambda: self.facts(reference))

    def has_volume(self, name: str) -> bool:
        """True when there is a volume of this name."""
        return _found(lambda: self.api.inspect_volume(name))

    def has_container(self, container: str) -> bool:
        """True when there is a container of this name or ID."""
        return _found(lambda: self.api.inspect_container(container))

    def state(self, container: str) -> str:
        """The state word of a container."""
        word: str = self.api.inspect_container(container)["State"]["Status"]
        return word

    def processes(self, container: str) -> list[str]:
        """The command lines that run inside a container."""
        top = self.api.top(container, ps_args="-o pid,args")
        return [row[-1] for row in top["Processes"]]

    def becomes(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until ``condition`` holds on the engine."""
        until = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < until, f"{what} did not come true within {PATIENCE:g} s"
            time.sleep(0.05)

    def close(self) -> None:
        """Take away everything that was made here."""
        _done(self._lab.close())


def _done(step: Coroutine[Any, Any, Given]) -> Given:
    """Run one step of the lab, whose steps are made for async tests; these here have nothing to do meanwhile."""
    return asyncio.run(step)


def _found(inspect: Callable[[], object]) -> bool:
    try:
        inspect()
    except NotFound:
        return False
    return True
