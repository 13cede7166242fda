"""The one screen: trees on the left, details on the right, a header and a footer. Layout, focus, routing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from tui import messages
from tui.commands.catalogue import MAIN
from tui.commands.desk import Situation
from tui.commands.key_catalogue import KeyCatalogue
from tui.keeper import LinkState
from tui.keeper.contents import Contents
from tui.keeper.details import Details
from tui.model.doing import Doing
from tui.model.host import Endpoint
from tui.model.mark import Kind, Mark
from tui.model.place import CachePlace, ContainerPlace, ImagePlace, VolumePlace
from tui.model.selection import Sort
from tui.panes.details_pane import DetailsPane
from tui.present import details as detail_words
from tui.present.details import Detail, Subject
from tui.present.links import link_of_mark
from tui.screens.command_screen import key_bindings
from tui.screens.header import EngineHeader
from tui.screens.marking_screen import MarkingScreen

SHORT = 32
"""Rows below which the pane that has the keys takes the room of the others."""


class MainScreen(MarkingScreen):
    """Trees, details, header, footer. It is the desk that commands work at.

    Args:
        endpoint: which engine this is, for the header.
        details: what has been read of images.
        sorts: pane kind -> the order it starts with.
        contents: what is known of the contents of layers.
        protect: the user's rules of what may not be marked.
    """

    DEFAULT_CSS = """
    MainScreen {
        #header, #footer { background: $panel; }
        #trees { width: 2fr; min-width: 36; max-width: 70; }
        #details { width: 3fr; border-left: solid $rule; padding-left: 1; }
        #details:focus-within { border-left: solid $rule-focused; }
        &.-zoom #trees { display: none; }
        &.-short TreePane { height: 5; }
        &.-short CachePane { height: 1; }
        &.-short TreePane.-current { height: 1fr; }
        &.-stale TreePane, &.-stale DetailsPane { opacity: 60%; }
    }
    """
    CATALOGUE: ClassVar[KeyCatalogue[Any, Any]] = MAIN
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(MAIN)

    doings: reactive[Mapping[str, Doing]] = reactive(dict, init=False)

    def __init__(
        self,
        endpoint: Endpoint,
        details: Details,
        sorts: Mapping[str, Sort],
        contents: Contents,
        *,
        read_only: bool,
        protect: Iterable[str] = (),
    ) -> None:
        super().__init__(details, sorts, contents, read_only=read_only, protect=protect)
        self._begin_at: Mark | None = None
        self.header = EngineHeader(endpoint, read_only=read_only)

    def compose(self) -> ComposeResult:
        """Header, trees beside details, footer."""
        yield self.header
        with Horizontal():
            with Vertical(id="trees"):
                for pane in self.panes.values():
                    yield pane.data_bind(MainScreen.inventory, MainScreen.doings, MainScreen.marks)
            yield self.details.data_bind(MainScreen.inventory, MainScreen.doings)
        yield self.marked_line
        yield self.footer

    def on_mount(self) -> None:
        """Keys to the images."""
        self.focus_pane("images")
        self._show_header()

    def on_resize(self, event: events.Resize) -> None:
        """Small terminals give the room to one pane."""
        self.set_class(event.size.height < SHORT, "-short")
        self._show_header()

    def on_screen_resume(self) -> None:
        """Back from a screen laid over this one: it may have read what the details want to tell."""
        link = link_of_mark(self._begin_at, self.inventory) if self._begin_at is not None else None
        if link is not None:
            self._begin_at = None
            self.panes[link[0]].reveal(link[1])
        self.details.look_again()

    def begin_at(self, image_id: str, tag: str) -> None:
        """An image that the user has seen first: the cursor is on it once the screen laid over this one is left."""
        self._begin_at = Mark(Kind.IMAGE, image_id, tag)

    # -- what changes -----------------------------------------------------------------------------

    def watch_inventory(self) -> None:
        """Totals have changed, and perhaps which keys apply, and what a deletion that is being asked about would do."""
        self._show_header()
        self.follow_marks()
        self.show_keys()
        self.renew_questions()

    def watch_link(self) -> None:
        """A lost engine is said in the header; what is shown is then old, and looks it."""
        lost = self.link.state is LinkState.LOST
        if self.has_class("-stale") and not lost:
            self.listen_again()  # what was said of the loss no longer holds
        self.set_class(lost, "-stale")
        self.details.views.set_stale(lost)
        self._show_header()
        self.show_keys()

    def _show_header(self) -> None:
        self.header.show_engine(self.inventory, self.link)

    @property
    def situation(self) -> Situation:
        """Everything that which commands apply hangs on."""
        place, mark = self.place, self.mark_here
        return Situation(
            place=place,
            container=self.container,
            removable=isinstance(place, ImagePlace | ContainerPlace | VolumePlace | CachePlace),
            inspectable=bool(detail_words.subject_of(place, self.inventory).kind),
            in_details=self.details.holds_focus,
            tab=self.details.shown_tab,
            live=self.link.state is LinkState.LIVE,
            read_only=self.read_only,
            can_go_back=bool(self._came_from),
            comparing=self.comparing,
            marked=len(self.marks),
            protected=mark is not None and bool(self.rule_for(mark)),
            lifted=mark is not None and (mark.kind, mark.id) in self.lifted,
            cleaning=self.cleanup is not None,
        )

    # -- what the app is asked, and what it answers -------------------------------------------------

    def on_details_pane_detail_wanted(self, event: DetailsPane.DetailWanted) -> None:
        """The details ask the app, unless the engine is away."""
        if self.link.state is not LinkState.LOST:
            self.post_message(messages.DetailRequested(event.subject))

    def on_details_pane_neighbours_wanted(self, event: DetailsPane.NeighboursWanted) -> None:
        """Which layers are shared takes every image's detail."""
        if self.link.state is not LinkState.LOST:
            self.post_message(messages.NeighboursRequested())

    def give_detail(self, subject: Subject, detail: Detail | None, problem: str = "") -> None:
        """An inspect answer has come, or why it has not."""
        self.details.give_detail(subject, detail, problem)
        if subject.kind == "image":
            self.panes["images"].rebuild()

    def neighbours_known(self) -> None:
        """The details of all images have been read."""
        super().neighbours_known()
        self.details.render_tab()
        self.renew_questions()

    def contents_known(self) -> None:
        """What lies in the layers of an image has been read."""
        self.details.render_tab()
