"""All images as one forest of layers: what they share is trunk, and they branch where they part.

A node is a layer *on top of* all below it, told by its chain ID: what the classic store keeps once, whoever uses it
(OCI image specification, ``config.md``, "Layer ChainID"). So every image is a path from a root to the node of its
top layer, pulled images too, which have no ParentId.

Which images and containers take part:

- Every listed image. The classic builder's steps, which the listing leaves out, need no place of their own: a step that
  has no child is listed as dangling, and one that has is a prefix of its child's path.
- The image under every container, listed or not. Where it was removed by force, the container still holds its layers on
  the disk: they are in :attr:`LayerForest.total_bytes`, and not in :attr:`LayerForest.image_bytes`.

On the classic store :attr:`LayerForest.image_bytes` equals ``LayersSize`` of the engine's disk usage to the byte, once
every detail is read and every size known: the engine adds up the layers that its images refer to, and leaves out
those that only a container or the build cache still holds. On the containerd store sizes come from the images'
histories, are those of unpacked files, and leave out the compressed copies: an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.model.image import ImageDetail
from tui.model.inventory import Inventory
from tui.model.layer import Layer


class LayerNode(NamedTuple):
    """One layer on top of all that are below it."""

    chain_id: str
    diff_id: str
    created_by: str
    """The instruction that made it; empty when no image that stands on it can tell."""
    created: float | None
    """Seconds since the epoch."""
    own_bytes: int | None
    """What the layer itself stores; ``None`` when no image that stands on it can tell."""
    tree_bytes: int
    """Its own bytes and those of all nodes that grow from it; unknown ones as 0."""
    unknown: int
    """How many layers, this one and those that grow from it, have a size that is not known."""
    depth: int
    """How many layers are below it."""
    top_of: tuple[str, ...]
    """IDs of the images whose top layer this is, in listing order."""
    image_ids: tuple[str, ...]
    """IDs of all listed images that stand on it, in listing order."""
    container_ids: tuple[str, ...]
    """IDs of all containers whose image stands on it, image by image."""
    children: tuple[LayerNode, ...]
    """What grows from it: the largest tree first, then by name."""


@dataclass(frozen=True, slots=True)
class LayerForest:
    """The layers of all images and containers."""

    roots: tuple[LayerNode, ...]
    """The largest tree first, then by name."""
    total_bytes: int
    """All layers, each once; unknown ones as 0."""
    image_bytes: int
    """Those of them that a listed image stands on: what the engine calls LayersSize."""
    unread: tuple[str, ...]
    """IDs of images that take part and whose details are not read yet."""
    unknown_sizes: tuple[str, ...]
    """Chain IDs of the layers whose size is not known."""
    empty: tuple[str, ...]
    """IDs of images without any layer: they stand nowhere."""
    gap_bytes: int | None
    """LayersSize less :attr:`image_bytes`; ``None`` when the engine has not told or does not tell LayersSize."""


@dataclass(slots=True)
class _Growing:
    """A node while its images are still being met."""

    layer: Layer
    parent: str
    own_bytes: int | None = None
    created_by: str = ""
    created: float | None = None
    top_of: list[str] = field(default_factory=list)
    image_ids: list[str] = field(default_factory=list)
    container_ids: list[str] = field(default_factory=list)
    children: list[LayerNode] = field(default_factory=list)

    def learn(self, layer: Layer) -> None:
        """Take from ``layer`` what was not known: another image's history may tell more of the same layer."""
        if self.own_bytes is None:
            self.own_bytes = layer.size_bytes
        if not self.created_by:
            self.created_by, self.created = layer.created_by, layer.created


def layer_forest(inventory: Inventory, details: Mapping[str, ImageDetail]) -> LayerForest:
    """The forest of everything in ``inventory``, as far as ``details`` (image ID -> detail) are read."""
    nodes: dict[str, _Growing] = {}
    users = {image_id: [one.id for one in users] for image_id, users in inventory.containers_by_image.items()}
    unread, empty = [], []
    for image_id in dict.fromkeys((*inventory.images_by_id, *users)):
        detail = details.get(image_id)
        if detail is None:
            unread += [image_id] if image_id else []
        elif not detail.layers:
            empty.append(image_id)
        else:
            _grow(nodes, detail.layers, image_id if image_id in inventory.images_by_id else "", users.get(image_id, ()))
    roots = _closed(nodes)
    image_bytes = sum(node.own_bytes or 0 for node in nodes.values() if node.image_ids)
    layers_size = inventory.usage.layers_size_bytes if inventory.usage else None
    return LayerForest(
        roots=roots,
        total_bytes=sum(root.tree_bytes for root in roots),
        image_bytes=image_bytes,
        unread=tuple(unread),
        unknown_sizes=tuple(chain_id for chain_id, node in nodes.items() if node.own_bytes is None),
        empty=tuple(empty),
        gap_bytes=None if layers_size is None else layers_size - image_bytes,
    )


def _grow(nodes: dict[str, _Growing], layers: Iterable[Layer], image_id: str, container_ids: Iterable[str]) -> None:
    """Let one image stand on its layers; ``image_id`` is empty for one that is no longer listed."""
    node, parent = None, ""
    for layer in layers:
        node = nodes.get(layer.chain_id)
        if node is None:
            node = nodes[layer.chain_id] = _Growing(layer, parent)
        node.learn(layer)
        if image_id:
            node.image_ids.append(image_id)
        node.container_ids += container_ids
        parent = layer.chain_id
    if node is not None and image_id:
        node.top_of.append(image_id)


def _closed(nodes: dict[str, _Growing]) -> tuple[LayerNode, ...]:
    """The nodes as records, from the tops down: a node was met before all that grow from it."""
    roots: list[LayerNode] = []
    for chain_id, node in reversed(nodes.items()):
        node.children.sort(key=_rank)
        closed = LayerNode(
            chain_id=chain_id,
            diff_id=node.layer.diff_id,
            created_by=node.created_by,
            created=node.created,
            own_bytes=node.own_bytes,
            tree_bytes=(node.own_bytes or 0) + sum(child.tree_bytes for child in node.children),
            unknown=(node.own_bytes is None) + sum(child.unknown for child in node.children),
            depth=node.layer.index,
            top_of=tuple(node.top_of),
            image_ids=tuple(node.image_ids),
            container_ids=tuple(node.container_ids),
            children=tuple(node.children),
        )
        (nodes[node.parent].children if node.parent else roots).append(closed)
    return tuple(sorted(roots, key=_rank))


def _rank(node: LayerNode) -> tuple[int, str, str]:
    return (-node.tree_bytes, node.created_by, node.chain_id)
