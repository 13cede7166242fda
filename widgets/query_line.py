"""A one-line question, such as a filter: what is typed is told at every key."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class QueryLine(Input):
    """A one-line input that appears when asked for and goes away with Enter or Escape.

    It does not blink: an idle screen draws nothing.
    """

    DEFAULT_CSS = """
    QueryLine { display: none; height: 1; border: none; padding: 0 1; }
    QueryLine:focus { border: none; }
    QueryLine.-shown { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Clear", show=False),
        Binding("down", "accept", "To the list", show=False),
    ]

    class Typed(Message):
        """The text has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Ended(Message):
        """Enter (``kept``) or Escape."""

        def __init__(self, text: str, *, kept: bool) -> None:
            super().__init__()
            self.text = text
            self.kept = kept

    def __init__(self, placeholder: str = "", *, id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def ask(self) -> None:
        """Show it and take the keys."""
        self.add_class("-shown")
        # Not focus(), which waits its turn: the letters that follow may be here already.
        self.screen.set_focus(self)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass it on under our own name."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: keep the text."""
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        """Keep the text and give the keys back."""
        self.remove_class("-shown")
        self.post_message(self.Ended(self.value, kept=True))

    def action_cancel(self) -> None:
        """Drop the text and give the keys back."""
        self.value = ""
        self.remove_class("-shown")
        self.post_message(self.Ended("", kept=False))
