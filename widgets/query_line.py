"""A one-line question, such as a filter: what is typed is told at every key."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class QueryLine(Input):
    """A one-line input that appears when asked for and goes away with Enter or Escape.

    It tells by calls, not by messages: keys that are typed on, as a slow link delivers them in one piece,
    must find what the ones before have done. And it does not blink: an idle screen draws nothing.

    Args:
        placeholder: what it says while it is empty.
        on_text: called with the text at every change.
        on_end: called when it goes away, with whether the text is kept (Enter) or dropped (Escape).
    """

    DEFAULT_CSS = """
    QueryLine { display: none; height: 1; border: none; padding: 0 1; }
    QueryLine:focus { border: none; }
    QueryLine.-shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Clear", show=False),
        Binding("down", "submit", "To the list", show=False),
    ]

    def __init__(
        self, placeholder: str, on_text: Callable[[str], None], on_end: Callable[[bool], None], *, id: str | None = None
    ) -> None:
        super().__init__(placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._on_text = on_text
        self._on_end = on_end

    def ask(self) -> None:
        """Show it and take the keys."""
        self.add_class("-shown")
        # Not focus(), which waits its turn: the letters that follow may be here already.
        self.screen.set_focus(self)

    def watch_value(self, value: str) -> None:
        """Tell of every change."""
        self._on_text(value)

    async def action_submit(self) -> None:
        """Enter: keep the text and give the keys back."""
        self.remove_class("-shown")
        self._on_end(True)

    def action_cancel(self) -> None:
        """Escape: drop the text and give the keys back."""
        self.value = ""
        self.remove_class("-shown")
        self._on_end(False)
