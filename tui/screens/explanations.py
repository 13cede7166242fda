"""Why something keeps its bytes: the dialog that says it, kept true while it is open.

Loaded when that is first asked.
"""

from __future__ import annotations

from typing import Any, Protocol

from textual.app import App
from textual.message import Message

from tui import messages
from tui.model.engine_disk import LogSum, log_sum
from tui.model.holdings import Holdings
from tui.model.mark import Kind, Mark
from tui.model.why_kept import Kept, why_kept
from tui.present.links import Link, link_of_mark
from tui.present.naming import name_of_mark
from tui.screens.why_dialog import WhyDialog
from widgets.cell import Role


class Explained(Protocol):
    """The screen that is asked: what it knows and has marked, and the way to every row."""

    inventory: Any
    marks: Any
    sight: Any

    @property
    def app(self) -> App[Any]:
        """The app, for the dialog."""
        ...

    @property
    def holdings(self) -> Holdings:
        """Who holds which layers, as far as that has been read."""
        ...

    def say(self, sentence: str, role: Role = ...) -> None:
        """Say something until the next key."""
        ...

    def visit(self, link: Link) -> None:
        """Go to the row of an object."""
        ...

    def toggle_marks(self, chosen: tuple[Mark, ...]) -> None:
        """Mark or unmark these."""
        ...

    def post_message(self, message: Message) -> bool:
        """Pass a wish on."""
        ...


class Explanations:
    """Opens the dialog, and answers to it.

    Args:
        screen: knows the world, what is marked, and the way to every row.
    """

    def __init__(self, screen: Explained) -> None:
        self._screen = screen
        self._open: WhyDialog | None = None

    def show(self, mark: Mark) -> None:
        """Say what keeps the bytes of ``mark``."""
        screen = self._screen
        kept = self._kept(mark)
        if kept is None:
            screen.say("That object is no longer there.", Role.WARNING)
            return
        name = name_of_mark(mark, screen.inventory)
        self._open = WhyDialog(
            name,
            kept,
            screen.inventory,
            screen.marks,
            self._logs(mark),
            on_visit=self._visit,
            on_mark=screen.toggle_marks,
        )
        if mark.kind is Kind.CONTAINER:
            screen.post_message(messages.DiskSightRequested((mark.id,)))
        screen.app.push_screen(self._open)
        if screen.holdings.unread(screen.inventory):
            screen.post_message(messages.NeighboursRequested())

    def renew(self) -> None:
        """More is known, or something else is marked."""
        if self._open is None:
            return
        if not self._open.is_attached:
            self._open = None
            return
        kept = self._kept(self._open.kept.mark)
        if kept is None:
            self._open.leave()
            self._screen.say("That object is no longer there.", Role.WARNING)
        else:
            self._open.renew(kept, self._screen.inventory, self._screen.marks, self._logs(kept.mark))

    def _logs(self, mark: Mark) -> LogSum | None:
        """What a container's logs take; ``None`` of anything else, and before anybody has looked."""
        sight = self._screen.sight
        return log_sum(sight.engine, (mark.id,)) if mark.kind is Kind.CONTAINER and sight is not None else None

    def _kept(self, mark: Mark) -> Kept | None:
        screen = self._screen
        try:
            return why_kept(screen.inventory, screen.holdings, mark, screen.marks)
        except LookupError:
            return None

    def _visit(self, mark: Mark) -> None:
        link = link_of_mark(mark, self._screen.inventory)
        if link is not None:
            self._screen.visit(link)
        else:
            self._screen.say("That object is no longer there.", Role.WARNING)
