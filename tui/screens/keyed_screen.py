"""A screen that is laid over the main one."""

from __future__ import annotations

from textual import events

from tui.screens.command_screen import CommandScreen, key_bindings

__all__ = ["KeyedScreen", "key_bindings"]


class KeyedScreen(CommandScreen):
    """A screen over the main one. Subclasses set ``CATALOGUE`` and ``BINDINGS``, and are the desk of its commands."""

    def __init__(self) -> None:
        super().__init__()
        self._gone = False

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Which keys apply may hang on where they go."""
        self.show_keys()

    def go_back(self) -> None:
        """Return to the screen below, once: the key may have been pressed twice."""
        if not self._gone:
            self._gone = True
            self.dismiss(None)

    @property
    def read_only(self) -> bool:
        """True when changing is out of the question."""
        return False

    def show_help(self) -> None:
        """Show all keys."""
        from tui.screens.help_dialog import HelpDialog  # noqa: PLC0415 - most never ask

        self.app.push_screen(HelpDialog(self.CATALOGUE, read_only=self.read_only))
