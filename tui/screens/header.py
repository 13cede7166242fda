"""The first line: which engine this is, and how much it holds, or that it is away."""

from __future__ import annotations

from rich.cells import cell_len

from tui.keeper.link import Link, LinkState
from tui.model.host import Endpoint
from tui.model.inventory import Inventory
from tui.present.host import engine_line, lost_line, totals_line
from widgets.text_line import TextLine


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
            full = totals_line(known)
            room = self.size.width - sum(cell_len(cell.text) for cell in (*left, *full))
            self.show(left, full if room > 0 else totals_line(known, brief=True))
