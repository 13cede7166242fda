"""The right-hand side: whatever is highlighted, in tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from tui import messages
from tui.model.container import Container, ContainerDetail
from tui.model.doing import Doing
from tui.model.image import Image, ImageDetail
from tui.model.inventory import Inventory
from tui.model.place import LayerPlace, Place
from tui.panes.lookups import Lookups
from tui.panes.tab_views import TabViews
from tui.present import details
from tui.present.details import Detail, Subject
from widgets.cell import Cell, Fact, Role, Section
from widgets.line_view import LineView
from widgets.outline import Outline
from widgets.tab_bar import TabBar

WIDE = 105
"""Columns from which the overview has the layers, or the engine's raw answer, beside it."""
REST = 0.06
"""Seconds the cursor has to stay on an object before the engine is asked about it: longer than a held key's period."""
PATIENCE = 0.25
"""Seconds after which what is known without the engine's answer is shown, if that has not come."""


class DetailsPane(Vertical):
    """Tabs over one place.

    Args:
        lookups: what others have read before.
    """

    DEFAULT_CSS = """
    DetailsPane > TabBar { margin-bottom: 1; }
    DetailsPane.-wide #layers-view, DetailsPane.-wide #inspect-view { border-left: solid $rule; padding-left: 1; }
    """

    inventory: reactive[Inventory] = reactive(Inventory, init=False)
    doings: reactive[Mapping[str, Doing]] = reactive(dict, init=False)

    class DetailWanted(Message):
        """The cursor has come to rest on an object whose inspect answer is needed."""

        def __init__(self, subject: Subject) -> None:
            super().__init__()
            self.subject = subject

    class NeighboursWanted(Message):
        """The Layers tab is open: which images share which layer is needed."""

    class LeftToTree(Message):
        """The user wants back to the trees."""

    def __init__(self, lookups: Lookups) -> None:
        super().__init__(id="details")
        self.lookups = lookups
        self.place: Place | None = None
        self.key = ""
        self.tab = details.OVERVIEW
        self.subject = Subject("", "")
        self.detail: Detail | None = None
        self.problem = ""
        """Why the detail could not be read; empty when it could."""
        self.tab_bar = TabBar()
        self.views = TabViews(lookups)
        self.facts, self.inspect_view = self.views.facts, self.views.inspect_view
        self._image_problem = ""
        """Why the detail of a container's image could not be read; empty when it could."""
        self._timer: Timer | None = None
        self._patience: Timer | None = None

    def compose(self) -> ComposeResult:
        """Tabs and their views."""
        yield self.tab_bar
        yield self.views

    def on_mount(self) -> None:
        """Start with the overview of nothing."""
        self.render_tab()

    # -- what to show -----------------------------------------------------------------------------

    def show(self, place: Place | None, key: str, detail: Detail | None) -> None:
        """Follow the cursor to ``place``; ``detail`` is what is known already, if anything."""
        subject = details.subject_of(place, self.inventory)
        if detail is None and subject == self.subject and subject.kind:
            detail = self.detail
        if subject != self.subject:
            self._image_problem = ""
        self.place, self.key, self.subject, self.detail, self.problem = place, key, subject, detail, ""
        if subject.kind and detail is None:
            # The answer is a moment away, and much is the same from one object to its neighbour: one change
            # of a few words instead of clearing half the page and filling it again.
            self._wait_for_answer()
        else:
            self.render_tab()
        self._wait_for_rest()

    def give_detail(self, subject: Subject, detail: Detail | None, problem: str = "") -> None:
        """Take an answer to ``DetailWanted``, unless the cursor has moved on."""
        if subject == self.subject:
            self.detail = detail or self.detail
            self.problem = problem
            self.render_tab()
        elif subject == self._image_below:
            self._image_problem = problem
            self.render_tab()

    def choose_tab(self, tab: str) -> None:
        """Turn to a tab by name, if this place has it."""
        if tab in self.tabs:
            self.tab = tab
            had_focus = self.holds_focus
            self.render_tab()
            if had_focus:
                self.take_focus()
            self._ask_others()

    def step_tab(self, by: int) -> None:
        """Turn to the next tab, or the one before."""
        tabs = self.tabs
        self.choose_tab(tabs[(tabs.index(self.shown_tab) + by) % len(tabs)])

    @property
    def tabs(self) -> tuple[str, ...]:
        """The tabs of this place."""
        return details.tabs_of(self.place, self.inventory)

    @property
    def shown_tab(self) -> str:
        """The chosen tab, or the overview where this place has no such tab."""
        return self.tab if self.tab in self.tabs else details.OVERVIEW

    def _wait_for_answer(self) -> None:
        if self._patience is None:
            self._patience = self.set_timer(PATIENCE, self.render_tab)
        else:
            self._patience.reset()

    def _wait_for_rest(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        if self.subject.kind:
            self._timer = self.set_timer(REST, self._rested)
        if self.shown_tab == details.LAYERS:
            self.post_message(self.NeighboursWanted())

    def _rested(self) -> None:
        if self.detail is None or self.subject.kind != "image":
            self.post_message(self.DetailWanted(self.subject))
        if self.shown_tab != details.LAYERS:
            self._ask_others()

    def _ask_others(self) -> None:
        """Wish for what the tab needs to know besides this object's own detail."""
        tab, image = self.shown_tab, self.subject if self.subject.kind == "image" else self._image_below
        if tab == details.LAYERS:
            self.post_message(self.NeighboursWanted())
        elif tab == details.STORAGE and image.id and self.lookups.detail_of(image.id) is None:
            self.post_message(self.DetailWanted(image))
        elif tab in {details.OVERVIEW, details.CHANGES} and image.id and self.lookups.waste_of(image.id) is None:
            self.post_message(messages.ContentsRequested(image.id))

    @property
    def container(self) -> Container | None:
        """The container whose details these are, as it was last listed."""
        return self.inventory.containers_by_id.get(self.subject.id) if self.subject.kind == "container" else None

    @property
    def _image_below(self) -> Subject:
        """The image of that container."""
        return Subject("image", self.container.image_id) if self.container else Subject("", "")

    def look_again(self) -> None:
        """Others may know more by now."""
        self.render_tab()
        if self.subject.kind:
            # From its own queue: what is asked while the screen handles a message counts as the screen's own, and
            # Textual lets such a message bubble no further than to the screen.
            self.call_later(self._ask_others)

    def set_exact(self, exact: bool) -> None:
        """Exact figures in every view, or readable ones."""
        self.views.set_exact(exact)

    # -- drawing ----------------------------------------------------------------------------------

    def watch_inventory(self) -> None:
        """Facts about neighbours may have changed."""
        self.render_tab()

    def watch_doings(self) -> None:
        """A refusal is told in full here."""
        self.render_tab()

    def render_tab(self) -> None:
        """Fill the view of the chosen tab and show it alone."""
        if not self.is_attached:
            return
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        tab = self.shown_tab
        self.tab_bar.show(self.tabs, tab)
        shown = self._views(tab)
        self.views.turn_to(shown)
        self.set_class(len(shown) > 1, "-wide")
        if self.views.layers_view in shown:
            self.views.layers_view.show(self.detail if isinstance(self.detail, ImageDetail) else None)
        if self.inspect_view in shown:
            self.inspect_view.show(self.subject, details.raw_of(self.detail))
        if self.facts in shown:
            self.facts.show(f"{self.key} {tab}", (*self._notices(), *self._sections(tab)))
        if tab == details.STORAGE:
            self._show_storage()
        if tab == details.CHANGES and self.container is not None:
            known = self.detail if isinstance(self.detail, ContainerDetail) else None
            self.views.changes_view.show(self.container, known)

    def _show_storage(self) -> None:
        view, detail, container = self.views.storage_view, self.detail, self.container
        if isinstance(detail, ImageDetail):
            view.show_image(detail, self.inventory.host)
        elif isinstance(detail, ContainerDetail) and container is not None:
            image = self.lookups.detail_of(container.image_id)
            view.show_container(container, detail, image, self.inventory.host, self._image_problem)
        else:
            view.show_words(self.key, self.problem or "reading…")

    def _sections(self, tab: str) -> tuple[Section, ...]:
        if tab == details.OVERVIEW:
            waste = self.lookups.waste_of(self.subject.id) if self.subject.kind == "image" else None
            return details.overview(self.place, self.inventory, self.detail, self._sharers(), waste)
        return details.fact_tab(tab, self.place, self.inventory, self.detail)

    def _views(self, tab: str) -> tuple[Widget, ...]:
        """The view of the tab; where there is room, the overview has its neighbour beside it."""
        view = self.views.of(tab)
        if tab != details.OVERVIEW or not self.subject.kind or self.size.width < WIDE:
            return (view,)
        return (view, self.views.layers_view if self.subject.kind == "image" else self.inspect_view)

    def on_resize(self) -> None:
        """More room, or less."""
        self.render_tab()

    def _sharers(self) -> Sequence[Image] | None:
        if isinstance(self.place, LayerPlace):
            return self.lookups.sharers_of(self.place.layer.chain_id, self.place.image.id)
        return None

    def _notices(self) -> tuple[Section, ...]:
        """What went wrong with this object, before anything else."""
        doing = self.doings.get(self.key)
        sentences = [f"{doing.word}: {doing.refusal}"] if doing and doing.refusal else []
        if self.problem:
            sentences.append(self.problem)
        return tuple(Section("", (Fact("", (Cell(sentence, Role.BAD),)),)) for sentence in sentences)

    # -- keys -------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Put the focus into the view that is shown."""
        target = self.views.focus_of(self.shown_tab)
        if target.is_attached:
            self.screen.set_focus(target)
        else:
            # Its view has only just been mounted.
            self.call_after_refresh(self.take_focus)

    @property
    def holds_focus(self) -> bool:
        """True when a view of this pane has the focus."""
        focused = self.screen.focused
        return focused is not None and self in focused.ancestors

    def on_tab_bar_chosen(self, event: TabBar.Chosen) -> None:
        """A click on a tab."""
        event.stop()
        self.choose_tab(event.name)

    def on_line_view_left(self, event: LineView.Left) -> None:
        """Out to the left: back to the trees."""
        event.stop()
        self.post_message(self.LeftToTree())

    def on_outline_edge_reached(self, event: Outline.EdgeReached) -> None:
        """Out to the left: back to the trees."""
        event.stop()
        if event.direction == -2:
            self.post_message(self.LeftToTree())
