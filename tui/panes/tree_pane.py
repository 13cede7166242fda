"""What the tree panes have in common: a title, a filter, and an outline over the inventory."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

from tui.model.doing import Doing
from tui.model.inventory import Inventory
from tui.model.mark import NO_MARKS, Mark
from tui.model.place import NotePlace, Place
from tui.model.selection import Selection, Sort
from tui.panes.standing_order import StandingOrder
from tui.present.figures import UNKNOWN
from tui.present.marks import every_mark, marks_of_node, sign_of, signed_row
from widgets.cell import Cell, Line, Role, RowText
from widgets.node import Node
from widgets.outline import Outline
from widgets.query_line import QueryLine
from widgets.text_line import TextLine


class TreePane(Vertical):
    """One kind of object as a tree. Subclasses say what the tree is made of."""

    DEFAULT_CSS = """
    TreePane { height: 1fr; }
    TreePane > TextLine { color: $rule; }
    TreePane.-current > TextLine { color: $rule-focused; }
    """
    TITLE = ""
    NUMBER = 0
    KIND = ""
    """``images``, ``containers``, ``volumes`` or ``cache``: the part of the inventory it shows."""

    inventory: reactive[Inventory] = reactive(Inventory, init=False)
    doings: reactive[Mapping[str, Doing]] = reactive(dict, init=False)
    marks: reactive[frozenset[Mark]] = reactive(NO_MARKS, init=False)
    """Everything that is marked, in whichever pane: while there is anything, no row changes place."""

    class PlaceHighlighted(Message):
        """The cursor is on another place, or on the same one with new facts (``None``: nothing there)."""

        def __init__(self, pane: TreePane, place: Place | None, key: str) -> None:
            super().__init__()
            self.pane = pane
            self.place = place
            self.key = key

    class PlaceActivated(Message):
        """A place was chosen with Enter."""

        def __init__(self, pane: TreePane, place: Place, key: str) -> None:
            super().__init__()
            self.pane = pane
            self.place = place
            self.key = key

    class PlaceUnfolded(Message):
        """A place was opened; it may need details that have not been read."""

        def __init__(self, pane: TreePane, place: Place) -> None:
            super().__init__()
            self.pane = pane
            self.place = place

    class EdgeReached(Message):
        """The user moved out of the tree: up (-1), down (1), left (-2) or right (2)."""

        def __init__(self, pane: TreePane, direction: int) -> None:
            super().__init__()
            self.pane = pane
            self.direction = direction

    class SelectionChanged(Message):
        """The user asked for another order or filter."""

        def __init__(self, pane: TreePane, selection: Selection) -> None:
            super().__init__()
            self.pane = pane
            self.selection = selection

    def __init__(self, sort: Sort = Sort.NAME) -> None:
        super().__init__(id=self.KIND)
        self.selection = Selection(sort=sort)
        self.title = TextLine(fill="─")
        self.outline = Outline(self.describe)
        self.order = StandingOrder()
        self._members: dict[str, tuple[Mark, ...]] = {}
        """Row key -> the marks it stands for, as far as rows have been drawn since the tree was built."""

    def compose(self) -> ComposeResult:
        """Title and tree; the filter line comes when it is wanted."""
        yield self.title
        yield self.outline

    def on_mount(self) -> None:
        """Say what is going on before anything has been listed."""
        self.rebuild()

    # -- for subclasses ---------------------------------------------------------------------------

    def nodes(self) -> tuple[Node, ...]:
        """The tree for the inventory and the selection of the moment."""
        raise NotImplementedError

    def describe_place(self, place: Place) -> RowText:
        """How a place's row reads."""
        raise NotImplementedError

    @property
    def listed(self) -> bool:
        """True once what it shows has been read."""
        return self.KIND in self.inventory.listed

    @property
    def reading_words(self) -> str:
        """What it says until then."""
        return f"reading {self.KIND}…"

    @property
    def empty_words(self) -> str:
        """What it says when there is nothing to show."""
        return f"no {self.KIND} on this engine"

    @property
    def title_figures(self) -> Line:
        """What stands behind its name: how many there are."""
        total = f"{len(getattr(self.inventory, self.KIND)):,}" if self.listed else UNKNOWN
        return (Cell(f" {total} ", Role.MUTED),)

    @property
    def title_order(self) -> Line:
        """By what its rows are ordered, in the title."""
        return (Cell(f" by {self.selection.sort.value} ", Role.MUTED),)

    # -- the world changes ------------------------------------------------------------------------

    def watch_inventory(self, old: Inventory, new: Inventory) -> None:
        """Rebuild, if anything this pane shows is different."""
        if self._relevant(old) != self._relevant(new):
            self.rebuild()

    def _relevant(self, inventory: Inventory) -> tuple[object, ...]:
        """What of the inventory this pane shows anything of."""
        raise NotImplementedError

    def watch_doings(self) -> None:
        """Actions under way show beside their object."""
        self.outline.refresh()

    def rebuild(self) -> None:
        """Build the tree again and hand it to the outline, which keeps the user's place."""
        if not self.is_attached:
            return
        listed = self.listed
        if not listed:
            self.outline.empty = self.reading_words
        elif self.selection.query:
            self.outline.empty = "nothing matches the filter"
        else:
            self.outline.empty = self.empty_words
        nodes = self.nodes() if listed else ()
        if self.marks:
            nodes = self.order.arrange(self.selection.query, nodes)
        self._members.clear()
        self.outline.replace(nodes, all_open=bool(self.selection.query))
        self._show_title()

    def _show_title(self) -> None:
        current = self.has_class("-current")
        name: Line = (
            Cell("─ ", Role.MUTED),
            Cell(f"{self.NUMBER} ", Role.ACCENT),
            Cell(self.TITLE, Role.STRONG if current else Role.NORMAL),
            *self.title_figures,
        )
        query: Line = (Cell(f" /{self.selection.query} ", Role.WARNING),) if self.selection.query else ()
        self.title.show((*name, *query), (*self.title_order, Cell("─")))

    def describe(self, node: Node) -> RowText:
        """A row: the place's own words, dimmed and with a note while something is done to it."""
        place: Place = node.data  # type: ignore[assignment]
        row = signed_row(self.describe_place(place), sign_of(self.marks_of(node), self.marks))
        doing = self.doings.get(node.key)
        if doing is None:
            return row
        if doing.refusal:
            return row._replace(right=(Cell(f"✗ {doing.refusal}", Role.BAD),))
        return row._replace(right=(Cell(f"{doing.word}…", Role.WARNING),), dim=True)

    # -- marks ------------------------------------------------------------------------------------

    def watch_marks(self, old: frozenset[Mark], new: frozenset[Mark]) -> None:
        """Other signs in the rows that have them; and the order stands from the first mark until the last is gone."""
        if new and not old:
            self.order.arrange(self.selection.query, self.outline.roots)
        elif old and not new:
            self.order.release()
            self.rebuild()
            return
        outline, top = self.outline, self.outline.scroll_offset.y
        for index, row in enumerate(outline.rows[top : top + outline.size.height], top):
            members = self.marks_of(row.node)
            if sign_of(members, old) is not sign_of(members, new):
                outline.refresh_row(index)

    def marks_of(self, node: Node) -> tuple[Mark, ...]:
        """What marking a row marks: the object it is, or the members of a group that are shown; empty for parts."""
        members = self._members.get(node.key)
        if members is None:
            members = self._members[node.key] = marks_of_node(node)
        return members

    @property
    def marks_here(self) -> tuple[Mark, ...]:
        """What marking the row under the cursor marks: an object, or the members of a group that are shown."""
        return self.marks_of(self.outline.node) if self.outline.node is not None else ()

    @property
    def marks_shown(self) -> tuple[Mark, ...]:
        """Every object that the filter lets through, folded away or not."""
        return tuple(every_mark(self.outline.roots))

    # -- what the user does -----------------------------------------------------------------------

    @property
    def place(self) -> Place | None:
        """What the cursor is on."""
        node = self.outline.node
        return None if node is None or isinstance(node.data, NotePlace) else node.data  # type: ignore[return-value]

    def set_current(self, current: bool) -> None:
        """Mark it as the pane that the keys go to and the details follow."""
        self.set_class(current, "-current")
        self._show_title()

    def begin_filter(self) -> None:
        """Show the filter line and let the user type."""
        found = self.query(QueryLine)
        line = found.first() if found else self._filter_line()
        if not found:
            self.mount(line, after=self.title)
        line.ask()

    def clear_filter(self) -> bool:
        """Drop the filter; False when there was none."""
        if not self.selection.query:
            return False
        for line in self.query(QueryLine):
            line.value = ""
        self._select(self.selection.asking(""))
        return True

    def cycle_sort(self) -> Sort:
        """Go on to the next order."""
        self._select(self.selection.sorted_by(self.selection.sort.following()))
        return self.selection.sort

    def reveal(self, path: tuple[str, ...]) -> bool:
        """Put the cursor on the node at ``path``, dropping the filter if it hides it."""
        if self.outline.reveal(self._standing_path(path)):
            return True
        return self.clear_filter() and self.outline.reveal(self._standing_path(path))

    def _standing_path(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Where a row is kept while something is marked, if that is below another group."""
        group = self.order.groups.get(path[-1], "")
        return (group, path[-1]) if group else path

    def show_selection(self, selection: Selection) -> None:
        """Filter and order for now, as another screen wishes: the order is not kept for the next start."""
        if selection != self.selection:
            self.selection = selection
            for line in self.query(QueryLine):
                line.value = selection.query  # says so in its turn, and finds nothing changed
            self.rebuild()
        self.outline.action_move_to_end(-1)

    def _select(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            self.rebuild()
            if selection.query:
                self._go_to_first_match()
            self.post_message(self.SelectionChanged(self, selection))

    def _go_to_first_match(self) -> None:
        """From a group, which is only there for what is in it, to the first thing that matches."""
        node = self.outline.node
        if node is not None and node.children and self.outline.is_open(node):
            self.outline.move_to(self.outline.cursor + 1)

    def _filter_line(self) -> QueryLine:
        line = QueryLine(
            "type to filter; Enter keeps it, Esc clears it",
            on_text=lambda text: self._select(self.selection.asking(text)),
            on_end=lambda _kept: self.screen.set_focus(self.outline),
        )
        line.value = self.selection.query
        return line

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """Say which place it is."""
        event.stop()
        self.post_message(self.PlaceHighlighted(self, self.place, event.node.key if event.node else ""))

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Say which place was chosen."""
        event.stop()
        if self.place is not None:
            self.post_message(self.PlaceActivated(self, self.place, event.node.key))

    def on_outline_unfolded(self, event: Outline.Unfolded) -> None:
        """Say which place was opened."""
        event.stop()
        self.post_message(self.PlaceUnfolded(self, event.node.data))  # type: ignore[arg-type]

    def on_outline_edge_reached(self, event: Outline.EdgeReached) -> None:
        """Pass it on as the pane's."""
        event.stop()
        self.post_message(self.EdgeReached(self, event.direction))
