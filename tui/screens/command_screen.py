"""A screen whose keys are commands, and the last line that shows them: the main one, and those laid over it."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui import messages
from tui.commands.key_catalogue import KeyCatalogue
from tui.screens.footer import KeyFooter
from widgets.cell import Role

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def key_bindings(catalogue: KeyCatalogue[Any, Any]) -> list[BindingType]:
    """What makes a screen run its commands: for its ``BINDINGS``."""
    return [Binding(key, f"command('{key}')", show=False, system=True) for key in catalogue.every_key()]


class CommandScreen(Screen[None]):
    """Runs commands and shows their keys. Subclasses set ``CATALOGUE`` and ``BINDINGS``, and are the commands' desk."""

    CATALOGUE: ClassVar[KeyCatalogue[Any, Any]]
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.footer = KeyFooter(self.CATALOGUE)

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
        elif sentence := self.CATALOGUE.why_nothing(key, situation):
            self.say(sentence)

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

    # -- what every screen can do -----------------------------------------------------------------

    def copy(self, text: str) -> None:
        """Put ``text`` on the terminal's clipboard and say so."""
        # Half a character can't be sent to any terminal: such are left of names that are no UTF-8.
        whole = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
        if text:
            self.app.copy_to_clipboard(whole)
            how = "" if whole == text else " (with \N{REPLACEMENT CHARACTER} for what is no UTF-8)"
            self.say(f"Copied{how} {text}", Role.GOOD if whole == text else Role.WARNING)
        else:
            self.say("There is nothing to copy here.")

    def show_palette(self) -> None:
        """Show the palette of commands."""
        self.app.action_command_palette()

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
        self.post_message(messages.QuitRequested())
