"""The build cache pane."""

from __future__ import annotations

from textual import events

from tui.model.host import DOCKER
from tui.model.inventory import Inventory
from tui.model.place import Place
from tui.panes.tree_pane import TreePane
from tui.present.cache import total_cells
from tui.present.cache_tree import cache_nodes, describe_cache_place
from tui.present.figures import UNKNOWN
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node

_NARROW = 40
"""Columns below which the title has room for the figures or the order, not for both."""
_TITLE_REST = len("─ 4 Build cache") + 2
_ORDER = len(" by state ")
"""Cells of the title that are not figures."""


class CachePane(TreePane):
    """Records of the build cache, each below what it was made from.

    It takes one row, its title, while the keys go elsewhere: most of the time the other panes need the room more.
    """

    DEFAULT_CSS = """
    CachePane { height: 1; }
    CachePane.-current { height: 1fr; }
    """
    TITLE = "Build cache"
    NUMBER = 4
    KIND = "cache"

    def nodes(self) -> tuple[Node, ...]:
        """The records that nothing else was made from, and what follows from them."""
        return cache_nodes(self.inventory, self.selection)

    def describe_place(self, place: Place) -> RowText:
        """A record."""
        return describe_cache_place(place, self.selection)

    @property
    def listed(self) -> bool:
        """It comes with the disk usage; an engine that has none has been read at once."""
        return self.inventory.usage is not None or self._without

    @property
    def reading_words(self) -> str:
        """Until the disk usage is there."""
        return "reading build cache…"

    @property
    def empty_words(self) -> str:
        """There may be none at all."""
        return "this engine keeps no build cache" if self._without else "no build cache on this engine"

    @property
    def title_figures(self) -> Line:
        """How many records, and their bytes."""
        if not self.listed:
            return (Cell(f" {UNKNOWN} ", Role.MUTED),)
        if self._without:
            return (Cell(" none ", Role.MUTED),)
        query = len(self.selection.query) + 3 if self.selection.query else 0
        order = 0 if self.size.width < _NARROW else _ORDER
        room = self.size.width - _TITLE_REST - order - query
        return total_cells(self.inventory.cache_records_by_id.values(), room=room)

    @property
    def title_order(self) -> Line:
        """How much there is matters more."""
        return super().title_order if self.size.width >= _NARROW else ()

    def on_resize(self, _event: events.Resize) -> None:
        """More or less fits in the title."""
        self._show_title()

    @property
    def _without(self) -> bool:
        """True for engines that have no such thing: podman builds without BuildKit."""
        host = self.inventory.host
        return host is not None and host.product not in {"", DOCKER}

    def _relevant(self, inventory: Inventory) -> tuple[object, ...]:
        return (inventory.usage.build_cache if inventory.usage else None, inventory.host)

    def _standing_path(self, path: tuple[str, ...]) -> tuple[str, ...]:
        # Here a row's place is the record it was made from, which does not change while it is marked.
        return path
