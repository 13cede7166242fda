"""The views behind the tabs of the details, side by side or one alone; each comes when its tab is first chosen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from tui.panes.inspect_view import InspectView
from tui.panes.layers_view import LayersView
from tui.panes.lookups import Lookups
from tui.present import details
from widgets.fact_sheet import FactSheet

if TYPE_CHECKING:
    # For annotations only: these two come when their tab is first chosen, and the first screen need not wait for them.
    from tui.panes.changes_view import ChangesView
    from tui.panes.storage_view import StorageView


class TabViews(Horizontal):
    """A view for every tab; tabs that are made of facts share one.

    Args:
        lookups: what others have read before.
    """

    def __init__(self, lookups: Lookups) -> None:
        super().__init__()
        self._lookups = lookups
        self.facts = FactSheet(id="facts")
        self.layers_view = LayersView(lookups.sharers_of)
        self.inspect_view = InspectView()
        self._stale = False

    def compose(self) -> ComposeResult:
        """The facts; the others are mounted when they are first shown."""
        yield self.facts

    @cached_property
    def changes_view(self) -> ChangesView:
        """The Changes tab."""
        from tui.panes.changes_view import ChangesView  # noqa: PLC0415 - see above

        view = ChangesView(self._lookups.origin_of)
        view.set_exact(self.facts.exact)
        view.stale = self._stale
        return view

    @cached_property
    def storage_view(self) -> StorageView:
        """The Storage tab."""
        from tui.panes.storage_view import StorageView  # noqa: PLC0415 - see above

        view = StorageView()
        view.set_exact(self.facts.exact)
        return view

    @property
    def _latecomers(self) -> tuple[ChangesView | StorageView, ...]:
        """Those of the two above that are there."""
        return tuple(self.__dict__[name] for name in ("changes_view", "storage_view") if name in self.__dict__)

    def of(self, tab: str) -> Widget:
        """The view of a tab."""
        match tab:
            case details.LAYERS:
                return self.layers_view
            case details.INSPECT:
                return self.inspect_view
            case details.CHANGES:
                return self.changes_view
            case details.STORAGE:
                return self.storage_view
            case _:
                return self.facts

    def focus_of(self, tab: str) -> Widget:
        """What takes the keys in the view of a tab."""
        match tab:
            case details.LAYERS:
                return self.layers_view.outline
            case details.INSPECT:
                return self.inspect_view.tree_view
            case details.CHANGES:
                return self.changes_view.outline
            case _:
                return self.of(tab)

    def turn_to(self, shown: tuple[Widget, ...]) -> None:
        """Show these views and no others."""
        for view in shown:
            if not view.is_attached:
                self.mount(view)
        for view in (self.facts, self.layers_view, self.inspect_view, *self._latecomers):
            view.display = view in shown
        if "changes_view" in self.__dict__ and self.changes_view not in shown:
            self.changes_view.leave()

    def set_stale(self, stale: bool) -> None:
        """The engine can't be reached any more, or again: what is live says so."""
        self._stale = stale
        if "changes_view" in self.__dict__:
            self.changes_view.set_stale(stale)

    def set_exact(self, exact: bool) -> None:
        """Exact figures in every view, or readable ones."""
        self.facts.set_exact(exact)
        self.layers_view.facts.set_exact(exact)
        for view in self._latecomers:
            view.set_exact(exact)
