"""The layers of two images: shared ones, and those of one side; and what there is to know of both images."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from tui.model.image_comparison import Comparison
from tui.present.comparison import ComparedLayer, LayerGroup, Sides, layer_facts, layer_nodes, layer_row, total_facts
from widgets.cell import Cell, Role, RowText
from widgets.fact_sheet import FactSheet
from widgets.node import Node
from widgets.outline import Outline
from widgets.text_line import TextLine

_FEWEST_FACTS = 9


class ComparedLayers(Vertical):
    """Groups of layers above, facts below."""

    DEFAULT_CSS = """
    ComparedLayers > TextLine { color: $rule; }
    ComparedLayers:focus-within > #compared-title { color: $rule-focused; }
    ComparedLayers > Outline { height: 5; }
    ComparedLayers > FactSheet { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__(id="layers")
        self.sides: Sides | None = None
        self.comparison: Comparison | None = None
        self.times = True
        self.exact = False
        self.title = TextLine(fill="─", id="compared-title")
        self.outline = Outline(self._describe)
        self.rule = TextLine(fill="─")
        self.facts = FactSheet(id="compared-facts")

    def compose(self) -> ComposeResult:
        """One below the other."""
        yield self.title
        yield self.outline
        yield self.rule
        yield self.facts

    def show(self, sides: Sides, comparison: Comparison, *, times: bool) -> None:
        """Show the layers of another comparison."""
        self.sides, self.comparison, self.times = sides, comparison, times
        self.title.show((Cell("─ ", Role.MUTED), Cell("1 ", Role.ACCENT), Cell("Layers of both ")))
        self.outline.replace(layer_nodes(sides, comparison.layers))
        self._fit()
        self._show_facts()

    def set_exact(self, *, exact: bool) -> None:
        """Exact figures, or readable ones."""
        self.exact = exact
        self.outline.refresh()
        self.facts.set_exact(exact)

    @property
    def spot(self) -> LayerGroup | ComparedLayer | None:
        """What is under the cursor."""
        node = self.outline.node
        return node.data if node is not None and isinstance(node.data, LayerGroup | ComparedLayer) else None

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """The facts follow."""
        event.stop()
        self._show_facts()

    def on_outline_unfolded(self, event: Outline.Unfolded) -> None:
        """More rows, perhaps more room."""
        event.stop()
        self._fit()

    def _describe(self, node: Node) -> RowText:
        if self.sides is None or not isinstance(node.data, LayerGroup | ComparedLayer):
            return RowText(())
        return layer_row(node.data, self.sides, exact=self.exact)

    def _show_facts(self) -> None:
        if self.sides is None or self.comparison is None:
            return
        # What both images come to stays in sight; the layer under the cursor follows it.
        totals = total_facts(self.comparison, self.sides, times=self.times)
        key = self.outline.node.key if self.outline.node is not None else ""
        self.facts.show(key, (*layer_facts(self.spot, self.sides), *totals))

    def on_resize(self, _event: events.Resize) -> None:
        """Share the room anew."""
        self._fit()

    def _fit(self) -> None:
        """As many rows as there are, as long as enough is left for the facts."""
        room = max(3, self.size.height - 2 - _FEWEST_FACTS)
        self.outline.styles.height = max(1, min(len(self.outline.rows), room))
