"""The part of the main screen where one moves about: trees on the left, details on the right, jumps between rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events

from tui import messages
from tui.keeper.contents import Contents
from tui.keeper.details import Details
from tui.model.container import Container
from tui.model.image import Image
from tui.model.layer import Layer
from tui.model.place import ContainerImagePlace, ContainerPlace, ImagePlace, MountPlace, NetworkPlace, Place, UserPlace
from tui.model.selection import Selection, Sort
from tui.panes.cache_pane import CachePane
from tui.panes.containers_pane import ContainersPane
from tui.panes.details_pane import DetailsPane
from tui.panes.images_pane import ImagesPane
from tui.panes.lookups import Lookups
from tui.panes.tree_pane import TreePane
from tui.panes.volumes_pane import VolumesPane
from tui.present import details as detail_words
from tui.present.details import Subject
from tui.present.links import Link as RowLink
from tui.present.links import link_of
from tui.screens.wishing_screen import WishingScreen
from widgets.cell import Role
from widgets.json_tree import JsonSpot


class BrowsingScreen(WishingScreen):
    """Knows which pane has the keys and what is highlighted there, and goes from row to row.

    Args:
        details: what has been read of images.
        sorts: pane kind -> the order it starts with.
        contents: what is known of the contents of layers.
        read_only: whether changing is out of the question.
    """

    def __init__(self, details: Details, sorts: Mapping[str, Sort], contents: Contents, *, read_only: bool) -> None:
        super().__init__(details, read_only=read_only)
        images = ImagesPane(details.images.get, sorts.get("images", Sort.NAME))
        containers = ContainersPane(sorts.get("containers", Sort.NAME))
        volumes = VolumesPane(sorts.get("volumes", Sort.NAME))
        cache = CachePane(sorts.get("cache", Sort.NAME))
        self.panes: dict[str, TreePane] = {pane.KIND: pane for pane in (images, containers, volumes, cache)}
        self.details = DetailsPane(Lookups(self.sharers_of, details.images.get, contents.origin_of, contents.waste_of))
        self.current: TreePane = images
        self._came_from: list[tuple[str, tuple[str, ...]]] = []

    # -- where the user is ------------------------------------------------------------------------

    @property
    def place(self) -> Place | None:
        """What is highlighted in the current pane."""
        return self.current.place

    @property
    def place_key(self) -> str:
        """The key of the row that is highlighted."""
        node = self.current.outline.node
        return node.key if node else ""

    @property
    def container(self) -> Container | None:
        """The container that is highlighted, as itself or through one of its parts or what it uses."""
        match self.place:
            case (ContainerPlace() | UserPlace() | ContainerImagePlace() | MountPlace() | NetworkPlace()) as place:
                return self.inventory.containers_by_id.get(place.container.id)
            case _:
                return None

    @property
    def spot(self) -> JsonSpot | None:
        """The value under the cursor, while the keys go to Inspect."""
        in_inspect = self.details.holds_focus and self.details.shown_tab == detail_words.INSPECT
        return self.details.inspect_view.spot if in_inspect else None

    @property
    def chosen_layer(self) -> int | None:
        """The number of the layer that is highlighted, in a tree or in the Layers tab."""
        node = self.details.views.layers_view.outline.node
        if self.details.holds_focus and self.details.shown_tab == detail_words.LAYERS and node is not None:
            return node.data.index if isinstance(node.data, Layer) else None
        return super().chosen_layer

    def sharers_of(self, chain_id: str, image_id: str) -> Sequence[Image] | None:
        """The other images that hold a layer; ``None`` until the details of all of them have been read."""
        images = self.inventory.images_by_id
        if not images.keys() <= self.image_details.images.keys():
            return None
        found = self.image_details.holders(chain_id) - {image_id}
        return [image for image in self.inventory.images if image.id in found]

    # -- routing ----------------------------------------------------------------------------------

    def on_tree_pane_place_highlighted(self, event: TreePane.PlaceHighlighted) -> None:
        """The details follow the cursor of the current pane."""
        if event.pane is self.current:
            self._follow_cursor()

    def _follow_cursor(self) -> None:
        subject = detail_words.subject_of(self.place, self.inventory)
        known = self.image_details.images.get(subject.id) if subject.kind == "image" else None
        self.details.show(self.place, self.place_key, known)
        self.show_keys()

    def on_tree_pane_place_unfolded(self, event: TreePane.PlaceUnfolded) -> None:
        """An opened image needs its layers."""
        if isinstance(event.place, ImagePlace) and event.place.image.id not in self.image_details.images:
            self.post_message(messages.DetailRequested(Subject("image", event.place.image.id)))

    def on_tree_pane_place_activated(self, event: TreePane.PlaceActivated) -> None:
        """Enter jumps, opens or goes to the details."""
        link = link_of(event.place, self.inventory)
        outline = event.pane.outline
        if link is not None:
            self.visit(link)
        elif outline.node is not None and not outline.node.leaf:
            outline.set_open(outline.node, not outline.is_open(outline.node))
        else:
            self.focus_pane("details")

    def on_tree_pane_edge_reached(self, event: TreePane.EdgeReached) -> None:
        """Out of a tree: to the neighbouring pane, or to the details."""
        kinds = list(self.panes)
        at = kinds.index(event.pane.KIND)
        if event.direction == 2:
            self.focus_pane("details")
        elif abs(event.direction) == 1 and 0 <= at + event.direction < len(kinds):
            pane = self.panes[kinds[at + event.direction]]
            pane.outline.action_move_to_end(-event.direction)
            self.focus_pane(pane.KIND)

    def on_tree_pane_selection_changed(self, event: TreePane.SelectionChanged) -> None:
        """The order is kept for the next start."""
        self.post_message(messages.SelectionRemembered(event.pane.KIND, event.selection.sort))

    def on_details_pane_left_to_tree(self, event: DetailsPane.LeftToTree) -> None:
        """Back to the trees."""
        self.focus_pane(self.current.KIND)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The pane with the focus is the current one; a pane entered by mouse, too."""
        pane = next((node for node in event.widget.ancestors if isinstance(node, TreePane)), None)
        if pane is not None and pane is not self.current:
            self._make_current(pane)
        self.show_keys()

    def _make_current(self, pane: TreePane) -> None:
        self.current.set_current(False)
        self.current = pane
        pane.set_current(True)
        self._follow_cursor()

    # -- jumping ----------------------------------------------------------------------------------

    def _path_here(self, pane: TreePane) -> tuple[str, ...]:
        outline = pane.outline
        above = reversed(outline.nodes_above(outline.cursor))
        return (*(node.key for node in above), outline.node.key if outline.node else "")

    def _jump(self, kind: str, path: tuple[str, ...]) -> None:
        if self.panes[kind].reveal(path):
            self.focus_pane(kind)
        else:
            self.say("That object is no longer there.", Role.WARNING)

    def visit(self, link: RowLink) -> None:
        """Go to the row of an object, from which Backspace returns."""
        self._came_from.append((self.current.KIND, self._path_here(self.current)))
        self._jump(*link)

    def go_back(self) -> None:
        """Return to where the last jump came from."""
        if self._came_from:
            self._jump(*self._came_from.pop())
            self.show_keys()

    # -- moving about -----------------------------------------------------------------------------

    def focus_pane(self, kind: str) -> None:
        """Give the keys to a pane."""
        if kind == "details":
            self.details.take_focus()
            return
        self.remove_class("-zoom")
        pane = self.panes[kind]
        self._make_current(pane)
        self.set_focus(pane.outline)

    def open_pane(self, kind: str, selection: Selection) -> None:
        """Give the keys to a pane, filtered and ordered in this way."""
        self.panes[kind].show_selection(selection)
        self.focus_pane(kind)

    def step_focus(self, by: int) -> None:
        """Give the keys to the next pane, or the one before."""
        order = [*self.panes, "details"]
        here = "details" if self.details.holds_focus else self.current.KIND
        self.focus_pane(order[(order.index(here) + by) % len(order)])

    def begin_filter(self) -> None:
        """Filter the tree, or search in Inspect."""
        if self.details.holds_focus:
            self.details.inspect_view.begin_search()
        else:
            self.current.begin_filter()

    def clear(self) -> None:
        """Escape: the nearest thing that can be left."""
        if self.forget_comparison():
            self.show_keys()
        elif self.has_class("-zoom"):
            self.remove_class("-zoom")
        elif self.details.holds_focus:
            self.focus_pane(self.current.KIND)
        else:
            self.current.clear_filter()
        self.post_message(messages.RefusalsSeen())

    def search_again(self, by: int) -> None:
        """Another match in Inspect."""
        if not self.details.inspect_view.search_again(backwards=by < 0):
            self.say("Press / and type what to look for first.")

    def cycle_sort(self) -> None:
        """Order the pane by the next thing."""
        self.current.cycle_sort()

    def fold_all(self, *, opened: bool) -> None:
        """Open or close the groups of the pane."""
        outline = self.current.outline
        if opened and all(node.leaf or outline.is_open(node) for node in outline.roots):
            self.say("All groups are open; → opens a row in them.")
        for node in self.current.outline.roots:
            outline.set_open(node, opened)

    def step_tab(self, by: int) -> None:
        """Another tab."""
        self.details.step_tab(by)
        self.show_keys()

    def show_tab(self, tab: str) -> None:
        """A tab by name, with the keys."""
        self.details.choose_tab(tab)
        if self.details.shown_tab == tab:
            self.details.take_focus()

    def toggle_exact(self) -> None:
        """Exact figures, or readable ones."""
        exact = not self.details.facts.exact
        self.details.set_exact(exact)
        self.say("Exact figures; x shows readable ones again." if exact else "Readable figures.")

    def toggle_zoom(self) -> None:
        """The whole screen for the details, or not."""
        self.toggle_class("-zoom")
        if self.has_class("-zoom"):
            self.focus_pane("details")
        else:
            self.focus_pane(self.current.KIND)
