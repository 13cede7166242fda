"""The first line: which engine this is, and how much it holds, or that it is away."""

from __future__ import annotations

from tui.keeper.link import Link, LinkState
from tui.model.host import Endpoint
from tui.model.inventory import Inventory
from tui.present.host import engine_line, lost_line, totals_line
from widgets.text_line import TextLine

WIDE = 110
"""Columns from which there is room for everything."""


class EngineHeader(TextLine):
    """Never hides which engine the screen shows.

    Args:
        endpoint: where the engine is.
    """

    def __init__(self, endpoint: Endpoint, *, read_only: bool) -> None:
        super().__init__(id="header")
        self.endpoint = endpoint
        self.read_only = read_only

    def show_engine(self, inventory: Inventory, link: Link) -> None:
        """Show the engine and its totals, or for how long it will still be away."""
        known = inventory if inventory.listed else None
        left = engine_line(self.endpoint, known, read_only=self.read_only)
        if link.state is LinkState.LOST:
            self.show(left, lost_line(link.error.message if link.error else "", link.retry_in))
        else:
            self.show(left, totals_line(known, brief=self.size.width < WIDE))
