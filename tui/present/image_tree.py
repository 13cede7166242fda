"""The images as a tree: repository, tag, and under it who uses the image and its layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from tui.model.image import Image, ImageDetail, Reference
from tui.model.inventory import Inventory
from tui.model.place import ImagePlace, LayerPlace, NotePlace, Place, RepositoryPlace, UserPlace
from tui.model.selection import Selection, Sort, Traits, image_traits
from tui.present.container import user_row
from tui.present.image import image_row, repository_row
from tui.present.layer import layer_row
from widgets.cell import Cell, Role, RowText
from widgets.node import Node

DANGLING = "dangling"

DetailOf = Callable[[str], ImageDetail | None]
"""Image ID -> its detail, if it has been read."""


def image_nodes(inventory: Inventory, selection: Selection, detail_of: DetailOf) -> tuple[Node, ...]:
    """The tree's roots: the repositories that the selection lets through, then the dangling images."""
    entries = [(tag, image) for image in inventory.images for tag in image.tags or ("",)]
    shown = selection.apply(entries, lambda entry: _traits(*entry, inventory))
    by_repository: defaultdict[str, list[tuple[str, Image]]] = defaultdict(list)
    for tag, image in shown:
        by_repository[Reference.parse(tag).repository].append((tag, image))
    # Repositories stand in the order of their foremost tag; what has no tag stands last.
    dangling = by_repository.pop("", [])
    nodes = [_repository(name, found, inventory, detail_of) for name, found in by_repository.items()]
    if dangling:
        nodes.append(_repository("", dangling, inventory, detail_of))
    return tuple(nodes)


def image_path(image: Image, tag: str = "") -> tuple[str, ...]:
    """Keys from the root to the row of ``tag`` (or of the image's first tag)."""
    if not image.tags:
        return (f"repository {DANGLING}", f"image {image.id}")
    tag = tag if tag in image.tags else image.tags[0]
    return (f"repository /{Reference.parse(tag).repository}", f"tag {tag}")


def describe_image_place(place: Place, selection: Selection) -> RowText:
    """The row of a place in this tree."""
    match place:
        case RepositoryPlace():
            return repository_row(place)
        case ImagePlace():
            return image_row(place, by_age=selection.sort is Sort.AGE, whole=place.alone)
        case LayerPlace():
            return layer_row(place.image, place.layer)
        case UserPlace():
            return user_row(place)
        case NotePlace():
            return RowText((Cell(place.text, Role.MUTED),))
        case _:
            return RowText(())


def _traits(tag: str, image: Image, inventory: Inventory) -> Traits:
    """What a row of one tag is searched and sorted by: its own tag, not the image's others."""
    traits = image_traits(image, in_use=image.id in inventory.containers_by_image)
    if not tag:
        return traits
    return traits._replace(key=tag, name=tag, words=(tag, *(word for word in traits.words if word not in image.tags)))


def _repository(
    name: str,
    found: list[tuple[str, Image]],
    inventory: Inventory,
    detail_of: DetailOf,
) -> Node:
    dangling = not name
    if len(found) == 1 and not dangling:
        # A repository with one tag is one row, as docker writes it: opening a group of one tells nothing.
        return _image(*found[0], inventory, detail_of, alone=True)
    children = tuple(_image(tag, image, inventory, detail_of) for tag, image in found)
    place = RepositoryPlace(name, tuple(image for _, image in found), dangling)
    # The slash keeps a repository that someone called "dangling" apart from the group.
    return Node(f"repository {DANGLING if dangling else f'/{name}'}", place, children, open=True)


def _image(tag: str, image: Image, inventory: Inventory, detail_of: DetailOf, *, alone: bool = False) -> Node:
    key = f"tag {tag}" if tag else f"image {image.id}"
    users = inventory.containers_by_image.get(image.id, ())

    def grow() -> tuple[Node, ...]:
        using = (Node(f"{key} user {user.id}", UserPlace(user)) for user in users)
        return (*using, *_layers(key, image, detail_of(image.id)))

    return Node(key, ImagePlace(image, tag, users, alone), grow=grow)


def _layers(key: str, image: Image, detail: ImageDetail | None) -> Iterable[Node]:
    if detail is None:
        yield Node(f"{key} reading", NotePlace("reading its layers…"), selectable=False)
        return
    if not detail.layers:
        yield Node(f"{key} empty", NotePlace("no layers: an image without files"), selectable=False)
    for layer in reversed(detail.layers):
        yield Node(f"{key} layer {layer.index} {layer.chain_id}", LayerPlace(image, layer))
