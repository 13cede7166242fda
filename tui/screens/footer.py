"""The last line: the keys that apply right now, or what has just been said."""

from __future__ import annotations

from typing import Any

from tui.commands.catalogue import MAIN
from tui.commands.key_catalogue import KeyCatalogue
from tui.present.footer import Keys, fitting_keys
from widgets.cell import Cell, Role
from widgets.text_line import TextLine


class KeyFooter(TextLine):
    """Keys, until something is said; what is said stays until the next key.

    Args:
        catalogue: the commands of the screen it is the footer of.
    """

    def __init__(self, catalogue: KeyCatalogue[Any, Any] = MAIN) -> None:
        super().__init__(id="footer")
        self.catalogue = catalogue
        self.speaking = False
        self.typing_keys: Keys = (("Enter", "keep"), ("Esc", "clear"))
        """The keys that are not letters of what is being typed."""
        self._shown_keys: tuple[Keys, Keys] = ((), ())
        self._spare_keys: Keys = ()

    def say(self, sentence: str, role: Role) -> None:
        """Say something until :meth:`listen` is called."""
        self.speaking = True
        self.show((Cell(f" {sentence}", role),))

    def listen(self) -> None:
        """Stop speaking."""
        self.speaking = False

    def show_typing(self) -> None:
        """Show the keys that are not letters of what is being typed."""
        self._shown_keys, self._spare_keys = (self.typing_keys, ()), ()
        self._fit()

    def show_keys(self, situation: Any) -> None:
        """Show the keys that apply, unless something has just been said."""
        if not self.speaking:
            applicable = list(self.catalogue.applicable(situation))
            shown = [command for command in applicable if command.footer]
            keys = [(command.shown, command.label(situation)) for command in shown if not command.comes_and_goes]
            own = [(command.shown, command.label(situation)) for command in shown if command.comes_and_goes]
            self._shown_keys = keys, own
            self._spare_keys = [(one.shown, one.label(situation)) for one in applicable if one.footer_if_room]
            self._fit()

    def on_resize(self) -> None:
        """More room, or less."""
        if not self.speaking:
            self._fit()

    def _fit(self) -> None:
        if self.size.width:  # before it has been laid out nobody knows what fits
            self.show(*fitting_keys(*self._shown_keys, self.size.width, self._spare_keys))
