"""All images as one tree of layers: what they share is trunk, and they branch where they part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget

from tui import messages
from tui.commands.layer_tree import LAYER_TREE, LayerTreeSituation
from tui.keeper import LinkState
from tui.model.holdings import Holdings
from tui.model.layer_forest import LayerForest, LayerNode, layer_forest
from tui.model.place import ImagePlace, UserPlace
from tui.present.layer_forest import (
    SORTS,
    ForestView,
    LayerSpot,
    RunSpot,
    Spot,
    describe_spot,
    fitting,
    forest_nodes,
    heading,
    layer_of,
    standing_link,
    standing_nodes,
    standing_row,
)
from tui.present.layer_forest_facts import count_words, spot_sections, total_line
from tui.present.naming import identity_of, name_of
from tui.screens.keyed_screen import key_bindings
from tui.screens.two_sided_screen import TwoSidedScreen
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline
from widgets.query_line import QueryLine
from widgets.text_line import TextLine

if TYPE_CHECKING:
    # For annotations only: see TwoSidedScreen.
    from tui.screens.main_screen import MainScreen

POLL = 0.25
"""Seconds between two looks at how many images have been read, while they are being read."""


class LayerTreeScreen(TwoSidedScreen):
    """The layer tree across images. It is the desk of its commands.

    Args:
        main: the screen it is laid over.
        image_id: the image at whose top layer the cursor starts; empty for the first row.
    """

    CATALOGUE = LAYER_TREE
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(LAYER_TREE)
    DEFAULT_CSS = """
    LayerTreeScreen {
        #heading { color: $rule; }
        #standing { height: 1fr; }
        #facts { height: 2fr; }
        #standing-title { height: 1; }
        #who { width: 1fr; height: 1fr; }
        &.-narrow #facts { width: 3fr; height: 1fr; }
        &.-narrow #standing { width: 2fr; height: 1fr; border-left: solid $rule; padding-left: 1; }
        &.-narrow #standing-title { display: none; }
        #total { background: $panel; }
    }
    """

    def __init__(self, main: MainScreen, image_id: str = "") -> None:
        super().__init__(main)
        self.forest_view = ForestView()
        self.forest: LayerForest | None = None
        self.heading = TextLine(id="heading")
        self.standing_title = TextLine(fill="─", id="standing-title", classes="rule")
        self.standing = Outline(self._describe_standing, empty="nothing stands on it", id="standing")
        self.total = TextLine(id="total")
        self._holdings = Holdings()
        self._start_image = image_id
        self._asked: frozenset[str] = frozenset()
        self._polling: Timer | None = None

    def above(self) -> Iterable[Widget]:
        """What the columns are."""
        self.heading.show(*heading()[:2])
        return (self.heading,)

    def beside(self) -> Iterable[Widget]:
        """Facts, and who stands on the layer."""
        return (self.facts, self.standing_title, self.standing)

    def below(self) -> Iterable[Widget]:
        """What the whole amounts to."""
        return (self.total,)

    def stops(self) -> tuple[Widget, ...]:
        """Tree, facts, who stands on it."""
        return (self.outline, self.facts, self.standing)

    @property
    def situation(self) -> LayerTreeSituation:
        """Everything that which commands apply hangs on."""
        layer = self.shown_layer
        return LayerTreeSituation(
            on_layer=layer is not None,
            has_images=layer is not None and bool(layer.image_ids),
            in_standing=self.focused is self.standing,
        )

    # -- what is shown ----------------------------------------------------------------------------

    def world_changed(self) -> None:
        """Grow the forest again, as far as images have been read, and have the others read."""
        if not self.is_attached:
            return
        details = self.main.image_details.images
        self.forest = layer_forest(self.inventory, details)
        self._holdings = Holdings.of(details.values())
        self._ask_for_unread(self.forest)
        self._draw()

    def _draw(self) -> None:
        forest, view = self.forest, self.forest_view
        if forest is None:
            return
        listed = "images" in self.inventory.listed
        if view.query:
            self.outline.empty = "nothing matches the filter"
        elif not listed or forest.unread:
            self.outline.empty = "reading images…"
        else:
            self.outline.empty = "no layers on this engine"
        nodes = forest_nodes(forest, view, self.inventory)
        self.outline.replace(nodes, all_open=bool(view.query))
        self._show_title(forest)
        self.total.show(total_line(forest, self.inventory))
        if self._start_image:
            self._go_to_start()
        self.row_changed()

    def _show_title(self, forest: LayerForest) -> None:
        count = sum(1 for _ in _every(forest.roots))
        query: Line = (Cell(f" /{self.forest_view.query} ", Role.WARNING),) if self.forest_view.query else ()
        self.show_title(
            (
                Cell("─ ", Role.MUTED),
                Cell("Layer tree", Role.STRONG),
                Cell(f" {count_words(forest, count)} ", Role.MUTED),
                *query,
            ),
            (Cell(f" by {self.forest_view.sort.value} ", Role.MUTED), Cell("─")),
        )

    def _go_to_start(self) -> None:
        """Put the cursor on the top layer of the image that was highlighted, once that has been read."""
        for number, row in enumerate(self.outline.rows):
            if isinstance(row.node.data, LayerSpot) and self._start_image in row.node.data.layer.top_of:
                self.outline.move_to(number)
                self._start_image = ""
                return

    def describe(self, node: Node) -> RowText:
        """A layer, or several folded into one row."""
        if isinstance(node.data, LayerSpot | RunSpot):
            return describe_spot(node.data, self.inventory, exact=self.exact)
        return RowText(())

    def _describe_standing(self, node: Node) -> RowText:
        return standing_row(node.data, self.shown_layer)

    @property
    def spot(self) -> Spot | None:
        """What is highlighted."""
        node = self.outline.node
        return node.data if node is not None and isinstance(node.data, LayerSpot | RunSpot) else None

    @property
    def shown_layer(self) -> LayerNode | None:
        """The layer that is highlighted; of several in one row, the topmost."""
        return layer_of(self.spot) if self.spot is not None else None

    def row_changed(self) -> None:
        """Facts and the list of who stands on it follow the cursor."""
        spot, layer, forest = self.spot, self.shown_layer, self.forest
        if spot is None or layer is None or forest is None:
            self.facts.show("", ())
            self.standing.replace(())
            self.standing_title.show(())
            return
        key = self.outline.node.key if self.outline.node else ""
        self.facts.show(key, spot_sections(spot, forest, self.inventory, self._holdings))
        self.standing.replace(standing_nodes(layer, self.inventory))
        if self.focused is not self.standing:
            self.standing.move_to(0)
        words = f"─ Stand on it: {len(layer.image_ids)} + {len(layer.container_ids)} "
        self.standing_title.show((Cell(words, Role.MUTED),))

    def toggle_exact(self) -> None:
        """Exact figures, or readable ones."""
        super().toggle_exact()
        self.heading.show(*heading(exact=self.exact)[:2])

    # -- reading ----------------------------------------------------------------------------------

    def _ask_for_unread(self, forest: LayerForest) -> None:
        """Have every image read that is not, and look how far that has come."""
        unread = frozenset(forest.unread)
        if not unread or self.main.link.state is LinkState.LOST:
            self._asked = frozenset()
            if self._polling is not None:
                self._polling.stop()
                self._polling = None
            return
        if not unread <= self._asked:
            self._asked = unread
            self.post_message(messages.NeighboursRequested())
        if self._polling is None:
            self._polling = self.set_interval(POLL, self._look_again)

    def _look_again(self) -> None:
        known = self.main.image_details.images
        if self.forest is not None and any(image_id in known for image_id in self.forest.unread):
            self.world_changed()

    # -- what the user does -----------------------------------------------------------------------

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter: to who stands on the layer, and from there to the main screen."""
        event.stop()
        if event.outline is self.standing:
            link = standing_link(event.node.data)
            if link is not None:
                self.jump(link)
        elif isinstance(event.node.data, RunSpot):
            self.outline.set_open(event.node, not self.outline.is_open(event.node))
        else:
            self.set_focus(self.standing)

    def begin_filter(self) -> None:
        """Show the filter line and let the user type."""
        found = self.query(QueryLine)
        line = found.first() if found else self._filter_line()
        if not found:
            self.mount(line, after=self.title_line)
        line.ask()

    def _filter_line(self) -> QueryLine:
        return QueryLine(
            "type to filter; Enter keeps it, Esc clears it",
            on_text=self._filter,
            on_end=lambda _kept: self.set_focus(self.outline),
        )

    def _filter(self, text: str) -> None:
        if text != self.forest_view.query:
            self.forest_view = self.forest_view._replace(query=text)
            self._draw()
            self._go_to_match()

    def _go_to_match(self) -> None:
        """Leave a layer that is only shown because others stand on it for the first one that fits the filter."""
        spots = [row.node.data for row in self.outline.rows]
        layers = [layer_of(spot) for spot in spots if isinstance(spot, LayerSpot | RunSpot)]
        fit = {layer.chain_id for layer in fitting(layers, self.forest_view, self.inventory)}
        if self.shown_layer is None or self.shown_layer.chain_id in fit:
            return
        for number, spot in enumerate(spots):
            if isinstance(spot, LayerSpot | RunSpot) and layer_of(spot).chain_id in fit:
                self.outline.move_to(number)
                return

    def clear(self) -> None:
        """Escape: drop the filter, back to the tree, or to the main screen."""
        if self.focused is self.outline and self.forest_view.query:
            for line in self.query(QueryLine):
                line.value = ""
            self._filter("")
        else:
            super().clear()

    def cycle_sort(self) -> None:
        """Another order of branches."""
        self.forest_view = self.forest_view._replace(sort=self.forest_view.sort.following(SORTS))
        self._draw()

    @property
    def _standing_place(self) -> ImagePlace | UserPlace | None:
        node = self.standing.node if self.focused is self.standing else None
        return node.data if node is not None and isinstance(node.data, ImagePlace | UserPlace) else None

    def copy_id(self) -> None:
        """The diff ID, or the whole ID of the image or container."""
        place, layer = self._standing_place, self.shown_layer
        self.copy(identity_of(place) if place else layer.diff_id if layer else "")

    def copy_name(self) -> None:
        """The chain ID, or the name of the image or container."""
        place, layer = self._standing_place, self.shown_layer
        if isinstance(place, ImagePlace):
            self.copy(place.image.tags[0] if place.image.tags else place.image.id)
        else:
            self.copy(name_of(place) if place else layer.chain_id if layer else "")

    def show_files(self) -> None:
        """The files of the layer, in the first image that ends with it or stands on it."""
        layer = self.shown_layer
        if layer is None or not layer.image_ids:
            return
        image_id = (layer.top_of or layer.image_ids)[0]
        self.post_message(messages.FilesRequested("image", image_id, layer.depth))


def _every(roots: Iterable[LayerNode]) -> Iterable[LayerNode]:
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        waiting += node.children
        yield node
