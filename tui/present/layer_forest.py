"""The layer tree across images: its rows, and who stands on a layer.

Layers that follow each other without a branch are shown at the same depth, joined by a stem on their left
(``┌├└``), so that an image of forty layers needs no forty indents; where several of them lie between two
branches or ends of images, they are folded into one row that opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tui.model.image import Image
from tui.model.inventory import Inventory
from tui.model.layer_forest import LayerForest, LayerNode
from tui.model.place import ImagePlace, UserPlace
from tui.model.selection import Sort, matches, natural
from tui.present import figures
from tui.present.container import user_row
from tui.present.container_tree import container_path
from tui.present.image import image_name
from tui.present.image_tree import image_path
from tui.present.layer import command_line
from tui.present.links import Link
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node

SORTS = (Sort.SIZE, Sort.NAME)
"""The orders the tree can be in."""
FOLDED = 3
"""So many layers without a branch or an image's end are folded into one row."""
_FIRST, _NEXT, _LAST, _ONLY, _WITHIN = "┌ ", "├ ", "└ ", "─ ", "│ "


class LayerSpot(NamedTuple):
    """A row that is one layer."""

    layer: LayerNode
    stem: str


class RunSpot(NamedTuple):
    """A row that is several layers, lowest first, one on another with nothing ending or branching between."""

    layers: tuple[LayerNode, ...]
    stem: str


Spot = LayerSpot | RunSpot


class ForestView(NamedTuple):
    """What of the forest is shown, and in which order."""

    query: str = ""
    sort: Sort = Sort.SIZE


def layer_of(spot: Spot) -> LayerNode:
    """The layer that a row is about: of several, the topmost."""
    return spot.layer if isinstance(spot, LayerSpot) else spot.layers[-1]


# -- the tree -------------------------------------------------------------------------------------


def forest_nodes(forest: LayerForest, view: ForestView, inventory: Inventory) -> tuple[Node, ...]:
    """The forest as an outline; with a query, the layers that fit it and all that they stand on."""
    return _Drawing(view, inventory).chains(forest.roots)


def fitting(layers: Iterable[LayerNode], view: ForestView, inventory: Inventory) -> tuple[LayerNode, ...]:
    """Those of ``layers`` that fit the query themselves, and don't just lead to one that does."""
    return tuple(filter(_Drawing(view, inventory).matches, layers))


class _Drawing:
    """One drawing of a forest."""

    def __init__(self, view: ForestView, inventory: Inventory) -> None:
        self.view = view
        self.inventory = inventory
        self._fits: dict[str, bool] = {}
        self._leads: dict[str, bool] = {}
        self._ranks: Mapping[str, int] = {}
        if view.sort is Sort.NAME:
            names = sorted((image.dangling, natural(image_name(image)), image.id) for image in inventory.images)
            self._ranks = {image_id: rank for rank, (_dangling, _name, image_id) in enumerate(names)}

    def chains(self, starts: Iterable[LayerNode]) -> tuple[Node, ...]:
        """The rows of ``starts``, each with what follows it without a branch."""
        return tuple(node for start in self._ordered(starts) for node in self._chain(start))

    def _ordered(self, nodes: Iterable[LayerNode]) -> list[LayerNode]:
        """Those that are shown; largest tree first is the order they come in."""
        shown = [node for node in nodes if not self.view.query or self._leads_to_a_match(node)]
        if self.view.sort is Sort.NAME:
            last = len(self._ranks)
            shown.sort(key=lambda node: min((self._ranks.get(one, last) for one in node.image_ids), default=last))
        return shown

    def _chain(self, start: LayerNode) -> list[Node]:
        chain = [start]
        while len(following := self._ordered(chain[-1].children)) == 1:
            chain.append(following[0])
        rows = self._folded(chain)
        nodes = []
        for number, layers in enumerate(rows):
            last = number == len(rows) - 1
            stem = _ONLY if len(rows) == 1 else _FIRST if not number else _LAST if last else _NEXT
            nodes.append(self._row(layers, stem, following if last else ()))
        return nodes

    def _row(self, layers: tuple[LayerNode, ...], stem: str, branches: Iterable[LayerNode]) -> Node:
        if len(layers) > 1:
            inside = tuple(Node(layer.chain_id, LayerSpot(layer, _WITHIN)) for layer in layers)
            return Node(f"run {layers[0].chain_id}", RunSpot(layers, stem), grow=lambda: inside)
        return Node(layers[0].chain_id, LayerSpot(layers[0], stem), self.chains(branches), open=True)

    def _folded(self, chain: list[LayerNode]) -> list[tuple[LayerNode, ...]]:
        """The layers of a chain, row by row."""
        rows: list[tuple[LayerNode, ...]] = []
        run: list[LayerNode] = []
        for layer in chain:
            ends_here = layer is chain[-1] or layer.top_of or (self.view.query and self.matches(layer))
            if not ends_here:
                run.append(layer)
                continue
            rows += [tuple(run)] if len(run) >= FOLDED else [(one,) for one in run]
            rows.append((layer,))
            run = []
        return rows

    # -- the filter -------------------------------------------------------------------------------

    def _leads_to_a_match(self, node: LayerNode) -> bool:
        """True when it fits the query, or something that grows from it does."""
        known = self._leads.get(node.chain_id)
        if known is None:
            # No short cut: every answer is asked for later, and a deep chain is then known from its top down.
            found = [self._leads_to_a_match(child) for child in node.children]
            known = self._leads[node.chain_id] = self.matches(node) or any(found)
        return known

    def matches(self, node: LayerNode) -> bool:
        """True when the layer itself fits: its IDs, its command, what the images that end with it are called."""
        known = self._fits.get(node.chain_id)
        if known is None:
            images = [self.inventory.images_by_id[one] for one in node.top_of if one in self.inventory.images_by_id]
            users = [user for image in images for user in self.inventory.containers_by_image.get(image.id, ())]
            words = (*(tag for image in images for tag in image.tags), *(name for user in users for name in user.names))
            known = matches(self.view.query, node.created_by, *words, ids=(node.chain_id, node.diff_id, *node.top_of))
            self._fits[node.chain_id] = known
        return known


# -- rows -----------------------------------------------------------------------------------------


def heading(*, exact: bool = False) -> RowText:
    """What stands above the columns."""
    columns = f"{'own':>14} {'tree':>15} " if exact else "own      tree  img  ctr "
    return RowText((Cell("  layer", Role.MUTED),), (Cell(columns, Role.MUTED),))


def describe_spot(spot: Spot, inventory: Inventory, *, exact: bool = False) -> RowText:
    """The row of one layer, or of several that are folded into one."""
    top = layer_of(spot)
    if isinstance(spot, RunSpot):
        own = sum(layer.own_bytes or 0 for layer in spot.layers)
        unknown = any(layer.own_bytes is None for layer in spot.layers)
        words: Line = (
            Cell(f"{len(spot.layers)} layers  ", Role.STRONG),
            Cell("… ", Role.MUTED),
            *command_line(top.created_by),
        )
        return RowText((Cell(spot.stem, Role.MUTED), *words), _columns(own, unknown, spot.layers[0], exact=exact))
    names = [cell for one in _images_here(top, inventory) for cell in _brief_name(one)]
    left = (Cell(spot.stem, Role.MUTED), *names, *command_line(top.created_by))
    return RowText(left, _columns(top.own_bytes, False, top, exact=exact))


def _images_here(layer: LayerNode, inventory: Inventory) -> list[Image]:
    return [inventory.images_by_id[one] for one in layer.top_of if one in inventory.images_by_id]


def _brief_name(image: Image) -> Line:
    """An image's first tag, and how many more it has."""
    if not image.tags:
        return (Cell(f"<dangling {figures.short_id(image.id)}>  ", Role.MUTED),)
    more = f"+{len(image.tags) - 1} " if len(image.tags) > 1 else ""
    return (Cell(f"{image.tags[0]} ", Role.STRONG), Cell(f"{more} ", Role.MUTED))


def names_here(layer: LayerNode, inventory: Inventory) -> tuple[str, ...]:
    """What the images whose top layer this is are called: every tag, and the short IDs of those without."""
    images = _images_here(layer, inventory)
    return tuple(name for image in images for name in image.tags or (f"<dangling {figures.short_id(image.id)}>",))


def _columns(own: int | None, own_unknown: bool, layer: LayerNode, *, exact: bool) -> Line:
    """Own bytes, bytes of the whole tree, images and containers; ``+`` where a part is not known."""
    more = "+" if layer.unknown else ""
    if exact:
        # No room for the others beside whole bytes; the facts have them.
        own_text, tree_text = _exact(own) + ("+" if own_unknown else ""), _exact(layer.tree_bytes) + more
        return (Cell(f"{own_text:>14}", Role.NUMBER), Cell(f" {tree_text:>15}", Role.MUTED))
    users = Cell(f" {len(layer.container_ids) or '-':>4}", Role.GOOD if layer.container_ids else Role.MUTED)
    return (
        Cell(f"{figures.size(own) + ('+' if own_unknown else ''):>9}", Role.NUMBER),
        Cell(f" {figures.size(layer.tree_bytes) + more:>9}", Role.MUTED),
        Cell(f" {len(layer.image_ids) or '-':>4}", Role.NUMBER if layer.image_ids else Role.MUTED),
        users,
    )


def _exact(count: int | None) -> str:
    return figures.UNKNOWN if count is None else f"{count:,}"


# -- who stands on it -----------------------------------------------------------------------------


def standing_nodes(layer: LayerNode, inventory: Inventory) -> tuple[Node, ...]:
    """The images and the containers that stand on a layer, as a list to jump from: those that end with it first."""
    ordered = dict.fromkeys((*layer.top_of, *layer.image_ids))
    images = [inventory.images_by_id[one] for one in ordered if one in inventory.images_by_id]
    users = [inventory.containers_by_id[one] for one in layer.container_ids if one in inventory.containers_by_id]
    of_image = inventory.containers_by_image
    return (
        *(Node(f"image {one.id}", ImagePlace(one, "", of_image.get(one.id, ()))) for one in images),
        *(Node(f"container {one.id}", UserPlace(one)) for one in users),
    )


def standing_row(place: object, layer: LayerNode | None) -> RowText:
    """One image or container that stands on ``layer``."""
    if isinstance(place, UserPlace):
        return user_row(place)
    if not isinstance(place, ImagePlace):
        return RowText(())
    more = f" +{len(place.image.tags) - 1}" if len(place.image.tags) > 1 else ""
    ends: Line = (Cell("  ends here", Role.MUTED),) if layer and place.image.id in layer.top_of else ()
    return RowText(
        (Cell("▣ ", Role.MUTED), Cell(image_name(place.image), Role.LINK), Cell(more, Role.MUTED), *ends),
        (Cell(figures.size(place.image.size_bytes), Role.NUMBER),),
    )


def standing_link(place: object) -> Link | None:
    """Where a row of that list leads: to the image or the container on the main screen."""
    match place:
        case ImagePlace():
            return "images", image_path(place.image)
        case UserPlace():
            return "containers", container_path(place.container)
        case _:
            return None
