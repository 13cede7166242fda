"""The Layers tab: an image's history as a list, and everything about the line under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.model.image import Image, ImageDetail
from tui.model.layer import HistoryEntry, Layer
from tui.present.layer import instruction_row, instruction_sections, layer_sections, layer_table_row
from widgets.cell import Cell, Role, RowText
from widgets.fact_sheet import FactSheet
from widgets.node import Node
from widgets.outline import Outline
from widgets.text_line import TextLine

SharersOf = Callable[[str, str], Sequence[Image] | None]
"""(chain ID, image ID) -> the other images that hold that layer; ``None`` while not all are known."""


class LayersView(Vertical):
    """History newest first; instructions that made no layer stand between the layers.

    Args:
        sharers_of: who else holds a layer.
    """

    DEFAULT_CSS = """
    LayersView > Outline { height: 3fr; }
    LayersView > FactSheet { height: 2fr; min-height: 5; }
    LayersView > TextLine { color: $rule; }
    """

    def __init__(self, sharers_of: SharersOf) -> None:
        super().__init__(id="layers-view")
        self.sharers_of = sharers_of
        self.detail: ImageDetail | None = None
        self.outline = Outline(self._describe)
        self.title = TextLine(fill="─")
        self.facts = FactSheet()

    def compose(self) -> ComposeResult:
        """List above, facts below."""
        yield self.outline
        yield self.title
        yield self.facts

    def show(self, detail: ImageDetail | None) -> None:
        """Show another image, or the same one now that more is known of its neighbours."""
        self.detail = detail
        self.outline.empty = "reading its layers…" if detail is None else "no history"
        self.outline.replace(_nodes(detail) if detail else ())
        self._show_facts()

    def _describe(self, node: Node) -> RowText:
        if isinstance(node.data, Layer) and self.detail is not None:
            sharers = self.sharers_of(node.data.chain_id, self.detail.id)
            width = self.outline.scrollable_content_region.width
            sharing = None if sharers is None else len(sharers)
            return layer_table_row(node.data, self.detail.size_bytes, sharing, width=width)
        return instruction_row(node.data) if isinstance(node.data, HistoryEntry) else RowText(())

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """Show the facts of that line."""
        event.stop()
        self._show_facts()

    def _show_facts(self) -> None:
        node, detail = self.outline.node, self.detail
        if node is None or detail is None:
            self.facts.show("", ())
            self.title.show(())
        elif isinstance(node.data, Layer):
            sharers = self.sharers_of(node.data.chain_id, detail.id)
            sections = layer_sections(node.data, detail.size_bytes, sharers, count=len(detail.layers))
            self.facts.show(node.key, sections)
            self.title.show((Cell(f"─ Layer {node.data.index + 1} ", Role.MUTED),))
        elif isinstance(node.data, HistoryEntry):
            self.facts.show(node.key, instruction_sections(node.data))
            self.title.show((Cell("─ Instruction ", Role.MUTED),))


def _nodes(detail: ImageDetail) -> tuple[Node, ...]:
    """History newest first, each entry as its layer when it made one."""
    waiting = list(detail.layers)
    nodes: list[Node] = []
    for number, entry in enumerate(detail.history):
        layer = waiting[0] if waiting and _made(entry, waiting[0]) else None
        if layer is None:
            nodes.append(Node(f"entry {number}", entry))
        else:
            nodes.append(Node(f"layer {layer.chain_id} {layer.index}", waiting.pop(0)))
    # Layers that no entry accounts for (a squashed or hand-made image) are shown all the same.
    nodes += [Node(f"layer {layer.chain_id} {layer.index}", layer) for layer in waiting]
    return tuple(reversed(nodes))


def _made(entry: HistoryEntry, layer: Layer) -> bool:
    return (entry.created_by, entry.created, entry.size_bytes) == (layer.created_by, layer.created, layer.size_bytes)
