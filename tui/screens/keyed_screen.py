"""A screen whose keys are commands: they run from its catalogue, and the footer and the help are made of it."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui import messages
from tui.commands.key_catalogue import KeyCatalogue
from tui.screens.footer import KeyFooter
from widgets.cell import Role


def key_bindings(catalogue: KeyCatalogue[Any, Any]) -> list[BindingType]:
    """What makes a screen run its commands: for its ``BINDINGS``."""
    return [Binding(key, f"command('{key}')", show=False, system=True) for key in catalogue.every_key()]


class KeyedScreen(Screen[None]):
    """A screen over the main one. Subclasses set ``CATALOGUE`` and ``BINDINGS``, and are the desk of its commands."""

    CATALOGUE: ClassVar[KeyCatalogue[Any, Any]]
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.footer = KeyFooter(self.CATALOGUE)
        self._gone = False

    @property
    def situation(self) -> Any:
        """Everything that which commands apply hangs on."""
        raise NotImplementedError

    def action_command(self, key: str) -> None:
        """Run the command that ``key`` stands for here."""
        situation = self.situation
        command = self.CATALOGUE.command_for(key, situation)
        if command is not None:
            command.run(self, situation)

    # -- the footer -------------------------------------------------------------------------------

    def say(self, sentence: str, role: Role = Role.NORMAL) -> None:
        """Say something in the footer until the next key."""
        self.footer.say(sentence, role)

    def show_keys(self) -> None:
        """Show the keys that apply now."""
        if self.is_attached and not self.footer.speaking:
            if self.query("QueryLine:focus"):
                self.footer.show_typing()
            else:
                self.footer.show_keys(self.situation)

    def listen_again(self) -> None:
        """Drop what was said and show the keys."""
        if self.footer.speaking:
            self.footer.listen()
            self.show_keys()

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Which keys apply may hang on where they go."""
        self.show_keys()

    # -- what every such screen can do ------------------------------------------------------------

    def go_back(self) -> None:
        """Return to the screen below, once: the key may have been pressed twice."""
        if not self._gone:
            self._gone = True
            self.dismiss(None)

    def copy(self, text: str) -> None:
        """Put ``text`` on the terminal's clipboard and say so."""
        if text:
            self.app.copy_to_clipboard(text)
            self.say(f"Copied {text}", Role.GOOD)
        else:
            self.say("There is nothing to copy here.")

    def show_help(self) -> None:
        """Show all keys."""
        from tui.screens.help_dialog import HelpDialog  # noqa: PLC0415 - most never ask

        self.app.push_screen(HelpDialog(self.CATALOGUE))

    def next_theme(self) -> None:
        """The next theme."""
        self.post_message(messages.ThemeRequested())

    def refresh_world(self) -> None:
        """Read everything again."""
        self.post_message(messages.RefreshRequested())

    def redraw(self) -> None:
        """Draw the whole screen again."""
        self.post_message(messages.RedrawRequested())

    def leave(self) -> None:
        """Quit."""
        self.app.exit()
