"""The Changes tab: what a container wrote to its own layer, as a tree; sizes are asked for as rows come into view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.timer import Timer

from tui import messages
from tui.model.container import Container, ContainerDetail, all_mounts
from tui.model.storage import Change, ChangeKind, PathStat
from tui.panes.lookups import OriginOf
from tui.present.changes import (
    OPEN_ALL,
    ChangedPath,
    ChangeTree,
    change_row,
    change_sections,
    counts_line,
    empty_words,
)
from widgets.cell import Cell, Role, RowText
from widgets.fact_sheet import FactSheet
from widgets.node import Node
from widgets.outline import Outline
from widgets.text_line import TextLine

REST = 0.06
"""Seconds the cursor has to stay on a container before its changes are asked for."""


class ChangesView(Vertical):
    """Counts, the tree, and everything about the row under the cursor.

    It says with :class:`messages.ChangesFollowed` whose changes are on the screen, and with
    :class:`messages.PathsRequested` which paths are in view and not known; answers come by :meth:`take_changes`
    and :meth:`take_paths`.

    Args:
        origin_of: which layer a path was copied up from.
    """

    DEFAULT_CSS = """
    ChangesView > Outline { height: 3fr; }
    ChangesView > FactSheet { height: 2fr; min-height: 4; }
    ChangesView > #changed-path { color: $rule; }
    """

    def __init__(self, origin_of: OriginOf) -> None:
        super().__init__(id="changes-view")
        self.origin_of = origin_of
        self.container: Container | None = None
        self.changes: tuple[Change, ...] | None = None
        """``None`` until they have been read."""
        self.problem = ""
        """Why they could not be read; empty when they could."""
        self.stats: dict[str, PathStat | None] = {}
        """What is known of paths, also from before the last reading, until it is asked for again."""
        self._fresh: set[str] = set()
        """Paths of which that was told after the last reading."""
        self._asked: frozenset[str] = frozenset()
        """Paths last asked for."""
        self._asking = False
        """True when it will be looked, once the frame is done, which paths are to be asked for."""
        self._resting = False
        self.stale = False
        """True while the engine can't be reached."""
        self._counts: Counter[ChangeKind] = Counter()
        self._open_all = False
        self._mounts: frozenset[str] = frozenset()
        self._followed = ("", False)
        self._timer: Timer | None = None
        self.summary = TextLine()
        self.outline = Outline(self._describe)
        self.title = TextLine(fill="─", id="changed-path")
        self.facts = FactSheet()

    def compose(self) -> ComposeResult:
        """Counts above, tree, facts below."""
        yield self.summary
        yield self.outline
        yield self.title
        yield self.facts

    def on_mount(self) -> None:
        """Under another screen nothing can be seen of it; a dialog leaves it in sight."""
        self.app.screen_change_signal.subscribe(self, self._screen_changed)

    def _screen_changed(self, screen: Screen[object]) -> None:
        if screen is not self.screen and not isinstance(screen, ModalScreen):
            self.leave()
        elif self.display:
            self._follow()

    # -- whose changes ----------------------------------------------------------------------------

    def show(self, container: Container, detail: ContainerDetail | None) -> None:
        """Show a container's changes, and have them followed once the cursor rests.

        ``detail`` tells of mounts that the list leaves out; ``None`` while it has not been read.
        """
        if self.container is None or container.id != self.container.id:
            self.changes, self.problem, self.stats = None, "", {}
            self._forget_answers()
            self.container = container
            self._rebuild()
        self.container = container
        mounts = frozenset(
            mount.destination.strip("/") for mount in (container.mounts if detail is None else all_mounts(detail))
        )
        if mounts != self._mounts:
            self._mounts = mounts
            self.outline.refresh()
        self._say_state()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REST, self._follow)

    def _follow(self) -> None:
        if self.container is not None:
            self._say_followed((self.container.id, self.container.state == "running"))

    def leave(self) -> None:
        """The tab is no longer shown: nobody need read anything for it."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._say_followed(("", False))

    def _say_followed(self, followed: tuple[str, bool]) -> None:
        if followed != self._followed:
            self._followed = followed
            self.post_message(messages.ChangesFollowed(*followed))

    # -- answers ----------------------------------------------------------------------------------

    def take_changes(self, container_id: str, changes: tuple[Change, ...] | None, problem: str = "") -> None:
        """The engine has been asked: its answer, or why there is none."""
        if self.container is None or container_id != self.container.id:
            return
        same = changes == self.changes and problem == self.problem
        first = self.changes is None and changes is not None
        self._forget_answers()
        self.problem = problem
        if changes is not None:
            self.changes = changes
        if first:
            # Once only: folders must not fall shut when one more change comes in.
            self._open_all = len(changes or ()) <= OPEN_ALL
        if same:
            # Sizes may have grown all the same: drawing asks for those that can be seen.
            self.outline.refresh()
        else:
            self._rebuild()
        self._say_state()
        self._show_facts()

    def take_paths(self, container_id: str, stats: Mapping[str, PathStat | None]) -> None:
        """What is at some paths (``None``: nothing)."""
        if self.container is None or container_id != self.container.id:
            return
        self.stats.update(stats)
        self._fresh.update(stats)
        self.outline.refresh()
        node = self.outline.node
        if node is not None and node.key in stats:
            self._show_facts()

    def take_rest(self, container_id: str) -> None:
        """Nobody has pressed a key for long: the changes are not read any more until somebody does."""
        if self.container is not None and container_id == self.container.id:
            self._resting = True
            self._say_state()

    def set_stale(self, stale: bool) -> None:
        """The engine can't be reached any more, or again."""
        if stale != self.stale:
            self.stale = stale
            self._say_state()
            if not stale and self._followed[0]:  # whoever follows may have given up meanwhile
                self._followed = ("", False)
                # From its own queue: what is posted while the screen tells of the link goes no further than to it.
                self.call_later(self._follow)

    def set_exact(self, exact: bool) -> None:
        """Exact figures, or readable ones."""
        self.facts.set_exact(exact)

    def _rebuild(self) -> None:
        tree = ChangeTree(self.changes or (), open_all=self._open_all)
        self.outline.empty = empty_words(self.changes, self.problem)
        self.outline.replace(tree.nodes(), memory=self.container.id if self.container else "")
        self._counts = tree.counts
        self._say_state()
        self._show_facts()

    def _say_state(self) -> None:
        """Counts on the left; on the right whether the picture moves."""
        live = self.container is not None and self.container.state == "running"
        words = "rests until a key is pressed" if self._resting else "live" if live else "r reads again"
        state = Cell(f"{words} ", Role.MUTED)
        if self.problem and self.changes:
            state = Cell(f"{self.problem} ", Role.BAD)
        if self.stale:  # the header says why
            state = Cell("as it was: connection lost ", Role.WARNING)
        counts = counts_line(self._counts)
        room = self.summary.size.width - sum(cell_len(cell.text) for cell in (*counts, state))
        self.summary.show(counts if room > 0 else counts_line(self._counts, brief=True), (state,))

    def on_resize(self) -> None:
        """More room for words, or less."""
        self.call_after_refresh(self._say_state)  # the line inside learns of its new width only now

    # -- rows -------------------------------------------------------------------------------------

    def _describe(self, node: Node) -> RowText:
        changed = node.data
        if not isinstance(changed, ChangedPath):
            return RowText(())
        mount = changed.path in self._mounts
        if changed.has_size and not mount:
            self._want(changed.path)
        path = changed.path
        return change_row(changed, self.stats.get(path), self._origin(changed), known=path in self.stats, mount=mount)

    def _origin(self, changed: ChangedPath) -> str | None:
        if changed.kind not in {ChangeKind.MODIFIED, ChangeKind.DELETED} or self.container is None:
            return None
        return self.origin_of(self.container.image_id, changed.path)

    def _want(self, path: str) -> None:
        """A path is drawn of which nothing new is known: ask once the frame is done, with the others in view."""
        if path not in self._fresh and path not in self._asked and not self._asking:
            self._asking = True
            # Not `call_after_refresh`: asked for by a row that is drawn, it would run as the screen, and a message
            # whose sender is the screen goes no further up than to it.
            self.call_later(self._ask)

    def _ask(self) -> None:
        """Ask for what can be seen and is not known, in one message; it takes the place of what was asked before."""
        self._asking = False
        outline, top = self.outline, self.outline.scroll_offset.y
        rows = outline.rows[top : top + outline.scrollable_content_region.height]
        seen = [row.node.data for row in rows]
        paths = [data.path for data in seen if isinstance(data, ChangedPath) and data.has_size]
        here = outline.node.data if outline.node is not None else None
        if isinstance(here, ChangedPath) and here.kind in {ChangeKind.ADDED, ChangeKind.MODIFIED}:
            paths.insert(0, here.path)
        wanted = [path for path in dict.fromkeys(paths) if path not in self._fresh and path not in self._mounts]
        if self.container is not None and not self._asked.issuperset(wanted):
            self._asked = frozenset(wanted)
            self.post_message(messages.PathsRequested(self.container.id, tuple(wanted)))

    def _forget_answers(self) -> None:
        self._fresh.clear()
        self._asked = frozenset()
        self._resting = False

    def on_outline_highlighted(self, event: Outline.Highlighted) -> None:
        """Show the facts of that row."""
        event.stop()
        self._show_facts()

    def on_outline_activated(self, event: Outline.Activated) -> None:
        """Enter opens and closes a folder."""
        event.stop()
        self.outline.set_open(event.node, not self.outline.is_open(event.node))

    def _show_facts(self) -> None:
        node = self.outline.node
        changed = node.data if node is not None else None
        if not isinstance(changed, ChangedPath):
            self.facts.show("", ())
            self.title.show(())
            return
        path, mount = changed.path, changed.path in self._mounts
        if changed.kind is not None and changed.kind is not ChangeKind.DELETED and not mount:
            self._want(path)
        known = path in self.stats
        sections = change_sections(changed, self.stats.get(path), self._origin(changed), known=known, mount=mount)
        self.facts.show(path, sections)
        self.title.show((Cell("─ ", Role.MUTED), Cell(f"/{path} ", Role.MUTED)))
