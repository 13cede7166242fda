"""The containers as a tree: Compose project, container, and under it its image, mounts, networks and ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tui.model.container import Container
from tui.model.inventory import Inventory
from tui.model.place import ContainerImagePlace, ContainerPlace, MountPlace, NetworkPlace, Place, ProjectPlace
from tui.model.selection import Selection, container_traits, natural
from tui.present import container as words
from widgets.cell import RowText
from widgets.node import Node


def container_nodes(inventory: Inventory, selection: Selection) -> tuple[Node, ...]:
    """The tree's roots: the projects by name, then the standalone containers."""
    by_project: defaultdict[str, list[Container]] = defaultdict(list)
    for container in selection.apply(inventory.containers, container_traits):
        by_project[container.compose_project].append(container)
    projects = sorted(by_project.items(), key=lambda item: (not item[0], natural(item[0])))
    return tuple(_project(name, found, inventory) for name, found in projects)


def container_path(container: Container) -> tuple[str, ...]:
    """Keys from the root to the container's row."""
    return (f"project /{container.compose_project}", f"container {container.id}")


def describe_container_place(place: Place, selection: Selection) -> RowText:
    """The row of a place in this tree."""
    match place:
        case ProjectPlace():
            return words.project_row(place)
        case ContainerPlace():
            return words.container_row(place.container, by=selection.sort.value)
        case ContainerImagePlace():
            return words.container_image_row(place)
        case MountPlace():
            return words.mount_row(place)
        case NetworkPlace():
            return words.network_row(place)
        case _:
            return RowText(())


def _project(name: str, found: list[Container], inventory: Inventory) -> Node:
    children = tuple(_container(container, inventory) for container in found)
    return Node(f"project /{name}", ProjectPlace(name, tuple(found)), children, open=True)


def _container(container: Container, inventory: Inventory) -> Node:
    key = f"container {container.id}"
    return Node(key, ContainerPlace(container), grow=lambda: tuple(_parts(key, container, inventory)))


def _parts(key: str, container: Container, inventory: Inventory) -> Iterable[Node]:
    yield Node(f"{key} image", ContainerImagePlace(container, inventory.image_of(container)))
    for number, mount in enumerate(container.mounts):
        yield Node(f"{key} mount {number} {mount.destination}", MountPlace(container, mount))
    for network in container.networks:
        yield Node(f"{key} network {network}", NetworkPlace(container, network))
    for number, port in enumerate(container.ports):
        yield Node(f"{key} port {number}", NetworkPlace(container, port=port))
