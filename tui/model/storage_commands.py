"""The engine's own commands about storage, for who wants to check a figure or do the same by hand."""

from __future__ import annotations

from typing import NamedTuple

from tui.model.docker_commands import shell_words
from tui.model.host import DOCKER, Host
from tui.model.storage_places import DOCKER_ROOT


class StorageCommand(NamedTuple):
    """One command; words in capitals stand for names."""

    command: str
    what: str
    changes: bool = False
    """True when it removes or adds something."""


class CommandGroup(NamedTuple):
    """Commands about one kind of thing."""

    name: str
    commands: tuple[StorageCommand, ...]


COMMANDS: tuple[CommandGroup, ...] = (
    CommandGroup("Totals", (
        StorageCommand("docker system df", "what images, containers, volumes and build cache take"),
        StorageCommand("docker system df -v", "the same, object by object"),
        StorageCommand("docker info", "the engine, its storage driver and its Docker Root Dir"),
        StorageCommand("docker info | grep Root", "only the line Docker Root Dir"),
        StorageCommand("docker info -f '{{.DockerRootDir}}'", "only the folder"),
        StorageCommand("docker system prune", "stopped containers, unused networks, dangling images, build cache: "
                       "all gone", changes=True),
    )),
    CommandGroup("Images", (
        StorageCommand("docker image ls", "all images, all versions; docker images is the same"),
        StorageCommand("docker images", "the same as docker image ls"),
        StorageCommand("docker image ls -a", "with the steps of the classic builder"),
        StorageCommand("docker image inspect IMAGE", "everything the engine knows of an image"),
        StorageCommand("docker image inspect -f '{{json .RootFS.Layers}}' IMAGE", "its layers' diff IDs, lowest first"),
        StorageCommand("docker image inspect -f '{{json .GraphDriver.Data}}' IMAGE", "its folders (classic store)"),
        StorageCommand("docker history IMAGE", "its changelog: which instruction added how much"),
        StorageCommand("docker image prune", "removes dangling images that no container uses", changes=True),
        StorageCommand("docker image prune -a", "removes every image that no container uses", changes=True),
        StorageCommand("docker image rm IMAGE", "removes one image, or one of its tags", changes=True),
        StorageCommand("docker save -o FILE.tar IMAGE", "writes an image to a tar archive"),
        StorageCommand("docker load -i FILE.tar", "reads images from such an archive", changes=True),
        StorageCommand("docker pull IMAGE", "fetches an image from its registry", changes=True),
        StorageCommand("docker push IMAGE", "sends an image to its registry", changes=True),
    )),
    CommandGroup("Containers", (
        StorageCommand("docker ps -a -s", "all containers, with what each has written (SIZE)"),
        StorageCommand("docker inspect CONTAINER", "everything about it: driver, folders, mounts, log"),
        StorageCommand("docker inspect -f '{{json .Mounts}}' CONTAINER", "its volumes and bind mounts"),
        StorageCommand("docker inspect -f '{{.LogPath}}' CONTAINER", "its log file"),
        StorageCommand("docker diff CONTAINER", "which files it changed"),
        StorageCommand("docker exec -it CONTAINER bash", "a shell inside it"),
        StorageCommand("docker container prune", "removes every container that does not run", changes=True),
    )),
    CommandGroup("Volumes", (
        StorageCommand("docker volume ls", "all volumes"),
        StorageCommand("docker volume inspect VOLUME", "where it lies, its driver and labels"),
        StorageCommand("docker volume prune", "removes anonymous volumes that nothing mounts", changes=True),
        StorageCommand("docker volume prune -a", "removes every volume that nothing mounts", changes=True),
        StorageCommand("docker volume rm VOLUME", "removes one volume and its data", changes=True),
    )),
    CommandGroup("Build cache", (
        StorageCommand("docker buildx du", "the build cache, record by record"),
        StorageCommand("docker builder prune", "removes dangling build cache", changes=True),
        StorageCommand("docker builder prune -a", "removes all build cache that is not in use", changes=True),
    )),
    CommandGroup("The disk itself", (
        StorageCommand("sudo du -xsh /var/lib/docker/*", "what each folder takes; -x stays out of mounted containers"),
        StorageCommand("df -h /var/lib/docker", "how full the disk is"),
        StorageCommand("df -i /var/lib/docker", "whether it has run out of inodes instead"),
    )),
)  # fmt: skip

_PODMAN_INFO = {"{{.DockerRootDir}}": "{{.Store.GraphRoot}}", "| grep Root": "| grep -i root"}


def own_command(command: str, host: Host) -> str:
    """``command`` for this engine: its own program, its own data folder.

    ``command`` is one of ours: whatever else comes from the engine is put in afterwards, as a word of its own (see
    :func:`~tui.model.docker_commands.shell_words`).
    """
    if host.product not in {"", DOCKER}:
        for theirs, own in _PODMAN_INFO.items():
            command = command.replace(theirs, own)
        command = command.replace("docker ", "podman ")
    root = host.root_dir.rstrip("/")
    # Last, so that nothing in the engine's own words is taken for a part of the command.
    return command.replace(DOCKER_ROOT, shell_words((root,))) if root and root != DOCKER_ROOT else command


def commands_for(host: Host) -> tuple[CommandGroup, ...]:
    """The commands that this engine's program has, with its own data folder in them."""
    docker = host.product in {"", DOCKER}
    return tuple(
        CommandGroup(group.name, tuple(one._replace(command=own_command(one.command, host)) for one in group.commands))
        for group in COMMANDS
        if docker or group.name not in _DOCKER_ALONE
    )


_DOCKER_ALONE = frozenset({"Build cache"})
